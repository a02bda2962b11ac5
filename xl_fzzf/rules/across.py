"""Rules across time and units: last period's value, the peers, the same text elsewhere, the parts."""

from __future__ import annotations

from collections.abc import Iterator

from xl_fzzf.model.assessment import Assessment, show
from xl_fzzf.model.comparison import Compared, size_of
from xl_fzzf.model.finding import Severity
from xl_fzzf.model.likeness import Twin
from xl_fzzf.model.record import ENTRY_LABELS, number, text
from xl_fzzf.model.target import format_number
from xl_fzzf.rules.rule import Fault, Rules

_TOLERANCE = 1e-6
_SHOWN = 30
_NOT_ALL = 0.99

ACROSS_RULES: Rules[Compared] = Rules()


@ACROSS_RULES("total", Severity.ERROR, "合计单位报的合计等于各单位之和")
def total(case: Compared) -> Iterator[Fault]:
    """合计: the district's total is not the sum of its parts (one fault an entry)."""
    for field, parts in case.parts.sums.items() if case.parts else ():
        own = number(getattr(case.assessment.record, field))
        if case.parts is None or own is None or case.assessment.judgement.value is None:
            continue
        short = own < parts - _TOLERANCE
        if short or (case.parts.complete and own > parts + _TOLERANCE):
            yield Fault(
                f"{ENTRY_LABELS[field]}是合计数，却与各单位之和不符："
                f"合计 {format_number(own)}，各单位之和 {format_number(parts)}",
                value=format_number(own),
                expected=format_number(parts),
                remedy="请与有关单位核对，改正合计或有误的那一家",
                field=field,
            )


@ACROSS_RULES("fallen", Severity.WARNING, "年初累计的次数、金额不比上期少")
def fallen(case: Compared) -> Iterator[Fault]:
    """累计减少: a value counted from the year's first day is less than last period's."""
    value = case.assessment.judgement.value
    if case.previous is not None and value is not None and value < case.previous:
        indicator = case.assessment.indicator
        yield Fault(
            f"年初累计数比上期少：上期 {show(case.previous, indicator)}，本期 {show(value, indicator)}",
            value=format_number(value),
            expected=f"不小于上期的 {show(case.previous, indicator)}",
            remedy="请核对是否只填了本季（本月）的数；上期多报的，请在“完成情况”说明",
            field="value",
        )


@ACROSS_RULES("last-year", Severity.WARNING, "上年值与上年年末的完成值一致")
def last_year(case: Compared) -> Iterator[Fault]:
    """上年值: what the unit says of last year is not what last year's records came to."""
    stated = number(case.assessment.record.denominator)
    if case.final is not None and stated is not None and abs(stated - case.final) > _TOLERANCE:
        yield Fault(
            f"上年值填的是 {format_number(stated)}，上年年末汇总的完成值是 {format_number(case.final)}",
            value=format_number(stated),
            expected=format_number(case.final),
            remedy="请核对上年的数；上年报错了、后来更正过的，写明接受理由",
            field="denominator",
        )


@ACROSS_RULES("fallen-part", Severity.WARNING, "比率的分子、分母不比上期少")
def fallen_part(case: Compared) -> Iterator[Fault]:
    """分子分母减少: what a rate counts from the year's first day on is less than last period."""
    for name, was in case.fell.items():
        now = number(getattr(case.assessment.record, name)) or 0.0
        yield Fault(
            f"{ENTRY_LABELS[name]}比上期少：上期 {format_number(was)}，本期 {format_number(now)}",
            value=format_number(now),
            expected=f"年初累计的，不小于上期的 {format_number(was)}",
            remedy="请核对是否只填了本季（本月）的数；上期多报的，请在“完成情况”说明",
            field=name,
        )


@ACROSS_RULES("outlier", Severity.WARNING, "数值与同类单位相近")
def outlier(case: Compared) -> Iterator[Fault]:
    """离群: a number is many times larger or smaller than those of units of its kind."""
    size, peers = size_of(case.assessment), case.peers
    if size is not None and peers is not None and peers.far(size):
        field = case.assessment.indicator.kind.size
        yield Fault(
            f"{ENTRY_LABELS[field]} {format_number(size)} 与同类单位相差很大（{peers.count} 个单位的中位数是 "
            f"{format_number(round(peers.median, 2))}）",
            value=format_number(size),
            expected=f"与中位数相差不到 {format_number(round(peers.factor, 1))} 倍",
            remedy="请核对计量单位（元、万元）、小数点和位数；属实的请在“完成情况”说明",
            field=field,
        )


@ACROSS_RULES("alike", Severity.WARNING, "完成情况不与别的单位雷同")
def alike(case: Compared) -> Iterator[Fault]:
    """雷同: another unit's 完成情况 says the same, word for word or nearly."""
    if case.twin is not None:
        here, other = case.assessment, case.twin.assessment
        how = _say_likeness(case.twin, here)
        more = f"（另有 {case.twin.units - 1} 个单位也是）" if case.twin.units > 1 else ""
        yield Fault(
            f"完成情况与别的单位的{how}{more}",
            value=text(here.record.narrative)[:_SHOWN],
            expected="本单位自己的工作情况",
            remedy="请核实材料是否照抄；请按本单位实际重写，写明时间、事项和结果",
            field="narrative",
            aside=f"“{other.unit.name}”指标 {other.indicator.code}",
        )


def _say_likeness(twin: Twin, here: Assessment) -> str:
    """How much of a text is another's; 完全相同 only where every sign is."""
    if text(here.record.narrative) == text(twin.assessment.record.narrative):
        return "完全相同"
    same = (
        "除单位名称、日期、数字和标点外都相同"
        if twin.share == 1.0
        else f"{min(twin.share, _NOT_ALL):.0%} 的用语相同"
    )
    return f"高度相似（{same}）"


@ACROSS_RULES("past-deadline", Severity.WARNING, "还没有达标的，整改时限在报告期末以后")
def past_deadline(case: Compared) -> Iterator[Fault]:
    """时限已过: what is still unmet at the period's end was to be put right before it."""
    if case.ended is not None:
        day = text(case.assessment.record.deadline)[:10]
        yield Fault(
            f"整改时限 {day} 在报告期末（{case.ended}）以前，写的时候就已经过了",
            value=day,
            expected=f"{case.ended} 以后的日期",
            remedy="请写还没有到的日期；已经整改完的，请核对完成值",
            field="deadline",
        )
