"""总览 of a summary: where the round stands, on one portrait page."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence

from xl_fzzf.model.plan import Area, Task
from xl_fzzf.model.ranking import MOST, Ranked, rank_areas, rank_tasks, rank_units
from xl_fzzf.model.rollup import met_share
from xl_fzzf.model.round import Standing
from xl_fzzf.model.score import UnitTotal
from xl_fzzf.model.status import Status
from xl_fzzf.office.book import Value
from xl_fzzf.office.heights import lines_needed
from xl_fzzf.sheets import spec as layout
from xl_fzzf.sheets.common_blocks import across, tiles
from xl_fzzf.sheets.overview import COUNTED
from xl_fzzf.sheets.page import (
    Band,
    Beside,
    Block,
    Condition,
    Extent,
    Filling,
    Highlighted,
    Page,
    Paper,
    Styled,
    Tile,
    dashed,
    depth,
)
from xl_fzzf.sheets.summary.cards import card_bands
from xl_fzzf.sheets.summary.charts import Frame, pixels, share_chart, status_chart
from xl_fzzf.sheets.summary.phrases import (
    say_area,
    say_change,
    say_date,
    say_score_change,
    tally,
)
from xl_fzzf.sheets.summary.prose import say_standing

_WIDTHS = (6, 27, *(6.6,) * 11)
_ALL = (0, len(_WIDTHS) - 1)
_LEFT, _RIGHT = (0, 4), (5, 12)
_FIRST_STATUS = 3
_SHARE, _BEFORE = 10, 11
_TROUBLED = (Status.UNMET, Status.MISSING)
"""Without an earlier period the last two columns count the units with such records."""

_PADDING = 0.7
"""What a column is wider than its characters."""

_COUNTS = ("expected", *(status.name.lower() for status in COUNTED))
_ROW, _CHART_ROWS = 20.0, 13
_SENTENCE_SIZE, _SENTENCE_LINE = 12, 17.5
_LONGEST_NAME = 40
_TROUBLE: Condition = {
    "type": "cell",
    "criteria": ">",
    "value": 0,
    "format": {"bg_color": "#F8B4B4", "font_color": "#7A0006", "bold": True},
}


def overview_page(standing: Standing) -> Page:
    """总览: cards, paragraphs, areas, who and what is ahead or behind, charts."""
    blocks: list[Block] = [
        *_title(standing),
        Band(height=8),
        card_bands(standing),
        Band(height=8),
        _paragraphs(standing),
    ]
    blocks += _area_headers(standing)
    first = depth(blocks)
    blocks += [_areas(standing), _EMPTY, *_rankings(standing)]
    blocks.append(_charts(standing, (first, first + len(standing.areas) - 1)))
    columns = [(width, "plain") for width in _WIDTHS]
    paper = Paper(portrait=True, one_page=True, area=(depth(blocks) - 1, _ALL[1]))
    return Page(layout.OVERVIEW, columns, blocks, tab="#C00000", paper=paper)


_EMPTY = Band(height=_ROW)


def _title(standing: Standing) -> tuple[Band, Band]:
    settings = standing.round.settings
    facts = (
        settings.period.label,
        standing.round.plan.signature,
        f"统计日期 {say_date(standing.as_of)}",
        f"报送截止 {say_date(settings.deadline)}",
    )
    title = f"{standing.round.plan.district}{standing.round.plan.subject}工作总体情况"
    return across(_ALL, title, "page_title", 34), across(
        _ALL, "  ·  ".join(facts), "page_facts", 20
    )


def _paragraphs(standing: Standing) -> Band:
    """All paragraphs in one cell, so that a line fewer than expected leaves no gap among them."""
    width = sum(_WIDTHS) + _PADDING * len(_WIDTHS)
    words = "\n".join(f"\u3000\u3000{paragraph}" for paragraph in say_standing(standing))
    height = _SENTENCE_LINE * lines_needed(words, width, _SENTENCE_SIZE)
    return across(_ALL, words, "sentence", height)


def _heading(extent: Extent, words: str) -> list[Tile]:
    """A heading over columns that stay apart."""
    left, right = extent
    return tiles([words, *[None] * (right - left)], "section", left)


def _area_headers(standing: Standing) -> tuple[Band, Band]:
    title = "各领域进展\uff08达标率 = 达标 ÷ 应填中除不适用以外的\uff09"
    extra = ("上期", "较上期") if standing.before else tuple(f"{s}单位" for s in _TROUBLED)
    headers = ("序", "领域", "应填", *map(str, COUNTED), "填报率", "达标率", *extra)
    return Band(_heading(_ALL, title), _ROW), Band(tiles(headers, "narrow_header"), 32)


def _areas(standing: Standing) -> Highlighted:
    """A row for each area and one for all, in which what is wrong stands out."""
    ends = _area_ends(standing)
    bands = []
    for area, counts in standing.areas:
        names = say_area(area), Styled(area.name, "name")
        figures = _figures(counts, ends[area.number], "one_share")
        bands.append(Band(tiles([*names, *figures], "count"), _ROW))
    total = _figures(standing.statuses, ends[None], "total_share")
    bands.append(Band([Tile(0, "合计", "total", 1), *tiles(total, "total", 2)], _ROW))
    places = [_FIRST_STATUS + COUNTED.index(s) for s in (Status.INVALID, Status.UNMET)]
    return Highlighted(bands, [((place, place), _TROUBLE) for place in places])


def _figures(
    counts: Counter[Status], ends: tuple[Value, Value], share_style: str
) -> Iterator[Filling | Styled]:
    """What stands in a row behind its name, shares in a style of their own."""
    row = tally(counts)
    yield from (row[field] for field in _COUNTS)
    yield from (Styled(row[field], share_style) for field in ("completeness", "share"))
    yield from (Styled(end, share_style) if isinstance(end, float) else end for end in ends)


def _area_ends(standing: Standing) -> dict[int | None, tuple[Value, Value]]:
    """The last two cells of every area's row, and of 合计 (None)."""
    if before := standing.before:
        then = {area.number: met_share(counts) for area, counts in before.areas}
        ends: dict[int | None, tuple[Value, Value]] = {
            area.number: _compared(met_share(counts), then.get(area.number))
            for area, counts in standing.areas
        }
        return ends | {None: _compared(standing.met_share, before.met_share)}
    units: dict[tuple[int | None, Status], set[str]] = defaultdict(set)
    area_of = standing.round.plan.area_of
    for item in standing.assessments:
        for number in (area_of[item.indicator.code].number, None):
            units[number, item.status].add(item.unit.code)
    numbers: list[int | None] = [*(area.number for area, _ in standing.areas), None]
    unmet, missing = _TROUBLED
    return {n: (len(units[n, unmet]), len(units[n, missing])) for n in numbers}


