"""The master edited in place: every part that isn't touched stays, and what is written reads back."""

from __future__ import annotations

import base64
import io
import os
import re
import shutil
import subprocess
import zipfile
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final
from xml.etree import ElementTree

import openpyxl
import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl.comments import Comment
from openpyxl.formatting.rule import DataBarRule
from openpyxl.worksheet.datavalidation import DataValidation
from python_calamine import CalamineWorkbook

from xl_fzzf.model.record import ErrorCell
from xl_fzzf.sheets.book import KEEP, Formula, Validation, Value
from xl_fzzf.sheets.book_file import BookError, FileBook
from xl_fzzf.sheets.package import MAX_ENTRIES, Package

DOT: Final = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNk+A8AAQUBAScY42YAAAAASUVORK5CYII="
)
SHEET, PART = "数据 & <表>", "xl/worksheets/sheet1.xml"
TOUCHED = {PART, "xl/workbook.xml"}
HEAD = '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'


def write_decorated(path: Path) -> None:
    """As XlsxWriter writes it: comment, picture, chart, 2010 data bar, sparkline, names and so on."""
    with xlsxwriter.Workbook(path) as book:
        sheet, other = book.add_worksheet(SHEET), book.add_worksheet("其他")
        stamp = book.add_worksheet("_fzzf")
        yellow = book.add_format({"bg_color": "#FFF7D6", "bold": True})
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        sheet.set_column("H:H", 12, yellow)
        sheet.set_row(9, 30, day)
        for row in range(8):
            sheet.write_row(row, 0, [f"第{row}行", row, row * 1.5, "留 ", None], yellow)
            sheet.write_formula(row, 6, f"=B{row + 1}*2", None, row * 2)
        sheet.set_row(4, None, None, {"hidden": True})
        sheet.merge_range("A12:C12", "合并", yellow)
        sheet.write_comment("B2", "批注")
        sheet.insert_image("J2", "dot.png", {"image_data": io.BytesIO(DOT)})
        chart = book.add_chart({"type": "column"})
        chart.add_series({"values": f"='{SHEET}'!$B$1:$B$8"})
        sheet.insert_chart("J9", chart)
        sheet.conditional_format("C1:C8", {"type": "data_bar", "data_bar_2010": True})
        sheet.add_sparkline("I1", {"range": f"'{SHEET}'!B1:B8"})
        sheet.data_validation("B1:B8", {"validate": "integer", "criteria": ">", "value": -1})
        sheet.protect()
        sheet.autofilter("A1:D8")
        sheet.freeze_panes(1, 0)
        book.define_name("计数", f"='{SHEET}'!$B$1:$B$8")
        other.write_formula("A1", f"=SUM('{SHEET}'!B1:B8)", None, 28)
        other.write_string("A2", "别动")
        for row, (name, style) in enumerate((("strong", yellow), ("day", day)), 2):
            stamp.write_string(row, 3, name)
            stamp.write_blank(row, 4, None, style)
        stamp.very_hidden()


def write_with_openpyxl(path: Path) -> None:
    """As openpyxl writes it."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = SHEET
    for row in range(1, 9):
        sheet.append([f"第{row}行", row, row * 1.5, "留 ", None, None, f"=B{row}*2"])
    sheet["B2"].comment = Comment("批注", "张三")
    sheet.conditional_formatting.add("C1:C8", DataBarRule("min", None, "max", None, "FF638EC6"))
    rule = DataValidation(type="list", formula1='"是,否"', sqref="D1:D8")
    sheet.add_data_validation(rule)
    sheet.merge_cells("A12:C12")
    sheet.row_dimensions[4].hidden = True
    book.create_sheet("其他")["A2"] = "别动"
    book.save(path)


def rewrite(path: Path, part: str, change: Callable[[str], str]) -> FileBook:
    """The file with another text for one part, opened."""
    package = Package(path.read_bytes(), path.name)
    package.replace(part, change(package.text(part)))
    path.write_bytes(package.pack())
    return FileBook.open(path)


def parts_of(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None
        return {info.filename: archive.read(info) for info in archive.infolist()}


def around(part: bytes) -> list[bytes]:
    """A sheet's XML without its rows."""
    return re.split(rb"(?s)<sheetData>.*</sheetData>", part)


