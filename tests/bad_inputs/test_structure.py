"""BAD_INPUTS 41, 42, 44 to 51, 53: sheets, headers and rows that staff changed, through a real run."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from tests.conftest import AS_OF
from tests.jobs.filling import GOOD, fill
from tests.jobs.test_consolidate import received
from xl_fzzf.jobs.consolidate import Consolidation, consolidate
from xl_fzzf.model.finding import Finding
from xl_fzzf.model.record import blank
from xl_fzzf.model.submission import Verdict

AREA = "一、组织领导"
NEXT = "二、依法行政"
ROWS = {"1.1": 4, "1.2": 5, "1.3": 6}
Change = Callable[[Workbook], None]


@pytest.fixture
def send(workspace: Path) -> Callable[[Change], Consolidation]:
    """Fill in a good return, let somebody change it in their program, and consolidate."""

    def run(change: Change) -> Consolidation:
        blank = workspace / "分发" / "2019Q3" / "区司法局.xlsx"
        target = fill(blank, workspace / "报送" / "2019Q3" / "区司法局.xlsx", GOOD)
        book = openpyxl.load_workbook(target)
        for sheet in book.worksheets:
            sheet.protection.sheet = False
        change(book)
        # openpyxl drops the results of formulas; Excel and WPS would store the rate
        for sheet in book.worksheets:
            for row in sheet.iter_rows():
                for cell in row:
                    if cell.data_type == "f" and "IFERROR" in str(cell.value):
                        cell.value = None
        book.save(target)
        received(target, 20)
        return consolidate(workspace / "台账-2019Q3.xlsx", None, AS_OF, datetime(2019, 10, 20, 9))

    return run


Send = Callable[[Change], Consolidation]


def entries(result: Consolidation) -> dict[str, tuple[Any, ...]]:
    """What the unit's records say: numerator, denominator, value, narrative."""
    return {
        a.indicator.code: tuple(None if blank(cell) else cell for cell in a.record.entries()[:4])
        for a in result.assessments
        if a.unit.name == "区司法局"
    }


def found(result: Consolidation, *rules: str) -> list[Finding]:
    return [f for f in result.findings if not rules or f.rule in rules]


def rules(result: Consolidation) -> list[str]:
    return [finding.rule for finding in result.findings]


def untouched(_: Workbook) -> None:
    """Nothing was changed."""


def column(sheet: Worksheet, header: str) -> int:
    return next(cell.column for cell in sheet[3] if cell.value == header)


def test_what_these_tests_compare_with_is_a_clean_return(send: Send) -> None:
    result = send(untouched)
    assert rules(result) == []
    assert entries(result)["1.1"] == (None, None, 3, "召开三次会议")
    assert result.account.balanced and result.account.ignored == result.account.found == 0


@pytest.mark.parametrize("name", ["组织领导", "Sheet2", " 一、组织领导 (新)"])
def test_bad_041_a_renamed_sheet_is_read_and_told(send: Send, name: str) -> None:
    def rename(book: Workbook) -> None:
        book[AREA].title = name

    result = send(rename)
    (finding,) = result.findings
    assert (finding.rule, finding.severity, finding.value) == ("renamed-sheet", "warning", name)
    assert AREA in finding.message
    assert entries(result)["1.1"][2] == 3


def test_bad_041_two_candidates_for_a_sheet_are_an_error_and_neither_is_taken(send: Send) -> None:
    def copy(book: Workbook) -> None:
        double = book.copy_worksheet(book[AREA])
        double.cell(ROWS["1.1"], column(double, "完成值")).value = 9

    result = send(copy)
    (finding,) = found(result, "two-sheets")
    assert AREA in finding.value and "1.1" in finding.message
    assert entries(result)["1.1"][2] is None
    assert entries(result)["1.2"][2] == "是", "what both say alike is taken"
    assert result.account.balanced


def test_bad_041_a_missing_sheet_is_named(send: Send) -> None:
    result = send(lambda book: book.remove(book[AREA]))
    (finding,) = found(result, "sheets")
    assert finding.sheet == AREA and finding.severity == "error"


