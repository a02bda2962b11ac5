"""Rows and cells as the standard allows them, patched without losing any."""

from __future__ import annotations

import re
from xml.etree import ElementTree

from xl_fzzf.office.book import Value
from xl_fzzf.office.xlsx.cell_values import tail_of
from xl_fzzf.office.xlsx.sheet_changes import Changes, patched
from xl_fzzf.office.xlsx.sheet_part import SheetPart

HEAD = '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'


def sheet_of(rows: str, before: str = "") -> str:
    return f"{HEAD}{before}<sheetData>{rows}</sheetData><pageMargins/></worksheet>"


def write(text: str, cells: dict[int, dict[int, Value]]) -> str:
    tails = {row: {at: tail_of(x) for at, x in line.items()} for row, line in cells.items()}
    text = patched(SheetPart.of(text), Changes(tails))
    ElementTree.fromstring(text)
    return text


def cell(text: str, place: str) -> str:
    found = re.search(rf"""<c r=["']{place}["'][^>]*?(?:/>|>.*?</c>)""", text)
    return found[0] if found else ""


def test_uncommon_but_legal_rows_and_cells() -> None:
    text = write(
        sheet_of("""
        <row><c t="inlineStr"><is><r><rPr><color rgb="0"/></rPr><t>一</t></r></is></c><c/></row>
        <row/><row s='3' customFormat='1' r='5' spans='2:3'><c s='2' r='B5'><f>1+1</f><v>2</v></c>
        <c r="D5" s="1"></c> <extLst><ext uri="x"/></extLst></row><row r="7" ht="20"/>
        <!-- <row r="8"><c r="A8"/></row> --><row r="8"><extLst/></row>
        <row r="9"><c r="C9" t="str"><v><![CDATA[</c>]]></v></c></row>"""),
        {
            1: {2: "二", 3: "三"},
            2: {3: 4},
            3: {2: None},
            4: {2: 5},
            5: {1: 1, 2: 2, 3: 3, 4: None, 5: 5},
            7: {1: 7},
            8: {1: 8},
            9: {1: None, 4: 9},
        },
    )
    tags = "<row> <row> <row r=\"4\"> <row s='3' customFormat='1' r='5'> <row r=\"7\" ht=\"20\">"
    assert " ".join(re.findall(r"<row[^>]*>", text)) == tags + ' <row r="8"> <row r="9">'
    places = "B1 C1 C2 B4 A5 B5 C5 D5 E5 A7 A8 C9 D9"
    assert " ".join(re.findall(r'<c r="(\w+)"', text)) == places
    assert '<t>一</t></r></is></c><c r="B1" t="inlineStr"><is><t>二</t></is></c><c r="C1"' in text
    assert cell(text, "A5") == '<c r="A5" s="3"><v>1</v></c>'
    assert cell(text, "B5") == '<c r="B5" s="2"><v>2</v></c>'
    assert '<c r="E5" s="3"><v>5</v></c> <extLst><ext uri="x"/></extLst></row>' in text
    assert cell(text, "C9") == '<c r="C9" t="str"><v>&lt;/c&gt;</v></c>'


def test_an_empty_sheet_gets_rows() -> None:
    before = '<dimension ref="A1"/><cols><col min="2" max="3" style="7"/></cols>'
    text = f"{HEAD}{before}<sheetData/></worksheet>"
    text = write(text, {3: {4: 1, 2: True}, 2: {1: None}})
    row = '<row r="3"><c r="B3" s="7" t="b"><v>1</v></c><c r="D3"><v>1</v></c></row>'
    assert text.endswith(f"</cols><sheetData>{row}</sheetData></worksheet>")
    assert '<dimension ref="A1:D3"/>' in text


def test_cells_of_a_lost_shared_formula_get_their_own() -> None:
    text = sheet_of(
        """<row r="1"><c r="A1"><f t="shared" ref="A1:A3" si="0">B1&amp;C$1</f><v>0</v></c></row>
        <row r="2"><c r="A2" s="1"><f si="0" t="shared"/><v>0</v></c></row>
        <row r="3"><c r='A3'><f t='shared' si='0'></f><v>0</v></c>
        <c r="D3"><f t="shared" ref="D3:D4" si="1">E3</f></c></row>
        <row r="4"><c r="D4"><f t="shared" si="1"/></c></row>"""
    )
    text = write(text, {1: {1: "新"}, 4: {4: 1}})
    assert cell(text, "A2") == '<c r="A2" s="1"><f>B2&amp;C$1</f><v>0</v></c>'
    assert cell(text, "A3") == "<c r='A3'><f>B3&amp;C$1</f><v>0</v></c>"
    assert cell(text, "D3") == '<c r="D3"><f t="shared" ref="D3:D4" si="1">E3</f></c>'
    assert cell(text, "D4") == '<c r="D4"><v>1</v></c>'


def test_prefixed_and_huge_sheets_are_told() -> None:
    text = sheet_of('<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>')
    empty = text.replace("<v>1</v>", "")
    assert SheetPart.of(text).exceeds(5_000_000) and not SheetPart.of(empty).exceeds(5_000_000)
    prefixed = re.sub(r"<(/?)(\w)", r"<\1x:\2", text)
    assert SheetPart.of(text).is_worksheet and not SheetPart.of(prefixed).is_worksheet
