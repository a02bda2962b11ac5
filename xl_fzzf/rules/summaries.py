"""Rules on a district's summary: its tables beside its records, and these beside the city's plan.

They hold for every city alike: 设置 does not change them.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import isclose
from typing import Any

from xl_fzzf.model.district import Statement, Summary, bears_out
from xl_fzzf.model.finding import Severity
from xl_fzzf.model.record import Cell, grouped, number, text
from xl_fzzf.model.rollup import IndicatorTotal
from xl_fzzf.model.status import Status, rate_value
from xl_fzzf.model.submission import Mark
from xl_fzzf.rules.rule import Fault, Rules

_ASK = "请与区县核实；区县改正台账后重新生成汇总表报送，不要直接改汇总表"
_HEADERS = {"expected": "应填", "filled": "已填"}
_COUNTED = tuple(status.name.lower() for status in Status)
_MARKS = {
    Mark.FORMULA: "是公式，不是程序写的数；按它存着的结果采用",
    Mark.UNCALCULATED: "是没有算过的公式，读不到数",
    Mark.MERGED: "被合并单元格盖住了，没有采用",
    Mark.DISGUISED: "显示的和实际存的不一样；按实际存的采用",
}


SUMMARY_PLAN_RULES: Rules[Summary] = Rules()


@SUMMARY_PLAN_RULES("summary-plan", Severity.ERROR, "汇总表的指标是市里方案的指标")
def plan_(case: Summary) -> Iterator[Fault]:
    """汇总表方案: not one indicator of the summary is the city's."""
    if not case.statements and case.foreign:
        yield Fault(
            "汇总表的指标和市里的方案没有一项相同",
            expected=case.plan.name,
            remedy="请核对区县用的工作方案",
            sheet=case.tables.data.name,
        )


SUMMARY_RULES: Rules[Summary] = Rules()


@SUMMARY_RULES("summary-totals", Severity.ERROR, "指标汇总等于按数据重新计算的")
def totals_(case: Summary) -> Iterator[Fault]:
    """指标汇总与数据: a figure of 指标汇总 that the records do not bear out."""
    data, totals = case.tables.data.name, case.tables.totals.name
    for code, total in case.recomputed.items():
        row, line = case.totals.get(code, (0, {}))
        if not row:
            message = f"“{totals}”里没有指标 {code}，“{data}”里有"
            yield Fault(message, indicator=code, remedy=_ASK, sheet=totals)
            continue
        for field, header, computed in _figures(total):
            if not _same(line.get(field), computed):
                yield Fault(
                    f"“{totals}”的“{header}”与“{data}”重新计算的不一致，市里按“{data}”计算",
                    value=text(line.get(field)),
                    expected=_shown(computed),
                    remedy=_ASK,
                    field=field,
                    indicator=code,
                    sheet=totals,
                    row=row,
                )


def _figures(total: IndicatorTotal) -> Iterator[tuple[str, str, Cell]]:
    yield "value", "汇总值", "—" if total.value is None else total.value
    yield "numerator", "分子", total.numerator
    yield "denominator", "分母", total.denominator
    for field, status in zip(_COUNTED, Status, strict=True):
        yield field, status.value, float(total.counts[status])


def _same(stated: Cell, computed: Cell) -> bool:
    """Whether two cells say the same, but for the last digits of a number."""
    one, other = number(stated), number(computed)
    if one is None or other is None:
        return one is other and text(stated) == text(computed)
    return isclose(one, other, rel_tol=1e-9, abs_tol=1e-9)


def _shown(computed: Cell) -> str:
    """A computed cell as a finding shows it."""
    value = number(computed)
    return text(computed) if value is None else f"{value:.10g}"


