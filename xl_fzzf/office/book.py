"""What can be written to a workbook that is edited in place: values, formats by name, validation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, NamedTuple


class Formula(NamedTuple):
    """A formula (without `=`) and the result that a reader which does not calculate shall see."""

    text: str
    cached: str | float | bool


class _Keep:
    __slots__ = ()


KEEP: Final = _Keep()
"""Stands in a rectangle for a cell that is left exactly as it is."""

Value = str | float | bool | date | Formula | _Keep | None
"""What can be written: a str is always text, never a formula; None empties a cell, its format stays."""

Row = list[Value]
Rows = Sequence[Sequence[Value]]


SWATCH_SHEET = "_fzzf"
SWATCH_COLUMN = 4
"""Where a workbook keeps one empty cell of each named style, from 0; the names are one column to the
left. Programs renumber styles when they save, and these cells with them."""


@dataclass(frozen=True, slots=True)
class Validation:
    """Data validation with a Chinese prompt on the cells of `ranges` (`K5:K9`).

    `kind` is "list", "custom", "date" or "any" (prompt only); `formula` is the list's text, the
    custom condition, or the earliest date's formula.
    """

    ranges: tuple[str, ...]
    kind: str
    formula: str
    title: str
    prompt: str
    error: str


class Lines:
    """Rows of one width that are filled in any order, then written as one rectangle."""

    def __init__(self, width: int) -> None:
        self.width = width
        self.values: list[Row] = []
        self.styles: list[list[str | None]] = []

    def put(
        self, row: int, values: Sequence[Value], style: str, first: str = "", left: int = 1
    ) -> None:
        """Write values into a row (from 1) from column `left`, the first in a style of its own."""
        self.blank_to(row)
        for offset, value in enumerate(values):
            column = left - 1 + offset
            if column < self.width:
                self.values[row - 1][column] = value
                self.styles[row - 1][column] = first if first and not offset else style

    def blank_to(self, row: int) -> None:
        """Have at least that many rows."""
        while len(self.values) < row:
            self.values.append([None] * self.width)
            self.styles.append(["plain"] * self.width)
