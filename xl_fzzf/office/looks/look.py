"""The second look: what cells hold beyond the values that calamine gives, the same for all formats."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol

from xl_fzzf.model.submission import Trait
from xl_fzzf.office.references import column_letter

Spot = tuple[int, int]
"""A cell's row and column, from 1."""

MOST_CELLS = 2_000_000
"""A return has some thousand cells; calamine keeps a sheet's whole rectangle in memory."""


class Span(NamedTuple):
    """A merged range: first and last row, first and last column, from 1."""

    top: int
    bottom: int
    left: int
    right: int

    def __str__(self) -> str:
        return f"{column_letter(self.left)}{self.top}:{column_letter(self.right)}{self.bottom}"


@dataclass(slots=True)
class SheetLook:
    """One sheet: failed cells by what they show, formulas by their text, and the rest by its name.

    `formats` holds the number formats of cells whose format may show something else than the value.
    """

    errors: dict[Spot, str] = field(default_factory=dict)
    formulas: dict[Spot, str] = field(default_factory=dict)
    uncalculated: set[Spot] = field(default_factory=set)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    merges: list[Span] = field(default_factory=list)
    formats: dict[Spot, str] = field(default_factory=dict)


class Look(Protocol):
    """A received file that was looked through: what calamine is to read, and what it would not say."""

    data: bytes
    traits: dict[Trait, str]

    def errors(self, sheet: str) -> Mapping[Spot, str]:
        """What the cells with a failed formula show."""

    def sheet(self, sheet: str, columns: frozenset[int]) -> SheetLook:
        """A sheet beyond its values, as far as these columns go."""
