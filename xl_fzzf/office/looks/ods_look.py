"""The second look into .ods: one pass over content.xml, which repeats rows and cells by number."""

from __future__ import annotations

import io
from collections.abc import Mapping
from xml.etree.ElementTree import Element, ParseError, iterparse

from xl_fzzf.model.submission import Trait
from xl_fzzf.office.looks.file_formats import PASSWORD
from xl_fzzf.office.looks.look import MOST_CELLS, SheetLook, Span, Spot
from xl_fzzf.office.looks.xml_part import MOST_XML, is_xml, plain_xml
from xl_fzzf.office.xlsx.package import packed
from xl_fzzf.office.xlsx.zipped import BookError, Zipped

_NAMES = "urn:oasis:names:tc:opendocument:xmlns:"
_TABLE, _OFFICE = f"{{{_NAMES}table:1.0}}", f"{{{_NAMES}office:1.0}}"
_TEXT, _DRAW = f"{{{_NAMES}text:1.0}}", f"{{{_NAMES}drawing:1.0}}"
_VALUE_TYPES = (
    f"{_OFFICE}value-type",
    "{urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0}value-type",
)
_CONTENT, _MANIFEST, _TYPE = "content.xml", "META-INF/manifest.xml", "mimetype"
_FAILED = ("#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!", "Err:")
_TRAITS = {
    f"{_OFFICE}annotation": (Trait.COMMENTS, "批注"),
    f"{_DRAW}image": (Trait.EMBEDDED, "图片"),
    f"{_DRAW}object": (Trait.EMBEDDED, "嵌入的文件"),
    f"{_DRAW}control": (Trait.EMBEDDED, "控件"),
    f"{_TABLE}table-source": (Trait.LINKS, "其他工作簿的链接"),
    f"{_TABLE}cell-range-source": (Trait.LINKS, "其他工作簿的链接"),
    f"{_TABLE}dde-link": (Trait.LINKS, "DDE 链接"),
}
_FETCHING = ("'file:", "WEBSERVICE(", "DDE(")


class OdsLook:
    """An .ods file, all of its sheets looked through at once."""

    def __init__(self, zipped: Zipped) -> None:
        self.traits: dict[Trait, str] = {}
        self._sheets: dict[str, SheetLook] = {}
        xml = [part for part in zipped if is_xml(part)]
        if sum(map(zipped.size, xml)) > MOST_XML:
            raise zipped.abnormal("内容过多或过大")
        plain = {part: plain_xml(zipped, part) for part in xml}
        for part in (_CONTENT, _MANIFEST):
            if part.lower() not in plain:
                raise zipped.damaged(part)
        if b"encryption-data" in plain[_MANIFEST.lower()]:
            raise BookError(PASSWORD)
        if any(part.startswith(("basic/", "scripts/")) for part in zipped):
            self.traits[Trait.MACROS] = "宏"
        try:
            self._walk(plain[_CONTENT])
        except ParseError as error:
            raise zipped.damaged(_CONTENT) from error
        self.data = packed(
            {
                _TYPE: zipped.data(_TYPE),
                _MANIFEST: plain[_MANIFEST.lower()],
                _CONTENT: plain[_CONTENT],
            }
        )

    def errors(self, sheet: str) -> Mapping[Spot, str]:
        """What the cells with a failed formula show."""
        return self._sheets[sheet].errors if sheet in self._sheets else {}

    def sheet(self, sheet: str, columns: frozenset[int]) -> SheetLook:
        """A sheet beyond its values."""
        return self._sheets.get(sheet, SheetLook())

    def _walk(self, content: bytes) -> None:
        sheet = _Sheet("")
        for event, element in iterparse(io.BytesIO(content), events=("start", "end")):
            if event == "start":
                if element.tag == f"{_TABLE}table":
                    sheet = _Sheet(element.get(f"{_TABLE}name", ""))
                    self._sheets.setdefault(sheet.name, sheet.look)
                continue
            if element.tag in _TRAITS:
                trait, what = _TRAITS[element.tag]
                self.traits.setdefault(trait, what)
            elif element.tag == f"{_TABLE}table-column":
                sheet.add_columns(element)
            elif element.tag == f"{_TABLE}table-row":
                sheet.add_row(element)
                element.clear()
                if sheet.fetches:
                    self.traits[Trait.LINKS] = "取网络或外部数据的公式"
            elif element.tag == f"{_TABLE}null-date" and "1904" in element.get(
                f"{_TABLE}date-value", ""
            ):
                self.traits[Trait.DATES_1904] = "日期从 1904 年算起"


