"""Findings (校验问题): faults in the data, collected, never raised; and the reasons for accepting them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from xl_fzzf.model.labelled import Labelled
from xl_fzzf.model.record import fit, text


class Severity(Labelled):
    """How much a finding weighs; an error makes the run's exit code 1."""

    ERROR = "error", "错误"
    WARNING = "warning", "提醒"
    INFO = "info", "说明"


OFF = "off"
"""In place of a severity: the rule is switched off."""

SEVERITY_OF_LABEL = {severity.label: severity.value for severity in Severity} | {"关闭": OFF}
"""The words by which 设置 names severities."""

LABEL_OF_SEVERITY = {value: label for label, value in SEVERITY_OF_LABEL.items()}

ACCEPTED = "提醒（已接受）"
"""In place of the label: a warning that the coordinator accepted."""

SEVERITY_ORDER = {severity: place for place, severity in enumerate(Severity)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One fault: which rule, where it is, what was found, what was expected and what to do.

    `rule` is for programs, `title` the rule's name for staff.

    `cell` is where it stands in the file, `field` the column of the record that it is about.
    `aside` is for the coordinator only, `waiver` the coordinator's reason for accepting it (接受理由),
    as typed.
    """

    rule: str
    title: str = ""
    severity: Severity
    unit: str = ""
    file: str = ""
    sheet: str = ""
    cell: str = ""
    indicator: str = ""
    field: str = ""
    message: str = ""
    value: str = ""
    expected: str = ""
    remedy: str = ""
    aside: str = ""
    waiver: str = ""

    @property
    def told(self) -> str:
        """The message as the coordinator reads it."""
        return f"{self.message}（{self.aside}）" if self.aside else self.message

    @property
    def accepted(self) -> bool:
        """Whether the coordinator accepted it; only warnings can be."""
        return bool(self.waiver) and self.severity is Severity.WARNING

    @property
    def label(self) -> str:
        """The word for its severity that staff read."""
        return ACCEPTED if self.accepted else self.severity.label

    @property
    def note(self) -> str:
        """What is written beside its cell, on one line."""
        return " ".join(f"[{self.severity.label}] {self.message}。{self.remedy}".split())


_LABELS = "|".join(severity.label for severity in Severity)
_NOTES = re.compile(rf"(?:\[(?:{_LABELS})\] [^\n]*(?:\n|\Z))+")


def is_notes(comment: str) -> bool:
    """Whether a cell's comment is notes on findings and nothing else, whoever is named as its author.

    LibreOffice drops the author, and who answers inside our comment in Excel is not its author.
    """
    return _NOTES.fullmatch(comment.replace("\r\n", "\n").replace("\r", "\n")) is not None


@dataclass(frozen=True, slots=True)
class WaiverKey:
    """What a waiver (接受理由) holds for. Another value found is another finding, and not accepted."""

    title: str
    unit: str
    indicator: str
    value: str

    @classmethod
    def of(cls, finding: Finding) -> WaiverKey:
        """A finding's key, with the value as a cell of 校验结果 holds it."""
        value = text(fit(finding.value))
        return cls(finding.title, finding.unit, finding.indicator, value)


Waivers = Mapping[WaiverKey, str]
"""The reasons by key; an empty reason takes an earlier one back."""


def apply_waivers(findings: Iterable[Finding], waivers: Waivers) -> list[Finding]:
    """The findings with the reasons typed beside them, whether or not they can be accepted."""
    reasons = ((finding, waivers.get(WaiverKey.of(finding))) for finding in findings)
    return [replace(finding, waiver=why) if why else finding for finding, why in reasons]
