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
