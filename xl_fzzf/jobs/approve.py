"""approve and reopen: sign a round's figures, with the files that go up, and open it again."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path

from xl_fzzf.archive.ledger import Ledger
from xl_fzzf.archive.originals import fingerprint, keep_state
from xl_fzzf.desk.editions import keep_figures
from xl_fzzf.desk.errors import JobError
from xl_fzzf.desk.level import LEVELS
from xl_fzzf.desk.lock import only_run
from xl_fzzf.desk.master import Master, open_master
from xl_fzzf.desk.outcome import Brought
from xl_fzzf.desk.printing import Printed, Printer
from xl_fzzf.desk.saving import Done, Saved, save
from xl_fzzf.desk.signing import changing, find_edits, say_some, say_waiting
from xl_fzzf.desk.workspace import Workspace
from xl_fzzf.jobs.consolidate import Using, bring
from xl_fzzf.jobs.report import write_edition
from xl_fzzf.jobs.status import read_standing
from xl_fzzf.model.city import City
from xl_fzzf.model.course import Course, Stage
from xl_fzzf.model.edition import Edition
from xl_fzzf.model.round import Standing
from xl_fzzf.model.run import Job
from xl_fzzf.office.book_file import FileBook
from xl_fzzf.sheets.imprint import shown_imprint
from xl_fzzf.sheets.origins import Origins
from xl_fzzf.sheets.stamp import write_mark

_BRINGING = (Job.CONSOLIDATE, Job.RESTORE, Job.EXCLUDE, Job.INCLUDE)


@dataclass(frozen=True, slots=True)
class Approved:
    """The summary that was approved and its PDF, where it stands, and what it says."""

    master: Path
    summary: Path
    printed: Printed
    standing: Standing | City

    @property
    def imprint(self) -> str:
        """The summary's imprint, as it stands on its cover."""
        return shown_imprint(self.summary.read_bytes())

    @property
    def edition(self) -> Edition:
        """Which edition it is, and who approved it."""
        return self.standing.edition


@dataclass(frozen=True, slots=True)
class Reopened:
    """A round that was opened again: the edition that no longer holds, and the one to come."""

    master: Path
    before: Edition
    edition: Edition


def approve(
    path: Path,
    by: str,
    reviewed_by: str,
    now: datetime,
    printer: Printer | None = None,
    book: FileBook | None = None,
) -> Approved:
    """Sign a round as it was last consolidated: master, summary and, with a printer, its PDF.

    They are marked, kept, and recorded by their hashes. `book` is the master where it is open already.
    Raises JobError where nothing was consolidated, the master was edited since, something waits, or
    a PDF can't be printed; nothing is approved then.
    """
    workspace = Workspace.at(path)
    with changing(workspace) as ledger:
        day = _ready(workspace, ledger)
        master = open_master(path, book=book, kinds=LEVELS)
        edition = ledger.course(str(workspace.period)).edition
        who, reviewer = _signers(master, by, reviewed_by)
        edition = replace(edition, by=who, reviewed_by=reviewer, on=now.date())
        signing = _Signing(workspace, ledger, edition, day, now, printer)
        return signing.of_records(master) if LEVELS[master.kind].records else signing.of_sums(book)


def read_ready(path: Path) -> Standing:
    """Where a round stands that is about to be approved; raises JobError as `approve` does."""
    workspace = Workspace.at(path)
    return read_standing(path, _ready(workspace, Ledger(workspace.archive)))[1]


def reopen(path: Path, reason: str, now: datetime, book: FileBook | None = None) -> Reopened:
    """Open an approved round again, for a reason; the next edition corrects the one that was approved.

    Raises JobError where it is not approved, or no reason is given.
    """
    workspace = Workspace.at(path)
    if not reason.strip():
        raise JobError("没有写原因，没有重新打开。请写明：fzzf reopen --reason 原因")
    with only_run(workspace):
        ledger = Ledger(workspace.archive)
        course = ledger.course(str(workspace.period))
        if course.stage is Stage.OPEN:
            raise JobError(f"{workspace.period.label}{course.words}，没有定稿，不用重新打开")
        master = open_master(path, book=book, kinds=LEVELS)
        write_mark(master.book, "")
        day = course.day or now.date()
        save(master, ledger, Done(Job.REOPEN, now, day, master.origins, note=reason.strip()))
        opened = Ledger(workspace.archive).course(str(workspace.period))
        return Reopened(path, course.edition, opened.edition)


