"""What the city's tables say of every district, line by line."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from xl_fzzf.model.city import City, District
from xl_fzzf.model.district import NOT_REPORTED, REPORTED
from xl_fzzf.model.plan import Unit
from xl_fzzf.model.rollup import IndicatorTotal, completeness, met_share
from xl_fzzf.model.status import Status
from xl_fzzf.model.submission import Timeliness
from xl_fzzf.sheets.lists import Line
from xl_fzzf.sheets.summary.words import count_statuses, say_date

KEPT_OUT = "未采用"
"""Of a district that sent something, none of which could be taken."""

_MOST_CODES = 20


def district_lines(city: City) -> list[Line]:
    """Every district expected, in the roster's order, and the city last."""
    there = {district.unit.code: district for district in city.districts}
    lines = [
        {"number": number, **_line(city, unit, there.get(unit.code))}
        for number, unit in enumerate(city.expected, 1)
    ]
    return [*lines, _city_line(city)]


def _line(city: City, unit: Unit, district: District | None) -> Line:
    if district is None:
        sent = any(file.unit == unit.name for file in city.files)
        return {"unit": unit.name, "reported": KEPT_OUT if sent else NOT_REPORTED, "timely": "—"}
    return {
        "unit": unit.name,
        "reported": REPORTED,
        "timely": Timeliness.of(district.late).value,
        "as_of": district.as_of or "没有写",
        "units": district.units,
        "sent": district.sent,
        "errors": district.errors,
        **_counted(district.statuses),
    }


def _city_line(city: City) -> Line:
    districts = city.districts
    return {
        "unit": city.round.plan.district,
        "reported": f"{len(districts)}/{len(city.expected)}",
        "timely": "—",
        "units": sum(district.units for district in districts),
        "sent": sum(district.sent for district in districts),
        "errors": sum(district.errors for district in districts),
        **_counted(city.statuses),
    }


def _counted(counts: Counter[Status]) -> Line:
    share = met_share(counts)
    return {
        "expected": counts.total(),
        "filled": counts.total() - counts[Status.MISSING],
        "completeness": completeness(counts),
        "share": "—" if share is None else share,
        **count_statuses(counts),
    }


def say_city(city: City) -> Iterator[str]:
    """Where the city stands, in a few factual sentences."""
    missing = "、".join(unit.name for unit in city.missing)
    late = sum(district.late for district in city.districts)
    lateness = f"(其中逾期 {late} 个)" if late else ""
    words = f"应报区县 {len(city.expected)} 个,已采用 {len(city.districts)} 个{lateness}"
    tail = f",没有可用汇总表的 {len(city.missing)} 个:{missing}" if missing else ""
    yield f"截至{say_date(city.as_of)},{words}{tail}。"
    counts = city.statuses
    states = (Status.MET, Status.UNDER_WAY, Status.UNMET, Status.INVALID, Status.NOT_APPLICABLE)
    listed = "、".join(f"{status} {counts[status]} 项" for status in states)
    filled = counts.total() - counts[Status.MISSING]
    units = sum(district.units for district in city.districts)
    yield f"{units} 个单位应填 {counts.total()} 项,已填 {filled} 项,其中{listed}。"
    yield from _say_shares(city.districts)
    yield _say_indicators(city.indicators)
    yield (
        "市级值由各区县“数据”中的逐条记录重新计算:次数、金额相加,比率为 Σ分子÷Σ分母,"
        "是否类为填“是”的单位占比,不取各区县比率的平均;目标和期限一律按市里的方案。"
    )
    errors = sum(district.errors for district in city.districts)
    if errors:
        yield f"采用的汇总表有 {errors} 处与自己的数据对不上(见“校验结果”),市里按其“数据”计算。"


def _say_shares(districts: Sequence[District]) -> Iterator[str]:
    """Which districts have the highest and the lowest 达标率, as it is shown."""
    shares = {d.unit.name: f"{share:.1%}" for d in districts if (share := met_share(d.statuses))}
    ordered = sorted(set(shares.values()), key=lambda words: float(words.rstrip("%")))
    if len(ordered) > 1:
        low, high = ordered[0], ordered[-1]
        best, worst = ([name for name, s in shares.items() if s == end] for end in (high, low))
        yield f"达标率最高的是{'、'.join(best)}({high}),最低的是{'、'.join(worst)}({low})。"


def _say_indicators(totals: Sequence[IndicatorTotal]) -> str:
    counts = Counter(total.status for total in totals)
    unmet = [total.indicator.code for total in totals if total.status is Status.UNMET]
    more = "等" if len(unmet) > _MOST_CODES else ""
    listed = f":{'、'.join(unmet[:_MOST_CODES])}{more}" if unmet else ""
    return (
        f"{len(totals)} 个指标中,全市达标 {counts[Status.MET]} 个、推进中 {counts[Status.UNDER_WAY]} 个、"
        f"未达标 {counts[Status.UNMET]} 个{listed}。"
    )
