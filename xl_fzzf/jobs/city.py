"""One level up: the districts' summaries in a folder become the city's master and its summary."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from xl_fzzf.jobs.checking import CheckedFile
from xl_fzzf.jobs.city_checking import check_summary, count_errors, sort_city_findings
from xl_fzzf.jobs.lock import only_run
from xl_fzzf.jobs.master import Master
from xl_fzzf.jobs.merging import accept_findings
from xl_fzzf.jobs.prepare import GRACE
from xl_fzzf.jobs.progress import Progress, silent
from xl_fzzf.jobs.readers import Readers
from xl_fzzf.jobs.receive import Receiving
from xl_fzzf.jobs.recording import Done, open_ledger, receiver, record_run
from xl_fzzf.jobs.registering import register_line
from xl_fzzf.jobs.saving import Saved, save
from xl_fzzf.jobs.settling import find_submission_faults, is_late, settle
from xl_fzzf.jobs.workspace import JobError, Workspace, master_path
from xl_fzzf.model.city import City, District, build_city_plan
from xl_fzzf.model.district import Summary
from xl_fzzf.model.finding import Finding
from xl_fzzf.model.history import Job
from xl_fzzf.model.period import Period
from xl_fzzf.model.plan import Plan
from xl_fzzf.model.round import Received, Round
from xl_fzzf.model.settings import Settings
from xl_fzzf.model.submission import Submission, Verdict
from xl_fzzf.rules import SUBMISSION_RULES, setting_rows
from xl_fzzf.sheets import layout
from xl_fzzf.sheets.book import Value
from xl_fzzf.sheets.book_file import FileBook
from xl_fzzf.sheets.driving import write_driving
from xl_fzzf.sheets.driving_reading import read_round
from xl_fzzf.sheets.lists import Line, finding_lines, read_waivers
from xl_fzzf.sheets.stamp import read_stamp, write_stamp
from xl_fzzf.storage import make_folder, write_whole

if TYPE_CHECKING:
    from xl_fzzf.ledger.ledger import Ledger


@dataclass(frozen=True, slots=True)
class CityConsolidation:
    """What a city's consolidation did: the districts that count, every file and every finding."""

    master: Path
    summary: Path
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


def init_city(
    folder: Path, plan: Plan, city: str, districts: Sequence[str], period: Period, as_of: date
) -> Workspace:
    """Make a city's workspace with an empty master; raises JobError where there is one already."""
    from xl_fzzf.sheets.city.master import city_shell

    workspace = Workspace(master_path(folder, period), period)
    if workspace.master.exists():
        raise JobError(f"“{workspace.master}”已经有了,没有改动。要重新开始,请换一个文件夹")
    if not districts or len(set(districts)) < len(districts):
        raise JobError("区县没有写,或写重了。例:--districts 嘉陵区,顺庆区,高坪区")
    for place in (workspace.incoming, workspace.upward, workspace.archive):
        make_folder(place)
    own = build_city_plan(plan, city, districts)
    round_ = Round(own, {}, Settings(period, period.end + GRACE))
    book = FileBook(workspace.master, city_shell(own))
    stamp: dict[str, Value] = {
        "kind": layout.CITY,
        "plan": own.name,
        "version": layout.VERSION,
        "period": str(period),
        "unit": city,
        "created": as_of,
    }
    write_stamp(book, stamp)
    write_driving(book, round_, [row for row in setting_rows() if row[0] in SUBMISSION_RULES])
    book.save_as(workspace.master)
    return workspace


def is_city(path: Path) -> bool:
    """Whether a master is a city's; BookError where the file can't be read."""
    book = FileBook.open(path)
    if layout.ASSIGNMENTS in book.sheet_names or layout.STAMP not in book.sheet_names:
        return False
    return read_stamp(book.read(layout.STAMP)).get("kind") == layout.CITY