class _Sheet:
    """A sheet on the way: how far rows and columns are, and where the last content stood."""

    def __init__(self, name: str) -> None:
        self.name, self.look = name, SheetLook()
        self.row = self.column = self.last_row = self.last_column = 0
        self.fetches = False

    def add_columns(self, element: Element) -> None:
        count = _repeated(element, "columns")
        if _is_hidden(element):
            last = min(self.column + count, 16_384)
            self.look.hidden_columns.update(range(self.column + 1, last + 1))
        self.column += count

    def add_row(self, element: Element) -> None:
        count, column, filled = _repeated(element, "rows"), 0, False
        for cell in element:
            if cell.tag not in (f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell"):
                continue
            width = _repeated(cell, "columns")
            self.add_span(cell, column + 1)
            if (
                _value_type(cell)
                or cell.get(f"{_TABLE}formula")
                or cell.find(f"{_TEXT}p") is not None
            ):
                filled = True
                self.last_column = max(self.last_column, column + width)
                self.add_cells(cell, count, range(column + 1, column + width + 1))
            column += width
        if filled:
            self.last_row = self.row + count
            if self.last_row * self.last_column > MOST_CELLS:
                raise BookError(
                    f"工作表“{self.name}”在离表格很远的地方有内容。请删除多余的行和列后重新报送"
                )
            if _is_hidden(element):
                self.look.hidden_rows.update(range(self.row + 1, self.row + count + 1))
        self.row += count

    def add_span(self, cell: Element, column: int) -> None:
        rows = _number(cell.get(f"{_TABLE}number-rows-spanned"))
        columns = _number(cell.get(f"{_TABLE}number-columns-spanned"))
        if rows > 1 or columns > 1:
            top = self.row + 1
            self.look.merges.append(Span(top, top + rows - 1, column, column + columns - 1))

    def add_cells(self, cell: Element, rows: int, columns: range) -> None:
        texts = cell.findall(f"{_TEXT}p")
        shown = "".join("".join(text.itertext()) for text in texts) if texts else None
        formula, kind = cell.get(f"{_TABLE}formula"), _value_type(cell)
        if not formula and kind not in ("percentage", "float", "currency"):
            return
        self.fetches |= any(name in (formula or "") for name in _FETCHING)
        if rows * len(columns) > MOST_CELLS:
            return  # add_row refuses the sheet
        for spot in ((row, c) for row in range(self.row + 1, self.row + rows + 1) for c in columns):
            self.add_cell(spot, formula or "", kind, shown)

    def add_cell(self, spot: Spot, formula: str, kind: str, shown: str | None) -> None:
        if formula and (kind == "error" or (shown or "").startswith(_FAILED)):
            self.look.errors[spot] = shown or "#VALUE!"
            return
        if formula:
            self.look.formulas[spot] = formula.removeprefix("of:=")
            if shown is None and not kind:
                self.look.uncalculated.add(spot)
        if kind == "percentage":
            self.look.formats[spot] = "0%"
        elif kind in ("float", "currency") and not shown:
            self.look.formats[spot] = ";;;"


def _value_type(cell: Element) -> str:
    found = {cell.get(name, "") for name in _VALUE_TYPES}
    return "error" if "error" in found else cell.get(_VALUE_TYPES[0], "")


def _repeated(element: Element, what: str) -> int:
    return _number(element.get(f"{_TABLE}number-{what}-repeated"))


def _number(text: str | None) -> int:
    return int(text) if text and text.isdecimal() and len(text) < 10 else 1


def _is_hidden(element: Element) -> bool:
    return element.get(f"{_TABLE}visibility") in ("collapse", "filter")
