"""What a rule is and yields, and how rules run: here, and nowhere else, a fault becomes a finding.

Rules never raise, and know neither file nor clock.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from xl_fzzf.model.finding import OFF, Finding, Severity
from xl_fzzf.model.record import Record
from xl_fzzf.model.submission import SheetContent

MOST_TOLD = 100
"""So many faults of one rule in one subject are told one by one, the rest by their number."""

_LONGEST_WORDS = 1_000

Subject = TypeVar("Subject", contravariant=True)
Judgeable = TypeVar("Judgeable")


@dataclass(frozen=True, slots=True)
class Fault:
    """A fault that a rule found. Where it stands follows from `field`, `sheet` and `row`.

    `aside` is for the coordinator only: the unit at fault is not told of others.
    """

    message: str
    value: str = ""
    expected: str = ""
    remedy: str = ""
    field: str = ""
    indicator: str = ""
    sheet: str = ""
    row: int = 0
    aside: str = ""


Check = Callable[[Subject], Iterator[Fault]]


@dataclass(frozen=True, slots=True)
class Rule(Generic[Subject]):
    """A rule: its severity unless 设置 says otherwise, what it checks (in words), and the check.

    `fixed`: 设置 can't weaken it.
    """

    severity: Severity
    checks: str
    check: Check[Subject]
    fixed: bool = False

    @property
    def title(self) -> str:
        """What staff call it: the first word of what its check says of itself."""
        return (self.check.__doc__ or self.checks).partition(":")[0]


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


class Rules(dict[str, Rule[Judgeable]]):
    """The rules on one kind of subject, by code, in the order in which they are told."""

    def __call__(
        self, code: str, severity: Severity, checks: str, fixed: bool = False
    ) -> Callable[[Check[Judgeable]], Check[Judgeable]]:
        """Take in a check as a rule, as a decorator; its docstring says what it is called and finds."""

        def add(check: Check[Judgeable]) -> Check[Judgeable]:
            self[code] = Rule(severity, checks, check, fixed)
            return check

        return add


def find(
    rules: Mapping[str, Rule[Judgeable]],
    subject: Judgeable,
    severities: Mapping[str, str],
    place: Place,
) -> Iterator[Finding]:
    """Every fault of every rule that is not switched off, as a finding at its place.

    A file that came in must not decide how long a finding is, nor, see `MOST_TOLD`, how many there are.
    """
    record = place.record
    for code, severity, fault in run_rules(rules, subject, severities):
        if fault.field in place.unread:
            continue
        sheet = record.sheet if record else fault.sheet or place.sheet
        row = record.row if record else fault.row
        content = place.sheets.get(sheet)
        yield Finding(
            rule=code,
            title=rules[code].title,
            severity=severity,
            unit=place.unit,
            file=place.file,
            sheet=sheet,
            cell=content.cell(fault.field or "code", row) if content and row else "",
            indicator=record.indicator if record else fault.indicator,
            field=fault.field,
            message=_shortened(fault.message),
            value=fault.value,
            expected=_shortened(fault.expected),
            remedy=_shortened(fault.remedy),
            aside=_shortened(fault.aside),
        )


def _shortened(words: str) -> str:
    return words if len(words) <= _LONGEST_WORDS else f"{words[:_LONGEST_WORDS]}…"


def run_rules(
    rules: Mapping[str, Rule[Judgeable]], subject: Judgeable, severities: Mapping[str, str]
) -> Iterator[tuple[str, Severity, Fault]]:
    """The faults of every rule that is not switched off, with the rule's code and severity."""
    for code, rule in rules.items():
        severity = rule.severity if rule.fixed else severities.get(code, rule.severity)
        if severity == OFF:
            continue
        found = 0
        for found, fault in enumerate(rule.check(subject), 1):
            if found <= MOST_TOLD:
                yield code, Severity(severity), fault
        if found > MOST_TOLD:
            rest = f"同样的问题另有 {found - MOST_TOLD} 处，没有一一列出"
            yield code, Severity(severity), Fault(rest, remedy="请先改正列出的，再校验一次")
