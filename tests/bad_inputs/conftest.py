"""The door through which received files go, with readers and a round that all tests share."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.jobs.filling import GOOD, fill
from tests.receiving import UNIT, Door
from xl_fzzf.desk.master import open_master
from xl_fzzf.desk.readers import Readers
from xl_fzzf.model.round import Round


@pytest.fixture(scope="session")
def _readers() -> Iterator[Readers]:
    with Readers() as readers:
        yield readers


@pytest.fixture(scope="session")
def _round(_distributed: Path) -> Round:
    return open_master(_distributed / "台账-2019Q3.xlsx", writing=False).round


@pytest.fixture(scope="session")
def good(_distributed: Path, tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A return as it should be."""
    target = tmp_path_factory.mktemp("好") / f"{UNIT}.xlsx"
    return fill(_distributed / "分发/2019Q3" / target.name, target, GOOD).read_bytes()


@pytest.fixture
def door(_readers: Readers, _round: Round, tmp_path: Path) -> Door:
    """What becomes of a received file."""
    return Door(_readers, _round, tmp_path)
