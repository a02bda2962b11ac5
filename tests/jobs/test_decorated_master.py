"""What staff put into the master stands there after a consolidation, part by part, cell by cell."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.jobs.decorating import (
    OWN_SHEET,
    Parts,
    decorate,
    elements_after_data,
    read_parts,
    sheet_part,
    split_sheet,
)
from tests.jobs.test_consolidate import filled, run
from tests.libreoffice import Office

__all__ = ["filled"]

SHEET = "一、组织领导"
_CELL = re.compile(r'<c r="([A-Z]+)(\d+)"[^>]*?(?:/>|>.*?</c>)', re.DOTALL)
_TABLE = re.compile("[A-O]")
"""The columns of an area sheet's table."""


@pytest.fixture
def decorated(filled: Path) -> tuple[Path, Parts, Parts]:
    """A filled workspace's decorated master before and after a consolidation."""
    master = filled / "台账-2019Q3.xlsx"
    decorate(master, SHEET)
    before = read_parts(master)
    assert run(filled).clean
    return master, before, read_parts(master)


def own_cells(xml: str, total: str) -> dict[str, str]:
    """Staff's cells: right of the table, and in their row of sums."""
    return {
        column + row: match[0]
        for match in _CELL.finditer(split_sheet(xml)[1])
        for column, row in [match.groups()]
        if row == total or not _TABLE.fullmatch(column)
    }


def test_parts_that_are_not_the_tools_are_the_same_bytes(
    decorated: tuple[Path, Parts, Parts],
) -> None:
    _, before, after = decorated
    ours = {"xl/workbook.xml"} | {
        sheet_part(before, name)
        for name in re.findall(r'<sheet name="([^"]+)"', before["xl/workbook.xml"].decode())
        if name != OWN_SHEET
    }
    assert list(after) == list(before)
    changed = {name for name in before if before[name] != after[name]}
    assert changed <= ours
    kept = set(before) - changed
    for kind in ("drawing9", "chart9", "comments9", "table9", "image9", "vmlDrawing9", "thread"):
        assert any(kind in name for name in kept), kind


def test_a_sheet_that_is_rewritten_keeps_all_that_stands_around_the_values(
    decorated: tuple[Path, Parts, Parts],
) -> None:
    _, before, after = decorated
    part = sheet_part(before, SHEET)
    old, new = before[part].decode(), after[part].decode()
    assert split_sheet(new)[0] == split_sheet(old)[0]
    was, now = (elements_after_data(split_sheet(xml)[2]) for xml in (old, new))
    assert now == was and {"extLst", "drawing", "legacyDrawingHF", "tableParts"} <= set(was)
    total = max(re.findall(r'<row [^>]*?r="(\d+)"', old), key=int)
    cells = own_cells(old, total)
    assert len(cells) == 4 and own_cells(new, total) == cells
    assert re.findall(rf'<row [^>]*?r="{total}"[^>]*>', new) == re.findall(
        rf'<row [^>]*?r="{total}"[^>]*>', old
    )


def test_the_workbook_part_changes_only_in_what_asks_for_calculation(
    decorated: tuple[Path, Parts, Parts],
) -> None:
    _, before, after = decorated
    calculation = re.compile(r"<calcPr[^>]*/>")
    old, new = (calculation.sub("", p["xl/workbook.xml"].decode()) for p in (before, after))
    assert new == old and "办公室" in new


def test_libreoffice_shows_the_decorations_and_the_values(
    decorated: tuple[Path, Parts, Parts], office: Office
) -> None:
    master, _, _ = decorated
    with office.open(master) as book:
        assert OWN_SHEET in book.sheet_names
        rows = book.values(SHEET)
    header = next(row for row in rows if "指标编号" in row)
    value, status = header.index("完成值"), header.index("状态")
    filled_in = [row for row in rows if row[header.index("指标编号")] == "1.1"]
    assert {(row[value], row[status]) for row in filled_in} == {(3.0, "达标")}
    assert [row[18] for row in rows if len(row) > 18 and row[18] != ""] == [7.0, 14.0, 21.0]
