"""Check one submission against a round: its verdict, its records and its findings."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from xl_fzzf.model.accounting import NOTHING_READ, Account, account_for
from xl_fzzf.model.assessment import Assessment, assess
from xl_fzzf.model.comparison import Compared
from xl_fzzf.model.finding import SEVERITY_ORDER, Finding, Severity
from xl_fzzf.model.normalising import normalise
from xl_fzzf.model.plan import Indicator, Unit
from xl_fzzf.model.record import Cell, Record
from xl_fzzf.model.resolution import expected_indicators, resolve
from xl_fzzf.model.round import Round
from xl_fzzf.model.submission import Mark, Marked, SheetContent, Submission, Verdict
from xl_fzzf.rules import (
    ACROSS_RULES,
    ENTRY_RULES,
    FILE_RULES,
    RECORD_RULES,
    RULE_ORDER,
    STRUCTURE_RULES,
    Found,
    run_rules,
)
from xl_fzzf.rules.entries import Entered
from xl_fzzf.rules.files import FileCase
from xl_fzzf.rules.structure import Structure
from xl_fzzf.sheets.spec import VERSION, area_sheet


@dataclass(frozen=True, slots=True)
class CheckedFile:
    """A submission with its verdict; `records` are the unit's by indicator code, as values.

    `normalised` keeps what was typed, by indicator code and field, where a value was read from it;
    `account` says where its entries went.
    """

    submission: Submission
    verdict: Verdict
    reason: str = ""
    unit: Unit | None = None
    records: Mapping[str, Record] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()
    normalised: Mapping[tuple[str, str], Cell] = field(default_factory=dict)
    account: Account = NOTHING_READ

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
            submission, Verdict.QUARANTINED, reason, unit, findings=tuple(errors[:1])
        )
    structure = _structure(submission, round_, unit)
    structural = _find_structural_faults(structure, severities)
    if not structure.account.balanced:
        lost = next(finding for finding in structural if finding.rule == "accounting")
        return CheckedFile(submission, Verdict.QUARANTINED, lost.message, unit, findings=(lost,))
    resolution = structure.resolution
    entered = list(_enter(resolution.records.values(), round_, submission.sheets))
    typed = find_entry_faults(entered, severities, submission.file, unit, submission.sheets)
    return CheckedFile(
        submission,
        Verdict.ACCEPTED,
        "",
        unit,
        {case.indicator.code: case.normalised.record for case in entered},
        (*findings, *structural, *typed),
        {
            (case.indicator.code, name): cell
            for case in entered
            for name, cell in case.normalised.typed.items()
        },
        structure.account,
    )


def _enter(
    records: Iterable[Record], round_: Round, sheets: Mapping[str, SheetContent]
) -> Iterator[Entered]:
    """Records as values, beside how they were typed."""
    marks = _marks_by_place(sheets)
    for record in records:
        indicator = round_.plan.indicators[record.indicator]
        values = normalise(record, indicator, round_.settings.period.end)
        yield Entered(indicator, values, tuple(marks[record.sheet, record.row]))


def _marks_by_place(
    sheets: Mapping[str, SheetContent],
) -> defaultdict[tuple[str, int], list[Marked]]:
    """The marks by sheet and row."""
    places: defaultdict[tuple[str, int], list[Marked]] = defaultdict(list)
    for sheet in sheets.values():
        for marked in sheet.marks:
            places[sheet.name, marked.row].append(marked)
    return places


def find_entry_faults(
    entered: Iterable[Entered],
    severities: Mapping[str, str],
    file: str,
    unit: Unit,
    sheets: Mapping[str, SheetContent],
) -> Iterator[Finding]:
    """The rules on how a unit's entries were typed in one file."""
    for case in entered:
        for found in run_rules(ENTRY_RULES, case, severities):
            yield make_finding(found, file, unit.name, sheets, case.normalised.record)


def _structure(submission: Submission, round_: Round, unit: Unit) -> Structure:
    expected = list(unit_indicators(round_, unit))
    resolution = resolve(round_.plan, unit, expected, submission)
    names = {item.code: area_sheet(round_.plan.area_of[item.code]) for item in expected}
    account = account_for(submission, resolution)
    return Structure(round_.plan, submission, resolution, names, account)


def _find_structural_faults(case: Structure, severities: Mapping[str, str]) -> list[Finding]:
    submission, unit = case.submission, case.resolution.unit
    return [
        make_finding(found, file=submission.file, unit=unit.name, sheets=submission.sheets)
        for found in run_rules(STRUCTURE_RULES, case, severities)
    ]


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

    What a missing column or a formula without a result brings about is left out: each is a finding
    already.
    """
    findings = []
    marks = _marks_by_place(sheets)
    for assessment in assessments:
        sheet, row = assessment.record.sheet, assessment.record.row
        letters = sheets[sheet].letters
        unread = {m.field for m in marks[sheet, row] if m.mark is Mark.UNCALCULATED}
        for found in run_rules(RECORD_RULES, assessment, severities):
            if found[2].field not in letters or found[2].field in unread:
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


def find_across_faults(
    cases: Iterable[Compared],
    severities: Mapping[str, str],
    file: str,
    sheets: Mapping[str, SheetContent],
) -> Iterator[Finding]:
    """The rules across time and units, each at the record's own cell."""
    for case in cases:
        for found in run_rules(ACROSS_RULES, case, severities):
            unit, record = case.assessment.unit, case.assessment.record
            yield make_finding(found, file, unit.name, sheets, record)


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
    """What blocks first comes first, what is accepted last, equal findings together; each once."""
    return sorted(
        dict.fromkeys(findings),
        key=lambda f: (
            f.accepted,
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
