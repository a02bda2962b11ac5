"""What can be written to a workbook that is edited in place: values, formats by name, validation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, NamedTuple

from xl_fzzf.model.record import fit


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


_SURELY_SHORT = 16_000


def fitted(values: Rows) -> list[Row]:
    """A rectangle as cells can hold it: what is quoted from a file that came in may be of any length,
    and of any year."""
    return [[_fitted(value) for value in row] for row in values]


def _fitted(value: Value) -> Value:
    if isinstance(value, Formula):
        return (
            value._replace(cached=_short(value.cached)) if isinstance(value.cached, str) else value
        )
    if isinstance(value, str):
        return _short(value)
    return fit(value) if isinstance(value, date) else value


def _short(text: str) -> str:
    return text if len(text) < _SURELY_SHORT else str(fit(text))


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