def cell(part: bytes | str, place: str) -> str:
    text = part.decode() if isinstance(part, bytes) else part
    found = re.search(rf'<c r="{place}"[^>]*?(?:/>|>.*?</c>)', text)
    return found[0] if found else ""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    target = tmp_path / "台账.xlsx"
    write_decorated(target)
    return target


@pytest.mark.parametrize("build", [write_decorated, write_with_openpyxl])
def test_only_the_touched_part_changes(tmp_path: Path, build: Callable[[Path], None]) -> None:
    path = tmp_path / "台账.xlsx"
    build(path)
    before = parts_of(path)
    book = FileBook.open(path)
    book.write(SHEET, 2, 2, [[7, KEEP, "<改>&"], [None, 2.5, True]])
    book.save()
    after = parts_of(path)
    assert list(after) == list(before)
    assert {name for name in before if before[name] != after[name]} == TOUCHED
    assert around(after[PART]) == around(before[PART])
    for place in ("A2", "C2", "A3", "E2", "G2", "G3"):
        assert cell(after[PART], place) == cell(before[PART], place)
    style = re.search(r' s="\d+"', cell(before[PART], "B3"))
    assert cell(after[PART], "B3") == f'<c r="B3"{style[0] if style else ""}/>'
    looked = openpyxl.load_workbook(path)[SHEET]
    read = CalamineWorkbook.from_path(path).get_sheet_by_name(SHEET).to_python()
    assert [looked["B2"].value, looked["D2"].value] == read[1][1:4:2] == [7, "<改>&"]
    assert [looked["B3"].value, looked["D3"].value, read[2][1], read[2][3]] == [
        None,
        True,
        "",
        True,
    ]
    assert looked["A3"].value == read[2][0] and looked["G3"].value == "=B3*2"


def test_an_unchanged_book_is_saved_as_it_was(path: Path) -> None:
    data = path.read_bytes()
    FileBook.open(path).save()
    assert path.read_bytes() == data


def test_new_cells_take_swatch_row_or_column_style(path: Path) -> None:
    before = parts_of(path)
    book = FileBook.open(path)
    assert book.sheet_names == [SHEET, "其他", "_fzzf"] and book.path == path
    book.write(SHEET, 20, 8, [[1, 2, None]])
    book.write(SHEET, 10, 5, [[date(2019, 12, 20)]])
    book.write(SHEET, 2, 1, [["", date(2019, 12, 20), 5, KEEP]], [["strong", "day", None, "day"]])
    with pytest.raises(KeyError):
        book.write(SHEET, 1, 1, [[1]], [["unknown"]])
    with pytest.raises(KeyError):
        book.write("没有", 1, 1, [[1]])
    book.save_as(copy := path.with_name("副本.xlsx"))
    part = parts_of(copy)[PART].decode()
    strong, day = re.findall(r'r="E[34]" s="(\d+)"', before["xl/worksheets/sheet3.xml"].decode())
    assert cell(part, "H20") == f'<c r="H20" s="{strong}"><v>1</v></c>'
    assert cell(part, "I20") == '<c r="I20"><v>2</v></c>' and not cell(part, "J20")
    assert cell(part, "E10") == f'<c r="E10" s="{day}"><v>43819</v></c>'
    assert cell(part, "A2") == f'<c r="A2" s="{strong}"/>'
    assert cell(part, "B2") == f'<c r="B2" s="{day}"><v>43819</v></c>'
    assert cell(part, "D2") == cell(before[PART], "D2")
    assert '<dimension ref="A1:I20"/>' in part and path.read_bytes() != copy.read_bytes()
    assert book.path == copy and parts_of(path) == before
    assert book.read(SHEET)[1][1] == date(2019, 12, 20)


