"""History: what each run received, found and changed. The archive keeps it, `trace` shows it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import NamedTuple

from xl_fzzf.model.finding import Finding
from xl_fzzf.model.labelled import Labelled
from xl_fzzf.model.record import ENTRY_FIELDS, Cell, Key


class Job(Labelled):
    """What kind of run it was."""

    DISTRIBUTE = "distribute", "分发"
    CONSOLIDATE = "consolidate", "汇总"
    MARK = "mark", "标记"
    RESTORE = "restore", "恢复"
    APPROVE = "approve", "定稿"
    REOPEN = "reopen", "重新打开"
    SEND = "send", "上报"
    EXCLUDE = "exclude", "不采用"
    INCLUDE = "include", "恢复采用"
    WITHDRAW = "withdraw", "撤销建期"


@dataclass(frozen=True, slots=True)
class Receipt:
    """A received file as a run judged it; `unit` is a code, `letters` the columns of its sheets."""

    file: str
    sha256: str
    unit: str
    verdict: str
    reason: str
    received: datetime
    letters: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


class Source(NamedTuple):
    """Where a version's entries came from; nowhere if they were typed into the master."""

    file: str = ""
    sha256: str = ""
    sheet: str = ""
    row: int = 0


class Version(NamedTuple):
    """A record's entries as a run left them in the master; `entries` stand as in `ENTRY_FIELDS`.

    `sent` maps each field that staff typed there to what the file says instead, `raw` each field
    that was normalised to what had been typed in the file, `older` each field that the file leaves
    blank to the older file whose entry stands. `replaced` is the run whose version this
    one replaced, 0 if it is the first.
    """

    unit: str
    indicator: str
    entries: tuple[Cell, ...]
    source: Source = Source()
    sent: Mapping[str, Cell] = {}
    raw: Mapping[str, Cell] = {}
    older: Mapping[str, Source] = {}
    run: int = 0
    replaced: int = 0

    @property
    def key(self) -> Key:
        """Unit code and indicator code."""
        return self.unit, self.indicator

    @property
    def submitted(self) -> tuple[Cell, ...]:
        """The entries as the file gave them, whatever stands in their place."""
        both = zip(ENTRY_FIELDS, self.entries, strict=True)
        given = ((name, None if name in self.older else cell) for name, cell in both)
        return tuple(self.sent.get(name, cell) for name, cell in given)


@dataclass(frozen=True, slots=True)
class Run:
    """One run of a job that changes a master or its round; `number` counts all runs of a workspace
    from 1.

    `before` and `after` are the master's hashes ("" where there was none, or is none any more). `output` names the file
    that was written beside a master which could not be. `outputs` are the files that the run fixed:
    their hashes by their paths within the workspace. `driving` is the hash of the driving sheets as
    they were read, which the archive keeps. `by` and `reviewed_by` are who approved.
    """

    number: int
    period: str
    job: Job
    at: datetime
    as_of: date
    before: str
    after: str
    note: str = ""
    output: str = ""
    outputs: Mapping[str, str] = field(default_factory=dict)
    driving: str = ""
    by: str = ""
    reviewed_by: str = ""


@dataclass(frozen=True, slots=True)
class Contents:
    """The files that a run received, what it found, and the versions that it made."""

    files: Sequence[Receipt] = ()
    findings: Sequence[Finding] = ()
    changes: Sequence[Version] = ()