def test_bad_042_extra_sheets_are_told_and_not_read(send: Send) -> None:
    def add(book: Workbook) -> None:
        book.create_sheet("附表").append(["随便写的", 12])

    result = send(add)
    (finding,) = result.findings
    assert (finding.rule, finding.severity) == ("extra-sheets", "warning")
    assert "附表" in finding.value
    assert entries(result)["1.1"][2] == 3


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("指标编号", "指标\n编号"),
        ("指标编号", " 指标\u00a0编号 "),
        ("指标编号", "指标编码"),
        ("单位", "\uff0a单位\uff1a"),
        ("完成值", "完成值\uff08次\uff09"),
        ("完成值", "完成\u200b值"),
        ("整改时限", "整改期限"),
        ("佐证材料", "证明材料"),
    ],
)
def test_bad_044_headers_are_known_in_other_clothes(send: Send, old: str, new: str) -> None:
    def rename(book: Workbook) -> None:
        for name in (AREA, NEXT, "保障措施"):
            sheet = book[name]
            sheet.cell(3, column(sheet, old)).value = new

    result = send(rename)
    assert rules(result) == []
    assert entries(result)["1.1"] == (None, None, 3, "召开三次会议")


def test_bad_044_a_header_in_two_lines_or_moved_down_is_found(send: Send) -> None:
    def split(book: Workbook) -> None:
        book[AREA].insert_rows(1, 3)
        sheet = book[NEXT]
        sheet.insert_rows(4)
        for header in ("分子", "分母", "完成值"):
            place = column(sheet, header)
            sheet.cell(3, place).value = "填报" if header == "分子" else None
            sheet.cell(4, place).value = header
        reason = column(sheet, "未达标原因及整改措施")
        sheet.cell(3, reason).value, sheet.cell(4, reason).value = "未达标原因", "及整改措施"

    result = send(split)
    assert rules(result) == []
    assert entries(result)["2.1"][:2] == (4, 4)


def test_bad_044_a_header_that_is_none_says_what_is_expected_and_found(send: Send) -> None:
    def spoil(book: Workbook) -> None:
        sheet = book[AREA]
        sheet.cell(3, column(sheet, "完成值")).value = "数量"

    (finding,) = found(send(spoil), "headers")
    assert "完成值" in finding.message and finding.severity == "error"


def test_bad_045_columns_inserted_or_swapped_are_read_by_their_headers(send: Send) -> None:
    def move(book: Workbook) -> None:
        sheet = book[AREA]
        sheet.insert_cols(1, 2)
        left, right = column(sheet, "完成值"), column(sheet, "完成情况")
        for row in range(3, 7):
            one, other = sheet.cell(row, left), sheet.cell(row, right)
            one.value, other.value = other.value, one.value

    result = send(move)
    assert rules(result) == []
    assert entries(result)["1.1"] == (None, None, 3, "召开三次会议")


def test_bad_045_a_deleted_or_doubled_column_is_an_error(send: Send) -> None:
    def spoil(book: Workbook) -> None:
        sheet = book[AREA]
        sheet.delete_cols(column(sheet, "佐证材料"))
        double = sheet.max_column + 1
        sheet.cell(3, double).value = "完成值"
        sheet.cell(ROWS["1.1"], double).value = 7

    result = send(spoil)
    told = found(result, "headers")
    assert {finding.value for finding in told} == {"缺少", "重复出现"}
    assert entries(result)["1.1"][2] == 3, "the first of two columns counts"


def test_bad_046_a_merged_block_of_the_units_name_is_filled_down(send: Send) -> None:
    def merge(book: Workbook) -> None:
        book[AREA].merge_cells("A4:A6")

    result = send(merge)
    assert not [f for f in result.findings if f.severity == "error"]
    assert entries(result)["1.1"][2] == 3 and entries(result)["1.2"][2] == "是"
    assert entries(result)["1.3"][3] == "推行一窗通办"


