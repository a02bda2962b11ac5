"""Differences: which entries of a unit's return changed since the one before."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from xl_fzzf.model.record import ENTRY_FIELDS, ENTRY_LABELS, Cell, same, text

Entries = Mapping[str, tuple[Cell, ...]]
"""A return's entries by indicator code, each in the order of `ENTRY_FIELDS`."""


class Earlier(NamedTuple):
    """A unit's file that counted before, and what it said."""

    file: str
    entries: Entries


_NONE: tuple[Cell, ...] = (None,) * len(ENTRY_FIELDS)
_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Difference:
    """One entry that changed."""

    indicator: str
    field: str
    before: Cell
    after: Cell

    def __str__(self) -> str:
        before, after = (text(cell)[:_SHOWN] or "空" for cell in (self.before, self.after))
        return f"{self.indicator} {ENTRY_LABELS[self.field]}:{before} → {after}"


def find_differences(before: Entries, after: Entries) -> list[Difference]:
    """Every entry in which two returns differ, in the order of the later one."""
    return [
        Difference(code, field, was, now)
        for code in {**after, **before}
        for field, was, now in zip(
            ENTRY_FIELDS, before.get(code, _NONE), after.get(code, _NONE), strict=True
        )
        if not same(was, now)
    ]
