"""Waivers (接受理由): warnings that the coordinator accepts, with the reason."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from xl_fzzf.model.finding import Finding
from xl_fzzf.model.record import fit, text


@dataclass(frozen=True, slots=True)
class WaiverKey:
    """What a waiver holds for. Another value found is another finding, and not accepted."""

    rule: str
    unit: str
    indicator: str
    value: str

    @classmethod
    def of(cls, finding: Finding) -> WaiverKey:
        """A finding's key, with the value as a cell of 校验结果 holds it."""
        value = text(fit(finding.value))
        return cls(finding.rule, finding.unit, finding.indicator, value)


Waivers = Mapping[WaiverKey, str]
"""The reasons by key; an empty reason takes an earlier one back."""


def apply_waivers(findings: Iterable[Finding], waivers: Waivers) -> list[Finding]:
    """The findings with the reasons typed beside them, whether or not they can be accepted."""
    return [
        replace(finding, waiver=reason)
        if (reason := waivers.get(WaiverKey.of(finding), ""))
        else finding
        for finding in findings
    ]
