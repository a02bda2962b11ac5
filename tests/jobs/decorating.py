"""A master as a coordinator leaves it after a year: own sheets, columns, charts, comments, sparklines.

The decorations are made by XlsxWriter in a workbook of their own and grafted into the master's
package as Excel would save them: parts, relations, content types, and the elements of a sheet.
"""

from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib
from pathlib import Path
from typing import Any

Parts = dict[str, bytes]

OWN_SHEET = "科室备注"
_ORDER = """
sheetCalcPr sheetProtection protectedRanges scenarios autoFilter sortState dataConsolidate
customSheetViews mergeCells phoneticPr conditionalFormatting dataValidations hyperlinks
printOptions pageMargins pageSetup headerFooter rowBreaks colBreaks customProperties cellWatches
ignoredErrors smartTags drawing legacyDrawing legacyDrawingHF drawingHF picture oleObjects
controls webPublishItems tableParts extLst
"""  # of a worksheet's elements after its rows: ECMA-376 part 1, 18.3.1.99
AFTER_DATA = tuple(_ORDER.split())
GRAFTED = (
    *("conditionalFormatting", "hyperlinks", "drawing", "legacyDrawing"),
    *("legacyDrawingHF", "tableParts", "extLst"),
)
_ELEMENT = re.compile(rf"<({'|'.join(AFTER_DATA)})(?=[\s/>])(?:[^>]*?/>|.*?</\1>)", re.DOTALL)
_THREADS = (
    '<ThreadedComments xmlns="http://schemas.microsoft.com/office/spreadsheetml/2018/threadedcomments">'
    '<threadedComment ref="S5" dT="2019-09-20T10:00:00.00" personId="{00000000-0000-0000-0000-000000000001}"'
    ' id="{00000000-0000-0000-0000-000000000002}"><text>电话核实过</text></threadedComment></ThreadedComments>'
).encode()


def read_parts(path: Path) -> Parts:
    """Every part of a package by name."""
    with zipfile.ZipFile(path) as package:
        return {name: package.read(name) for name in package.namelist()}


def sheet_part(parts: Parts, name: str) -> str:
    """The part of a sheet by its name."""
    workbook = parts["xl/workbook.xml"].decode()
    relations = parts["xl/_rels/workbook.xml.rels"].decode()
    tag = re.search(rf'<sheet name="{re.escape(name)}"[^>]*r:id="(\w+)"', workbook)
    assert tag, name
    target = re.search(rf'Id="{tag[1]}"[^>]*Target="([^"]+)"', relations)
    assert target
    return "xl/" + target[1]


def split_sheet(xml: str) -> tuple[str, str, str]:
    """A worksheet before its rows, its rows, and after them."""
    start = xml.index("<sheetData>") + len("<sheetData>")
    end = xml.index("</sheetData>")
    return xml[:start], xml[start:end], xml[end:]


def elements_after_data(tail: str) -> dict[str, str]:
    """The elements behind the rows by name; several of a name stand together."""
    found: dict[str, str] = {}
    for match in _ELEMENT.finditer(tail):
        found[match[1]] = found.get(match[1], "") + match[0]
    return found


def decorate(path: Path, sheet: str) -> None:
    """Graft every kind of decoration onto one sheet of a master, and a sheet of its own beside it."""
    parts, donor = read_parts(path), _donor()
    parts |= _renamed_parts(donor)
    target = sheet_part(parts, sheet)
    before, rows, after = split_sheet(parts[target].decode())
    elements = elements_after_data(after)
    given = elements_after_data(split_sheet(donor["xl/worksheets/sheet1.xml"].decode())[2])
    for name in GRAFTED:
        elements[name] = elements.get(name, "") + given[name]
    tail = "".join(elements[name] for name in AFTER_DATA if name in elements)
    before = re.sub(
        r"<worksheet ",
        '<worksheet xmlns:x14ac="http://schemas.microsoft.com/office/spreadsheetml/2009/9/ac" ',
        before,
    )
    parts[target] = (before + _with_cells(rows) + "</sheetData>" + tail + "</worksheet>").encode()
    relations = donor["xl/worksheets/_rels/sheet1.xml.rels"].decode()
    threads = '<Relationship Id="rId77" Type="http://schemas.microsoft.com/office/2017/10/relationships/threadedComment" Target="../threadedComments/threadedComment91.xml"/>'
    parts[_relations_of(target)] = (
        _renamed(relations).replace("</Relationships>", threads + "</Relationships>").encode()
    )
    parts["xl/threadedComments/threadedComment91.xml"] = _THREADS
    parts["customXml/item1.xml"] = "<办公室>不要动</办公室>".encode()
    parts["xl/worksheets/sheet91.xml"] = _own_sheet(donor["xl/worksheets/sheet2.xml"].decode())
    _register(parts)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        for name, data in parts.items():
            package.writestr(name, data)


