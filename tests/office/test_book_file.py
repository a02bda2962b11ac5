"""The master edited in place: every part that isn't touched stays, and what is written reads back."""

from __future__ import annotations

import base64
import io
import os
import re
import zipfile
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl.comments import Comment
from openpyxl.worksheet.datavalidation import DataValidation
from python_calamine import CalamineWorkbook

from tests.libreoffice import Office
from xl_fzzf.model.record import ErrorCell
from xl_fzzf.office.book import KEEP, Formula, Validation, Value
from xl_fzzf.office.book_file import FileBook
from xl_fzzf.office.xlsx.package import Package

pytestmark = pytest.mark.filterwarnings("ignore:.*extension is not supported")

DOT = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNk+A8AAQUBAScY42YAAAAASUVORK5CYII="
SHEET, OTHER, BOOK = "数据 & <表>", "其他", "xl/workbook.xml"
PART, OTHER_PART, STAMP_PART = (f"xl/worksheets/sheet{number}.xml" for number in (1, 2, 3))


def write_decorated(path: Path) -> None:
    with xlsxwriter.Workbook(path) as book:
        sheet, other, stamp = map(book.add_worksheet, (SHEET, OTHER, "_fzzf"))
        yellow, day = book.add_format({"bold": True}), book.add_format({"num_format": "yyyy-mm-dd"})
        sheet.set_column("H:H", 12, yellow)
        sheet.set_row(9, 30, day)
        sheet.set_row(4, None, None, {"hidden": True})
        for row in range(8):
            sheet.write_row(row, 0, [f"第{row}行", row, row * 1.5, "留 ", None], yellow)
            sheet.write_formula(row, 6, f"=B{row + 1}*2", None, row * 2)
        sheet.merge_range("A12:C12", "合并", yellow)
        sheet.write_comment("B2", "批注")
        sheet.insert_image("J2", "dot.png", {"image_data": io.BytesIO(base64.b64decode(DOT))})
        chart = book.add_chart({"type": "column"})
        chart.add_series({"values": f"='{SHEET}'!$B$1:$B$8"})
        sheet.insert_chart("J9", chart)
        sheet.conditional_format("C1:C8", {"type": "data_bar", "data_bar_2010": True})
        sheet.add_sparkline("I1", {"range": f"'{SHEET}'!B1:B8"})
        sheet.data_validation("B1:B8", {"validate": "integer", "criteria": ">", "value": -1})
        sheet.protect()
        sheet.autofilter("A1:D8")
        book.define_name("计数", f"='{SHEET}'!$B$1:$B$8")
        other.write_formula("A1", f"=SUM('{SHEET}'!B1:B8)", None, 28)
        other.write_string("A2", "别动")
        for row, (name, style) in enumerate((("strong", yellow), ("day", day)), 2):
            stamp.write_string(row, 3, name)
            stamp.write_blank(row, 4, None, style)
        stamp.very_hidden()


def write_with_openpyxl(path: Path) -> None:
    book = openpyxl.Workbook()
    sheet: Any = book.active
    sheet.title = SHEET
    for row in range(1, 9):
        sheet.append([f"第{row}行", row, row * 1.5, "留 ", None, None, f"=B{row}*2"])
    sheet["B2"].comment = Comment("批注", "张三")
    sheet.add_data_validation(DataValidation(type="list", formula1='"是,否"', sqref="D1:D8"))
    sheet.merge_cells("A12:C12")
    book.create_sheet(OTHER)["A2"] = "别动"
    book.save(path)


def rewrite(path: Path, part: str, change: Callable[[str], str]) -> FileBook:
    package = Package.open_workbook(path.read_bytes(), path.name)
    package.replace(part, change(package.text(part)))
    path.write_bytes(package.pack())
    return FileBook.open(path)


def parts_of(path: Path) -> dict[str, str]:
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name).decode("utf-8", "replace") for name in archive.namelist()}


def around(part: str) -> list[str]:
    return re.split(r"(?s)<sheetData>.*</sheetData>", part)


def cell(part: str, place: str) -> str:
    found = re.search(rf"""<c r=["']{place}["'][^>]*?(?:/>|>.*?</c>)""", part)
    return found[0] if found else ""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    write_decorated(target := tmp_path / "台账.xlsx")
    return target


