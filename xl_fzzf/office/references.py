"""Cells by their letters and numbers, as formulas write them, and links to them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

from xl_fzzf.office.book import Formula

Spot = tuple[int, int]
"""A cell's row and column, from 1."""

LAST_ROW, LAST_COLUMN = 1_048_576, 16_384
"""How far a sheet reaches."""

_LONGEST = 255
"""Excel refuses a file with a longer text inside a formula."""

_CONTROL = re.compile(r"[\x00-\x1f\ud800-\udfff\ufffe\uffff]")


def reference(sheet: str, cell: str) -> str:
    """A reference to a cell or range of another sheet, in formula text."""
    quoted = sheet.replace("'", "''")
    return f"'{quoted}'!{cell}"


@cache
def column_letter(column: int) -> str:
    """The letters of a column number (from 1): 27 is AA."""
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


@cache
def column_number(letters: str) -> int:
    """The number (from 1) of a column's letters: AA is 27."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def row_ranges(letter: str, rows: Iterable[int]) -> tuple[str, ...]:
    """The fewest ranges of one column that cover the rows: K5:K9 K12."""
    ranges: list[list[int]] = []
    for row in sorted(rows):
        if ranges and ranges[-1][1] == row - 1:
            ranges[-1][1] = row
        else:
            ranges.append([row, row])
    return tuple(
        f"{letter}{first}" if first == last else f"{letter}{first}:{letter}{last}"
        for first, last in ranges
    )


def link(sheet: str, cell: str, words: str | float, printed: bool = False) -> Formula:
    """A link to a cell of the same workbook that works in Excel, WPS and LibreOffice.

    A `printed` one leads within the PDF that LibreOffice makes. The words may come from a received file (a sheet's name): what a formula can't hold is left out. A number stays one.
    """
    target = reference(sheet, cell).replace('"', '""')
    if printed:
        target = ".".join(target.rsplit("!", 1))
    if not isinstance(words, str):
        return Formula(f'HYPERLINK("#{target}",{words!r})', words)
    words = _CONTROL.sub(" ", words)
    words = words if len(words) <= _LONGEST else words[: _LONGEST - 1] + "…"
    shown = words.replace('"', '""')
    return Formula(f'HYPERLINK("#{target}","{shown}")', words)
