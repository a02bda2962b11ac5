"""A sheet's values, and its tables: found by their header text, wherever they were moved to."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import zip_longest
from typing import TYPE_CHECKING, cast

from xl_fzzf.model.record import Cell, ErrorCell, blank
from xl_fzzf.office.references import Spot, column_letter

if TYPE_CHECKING:
    from python_calamine import CalamineWorkbook


Grid = Sequence[Sequence[Cell]]
"""Rows of values, all of one length, from A1 on."""


def read_grid(book: CalamineWorkbook, sheet: str, errors: Mapping[Spot, str]) -> list[list[Cell]]:
    """A sheet's values, with room for the failed cells that calamine leaves out; raises CalamineError."""
    rows = book.get_sheet_by_name(sheet).to_python(skip_empty_area=False)
    grid = cast(list[list[Cell]], rows)
    bottom = max((row for row, _ in errors), default=0)
    grid += ([] for _ in range(bottom - len(grid)))
    width = max((column for _, column in errors), default=0)
    width = max([width, *map(len, grid)])
    for cells in grid:
        cells += [""] * (width - len(cells))
    for (row, column), shown in errors.items():
        grid[row - 1][column - 1] = ErrorCell(shown)
    return grid


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table: its name in code, its header text, its width in characters.

    `number_format` is for columns of lists that hold dates, or codes that are kept as text. `also`
    are other headers that staff give the column.
    """

    field: str
    header: str
    width: float
    number_format: str = "General"
    also: tuple[str, ...] = ()


Columns = tuple[Column, ...]


def place_of(columns: Columns, field: str) -> int:
    """Where the column of a field stands among its table's, from 0."""
    return [column.field for column in columns].index(field)


def letter_of(columns: Columns, field: str) -> str:
    """The letter of that column, in a sheet that nobody moved it on yet."""
    return column_letter(place_of(columns, field) + 1)


_UNSEEN = re.compile(r"[\s\u200b-\u200f\u2060\ufeff]+")
_REMARK = re.compile(r"(?<=.)\([^()]*\)$")
HEADER_DEPTH = 60
"""Headers are looked for in this many rows; staff put notes above a table, not pages."""


@dataclass(frozen=True, slots=True)
class Table:
    """A table on a sheet: `header` is its header row and `columns` field → column, both from 1.

    `missing` and `duplicated` are headers that were looked for and not found, or found twice.
    """

    grid: Grid
    header: int
    columns: Mapping[str, int]
    missing: tuple[str, ...]
    duplicated: tuple[str, ...]

    @property
    def letters(self) -> dict[str, str]:
        """The known columns' letters by field."""
        return {field: column_letter(column) for field, column in self.columns.items()}

    @property
    def first(self) -> int:
        """The first data row, from 1."""
        return self.header + 1

    @property
    def bottom(self) -> int:
        """The last row, from 1, that holds anything in a known column; the header's without one."""
        places = [column - 1 for column in self.columns.values()]
        for number in range(len(self.grid), self.header, -1):
            if any(not blank(self.grid[number - 1][place]) for place in places):
                return number
        return self.header

    def rows(self) -> Iterator[tuple[int, dict[str, Cell]]]:
        """Row number (from 1) and values by field of the rows below the header that aren't blank."""
        places = [(field, column - 1) for field, column in self.columns.items()]
        for index in range(self.header, len(self.grid)):
            row = self.grid[index]
            values = {field: row[place] for field, place in places if place < len(row)}
            if not all(blank(value) for value in values.values()):
                yield index + 1, values

    def runs(self) -> Iterator[list[str]]:
        """The known columns in groups that stand side by side, so that staff's columns are kept."""
        run: list[str] = []
        for field, column in sorted(self.columns.items(), key=lambda item: item[1]):
            if run and self.columns[run[-1]] != column - 1:
                yield run
                run = []
            run.append(field)
        if run:
            yield run

    def cell(self, field: str, row: int) -> str:
        """The address of a field in a row: L5; the row alone where the column is missing."""
        column = self.columns.get(field)
        return f"{column_letter(column)}{row}" if column else f"{row}:{row}"


def find_table(grid: Grid, columns: Columns, keys: Sequence[str]) -> Table | None:
    """The table whose header row holds the headers of all `keys`, with the most headers known.

    A header may stand in two rows (分子 below 填报), or go on in the next row.
    """
    wanted = {
        _fold(words): column.field
        for column in reversed(columns)
        for words in (*column.also, column.header)
    }
    best: Table | None = None
    lines: list[list[str]] = []
    for index in range(1, min(len(grid), HEADER_DEPTH) + 1):
        for row in grid[len(lines) : index + 1]:  # not further than the header
            lines.append([_folded(cell, wanted) for cell in row])
        for last, words in _header_lines(index, lines, wanted):
            known = [(wanted[word], at) for at, word in enumerate(words, 1) if word in wanted]
            found = dict(reversed(known))  # of two equal headers the first counts
            if all(k in found for k in keys) and (best is None or len(found) > len(best.columns)):
                missing = tuple(column.header for column in columns if column.field not in found)
                twice = {name for name, at in known if found[name] != at}
                double = tuple(column.header for column in columns if column.field in twice)
                best = Table(grid, last, found, missing, double)
        if best and not best.missing:
            break
    return best


def find_nearly(
    grid: Grid, columns: Columns, keys: Sequence[str], lasting: Sequence[str]
) -> Table | None:
    """The table with all `keys`, or one that has lost one of them but has all `lasting` headers."""
    wanted = [keys, *((key, *lasting) for key in keys)]
    return next((found for each in wanted if (found := find_table(grid, columns, each))), None)


@cache
def _fold(text: str) -> str:
    """A header as it is compared: half width, no white space, no mark or colon at its ends."""
    return _UNSEEN.sub("", unicodedata.normalize("NFKC", text)).strip("*:★")


def _folded(cell: Cell, wanted: Mapping[str, str]) -> str:
    """A cell as a header, without a remark in brackets at its end: 完成值(次)."""
    word = _fold(cell) if isinstance(cell, str) and 0 < len(cell) < 60 else ""
    return word if not word or word in wanted else _REMARK.sub("", word)


def _header_lines(
    index: int, lines: Sequence[Sequence[str]], wanted: Mapping[str, str]
) -> Iterator[tuple[int, Sequence[str]]]:
    """A row (from 1) as a header, and together with the row below; with the header's last row."""
    line = lines[index - 1]
    yield index, line
    if index < len(lines) and any(word in wanted for word in line):
        pairs = zip_longest(line, lines[index], fillvalue="")
        yield (
            index + 1,
            [
                next((word for word in (upper + lower, lower) if word in wanted), upper)
                for upper, lower in pairs
            ],
        )
