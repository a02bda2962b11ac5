"""A worksheet's part as text: its rows, where each cell stands, and what cells hold beyond values.

Works on the text, as Excel, WPS, LibreOffice, XlsxWriter and openpyxl write it: no parser gives
back untouched elements as they were, or 60,000 cells in a tenth of a second.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape, unescape
from typing import NamedTuple

from xl_fzzf.office.references import Spot, column_number

_VALUE = r"""\s*=\s*["']"""
ROW = re.compile(rf"(<row(?=[\s/>])(?:(?=[^>]*?\sr{_VALUE}(\d+))|)[^>]*>)")
"""A row's tag, and its number where it says one."""
_CELL = re.compile(
    rf"<c(?=[\s/>])(?:(?=[^>]*?\sr{_VALUE}([A-Z]+))|)(?:(?=[^>]*?\ss{_VALUE}(\d+))|)[^>]*>"
)
_THREE_LETTERS = re.compile(r"""=\s*["'][A-Z]{3}\d""")
_TWO_LETTERS, _ALL_COLUMNS = 26 * 27, 16_384
"""How many columns have names of one or two letters, and how many there are."""
_ROW_NUMBER = re.compile(r"""<row\s(?:[^>]*?\s)??r\s*=\s*["'](\d+)""")
_DATA = re.compile(r"<sheetData(?:\s[^>]*?)?(/?)>")
_DATA_END = "</sheetData>"
_OPAQUE = re.compile(r"<!--.*?-->|<!\[CDATA\[(.*?)\]\]>", re.DOTALL)
_FORMULA = re.compile(r"\s*<f[\s/>]")
_ERROR = re.compile(r"""<c\s[^>]*?\bt\s*=\s*["']e["']""")
_AREA = re.compile(r'<f\s[^>]*?\bref="([A-Z]+)(\d+):([A-Z]+)(\d+)"')
_MERGED = re.compile(r"""<mergeCell\s[^>]*?ref\s*=\s*["']([A-Z]+)(\d+):([A-Z]+)(\d+)""")
_RESULT = re.compile(r"<v(?:\s[^>]*)?>([^<]*)</v>")


class CellText(NamedTuple):
    """One cell in the text of rows: its tag starts at `tag`, its content reaches from `start` to `end`."""

    row: int
    column: int
    style: str | None
    tag: int
    start: int
    end: int

    @property
    def spot(self) -> Spot:
        """Row and column."""
        return self.row, self.column


@dataclass(frozen=True, slots=True)
class SheetPart:
    """A sheet's XML up to its rows, its rows, and from their end on.

    What is no worksheet, or has a namespace prefix, is all `head`.
    """

    head: str
    rows: str = ""
    tail: str = ""

    @classmethod
    def of(cls, text: str) -> SheetPart:
        """The part in three; what is opaque in the rows (comments, CDATA) is made plain."""
        tag = _DATA.search(text)
        if tag and tag[1]:
            return cls(text[: tag.start()] + "<sheetData>", "", _DATA_END + text[tag.end() :])
        end = text.rfind(_DATA_END)
        if not tag or end < 0:
            return cls(text)
        rows = text[tag.end() : end]
        if "<!" in rows:  # a comment or CDATA may hold what looks like a cell
            rows = _OPAQUE.sub(lambda match: escape(match[1] or "", quote=False), rows)
        return cls(text[: tag.end()], rows, text[end:])

    @property
    def is_worksheet(self) -> bool:
        """Whether it holds rows, or could."""
        return bool(self.tail)

    def cells(self, needle: re.Pattern[str] | None = None) -> Iterator[CellText]:
        """The cells in order; rows without the needle are left out."""
        rows = list(ROW.finditer(self.rows))
        ends = [row.start() for row in rows[1:]] + [len(self.rows)]
        at = 0
        for row, end in zip(rows, ends, strict=False):
            at = int(row[2]) if row[2] else at + 1
            if needle is None or needle.search(self.rows, row.end(), end):
                yield from cells_of_row(self.rows, at, row.end(), end)

    def errors(self) -> dict[Spot, str]:
        """What the cells with a failed formula show (#N/A)."""
        rows = self.rows
        if 't="e"' not in rows and "t='e'" not in rows:
            return {}
        return {
            cell.spot: unescape(result[1]) or "#VALUE!"
            for cell in self.cells(_ERROR)
            if _ERROR.match(rows, cell.tag)
            and (result := _RESULT.search(rows, cell.start, cell.end))
        }

    def exceeds(self, most: int) -> bool:
        """Whether A1 to the last row and column that hold anything are more than `most` cells."""
        numbers = [int(number) for number in _ROW_NUMBER.findall(self.rows)]
        last_row = max(numbers, default=0) + self.rows.count("<row") - len(numbers)
        if last_row * _ALL_COLUMNS <= most:
            return False
        if last_row * _TWO_LETTERS <= most and not _THREE_LETTERS.search(self.rows):
            return False
        spots = [cell.spot for cell in self.cells() if cell.end > cell.start]
        return max((r for r, _ in spots), default=0) * max((c for _, c in spots), default=0) > most

    def formulas(self) -> dict[int, set[int]]:
        """The columns of the cells that hold a formula, by row."""
        rows: dict[int, set[int]] = {}
        for cell in self.cells(_FORMULA):
            if _FORMULA.match(self.rows, cell.start):
                rows.setdefault(cell.row, set()).add(cell.column)
        return rows

    def formula_areas(self) -> list[tuple[int, int, int, int]]:
        """The ranges that one formula fills (arrays, spills, shared ones): top, left, bottom, right."""
        return [
            (int(top), column_number(left), int(bottom), column_number(right))
            for left, top, right, bottom in _AREA.findall(self.rows)
        ]

    def merged(self) -> list[tuple[int, int, int, int]]:
        """The merged ranges: top, left, bottom, right."""
        return [
            (int(top), column_number(left), int(bottom), column_number(right))
            for left, top, right, bottom in _MERGED.findall(self.tail)
        ]

    def styles(self) -> dict[Spot, str]:
        """The style ids of all cells."""
        return {cell.spot: cell.style or "0" for cell in self.cells()}

    def empty_styles(self, column: int) -> dict[int, str]:
        """The style ids of a column's empty cells, by row."""
        return {
            cell.row: cell.style or "0"
            for cell in self.cells()
            if cell.column == column and cell.end == cell.start
        }


def cells_of_row(text: str, row: int, start: int, end: int) -> Iterator[CellText]:
    """The cells of a row whose content reaches from `start` to `end`."""
    cells = list(_CELL.finditer(text, start, end))
    ends = [cell.start() for cell in cells[1:]] + [end]
    column = 0
    for cell, after in zip(cells, ends, strict=False):
        column = column_number(cell[1]) if cell[1] else column + 1
        first = cell.end()
        close = first if text[first - 2] == "/" else text.find("</c>", first, after)
        yield CellText(row, column, cell[2], cell.start(), first, max(close, first))
