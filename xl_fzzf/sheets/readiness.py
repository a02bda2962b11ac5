"""Whether a return can be sent (可以报送): one line above each area sheet and on 总览, by plain formulas."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from xl_fzzf.model.finding import Severity
from xl_fzzf.model.status import Status
from xl_fzzf.office.book import Formula
from xl_fzzf.office.book_file import FileBook
from xl_fzzf.office.references import reference
from xl_fzzf.office.tables import place_of
from xl_fzzf.sheets.common_blocks import equals
from xl_fzzf.sheets.spec import AREA_COLUMNS, OVERVIEW

READY = "可以报送"
COLUMN = place_of(AREA_COLUMNS, "status")
"""The column, from 0, of a new return's area sheets in whose first row the line stands."""

GREEN = equals(READY, {"font_color": "#00511B"})

OVERVIEW_ROW = 3
"""The row of 总览, in its first column."""

MILD = tuple(f"{label}：" for label in (Severity.WARNING.label, Severity.INFO.label))
"""How a hint begins that keeps nobody from sending."""


class Told(NamedTuple):
    """What a row says of itself: 校验提示 and 状态."""

    hint: str
    status: Status


@dataclass(frozen=True, slots=True)
class Part:
    """An area sheet of a return: where hints and statuses stand, and what they say."""

    sheet: str
    hints: str
    statuses: str
    told: Sequence[Told]

    @property
    def open_formula(self) -> str:
        """How many rows, beside those that are wrong, want something done."""
        hints, statuses = (reference(self.sheet, cells) for cells in (self.hints, self.statuses))
        but = "".join(f',{hints},"<>{mild}*"' for mild in MILD)
        return f'COUNTIFS({hints},"?*",{statuses},"<>{Status.INVALID}"{but})'

    @property
    def invalid_formula(self) -> str:
        """How many rows are wrong."""
        return f'COUNTIF({reference(self.sheet, self.statuses)},"{Status.INVALID}")'

    @property
    def counts(self) -> tuple[int, int]:
        """What the two formulas come to."""
        invalid = sum(row.status is Status.INVALID for row in self.told)
        wanting = (row.hint for row in self.told if row.status is not Status.INVALID)
        return sum(bool(hint) and not hint.startswith(MILD) for hint in wanting), invalid


def readiness(parts: Sequence[Part]) -> Formula:
    """可以报送, or how much is missing and how much is wrong."""
    wanting = "+".join(part.open_formula for part in parts)
    invalid = "+".join(part.invalid_formula for part in parts)
    counts = [part.counts for part in parts]
    one, other = (sum(counted) for counted in zip(*counts, strict=True))
    return Formula(
        f'IF({wanting}+{invalid}=0,"{READY}","还差 "&({wanting})&" 项、有误 "&({invalid})&" 项")',
        f"还差 {one} 项、有误 {other} 项" if one or other else READY,
    )


def write_readiness(book: FileBook, parts: Sequence[Part], fresh: bool = True) -> None:
    """Write the line above each area sheet, and that of the whole return.

    In a return that is not `fresh` only where it still stands: staff may have moved it.
    """
    for sheet, row, column, own in (
        (OVERVIEW, OVERVIEW_ROW, 1, parts),
        *((part.sheet, 1, COLUMN + 1, [part]) for part in parts),
    ):
        if fresh or _stands(book, sheet, row, column):
            style = [["readiness"]] if fresh else None
            book.write(sheet, row, column, [[readiness(own)]], style)


def _stands(book: FileBook, sheet: str, row: int, column: int) -> bool:
    grid = book.read(sheet) if sheet in book.sheet_names else []
    line = grid[row - 1] if len(grid) >= row else []
    return len(line) >= column and str(line[column - 1]).startswith((READY, "还差 "))