def test_uncommon_but_legal_rows_and_cells(path: Path) -> None:
    rows = """<sheetData>
     <row><c t="inlineStr"><is><r><rPr><color rgb="FF0000"/></rPr><t>一</t></r></is></c><c><v>2</v></c></row>
     <row/><row s='3' customFormat='1' r='5' spans='2:3'><c s='2' r='B5'><f>1+1</f><v>2</v></c>
       <c r="D5" s="1"></c> <extLst><ext uri="x"/></extLst></row>
     <row r="7" ht="20"/><!-- <row r="8"><c r="A8"/></row> -->
     <row r="9"><c r="C9" t="str"><v><![CDATA[</c>]]></v></c></row>
    </sheetData>"""
    book = rewrite(path, PART, lambda text: HEAD + rows + "</worksheet>")
    book.write(SHEET, 1, 2, [["二", "三"], [KEEP, 4], [None], [5]])
    book.write(SHEET, 5, 1, [[1, 2, 3, None, 5], [], [7], [], [None, KEEP, KEEP, 9]])
    book.save()
    part = parts_of(path)[PART].decode()
    ElementTree.fromstring(part)
    tags = re.findall(r"<row[^>]*>", part)
    assert tags == ["<row>", "<row>", '<row r="4">', "<row s='3' customFormat='1' r='5'>",
                    '<row r="7" ht="20">', '<row r="9">']  # fmt: skip
    assert re.findall(r'<c r="(\w+)"', part) == ["B1", "C1", "C2", "B4", "A5", "B5", "C5", "D5",
                                                 "E5", "A7", "C9", "D9"]  # fmt: skip
    assert cell(part, "A5") == '<c r="A5" s="3"><v>1</v></c>'
    assert cell(part, "B5") == '<c r="B5" s="2"><v>2</v></c>' and "&lt;/c&gt;" in cell(part, "C9")
    assert '<c r="E5" s="3"><v>5</v></c> <extLst><ext uri="x"/></extLst></row>' in part
    values = book.read(SHEET)
    assert values[0][:3] == ["一", "二", "三"] and values[8] == ["", "", "</c>", 9, ""]


def test_cells_of_a_lost_shared_formula_get_their_own(path: Path) -> None:
    shared = (
        '<sheetData><row r="1"><c r="A1"><f t="shared" ref="A1:A3" si="0">B1&amp;C$1</f><v>0</v></c>'
        '</row><row r="2"><c r="A2" s="1"><f si="0" t="shared"/><v>0</v></c></row><row r="3">'
        "<c r='A3'><f t='shared' si='0'></f><v>0</v></c><c r=\"D3\"><f t=\"shared\" ref=\"D3:D4\" "
        'si="1">E3</f></c></row><row r="4"><c r="D4"><f t="shared" si="1"/></c></row></sheetData>'
    )
    book = rewrite(path, PART, lambda text: HEAD + shared + "</worksheet>")
    book.write(SHEET, 1, 1, [["新"]])
    book.write(SHEET, 4, 4, [[1]])
    book.save()
    part = parts_of(path)[PART].decode()
    assert cell(part, "A2") == '<c r="A2" s="1"><f>B2&amp;C$1</f><v>0</v></c>'
    assert "<c r='A3'><f>B3&amp;C$1</f><v>0</v></c>" in part
    assert 'ref="D3:D4" si="1">E3</f>' in part and cell(part, "D4") == '<c r="D4"><v>1</v></c>'


def test_calculation_chain_goes_and_calculation_is_asked_for(path: Path) -> None:
    name = "xl/calcChain.xml"
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/calcChain"
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr(name, "<calcChain/>")
    rewrite(
        path,
        "xl/_rels/workbook.xml.rels",
        lambda text: text.replace(
            "</Relation", f'<Relationship Id="rId99" Type="{kind}" Target="/{name}"/></Relation'
        ),
    )
    rewrite(
        path,
        "[Content_Types].xml",
        lambda text: text.replace(
            "</Types>", f'<Override PartName="/{name}" ContentType="x"/></Types>'
        ),
    )
    before = parts_of(path)
    book = rewrite(path, "xl/workbook.xml", lambda text: re.sub("<calcPr[^>]*>", "", text))
    book.write(
        "其他", 1, 1, [[Formula('1<2&"x"', "TRUEx"), Formula("1=1", True), Formula("1/4", 0.25)]]
    )
    book.save()
    after = parts_of(path)
    assert [part for part in before if part not in after] == [name]
    assert not any(b"calcChain" in data for data in after.values())
    assert re.search(rb'</definedNames><calcPr fullCalcOnLoad="1"/></w', after["xl/workbook.xml"])
    part = after["xl/worksheets/sheet2.xml"]
    assert cell(part, "A1") == '<c r="A1" t="str"><f>1&lt;2&amp;"x"</f><v>TRUEx</v></c>'
    assert cell(part, "B1") == '<c r="B1" t="b"><f>1=1</f><v>1</v></c>'
    assert cell(part, "C1") == '<c r="C1"><f>1/4</f><v>0.25</v></c>'


