"""The fewest rectangles that cover changed cells and no cell that must stay: each is one call to Excel."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Set
from dataclasses import dataclass


@dataclass(slots=True)
class Rectangle:
    """A rectangle of cells; all four are inside it, and count from 1."""

    top: int
    left: int
    bottom: int
    right: int


def covering_rectangles(
    rows: Mapping[int, Mapping[int, object]], filled: Callable[[int], Set[int]]
) -> list[Rectangle]:
    """Rectangles over the cells of `rows`; the others in them are empty, so they may be emptied.

    `rows` is what there is to write by row and column; `filled` says which columns of a row hold
    something.
    """
    done: list[Rectangle] = []
    growing: list[Rectangle] = []
    for row in sorted(row for row, cells in rows.items() if cells):
        kept = filled(row) - rows[row].keys()
        above = [
            one
            for one in growing
            if one.bottom == row - 1 and not any(one.left <= column <= one.right for column in kept)
        ]
        growing = []
        for left, right in _runs(sorted(rows[row]), kept):
            wide = next((one for one in above if one.left <= left and right <= one.right), None)
            if wide is None:
                done.append(wide := Rectangle(row, left, row, right))
            wide.bottom = row
            growing.append(wide)
    return done


def even_rectangles(rows: Mapping[int, Mapping[int, str]]) -> Iterator[tuple[Rectangle, str]]:
    """Rectangles of cells that bear the same word, and the word."""
    words = dict.fromkeys(word for cells in rows.values() for word in cells.values())
    last = max((column for cells in rows.values() for column in cells), default=0)
    everything = frozenset(range(1, last + 1))
    for word in words:
        own = {
            row: {column: word for column, other in cells.items() if other == word}
            for row, cells in rows.items()
        }
        for rectangle in covering_rectangles(own, lambda _: everything):
            yield rectangle, word


def _runs(columns: list[int], kept: Set[int]) -> Iterator[tuple[int, int]]:
    """First and last of the columns between which nothing is kept."""
    left = right = columns[0]
    for column in columns[1:]:
        if any(between in kept for between in range(right + 1, column)):
            yield left, right
            left = column
        right = column
    yield left, right
