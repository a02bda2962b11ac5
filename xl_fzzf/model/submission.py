"""A submission (填报表 as received): what was read from one file, before anything is judged."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from xl_fzzf.model.record import Record


class Verdict(StrEnum):
    """What became of a received file."""

    ACCEPTED = "accepted"
    QUARANTINED = "quarantined"
    SUPERSEDED = "superseded"
    DUPLICATE = "duplicate"
    IGNORED = "ignored"

    @property
    def label(self) -> str:
        """The word that staff read."""
        return _VERDICT_LABELS[self]


_VERDICT_LABELS = {
    Verdict.ACCEPTED: "已采用",
    Verdict.QUARANTINED: "已隔离",
    Verdict.SUPERSEDED: "被替代",
    Verdict.DUPLICATE: "重复",
    Verdict.IGNORED: "已忽略",
}


@dataclass(frozen=True, slots=True)
class Row:
    """A row of an area sheet: unit and indicator code as typed, its entries, and 校验提示."""

    unit: str
    code: str
    record: Record
    hint: str = ""


@dataclass(frozen=True, slots=True)
class SheetContent:
    """An area sheet as read: its rows, the letters of its columns, and the headers at fault."""

    name: str
    letters: Mapping[str, str]
    rows: tuple[Row, ...] = ()
    missing: tuple[str, ...] = ()
    duplicated: tuple[str, ...] = ()

    def cell(self, field: str, row: int) -> str:
        """The address of a field in a row; the row alone where the column is missing."""
        letter = self.letters.get(field)
        return f"{letter}{row}" if letter else f"{row}:{row}"


@dataclass(frozen=True, slots=True)
class Submission:
    """One received file: who and what it says it is, and its area sheets by name.

    `unreadable` says why a file could not be read at all; then everything below it is empty.
    """

    file: str
    sha256: str
    received: datetime
    unreadable: str = ""
    stamp: Mapping[str, str] = field(default_factory=dict)
    sheets: Mapping[str, SheetContent] = field(default_factory=dict)

    @property
    def empty(self) -> bool:
        """Whether not one entry was filled in."""
        return not any(
            entry not in (None, "")
            for sheet in self.sheets.values()
            for row in sheet.rows
            for entry in row.record.entries()
        )
