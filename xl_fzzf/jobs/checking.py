"""Check one submission against a round: its verdict, its records and its findings."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from xl_fzzf.model.assessment import Assessment, assess
from xl_fzzf.model.finding import SEVERITY_ORDER, Finding, Severity
from xl_fzzf.model.plan import Indicator, Unit
from xl_fzzf.model.record import Record
from xl_fzzf.model.resolution import Resolution, expected_indicators, resolve
from xl_fzzf.model.round import Round
from xl_fzzf.model.submission import SheetContent, Submission, Verdict
from xl_fzzf.rules import FILE_RULES, RECORD_RULES, RULE_ORDER, STRUCTURE_RULES, Found, run_rules
from xl_fzzf.rules.files import FileCase
from xl_fzzf.rules.structure import Structure
from xl_fzzf.sheets.layout import VERSION, area_sheet


@dataclass(frozen=True, slots=True)
class CheckedFile:
    """A submission with its verdict; `records` are the unit's by indicator code."""

    submission: Submission
    verdict: Verdict
    reason: str = ""
    unit: Unit | None = None
    records: Mapping[str, Record] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()

    def judged(self, verdict: Verdict, reason: str) -> CheckedFile:
        """The same file with another verdict; what it said no longer counts."""
        return replace(self, verdict=verdict, reason=reason, findings=())


def check_submission(submission: Submission, round_: Round) -> CheckedFile:
    """Whether a submission can be taken, and which records it holds; values are not judged yet."""
    severities = round_.settings.severities
    case = FileCase(submission, round_.plan, VERSION, str(round_.settings.period))
    unit = case.unit
    findings = [
        make_finding(found, file=submission.file, unit=unit.name if unit else "")
        for found in run_rules(FILE_RULES, case, severities)
    ]
    errors = [finding for finding in findings if finding.severity is Severity.ERROR]
    if errors or unit is None:
        reason = errors[0].message if errors else ""
        return CheckedFile(
            submission, Verdict.QUARANTINED, reason, unit, findings=tuple(findings[:1])
        )
    resolution, structural = _check_structure(submission, round_, unit)
    return CheckedFile(
        submission, Verdict.ACCEPTED, "", unit, resolution.records, (*findings, *structural)
    )


def _check_structure(
    submission: Submission, round_: Round, unit: Unit
) -> tuple[Resolution, list[Finding]]:
    expected = list(unit_indicators(round_, unit))
    resolution = resolve(round_.plan, unit, expected, submission)
    names = {item.code: area_sheet(round_.plan.area_of[item.code]) for item in expected}
    structure = Structure(round_.plan, submission, resolution, names)
    findings = [
        make_finding(found, file=submission.file, unit=unit.name, sheets=submission.sheets)
        for found in run_rules(STRUCTURE_RULES, structure, round_.settings.severities)
    ]
    return resolution, findings


def unit_indicators(round_: Round, unit: Unit) -> Iterator[Indicator]:
    """The indicators on which a unit reports in this round."""
    optional = round_.settings.distribute_optional
    return expected_indicators(round_.plan, round_.assignments, unit, optional)


def check_records(
    checked: CheckedFile, round_: Round, as_of: date
) -> tuple[list[Assessment], list[Finding]]:
    """Judge the records of an accepted file and hold them against the record rules."""
    year = round_.settings.period.year
    assessments = assess(round_.plan, checked.records.values(), year, as_of)
    present = [a for a in assessments if a.record.sheet]
    findings = find_record_faults(
        present, round_.settings.severities, checked.submission.file, checked.submission.sheets
    )
    return assessments, findings


def find_record_faults(
    assessments: Iterable[Assessment],
    severities: Mapping[str, str],
    file: str,
    sheets: Mapping[str, SheetContent],
) -> list[Finding]:
    """The record rules over assessments that stand in one file.

    What a missing column brings about is left out: the column is a finding already.
    """
    findings = []
    for assessment in assessments:
        letters = sheets[assessment.record.sheet].letters
        for found in run_rules(RECORD_RULES, assessment, severities):
            if found[2].field not in letters:
                continue
            findings.append(
                make_finding(
                    found,
                    file=file,
                    unit=assessment.unit.name,
                    sheets=sheets,
                    record=assessment.record,
                )
            )
    return findings


def make_finding(
    found: Found,
    file: str,
    unit: str,
    sheets: Mapping[str, SheetContent] | None = None,
    record: Record | None = None,
) -> Finding:
    """A fault as a finding: its place is the record's, or the one that the fault names."""
    rule, severity, fault = found
    sheet = record.sheet if record else fault.sheet
    row = record.row if record else fault.row
    content = (sheets or {}).get(sheet)
    cell = content.cell(fault.field or "code", row) if content and row else ""
    return Finding(
        rule=rule,
        severity=severity,
        unit=unit,
        file=file,
        sheet=sheet,
        cell=cell,
        indicator=record.indicator if record else fault.indicator,
        message=fault.message,
        value=fault.value,
        expected=fault.expected,
        remedy=fault.remedy,
    )


def sort_findings(findings: Iterable[Finding]) -> list[Finding]:
    """What blocks first comes first, equal findings stand together; each fault once."""
    return sorted(
        dict.fromkeys(findings),
        key=lambda f: (
            SEVERITY_ORDER[f.severity],
            f.unit,
            f.file,
            RULE_ORDER[f.rule],
            f.message,
            f.sheet,
            len(f.cell),
            f.cell,
        ),
    )
