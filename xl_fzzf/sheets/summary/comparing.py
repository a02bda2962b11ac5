"""Areas and kinds of unit compared on 总览 of a summary: a row for each, and one for all."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import NamedTuple

from xl_fzzf.model.assessment import Assessment
from xl_fzzf.model.record import grouped
from xl_fzzf.model.rollup import met_share
from xl_fzzf.model.round import Assessed, Standing
from xl_fzzf.model.status import Status
from xl_fzzf.office.book import Value
from xl_fzzf.office.heights import lines_needed
from xl_fzzf.sheets.common_blocks import tiles
from xl_fzzf.sheets.overview import COUNTED
from xl_fzzf.sheets.page import Band, Block, Condition, Filling, Highlighted, Styled, Tile, dashed
from xl_fzzf.sheets.styles import STATUS_STYLES
from xl_fzzf.sheets.summary.phrases import say_area, say_change, some, tally

NAME_WIDTH = 25.0
"""Of the column with the names, the second one."""

SHARE, BEFORE = 10, 11
"""The columns of 达标率 and of that of the period before."""

_FIRST_STATUS, _LAST = 3, 12
_TROUBLED = (Status.UNMET, Status.MISSING)
"""Without an earlier period the last two columns count the units with such records."""

_COUNTS = ("expected", *(status.name.lower() for status in COUNTED))
ROW = 20.0
"""How high a row is."""

_TROUBLE: Condition = {
    "type": "cell",
    "criteria": ">",
    "value": 0,
    "format": STATUS_STYLES[Status.UNMET],
}


class Group(NamedTuple):
    """A row of a table: an area or a kind of unit; `share` now and `before`, `units` with trouble."""

    mark: str
    name: str
    counts: Counter[Status]
    before: float | None
    units: tuple[int, int]

    @property
    def share(self) -> float | None:
        """达标率; None where nothing applies."""
        return met_share(self.counts)


def compare_areas(standing: Standing) -> list[Group]:
    """The areas, the one with the highest 达标率 first."""
    marks = {area.name: say_area(area) for area, _ in standing.areas}

    def area_of(assessed: Assessed, item: Assessment) -> str:
        return assessed.round.plan.area_of[item.indicator.code].name

    return _groups(standing, marks, area_of)


def compare_kinds(standing: Standing) -> list[Group]:
    """The kinds of unit, the one with the highest 达标率 first."""
    counts = Counter(unit.kind for unit in standing.units)
    kinds = [kind for kind in standing.round.plan.kinds if counts[kind]]
    marks = {kind: f"{counts[kind]}个" for kind in kinds}
    return _groups(standing, marks, lambda _, item: item.unit.kind)


def _groups(
    standing: Standing, marks: Mapping[str, str], key: Callable[[Assessed, Assessment], str]
) -> list[Group]:
    now, then = (
        grouped(each.assessments, partial(key, each)) if each else {}
        for each in (standing, standing.before)
    )
    groups = [
        _group(mark, name, now.get(name, ()), then.get(name, ())) for name, mark in marks.items()
    ]
    return sorted(groups, key=lambda group: 1.0 if group.share is None else -group.share)


def _group(mark: str, name: str, now: Sequence[Assessment], then: Sequence[Assessment]) -> Group:
    units: dict[Status, set[str]] = defaultdict(set)
    for item in now:
        units[item.status].add(item.unit.code)
    unmet, missing = (len(units[status]) for status in _TROUBLED)
    counts = Counter(item.status for item in now)
    return Group(mark, name, counts, met_share(Counter(i.status for i in then)), (unmet, missing))


def comparison(
    standing: Standing, title: str, whose: str, groups: Sequence[Group]
) -> Iterator[Block]:
    """A row for each group and one for all, in which what is wrong stands out."""
    compared = standing.before is not None
    extra = ("上期", "较上期") if compared else tuple(f"{s}单位" for s in _TROUBLED)
    headers = ("", whose, "应填", *map(str, COUNTED), "填报率", "达标率", *extra)
    words = f"{title}（按达标率从高到低；达标率 = 达标 ÷ 应填中除不适用以外的）"
    yield Band(tiles([words, *[None] * _LAST], "section"), ROW)
    yield Band(tiles(headers, "narrow_header"), 32)
    bands = []
    for group in groups:
        names = group.mark, Styled(group.name, "name")
        figures = _figures(group, compared, "one_share")
        height = ROW * lines_needed(group.name, NAME_WIDTH)
        bands.append(Band(tiles([*names, *figures], "count"), height))
    everything = list(standing.assessments)
    then = list(standing.before.assessments) if standing.before else []
    total = _figures(_group("", "合计", everything, then), compared, "total_share")
    bands.append(Band([Tile(0, "合计", "total", 1), *tiles(total, "total", 2)], ROW))
    places = [_FIRST_STATUS + COUNTED.index(s) for s in (Status.INVALID, Status.UNMET)]
    yield Highlighted(bands, [((place, place), _TROUBLE) for place in places])


def _figures(group: Group, compared: bool, share_style: str) -> Iterator[Filling | Styled]:
    """What stands in a row behind its name, shares in a style of their own."""
    row = tally(group.counts)
    ends: tuple[Value, Value] = group.units
    if compared:
        ends = dashed(group.before), say_change(group.share, group.before)
    yield from (row[field] for field in _COUNTS)
    yield from (Styled(row[field], share_style) for field in ("completeness", "share"))
    yield from (Styled(end, share_style) if isinstance(end, float) else end for end in ends)


def say_shares(groups: Sequence[Group], measure: str) -> str:
    """The conclusion of a chart of 达标率: between what it lies, and where it is lowest."""
    shares = [f"{group.share:.1%}" for group in groups if group.share is not None]
    if len(set(shares)) < 2:
        return f"各{measure}达标率{f'都是{shares[0]}' if shares else '：没有'}"
    lowest = [g.name for g in groups if g.share is not None and f"{g.share:.1%}" == shares[-1]]
    return f"{some(lowest, 1, '个')}达标率最低：{shares[-1]}，最高{shares[0]}"
