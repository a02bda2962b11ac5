"""A submission (填报表 as received): what was read from one file, before anything is judged."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from xl_fzzf.model.labelled import Labelled
from xl_fzzf.model.record import Cell, Record


class Verdict(Labelled):
    """What became of a received file."""

    ACCEPTED = "accepted", "已采用"
    QUARANTINED = "quarantined", "已隔离"
    SUPERSEDED = "superseded", "被替代"
    DUPLICATE = "duplicate", "重复"
    EXCLUDED = "excluded", "不采用"
    IGNORED = "ignored", "已忽略"


class Timeliness(StrEnum):
    """Whether a file came by the deadline (是否及时)."""

    ON_TIME = "及时"
    LATE = "逾期"

    @classmethod
    def of(cls, late: bool) -> Timeliness:
        """The word for a file that is late, or is not."""
        return cls.LATE if late else cls.ON_TIME


class Trait(StrEnum):
    """Something about a received file that its values don't show; the file is read all the same."""

    MACROS = "macros"
    LINKS = "links"  # external links, connections, queries: cached values only, nothing is followed
    EMBEDDED = "embedded"  # pictures, controls, embedded objects: not read, not copied
    FORMAT = "format"  # not .xlsx (.xls, .xlsb, .ods, Strict OOXML), or another suffix than content
    DEFAULT_PASSWORD = "default-password"  # encrypted with the password that Excel tries by itself
    EXTRA_SHEETS = "extra-sheets"
    HIDDEN_SHEETS = "hidden-sheets"
    COMMENTS = "comments"
    DATES_1904 = "dates-1904"


class Mark(StrEnum):
    """Something about a cell that its value doesn't show."""

    FORMULA = "formula"  # its cached result was read
    UNCALCULATED = "uncalculated"  # a formula without a cached result: reads as blank
    HIDDEN = "hidden"  # in a hidden or filtered row or column
    MERGED = "merged"  # a value under a merged cell: no program shows it
    DISGUISED = "disguised"  # its number format shows something else than its value
    STRUCK = (
        "struck"  # struck through, wholly or in part; the detail is the text with that said in it
    )


def strike(words: str) -> str:
    """A text that is struck through, as a text can say it: no value is ever read from it."""
    return f"【划掉：{words}】"


@dataclass(frozen=True, slots=True)
class Marked:
    """A cell of an area sheet, by field and row (from 1), that carries a mark; `detail` for people."""

    field: str
    row: int
    mark: Mark
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """A row of an area sheet: unit and indicator code as typed, its entries, and 校验提示.

    `label` is what stands under 指标.
    """

    unit: str
    code: str
    record: Record
    hint: str = ""
    label: str = ""


@dataclass(frozen=True, slots=True)
class SheetContent:
    """An area sheet as read: its rows, the letters of its columns, and the headers at fault.

    A `transposed` sheet has its headers in a column instead of a row; then nothing else was read.
    `answered` counts the cells that aren't blank in the entry columns below the header: what becomes
    of them is accounted for.
    """

    name: str
    letters: Mapping[str, str]
    rows: tuple[Row, ...] = ()
    missing: tuple[str, ...] = ()
    duplicated: tuple[str, ...] = ()
    marks: tuple[Marked, ...] = ()
    answered: int = 0
    transposed: bool = False

    @property
    def covered(self) -> frozenset[tuple[int, str]]:
        """Row and field of every value that lies under a merged cell."""
        return frozenset((m.row, m.field) for m in self.marks if m.mark is Mark.MERGED)

    def cell(self, field: str, row: int) -> str:
        """The address of a field in a row; the row alone where the column is missing."""
        letter = self.letters.get(field)
        return f"{letter}{row}" if letter else f"{row}:{row}"


@dataclass(frozen=True, slots=True)
class ListContent:
    """A table of a summary as read: its rows by number (from 1) with their cells by field."""

    name: str
    letters: Mapping[str, str]
    rows: tuple[tuple[int, Mapping[str, Cell]], ...]
    missing: tuple[str, ...] = ()


NOTHING = "本期无"
"""What a unit says once that has nothing to report this period, with its reason beside it."""

SHORTEST_EXCUSE = 4
"""Characters; 无 and 没有 are no reason."""


@dataclass(frozen=True, slots=True)
class Submission:
    """One received file: who and what it says it is, and its area sheets by name.

    `unreadable` says why a file could not be read at all; then everything below it is empty.
    `traits` maps what else is to be known about the file to details for people. `lists` holds the
    tables of a district's summary by sheet; a return has none. `ignored` says why a file is none that
    a unit sent, `nothing` what stands beside 本期无 in a return. `imprint` is what a summary would have
    to state as it is now.
    """

    file: str
    sha256: str
    received: datetime
    unreadable: str = ""
    stamp: Mapping[str, str] = field(default_factory=dict)
    sheets: Mapping[str, SheetContent] = field(default_factory=dict)
    traits: Mapping[Trait, str] = field(default_factory=dict)
    lists: Mapping[str, ListContent] = field(default_factory=dict)
    ignored: str = ""
    nothing: str = ""
    imprint: str = ""

    @property
    def excuse(self) -> str:
        """Why the unit has nothing to report this period; empty where it does not say so, or no reason."""
        return self.nothing if len(self.nothing) >= SHORTEST_EXCUSE else ""

    @property
    def tables(self) -> dict[str, SheetContent]:
        """Where each column of a summary's tables stands; its records' are an area sheet's as well."""
        letters = {name: sheet.letters for name, sheet in self.sheets.items()}
        for name, table in self.lists.items():
            letters[name] = {**letters.get(name, {}), **table.letters}
        return {name: SheetContent(name, own) for name, own in letters.items()}
