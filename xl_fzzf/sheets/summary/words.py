"""What a summary says in words: the state of the round, and how a district's value came about."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date

from xl_fzzf.model.plan import SAFEGUARDS, Area, Indicator, Kind, Plan, Task
from xl_fzzf.model.rollup import IndicatorTotal, met_share
from xl_fzzf.model.round import Standing
from xl_fzzf.model.status import YES, Status
from xl_fzzf.sheets.book import Value
from xl_fzzf.sheets.layout import area_sheet, numeral

_MOST_NAMES = 12

_ROLL_UPS = {
    Kind.YES_NO: f"填“{YES}”的单位占比",
    Kind.COUNT: "各单位合计;是否达标逐个单位看",
    Kind.RATE: "Σ分子÷Σ分母",
    Kind.SCORE: "各单位平均;分母为上年合计,比上年平均",
    Kind.AMOUNT: "各单位合计;分母为上年合计,比上年",
    Kind.TEXT: "文字说明,不汇总",
}


def say_date(day: date) -> str:
    """A date as official documents write it: 2019年9月30日."""
    return f"{day.year}年{day.month}月{day.day}日"


def say_reporter(plan: Plan) -> str:
    """The reporting unit in full: 南充市嘉陵区 and 区司法局 are 南充市嘉陵区司法局."""
    district, unit = plan.district, plan.coordinator
    if unit.startswith(district):
        return unit
    return district + unit.removeprefix(district[-1:])


def say_area(area: Area) -> str:
    """An area in short: 一, 二 …, 保障."""
    return area.name[:2] if area.number == SAFEGUARDS else numeral(area.number)


def say_roll_up(total: IndicatorTotal) -> str:
    """How an indicator was rolled up, and where units did more than was asked."""
    words = _ROLL_UPS[total.indicator.kind]
    if total.exceeded:
        words += f";{total.exceeded} 个单位超过目标上限,按达标计"
    return words


def say_targets(indicator: Indicator) -> str:
    """An indicator's target, and those of the kinds of unit that have another one."""
    own = (f"{kind}:{t.text(indicator.measure)}" for kind, t in indicator.targets.items())
    return "\n".join((indicator.target.text(indicator.measure), *own))


def say_standing(standing: Standing) -> list[str]:
    """The state of the round in a few factual sentences."""
    return [
        f"截至{say_date(standing.as_of)},{_reporting(standing)}。",
        f"{_records(standing.statuses)}{_areas(standing)}。",
        *_more_than_asked(standing.indicators),
    ]


def count_statuses(counts: Counter[Status]) -> dict[str, Value]:
    """The counts by column of a table: met, under_way, unmet …"""
    return {status.name.lower(): counts[status] for status in Status}


def count_areas(standing: Standing) -> list[tuple[Area, Counter[Status]]]:
    """The statuses in every area of the plan, in its order."""
    totals = {total.indicator.code: total.counts for total in standing.indicators}
    return [
        (area, _sum(totals[indicator.code] for indicator in area.indicators))
        for area in standing.round.plan.areas
    ]


def count_tasks(standing: Standing) -> list[tuple[Task, Counter[Status]]]:
    """The statuses in every task and safeguard of the plan, in its order."""
    totals = {total.indicator.code: total.counts for total in standing.indicators}
    return [
        (task, _sum(totals[indicator.code] for indicator in task.indicators))
        for task in standing.round.plan.tasks.values()
    ]


def _sum(counts: Iterable[Counter[Status]]) -> Counter[Status]:
    return sum(counts, Counter())


def _reporting(standing: Standing) -> str:
    missing = [unit.name for unit in standing.missing]
    late = f"(其中逾期 {len(standing.late)} 个)" if standing.late else ""
    words = f"应报单位 {len(standing.units)} 个,已报 {len(standing.reported)} 个{late}"
    return f"{words},未报 {len(missing)} 个:{_names(missing)}" if missing else f"{words},没有未报"


def _names(names: Sequence[str]) -> str:
    more = "等" if len(names) > _MOST_NAMES else ""
    return "、".join(names[:_MOST_NAMES]) + more


def _records(counts: Counter[Status]) -> str:
    filled = counts.total() - counts[Status.MISSING]
    states = (Status.MET, Status.UNDER_WAY, Status.UNMET, Status.INVALID, Status.NOT_APPLICABLE)
    listed = "、".join(f"{status} {counts[status]} 项" for status in states)
    return f"应填 {counts.total()} 项,已填 {filled} 项,其中{listed}"


def _areas(standing: Standing) -> str:
    shares = [
        (share, area_sheet(area))
        for area, counts in count_areas(standing)
        if (share := met_share(counts)) is not None
    ]
    if len(shares) < 2 or max(shares)[0] == min(shares)[0]:
        return ""
    (high, best), (low, worst) = max(shares), min(shares)
    return f";达标率最高的是“{best}”({high:.1%}),最低的是“{worst}”({low:.1%})"


def _more_than_asked(totals: Iterable[IndicatorTotal]) -> list[str]:
    more = [f"{total.indicator.code} 有 {total.exceeded} 个" for total in totals if total.exceeded]
    return [f"指标 {'、'.join(more)}单位超过目标上限,均按达标计。"] if more else []
