"""Rules on the records of a district's summary: beside their own figures and the city's plan.

They hold for every city alike: 设置 does not change them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from xl_fzzf.model.district import Statement, Summary
from xl_fzzf.model.finding import Severity
from xl_fzzf.model.record import text
from xl_fzzf.model.submission import Mark
from xl_fzzf.rules.rule import Fault, Rule
from xl_fzzf.rules.summaries import ASK, same, shown

_MARKS = {
    Mark.FORMULA: "是公式,不是程序写的数;按它存着的结果采用",
    Mark.UNCALCULATED: "是没有算过的公式,读不到数",
    Mark.MERGED: "被合并单元格盖住了,没有采用",
    Mark.DISGUISED: "显示的和实际存的不一样;按实际存的采用",
}


def status_(case: Summary) -> Iterator[Fault]:
    """记录状态: a record's status that its own figures contradict."""
    for statement in case.statements:
        if not statement.consistent:
            yield Fault(
                f"“{statement.unit.name}”的“状态”与填报的数不符",
                value=statement.status,
                expected=statement.judgement.status.value,
                remedy=ASK,
                field="status",
                **_at(case, statement.indicator.code, statement.record.row),
            )


def share_(case: Summary) -> Iterator[Fault]:
    """比率: a rate's 完成值 that is not 分子 ÷ 分母; the city takes numerator and denominator."""
    for statement in case.statements:
        rate = statement.indicator.kind.is_ratio
        if rate and not same(statement.record.value, statement.share):
            yield Fault(
                f"“{statement.unit.name}”的“完成值”不等于分子÷分母,市里按分子、分母计算",
                value=text(statement.record.value),
                expected=shown(statement.share),
                remedy=ASK,
                field="value",
                **_at(case, statement.indicator.code, statement.record.row),
            )


def repeated_(case: Summary) -> Iterator[Fault]:
    """重复的记录: a unit's indicator stands more than once; none of these rows counts."""
    for row, unit, code in case.repeated:
        yield Fault(
            f"“{unit}”的指标 {code} 有几行,以哪一行为准不能确定,都没有采用",
            value=code,
            expected="每个单位每个指标一行",
            remedy=ASK,
            field="code",
            **_at(case, code, row),
        )


def foreign_(case: Summary) -> Iterator[Fault]:
    """指标不同: rows whose code or text is not the city plan's; they do not count."""
    groups: dict[str, list[tuple[int, str]]] = defaultdict(list)
    for row, unit, code in case.foreign:
        groups[code].append((row, unit))
    for code, rows in groups.items():
        row, unit = rows[0]
        expected = case.plan.indicators[code].text if code in case.plan.indicators else ""
        yield Fault(
            f"指标 {code}(“{unit}”等 {len(rows)} 行)的编号或内容与市里的方案不同,没有采用",
            value=code,
            expected=expected,
            remedy="区县自己加的指标不用管;改了编号或内容的,请区县改回来重新报送",
            field="code",
            **_at(case, code, row),
        )


def absent_(case: Summary) -> Iterator[Fault]:
    """缺少的指标: an indicator of the city's plan of which the district has no record."""
    codes = [code for code in case.plan.indicators if code not in case.recomputed]
    if codes:
        yield Fault(
            f"缺少 {len(codes)} 个指标的记录:{'、'.join(codes)}",
            value=str(len(codes)),
            expected="市里的方案中的全部指标",
            remedy="请与区县核实是否删了指标",
            sheet=case.tables.data.name,
        )


def marked_(case: Summary) -> Iterator[Fault]:
    """改动的痕迹: a cell of 数据 that no program of ours writes so."""
    for marked in case.tables.data.marks:
        if marked.mark in _MARKS:
            yield Fault(
                f"“{case.tables.data.name}”的单元格{_MARKS[marked.mark]}",
                value=marked.detail,
                expected="程序写入的值",
                remedy=ASK,
                field=marked.field,
                **_at(case, "", marked.row),
            )


def target_(case: Summary) -> Iterator[Fault]:
    """目标不同: a target that is not the city's; the city judges by its own."""
    others: dict[str, list[Statement]] = defaultdict(list)
    for statement in case.statements:
        if statement.target != _target(statement):
            others[statement.indicator.code].append(statement)
    for code, statements in others.items():
        first = statements[0]
        yield Fault(
            f"指标 {code} 有 {len(statements)} 个单位的目标与市里的不同,市里按市里的目标判定",
            value=first.target,
            expected=_target(first),
            remedy="请与区县核实;经同意调整目标的,在市级台账的“指标”表改",
            field="target",
            **_at(case, code, first.record.row),
        )


def _at(case: Summary, code: str, row: int) -> dict[str, Any]:
    """Where a fault of a record stands."""
    return {"indicator": code, "sheet": case.tables.data.name, "row": row}


def _target(statement: Statement) -> str:
    indicator = statement.indicator
    return indicator.target_for(statement.unit).text(indicator.measure)


SUMMARY_RECORD_RULES: dict[str, Rule[Summary]] = {
    "summary-status": Rule(Severity.ERROR, "每条记录的状态与它的数相符", status_),
    "summary-share": Rule(Severity.ERROR, "比率的完成值等于分子÷分母", share_),
    "summary-repeated": Rule(Severity.ERROR, "每个单位每个指标只有一条记录", repeated_),
    "summary-marked": Rule(Severity.ERROR, "数据里没有手工改动的痕迹", marked_),
    "summary-foreign": Rule(Severity.WARNING, "指标的编号和内容与市里的方案相同", foreign_),
    "summary-target": Rule(Severity.WARNING, "目标与市里的方案相同", target_),
    "summary-absent": Rule(Severity.WARNING, "市里方案的指标都有记录", absent_),
}
