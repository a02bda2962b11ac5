"""Rules on what a district's summary says: whether it agrees with itself and with the city's plan.

They hold for every city alike: 设置 does not change them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from math import isclose

from xl_fzzf.model.district import Statement, Summary
from xl_fzzf.model.finding import Severity
from xl_fzzf.model.record import Cell, number, text
from xl_fzzf.model.rollup import IndicatorTotal
from xl_fzzf.model.status import Status
from xl_fzzf.model.submission import Mark
from xl_fzzf.rules.fault import Fault, Rule

_ASK = "请与区县核实;区县改正台账后重新生成汇总表报送,不要直接改汇总表"
_DATA, _TOTALS, _UNITS = "数据", "指标汇总", "报送情况"
_MARKS = {
    Mark.FORMULA: "是公式,不是程序写的数;按它存着的结果采用",
    Mark.UNCALCULATED: "是没有算过的公式,读不到数",
    Mark.MERGED: "被合并单元格盖住了,没有采用",
    Mark.DISGUISED: "显示的和实际存的不一样;按实际存的采用",
}
_COUNTED = tuple(status.name.lower() for status in Status)


def plan_(case: Summary) -> Iterator[Fault]:
    """方案: not one indicator of the summary is the city's."""
    if not case.statements and case.foreign:
        yield Fault(
            "汇总表的指标和市里的方案没有一项相同",
            expected=case.plan.name,
            remedy="请核对区县用的工作方案",
            sheet=_DATA,
        )


def totals_(case: Summary) -> Iterator[Fault]:
    """指标汇总与数据: a figure of 指标汇总 that the records do not bear out."""
    for code, total in case.recomputed.items():
        row, line = case.totals.get(code, (0, {}))
        if not row:
            yield Fault(
                f"“{_TOTALS}”里没有指标 {code},“{_DATA}”里有",
                indicator=code,
                remedy=_ASK,
                sheet=_TOTALS,
            )
            continue
        for field, header, computed in _figures(total):
            stated = line.get(field)
            if not _same(stated, computed):
                yield Fault(
                    f"“{_TOTALS}”的“{header}”与“{_DATA}”重新计算的不一致,市里按“{_DATA}”计算",
                    value=text(stated),
                    expected=_shown(computed),
                    remedy=_ASK,
                    field=field,
                    indicator=code,
                    sheet=_TOTALS,
                    row=row,
                )


def _figures(total: IndicatorTotal) -> Iterator[tuple[str, str, Cell]]:
    yield "value", "区级值", "—" if total.value is None else total.value
    yield "numerator", "分子", total.numerator
    yield "denominator", "分母", total.denominator
    for field, status in zip(_COUNTED, Status, strict=True):
        yield field, status.value, float(total.counts[status])


def _same(stated: Cell, computed: Cell) -> bool:
    one, other = number(stated), number(computed)
    if one is None or other is None:
        return one is other and text(stated) == text(computed)
    return isclose(one, other, rel_tol=1e-9, abs_tol=1e-9)


def _shown(computed: Cell) -> str:
    value = number(computed)
    return text(computed) if value is None else f"{value:.10g}"


def judged_(case: Summary) -> Iterator[Fault]:
    """指标状态: the district's status of an indicator that its own figures contradict."""
    for code, total in case.recomputed.items():
        row, line = case.totals.get(code, (0, {}))
        stated = text(line.get("status"))
        if row and stated != total.status.value:
            yield Fault(
                f"“{_TOTALS}”的“状态”与“{_DATA}”重新计算的不一致",
                value=stated,
                expected=total.status.value,
                remedy=_ASK,
                field="status",
                indicator=code,
                sheet=_TOTALS,
                row=row,
            )


def status_(case: Summary) -> Iterator[Fault]:
    """记录状态: a record's status that its own figures contradict."""
    for statement in case.statements:
        if not statement.consistent:
            yield Fault(
                f"“{statement.unit.name}”的“状态”与填报的数不符",
                value=statement.status,
                expected=statement.judgement.status.value,
                remedy=_ASK,
                field="status",
                indicator=statement.indicator.code,
                sheet=_DATA,
                row=statement.record.row,
            )


def share_(case: Summary) -> Iterator[Fault]:
    """比率: a rate's 完成值 that is not 分子 ÷ 分母; the city takes numerator and denominator."""
    for statement in case.statements:
        rate = statement.indicator.kind.value == "rate"
        if rate and not _same(statement.value, statement.share):
            yield Fault(
                f"“{statement.unit.name}”的“完成值”不等于分子÷分母,市里按分子、分母计算",
                value=text(statement.value),
                expected=_shown(statement.share),
                remedy=_ASK,
                field="value",
                indicator=statement.indicator.code,
                sheet=_DATA,
                row=statement.record.row,
            )


