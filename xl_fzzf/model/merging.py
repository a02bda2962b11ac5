"""Merging a submission's record into the master's, where staff may have typed as well."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from xl_fzzf.model.plan import Indicator
from xl_fzzf.model.record import ENTRY_FIELDS, Cell, Record, blank, fit, same

NOTHING: tuple[Cell, ...] = (None,) * len(ENTRY_FIELDS)


@dataclass(frozen=True, slots=True)
class Merge:
    """A merged record's entries, and what of them the submission gave.

    `typed` says whether staff typed any of the record into the master, `conflicts` names the fields
    in which the submission says something else.
    """

    entries: tuple[Cell, ...]
    given: tuple[Cell, ...]
    typed: bool = False
    conflicts: tuple[str, ...] = ()


def merge(
    indicator: Indicator, standing: Record, written: tuple[Cell, ...], submitted: Record
) -> Merge:
    """Fill the master's record from the submission's; what staff typed is never overwritten.

    `written` are the entries that an earlier merge put there: a cell that still says so is the
    tool's to change, any other cell that isn't blank was typed.
    """
    sent = _sent(indicator, submitted)
    stands = standing.entries()
    fields = typed_fields(indicator, stands, written)
    given = tuple(
        None if name in fields or name in indicator.kind.computed else cell
        for name, cell in zip(ENTRY_FIELDS, sent, strict=True)
    )
    if not fields:
        return Merge(sent, given)
    both = tuple(zip(ENTRY_FIELDS, stands, sent, strict=True))
    return Merge(
        tuple(stood if name in fields else cell for name, stood, cell in both),
        given,
        True,
        tuple(
            n
            for n, stood, cell in both
            if n in fields and not blank(cell) and not same(stood, cell)
        ),
    )


def _sent(indicator: Indicator, submitted: Record) -> tuple[Cell, ...]:
    """The entries as the master's cells can hold them.

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
