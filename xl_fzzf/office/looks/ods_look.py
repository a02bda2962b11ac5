"""The second look into .ods: one pass over content.xml, which repeats rows and cells by number."""

from __future__ import annotations

import io
import re
from collections.abc import Set
from xml.etree.ElementTree import Element, ParseError, iterparse

from xl_fzzf.model.finding import is_notes
from xl_fzzf.model.submission import Trait, strike
from xl_fzzf.office.looks import traits
from xl_fzzf.office.looks.file_formats import PASSWORD
from xl_fzzf.office.looks.look import FAILED, Look, SheetLook, Span
from xl_fzzf.office.looks.xml_part import plain_parts
from xl_fzzf.office.references import Spot
from xl_fzzf.office.xlsx.package import BookError, Package, packed

_NAMES = "urn:oasis:names:tc:opendocument:xmlns:"
_TABLE, _OFFICE = f"{{{_NAMES}table:1.0}}", f"{{{_NAMES}office:1.0}}"
_STYLE = f"{{{_NAMES}style:1.0}}"
_TEXT, _DRAW = f"{{{_NAMES}text:1.0}}", f"{{{_NAMES}drawing:1.0}}"
_VALUE_TYPES = (
    f"{_OFFICE}value-type",
    "{urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0}value-type",
)
_CONTENT, _MANIFEST, _TYPE = "content.xml", "META-INF/manifest.xml", "mimetype"
_BLANKS = (
    (re.compile(rb"<text:tab(?:\s[^>]*)?/>"), b"\t"),
    (re.compile(rb"<text:line-break(?:\s[^>]*)?/>"), b"\n"),
)
_FAILED = ("#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!", "Err:")
_TRAITS = {
    f"{_OFFICE}annotation": traits.COMMENTS,
    f"{_DRAW}image": traits.PICTURES,
    f"{_DRAW}object": traits.FILES,
    f"{_DRAW}control": traits.CONTROLS,
    f"{_TABLE}table-source": traits.LINKS,
    f"{_TABLE}cell-range-source": traits.LINKS,
    f"{_TABLE}dde-link": (Trait.LINKS, "DDE 链接"),
}
_FETCHES = ("'file:", "WEBSERVICE(", "DDE(")


class OdsLook(Look):
    """An .ods file."""

    def __init__(self, package: Package) -> None:
        super().__init__()
        self._struck: set[str] = set()
        plain = plain_parts(package)
        for part in (_CONTENT, _MANIFEST):
            if part.lower() not in plain:
                raise package.damaged(part)
        manifest, content = plain[_MANIFEST.lower()], plain[_CONTENT]
        if b"encryption-data" in manifest:
            raise BookError(PASSWORD)
        if any(part.startswith(("basic/", "scripts/")) for part in package):
            self.traits.setdefault(*traits.MACROS)
        try:
            self._walk(content)
        except ParseError as error:
            raise package.damaged(_CONTENT) from error
        for mark, blank in _BLANKS:  # calamine leaves them out
            content = mark.sub(blank, content)
        self.data = packed({_TYPE: package.data(_TYPE), _MANIFEST: manifest, _CONTENT: content})

    def _walk(self, content: bytes) -> None:
        sheet = _Sheet("", self._struck)
        for event, element in iterparse(io.BytesIO(content), events=("start", "end")):
            tag = element.tag
            if event == "start":
                if tag == f"{_TABLE}table":
                    sheet = _Sheet(element.get(f"{_TABLE}name", ""), self._struck)
                    self._sheets.setdefault(sheet.look.name, sheet.look)
            elif tag in _TRAITS and not _is_ours(element):
                self.traits.setdefault(*_TRAITS[tag])
            elif tag == f"{_STYLE}style" and _strikes(element):
                self._struck.add(element.get(f"{_STYLE}name", ""))
            elif tag == f"{_TABLE}table-column":
                sheet.add_columns(element)
            elif tag == f"{_TABLE}table-row":
                sheet.add_row(element)
                element.clear()
                if sheet.fetches:
                    self.traits.update([traits.FETCHING])
            elif tag == f"{_TABLE}null-date" and "1904" in element.get(f"{_TABLE}date-value", ""):
                self.traits.setdefault(*traits.FROM_1904)


