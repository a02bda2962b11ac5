"""BAD_INPUTS 35 to 59 as far as reading goes: what values don't show, in every format that is read."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

from tests.receiving import (
    AREA,
    SHEET,
    Door,
    as_xlsb,
    entered,
    fields,
    marks,
    record,
    repacked,
    replaced,
    troubled,
    wide,
    with_formats,
)
from xl_fzzf.model.judged import Judged
from xl_fzzf.model.record import ErrorCell
from xl_fzzf.model.submission import Trait, Verdict

DATA = Path(__file__).parents[1] / "data" / "received"
BOOK = "xl/workbook.xml"
ENTRIES = 7
"""Entries of the good return."""


def accepted(door: Door, data: bytes, name: str = "金凤镇.xlsx") -> Judged:
    checked = door(data, name)
    assert checked.verdict is Verdict.ACCEPTED, checked.reason
    return checked


def test_bad_035_strict_open_xml_is_read(door: Door, good: bytes) -> None:
    def strict(data: bytes) -> bytes:
        for kind in ("spreadsheetml/2006/main", "officeDocument/2006/relationships"):
            new = f"http://purl.oclc.org/ooxml/{kind.replace('/2006', '')}"
            data = data.replace(f"http://schemas.openxmlformats.org/{kind}".encode(), new.encode())
        return data

    parts = (SHEET, BOOK, "xl/_rels/workbook.xml.rels", "_rels/.rels", "xl/styles.xml")
    data = repacked(good, dict.fromkeys((*parts, "xl/sharedStrings.xml"), strict))
    checked = accepted(door, entered(data, '<c r="O4" t="d"><v>2019-12-31T00:00:00</v></c>', "O4"))
    assert fields(checked).value == 3
    assert str(fields(checked).deadline).startswith("2019-12-31")


def test_bad_035_a_namespace_prefix_is_read(door: Door, good: bytes) -> None:
    """As ClosedXML writes it; the second look sees as much as without the prefix."""

    def prefixed(data: bytes) -> bytes:
        data = re.sub(rb"<(/?)(?=[A-Za-z])", rb"<\1x:", data)
        return data.replace(b"xmlns=", b"xmlns:x=")

    data = repacked(
        entered(good, '<c r="I4"><f>1+2</f><v>3</v></c>'), dict.fromkeys((SHEET, BOOK), prefixed)
    )
    checked = accepted(door, data)
    assert fields(checked).value == 3
    assert marks(checked) == {("value", 4): "formula"}


def test_bad_035_no_sheet_of_ours_is_an_error(door: Door, good: bytes) -> None:
    none = re.compile(rb"<sheets>.*</sheets>")
    data = repacked(good, {BOOK: lambda book: none.sub(b"<sheets></sheets>", book)})
    checked = door(data)
    assert checked.verdict is Verdict.QUARANTINED
    assert "没有工作表" in checked.reason


@pytest.mark.parametrize("reference", ["A1", "A1:XFD1048576", "C3:D4"])
def test_bad_036_the_dimension_is_not_trusted(door: Door, good: bytes, reference: str) -> None:
    checked = accepted(door, repacked(good, {SHEET: replaced('ref="A1:O6"', f'ref="{reference}"')}))
    assert checked.submission.sheets[AREA].rows[2].record.narrative == "推行一窗通办"


def test_bad_037_a_lone_cell_far_away(door: Door, good: bytes) -> None:
    corner = '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
    checked = door(repacked(good, {SHEET: replaced("</sheetData>", corner)}))
    assert checked.verdict is Verdict.QUARANTINED
    assert "很远的地方" in checked.reason


def test_bad_037_the_same_in_xlsb(door: Door, good: bytes) -> None:
    place = (1_048_575).to_bytes(4, "little")
    far = record(0, place + b"\0" * 13)
    far += record(6, (16_383).to_bytes(4, "little") + b"\0" * 4 + wide("远"))
    checked = door(as_xlsb(good, {AREA: far}), "金凤镇.xlsb")
    assert checked.verdict is Verdict.QUARANTINED
    assert "很远的地方" in checked.reason


@pytest.mark.parametrize("span", ["A7:XFD1048576", "A1:A1048576", "Q1:XFD1"])
def test_bad_038_a_merge_of_whole_columns(door: Door, good: bytes, span: str) -> None:
    merge = f'</sheetData><mergeCells count="1"><mergeCell ref="{span}"/></mergeCells>'
    checked = accepted(door, repacked(good, {SHEET: replaced("</sheetData>", merge)}))
    assert not marks(checked)


def test_bad_039_values_under_a_merged_cell(door: Door, good: bytes) -> None:
    merge = '</sheetData><mergeCells count="1"><mergeCell ref="L4:L6"/></mergeCells>'
    checked = accepted(door, repacked(good, {SHEET: replaced("</sheetData>", merge)}))
    assert marks(checked) == {("narrative", 6): "merged"}
    details = {mark.detail for mark in checked.submission.sheets[AREA].marks}
    assert details == {"L4:L6"}


def test_bad_040_a_hundred_thousand_blank_formatted_rows(door: Door, good: bytes) -> None:
    rows = "".join(
        f'<row r="{row}" ht="15.{row % 97}"><c r="A{row}" s="5"/><c r="B{row}" s="{row % 7}"/></row>'
        for row in range(7, 100_000)
    )
    checked = accepted(
        door, repacked(good, {SHEET: replaced("</sheetData>", rows + "</sheetData>")})
    )
    assert len(checked.submission.sheets[AREA].rows) == 3


def test_bad_043_hidden_sheets_rows_and_columns_are_read_and_named(door: Door, good: bytes) -> None:
    data = repacked(
        good,
        {
            BOOK: replaced(f'<sheet name="{AREA}"', f'<sheet name="{AREA}" state="hidden"'),
            SHEET: replaced(' r="5"', ' hidden="1" r="5"'),
        },
    )
    data = repacked(data, {SHEET: replaced('<col min="12"', '<col hidden="1" min="12"')})
    checked = accepted(door, data)
    assert checked.submission.traits == {Trait.HIDDEN_SHEETS: AREA}
    hidden = {("value", 5), ("evidence", 5), ("narrative", 4), ("narrative", 6)}
    assert marks(checked) == dict.fromkeys(hidden, "hidden")
    assert fields(checked, 5).value == "是"


def test_bad_042_extra_sheets_are_named(door: Door, good: bytes) -> None:
    checked = accepted(door, repacked(good, {BOOK: replaced('name="填报说明"', 'name="我的草稿"')}))
    assert checked.submission.traits == {Trait.EXTRA_SHEETS: "我的草稿"}


@pytest.mark.parametrize(
    ("cell", "mark"),
    [
        ("<f>SUM(A1)</f>", "uncalculated"),
        ("<f>SUM(A1)</f><v></v>", "uncalculated"),
        ("<f>SUM(A1)</f><v>3</v>", "formula"),
        ('<f t="shared" si="0"/><v>3</v>', "formula"),
    ],
)
def test_bad_052_053_formulas_with_and_without_a_cached_value(
    door: Door, good: bytes, cell: str, mark: str
) -> None:
    checked = door(entered(good, f'<c r="I4" s="21">{cell}</c>'))
    assert marks(checked) == {("value", 4): mark}


def test_bad_053_a_formula_whose_result_is_an_empty_text_is_calculated(
    door: Door, good: bytes
) -> None:
    checked = door(entered(good, '<c r="I4" t="str"><f>IF(1,"")</f><v></v></c>'))
    assert marks(checked) == {("value", 4): "formula"}


def test_bad_053_formulas_are_found_however_cells_are_written(door: Door, good: bytes) -> None:
    """Cells may leave out their place, or name it late."""
    data = entered(good, '<c s="21" r="I4"><f>1+2</f><v>3</v></c>')
    data = entered(data, '<c s="4"><f>"a"</f><v>4</v></c>', "L4")
    assert marks(door(data)) == {("value", 4): "formula", ("narrative", 4): "formula"}


@pytest.mark.parametrize("suffix", ["xlsx", "xls", "ods"])
def test_bad_054_a_failed_formula_is_never_blank(door: Door, good: bytes, suffix: str) -> None:
    data = troubled(good) if suffix == "xlsx" else (DATA / f"看不见的.{suffix}").read_bytes()
    value = fields(accepted(door, data, f"金凤镇.{suffix}"), 5).value
    assert isinstance(value, ErrorCell)
    assert value == "#DIV/0!"


def test_bad_054_a_failed_formula_in_xlsb(door: Door, good: bytes) -> None:
    cells = record(0, (6).to_bytes(4, "little") + b"\0" * 13)
    for column, text in ((0, "金凤镇"), (2, "1.2")):
        cells += record(6, column.to_bytes(4, "little") + b"\0" * 4 + wide(text))
    cells += record(3, (8).to_bytes(4, "little") + b"\0" * 4 + b"\x2a")
    checked = door(as_xlsb(good, {AREA: cells}), "金凤镇.xlsb")
    value = fields(checked, 7).value
    assert isinstance(value, ErrorCell)
    assert value == "#N/A"


@pytest.mark.parametrize("suffix", ["xlsx", "xls", "ods"])
def test_bad_039_043_053_057_all_at_once_in_every_format(
    door: Door, good: bytes, suffix: str
) -> None:
    data = troubled(good) if suffix == "xlsx" else (DATA / f"看不见的.{suffix}").read_bytes()
    checked = accepted(door, data, f"金凤镇.{suffix}")
    found = marks(checked)
    assert found.pop(("numerator", 4)) == ("uncalculated" if suffix == "xlsx" else "formula")
    formula = found.pop(("value", 5), "formula")  # failed: its text says so already
    assert formula == "formula"
    assert found == {
        ("value", 4): "disguised",
        ("denominator", 4): "disguised",
        ("evidence", 5): "merged",
        ("narrative", 6): "hidden",
    }
    assert Trait.COMMENTS in checked.submission.traits


def test_bad_039_043_053_in_xlsb(door: Door, good: bytes) -> None:
    row = record(0, (6).to_bytes(4, "little") + b"\0" * 7 + b"\x10" + b"\0" * 5)
    for column, text in ((0, "金凤镇"), (2, "1.1"), (11, "甲"), (12, "乙")):
        row += record(6, column.to_bytes(4, "little") + b"\0" * 4 + wide(text))
    formula = (8).to_bytes(4, "little") + b"\0" * 4 + b"\0" * 8 + b"\0\0" + b"\0" * 8
    merge = b"".join(n.to_bytes(4, "little") for n in (6, 6, 11, 12))
    data = as_xlsb(good, {AREA: row + record(9, formula) + record(146) + record(176, merge)})
    found = {(m.field, m.row, m.mark) for m in door(data, "a.xlsb").submission.sheets[AREA].marks}
    assert found == {
        ("value", 7, "formula"),
        ("value", 7, "hidden"),
        ("narrative", 7, "hidden"),
        ("evidence", 7, "hidden"),
        ("evidence", 7, "merged"),
    }


def test_bad_043_a_custom_height_of_nought_hides_nothing(door: Door, good: bytes) -> None:
    data = repacked(good, {SHEET: replaced('customHeight="1" r="5"', 'customHeight="0" r="5"')})
    assert not marks(accepted(door, data))


def test_bad_055_days_counted_from_1904(door: Door, good: bytes) -> None:
    data, day = with_formats(good, "yyyy-mm-dd")
    data = entered(data, f'<c r="O4" s="{day}"><v>42368</v></c>', "O4")
    data = repacked(data, {BOOK: replaced("<workbookPr ", '<workbookPr date1904="1" ')})
    checked = accepted(door, data)
    assert fields(checked).deadline == date(2019, 12, 31)
    assert Trait.DATES_1904 in checked.submission.traits


def test_bad_056_a_protected_sheet_is_read(door: Door, good: bytes) -> None:
    protection = '</sheetData><sheetProtection password="CC1A" sheet="1"/>'
    assert accepted(door, repacked(good, {SHEET: replaced("</sheetData>", protection)}))


@pytest.mark.parametrize(
    ("code", "value", "shown"),
    [
        ("0%", "95", "9500%"),
        ("0.00%", "0.95", "95%"),
        (";;;", "5", "（不显示）"),
        ("0;;0", "-5", "（不显示）"),
        ("0", "2.6", "3"),
        ("#,##0,", "12000", "12"),
        ('0"万"', "5", "5万"),
        ('"9"0', "5", "59"),
    ],
)
def test_bad_057_formats_that_show_something_else(
    door: Door, good: bytes, code: str, value: str, shown: str
) -> None:
    (mark,) = door(_formatted(good, code, value)).submission.sheets[AREA].marks
    assert (mark.mark, mark.field, mark.row) == ("disguised", "value", 4)
    assert mark.detail == shown


@pytest.mark.parametrize(
    ("code", "value"),
    [
        ("General", "2.6"), ("0", "3"), ("#,##0", "3000"), ("0.00", "2.6"), ('0"次"', "5"),
        ("yyyy-mm-dd", "43738"), ("[Red]0", "5"), ("0;;0", "5"), ("@", "5"), ('#,##0.00"元"', "5"),
        ('_ * #,##0.00_ ;_ * -#,##0.00_ ;_ * "-"??_ ;_ @_ ', "5"),
    ],
)  # fmt: skip
def test_bad_057_formats_that_show_the_value(
    door: Door, good: bytes, code: str, value: str
) -> None:
    assert not marks(door(_formatted(good, code, value)))


def _formatted(good: bytes, code: str, value: str) -> bytes:
    data, style = with_formats(good, code)
    return entered(data, f'<c r="I4" s="{style}"><v>{value}</v></c>')


def test_bad_058_the_cached_result_of_a_circle(door: Door, good: bytes) -> None:
    checked = accepted(door, entered(good, '<c r="I4"><f>I4+1</f><v>3</v></c>'))
    assert fields(checked).value == 3
    assert marks(checked) == {("value", 4): "formula"}


@pytest.mark.parametrize("part", ["xl/comments1.xml", "xl/threadedComments/threadedComment1.xml"])
def test_bad_059_comments_are_named(door: Door, good: bytes, part: str) -> None:
    assert Trait.COMMENTS in accepted(door, repacked(good, {part: b"<x/>"})).submission.traits


@pytest.mark.parametrize("suffix", ["xlsx", "xls", "ods", "xlsb"])
def test_every_entry_is_counted_in_every_format(door: Door, good: bytes, suffix: str) -> None:
    data = {"xlsx": good, "xlsb": as_xlsb(good)}.get(suffix) or (
        DATA / f"旧格式.{suffix}"
    ).read_bytes()
    sheets = door(data, f"金凤镇.{suffix}").submission.sheets.values()
    assert sum(sheet.answered for sheet in sheets) == ENTRIES