@pytest.mark.parametrize("header", ["单位", "指标编号", "指标"])
def test_bad_047_a_row_of_totals_is_told_and_not_counted(send: Send, header: str) -> None:
    def total(book: Workbook) -> None:
        sheet = book[AREA]
        sheet.insert_rows(6)
        sheet.cell(6, column(sheet, header)).value = "小计"
        sheet.cell(6, column(sheet, "完成值")).value = 3

    result = send(total)
    (finding,) = result.findings
    assert (finding.rule, finding.severity, finding.value) == ("total-row", "warning", "小计")
    assert finding.cell.endswith("6")
    assert sum(a.judgement.value or 0 for a in result.assessments if a.indicator.code == "1.1") == 3
    assert (result.account.found, result.account.balanced) == (1, True)


def test_bad_048_notes_and_signatures_below_are_ignored_and_counted(send: Send) -> None:
    def sign(book: Workbook) -> None:
        sheet = book[AREA]
        sheet.cell(9, 1).value = "填表人:张三"
        sheet.cell(9, column(sheet, "完成情况")).value = "审核人:李四"
        sheet.cell(10, column(sheet, "佐证材料")).value = "2019年9月30日"

    result = send(sign)
    assert rules(result) == []
    assert (result.account.ignored, result.account.balanced) == (2, True)
    assert result.account.read == result.account.recorded + 2


def test_bad_048_a_row_without_code_that_holds_an_answer_is_no_note(send: Send) -> None:
    def lose(book: Workbook) -> None:
        sheet = book[AREA]
        sheet.cell(ROWS["1.1"], column(sheet, "指标编号")).value = None

    result = send(lose)
    assert rules(result) == ["unknown-row"], "one cause, told once"
    assert "没有指标编号" in found(result, "unknown-row")[0].message


def test_bad_049_a_transposed_table_is_called_so(send: Send) -> None:
    def turn(book: Workbook) -> None:
        sheet = book[AREA]
        grid = [[cell.value for cell in row] for row in sheet["A3:M6"]]
        place = book.index(sheet)
        book.remove(sheet)
        turned = book.create_sheet(AREA, place)
        for line in zip(*grid, strict=True):
            turned.append(line)

    (finding,) = found(send(turn), "sheets", "headers", "missing-row")
    assert (finding.rule, finding.sheet) == ("sheets", AREA)
    assert "颠倒" in finding.message


def test_bad_050_a_return_of_another_version_is_kept_out_with_its_version(send: Send) -> None:
    def age(book: Workbook) -> None:
        stamp = book["_fzzf"]
        row = next(row for row in stamp.iter_rows() if row[0].value == "version")
        row[1].value = "0"

    result = send(age)
    assert result.verdicts[Verdict.QUARANTINED] == 1
    (finding,) = result.findings
    assert (finding.rule, finding.value, finding.expected) == ("version", "0", "1")


def test_bad_051_an_empty_return_is_empty_and_not_zero(send: Send) -> None:
    def empty(book: Workbook) -> None:
        for name in (AREA, NEXT, "保障措施"):
            sheet = book[name]
            for header in ("分子", "分母", "完成值", "完成情况", "佐证材料"):
                for row in range(4, 8):
                    sheet.cell(row, column(sheet, header)).value = None

    result = send(empty)
    (finding,) = result.findings
    assert finding.rule == "empty"
    assert set(entries(result).values()) == {(None,) * 4}
    assert [unit.name for unit in result.reported] == []


def test_bad_053_a_formula_where_a_number_is_wanted_is_taken_and_told(
    send: Send, workspace: Path
) -> None:
    """The result that Excel stored is the value; openpyxl stores none, so it is put in by hand."""
    from tests.receiving import repacked

    send(untouched)
    file = workspace / "报送" / "2019Q3" / "区司法局.xlsx"
    data = repacked(
        file.read_bytes(),
        {
            "xl/worksheets/sheet3.xml": lambda part: part.replace(
                b"<v>3</v>", b"<f>1+2</f><v>3</v>", 1
            )
        },
    )
    file.write_bytes(data)
    received(file, 21)
    result = consolidate(workspace / "台账-2019Q3.xlsx", None, AS_OF, datetime(2019, 10, 20, 9))
    (finding,) = found(result, "formula-value")
    assert (finding.indicator, finding.severity) == ("1.1", "warning")
    assert entries(result)["1.1"][2] == 3
