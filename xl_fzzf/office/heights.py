"""Row heights for wrapped text: LibreOffice and previews don't fit rows to their text by themselves."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from math import ceil

from xl_fzzf.office.tables import Columns

_LINE, _PADDING, _TALLEST = 16.0, 4.0, 400.0


def line_height(columns: Columns, line: Mapping[str, object]) -> float:
    """The height of a table's row, from its longest text."""
    return fitting_height((line.get(column.field), column.width) for column in columns)


def fitting_height(cells: Iterable[tuple[object, float]]) -> float:
    """The height in points in which wrapped texts fit columns of these widths in characters."""
    lines = 1
    for cell, width in cells:
        if isinstance(cell, str) and (2 * len(cell) > width - 1 or "\n" in cell):
            lines = max(lines, lines_needed(cell, width))
    return height(lines)


def height(lines: int) -> float:
    """The height of a row with that many lines of 11 points."""
    return min(lines * _LINE + _PADDING, _TALLEST)


def lines_needed(text: str, width: float, size: float = 11) -> int:
    """How many lines a text takes in a column of that width; Chinese characters count double."""
    room = max(width - 1, 1.0) / (size / 11)
    if len(text) * 2 <= room and "\n" not in text:
        return 1
    lines = text.split("\n")
    # UTF-8 has one byte for what is one digit wide, and three for what is two wide
    widths = ((len(line) + len(line.encode("utf-8", "replace"))) / 2 for line in lines)
    return sum(max(1, ceil(width / room)) for width in widths)
