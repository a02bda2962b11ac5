"""Findings (校验问题): faults in the data, collected, never raised."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """How much a finding weighs; an error makes the run's exit code 1."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"

    @property
    def label(self) -> str:
        """The word that staff read."""
        return {"error": "错误", "warning": "提醒", "info": "说明"}[self.value]


OFF = "off"
"""In place of a severity: the rule is switched off."""

SEVERITY_OF_LABEL = {severity.label: severity.value for severity in Severity} | {"关闭": OFF}
"""The words by which 设置 names severities."""

ACCEPTED = "提醒(已接受)"
"""In place of the label: a warning that the coordinator accepted."""

SEVERITY_ORDER = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.INFO: 2}


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault: which rule, where it is, what was found, what was expected and what to do.

    `waiver` is the coordinator's reason for accepting it (接受理由), as typed.
    """

    rule: str
    severity: Severity
    unit: str
    file: str
    sheet: str
    cell: str
    indicator: str
    message: str
    value: str
    expected: str
    remedy: str
    waiver: str = ""

    @property
    def accepted(self) -> bool:
        """Whether the coordinator accepted it; only warnings can be."""
        return bool(self.waiver) and self.severity is Severity.WARNING

    @property
    def label(self) -> str:
        """The word for its severity that staff read."""
        return ACCEPTED if self.accepted else self.severity.label
