"""The ledger (报送档案): what the journals of an archive tell, read anew each time it is opened."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import cached_property
from pathlib import Path

from xl_fzzf.archive.chain import Break, Witness
from xl_fzzf.archive.journal import (
    COLLECTED,
    RUNS,
    Change,
    Journal,
    begin_run,
    decode_version,
    next_number,
    write_collected,
    write_run,
)
from xl_fzzf.archive.journals import Journals
from xl_fzzf.archive.latest import Latest
from xl_fzzf.model.collected import Collected
from xl_fzzf.model.course import Course
from xl_fzzf.model.finding import WaiverKey, Waivers
from xl_fzzf.model.judged import Earlier
from xl_fzzf.model.record import Key
from xl_fzzf.model.run import Contents, Job, Receipt, Run, Version
from xl_fzzf.model.submission import Verdict


class Ledger:
    """An archive's journals; `breaks` are those that can't be read, were changed or are gone.

    It tells what was there when it was opened. Raises LedgerError where a newer program wrote one.
    """

    def __init__(self, archive: Path) -> None:
        self._archive = archive
        self._read = Journals(archive)
        self._journals = self._read.runs
        self._collected = [journal.item for journal in self._read.collected]
        self._changes: dict[str, dict[Key, list[Change]]] = {}
        self._accepted: dict[str, dict[str, list[tuple[int, Receipt]]]] = {}

    @property
    def breaks(self) -> list[Break]:
        """The journals that can't be read, were changed or are gone."""
        return self._read.breaks

    def belied(self, witnesses: Sequence[Witness]) -> Iterator[Break]:
        """What the runs' journals are not, by those who know the hash of one, beyond what is told."""
        return self._read.belied(witnesses)

    @property
    def notices(self) -> list[str]:
        """What is wrong with the journals, in Chinese."""
        return [broken.words for broken in self.breaks]

    @property
    def next_number(self) -> int:
        """The number of the run that comes next."""
        return next_number(self._archive, RUNS)

    @property
    def last_moment(self) -> datetime:
        """The latest time at which a run was made, whatever the clock says since."""
        return max((journal.run.at for journal in self._journals), default=datetime.min)

    def begin(self, before: str, after: str) -> str:
        """Note that the next run is about to change a master; returns what it was before.

        That is another hash than the one given where a run that broke off has changed it already.
        """
        return begin_run(self._archive, self.next_number, before, after)

    def write_run(self, run: Run, contents: Contents) -> None:
        """Keep a run; raises OSError."""
        write_run(self._archive, run, contents)

    def write_collected(self, item: Collected) -> None:
        """Keep what `collect` took in; raises OSError."""
        write_collected(self._archive, next_number(self._archive, COLLECTED), item)

    def collected(self, sha256: str = "") -> list[Collected]:
        """All that `collect` took in, or what brought the file of that hash; the first one first."""
        return [
            item
            for item in self._collected
            if not sha256 or any(file.sha256 == sha256 for file in item.files)
        ]

    def named(self) -> Iterator[tuple[str, str]]:
        """Every hash whose bytes the archive must hold, and what has it, in Chinese; some more than once.

        Returns that were sent out are known by their hashes alone.
        Raises JournalError where a run's files can't be read.
        """
        for journal in self._journals:
            run = journal.run
            yield run.before, f"第 {run.number} 次运行之前的台账"
            yield run.after, f"第 {run.number} 次运行之后的台账"
            yield run.driving, f"第 {run.number} 次运行的驱动表"
            outputs = {} if run.job is Job.DISTRIBUTE else run.outputs
            for name, sha256 in outputs.items():
                yield sha256, f"第 {run.number} 次运行{run.job.label}的“{name}”"
            for receipt in journal.receipts():
                yield receipt.sha256, f"第 {run.number} 次运行收到的“{receipt.file}”"
        for item in self._collected:
            yield item.sha256 if item.is_mail else "", f"邮件“{item.subject}”（{item.key}）"

    def runs(self, period: str) -> list[Run]:
        """The runs of a period, the first one first."""
        return [journal.run for journal in self._of(period)]

    def course(self, period: str) -> Course:
        """What the runs of a period brought it to."""
        return Course(self.runs(period))

    def run(self, number: int) -> Run:
        """The run of that number, which must be known."""
        return next(journal.run for journal in self._journals if journal.run.number == number)

    def periods(self) -> list[str]:
        """The periods of which any run is known, by name."""
        return sorted({journal.run.period for journal in self._journals})

    def consolidated(self, period: str) -> list[Receipt]:
        """The files of a period's last consolidation into the master."""
        for journal in reversed(self._of(period)):
            if journal.run.job is Job.CONSOLIDATE and not journal.run.output:
                return journal.receipts()
        return []

    def changes(self, period: str) -> Mapping[int, int]:
        """How many records each run of a period changed."""
        changes = self._changes_of(period).values()
        return Counter(change.run for each in changes for change in each)

    def receipt(self, sha256: str) -> Receipt | None:
        """A file as the last run that accepted it received it, or else as the last that took it."""
        return self._receipts.get(sha256)

    def first_received(self, sha256: str) -> datetime | None:
        """When these bytes were received for the first time: in a run, or by our own mail server."""
        return self._moments.get(sha256)

    def receiver(self, now: datetime) -> Callable[[str, datetime], datetime]:
        """When a file was received, by its hash and its time in the folder.

        The earlier of that time and the one when these bytes were first seen; never in the future,
        which begins after the latest run where the clock has jumped back.
        """
        present = max(now, self.last_moment).replace(microsecond=0)

        def received(sha256: str, modified: datetime) -> datetime:
            return min(modified, self.first_received(sha256) or present, present)

        return received

    @cached_property
    def _receipts(self) -> Mapping[str, Receipt]:
        found: dict[str, Receipt] = {}
        for journal in self._journals:
            for receipt in journal.receipts():
                sha256, known = receipt.sha256, found.get(receipt.sha256, receipt)
                if receipt.verdict == Verdict.ACCEPTED or known.verdict != Verdict.ACCEPTED:
                    found[sha256] = receipt
        return found

    @cached_property
    def _moments(self) -> Mapping[str, datetime]:
        receipts = (receipt for journal in self._journals for receipt in journal.receipts())
        moments = [(receipt.sha256, receipt.received) for receipt in receipts]
        for item in self._collected:
            moment = item.arrived.astimezone().replace(tzinfo=None, microsecond=0)
            moments += ((file.sha256, moment) for file in item.files if item.is_mail)
        return dict(sorted(moments, reverse=True))  # the first one counts

    def excluded(self, period: str) -> Mapping[str, Receipt]:
        """The files of a period that the coordinator left out, by hash, with the reasons."""
        left_out: dict[str, Receipt] = {}
        for journal in self._of(period):
            job = journal.run.job
            for receipt in journal.receipts() if job in (Job.EXCLUDE, Job.INCLUDE) else ():
                left_out.pop(receipt.sha256, None)
                if job is Job.EXCLUDE:
                    left_out[receipt.sha256] = receipt
        return left_out

    def received(self, period: str) -> list[Receipt]:
        """All files that the runs of a period received, the last run's first."""
        return [r for journal in reversed(self._of(period)) for r in journal.receipts()]

    def accepted(self, period: str, unit: str) -> Iterator[Receipt]:
        """A unit's files that were taken and are not left out since, the last one first."""
        return (receipt for _, receipt in self._accepted_in(period).get(unit, ()))

    def versions(self, period: str, unit: str, indicator: str) -> list[Version]:
        """All versions of a record, the newest first."""
        changes = self._changes_of(period).get((unit, indicator), [])
        return [decode_version(change) for change in reversed(changes)]

    def latest(self, period: str, run: int | None = None, unit: str = "") -> Latest:
        """The records of a period, or of one unit in it, as a run left them; the last by default."""
        latest = {}
        for key, changes in self._changes_of(period).items():
            if unit in ("", key[0]):
                until = (c for c in reversed(changes) if run is None or c.run <= run)
                if change := next(until, None):
                    latest[key] = change
        return Latest(latest)

    def waivers(self, period: str) -> Waivers:
        """The warnings that were accepted when the period was last consolidated."""
        for journal in reversed(self._of(period)):
            if journal.run.job is Job.CONSOLIDATE:
                return {WaiverKey.of(f): f.waiver for f in journal.findings() if f.waiver}
        return {}

    def earlier(self, period: str, unit: str, but: str = "") -> Earlier | None:
        """A unit's file that was last accepted, and what it said; `but` skips a hash.

        With `but` a rerun on a file that was accepted already finds the same one before it.
        """
        for run, receipt in self._accepted_in(period).get(unit, ()):
            if receipt.sha256 != but:
                standing = self.latest(period, run, unit).values()
                own = [v for v in standing if v.source.sha256 == receipt.sha256]
                own.sort(key=lambda version: version.indicator)
                return Earlier(receipt.file, {v.indicator: v.submitted for v in own})
        return None

    def first_good(self, period: str) -> Mapping[str, datetime]:
        """When the first file of each unit came that a run could take, by unit code."""
        left_out, good = self.excluded(period), (Verdict.ACCEPTED, Verdict.SUPERSEDED)
        first: dict[str, datetime] = {}
        for journal in self._of(period):
            for receipt in journal.receipts():
                if receipt.unit and receipt.verdict in good and receipt.sha256 not in left_out:
                    known = first.get(receipt.unit, receipt.received)
                    first[receipt.unit] = min(known, receipt.received)
        return first

    def _of(self, period: str) -> list[Journal]:
        return [journal for journal in self._journals if journal.run.period == period]

    def _changes_of(self, period: str) -> Mapping[Key, list[Change]]:
        """Every record's changes, the first one first."""
        if period not in self._changes:
            changes = self._changes[period] = defaultdict(list)
            for journal in self._of(period):
                for change in journal.changes():
                    changes[change.key].append(change)
        return self._changes[period]

    def _accepted_in(self, period: str) -> Mapping[str, list[tuple[int, Receipt]]]:
        """Every unit's files that a run took into the master, with the run, the last one first."""
        if period not in self._accepted:
            accepted = self._accepted[period] = defaultdict(list)
            left_out = self.excluded(period)
            for journal in reversed(self._of(period)):
                for receipt in () if journal.run.output else journal.receipts():
                    if receipt.verdict == Verdict.ACCEPTED and receipt.sha256 not in left_out:
                        accepted[receipt.unit].append((journal.run.number, receipt))
        return self._accepted[period]
