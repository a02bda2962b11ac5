"""Run rules over a subject: here, and nowhere else, a fault becomes a finding."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from xl_fzzf.model.finding import OFF, SEVERITY_ORDER, Finding, Severity
from xl_fzzf.model.record import Record
from xl_fzzf.model.submission import SheetContent
from xl_fzzf.rules import FIXED_RULES, RULE_ORDER
from xl_fzzf.rules.rule import Fault, Rule

Subject = TypeVar("Subject")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a subject stands: file, unit by name, and the sheets in which its cells are found.

    A fault says itself on which sheet and row it is, unless the subject is a `record`, or the whole
    of one `sheet`. Faults in `unread` fields are left out: what stands there could not be read.
    """

    file: str
    unit: str = ""
    sheets: Mapping[str, SheetContent] = field(default_factory=dict)
    record: Record | None = None
    sheet: str = ""
    unread: Container[str] = ()


def find(
    rules: Mapping[str, Rule[Subject]],
    subject: Subject,
    severities: Mapping[str, str],
    place: Place,
) -> Iterator[Finding]:
    """Every fault of every rule that is not switched off, as a finding at its place."""
    for code, severity, fault in run_rules(rules, subject, severities):
        if fault.field not in place.unread:
            yield _make_finding(code, severity, fault, place)


def run_rules(
    rules: Mapping[str, Rule[Subject]], subject: Subject, severities: Mapping[str, str]
) -> Iterator[tuple[str, Severity, Fault]]:
    """Every fault of every rule that is not switched off, with the rule's code and severity."""
    for code, rule in rules.items():
        for fault in rule.check(subject):
            severity = rule.severity if code in FIXED_RULES else severities.get(code, rule.severity)
            if severity != OFF:
                yield code, Severity(severity), fault


def _make_finding(rule: str, severity: Severity, fault: Fault, place: Place) -> Finding:
    record = place.record
    sheet = record.sheet if record else fault.sheet or place.sheet
    row = record.row if record else fault.row
    content = place.sheets.get(sheet)
    return Finding(
        rule=rule,
        severity=severity,
        unit=place.unit,
        file=place.file,
        sheet=sheet,
        cell=content.cell(fault.field or "code", row) if content and row else "",
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