@SUMMARY_RULES("summary-judged", Severity.ERROR, "指标汇总的状态等于重新计算的")
def judged_(case: Summary) -> Iterator[Fault]:
    """指标状态: the district's status of an indicator that its own figures contradict."""
    for code, total in case.recomputed.items():
        row, line = case.totals.get(code, (0, {}))
        stated = text(line.get("status"))
        if row and not bears_out(total.status, stated):
            yield Fault(
                f"“{case.tables.totals.name}”的“状态”与“{case.tables.data.name}”重新计算的不一致",
                value=stated,
                expected=total.status.value,
                remedy=_ASK,
                field="status",
                indicator=code,
                sheet=case.tables.totals.name,
                row=row,
            )


@SUMMARY_RULES("summary-units", Severity.ERROR, "报送情况与数据的单位、条数一致")
def units_(case: Summary) -> Iterator[Fault]:
    """单位与数据: 报送情况 and 数据 name other units, or another number of records."""
    data, units = case.tables.data.name, case.tables.units.name
    for name, counts in case.counts.items():
        if name not in case.units:
            message = f"“{data}”里的单位“{name}”不在“{units}”里"
            yield Fault(message, value=name, remedy=_ASK, sheet=units)
            continue
        total = float(counts.total())
        yield from _miscounted(case, name, "expected", total)
        yield from _miscounted(case, name, "filled", total - counts[Status.MISSING.value])
    for name, (_, line) in case.units.items():
        if name not in case.counts and (number(line.get("expected")) or 0) > 0:
            yield from _miscounted(case, name, "expected", 0.0)


def _miscounted(case: Summary, name: str, field: str, computed: float) -> Iterator[Fault]:
    row, line = case.units[name]
    if not _same(line.get(field), computed):
        yield Fault(
            f"“{name}”的“{_HEADERS[field]}”与“{case.tables.data.name}”里的记录数不一致"
            "（可能删改过行，或有的行没有采用）",
            value=text(line.get(field)),
            expected=_shown(computed),
            remedy=_ASK,
            field=field,
            sheet=case.tables.units.name,
            row=row,
        )


@SUMMARY_RULES("summary-status", Severity.ERROR, "每条记录的状态与它的数相符")
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
                **_at(case, statement.indicator.code, statement.record.row),
            )


@SUMMARY_RULES("summary-share", Severity.ERROR, "比率的完成值等于分子÷分母")
def share_(case: Summary) -> Iterator[Fault]:
    """比率与分子分母: a rate's 完成值 that is not 分子 ÷ 分母; the city takes numerator and denominator."""
    for statement in case.statements:
        share = rate_value(statement.record)
        if statement.indicator.kind.is_ratio and not _same(statement.record.value, share):
            yield Fault(
                f"“{statement.unit.name}”的“完成值”不等于分子÷分母，市里按分子、分母计算",
                value=text(statement.record.value),
                expected=_shown(share),
                remedy=_ASK,
                field="value",
                **_at(case, statement.indicator.code, statement.record.row),
            )


@SUMMARY_RULES("summary-repeated", Severity.ERROR, "每个单位每个指标只有一条记录")
def repeated_(case: Summary) -> Iterator[Fault]:
    """重复的记录: a unit's indicator stands more than once; none of these rows counts."""
    for row in case.repeated:
        yield Fault(
            f"“{row.unit}”的指标 {row.code} 有几行，以哪一行为准不能确定，都没有采用",
            value=row.code,
            expected="每个单位每个指标一行",
            remedy=_ASK,
            field="code",
            **_at(case, row.code, row.record.row),
        )


@SUMMARY_RULES("summary-marked", Severity.ERROR, "数据里没有手工改动的痕迹")
def marked_(case: Summary) -> Iterator[Fault]:
    """改动的痕迹: a cell of 数据 that no program of ours writes so."""
    for marked in case.tables.data.marks:
        if marked.mark in _MARKS:
            yield Fault(
                f"“{case.tables.data.name}”的单元格{_MARKS[marked.mark]}",
                value=marked.detail,
                expected="程序写入的值",
                remedy=_ASK,
                field=marked.field,
                **_at(case, "", marked.row),
            )


