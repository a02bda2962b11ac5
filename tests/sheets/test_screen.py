"""What stands on a screen of 1366 × 768, and that what is shown leads to where it says."""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tests.conftest import AS_OF
from tests.jobs.filling import GOOD, fill
from xl_fzzf.jobs.check import check_files
from xl_fzzf.jobs.consolidate import consolidate
from xl_fzzf.model.finding import Severity
from xl_fzzf.model.record import ENTRY_LABELS
from xl_fzzf.sheets.spec import FINDINGS, GUIDE, OVERVIEW, UNMET

AREA = "一、组织领导"
WIDE, HIGH = 1267, 567
"""The cells' pixels in a LibreOffice window on that screen, beside the sidebar's tabs and all bars."""

DIGIT = 0.556 * 11 * 96 / 72
"""The pixels of a digit of the font that columns are measured in."""

LINK = re.compile(r"""=HYPERLINK\("#'([^']+)'!([A-Z]+[0-9]+)","([^"]*)"\)""")


def opened(path: Path) -> Any:
    return openpyxl.load_workbook(path)


def pixels(sheet: Any, columns: list[str], zoom: float) -> float:
    return sum(float(sheet.column_dimensions[c].width) for c in columns) * DIGIT * zoom


def shown(sheet: Any) -> dict[str, str]:
    """The letters of the columns that are seen, by header."""
    groups = (d for d in sheet.column_dimensions.values() if d.hidden)
    hidden = {n for group in groups for n in range(group.min, group.max + 1)}
    return {c.value: c.column_letter for c in sheet[3] if c.value and c.column not in hidden}


