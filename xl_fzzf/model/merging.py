"""Merging a submission's record into the master's, where staff may have typed as well."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from xl_fzzf.model.plan import Indicator, Kind
from xl_fzzf.model.record import ENTRY_FIELDS, Cell, Record, blank, fit, same

NOTHING: tuple[Cell, ...] = (None,) * len(ENTRY_FIELDS)


@dataclass(frozen=True, slots=True)
class Merge:
    """A merged record's entries, what of them the submission gave, and the fields in conflict."""

    entries: tuple[Cell, ...]
    given: tuple[Cell, ...]
    conflicts: tuple[str, ...]


def merge(
    indicator: Indicator, standing: Record, written: Sequence[Cell], submitted: Record
) -> Merge:
    """Fill the master's record from the submission's; what staff typed is never overwritten.

    `written` are the entries that an earlier merge put there: a cell that still says so is the
    tool's to change, any other cell that isn't blank was typed.
    """
    entries: list[Cell] = []
    given: list[Cell] = []
    conflicts: list[str] = []
    for name, was in zip(ENTRY_FIELDS, written, strict=True):
        stands, sent = getattr(standing, name), fit(getattr(submitted, name))
        if _computed(indicator, name):
            entries.append(sent)
            given.append(None)
        elif typed(stands, was):
            entries.append(stands)
            given.append(None)
            if not blank(sent) and not same(stands, sent):
                conflicts.append(name)
        else:
            entries.append(sent)
            given.append(sent)
    return Merge(tuple(entries), tuple(given), tuple(conflicts))


def typed(stands: Cell, written: Cell) -> bool:
    """Whether a master's cell was typed by staff."""
    return not blank(stands) and not same(stands, written)


def any_typed(indicator: Indicator, standing: Record, written: Sequence[Cell]) -> bool:
    """Whether staff typed any of a master's record."""
    return any(
        typed(stands, was) and not _computed(indicator, name)
        for name, stands, was in zip(ENTRY_FIELDS, standing.entries(), written, strict=True)
    )


def _computed(indicator: Indicator, name: str) -> bool:
    """A rate's 完成值 is a formula: it is neither typed nor taken over."""
    return name == "value" and indicator.kind is Kind.RATE
