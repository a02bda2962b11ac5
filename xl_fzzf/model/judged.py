"""A judged file: a submission with its verdict, and what changed since the one before."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any, NamedTuple

from xl_fzzf.model.district import Statement, Summary
from xl_fzzf.model.finding import Finding
from xl_fzzf.model.plan import Unit
from xl_fzzf.model.record import ENTRY_FIELDS, ENTRY_LABELS, Cell, Record, same, text
from xl_fzzf.model.resolution import NOTHING_READ, Account
from xl_fzzf.model.submission import Submission, Verdict

Entries = Mapping[str, tuple[Cell, ...]]
"""A return's entries by indicator code, each in the order of `ENTRY_FIELDS`."""

_NOTHING: tuple[Cell, ...] = (None,) * len(ENTRY_FIELDS)
_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Judged:
    """A submission with its verdict; `unit` is whom it is from, where that is known.

    A return's `records` are the unit's by indicator code, as values; `normalised` keeps what was
    typed, by indicator code and field, where a value was read from it, and `account` says where its
    entries went. `summary` is what a district's summary says, where it can be taken.
    """

    submission: Submission
    verdict: Verdict
    reason: str = ""
    unit: Unit | None = None
    findings: tuple[Finding, ...] = ()
    records: Mapping[str, Record] = field(default_factory=dict, kw_only=True)
    normalised: Mapping[tuple[str, str], Cell] = field(default_factory=dict, kw_only=True)
    account: Account = field(default=NOTHING_READ, kw_only=True)
    summary: Summary | None = field(default=None, kw_only=True)

    @property
    def counts(self) -> bool:
        """Whether what it says is in the master."""
        return self.verdict is Verdict.ACCEPTED

    @property
    def unit_name(self) -> str:
        """The name of its unit; empty where that is not known."""
        return self.unit.name if self.unit else ""

    @property
    def order(self) -> tuple[datetime, str, str]:
        """By this files of a unit follow each other, whatever order they lie in."""
        return self.submission.received, self.submission.sha256, self.submission.file

    def entries(self) -> Entries:
        """What it says in its rows; of a summary by unit and code."""
        if self.summary:
            return {
                f"{each.unit.name} {each.indicator.code}": _given(each)
                for each in self.summary.statements
            }
        records = self.records.items()
        return {code: record.entries() for code, record in records if record.sheet}

    @property
    def size(self) -> int:
        """How many records it holds; a summary's are of use only where it counts."""
        if self.summary:
            return len(self.summary.statements) if self.counts else 0
        return sum(bool(record.sheet) for record in self.records.values())

    def is_late(self, deadline: date) -> bool:
        """Whether it was received after the deadline's day."""
        return self.submission.received.date() > deadline

    def turned(self, verdict: Verdict, reason: str) -> Judged:
        """The same file with another verdict; what it said no longer counts."""
        return replace(self, verdict=verdict, reason=reason, findings=())


@dataclass(frozen=True, slots=True)
class Blanked:
    """The entries that a file leaves blank though the unit's older `files` filled them.

    They are pairs of indicator code and field; whether they are `kept`, or gone.
    """

    entries: tuple[tuple[str, str], ...]
    files: tuple[str, ...]
    kept: bool

    @property
    def reason(self) -> str:
        """What 报送登记 says of the file."""
        count = len(self.entries)
        if self.kept:
            return f"新版留空 {count} 格，已保留原值，是更正还是整份替换，待核实"
        return f"新版留空 {count} 格，以新版为准，原值已清空"


def _given(statement: Statement) -> tuple[Cell, ...]:
    """A record's entries without those that follow from others, whose last digits programs change."""
    computed: dict[str, Any] = dict.fromkeys(statement.indicator.kind.computed)
    return replace(statement.record, **computed).entries()


class Earlier(NamedTuple):
    """A unit's file that counted before, and what it said."""

    file: str
    entries: Entries


@dataclass(frozen=True, slots=True)
class Difference:
    """One entry that changed."""

    indicator: str
    field: str
    before: Cell
    after: Cell

    def __str__(self) -> str:
        before, after = (text(cell)[:_SHOWN] or "空" for cell in (self.before, self.after))
        return f"{self.indicator} {ENTRY_LABELS[self.field]}：{before} → {after}"


def find_differences(before: Entries, after: Entries) -> list[Difference]:
    """Every entry in which two returns differ, in the order of the later one."""
    return [
        Difference(code, field, was, now)
        for code in {**after, **before}
        for field, was, now in zip(
            ENTRY_FIELDS, before.get(code, _NOTHING), after.get(code, _NOTHING), strict=True
        )
        if not same(was, now)
    ]