def units_(case: Summary) -> Iterator[Fault]:
    """单位与数据: 报送情况 and 数据 name other units, or another number of records."""
    for name, counts in case.counts.items():
        if name not in case.units:
            yield Fault(
                f"“{_DATA}”里的单位“{name}”不在“{_UNITS}”里",
                value=name,
                remedy=_ASK,
                sheet=_UNITS,
            )
            continue
        row, line = case.units[name]
        total = float(counts.total())
        filled = total - counts[Status.MISSING.value]
        for field, header, computed in (("expected", "应填", total), ("filled", "已填", filled)):
            if not _same(line.get(field), computed):
                yield _miscounted(name, header, line.get(field), computed, field, row)
    for name, (row, line) in case.units.items():
        if name not in case.counts and (number(line.get("expected")) or 0) > 0:
            yield _miscounted(name, "应填", line.get("expected"), 0.0, "expected", row)


def _miscounted(
    name: str, header: str, stated: Cell, computed: float, field: str, row: int
) -> Fault:
    return Fault(
        f"“{name}”的“{header}”与“{_DATA}”里的记录数不一致(可能删改过行,或有的行没有采用)",
        value=text(stated),
        expected=_shown(computed),
        remedy=_ASK,
        field=field,
        sheet=_UNITS,
        row=row,
    )


def repeated_(case: Summary) -> Iterator[Fault]:
    """重复的记录: a unit's indicator stands more than once; none of these rows counts."""
    for row, unit, code in case.repeated:
        yield Fault(
            f"“{unit}”的指标 {code} 有几行,以哪一行为准不能确定,都没有采用",
            value=code,
            expected="每个单位每个指标一行",
            remedy=_ASK,
            field="code",
            indicator=code,
            sheet=_DATA,
            row=row,
        )


def foreign_(case: Summary) -> Iterator[Fault]:
    """指标不同: rows whose code or text is not the city plan's; they do not count."""
    seen: set[str] = set()
    for row, unit, code in case.foreign:
        if code in seen:
            continue
        seen.add(code)
        rows = sum(other == code for _, _, other in case.foreign)
        expected = case.plan.indicators[code].text if code in case.plan.indicators else ""
        yield Fault(
            f"指标 {code}(“{unit}”等 {rows} 行)的编号或内容与市里的方案不同,没有采用",
            value=code,
            expected=expected,
            remedy="区县自己加的指标不用管;改了编号或内容的,请区县改回来重新报送",
            field="code",
            indicator=code,
            sheet=_DATA,
            row=row,
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
            sheet=_DATA,
        )


def marked_(case: Summary) -> Iterator[Fault]:
    """改动的痕迹: a cell of 数据 that no program of ours writes so."""
    for marked in case.marks:
        if marked.mark in _MARKS:
            yield Fault(
                f"“{_DATA}”的单元格{_MARKS[marked.mark]}",
                value=marked.detail,
                expected="程序写入的值",
                remedy=_ASK,
                field=marked.field,
                sheet=_DATA,
                row=marked.row,
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
            indicator=code,
            sheet=_DATA,
            row=first.record.row,
        )


def _target(statement: Statement) -> str:
    indicator = statement.indicator
    return indicator.target_for(statement.unit).text(indicator.measure)


SUMMARY_PLAN_RULES: dict[str, Rule[Summary]] = {
    "summary-plan": Rule(Severity.ERROR, "汇总表的指标是市里方案的指标", plan_),
}
SUMMARY_RULES: dict[str, Rule[Summary]] = {
    "summary-totals": Rule(Severity.ERROR, "指标汇总等于按数据重新计算的", totals_),
    "summary-judged": Rule(Severity.ERROR, "指标汇总的状态等于重新计算的", judged_),
    "summary-status": Rule(Severity.ERROR, "每条记录的状态与它的数相符", status_),
    "summary-share": Rule(Severity.ERROR, "比率的完成值等于分子÷分母", share_),
    "summary-units": Rule(Severity.ERROR, "报送情况与数据的单位、条数一致", units_),
    "summary-repeated": Rule(Severity.ERROR, "每个单位每个指标只有一条记录", repeated_),
    "summary-marked": Rule(Severity.ERROR, "数据里没有手工改动的痕迹", marked_),
    "summary-foreign": Rule(Severity.WARNING, "指标的编号和内容与市里的方案相同", foreign_),
    "summary-target": Rule(Severity.WARNING, "目标与市里的方案相同", target_),
    "summary-absent": Rule(Severity.WARNING, "市里方案的指标都有记录", absent_),
}