def consolidate_city(
    path: Path, returns: Path | None, as_of: date, now: datetime, progress: Progress = silent
) -> CityConsolidation:
    """Read all districts' summaries, recompute them, and write the city's master and summary.

    Raises JobError, PlanError, BookError or LayoutError; the master is then as it was.
    """
    workspace = Workspace.at(path)
    folder = returns or workspace.incoming
    if returns and not folder.is_dir():
        raise JobError(f"找不到报送文件夹“{folder}”,请把各区县的汇总表放进去再运行")
    with only_run(workspace), open_ledger(workspace) as ledger:
        return _consolidate(workspace, ledger, folder, as_of, now, progress)


def _consolidate(
    workspace: Workspace,
    ledger: Ledger,
    folder: Path,
    as_of: date,
    now: datetime,
    progress: Progress,
) -> CityConsolidation:
    from xl_fzzf.sheets.city.master import write_city
    from xl_fzzf.sheets.city.summary import build_city_summary

    with Readers() as readers:
        receiving = Receiving(readers, workspace.archive, receiver(ledger, now))
        receiving.add_folder(folder)
        master = _open(workspace)
        files, summaries = _check(receiving, master.round, progress)
    findings = _complete(files, master, ledger)
    city = _build_city(master.round, as_of, files, summaries, findings)
    lines = [_file_line(file, findings, master, summaries) for file in files]
    write_city(master.book, city, lines, finding_lines(findings, lambda finding: ("", "")))
    write_stamp(master.book, {"as_of": as_of, "deadline": master.round.settings.deadline})
    saved = save(master, ledger, now, aside=True)
    done = Done(Job.CONSOLIDATE, now, as_of, {}, files, findings)
    record_run(ledger, master, saved, done)
    summary = _summary_path(workspace, master.round)
    make_folder(summary.parent)
    write_whole(summary, build_city_summary(city, lines, findings, now.date()))
    return CityConsolidation(
        workspace.master, summary, folder, city, files, findings, saved, ledger.notices
    )


def _open(workspace: Workspace) -> Master:
    book = FileBook.open(workspace.master)
    stamp = read_stamp(book.read(layout.STAMP))
    name = workspace.master.name
    if stamp.get("version") != layout.VERSION:
        raise JobError(f"“{name}”的版本是 {stamp.get('version')},本程序只认版本 {layout.VERSION}")
    round_ = read_round(book, name, assigned=False)
    if round_.settings.period != workspace.period:
        raise JobError(f"“{name}”里的报告期是 {round_.settings.period},与文件名不一致")
    return Master(workspace, book, round_, stamp)


def _summary_path(workspace: Workspace, round_: Round) -> Path:
    title = layout.safe_file_name(round_.plan.summary_title)
    return workspace.upward / f"{title}-{workspace.period}.xlsx"


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
    return sort_city_findings(accept_findings(master, found, waivers))


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
    received = [_received(file) for file in files]
    return City(round_, as_of, districts, received)


def _build_district(
    round_: Round, as_of: date, file: CheckedFile, summary: Summary, findings: Sequence[Finding]
) -> District:
    submission = file.submission
    return District(
        summary.district,
        submission.file,
        is_late(file, round_.settings),
        submission.stamp.get("as_of", ""),
        len(summary.units),
        summary.sent,
        round_.plan,
        summary.assess(round_.settings.period.year, as_of),
        count_errors(finding for finding in findings if finding.file == submission.file),
    )


def _received(file: CheckedFile) -> Received:
    submission, unit = file.submission, file.unit
    moment = f"{submission.received:%Y-%m-%d %H:%M}"
    name, label = unit.name if unit else "", file.verdict.label
    return Received(submission.file, name, label, file.reason, moment, "", submission.sha256)


def _file_line(
    file: CheckedFile,
    findings: Sequence[Finding],
    master: Master,
    summaries: Mapping[str, Summary],
) -> Line:
    counts = file.verdict is Verdict.ACCEPTED
    statements = summaries[file.submission.file].statements if counts else ()
    return {**register_line(file, findings, master), "records": len(statements)}