def test_validation_joins_the_sheets_own(path: Path) -> None:
    rules = [
        Validation(("D2:D4", "D6"), "list", '"是,否"', "题" * 40, '换行\n"提示"' * 60, "请选<是>"),
        Validation(("E1",), "date", "DATE(2000,1,1)", "时限", "日期", "请填日期"),
        Validation(("E2",), "custom", "LEN(E2)<=9", "", "", ""),
        Validation(("E3",), "any", "", "说明", "随意", ""),
    ]
    book = FileBook.open(path)
    book.validate(SHEET, rules)
    book.validate("其他", rules[:1])
    book.save()
    looked = openpyxl.load_workbook(path)
    own, *new = looked[SHEET].data_validations.dataValidation
    assert own.type == "whole" and str(own.sqref) == "B1:B8"
    assert [(rule.type, rule.operator, rule.formula1, str(rule.sqref)) for rule in new] == [
        ("list", None, '"是,否"', "D2:D4 D6"),
        ("date", "greaterThanOrEqual", "DATE(2000,1,1)", "E1"),
        ("custom", None, "LEN(E2)<=9", "E2"),
        (None, None, None, "E3"),
    ]
    assert new[0].promptTitle == "题" * 32 and new[0].prompt == ('换行\n"提示"' * 60)[:255]
    assert new[0].error == "请选<是>" and new[0].showErrorMessage and new[0].allowBlank
    assert b'<dataValidations count="5">' in parts_of(path)[PART]
    assert b'</sheetData><dataValidations count="1">' in parts_of(path)["xl/worksheets/sheet2.xml"]


def test_failed_formulas_read_as_error_cells(path: Path) -> None:
    book = rewrite(
        path,
        "xl/worksheets/sheet2.xml",
        lambda text: text.replace(
            "</row>",
            '<c r="C1" t="e"><f>1/0</f><v>#DIV/0!</v></c><c t="e"><v>#N/A</v></c></row>',
            1,
        ),
    )
    (first, second) = book.read("其他")
    assert first == [28, "", "#DIV/0!", "#N/A"] and second == ["别动", "", "", ""]
    assert isinstance(first[2], ErrorCell) and isinstance(first[3], ErrorCell)


def test_days_count_from_1904_where_the_workbook_says_so(path: Path) -> None:
    book = rewrite(
        path,
        "xl/workbook.xml",
        lambda text: text.replace("<workbookPr", '<workbookPr date1904="1"'),
    )
    moment = datetime(2019, 12, 20, 18, 30)
    book.write("其他", 1, 1, [[date(1904, 1, 2), moment]], [["day", "day"]])
    assert book.read("其他")[0] == [date(1904, 1, 2), moment]
    with pytest.raises(ValueError, match="1903"):
        book.write("其他", 1, 1, [[date(1903, 1, 1)]])


@pytest.mark.parametrize("value", ["长" * 32_768, "😀" * 16_384, float("nan"), Formula("\0", 1)])
def test_what_a_cell_cannot_hold_is_refused(path: Path, value: Value) -> None:
    with pytest.raises(ValueError):
        FileBook.open(path).write(SHEET, 1, 1, [[value]])
    with pytest.raises(ValueError):
        FileBook.open(path).write(SHEET, 1_048_576, 1, [[1], [2]])


