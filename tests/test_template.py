"""The committed template is what the sources build."""

from __future__ import annotations

import sys
from pathlib import Path
from zipfile import ZipFile

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT / "workbooks"))

from build import TEMPLATE, build  # noqa: E402


def test_the_committed_template_is_what_the_sources_build(tmp_path: Path) -> None:
    build(tmp_path / "template.xlsx")
    with ZipFile(TEMPLATE) as committed, ZipFile(tmp_path / "template.xlsx") as built:
        assert committed.namelist() == built.namelist()
        differing = [n for n in built.namelist() if committed.read(n) != built.read(n)]
    assert not differing, "run `make template` and commit workbooks/template.xlsx"