def _with_cells(rows: str) -> str:
    """Staff's own cells right of the table, in the rows that stand there, and a row of sums below."""
    for number, cell in ((4, "<v>7</v>"), (5, "<f>S4*2</f><v>14</v>")):
        row = re.search(rf'<row [^>]*r="{number}"[^>]*>.*?</row>', rows, re.DOTALL)
        assert row
        rows = rows.replace(row[0], row[0].replace("</row>", f'<c r="S{number}">{cell}</c></row>'))
    last = max(int(n) for n in re.findall(r'<row [^>]*?r="(\d+)"', rows)) + 3
    total = '<c r="A{0}" t="inlineStr"><is><t>合计</t></is></c><c r="S{0}"><f>SUM(S4:S5)</f><v>21</v></c>'
    return rows + f'<row r="{last}" ht="30" customHeight="1">{total.format(last)}</row>'


def _donor() -> Parts:
    import xlsxwriter

    out = io.BytesIO()
    book: Any = xlsxwriter.Workbook(out)
    sheet, other = book.add_worksheet("甲"), book.add_worksheet("乙")
    for at in range(6):
        other.write_row(at, 0, [at, at * at, "说明"])
    for place in (sheet, other):
        place.conditional_format("S4:S5", {"type": "data_bar", "data_bar_2010": True})
        place.conditional_format("S6:S9", {"type": "icon_set", "icon_style": "3_flags"})
        place.add_sparkline("T4", {"range": f"{place.name}!A1:C1", "markers": True})
        place.write_comment("S4", "已电话核实", {"author": "张三"})
        place.write_url("U4", "https://example.invalid/", string="")
        place.insert_image("U6", "点.png", {"image_data": io.BytesIO(_png())})
        place.insert_textbox("U9", "请各科室注意")
        chart = book.add_chart({"type": "column"})
        chart.add_series({"values": "=乙!$B$1:$B$6"})
        place.insert_chart("W4", chart)
        place.set_header("&L&G", {"image_left": "头.png", "image_data_left": io.BytesIO(_png())})
        place.add_table("AA4:AB6", {"name": f"表{place.name}"})
    other.data_validation("E1:E9", {"validate": "list", "source": ["甲", "乙"]})
    other.set_column("A:C", 20, None, {"level": 1, "hidden": True})
    book.close()
    out.seek(0)
    with zipfile.ZipFile(out) as package:
        return {name: package.read(name) for name in package.namelist()}


def _png() -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    size = struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0)
    pixel = zlib.compress(b"\0\xc0\0\0")
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", size) + chunk(b"IDAT", pixel) + chunk(b"IEND", b"")


_NUMBERED = re.compile(
    r"(drawing|vmlDrawing|comments|chart|image|table)(\d)(\.(?:xml|vml|png)(?:\.rels)?)"
)


def _renamed(text: str) -> str:
    return _NUMBERED.sub(lambda m: f"{m[1]}9{m[2]}{m[3]}", text)


def _renamed_parts(donor: Parts) -> Parts:
    """The donor's drawings, charts, comments and so on, under numbers that the master doesn't use."""
    return {
        _renamed(name): _renamed(data.decode()).encode() if name.endswith(".rels") else data
        for name, data in donor.items()
        if _NUMBERED.search(name)
    }


def _own_sheet(xml: str) -> bytes:
    """The donor's second sheet; its strings, which stand in a part of their own, written out."""
    return re.sub(r' t="s"><v>\d+</v>', ' t="inlineStr"><is><t>说明</t></is>', xml).encode()


def _relations_of(part: str) -> str:
    folder, _, name = part.rpartition("/")
    return f"{folder}/_rels/{name}.rels"


def _register(parts: Parts) -> None:
    donor_relations = _donor()["xl/worksheets/_rels/sheet2.xml.rels"].decode()
    parts["xl/worksheets/_rels/sheet91.xml.rels"] = _renamed(donor_relations).encode()
    kinds = "application/vnd.openxmlformats-officedocument."
    overrides = "".join(
        f'<Override PartName="/{name}" ContentType="{kinds}{kind}+xml"/>'
        for name in parts
        for pattern, kind in (
            (r"drawings/drawing9", "drawing"),
            (r"charts/chart9", "drawingml.chart"),
            (r"xl/comments9", "spreadsheetml.comments"),
            (r"tables/table9", "spreadsheetml.table"),
            (r"worksheets/sheet91", "spreadsheetml.worksheet"),
        )
        if re.search(pattern, name) and not name.endswith(".rels")
    )
    defaults = '<Default Extension="png" ContentType="image/png"/>' + (
        f'<Default Extension="vml" ContentType="{kinds}vmlDrawing"/>'
    )
    types = parts["[Content_Types].xml"].decode()
    types = types.replace("<Override", defaults + "<Override", 1)
    parts["[Content_Types].xml"] = types.replace("</Types>", overrides + "</Types>").encode()
    sheet = '<Relationship Id="rId901" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet91.xml"/>'
    relations = parts["xl/_rels/workbook.xml.rels"].decode()
    parts["xl/_rels/workbook.xml.rels"] = relations.replace(
        "</Relationships>", sheet + "</Relationships>"
    ).encode()
    workbook = parts["xl/workbook.xml"].decode()
    workbook = workbook.replace(
        "</sheets>", f'<sheet name="{OWN_SHEET}" sheetId="901" r:id="rId901"/></sheets>'
    )
    names = f"<definedName name=\"办公室\">'{OWN_SHEET}'!$A$1:$C$6</definedName>"
    parts["xl/workbook.xml"] = workbook.replace(
        "</definedNames>", names + "</definedNames>"
    ).encode()
