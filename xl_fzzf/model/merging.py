"""Merging a submission's record into the master's, where staff may have typed as well."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from xl_fzzf.model.plan import Indicator
from xl_fzzf.model.record import ENTRY_FIELDS, Cell, Record, blank, fit, same
from xl_fzzf.model.run import Source

NOTHING: tuple[Cell, ...] = (None,) * len(ENTRY_FIELDS)


class Older(NamedTuple):
    """An entry of an older file, where the file that counts leaves the cell blank."""

    cell: Cell
    source: Source


_NOTHING_OLDER: Mapping[str, Older] = {}


@dataclass(frozen=True, slots=True)
class Merge:
    """A merged record's entries, and what of them the submission, or an older one, gave.

    `typed` says whether staff typed any of the record into the master, `conflicts` names the fields
    in which the submission says something else, `lacking` those that it leaves blank and an older
    file filled.
    """

    entries: tuple[Cell, ...]
    given: tuple[Cell, ...]
    typed: bool = False
    conflicts: tuple[str, ...] = ()
    lacking: Mapping[str, Source] = field(default_factory=dict)


def merge(
    indicator: Indicator,
    standing: Record,
    written: tuple[Cell, ...],
    submitted: Record,
    older: Mapping[str, Older] = _NOTHING_OLDER,
    keeping: bool = True,
) -> Merge:
    """Fill the master's record from the submission's; what staff typed is never overwritten.

    `written` are the entries that an earlier merge put there: a cell that still says so is the
    tool's to change, any other cell that isn't blank was typed. `older` has, by field, what fills in
    where the submission is blank, if older entries are kept.
    """
    stands = standing.entries()
    fields = typed_fields(indicator, stands, written)
    taken = fields.union(indicator.kind.computed)
    lacking = {name: entry.source for name, entry in older.items() if name not in taken}
    both = zip(ENTRY_FIELDS, held(indicator, submitted), strict=True)
    sent = tuple(older[n].cell if keeping and n in lacking else cell for n, cell in both)
    given = tuple(
        None if name in fields or name in indicator.kind.computed else cell
        for name, cell in zip(ENTRY_FIELDS, sent, strict=True)
    )
    if not fields:
        return Merge(sent, given, lacking=lacking)
    beside = tuple(zip(ENTRY_FIELDS, stands, sent, strict=True))
    return Merge(
        tuple(stood if name in fields else cell for name, stood, cell in beside),
        given,
        True,
        tuple(
            n
            for n, stood, cell in beside
            if n in fields and not blank(cell) and not same(stood, cell)
        ),
        lacking,
    )


def held(indicator: Indicator, submitted: Record) -> tuple[Cell, ...]:
    """A submission's entries as the master's cells can hold them.

    A date in a number cell becomes text: to a spreadsheet it would be a number, and judged as one.
    """
    cells = [fit(cell) for cell in submitted.entries()]
    for name in indicator.kind.numbers:
        cell = cells[place := ENTRY_FIELDS.index(name)]
        if isinstance(cell, date):
            cells[place] = cell.isoformat()
    return tuple(cells)


def typed_fields(
    indicator: Indicator, stands: tuple[Cell, ...], written: tuple[Cell, ...]
) -> frozenset[str]:
    """The fields of a master's record that staff typed."""
    if _BLANK.issuperset(stands) or (stands == written and bool not in map(type, stands + written)):
        return frozenset()
    return frozenset(
        name
        for name, cell, was in zip(ENTRY_FIELDS, stands, written, strict=True)
        if not blank(cell) and not same(cell, was)
    ).difference(indicator.kind.computed)


_BLANK = frozenset({None, ""})
