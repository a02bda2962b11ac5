"""Rules on what a district's summary adds up to: its tables beside its own records.

They hold for every city alike: 设置 does not change them.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import isclose

from xl_fzzf.model.district import Summary
from xl_fzzf.model.finding import Severity
from xl_fzzf.model.record import Cell, number, text
from xl_fzzf.model.rollup import IndicatorTotal
from xl_fzzf.model.status import Status
from xl_fzzf.rules.rule import Fault, Rule

ASK = "请与区县核实;区县改正台账后重新生成汇总表报送,不要直接改汇总表"
"""What to do about a summary that disagrees with itself."""

_HEADERS = {"expected": "应填", "filled": "已填"}
_COUNTED = tuple(status.name.lower() for status in Status)


def plan_(case: Summary) -> Iterator[Fault]:
    """方案: not one indicator of the summary is the city's."""
    if not case.statements and case.foreign:
        yield Fault(
            "汇总表的指标和市里的方案没有一项相同",
            expected=case.plan.name,
            remedy="请核对区县用的工作方案",
            sheet=case.tables.data.name,
        )


def totals_(case: Summary) -> Iterator[Fault]:
    """指标汇总与数据: a figure of 指标汇总 that the records do not bear out."""
    data, totals = case.tables.data.name, case.tables.totals.name
    for code, total in case.recomputed.items():
        row, line = case.totals.get(code, (0, {}))
        if not row:
            message = f"“{totals}”里没有指标 {code},“{data}”里有"
            yield Fault(message, indicator=code, remedy=ASK, sheet=totals)
            continue
        for field, header, computed in _figures(total):
            if not same(line.get(field), computed):
                yield Fault(
                    f"“{totals}”的“{header}”与“{data}”重新计算的不一致,市里按“{data}”计算",
                    value=text(line.get(field)),
                    expected=shown(computed),
                    remedy=ASK,
                    field=field,
                    indicator=code,
                    sheet=totals,
                    row=row,
                )


def _figures(total: IndicatorTotal) -> Iterator[tuple[str, str, Cell]]:
    yield "value", "区级值", "—" if total.value is None else total.value
    yield "numerator", "分子", total.numerator
    yield "denominator", "分母", total.denominator
    for field, status in zip(_COUNTED, Status, strict=True):
        yield field, status.value, float(total.counts[status])


def same(stated: Cell, computed: Cell) -> bool:
    """Whether two cells say the same, but for the last digits of a number."""
    one, other = number(stated), number(computed)
    if one is None or other is None:
        return one is other and text(stated) == text(computed)
    return isclose(one, other, rel_tol=1e-9, abs_tol=1e-9)


def shown(computed: Cell) -> str:
    """A computed cell as a finding shows it."""
    value = number(computed)
    return text(computed) if value is None else f"{value:.10g}"


def judged_(case: Summary) -> Iterator[Fault]:
    """指标状态: the district's status of an indicator that its own figures contradict."""
    for code, total in case.recomputed.items():
        row, line = case.totals.get(code, (0, {}))
        stated = text(line.get("status"))
        if row and stated != total.status.value:
            yield Fault(
                f"“{case.tables.totals.name}”的“状态”与“{case.tables.data.name}”重新计算的不一致",
                value=stated,
                expected=total.status.value,
                remedy=ASK,
                field="status",
                indicator=code,
                sheet=case.tables.totals.name,
                row=row,
            )


def units_(case: Summary) -> Iterator[Fault]:
    """单位与数据: 报送情况 and 数据 name other units, or another number of records."""
    data, units = case.tables.data.name, case.tables.units.name
    for name, counts in case.counts.items():
        if name not in case.units:
            message = f"“{data}”里的单位“{name}”不在“{units}”里"
            yield Fault(message, value=name, remedy=ASK, sheet=units)
            continue
        total = float(counts.total())
        yield from _miscounted(case, name, "expected", total)
        yield from _miscounted(case, name, "filled", total - counts[Status.MISSING.value])
    for name, (_, line) in case.units.items():
        if name not in case.counts and (number(line.get("expected")) or 0) > 0:
            yield from _miscounted(case, name, "expected", 0.0)


def _miscounted(case: Summary, name: str, field: str, computed: float) -> Iterator[Fault]:
    row, line = case.units[name]
    if not same(line.get(field), computed):
        yield Fault(
            f"“{name}”的“{_HEADERS[field]}”与“{case.tables.data.name}”里的记录数不一致"
            "(可能删改过行,或有的行没有采用)",
            value=text(line.get(field)),
            expected=shown(computed),
            remedy=ASK,
            field=field,
            sheet=case.tables.units.name,
            row=row,
        )


SUMMARY_PLAN_RULES: dict[str, Rule[Summary]] = {
    "summary-plan": Rule(Severity.ERROR, "汇总表的指标是市里方案的指标", plan_),
}
SUMMARY_TOTAL_RULES: dict[str, Rule[Summary]] = {
    "summary-totals": Rule(Severity.ERROR, "指标汇总等于按数据重新计算的", totals_),
    "summary-judged": Rule(Severity.ERROR, "指标汇总的状态等于重新计算的", judged_),
    "summary-units": Rule(Severity.ERROR, "报送情况与数据的单位、条数一致", units_),
}