@pytest.fixture(scope="module")
def filled(_distributed: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A round in which one unit wrote at length and another made mistakes, consolidated."""
    import shutil

    folder = tmp_path_factory.mktemp("屏") / "测试 区"
    shutil.copytree(_distributed, folder)
    long = GOOD | {"1.1": {"value": 1, "narrative": "已经召开会议研究。" * 60}}
    wrong = GOOD | {"1.1": {"value": "三次"}, "2.1": {"numerator": 9, "denominator": 4}}
    for name, entries in (("区司法局", long), ("区财政局", wrong)):
        fill(folder / f"分发/2019Q3/{name}.xlsx", folder / f"报送/2019Q3/{name}.xlsx", entries)
    consolidate(folder / "台账-2019Q3.xlsx", None, AS_OF, datetime(2019, 10, 1, 9))
    return folder


def test_a_master_opens_on_the_overview_and_a_return_on_how_to_fill_it_in(filled: Path) -> None:
    assert opened(filled / "台账-2019Q3.xlsx").active.title == OVERVIEW
    assert opened(filled / "分发/2019Q3/区司法局.xlsx").active.title == GUIDE


def test_a_dozen_records_of_a_master_are_seen_whole_up_to_their_hint(filled: Path) -> None:
    sheet = opened(filled / "台账-2019Q3.xlsx")[AREA]
    zoom = sheet.sheet_view.zoomScale / 100
    assert zoom >= 0.85
    heights = [sheet.row_dimensions[row].height for row in range(1, 5)]
    rows = [*heights[:3], *[heights[3]] * 12]
    assert sum(rows) * 96 / 72 * zoom <= HIGH
    headers = list(shown(sheet))
    near = headers[: headers.index("校验提示") + 1]
    assert near[-3:] == ["完成值", "状态", "校验提示"]
    assert pixels(sheet, [shown(sheet)[header] for header in near], zoom) < 0.75 * WIDE


def test_a_return_shows_all_that_is_filled_in_beside_status_and_hint(filled: Path) -> None:
    sheet = opened(filled / "分发/2019Q3/区司法局.xlsx")[AREA]
    seen = shown(sheet)
    assert not {"单位", "任务"} & set(seen)
    assert {*ENTRY_LABELS.values(), "状态", "校验提示"} < set(seen)
    assert pixels(sheet, list(seen.values()), sheet.sheet_view.zoomScale / 100) <= WIDE
    assert sheet["C1"].value == AREA, "the title is not in a hidden column"


def test_long_answers_set_no_height(filled: Path) -> None:
    sheet = opened(filled / "台账-2019Q3.xlsx")[AREA]
    rows = [sheet.row_dimensions[cell.row] for cell in sheet["A"][3:] if cell.value]
    assert len(rows) > 8 and {(row.height, row.customHeight) for row in rows} == {(34, True)}
    own = opened(filled / "报送/2019Q3/区司法局.xlsx")[AREA]
    assert len(own["L4"].value) > 500 and own.row_dimensions[4].height < 110


def test_the_names_of_areas_are_not_cut(filled: Path) -> None:
    sheet = opened(filled / "台账-2019Q3.xlsx")[OVERVIEW]
    room = sheet.column_dimensions["A"].width
    names = [c for c in sheet["A"][8:11] if c.value and c.value.startswith("=HYPERLINK")]
    assert names
    for cell in names:
        found = LINK.match(cell.value)
        assert found
        lines = -(-2 * len(found[3]) // (room - 2))
        assert sheet.row_dimensions[cell.row].height >= 16 * lines
    assert 2 * len("四、推进行政决策科学化、民主化、法治化") <= room, "in one line"


def test_a_place_leads_to_the_very_cell_that_it_names(filled: Path) -> None:
    book = opened(filled / "台账-2019Q3.xlsx")
    lines = [{h.value: c.value for h, c in zip(book[FINDINGS][3], row, strict=True)}
             for row in book[FINDINGS].iter_rows(min_row=4)]  # fmt: skip
    typed = {(line["填报内容"], line["出处"]): line["定位"] for line in lines if line["定位"]}
    sheet, cell, words = LINK.match(typed["三次", f"{AREA}!I4"]).groups()  # type: ignore[union-attr]
    assert words == f"{sheet}!{cell}" and book[sheet][cell].value == "三次"
    for line in book[UNMET].iter_rows(min_row=4):
        found = LINK.match(str(line[11].value))
        if found:
            assert found[3] == f"{found[1]}!{found[2]}"


def test_a_place_in_an_annotated_copy_is_the_entry_at_fault(filled: Path) -> None:
    (result,) = check_files([filled / "报送/2019Q3/区财政局.xlsx"], None, filled, AS_OF, True)
    assert result.copy
    book = opened(result.copy)
    places = [LINK.match(str(row[2].value)) for row in book[FINDINGS].iter_rows(min_row=4)]
    cells = {(found[1], found[2]) for found in places if found}
    errors = [f for f in result.findings if f.severity is Severity.ERROR]
    assert errors and {(f.sheet, f.cell) for f in errors} <= cells


def test_cells_that_are_not_used_stay_grey_where_a_record_is_invalid(filled: Path) -> None:
    """The conditional format asks each cell whether anything stands in it."""
    sheet = opened(filled / "台账-2019Q3.xlsx")[AREA]
    formulas = [
        (str(area.sqref), rule.formula[0])
        for area in sheet.conditional_formatting
        for rule in area.rules
        if rule.formula and "有误" in rule.formula[0] and rule.type == "expression"
    ]
    assert formulas == [("G4:I20000", 'AND($J4="有误",NOT(ISBLANK(G4)))')]


def test_the_overview_of_a_return_is_seen_with_what_is_missing_next(filled: Path) -> None:
    sheet = opened(filled / "分发/2019Q3/区司法局.xlsx")[OVERVIEW]
    letters = [cell.column_letter for cell in sheet[8] if cell.value]
    assert sheet[f"{letters[-1]}8"].value == "下一项待填"
    widths = [d for d in sheet.column_dimensions.values() if d.width]
    total = sum(float(d.width) * (min(d.max, len(letters)) - d.min + 1) for d in widths)
    assert total * DIGIT * sheet.sheet_view.zoomScale / 100 <= WIDE
