"""What a summary says in a few words: dates, areas, changes, how a district's value came about."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date

from xl_fzzf.model.assessment import Alert
from xl_fzzf.model.edition import Edition
from xl_fzzf.model.plan import SAFEGUARDS, Area, Indicator
from xl_fzzf.model.rollup import IndicatorTotal, completeness, met_share, say_target
from xl_fzzf.model.score import UnitTotal
from xl_fzzf.model.status import Status
from xl_fzzf.office.book import Value
from xl_fzzf.office.naming import numeral
from xl_fzzf.sheets.page import dashed

NOT_BEFORE = "上期未报"
"""In place of a change since a period in which nothing was reported."""


def say_date(day: date) -> str:
    """A date as official documents write it: 2019年9月30日."""
    return f"{day.year}年{day.month}月{day.day}日"


def say_edition(edition: Edition) -> str:
    """Which edition a summary is, and who approved and reviewed it when."""
    number = f"第 {edition.number} 版"
    if edition.on is None:
        return f"{number}（未定稿）"
    reviewed = f"，{edition.reviewed_by}审核" if edition.reviewed_by else ""
    return f"{number}，{say_date(edition.on)}{edition.by}定稿{reviewed}"


def say_area(area: Area) -> str:
    """An area in short: 一, 二 …, 保障."""
    return area.name[:2] if area.number == SAFEGUARDS else numeral(area.number)


def say_roll_up(total: IndicatorTotal) -> str:
    """How an indicator was rolled up, and where units did more than was asked."""
    words = total.indicator.kind.traits.total
    if total.lacking:
        counts = total.counts
        filled = counts.total() - counts[Status.MISSING]
        invalid = f"（有误 {counts[Status.INVALID]}）" if counts[Status.INVALID] else ""
        words = f"已报 {filled}/{counts.total()}{invalid}；{words}"
    if total.exceeded:
        words += f"；{total.exceeded} 个单位超过目标上限，按达标计"
    return words


def say_targets(indicator: Indicator) -> str:
    """An indicator's target, and those of the kinds of unit that have another one."""
    own = (f"{kind}：{t.text(indicator.measure)}" for kind, t in indicator.targets.items())
    return "\n".join((say_target(indicator, indicator.target), *own))


def change_in_points(now: float, before: float) -> float:
    """How many percentage points a share rose, from both as they are shown, so that all agree."""
    return round(round(now * 100, 1) - round(before * 100, 1), 1)


def say_change(now: float | None, before: float | None) -> str:
    """A change of a share in short; the arrow says the direction without a colour."""
    if now is None or before is None:
        return "—"
    points = change_in_points(now, before)
    return f"{arrow(points)}{abs(points):.1f}" if points else "持平"


def say_score_change(now: UnitTotal, before: UnitTotal | None) -> str:
    """By how many points a unit's score changed; of one that was silent there is nothing to compare."""
    if before is None or now.score is None or before.score is None:
        return "—"
    if before.silent or now.silent:
        return NOT_BEFORE if before.silent else "本期未报"
    points = round(now.score - before.score, 2)
    return f"{arrow(points)}{abs(points):.2f}" if points else "持平"


def say_count_change(now: float, before: float | None) -> str:
    """By how many a count changed."""
    if before is None:
        return "—"
    return f"{arrow(now - before)}{abs(now - before):g}" if now != before else "持平"


def some(names: Sequence[str], most: int, measure: str) -> str:
    """Names, all of them or the first and how many there are: 甲、乙等7个单位."""
    more = f"等{len(names)}{measure}" if len(names) > most else ""
    return "、".join(names[:most]) + more


def arrow(change: float) -> str:
    """The sign of a change."""
    return "▲" if change > 0 else "▼"


def say_alerts(alerts: Counter[Alert]) -> str:
    """How many unmet records have which 预警: 红 3、黄 0、蓝 9."""
    return "、".join(f"{colour[0]} {alerts[colour]}" for colour in Alert)


def tally(counts: Counter[Status]) -> dict[str, Value]:
    """What records come to, by column of a table: expected, filled, shares, met, under_way …"""
    return {
        "expected": counts.total(),
        "filled": counts.total() - counts[Status.MISSING],
        "completeness": completeness(counts),
        "share": dashed(met_share(counts)),
        **{status.name.lower(): counts[status] for status in Status},
    }