def _ready(workspace: Workspace, ledger: Ledger) -> date:
    """The day of the figures that are to be approved; raises JobError where they must not be."""
    course = ledger.course(str(workspace.period))
    day = course.day
    if day is None:
        raise JobError("还没有汇总过，没有可以定稿的。请先运行 fzzf consolidate，看过汇总表再定稿")
    again = f"请再汇总一次（fzzf consolidate --as-of {day}），看过再定稿"
    if job := _overtaken(course):
        raise JobError(f"上次汇总以后又“{job.label}”过，没有定稿。{again}")
    if edits := find_edits(workspace, course.runs[-1]):
        raise JobError(f"台账在上次运行以后改过（{say_some(edits)}），没有定稿。{again}")
    if waiting := say_waiting(workspace, ledger):
        raise JobError(
            f"{'；'.join(waiting)}；没有定稿。“待确认”里的，核实后移到“报送”，不对的删掉；{again}"
        )
    return day


def _overtaken(course: Course) -> Job | None:
    """The job by which the last consolidation no longer says what the round has."""
    jobs = (run.job for run in reversed(course.runs) if not run.output)
    last = next(job for job in jobs if job in _BRINGING)
    return None if last is Job.CONSOLIDATE else last


def _signers(master: Master, by: str, reviewed_by: str) -> tuple[str, str]:
    """Who approves and who reviewed: those named, or else those of 设置; raises JobError."""
    settings = master.round.settings
    who = by.strip() or settings.approver
    if not who:
        raise JobError(
            "没有写由谁定稿，没有定稿。请加 --by 姓名；或者填在台账“设置”的“定稿人”，再汇总一次"
        )
    return who, reviewed_by.strip() or settings.reviewer


_Make = Callable[[Saved], Approved]


@dataclass(frozen=True)
class _Signing:
    workspace: Workspace
    ledger: Ledger
    edition: Edition
    day: date
    now: datetime
    printer: Printer | None

    def of_records(self, master: Master) -> Approved:
        """Sign a district: its summary is made from its master."""
        brought = Brought((), self.day)

        def make(saved: Saved) -> Approved:
            today = self.now.date()
            made = write_edition(saved.output, self.edition, self.day, today, self.printer)
            return Approved(saved.output, made.summary, made.printed, made.standing)

        return self._sign(master, make, master.origins, brought)

    def of_sums(self, book: FileBook | None) -> Approved:
        """Sign a city: its summary is made from what its districts sent, which is read once more."""
        using = Using(book=book)
        written = bring(self.workspace, None, self.ledger, self.day, self.now, using)
        publish = written.outcome.publish
        assert publish

        def make(saved: Saved) -> Approved:
            made = publish(saved, self.edition, self.now.date(), self.printer)
            return Approved(saved.output, made.summary, made.printed, made.city)

        return self._sign(written.master, make, written.origins, written.brought)

    def _sign(self, master: Master, make: _Make, origins: Origins, brought: Brought) -> Approved:
        """Mark the master and save it, make what goes up, and record both."""
        made: list[Approved] = []

        def fix(saved: Saved) -> Mapping[str, str]:
            try:
                made.append(self._whole(make(saved)))
                return self._keep(made[0], saved)
            except Exception:
                write_mark(master.book, "")  # what is not recorded is not approved
                master.book.save()
                raise

        edition = self.edition
        write_mark(master.book, f"已定稿：{edition.words}。要改动，先重新打开（fzzf reopen）")
        done = Done(
            Job.APPROVE,
            self.now,
            self.day,
            origins,
            brought.files,
            brought.findings,
            note=edition.label,
            by=edition.by,
            reviewed_by=edition.reviewed_by,
        )
        save(master, self.ledger, done, fix=fix)
        return made[0]

    def _whole(self, made: Approved) -> Approved:
        if made.printed.trouble:
            raise JobError(f"{made.printed.trouble}；没有定稿。不要 PDF 就加上 --no-pdf")
        return made

    def _keep(self, made: Approved, saved: Saved) -> Mapping[str, str]:
        """Keep what goes up, and what it states; their hashes, and the master's, by their paths."""
        archive, folder = self.workspace.archive, self.workspace.folder
        files = [made.summary, *([made.printed.pdf] if made.printed.pdf else [])]
        for file in files:
            keep_state(archive, file, file.read_bytes(), self.now)
        files.append(keep_figures(archive, made.standing))
        outputs = {saved.output.name: saved.after}
        for file in files:
            name = file.relative_to(folder).as_posix()
            outputs[name] = fingerprint(file.read_bytes())
        return outputs
