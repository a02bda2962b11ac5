"""Rows of values and styles that are filled in any order, then written as one rectangle."""

from __future__ import annotations

from collections.abc import Sequence

from xl_fzzf.office.book import Value

Row = list[Value]


class Lines:
    """Rows of one width that are filled in any order."""

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
