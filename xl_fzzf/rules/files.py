"""Rules on the file as a whole; any error of theirs keeps the file out (quarantine)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from xl_fzzf.model.finding import Severity
from xl_fzzf.model.plan import Plan, Unit
from xl_fzzf.model.submission import Submission
from xl_fzzf.rules.fault import Fault, Rule

_RESEND = "请用本期下发的填报表填好后重新报送"


@dataclass(frozen=True, slots=True)
class FileCase:
    """A submission beside the round it is held against: plan, layout version and period."""

    submission: Submission
    plan: Plan
    version: str
    period: str

    @property
    def unit(self) -> Unit | None:
        """The unit that the file says it comes from."""
        return self.plan.find_unit(self.submission.stamp.get("unit", ""))

    def says(self, key: str) -> str:
        """A value of the file's stamp."""
        return self.submission.stamp.get(key, "")


def readable(case: FileCase) -> Iterator[Fault]:
    """可读: the file can't be read at all."""
    if case.submission.unreadable:
        yield Fault(case.submission.unreadable, expected="能打开的 .xlsx 填报表", remedy=_RESEND)


def ours(case: FileCase) -> Iterator[Fault]:
    """本系统的表: the file is a workbook, but not one of our returns."""
    kind = case.says("kind")
    if not case.submission.unreadable and kind != "return":
        what = {"master": "这是台账,不是填报表", "summary": "这是汇总表,不是填报表"}
        yield Fault(
            what.get(kind, "不是下发的填报表(没有本系统的标记)"),
            value=kind,
            expected="下发的填报表",
            remedy=_RESEND,
        )


def plan_(case: FileCase) -> Iterator[Fault]:
    """方案: the return belongs to another plan."""
    found = case.says("plan")
    if case.says("kind") == "return" and found != case.plan.name:
        yield Fault(
            "填报表属于另一个工作方案", value=found, expected=case.plan.name, remedy=_RESEND
        )


def version_(case: FileCase) -> Iterator[Fault]:
    """版本: the return has another layout version."""
    found = case.says("version")
    if case.says("kind") == "return" and found != case.version:
        yield Fault("填报表的版本不对", value=found, expected=case.version, remedy=_RESEND)


def period_(case: FileCase) -> Iterator[Fault]:
    """报告期: the return belongs to another period."""
    found = case.says("period")
    if case.says("kind") == "return" and found != case.period:
        yield Fault("填报表的报告期不对", value=found, expected=case.period, remedy=_RESEND)


def unit_(case: FileCase) -> Iterator[Fault]:
    """单位: the return's unit is not in the roster."""
    found = case.says("unit")
    if case.says("kind") == "return" and case.unit is None:
        yield Fault(
            "填报单位不在单位名录里",
            value=found,
            expected="单位名录中的单位",
            remedy="请汇总单位在“单位”表里加上这个单位或别名,再运行一次",
        )


def filled(case: FileCase) -> Iterator[Fault]:
    """空表: the return was sent back with nothing filled in."""
    if case.says("kind") == "return" and case.submission.empty:
        yield Fault("填报表是空的,一项也没有填", expected="填好的填报表", remedy=_RESEND)


FILE_RULES: dict[str, Rule[FileCase]] = {
    "readable": Rule(Severity.ERROR, "文件能打开", readable),
    "ours": Rule(Severity.ERROR, "是下发的填报表", ours),
    "plan": Rule(Severity.ERROR, "属于本方案", plan_),
    "version": Rule(Severity.ERROR, "版本相同", version_),
    "period": Rule(Severity.ERROR, "属于本报告期", period_),
    "unit": Rule(Severity.ERROR, "单位在单位名录里", unit_),
    "empty": Rule(Severity.ERROR, "不是空表", filled),
}
