"""The written paragraphs of a summary: where a district or a city stands, with exact figures."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

from xl_fzzf.model.assessment import SOON, Alert
from xl_fzzf.model.city import City, District
from xl_fzzf.model.ranking import area_shares
from xl_fzzf.model.record import grouped
from xl_fzzf.model.rollup import IndicatorTotal, met_share
from xl_fzzf.model.round import Standing
from xl_fzzf.model.status import Status
from xl_fzzf.sheets.spec import area_sheet
from xl_fzzf.sheets.summary.phrases import change_in_points, say_date, some

_MOST_NAMES, _MOST_UNITS, _MOST_TIED, _MOST_CODES = 12, 3, 5, 20


def say_standing(standing: Standing) -> list[str]:
    """The state of the round in a few paragraphs."""
    paragraphs = (
        _reporting(standing),
        _attainment(standing) + _change(standing),
        _areas(standing),
        _unmet(standing),
        _more_than_asked(standing.indicators),
    )
    return [words for words in paragraphs if words]


def _reporting(standing: Standing) -> str:
    missing = [unit.name for unit in standing.missing]
    deadline = say_date(standing.round.settings.deadline)
    late = f"（其中{len(standing.late)}个在{deadline}截止后报送）" if standing.late else ""
    typed = f"（其中台账代填{len(standing.typed)}个）" if standing.typed else ""
    silent = (
        f"未报{len(missing)}个{typed}：{some(missing, _MOST_NAMES, '个')}"
        if missing
        else "没有未报"
    )
    return (
        f"应报单位{len(standing.units)}个，已报{len(standing.reported)}个{late}；{silent}。"
        f"填报率{standing.completeness:.1%}，及时率{standing.timeliness:.1%}。"
    )


def _attainment(standing: Standing) -> str:
    counts, share = standing.statuses, standing.met_share
    filled = counts.total() - counts[Status.MISSING]
    words = f"截至{say_date(standing.as_of)}，应填事项{counts.total()}项，已填{filled}项。"
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
    shares = {area_sheet(area): f"{share:.1%}" for share, area in area_shares(standing)}
    return _ends("分领域看，达标率", shares, "个领域")


def _ends(subject: str, shares: Mapping[str, str], measure: str) -> str:
    """Who has the highest and the lowest of these shares, as they are shown, the highest first."""
    shown = list(dict.fromkeys(shares.values()))
    if len(shown) < 2:
        return ""
    high, low = shown[0], shown[-1]
    best, worst = (
        some([name for name, share in shares.items() if share == end], _MOST_TIED, measure)
        for end in (high, low)
    )
    return f"{subject}最高的是{best}（{high}），最低的是{worst}（{low}）。"


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
    """The units with the most, all that tie among them: 甲（3项）、乙、丙等7个单位（各2项）."""
    groups = grouped(units, lambda name: units[name])
    if len(groups) == 1:
        return "每个单位各{}项".format(*groups) if len(units) > 1 else f"即{next(iter(units))}"
    named, told = 0, []
    for count in sorted(groups, reverse=True)[: len(groups) - 1]:
        if named < _MOST_UNITS:
            names = groups[count]
            each = "各" if len(names) > 1 else ""
            told.append(f"{some(names, _MOST_TIED, '个单位')}（{each}{count}项）")
            named += len(names)
    return f"较多的是{'、'.join(told)}"


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
    deadline = say_date(city.round.settings.deadline)
    lateness = f"（其中 {late} 个在{deadline}截止后报送）" if late else ""
    words = f"应报区县 {len(city.expected)} 个，已采用 {len(city.districts)} 个{lateness}"
    tail = f"，没有可用汇总表的 {len(city.missing)} 个：{missing}" if missing else ""
    yield f"{words}{tail}。"
    counts = city.statuses
    states = (Status.MET, Status.UNDER_WAY, Status.UNMET, Status.INVALID, Status.NOT_APPLICABLE)
    listed = "、".join(f"{status} {counts[status]} 项" for status in states)
    filled = counts.total() - counts[Status.MISSING]
    units = sum(district.units for district in city.districts)
    yield f"截至{say_date(city.as_of)}，{units} 个单位应填 {counts.total()} 项，已填 {filled} 项，其中{listed}。"
    if shares := _say_shares(city.districts):
        yield shares
    yield _say_indicators(city.indicators)
    yield (
        "市级值由各区县“数据”中的逐条记录重新计算：次数、金额相加，比率为 Σ分子÷Σ分母，"
        "是否类为填“是”的单位占比，不取各区县比率的平均；目标和期限一律按市里的方案。"
    )
    if stated := _say_stated(city.districts):
        yield stated
    errors = sum(district.errors for district in city.districts)
    if errors:
        yield f"采用的汇总表有 {errors} 处与自己的数据对不上（见“校验结果”），市里按其“数据”计算。"


def _say_stated(districts: Sequence[District]) -> str:
    """Which districts themselves say another number of unmet records than the city comes to."""
    others = [
        f"{d.unit.name}自报 {d.stated[Status.UNMET]} 项，市里 {d.statuses[Status.UNMET]} 项"
        for d in districts
        if d.stated[Status.UNMET] != d.statuses[Status.UNMET]
    ]
    words = "；".join(others)
    return (
        f"未达标与区县自报不同的：{words}（市里按市里的目标、期限和统计日期判定）。"
        if words
        else ""
    )


def _say_shares(districts: Sequence[District]) -> str:
    """Which districts have the highest and the lowest 达标率, as it is shown."""
    shares = {d.unit.name: share for d in districts if (share := met_share(d.statuses)) is not None}
    ordered = sorted(shares.items(), key=lambda each: -each[1])
    return _ends("达标率", {name: f"{share:.1%}" for name, share in ordered}, "个区县")


def _say_indicators(totals: Sequence[IndicatorTotal]) -> str:
    counts = Counter(total.status for total in totals if total.counts.total())
    unmet = [total.indicator.code for total in totals if total.status is Status.UNMET]
    listed = f"：{some(unmet, _MOST_CODES, '个')}" if unmet else ""
    return (
        f"{len(totals)} 个指标中，全市达标 {counts[Status.MET]} 个、推进中 {counts[Status.UNDER_WAY]} 个、"
        f"未达标 {counts[Status.UNMET]} 个{listed}。"
    )
