"""Accounting: every entry that was read is in a record, named by a finding, or ignored as a note."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import chain

from xl_fzzf.model.record import Record, blank
from xl_fzzf.model.resolution import Resolution
from xl_fzzf.model.submission import Submission


@dataclass(frozen=True, slots=True)
class Account:
    """How many filled entry cells were read, and where they went.

    `read` is counted over the raw sheets; `recorded` are in records, `found` in rows or cells that a
    finding names, `ignored` in rows without unit and indicator (notes).
    """

    read: int = 0
    recorded: int = 0
    found: int = 0
    ignored: int = 0

    @property
    def balanced(self) -> bool:
        """Whether nothing was lost and nothing counted twice."""
        return self.read == self.recorded + self.found + self.ignored

    def __add__(self, other: Account) -> Account:
        return Account(
            self.read + other.read,
            self.recorded + other.recorded,
            self.found + other.found,
            self.ignored + other.ignored,
        )


NOTHING_READ = Account()


def account_for(submission: Submission, resolution: Resolution) -> Account:
    """Where a submission's entries went."""
    surplus = chain(
        resolution.unknown,
        resolution.foreign,
        resolution.totals,
        chain.from_iterable(resolution.duplicated.values()),
        chain.from_iterable(rows[1:] for rows in resolution.repeated.values()),
    )
    return Account(
        sum(sheet.answered for sheet in submission.sheets.values()),
        _filled(resolution.records.values()),
        _filled(row.record for row in surplus) + len(resolution.covered),
        _filled(row.record for row in resolution.notes),
    )


def _filled(records: Iterable[Record]) -> int:
    return sum(
        entry is not None and not blank(entry) for record in records for entry in record.entries()
    )