@pytest.mark.parametrize("build", [write_decorated, write_with_openpyxl])
def test_only_the_touched_cells_change(tmp_path: Path, build: Callable[[Path], None]) -> None:
    build(path := tmp_path / "台账.xlsx")
    before, data, book = parts_of(path), path.read_bytes(), FileBook.open(path)
    book.save()
    assert path.read_bytes() == data
    book.write(SHEET, 2, 2, [[7, KEEP, "<改>&"], [None, 2.5, True]])
    book.save()
    after = parts_of(path)
    assert list(after) == list(before)
    assert [name for name in before if before[name] != after[name]] == [PART]
    part, old = after[PART], before[PART]
    assert around(part) == around(old)
    for place in ("A2", "C2", "A3", "E2", "G2", "G3"):
        assert cell(part, place) == cell(old, place)
    style = re.search(r' s="\d+"', cell(old, "B3"))
    assert cell(part, "B3") == f'<c r="B3"{style[0] if style else ""}/>'
    looked = openpyxl.load_workbook(path)[SHEET]
    read = CalamineWorkbook.from_path(path).get_sheet_by_name(SHEET).to_python()
    assert [looked["B2"].value, looked["D2"].value] == read[1][1:4:2] == [7, "<改>&"]
    assert [looked[place].value for place in ("B3", "C3", "D3", "G3")] == [None, 2.5, True, "=B3*2"]
    assert read[2][1:4] == ["", 2.5, True]


def test_new_cells_take_swatch_row_or_column_style(path: Path) -> None:
    before, book = parts_of(path), FileBook.open(path)
    book.write(SHEET, 20, 8, [[1, 2, None]])
    book.write(SHEET, 10, 5, [[date(2019, 12, 20)]])
    book.write(SHEET, 2, 1, [["", date(2019, 12, 20), 5, KEEP]], [["strong", "day", None, "day"]])
    for sheet, styles in ((SHEET, [["unknown"]]), ("没有", None)):
        with pytest.raises(KeyError):
            book.write(sheet, 1, 1, [[1]], styles)
    book.save_as(copy := path.with_name("副本.xlsx"))
    part = parts_of(copy)[PART]
    strong, day = re.findall(r'r="E[34]" s="(\d+)"', before[STAMP_PART])
    assert [cell(part, place) for place in ("H20", "I20", "J20", "E10", "A2", "B2", "D2")] == [
        f'<c r="H20" s="{strong}"><v>1</v></c>',
        '<c r="I20"><v>2</v></c>',
        "",
        f'<c r="E10" s="{day}"><v>43819</v></c>',
        f'<c r="A2" s="{strong}"/>',
        f'<c r="B2" s="{day}"><v>43819</v></c>',
        cell(before[PART], "D2"),
    ]
    assert '<dimension ref="A1:I20"/>' in part
    assert book.path == copy and parts_of(path) == before
    assert book.read(SHEET)[1][1] == date(2019, 12, 20)


def test_calculation_chain_goes_and_calculation_is_asked_for(path: Path) -> None:
    name, kind = "xl/calcChain.xml", "http://schemas.openxmlformats.org/x/calcChain"
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr(name, "<calcChain/>")
    related = f'<Relationship Id="rId99" Type="{kind}" Target="/{name}"/></Relationships>'
    typed = f'<Override PartName="/{name}" ContentType="x"/></Types>'
    rewrite(path, "xl/_rels/workbook.xml.rels", lambda x: x.replace("</Relationships>", related))
    rewrite(path, "[Content_Types].xml", lambda x: x.replace("</Types>", typed))
    book = rewrite(path, BOOK, lambda x: re.sub("<calcPr[^>]*>", "", x))
    before = parts_of(path)
    book.write(
        OTHER, 1, 1, [[Formula('1<2&"x"', "真"), Formula("1=1", True), Formula("1/4", 0.25)]]
    )
    book.save()
    after = parts_of(path)
    assert [part for part in before if part not in after] == [name]
    assert not any("calcChain" in text for text in after.values())
    assert '</definedNames><calcPr fullCalcOnLoad="1"/></w' in after[BOOK]
    assert [cell(after[OTHER_PART], place) for place in ("A1", "B1", "C1")] == [
        '<c r="A1" t="str"><f>1&lt;2&amp;"x"</f><v>真</v></c>',
        '<c r="B1" t="b"><f>1=1</f><v>1</v></c>',
        '<c r="C1"><f>1/4</f><v>0.25</v></c>',
    ]


def test_validation_joins_the_sheets_own(path: Path) -> None:
    book, prompt = FileBook.open(path), '换行\n"提示"' * 60
    rules = [
        Validation(("D2:D4", "D6"), "list", '"是,否"', "题" * 40, prompt, "请选<是>"),
        Validation(("E1",), "date", "DATE(2000,1,1)", "时限", "日期", "请填日期"),
        Validation(("E2",), "custom", "LEN(E2)<=9", "", "", ""),
        Validation(("E3",), "any", "", "说明", "随意", ""),
    ]
    book.validate(SHEET, rules)
    book.validate(OTHER, rules[:1])
    book.save()
    own, *new = openpyxl.load_workbook(path)[SHEET].data_validations.dataValidation
    assert own.type == "whole" and str(own.sqref) == "B1:B8"
    assert [(rule.type, rule.operator, rule.formula1, str(rule.sqref)) for rule in new] == [
        ("list", None, '"是,否"', "D2:D4 D6"),
        ("date", "greaterThanOrEqual", "DATE(2000,1,1)", "E1"),
        ("custom", None, "LEN(E2)<=9", "E2"),
        (None, None, None, "E3"),
    ]
    assert (new[0].promptTitle, new[0].prompt) == ("题" * 32, prompt[:255])
    assert new[0].error == "请选<是>" and new[0].showErrorMessage and new[0].allowBlank
    assert '<dataValidations count="5">' in parts_of(path)[PART]
    assert '</sheetData><dataValidations count="1">' in parts_of(path)[OTHER_PART]


