"""Rules on what the coordinator typed into the master: its settings, and reasons beside findings."""

from __future__ import annotations

from collections.abc import Iterator

from xl_fzzf.model.finding import Finding, Severity
from xl_fzzf.model.settings import Settings
from xl_fzzf.rules.fault import Fault, Rule


def deadline(case: Settings) -> Iterator[Fault]:
    """报送截止: returns are due before their period has ended."""
    if case.deadline < case.period.end:
        yield Fault(
            f"报送截止 {case.deadline} 早于报告期末 {case.period.end},单位还填不出整期的数",
            value=str(case.deadline),
            expected=f"{case.period.end} 以后",
            remedy="请核对“设置”里的报送截止",
        )


def waiver(case: Finding) -> Iterator[Fault]:
    """接受理由: a reason stands beside a finding that can't be accepted; only warnings can."""
    if case.waiver and not case.accepted and case.rule != "waiver":
        yield Fault(
            f"“{case.severity.label}”不能用理由接受,仍按原来处理:{case.message}",
            value=case.waiver,
            expected="只在“提醒”旁边写接受理由",
            remedy="请按提示改正;理由保留在“接受理由”一栏,不需要的请删除",
            indicator=case.indicator,
        )


SETTINGS_RULES: dict[str, Rule[Settings]] = {
    "deadline": Rule(Severity.WARNING, "报送截止不早于报告期末", deadline),
}
WAIVER_RULES: dict[str, Rule[Finding]] = {
    "waiver": Rule(Severity.INFO, "只有“提醒”可以写理由接受", waiver),
}