def _is_ours(element: Element) -> bool:
    """Whether it is a comment that a check wrote."""
    lines = ("".join(line.itertext()) for line in element.iterfind(f"{_TEXT}p"))
    return element.tag == f"{_OFFICE}annotation" and is_notes("\n".join(lines))


class _Sheet:
    """A sheet on the way: how far rows and columns are."""

    def __init__(self, name: str, struck: Set[str]) -> None:
        self.look = SheetLook(name)
        self.struck = struck
        self.row = self.column = 0
        self.fetches = False

    def add_columns(self, element: Element) -> None:
        count = _repeated(element, "columns")
        if _is_hidden(element):
            self.look.hide_columns(self.column + 1, self.column + count)
        self.column += count

    def add_row(self, element: Element) -> None:
        count, column, filled = _repeated(element, "rows"), 0, False
        for cell in element:
            if cell.tag not in (f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell"):
                continue
            width = _repeated(cell, "columns")
            self.add_span(cell, column + 1)
            if _is_filled(cell):
                filled = True
                self.look.reach(self.row + count, column + width)
                self.add_cells(cell, count, range(column + 1, column + width + 1))
            column += width
        if filled and _is_hidden(element):
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
        if self.struck and (words := self.say_struck(cell)) is not None:
            spots = ((self.row + n, column) for n in range(1, rows + 1) for column in columns)
            self.look.struck.update(dict.fromkeys(spots, words))
        formula, kind = cell.get(f"{_TABLE}formula", ""), _value_type(cell)
        if not formula and kind not in ("percentage", "float", "currency"):
            return
        self.fetches |= any(name in formula for name in _FETCHES)
        for spot in ((row, c) for row in range(self.row + 1, self.row + rows + 1) for c in columns):
            self.add_cell(spot, formula, kind, shown)

    def say_struck(self, cell: Element) -> str | None:
        """A cell's text with what is struck in it marked, nothing for all of it; None where none is."""
        if cell.get(f"{_TABLE}style-name") in self.struck:
            return ""
        spans = [
            span
            for span in cell.iter(f"{_TEXT}span")
            if span.get(f"{_TEXT}style-name") in self.struck
        ]
        if not spans:
            return None
        for span in spans:
            span.text, words = strike("".join(span.itertext())), list(span)
            for word in words:
                span.remove(word)
        return "\n".join("".join(text.itertext()) for text in cell.findall(f"{_TEXT}p"))

    def add_cell(self, spot: Spot, formula: str, kind: str, shown: str | None) -> None:
        if formula and (kind == "error" or (shown or "").startswith(_FAILED)):
            self.look.errors[spot] = shown or FAILED
            return
        if formula:
            self.look.formulas[spot] = formula.removeprefix("of:=")
            if shown is None and not kind:
                self.look.uncalculated.add(spot)
        if kind == "percentage":
            self.look.formats[spot] = "0%"
        elif kind in ("float", "currency") and not shown:
            self.look.formats[spot] = ";;;"


def _strikes(style: Element) -> bool:
    """Whether a style's text is struck through."""
    properties = style.find(f"{_STYLE}text-properties")
    kinds = (f"{_STYLE}text-line-through-{what}" for what in ("style", "type"))
    return properties is not None and any(properties.get(k, "none") != "none" for k in kinds)


def _is_filled(cell: Element) -> bool:
    said = _value_type(cell) or cell.get(f"{_TABLE}formula")
    return bool(said) or cell.find(f"{_TEXT}p") is not None


def _value_type(cell: Element) -> str:
    found = {cell.get(name, "") for name in _VALUE_TYPES}
    return "error" if "error" in found else cell.get(_VALUE_TYPES[0], "")


def _repeated(element: Element, what: str) -> int:
    return _number(element.get(f"{_TABLE}number-{what}-repeated"))


def _number(text: str | None) -> int:
    return int(text) if text and text.isdecimal() and len(text) < 10 else 1


def _is_hidden(element: Element) -> bool:
    return element.get(f"{_TABLE}visibility") in ("collapse", "filter")
