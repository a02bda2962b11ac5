"""Returns that staff sorted, filtered, moved about or saved in other formats are read right."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import AS_OF
from tests.jobs.filling import GOOD, fill
from tests.libreoffice import Office, Workbook
from xl_fzzf.jobs.check import check_files

SHEET = "一、组织领导"
UNIT = "区司法局"


def _sort(book: Workbook) -> None:
    book.sort(SHEET, "A4:O6", 2, descending=True)


def _insert_rows(book: Workbook) -> None:
    book.insert_rows(SHEET, 5, 3)
    book.insert_rows(SHEET, 2, 2)
    book.type(SHEET, {"A2": "各位同事:请先看说明"})


def _insert_columns(book: Workbook) -> None:
    book.insert_columns(SHEET, "A", 1)
    book.insert_columns(SHEET, "J", 2)
    book.type(SHEET, {"A4": "我们的备注"})


def _move_rows(book: Workbook) -> None:
    book.move_range(SHEET, "A4:O4", "A30")


def _hide_rows(book: Workbook) -> None:
    book.set_hidden(SHEET, [4, 5])


def _move_sheets(book: Workbook) -> None:
    book.move_sheet(SHEET, 0)


def _alias(book: Workbook) -> None:
    book.insert_rows(SHEET, 30, 1)  # unprotects the sheet, as staff would
    book.type(SHEET, {"A4": "司法局", "A5": " 区 司法局", "A6": None})


def _notes_below(book: Workbook) -> None:
    book.insert_rows(SHEET, 30, 1)
    book.type(SHEET, {"A20": "合计", "I20": 3, "D22": "填表人:张三(签字)"})


def _nothing(_: Workbook) -> None:
    pass


CHANGES = [
    _sort,
    _insert_rows,
    _insert_columns,
    _move_rows,
    _hide_rows,
    _move_sheets,
    _alias,
    _notes_below,
    _nothing,
]


@pytest.mark.parametrize("suffix", [".xlsx", ".xls", ".ods"])
@pytest.mark.parametrize("change", CHANGES)
def test_a_return_that_was_moved_about_says_the_same(
    workspace: Path, office: Office, change: Callable[[Workbook], None], suffix: str
) -> None:
    filled = fill(workspace / "分发/2019Q3" / f"{UNIT}.xlsx", workspace / "填好.xlsx", GOOD)
    saved = workspace / "报送/2019Q3" / f"{UNIT}{suffix}"
    with office.open(filled) as book:
        change(book)
        book.save_as(saved)
    (before,) = check_files([filled], None, workspace, AS_OF, False)
    (after,) = check_files([saved], None, workspace, AS_OF, False)
    told = {"format"} if suffix != ".xlsx" else set()
    by_change = {_hide_rows.__name__: {"hidden"}, _notes_below.__name__: {"total-row"}}
    told |= by_change.get(change.__name__, set())
    assert {finding.rule for finding in after.findings} == told and not before.findings
    assert after.clean
    said = {a.record.indicator: (a.status, a.judgement.value) for a in before.assessments}
    assert {a.record.indicator: (a.status, a.judgement.value) for a in after.assessments} == said
    assert len(said) == 6


def test_a_deleted_row_and_a_renamed_header_are_found_where_they_are(
    workspace: Path, office: Office
) -> None:
    filled = fill(workspace / "分发/2019Q3" / f"{UNIT}.xlsx", workspace / "填好.xlsx", GOOD)
    with office.open(filled) as book:
        book.delete_rows(SHEET, 5, 1)
        book.type(SHEET, {"M3": "材料"})
        book.save_as(workspace / "改坏.xlsx")
    (result,) = check_files([workspace / "改坏.xlsx"], None, workspace, AS_OF, False)
    found = {(f.rule, f.sheet, f.indicator) for f in result.findings}
    assert ("missing-row", SHEET, "1.2") in found
    assert ("headers", SHEET, "") in found
