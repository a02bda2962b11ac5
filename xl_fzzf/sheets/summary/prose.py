"""The written paragraphs of a summary: where a district or a city stands, with exact figures."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from xl_fzzf.model.assessment import SOON, Alert
from xl_fzzf.model.city import City, District
from xl_fzzf.model.ranking import area_shares
from xl_fzzf.model.rollup import IndicatorTotal, met_share
from xl_fzzf.model.round import Standing
from xl_fzzf.model.status import Status
from xl_fzzf.sheets.spec import area_sheet
from xl_fzzf.sheets.summary.phrases import change_in_points, say_date

_MOST_NAMES, _MOST_UNITS, _MOST_CODES = 12, 3, 20
_STOPS = re.compile(r"(?<![0-9A-Za-z])[,;:()]|[,;:()](?![0-9A-Za-z])")
_FULL_WIDTH = str.maketrans(",;:()", "\uff0c\uff1b\uff1a\uff08\uff09")


def say_standing(standing: Standing) -> list[str]:
    """The state of the round in a few paragraphs."""
    paragraphs = (
        _reporting(standing),
        _attainment(standing) + _change(standing),
        _areas(standing),
        _unmet(standing),
        _more_than_asked(standing.indicators),
    )
    return [formal(words) for words in paragraphs if words]


def formal(words: str) -> str:
    """A sentence with the full-width stops of an official document."""
    return _STOPS.sub(lambda found: found[0].translate(_FULL_WIDTH), words)


def _reporting(standing: Standing) -> str:
    missing = [unit.name for unit in standing.missing]
    late = f"，其中逾期{len(standing.late)}个" if standing.late else ""
    typed = f"（其中台账代填{len(standing.typed)}个）" if standing.typed else ""
    silent = f"未报{len(missing)}个{typed}：{_names(missing)}" if missing else "没有未报"
    return (
        f"截至{say_date(standing.as_of)}，应报单位{len(standing.units)}个，"
        f"已报{len(standing.reported)}个{late}；{silent}。"
        f"填报率{standing.completeness:.1%}，及时率{standing.timeliness:.1%}。"
    )


def _names(names: Sequence[str]) -> str:
    more = "等" if len(names) > _MOST_NAMES else ""
    return "、".join(names[:_MOST_NAMES]) + more


def _attainment(standing: Standing) -> str:
    counts, share = standing.statuses, standing.met_share
    filled = counts.total() - counts[Status.MISSING]
    words = f"应填事项{counts.total()}项，已填{filled}项。"
    if share is None:
        return words
    others = (Status.UNDER_WAY, Status.UNMET, Status.MISSING, Status.INVALID)
    listed = "、".join(f"{status}{counts[status]}项" for status in others if counts[status])
    return (
        f"{words}除不适用的{counts[Status.NOT_APPLICABLE]}项外，达标{counts[Status.MET]}项，"
        f"达标率{share:.1%}{f'；{listed}' if listed else ''}。"
    )


def _change(standing: Standing) -> str:
    before = standing.before
    if before is None:
        return ""
    shares = _went(before.met_share, standing.met_share)
    unmet = before.statuses[Status.UNMET], standing.statuses[Status.UNMET]
    counts = f"未达标由{unmet[0]}项变为{unmet[1]}项" if unmet[0] != unmet[1] else "未达标项数未变"
    return f"与{before.period.label}相比，{shares}{counts}。"


def _went(before: float | None, now: float | None) -> str:
    if before is None or now is None:
        return ""
    points = change_in_points(now, before)
    if not points:
        return "达标率持平，"
    way = "提高" if points > 0 else "下降"
    return f"达标率由{before:.1%}变为{now:.1%}，{way}{abs(points):.1f}个百分点，"


def _areas(standing: Standing) -> str:
    shares = area_shares(standing)
    if len(shares) < 2 or shares[0][0] == shares[-1][0]:
        return ""
    (high, best), (low, worst) = shares[0], shares[-1]
    return f"分领域看，达标率最高的是“{area_sheet(best)}”（{high:.1%}），最低的是“{area_sheet(worst)}”（{low:.1%}）。"


def _unmet(standing: Standing) -> str:
    unmet = standing.unmet
    if not unmet:
        return "到期事项中没有未达标的。" if standing.statuses[Status.MET] else ""
    units = Counter(item.unit.name for item in unmet)
    tasks = {item.indicator.task for item in unmet}
    return (
        f"未达标的{len(unmet)}项涉及{len(units)}个单位、{len(tasks)}项任务，{_most(units)}。"
        f"按整改时限，{_alerts(standing.alerts)}。"
    )


def _most(units: Counter[str]) -> str:
    """The units with the most; 等 where the next one has as many as the last one named."""
    ranked = units.most_common()
    named = "、".join(f"{name}（{count}项）" for name, count in ranked[:_MOST_UNITS])
    more = ranked[_MOST_UNITS:] and ranked[_MOST_UNITS][1] == ranked[_MOST_UNITS - 1][1]
    return f"{'较多的是' if len(ranked) > 1 else '即'}{named}{'等' if more else ''}"


def _alerts(alerts: Counter[Alert]) -> str:
    words = {
        Alert.RED: "已过期或没有写明的{}项（红）",
        Alert.YELLOW: f"{SOON}天内到期的{{}}项（黄）",
        Alert.BLUE: f"{SOON}天以后到期的{{}}项（蓝）",
    }
    return "、".join(words[colour].format(alerts[colour]) for colour in Alert if alerts[colour])


def _more_than_asked(totals: Iterable[IndicatorTotal]) -> str:
    more = [f"指标{total.indicator.code}有{total.exceeded}个" for total in totals if total.exceeded]
    return f"{'、'.join(more)}单位超过目标上限，均按达标计。" if more else ""


def say_city(city: City) -> Iterator[str]:
    """Where the city stands, in a few factual sentences."""
    missing = "、".join(unit.name for unit in city.missing)
    late = sum(district.late for district in city.districts)
    lateness = f"（其中逾期 {late} 个）" if late else ""
    words = f"应报区县 {len(city.expected)} 个，已采用 {len(city.districts)} 个{lateness}"
    tail = f"，没有可用汇总表的 {len(city.missing)} 个：{missing}" if missing else ""
    yield f"截至{say_date(city.as_of)}，{words}{tail}。"
    counts = city.statuses
    states = (Status.MET, Status.UNDER_WAY, Status.UNMET, Status.INVALID, Status.NOT_APPLICABLE)
    listed = "、".join(f"{status} {counts[status]} 项" for status in states)
    filled = counts.total() - counts[Status.MISSING]
    units = sum(district.units for district in city.districts)
    yield f"{units} 个单位应填 {counts.total()} 项，已填 {filled} 项，其中{listed}。"
    yield from _say_shares(city.districts)
    yield _say_indicators(city.indicators)
    yield (
        "市级值由各区县“数据”中的逐条记录重新计算：次数、金额相加，比率为 Σ分子÷Σ分母，"
        "是否类为填“是”的单位占比，不取各区县比率的平均；目标和期限一律按市里的方案。"
    )
    errors = sum(district.errors for district in city.districts)
    if errors:
        yield f"采用的汇总表有 {errors} 处与自己的数据对不上（见“校验结果”），市里按其“数据”计算。"


def _say_shares(districts: Sequence[District]) -> Iterator[str]:
    """Which districts have the highest and the lowest 达标率, as it is shown."""
    shares = {d.unit.name: f"{share:.1%}" for d in districts if (share := met_share(d.statuses))}
    ordered = sorted(set(shares.values()), key=lambda words: float(words.rstrip("%")))
    if len(ordered) > 1:
        low, high = ordered[0], ordered[-1]
        best, worst = ([name for name, s in shares.items() if s == end] for end in (high, low))
        yield f"达标率最高的是{'、'.join(best)}（{high}），最低的是{'、'.join(worst)}（{low}）。"


def _say_indicators(totals: Sequence[IndicatorTotal]) -> str:
    counts = Counter(total.status for total in totals)
    unmet = [total.indicator.code for total in totals if total.status is Status.UNMET]
    more = "等" if len(unmet) > _MOST_CODES else ""
    listed = f"：{'、'.join(unmet[:_MOST_CODES])}{more}" if unmet else ""
    return (
        f"{len(totals)} 个指标中，全市达标 {counts[Status.MET]} 个、推进中 {counts[Status.UNDER_WAY]} 个、"
        f"未达标 {counts[Status.UNMET]} 个{listed}。"
    )