def test_failed_formulas_read_as_error_cells(path: Path) -> None:
    failed = '<c r="C1" t="e"><f>1/0</f><v>#DIV/0!</v></c><c t="e"><v>#N/A</v></c></row>'
    book = rewrite(path, OTHER_PART, lambda text: text.replace("</row>", failed, 1))
    first, second = book.read(OTHER)
    assert first == [28, "", "#DIV/0!", "#N/A"] and second == ["别动", "", "", ""]
    assert isinstance(first[2], ErrorCell) and isinstance(first[3], ErrorCell)


def test_days_count_from_1904_where_the_workbook_says_so(path: Path) -> None:
    book = rewrite(path, BOOK, lambda x: x.replace("<workbookPr", '<workbookPr date1904="1"'))
    days = [date(1904, 1, 2), datetime(2019, 12, 20, 18, 30)]
    book.write(OTHER, 1, 1, [days], [["day", "day"]])
    assert book.read(OTHER)[0] == days
    with pytest.raises(ValueError, match="1903"):
        book.write(OTHER, 1, 1, [[date(1903, 1, 1)]])


@pytest.mark.parametrize("value", [float("nan"), Formula("\0", 1)])
def test_what_a_cell_cannot_hold_is_refused(path: Path, value: Value) -> None:
    for row, values in ((1, [[value]]), (1_048_576, [[1], [2]])):
        with pytest.raises(ValueError):
            FileBook.open(path).write(SHEET, row, 1, values)


def test_a_failed_save_leaves_the_old_file(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: Any) -> None:
        raise OSError("disk")

    data, book = path.read_bytes(), FileBook.open(path)
    book.write(SHEET, 1, 1, [["新"]])
    with monkeypatch.context() as patch, pytest.raises(OSError, match="disk"):
        patch.setattr(os, "replace", fail)
        book.save()
    assert path.read_bytes() == data and list(path.parent.iterdir()) == [path]
    book.save()
    assert FileBook.open(path).read(SHEET)[0][0] == "新"


def test_libreoffice_shows_values_and_recalculates(path: Path, office: Office) -> None:
    book, texts = FileBook.open(path), ["=1+1", " 空 格 ", "多\n行", "_x0041_\x07", "😀&<b>"]
    book.write(SHEET, 2, 2, [[100, KEEP, "改"]])
    book.write(OTHER, 3, 1, [texts, [Formula("1+2", 0), True, 2.5]])
    book.save()
    with office.open(path) as shown:
        shown.recalculate()
        values = shown.values(OTHER)
        assert values[2] == texts and values[3][:3] == [3, 1, 2.5] and values[0][0] == 127
        assert shown.values(SHEET)[1][:7] == ["第1行", 100, 1.5, "改", "", "", 200]


ODD = [
    "=1+1",
    " 前",
    "后\n",
    "_x0041_",
    "_x000D\r",
    "_x0041_x0042_",
    "a_x00\1_",
    "\0",
    "😀",
    "]]>",
    "&#10;",
]
VALUES = st.one_of(
    st.text(max_size=12) | st.sampled_from(ODD),
    st.booleans() | st.none() | st.just(KEEP) | st.dates(date(1900, 3, 1)),
    st.integers(-(10**15), 10**15) | st.floats(allow_nan=False, allow_infinity=False),
)


def cells_of(book: FileBook, sheet: str) -> dict[tuple[int, int], Any]:
    rows = enumerate(book.read(sheet), 1)
    return {(row, column): x for row, line in rows for column, x in enumerate(line, 1) if x != ""}


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.sampled_from([SHEET, OTHER]), st.integers(1, 30), st.integers(1, 30),
       st.lists(st.lists(VALUES, max_size=5), max_size=4))  # fmt: skip
def test_any_rectangle_reads_back(
    path: Path, sheet: str, row: int, column: int, values: list[list[Value]]
) -> None:
    book = FileBook.open(path)
    wanted = cells_of(book, sheet)
    styles = [["day" if isinstance(value, date) else "strong" for value in line] for line in values]
    book.write(sheet, row, column, values, styles)
    for at, line in enumerate(values, row):
        wanted |= {(at, place): x for place, x in enumerate(line, column) if x is not KEEP}
    book.save_as(path.with_name("结果.xlsx"))
    wanted = {place: value for place, value in wanted.items() if value not in (None, "")}
    read = cells_of(FileBook.open(book.path), sheet)
    assert read == wanted
    assert [type(read[place]) is bool for place in wanted] == [
        type(x) is bool for x in wanted.values()
    ]