def zipped(entries: list[tuple[str, bytes]]) -> bytes:
    with zipfile.ZipFile(memory := io.BytesIO(), "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in entries:
            archive.writestr(name, data)
    return memory.getvalue()


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize(
    "data",
    [b"", b"text", b"\xd0\xcf\x11\xe0old", zipped([("a.xml", b"")]),
     zipped([("xl/workbook.xml", b"a"), ("xl/workbook.xml", b"b")]),
     zipped([(f"{number}", b"") for number in range(MAX_ENTRIES + 1)])],
)  # fmt: skip
def test_no_xlsx_is_refused_with_advice(tmp_path: Path, data: bytes) -> None:
    (path := tmp_path / "坏表.xlsx").write_bytes(data)
    with pytest.raises(BookError, match="坏表.xlsx.*请"):
        FileBook.open(path)
    with pytest.raises(BookError, match="请"):
        FileBook.open(tmp_path / "没有.xlsx")


def test_prefixed_damaged_or_huge_sheets_are_refused(path: Path) -> None:
    data = path.read_bytes()
    far = (
        HEAD
        + '<sheetData><row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData></worksheet>'
    )
    with pytest.raises(BookError, match="Ctrl"):
        rewrite(path, PART, lambda text: far).read(SHEET)
    book = rewrite(path, PART, lambda text: re.sub(r"<(/?)(\w)", r"<\1x:\2", text))
    with pytest.raises(BookError, match="保存一次"):
        book.write(SHEET, 1, 1, [[1]])
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        offset = archive.getinfo(PART).header_offset + 80
    path.write_bytes(data[:offset] + b"\0\0\0\0" + data[offset + 4 :])
    with pytest.raises(BookError, match="已损坏"):
        FileBook.open(path).write(SHEET, 1, 1, [[1]])


def test_a_failed_save_leaves_the_old_file(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    data, book = path.read_bytes(), FileBook.open(path)
    book.write(SHEET, 1, 1, [["新"]])

    def fail(*_: Any) -> None:
        raise OSError("disk")

    with monkeypatch.context() as patch, pytest.raises(OSError, match="disk"):
        patch.setattr(os, "replace", fail)
        book.save()
    assert path.read_bytes() == data and os.listdir(path.parent) == [path.name]
    book.save()
    assert FileBook.open(path).read(SHEET)[0][0] == "新"


@pytest.mark.skipif(not shutil.which("soffice"), reason="LibreOffice is not installed")
def test_libreoffice_shows_values_and_recalculates(path: Path, tmp_path: Path) -> None:
    book = FileBook.open(path)
    texts = ["=1+1", " 空 格 ", "多\n行", "_x0041_\x07", "😀&<b>"]
    book.write(SHEET, 2, 2, [[100, KEEP, "改"]])
    book.write("其他", 3, 1, [texts, [Formula("1+2", 0), True, 2.5]])
    book.save()
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    command = [
        "soffice",
        profile,
        "--headless",
        "--convert-to",
        "xlsx",
        "--outdir",
        tmp_path / "lo",
    ]
    subprocess.run([*command, path], check=True, timeout=60, capture_output=True)
    shown = FileBook.open(tmp_path / "lo" / path.name)
    assert shown.read("其他")[2] == texts and shown.read("其他")[3][:3] == [3, True, 2.5]
    assert shown.read("其他")[0][0] == 127 and shown.read(SHEET)[1][6] == 200


TEXTS = st.text(max_size=12) | st.sampled_from(
    [
        "=1+1",
        " 前",
        "后\n",
        "_x0041_",
        "_x000D\r",
        "_x0041_x0042_",
        "a_x00\x01_",
        "\0",
        "😀",
        "]]>",
        "&#10;",
        "'",
    ]
)
VALUES = st.one_of(
    TEXTS, st.booleans(), st.integers(-(10**15), 10**15), st.none(), st.just(KEEP),
    st.floats(allow_nan=False, allow_infinity=False), st.dates(date(1900, 3, 1)),
)  # fmt: skip


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    sheet=st.sampled_from([SHEET, "其他"]), row=st.integers(1, 30), column=st.integers(1, 30),
    values=st.lists(st.lists(VALUES, max_size=5), max_size=4),
)  # fmt: skip
def test_any_rectangle_reads_back(
    path: Path, sheet: str, row: int, column: int, values: list[list[Value]]
) -> None:
    book = FileBook.open(path)
    wanted: dict[tuple[int, int], Any] = {
        (at, place): value
        for at, line in enumerate(book.read(sheet), 1)
        for place, value in enumerate(line, 1)
    }
    styles = [["day" if isinstance(value, date) else "strong" for value in line] for line in values]
    book.write(sheet, row, column, values, styles)
    for at, line in enumerate(values, row):
        for place, value in enumerate(line, column):
            if value is not KEEP:
                wanted[at, place] = "" if value is None else value
    book.save_as(path.with_name("结果.xlsx"))
    read = {
        (at, place): value
        for at, line in enumerate(FileBook.open(book.path).read(sheet), 1)
        for place, value in enumerate(line, 1)
    }
    for place in wanted.keys() | read.keys():
        got, want = read.get(place, ""), wanted.get(place, "")
        assert got == want and (type(got) is bool) == (type(want) is bool), place
