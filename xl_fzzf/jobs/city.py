"""One level up: the districts' summaries in a folder become the city's master and its summary."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from xl_fzzf.archive.originals import fingerprint
from xl_fzzf.desk.checking import CheckedFile, sort_findings
from xl_fzzf.desk.city_checking import (
    check_summary,
    count_errors,
    stated_as_of,
)
from xl_fzzf.desk.city_master import read_city_master
from xl_fzzf.desk.errors import JobError
from xl_fzzf.desk.intake import Receiving
from xl_fzzf.desk.lock import only_run
from xl_fzzf.desk.master import Master
from xl_fzzf.desk.merging import accept_findings
from xl_fzzf.desk.printing import Printed, Printer, write_summary
from xl_fzzf.desk.progress import Progress, silent
from xl_fzzf.desk.readers import Readers
from xl_fzzf.desk.recording import Done, open_ledger, receiver, record_run
from xl_fzzf.desk.registering import register_line
from xl_fzzf.desk.saving import Saved, save
from xl_fzzf.desk.settling import find_submission_faults, is_late, settle
from xl_fzzf.desk.workspace import Workspace
from xl_fzzf.model.city import City, District
from xl_fzzf.model.district import Summary
from xl_fzzf.model.finding import Finding
from xl_fzzf.model.round import Received, Round
from xl_fzzf.model.run import Job
from xl_fzzf.model.submission import Submission, Verdict
from xl_fzzf.office.book_file import FileBook
from xl_fzzf.sheets.lists import Line, finding_lines, read_waivers
from xl_fzzf.sheets.stamp import write_stamp

if TYPE_CHECKING:
    from xl_fzzf.archive.ledger import Ledger


@dataclass(frozen=True, slots=True)
class CityConsolidation:
    """What a city's consolidation did: the districts that count, every file and every finding."""

    master: Path
    summary: Path
    printed: Printed
    returns: Path
    city: City
    files: Sequence[CheckedFile]
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
        return not count_errors(self.findings) and not kept_out


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
    with only_run(workspace), open_ledger(workspace) as ledger:
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
        receiving = Receiving(readers, workspace.archive, receiver(ledger, now))
        receiving.add_folder(folder)
        master = read_city_master(workspace, FileBook.open(workspace.master))
        files, summaries = _check(receiving, master.round, progress)
    findings = _complete(files, master, ledger)
    city = _build_city(master.round, as_of, files, summaries, findings)
    lines = [_file_line(file, findings, master, summaries) for file in files]
    write_city(master.book, city, lines, finding_lines(findings, lambda finding: ("", "")))
    write_stamp(master.book, {"as_of": as_of, "deadline": master.round.settings.deadline})
    saved = save(master, ledger, now, aside=True)
    done = Done(Job.CONSOLIDATE, now, as_of, {}, files, findings)
    record_run(ledger, master, saved, done)
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


def _check(
    receiving: Receiving, round_: Round, progress: Progress
) -> tuple[list[CheckedFile], dict[str, Summary]]:
    """Every file with its verdict, and what the summaries among them say, by file."""
    summaries: dict[str, Summary] = {}

    def check(submission: Submission, round_: Round) -> CheckedFile:
        checked = check_summary(submission, round_)
        if checked.summary:
            summaries[submission.file] = checked.summary
        return checked.file

    return settle(receiving.finish(round_, progress, check)), summaries


def _complete(files: Sequence[CheckedFile], master: Master, ledger: Ledger) -> list[Finding]:
    settings = master.round.settings
    found = [
        *(finding for file in files for finding in file.findings),
        *find_submission_faults(files, settings),
    ]
    waivers = {**ledger.waivers(str(settings.period)), **read_waivers(master.book)}
    return sort_findings(accept_findings(master, found, waivers))


def _build_city(
    round_: Round,
    as_of: date,
    files: Sequence[CheckedFile],
    summaries: Mapping[str, Summary],
    findings: Sequence[Finding],
) -> City:
    counted = [file for file in files if file.verdict is Verdict.ACCEPTED]
    order = {unit.code: place for place, unit in enumerate(round_.plan.units)}
    counted.sort(key=lambda file: order[file.unit.code] if file.unit else -1)
    districts = [
        _build_district(round_, as_of, file, summaries[file.submission.file], findings)
        for file in counted
    ]
    received = [_received(file, round_) for file in files]
    return City(round_, as_of, districts, received)


def _build_district(
    round_: Round, as_of: date, file: CheckedFile, summary: Summary, findings: Sequence[Finding]
) -> District:
    submission = file.submission
    return District(
        summary.district,
        submission.file,
        is_late(file, round_.settings),
        stated_as_of(submission),
        len(summary.units),
        summary.sent,
        round_.plan,
        summary.assess(round_.settings.period.year, as_of),
        count_errors(finding for finding in findings if finding.file == submission.file),
        len(summary.foreign) + len(summary.repeated),
    )


def _received(file: CheckedFile, round_: Round) -> Received:
    submission, unit = file.submission, file.unit
    moment = f"{submission.received:%Y-%m-%d %H:%M}"
    name, label = unit.name if unit else "", file.verdict.label
    timely = "逾期" if is_late(file, round_.settings) else "及时"
    return Received(submission.file, name, label, file.reason, moment, timely, submission.sha256)


def _file_line(
    file: CheckedFile,
    findings: Sequence[Finding],
    master: Master,
    summaries: Mapping[str, Summary],
) -> Line:
    counts = file.verdict is Verdict.ACCEPTED
    statements = summaries[file.submission.file].statements if counts else ()
    return {**register_line(file, findings, master), "records": len(statements)}
