"""One level up: the districts' summaries in a folder become the city's master and its summary."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import partial
from pathlib import Path

from xl_fzzf.archive.ledger import Ledger
from xl_fzzf.archive.originals import fingerprint
from xl_fzzf.desk.city_master import read_city_master
from xl_fzzf.desk.errors import JobError
from xl_fzzf.desk.intake import Intake
from xl_fzzf.desk.level import FORMS
from xl_fzzf.desk.lock import only_run
from xl_fzzf.desk.master import Master
from xl_fzzf.desk.printing import Printed, Printer, write_summary
from xl_fzzf.desk.progress import Progress, silent
from xl_fzzf.desk.readers import Readers
from xl_fzzf.desk.registering import register_line
from xl_fzzf.desk.saving import Done, Saved, save
from xl_fzzf.desk.workspace import Workspace
from xl_fzzf.model.city import City, District
from xl_fzzf.model.district import Summary
from xl_fzzf.model.finding import Finding, Severity
from xl_fzzf.model.judged import Judged, settle
from xl_fzzf.model.round import Received, Round
from xl_fzzf.model.run import Job
from xl_fzzf.model.submission import Submission, Timeliness, Verdict
from xl_fzzf.office.book_file import FileBook
from xl_fzzf.rules.judge import Known, Merged, judge_round, judge_summary
from xl_fzzf.sheets.lists import Line, finding_lines, read_waivers
from xl_fzzf.sheets.stamp import write_stamp


@dataclass(frozen=True, slots=True)
class CityConsolidation:
    """What a city's consolidation did: the districts that count, every file and every finding."""

    master: Path
    summary: Path
    printed: Printed
    returns: Path
    city: City
    files: Sequence[Judged]
    findings: Sequence[Finding]
    saved: Saved
    notices: Sequence[str]

    @property
    def verdicts(self) -> Counter[Verdict]:
        """How many files got which verdict."""
        return Counter(file.verdict for file in self.files)

    @property
    def clean(self) -> bool:
        """No error among the findings, no file kept out, and the result is in the master."""
        kept_out = self.verdicts[Verdict.QUARANTINED] or self.saved.holder
        errors = any(finding.severity is Severity.ERROR for finding in self.findings)
        return not errors and not kept_out


def consolidate_city(
    path: Path,
    returns: Path | None,
    as_of: date,
    now: datetime,
    progress: Progress = silent,
    printer: Printer | None = None,
) -> CityConsolidation:
    """Read all districts' summaries, recompute them, and write the city's master and summary.

    Raises JobError, PlanError, BookError or LayoutError; the master is then as it was.
    """
    workspace = Workspace.at(path)
    folder = returns or workspace.incoming
    if returns and not folder.is_dir():
        raise JobError(f"找不到报送文件夹“{folder}”,请把各区县的汇总表放进去再运行")
    with only_run(workspace):
        ledger = Ledger(workspace.archive)
        return _consolidate(workspace, ledger, folder, as_of, now, progress, printer)


def _consolidate(
    workspace: Workspace,
    ledger: Ledger,
    folder: Path,
    as_of: date,
    now: datetime,
    progress: Progress,
    printer: Printer | None,
) -> CityConsolidation:
    from xl_fzzf.sheets.city.master import write_city
    from xl_fzzf.sheets.city.summary import build_city_summary

    with Readers() as readers:
        intake = Intake(readers, workspace.archive, ledger.receiver(now))
        intake.add_folder(folder)
        master = read_city_master(workspace, FileBook.open(workspace.master))
        submissions = intake.submissions(progress)
        files = settle(judge_summary(each, master.round, FORMS) for each in submissions)
    waivers = {**ledger.waivers(str(workspace.period)), **read_waivers(master.book)}
    merged, known = Merged(master=workspace.master.name), Known(waivers, listed=())
    findings = judge_round(files, merged, master.round, FORMS, known)
    city = _build_city(master.round, as_of, files, findings)
    lines = [_file_line(file, findings, master) for file in files]
    write_city(master.book, city, lines, finding_lines(findings, lambda finding: ("", "")))
    write_stamp(master.book, {"as_of": as_of, "deadline": master.round.settings.deadline})
    done = Done(Job.CONSOLIDATE, now, as_of, {}, files, findings)
    saved = save(master, ledger, done, aside=True)
    city = replace(city, master=saved.output.name, sha256=fingerprint(saved.output.read_bytes()))
    build = partial(build_city_summary, city, lines, findings, now.date())
    summary, printed = write_summary(workspace, city.round.plan.summary_title, build, printer)
    return CityConsolidation(
        workspace.master,
        summary,
        printed,
        folder,
        city,
        files,
        findings,
        saved,
        ledger.notices,
    )


def _build_city(
    round_: Round, as_of: date, files: Sequence[Judged], findings: Sequence[Finding]
) -> City:
    order = {unit.code: place for place, unit in enumerate(round_.plan.units)}
    counted = [file for file in files if file.counts and file.unit]
    counted.sort(key=lambda file: order[file.unit.code] if file.unit else -1)
    districts = [
        _build_district(round_, as_of, file.submission, file.summary, findings)
        for file in counted
        if file.summary
    ]
    return City(round_, as_of, districts, [_received(file, round_) for file in files])


def _build_district(
    round_: Round,
    as_of: date,
    submission: Submission,
    summary: Summary,
    findings: Sequence[Finding],
) -> District:
    settings = round_.settings
    return District(
        summary.district,
        submission.file,
        submission.received.date() > settings.deadline,
        _stated_as_of(submission),
        len(summary.units),
        summary.sent,
        round_.plan,
        summary.assess(settings.period.year, as_of),
        sum(f.severity is Severity.ERROR for f in findings if f.file == submission.file),
        len(summary.foreign) + len(summary.repeated),
    )


def _stated_as_of(submission: Submission) -> date | None:
    """The day as of which the district judged; None where the file does not say one."""
    try:
        return date.fromisoformat(submission.stamp.get("as_of", ""))
    except ValueError:
        return None


def _received(file: Judged, round_: Round) -> Received:
    submission = file.submission
    moment, label = f"{submission.received:%Y-%m-%d %H:%M}", file.verdict.label
    timely = Timeliness.of(file.is_late(round_.settings.deadline)).value
    name, sha256 = file.unit_name, submission.sha256
    return Received(submission.file, name, label, file.reason, moment, timely, sha256)


def _file_line(file: Judged, findings: Sequence[Finding], master: Master) -> Line:
    records = len(file.summary.statements) if file.counts and file.summary else 0
    return {**register_line(file, findings, master), "records": records}
