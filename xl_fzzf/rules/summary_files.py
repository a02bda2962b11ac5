"""Rules on a file as a district's summary, one level up; any fault keeps the file out (quarantine)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from xl_fzzf.model.finding import Severity
from xl_fzzf.model.submission import Submission
from xl_fzzf.rules.files import FileCase
from xl_fzzf.rules.rule import Fault, Rule

_RESEND = "请区县用 fzzf report 重新生成汇总表后报送"
_KINDS = {"return": "这是填报表,不是区县的汇总表", "master": "这是台账,不是区县的汇总表"}


def find_lacking(submission: Submission, tables: Sequence[str]) -> Iterator[str]:
    """What is not as it should be of the tables that are recomputed, the records' being the last."""
    for name in tables:
        table, area = submission.lists.get(name), submission.sheets.get(name)
        if table is None or (name == tables[-1] and area is None):
            yield f"没有工作表“{name}”"
            continue
        missing = dict.fromkeys((*table.missing, *(area.missing if area else ())))
        yield from (f"“{name}”没有表头“{header}”" for header in missing)
        yield from (f"“{name}”有两个表头“{h}”" for h in (area.duplicated if area else ()))


def readable(case: FileCase) -> Iterator[Fault]:
    """可读: the file can't be read at all."""
    if case.submission.unreadable:
        yield Fault(case.submission.unreadable, expected="能打开的汇总表", remedy=_RESEND)


def ours(case: FileCase) -> Iterator[Fault]:
    """汇总表: the file is a workbook, but no district's summary."""
    kind = case.says("kind")
    if not case.submission.unreadable and not case.ours:
        message = _KINDS.get(kind, "不是区县的汇总表(没有本系统的标记)")
        yield Fault(message, value=kind, expected="区县上报的汇总表", remedy=_RESEND)


def version_(case: FileCase) -> Iterator[Fault]:
    """版本: the summary has another layout version."""
    if case.ours and case.says("version") != case.version:
        found = case.says("version")
        yield Fault("汇总表的版本不对", value=found, expected=case.version, remedy=_RESEND)


def period_(case: FileCase) -> Iterator[Fault]:
    """报告期: the summary belongs to another period."""
    if case.ours and case.says("period") != case.period:
        found = case.says("period")
        yield Fault("汇总表的报告期不对", value=found, expected=case.period, remedy=_RESEND)


def district_(case: FileCase) -> Iterator[Fault]:
    """区县: the summary's district is not in the city's roster."""
    if case.ours and case.unit is None:
        yield Fault(
            "汇总表的区县不在“单位”表里",
            value=case.says("unit"),
            expected="“单位”表中的区县",
            remedy="请在市级台账的“单位”表里加上这个区县或别名,再运行一次",
        )


def tables_(case: FileCase) -> Iterator[Fault]:
    """表和表头: a table that is recomputed is gone, or lacks a column."""
    if case.ours and case.lacking:
        yield Fault(
            f"汇总表的表或表头不全:{'、'.join(case.lacking)}",
            expected="程序生成的汇总表,没有删改",
            remedy=_RESEND,
        )


SUMMARY_FILE_RULES: dict[str, Rule[FileCase]] = {
    "summary-readable": Rule(Severity.ERROR, "汇总表能读", readable),
    "summary-ours": Rule(Severity.ERROR, "是区县的汇总表", ours),
    "summary-version": Rule(Severity.ERROR, "汇总表的版本与程序一致", version_),
    "summary-period": Rule(Severity.ERROR, "汇总表是本期的", period_),
    "summary-district": Rule(Severity.ERROR, "区县在市级台账的“单位”表里", district_),
    "summary-tables": Rule(Severity.ERROR, "数据、指标汇总、报送情况三张表齐全", tables_),
}
