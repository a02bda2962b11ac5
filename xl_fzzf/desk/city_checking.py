"""Check a district's summary one level up: its verdict, its records and its findings."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from xl_fzzf.desk.checking import CheckedFile
from xl_fzzf.model.district import Summary, Tables, read_summary
from xl_fzzf.model.finding import Finding, Severity
from xl_fzzf.model.plan import Unit
from xl_fzzf.model.round import Round
from xl_fzzf.model.submission import Submission, Verdict
from xl_fzzf.rules import (
    SUMMARY_FILE_RULES,
    SUMMARY_PLAN_RULES,
    SUMMARY_RULES,
    Found,
    run_rules,
)
from xl_fzzf.rules.summary_files import SummaryFile
from xl_fzzf.sheets.spec import DATA, SUMMARY_LISTS, TOTAL_MARK, VERSION


@dataclass(frozen=True, slots=True)
class CheckedSummary:
    """A file with its verdict, and what the summary in it says if it can be taken."""

    file: CheckedFile
    summary: Summary | None = None


def check_summary(submission: Submission, round_: Round) -> CheckedSummary:
    """Whether a file can be taken as a district's summary, and whether it agrees with itself."""
    case = SummaryFile(
        submission, round_.plan, VERSION, str(round_.settings.period), tuple(_lacking(submission))
    )
    faults = list(run_rules(SUMMARY_FILE_RULES, case, {}))
    district = case.district
    if faults or district is None:
        return CheckedSummary(_quarantined(submission, district, faults[0]))
    summary = read_summary(round_.plan, district, _tables(submission))
    for found in run_rules(SUMMARY_PLAN_RULES, summary, {}):
        return CheckedSummary(_quarantined(submission, district, found))
    findings = tuple(
        _finding(found, submission, district) for found in run_rules(SUMMARY_RULES, summary, {})
    )
    file = CheckedFile(submission, Verdict.ACCEPTED, "", district, findings=findings)
    return CheckedSummary(file, summary)


def _quarantined(submission: Submission, district: Unit | None, found: Found) -> CheckedFile:
    finding = _finding(found, submission, district)
    reason = finding.message
    return CheckedFile(submission, Verdict.QUARANTINED, reason, district, findings=(finding,))


def _lacking(submission: Submission) -> Iterator[str]:
    """The tables that are recomputed and are not there as they should be."""
    for name in SUMMARY_LISTS:
        table = submission.lists.get(name)
        if table is None or (name == DATA and name not in submission.sheets):
            yield f"没有工作表“{name}”"
            continue
        area = submission.sheets[DATA] if name == DATA else None
        missing = dict.fromkeys((*table.missing, *(area.missing if area else ())))
        yield from (f"“{name}”没有表头“{header}”" for header in missing)
        yield from (f"“{name}”有两个表头“{h}”" for h in (area.duplicated if area else ()))


def _tables(submission: Submission) -> Tables:
    totals, units, stated = (submission.lists[name] for name in SUMMARY_LISTS)
    return Tables(submission.sheets[DATA], stated, totals, units, TOTAL_MARK)


def _finding(found: Found, submission: Submission, district: Unit | None) -> Finding:
    rule, severity, fault = found
    return Finding(
        rule=rule,
        severity=severity,
        unit=district.name if district else "",
        file=submission.file,
        sheet=fault.sheet,
        cell=_cell(submission, fault.sheet, fault.field, fault.row),
        indicator=fault.indicator,
        message=fault.message,
        value=fault.value,
        expected=fault.expected,
        remedy=fault.remedy,
    )


def _cell(submission: Submission, sheet: str, field: str, row: int) -> str:
    if not row:
        return ""
    letters = submission.lists[sheet].letters
    if sheet == DATA:
        letters = {**submission.sheets[DATA].letters, **letters}
    return f"{letters.get(field, '')}{row}"


def stated_as_of(submission: Submission) -> date | None:
    """The day as of which the district judged; None where the file does not say one."""
    try:
        return date.fromisoformat(submission.stamp.get("as_of", ""))
    except ValueError:
        return None


def count_errors(findings: Iterable[Finding]) -> int:
    """How many findings are errors."""
    return sum(finding.severity is Severity.ERROR for finding in findings)
