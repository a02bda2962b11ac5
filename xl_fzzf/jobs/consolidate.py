"""consolidate: the files in a folder are taken in, judged, settled, merged, judged again and written."""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import NamedTuple

from xl_fzzf.archive.ledger import Ledger
from xl_fzzf.desk.edited import edited_since_consolidation
from xl_fzzf.desk.errors import JobError
from xl_fzzf.desk.excluding import Exclusions
from xl_fzzf.desk.intake import Intake
from xl_fzzf.desk.level import FORMS, LEVELS, Level
from xl_fzzf.desk.master import Master, open_master
from xl_fzzf.desk.merging import merge_returns
from xl_fzzf.desk.outcome import Brought, Outcome, Published
from xl_fzzf.desk.printing import Printer
from xl_fzzf.desk.progress import Progress, silent
from xl_fzzf.desk.readers import Readers
from xl_fzzf.desk.saving import Done, Saved, save
from xl_fzzf.desk.signing import changing, say_unknown_mark
from xl_fzzf.desk.workspace import Workspace
from xl_fzzf.desk.writing import write_lists
from xl_fzzf.model.assessment import Assessment
from xl_fzzf.model.finding import Finding, Severity, Waivers
from xl_fzzf.model.judged import Judged
from xl_fzzf.model.plan import Unit
from xl_fzzf.model.resolution import NOTHING_READ, Account
from xl_fzzf.model.run import Job
from xl_fzzf.model.settings import Blanks
from xl_fzzf.model.settling import late_units, settle
from xl_fzzf.model.status import Status
from xl_fzzf.model.submission import Submission, Verdict
from xl_fzzf.office.book_file import FileBook
from xl_fzzf.rules.judge import Known, judge_round
from xl_fzzf.rules.submissions import blanked_key, nothing_before
from xl_fzzf.sheets.lists import read_waivers
from xl_fzzf.sheets.origins import Origins
from xl_fzzf.sheets.stamp import write_mark


class PrintingElsewhereError(JobError):
    """A PDF was asked for, which another job makes at this level; the message says which."""


@dataclass(frozen=True, slots=True)
class Using:
    """What a consolidation may use: who watches it, and who prints the summary that a level publishes.

    `book` is the master where it is open already, in a running Excel; `kinds` are the masters that
    will do, as they are stamped. `replacing` are files by name that replace their unit's older ones
    altogether, the cells included that they leave blank.
    """

    progress: Progress = silent
    book: FileBook | None = None
    printer: Printer | None = None
    kinds: Container[str] = frozenset(LEVELS)
    replacing: Sequence[str] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Consolidation:
    """What a consolidation did; `files` holds every received file, `assessments` all records.

    `typed` are units of which no file was taken, but of whose figures staff typed some into the master.
    `published` is the summary that a city writes at once; `notices` say what the coordinator should
    know about the archive.
    """

    master: Path
    returns: Path
    as_of: date
    files: Sequence[Judged]
    findings: Sequence[Finding]
    assessments: Sequence[Assessment]
    expected: Sequence[Unit]
    reported: Sequence[Unit]
    typed: Sequence[Unit]
    late: Sequence[Unit]
    saved: Saved
    notices: Sequence[str]
    published: Published | None = None

    @property
    def missing(self) -> list[Unit]:
        """Units of which no file was taken."""
        codes = {unit.code for unit in self.reported}
        return [unit for unit in self.expected if unit.code not in codes]

    @property
    def verdicts(self) -> Counter[Verdict]:
        """How many files got which verdict."""
        return Counter(file.verdict for file in self.files)

    @property
    def statuses(self) -> Counter[Status]:
        """How many records have which status."""
        return Counter(assessment.status for assessment in self.assessments)

    @property
    def accepted(self) -> int:
        """How many warnings the coordinator accepted."""
        return sum(finding.accepted for finding in self.findings)

    @property
    def account(self) -> Account:
        """Where the entries of the files that count went."""
        return sum((file.account for file in self.files if file.counts), NOTHING_READ)

    @property
    def clean(self) -> bool:
        """No error among the findings, no file kept out, and the result is in the master."""
        errors = any(finding.severity is Severity.ERROR for finding in self.findings)
        kept_out = self.verdicts[Verdict.QUARANTINED] or self.saved.holder
        return not errors and not kept_out


_BY_ITSELF = Using()


