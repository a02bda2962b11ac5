"""check: judge single files, and write the findings into a copy for the unit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from xl_fzzf.archive.storage import make_folder, write_whole
from xl_fzzf.desk.errors import JobError
from xl_fzzf.desk.intake import Intake
from xl_fzzf.desk.level import FORMS
from xl_fzzf.desk.master import Master, open_master
from xl_fzzf.desk.readers import Readers
from xl_fzzf.desk.workspace import Workspace, find_master, find_masters, received_files
from xl_fzzf.jobs.distribute import ReturnWriter
from xl_fzzf.model.assessment import Assessment, assess
from xl_fzzf.model.comparison import Compared, compare
from xl_fzzf.model.finding import Finding, Severity, apply_waivers
from xl_fzzf.model.judged import Judged
from xl_fzzf.model.record import Key
from xl_fzzf.model.submission import Verdict
from xl_fzzf.office.book_file import FileBook
from xl_fzzf.office.naming import safe_file_name
from xl_fzzf.office.xlsx.package import BookError
from xl_fzzf.rules import sort_findings
from xl_fzzf.rules.judge import judge_records, judge_return
from xl_fzzf.rules.rule import Place
from xl_fzzf.sheets.annotating import annotate_return, can_be_annotated
from xl_fzzf.sheets.lists import read_waivers


@dataclass(frozen=True, slots=True)
class CheckResult:
    """A file's verdict, its records as judged, all findings, and the annotated copy if one was made."""

    path: Path
    checked: Judged
    assessments: Sequence[Assessment]
    findings: Sequence[Finding]
    copy: Path | None = None

    @property
    def clean(self) -> bool:
        """Accepted, and no error among the findings."""
        errors = any(finding.severity is Severity.ERROR for finding in self.findings)
        return self.checked.verdict is Verdict.ACCEPTED and not errors


def check_files(
    paths: Sequence[Path], given: Path | None, folder: Path, as_of: date, annotate: bool
) -> list[CheckResult]:
    """Check files against their round's master (given, or found near); raises JobError without one."""
    masters: dict[Path, Master] = {}
    results: list[CheckResult] = []
    if lost := next((path for path in paths if not path.is_file()), None):
        raise JobError(f"找不到文件“{lost}”")
    with Readers() as readers:
        intake = Intake(readers)
        for path in paths:
            intake.add(path, path.name)
        for path, submission in zip(paths, intake.submissions(), strict=True):
            where = given or _find_near(path, folder, submission.stamp.get("period", ""))
            if where not in masters:
                masters[where] = open_master(find_master(where, folder), writing=False)
            checked = judge_return(submission, masters[where].round, FORMS)
            result = _check(path, checked, masters[where], as_of)
            if annotate and checked.verdict is Verdict.ACCEPTED:
                result = _annotate(result, masters[where], as_of)
            results.append(result)
    return results


def check_active(path: Path, as_of: date) -> list[CheckResult]:
    """Check what the workbook stands for that somebody is looking at; writes into no workbook.

    For a master the returns that came in; for a return itself, with an annotated copy. Raises JobError
    where a file belongs to no master.
    """
    if path not in find_masters(path.parent):
        return check_files([path], None, path.parent, as_of, annotate=True)
    received = received_files(Workspace.at(path).incoming)
    files = [file for file, ignored in received if not ignored]
    return check_files(files, path, path.parent, as_of, annotate=False)


def _check(path: Path, checked: Judged, master: Master, as_of: date) -> CheckResult:
    round_, submission = master.round, checked.submission
    assessments = assess(round_.plan, checked.records.values(), round_.settings.period.year, as_of)
    own = [assessment for assessment in assessments if assessment.record.sheet]
    compared = _compare(own, master, as_of)
    place = Place(submission.file, sheets=submission.sheets)
    found = [*checked.findings, *judge_records(own, compared, round_, place)]
    findings = sort_findings(apply_waivers(found, read_waivers(master.book)))
    return CheckResult(path, checked, assessments, findings)


def _annotate(result: CheckResult, master: Master, as_of: date) -> CheckResult:
    """Write a copy with the findings that are open into 退回; the unit's own file is not touched.

    A file that isn't .xlsx, or has lost its stamp sheet, is copied into a fresh return with all its
    entries.
    """
    folder, unit = master.workspace.sent_back, result.checked.unit
    make_folder(folder)
    copy = folder / f"{safe_file_name(result.path.stem)}.xlsx"
    book = _open_own(result.path)
    if book is None:
        assert unit is not None
        ReturnWriter(master.round, as_of).make(copy, unit, result.assessments).save_as(copy)
        book = FileBook.open(copy)
    still_open = [finding for finding in result.findings if not finding.accepted]
    annotate_return(book, result.assessments, still_open, own=book.path == result.path)
    write_whole(copy, book.pack())
    return replace(result, copy=copy)


def _open_own(path: Path) -> FileBook | None:
    """A unit's own file, if findings can be written into it."""
    try:
        book = FileBook.open(path)
    except BookError:
        return None
    return book if can_be_annotated(book) else None


def _compare(own: Sequence[Assessment], master: Master, as_of: date) -> dict[Key, Compared]:
    """A file's records beside the other units' in the master, and what was said before."""
    if not own:
        return {}
    others = [a for a in master.assess(as_of) if a.unit.code != own[0].unit.code]
    for assessment in own:
        standing = master.records.get(assessment.record.key)
        assessment.record.previous = standing.previous if standing else None
    return compare(
        [*others, *own], master.round.settings.period, master.finals, master.entries_before
    )


def _find_near(path: Path, folder: Path, period: str) -> Path:
    """The master for a file, here or above the file: that of its own period, or the latest."""
    for place in (folder, *path.resolve().parents):
        masters = find_masters(place)
        if masters:
            own = [master for master in masters if str(Workspace.at(master).period) == period]
            return (own or masters)[-1]
    raise JobError(f"找不到“{path.name}”对应的台账，请在台账所在的文件夹运行，或用 --master 指明")
