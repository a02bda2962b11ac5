"""consolidate: the returns in a folder become the master's records; what staff typed there stays."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import partial
from pathlib import Path

from xl_fzzf.archive.ledger import Ledger
from xl_fzzf.desk.errors import JobError
from xl_fzzf.desk.intake import Intake
from xl_fzzf.desk.level import FORMS
from xl_fzzf.desk.lock import only_run
from xl_fzzf.desk.master import Master, open_master, refresh, reported_units
from xl_fzzf.desk.merging import merge_files
from xl_fzzf.desk.progress import Progress, silent
from xl_fzzf.desk.readers import Readers
from xl_fzzf.desk.registering import late_units, write_lists
from xl_fzzf.desk.saving import Done, Saved, save
from xl_fzzf.desk.workspace import Workspace
from xl_fzzf.model.accounting import NOTHING_READ, Account
from xl_fzzf.model.assessment import Assessment
from xl_fzzf.model.finding import Finding, Severity
from xl_fzzf.model.judged import Judged, settle
from xl_fzzf.model.plan import Unit
from xl_fzzf.model.run import Job
from xl_fzzf.model.status import Status
from xl_fzzf.model.submission import Verdict
from xl_fzzf.office.book_file import FileBook
from xl_fzzf.rules.judge import Known, judge_return, judge_round
from xl_fzzf.sheets.area import Key
from xl_fzzf.sheets.lists import read_waivers

_HINTS_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Consolidation:
    """What a consolidation did; `files` holds every received file, `assessments` all records.

    `notices` say what the coordinator should know about the archive.
    """

    master: Path
    returns: Path
    as_of: date
    files: Sequence[Judged]
    findings: Sequence[Finding]
    assessments: Sequence[Assessment]
    expected: Sequence[Unit]
    reported: Sequence[Unit]
    late: Sequence[Unit]
    saved: Saved
    notices: Sequence[str]

    @property
    def missing(self) -> list[Unit]:
        """Units of which nothing is there."""
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
        counted = (f.account for f in self.files if f.verdict is Verdict.ACCEPTED)
        return sum(counted, NOTHING_READ)

    @property
    def clean(self) -> bool:
        """No error among the findings, no file kept out, and the result is in the master."""
        errors = any(finding.severity is Severity.ERROR for finding in self.findings)
        kept_out = self.verdicts[Verdict.QUARANTINED] or self.saved.holder
        return not errors and not kept_out


def consolidate(
    path: Path,
    returns: Path | None,
    as_of: date,
    now: datetime,
    progress: Progress = silent,
    book: FileBook | None = None,
) -> Consolidation:
    """Read all returns, merge them into the master, write it and its lists.

    `book` is the master where it is open already, in a running Excel.
    Raises JobError, PlanError, BookError or LayoutError; the master is then as it was.
    """
    workspace = Workspace.at(path)
    folder = returns or workspace.incoming
    if returns and not folder.is_dir():
        raise JobError(f"找不到报送文件夹“{folder}”,请把各单位交回的填报表放进去再运行")
    with only_run(workspace):
        ledger = Ledger(workspace.archive)
        return _consolidate(workspace, ledger, folder, as_of, now, progress, book)


def _consolidate(
    workspace: Workspace,
    ledger: Ledger,
    folder: Path,
    as_of: date,
    now: datetime,
    progress: Progress,
    book: FileBook | None,
) -> Consolidation:
    with Readers() as readers:
        intake = Intake(readers, workspace.archive, ledger.receiver(now))
        intake.add_folder(folder)
        master = open_master(workspace.master, writing=False, book=book)
        submissions = intake.submissions(progress)
        files = settle(judge_return(each, master.round, FORMS) for each in submissions)
    merged, origins = merge_files(master, files, as_of)
    assessments = merged.assessments
    if folder != workspace.incoming:  # elsewhere only some of the files may lie
        merged = replace(merged, taken=())
    period = str(workspace.period)
    waivers = {**ledger.waivers(period), **read_waivers(master.book)}
    known = Known(waivers, partial(ledger.earlier, period))
    findings = judge_round(files, merged, master.round, FORMS, known)
    reported = reported_units(master.records.values()) | {
        file.unit.code for file in files if file.unit and file.counts
    }
    refresh(master, assessments, as_of, len(reported), _hints(master, findings))
    write_lists(master, files, findings, assessments, as_of)
    done = Done(Job.CONSOLIDATE, now, as_of, origins, files, findings)
    saved = save(master, ledger, done, aside=True)
    expected = master.expected_units
    return Consolidation(
        workspace.master,
        folder,
        as_of,
        files,
        findings,
        assessments,
        expected,
        [unit for unit in expected if unit.code in reported],
        late_units(master, files),
        saved,
        ledger.notices,
    )


def _hints(master: Master, findings: Sequence[Finding]) -> dict[Key, str]:
    """校验提示 of each record: its findings in short."""
    names = {unit.name: unit.code for unit in master.round.plan.units}
    messages: dict[Key, list[str]] = defaultdict(list)
    for finding in findings:
        open_ = finding.severity is not Severity.INFO and not finding.accepted
        if finding.indicator and open_ and finding.unit in names:
            messages[names[finding.unit], finding.indicator].append(finding.message)
    return {
        key: ";".join(list(dict.fromkeys(found))[:_HINTS_SHOWN]) for key, found in messages.items()
    }