@SUMMARY_RULES("summary-foreign", Severity.WARNING, "指标的编号和内容与市里的方案相同")
def foreign_(case: Summary) -> Iterator[Fault]:
    """指标不同: rows whose code or text is not the city plan's; they do not count."""
    for code, rows in grouped(case.foreign, lambda row: row.code).items():
        expected = case.plan.indicators[code].text if code in case.plan.indicators else ""
        yield Fault(
            f"指标 {code}（“{rows[0].unit}”等 {len(rows)} 行）的编号或内容与市里的方案不同，没有采用",
            value=code,
            expected=expected,
            remedy="区县自己加的指标不用管；改了编号或内容的，请区县改回来重新报送",
            field="code",
            **_at(case, code, rows[0].record.row),
        )


@SUMMARY_RULES("summary-target", Severity.WARNING, "目标与市里的方案相同")
def target_(case: Summary) -> Iterator[Fault]:
    """目标不同: a target that is not the city's; the city judges by its own."""
    others = (each for each in case.statements if each.target != _target(each))
    for code, statements in grouped(others, lambda each: each.indicator.code).items():
        first = statements[0]
        yield Fault(
            f"指标 {code} 有 {len(statements)} 个单位的目标与市里的不同，市里按市里的目标判定",
            value=first.target,
            expected=_target(first),
            remedy="请与区县核实；经同意调整目标的，在市级台账的“指标”表改",
            field="target",
            **_at(case, code, first.record.row),
        )


@SUMMARY_RULES("summary-due", Severity.WARNING, "完成期限与市里的方案相同")
def due_(case: Summary) -> Iterator[Fault]:
    """期限不同: a due date that is not the city's; the city judges by its own."""
    for code, (row, _) in case.totals.items():
        indicator = case.plan.indicators.get(code)
        if indicator and case.due(code) != indicator.due_in(case.plan.year):
            yield Fault(
                f"指标 {code} 的完成期限与市里的不同，市里按市里的期限判定",
                value=f"{case.due(code)}",
                expected=f"{indicator.due_in(case.plan.year)}",
                remedy="请与区县核实；经同意调整期限的，在市级台账的“指标”表改",
                field="target",
                indicator=code,
                sheet=case.tables.totals.name,
                row=row,
            )


@SUMMARY_RULES("summary-kind", Severity.WARNING, "单位类别是市里方案的类别")
def kind_(case: Summary) -> Iterator[Fault]:
    """类别不同: a kind of unit that the city's plan has not, though some targets go by kind."""
    own = {kind for each in case.plan.indicators.values() for kind in each.targets}
    kinds = grouped(case.units.values(), lambda each: text(each[1].get("kind")))
    for stated, lines in kinds.items():
        if own and stated and case.kind_of(stated) not in case.plan.kinds:
            yield Fault(
                f"单位类别“{stated}”（{len(lines)} 个单位）不在市里的方案里，按一般目标判定",
                value=stated,
                expected="、".join(sorted(own)),
                remedy="请在市级台账“指标”的“分类目标”里照区县的类别写，或请区县改用市里的类别",
                field="kind",
                sheet=case.tables.units.name,
                row=lines[0][0],
            )


@SUMMARY_RULES("summary-absent", Severity.WARNING, "市里方案的指标都有记录")
def absent_(case: Summary) -> Iterator[Fault]:
    """缺少的指标: an indicator of the city's plan of which the district has no record."""
    codes = [code for code in case.plan.indicators if code not in case.recomputed]
    if codes:
        yield Fault(
            f"缺少 {len(codes)} 个指标的记录：{'、'.join(codes)}",
            value=str(len(codes)),
            expected="市里的方案中的全部指标",
            remedy="请与区县核实是否删了指标",
            sheet=case.tables.data.name,
        )


def _at(case: Summary, code: str, row: int) -> dict[str, Any]:
    """Where a fault of a record stands."""
    return {"indicator": code, "sheet": case.tables.data.name, "row": row}


def _target(statement: Statement) -> str:
    indicator = statement.indicator
    return indicator.target_for(statement.unit).text(indicator.measure)