def _compared(now: float | None, then: float | None) -> tuple[Value, Value]:
    return dashed(then), say_change(now, then)


def _rankings(standing: Standing) -> Iterator[Block]:
    """Areas and units at both ends, side by side, and the tasks that are most behind."""
    compared = standing.before is not None
    for (first, last), titles in (
        (rank_areas(standing), ("达标率靠前的领域", "达标率靠后的领域")),
        (rank_units(standing), ("得分靠前的单位", "得分靠后的已报单位")),
    ):
        left = _ranking(_LEFT, titles[0], first, compared)
        yield Beside((left, _ranking(_RIGHT, titles[1], last, compared)))
    yield from _ranking(_ALL, "达标率靠后的任务", rank_tasks(standing), compared)


def _ranking(extent: Extent, title: str, ranked: Sequence[Ranked], compared: bool) -> list[Band]:
    """A heading and lines: mark, name over most of the columns, figure, and change if `compared`."""
    left, right = extent
    figure = right - 1 if compared else right
    bands = [Band(_heading(extent, title if ranked else f"{title}\uff1a没有"), _ROW)]
    for line in ranked:
        name = Tile(left + 1, _name(line.subject), "name", figure - 1)
        ends = tiles([_figure(line), *([_change(line)] if compared else [])], "count", figure)
        bands.append(Band([Tile(left, line.mark, "count"), name, *ends], _ROW))
    return bands + [_EMPTY] * (MOST + 2 - len(bands))


def _name(subject: Area | Task | UnitTotal) -> str:
    if isinstance(subject, Area):
        name = layout.area_sheet(subject)
    else:
        name = subject.unit.name if isinstance(subject, UnitTotal) else subject.name or subject.text
    return name if len(name) <= _LONGEST_NAME else f"{name[: _LONGEST_NAME - 1]}…"


def _figure(ranked: Ranked) -> Styled:
    return Styled(ranked.figure, "points" if isinstance(ranked.subject, UnitTotal) else "one_share")


def _change(ranked: Ranked) -> str:
    say = say_score_change if isinstance(ranked.subject, UnitTotal) else say_change
    return say(ranked.figure, ranked.before)


def _charts(standing: Standing, rows: Extent) -> Beside:
    """Both charts beside each other over rows of their own; `rows` are those of the areas."""
    before, title = None, "各领域达标率"
    if standing.before:
        before, title = _BEFORE, f"{title}\uff08上期为{standing.before.period.label}\uff09"
    columns = {status: _FIRST_STATUS + place for place, status in enumerate(COUNTED)}
    parts = [counts for _, counts in standing.areas]
    shares = share_chart(Frame(rows, 1, title, _size(_LEFT), _LEFT[0]), _SHARE, before)
    title = "各领域状态构成\uff08数字为项数\uff09"
    states = status_chart(Frame(rows, 0, title, _size(_RIGHT), _RIGHT[0]), columns, parts)
    return Beside(([shares, states], [_EMPTY] * _CHART_ROWS))


def _size(extent: Extent) -> tuple[int, int]:
    width = pixels(_WIDTHS[extent[0] : extent[1] + 1]) - 2
    return width, int(_CHART_ROWS * _ROW * 4 / 3)