def consolidate(
    path: Path, returns: Path | None, as_of: date, now: datetime, using: Using = _BY_ITSELF
) -> Consolidation:
    """Take in every file of a folder (报送 by default), and bring the master up to date with them.

    Raises JobError, PlanError, BookError or LayoutError; the master is then as it was.
    """
    workspace = Workspace.at(path)
    with changing(workspace) as ledger:
        written = bring(workspace, returns, ledger, as_of, now, using)
        master, brought, outcome, origins, notices = written
        notices = [*notices, *say_unknown_mark(master, ledger)]
        write_mark(master.book, "")
        done = Done(Job.CONSOLIDATE, now, as_of, origins, brought.files, brought.findings)
        saved = save(master, ledger, done, aside=True)
        edition = ledger.course(str(workspace.period)).edition
        published = outcome.publish and outcome.publish(saved, edition, now.date(), using.printer)
    files, first = brought.files, ledger.first_good(str(workspace.period))
    return Consolidation(
        master=path,
        returns=returns or workspace.incoming,
        as_of=as_of,
        files=files,
        findings=brought.findings,
        assessments=outcome.assessments,
        expected=outcome.expected,
        reported=outcome.reported,
        typed=outcome.typed,
        late=late_units(outcome.expected, files, master.round.settings.deadline, first),
        saved=saved,
        notices=[*ledger.notices, *notices],
        published=published,
    )


class Written(NamedTuple):
    """A master that holds what a consolidation brought, not saved yet, and whence its records are.

    `notices` tell what was edited in its driving sheets.
    """

    master: Master
    brought: Brought
    outcome: Outcome
    origins: Origins
    notices: Sequence[str]


def bring(
    workspace: Workspace,
    returns: Path | None,
    ledger: Ledger,
    as_of: date,
    now: datetime,
    using: Using,
) -> Written:
    """Judge every file of a folder and write what they bring into the master; raises as `consolidate`."""
    master, level, files = _take_in(workspace, returns, ledger, now, using)
    edited = edited_since_consolidation(master)
    known = _recall(master, ledger, level, _replacing(files, using.replacing))
    known = replace(known, edits=edited.edits)
    whole = returns in (None, workspace.incoming)
    merged, origins = merge_returns(master, ledger, files, as_of, known.waivers, whole=whole)
    files = [merged.tell(file) for file in files]
    findings = judge_round(files, merged, master.round, FORMS, known)
    brought = Brought(merged.assessments, as_of, files, findings)
    outcome = level.write(master, brought)
    write_lists(master, brought)
    return Written(master, brought, outcome, origins, edited.notices)


def _take_in(
    workspace: Workspace, returns: Path | None, ledger: Ledger, now: datetime, using: Using
) -> tuple[Master, Level, list[Judged]]:
    """The master, its level, and every file of the folder, judged by itself and settled."""
    with Readers() as readers:
        intake = Intake(readers, workspace.archive, ledger.receiver(now))
        intake.add_folder(returns or workspace.incoming)  # read while the master is opened
        path = workspace.master
        master = open_master(path, writing=False, book=using.book, kinds=using.kinds)
        level = _level_of(master, returns, using.printer)
        exclusions = Exclusions(ledger, workspace)

        def judge(submissions: Iterable[Submission]) -> list[Judged]:
            judged = (level.judge(each, master.round, FORMS) for each in submissions)
            return [exclusions.turn(file) for file in judged]

        files = judge(intake.submissions(using.progress))
        again = Intake(readers, received=ledger.receiver(now))
        for kept, name in exclusions.in_their_place(settle(files)) if returns is None else ():
            again.add(kept, name)
        return master, level, settle([*files, *judge(again.submissions())])


def _replacing(files: Sequence[Judged], names: Sequence[str]) -> Waivers:
    """The coordinator's word that files, by name, replace the older ones; raises JobError."""
    counted = {Path(file.submission.file).name: file for file in files if file.counts}
    counted |= {file.submission.file: file for file in files if file.counts}
    if unknown := [name for name in names if name not in counted]:
        raise JobError(
            f"“{'”“'.join(unknown)}”不在这次采用的文件里，不能说它整份替换以前报的（台账没有改动）。"
            "请照“报送登记”里的文件名写"
        )
    return {blanked_key(counted[name]): Blanks.REPLACE.value for name in names}


def _level_of(master: Master, returns: Path | None, printer: Printer | None) -> Level:
    """The level of a master; raises JobError where it can't do what is asked of it."""
    level = LEVELS[master.kind]
    if printer and level.records:
        raise PrintingElsewhereError("区县台账的 PDF 用 fzzf report --pdf 生成")
    if returns and not returns.is_dir():
        raise JobError(f"找不到报送文件夹“{returns}”，请把{level.senders}放进去再运行")
    return level


def _recall(master: Master, ledger: Ledger, level: Level, now: Waivers) -> Known:
    """What is known beside the files: reasons for accepting findings, and what came before.

    `now` are the reasons that were given with this run.
    """
    period = str(master.workspace.period)
    waivers = {**ledger.waivers(period), **read_waivers(master.book), **now}
    if not level.records:
        return Known(waivers, nothing_before, level.listed)
    return Known(
        waivers,
        partial(ledger.earlier, period),
        level.listed,
        first=ledger.first_good(period),
        finals=master.finals,
        entries=master.entries_before,
    )
