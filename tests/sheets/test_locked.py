"""What a clerk's keyboard reaches: the yellow cells and nothing else, and what is told where an entry is refused."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path
from typing import Any

import openpyxl

from tests.conftest import AS_OF
from xl_fzzf.sheets.styles import YELLOW


def test_only_yellow_cells_are_unlocked(workspace: Path) -> None:
    book: Any = openpyxl.load_workbook(workspace / "分发/2019Q3/区司法局.xlsx")
    unlocked = 0
    for sheet in book:
        assert sheet.protection.sheet, sheet.title
        if sheet.sheet_state != "visible":
            continue
        for cell in (cell for row in sheet.iter_rows() for cell in row):
            if not cell.protection.locked:
                assert cell.fill.fgColor.rgb == f"FF{YELLOW[1:]}", (sheet.title, cell.coordinate)
                unlocked += 1
        first = [c.coordinate for row in sheet.iter_rows(max_row=3) for c in row
                 if not c.protection.locked]  # fmt: skip
        assert not first, "the legend is no entry"
    assert unlocked > 30
    area = book["一、组织领导"]
    assert {area[cell].protection.locked for cell in ("G4", "H4")} == {True}, "grey cells"


def test_every_refusal_has_a_title(workspace: Path) -> None:
    with zipfile.ZipFile(workspace / "分发/2019Q3/区司法局.xlsx") as package:
        parts = [name for name in package.namelist() if name.startswith("xl/worksheets/sheet")]
        rules = [r for name in parts
                 for r in re.findall("<dataValidation .*?>", package.read(name).decode())]  # fmt: skip
    assert len(rules) > 8
    for rule in rules:
        title, prompt = re.search('errorTitle="([^"]+)"', rule), re.search('prompt="([^"]+)"', rule)
        assert title and prompt and len(title[1]) <= 32


def test_the_properties_say_who_made_a_return_and_when(workspace: Path) -> None:
    for path in (workspace / "分发/2019Q3/区司法局.xlsx", workspace / "台账-2019Q3.xlsx"):
        properties = openpyxl.load_workbook(path).properties
        assert properties.creator == "区司法局" and properties.language == "zh-CN"
        assert properties.title and properties.created == properties.modified
        assert str(properties.created)[:10] == str(AS_OF)
