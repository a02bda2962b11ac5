"""The verdict on every file of the corpus is pinned: a change, for better or worse, is a decision."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.make_received import FOLDER, VERDICTS, read_verdicts
from xl_fzzf.desk.master import open_master
from xl_fzzf.desk.readers import Readers

PINNED: dict[str, object] = json.loads(VERDICTS.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def verdicts(_distributed: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, object]:
    round_ = open_master(_distributed / "台账-2019Q3.xlsx", writing=False).round
    with Readers() as readers:
        return read_verdicts(round_, readers, tmp_path_factory.mktemp("收到"))


@pytest.mark.parametrize("file", sorted(path.name for path in FOLDER.iterdir()))
def test_the_verdict_is_as_it_was(verdicts: dict[str, object], file: str) -> None:
    assert verdicts[file] == PINNED.get(file)


def test_no_pinned_file_is_missing(verdicts: dict[str, object]) -> None:
    assert set(PINNED) == set(verdicts)
