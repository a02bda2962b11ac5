"""The second look: what cells hold beyond the values that calamine gives, the same for all formats."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import KW_ONLY, dataclass, field
from typing import NamedTuple

from xl_fzzf.model.submission import Trait, strike
from xl_fzzf.office.looks.number_formats import may_mislead
from xl_fzzf.office.references import Spot, column_letter
from xl_fzzf.office.xlsx.package import BookError

MOST_CELLS = 2_000_000
"""A return has some thousand cells; calamine keeps a sheet's whole rectangle in memory."""

FAILED = "#VALUE!"
"""What a failed cell shows that doesn't say how it failed."""


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

    `formats` holds the number formats of cells whose format may show something else than the value,
    `struck` the cells with text that is struck through: that text, or nothing where it is all of it.
    """

    name: str = ""
    _: KW_ONLY
    errors: dict[Spot, str] = field(default_factory=dict)
    formulas: dict[Spot, str] = field(default_factory=dict)
    uncalculated: set[Spot] = field(default_factory=set)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    merges: list[Span] = field(default_factory=list)
    formats: dict[Spot, str] = field(default_factory=dict)
    struck: dict[Spot, str] = field(default_factory=dict)
    last_row: int = 0
    last_column: int = 0

    def reach(self, row: int, column: int) -> None:
        """Take note of a cell that holds something; BookError where the sheet gets too large."""
        if row > self.last_row or column > self.last_column:
            self.last_row = max(self.last_row, row)
            self.last_column = max(self.last_column, column)
            if self.last_row * self.last_column > MOST_CELLS:
                raise vast(self.name)

    def add_format(self, spot: Spot, code: str) -> None:
        """Keep a cell's number format if it may show something else than the value."""
        if code and may_mislead(code):
            self.formats[spot] = code

    def hide_columns(self, first: int, last: int, most: int = 16_384) -> None:
        """Take note of hidden columns, from 1; there are no more than `most`."""
        self.hidden_columns.update(range(first, min(last, most) + 1))


class Look:
    """A received file that was looked through: what calamine is to read, and what it would not say.

    All sheets are gone through as the file is opened.
    """

    def __init__(self, data: bytes = b"") -> None:
        self.data = data
        self.traits: dict[Trait, str] = {}
        self._sheets: dict[str, SheetLook] = {}

    def errors(self, sheet: str) -> Mapping[Spot, str]:
        """What the cells with a failed formula show."""
        return self._sheets[sheet].errors if sheet in self._sheets else {}

    def sheet(self, sheet: str, columns: frozenset[int]) -> SheetLook:
        """A sheet beyond its values, at least as far as these columns go."""
        return self._sheets.get(sheet, SheetLook())


def strike_runs(text: str, runs: Iterable[tuple[int, bool]]) -> str:
    """A text of which runs that start at these places are struck, as it can be said; else nothing."""
    starts = sorted({0: False, **dict(runs)}.items())
    ends = [start for start, _ in starts[1:]] + [len(text)]
    parts = [(text[a:b], struck) for (a, struck), b in zip(starts, ends, strict=True)]
    said = [strike(part) if struck and part.strip() else part for part, struck in parts]
    return "".join(said) if any(struck and part.strip() for part, struck in parts) else ""


def vast(sheet: str) -> BookError:
    """For a sheet with something far away from its table."""
    return BookError(f"工作表“{sheet}”在离表格很远的地方有内容。请删除多余的行和列后重新报送")
