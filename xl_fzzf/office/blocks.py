"""The fewest rectangles that cover changed cells and no cell that must stay: each is one call to Excel."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Set
from dataclasses import dataclass
from itertools import groupby

Rows = Mapping[int, Mapping[int, object]]
"""What there is to write, by row and column."""


@dataclass(slots=True)
class Block:
    """A rectangle of cells; all four are inside it, and count from 1."""

    top: int
    left: int
    bottom: int
    right: int


def blocks(rows: Rows, filled: Callable[[int], Set[int]]) -> list[Block]:
    """Rectangles over the cells of `rows`; the others in them are empty, so they may be emptied.

    `filled` says which columns of a row hold something.
    """
    done: list[Block] = []
    growing: list[Block] = []
    for row in sorted(row for row, cells in rows.items() if cells):
        kept = filled(row) - rows[row].keys()
        above = [
            block
            for block in growing
            if block.bottom == row - 1 and not any(block.left <= c <= block.right for c in kept)
        ]
        growing = []
        for left, right in _runs(sorted(rows[row]), kept):
            block = next((b for b in above if b.left <= left and right <= b.right), None)
            if block is None:
                done.append(block := Block(row, left, row, right))
            block.bottom = row
            growing.append(block)
    return done


def even_blocks(rows: Mapping[int, Mapping[int, str]]) -> Iterator[tuple[Block, str]]:
    """Rectangles of cells that bear the same word, and the word."""
    growing: dict[tuple[int, int, str], Block] = {}
    for row in sorted(rows):
        spans = list(_spans(rows[row]))
        for span, block in list(growing.items()):
            if span not in spans or block.bottom != row - 1:
                yield growing.pop(span), span[2]
        for span in spans:
            if span in growing:
                growing[span].bottom = row
            else:
                growing[span] = Block(row, span[0], row, span[1])
    yield from ((block, word) for (_, _, word), block in growing.items())


def _runs(columns: list[int], kept: Set[int]) -> Iterator[tuple[int, int]]:
    """First and last of the columns between which nothing is kept."""
    left = right = columns[0]
    for column in columns[1:]:
        if any(between in kept for between in range(right + 1, column)):
            yield left, right
            left = column
        right = column
    yield left, right


def _spans(words: Mapping[int, str]) -> Iterator[tuple[int, int, str]]:
    """First and last column and word of neighbours that bear the same word."""
    places = enumerate(sorted(words.items()))
    for (_, word), group in groupby(places, lambda item: (item[1][0] - item[0], item[1][1])):
        columns = [column for _, (column, _) in group]
        yield columns[0], columns[-1], word
