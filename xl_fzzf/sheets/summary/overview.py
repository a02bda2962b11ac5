"""总览 of a summary: on one portrait page where the round stands, on the next who is ahead or behind."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from xl_fzzf.model.plan import Task
from xl_fzzf.model.ranking import MOST, Ranked, Subject, rank_tasks, rank_units
from xl_fzzf.model.round import Standing
from xl_fzzf.model.score import UnitTotal
from xl_fzzf.office.heights import lines_needed
from xl_fzzf.sheets import spec as layout
from xl_fzzf.sheets.common_blocks import across, tiles
from xl_fzzf.sheets.page import (
    Band,
    Beside,
    Block,
    Chart,
    Extent,
    Filling,
    Page,
    Paper,
    Styled,
    Tile,
    depth,
)
from xl_fzzf.sheets.summary.cards import card_bands
from xl_fzzf.sheets.summary.charts import COUNT, Frame, bar_chart, largest, pixels
from xl_fzzf.sheets.summary.comparing import (
    BEFORE,
    NAME_WIDTH,
    ROW,
    SHARE,
    Group,
    compare_areas,
    compare_kinds,
    comparison,
    say_shares,
)
from xl_fzzf.sheets.summary.phrases import say_count_change, say_date, say_score_change, some
from xl_fzzf.sheets.summary.prose import say_standing

_WIDTHS = (5, NAME_WIDTH, *(6,) * 11)
_ALL = (0, len(_WIDTHS) - 1)
_LEFT, _RIGHT = (0, 4), (5, 12)
_PADDING = 0.7
"""What a column is wider than its characters."""

_CHART_ROWS, _TASK_ROWS = 19, 11
_SENTENCE_SIZE, _SENTENCE_LINE = 12, 17.5
_SCALE = 83
"""Percent: what is written in 11 points is printed in 9."""


def overview_page(standing: Standing) -> Page:
    """总览: cards, paragraphs, areas and kinds of unit; then who and what is behind, and charts."""
    areas, kinds = compare_areas(standing), compare_kinds(standing)
    blocks: list[Block] = [
        *_title(standing),
        Band(height=8),
        card_bands(standing),
        Band(height=8),
        _paragraphs(standing),
        *comparison(standing, "各领域进展", "领域", areas),
    ]
    first = depth(blocks) - len(areas) - 1
    blocks += [_EMPTY, *comparison(standing, "各类单位比较", "单位类别", kinds)]
    below = depth(blocks) - len(kinds) - 1
    blocks.append(_EMPTY)
    second = depth(blocks)
    blocks.append(_units(standing))
    tasks = rank_tasks(standing)
    blocks += _tasks(standing, tasks)
    listed = depth(blocks) - len(tasks)
    blocks += [_EMPTY, _charts(standing, (areas, first), (kinds, below)), _EMPTY]
    if tasks:
        blocks.append(Beside(([_task_chart(tasks, listed)], [_EMPTY] * _TASK_ROWS)))
    columns = [(width, "plain") for width in _WIDTHS]
    area = depth(blocks) - 1, _ALL[1]
    paper = Paper(portrait=True, scale=_SCALE, area=area, breaks=(second,))
    return Page(layout.OVERVIEW, columns, blocks, tab="#C00000", paper=paper)


_EMPTY = Band(height=ROW)


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


def _units(standing: Standing) -> Beside:
    """The units at both ends, side by side."""
    compared = standing.before is not None
    first, last = rank_units(standing)
    left = _ranking(_LEFT, "得分靠前的单位", first, compared)
    return Beside((left, _ranking(_RIGHT, "得分靠后的已报单位", last, compared)))


def _ranking(extent: Extent, title: str, ranked: Sequence[Ranked], compared: bool) -> list[Band]:
    """A heading and lines: rank, name over most of the columns, score, and change if `compared`."""
    left, right = extent
    figure = right - 1 if compared else right
    room = sum(_WIDTHS[left + 1 : figure])
    bands = [Band(_heading(extent, title if ranked else f"{title}：没有"), ROW)]
    for line in ranked:
        name = Tile(left + 1, _names(line.subjects, room), "name", figure - 1)
        ends: list[Filling | Styled] = [Styled(line.figure, "points")]
        ends += [_change(line)] if compared else []
        ranked_tiles = [Tile(left, line.rank, "count"), name, *tiles(ends, "count", figure)]
        bands.append(Band(ranked_tiles, ROW))
    return bands + [_EMPTY] * (MOST + 2 - len(bands))


def _names(subjects: Sequence[Subject], room: float) -> str:
    """Whose figure it is: as many names as have room, and how many there are."""
    names = [s.unit.name for s in subjects if isinstance(s, UnitTotal)]
    shown = (some(names, most, "个") for most in range(len(names), 1, -1))
    return next((words for words in shown if lines_needed(words, room) == 1), some(names, 1, "个"))


def _change(ranked: Ranked) -> str:
    first, before = ranked.subjects[0], ranked.before
    if isinstance(first, UnitTotal) and isinstance(before, UnitTotal):
        return say_score_change(first, before)
    return "—"


def _tasks(standing: Standing, ranked: Sequence[Ranked]) -> Iterator[Band]:
    """The tasks with the most unmet records: rank, number, what it is, how many, and the change."""
    title = "未达标最多的任务" if ranked else "未达标最多的任务：没有"
    yield Band(_heading(_ALL, title), ROW)
    if ranked:
        fixed = [Tile(0, "名次", "narrow_header"), Tile(1, "任务", "narrow_header")]
        ends = tiles(("未达标", "较上期"), "narrow_header", BEFORE)
        yield Band([*fixed, Tile(2, "内容", "narrow_header", SHARE), *ends], ROW)
    for line in ranked:
        (task,) = line.subjects
        assert isinstance(task, Task)
        before = line.before if isinstance(line.before, int) else None
        figures = tiles((line.figure, say_count_change(line.figure, before)), "count", BEFORE)
        named = Tile(0, line.rank, "count"), Tile(1, f"任务{task.number}", "count")
        words = task.name or task.text
        most = int(sum(width + _PADDING for width in _WIDTHS[2:BEFORE]) / 2.12)
        words = words if len(words) <= most else f"{words[: most - 1]}…"
        yield Band([*named, Tile(2, words, "name", SHARE), *figures], ROW)


def _charts(standing: Standing, *tables: tuple[Sequence[Group], int]) -> Beside:
    """达标率 by area and by kind of unit, beside each other over rows of their own."""
    before = BEFORE if standing.before else None
    stacks: list[list[Block]] = []
    for (groups, first), extent, measure in zip(
        tables, (_LEFT, _RIGHT), ("领域", "类单位"), strict=True
    ):
        rows = first, first + len(groups) - 1
        most = largest([share for group in groups for share in (group.share, group.before)])
        frame = Frame(rows, 1, say_shares(groups, measure), _size(extent), extent[0])
        stacks.append([bar_chart(frame, SHARE, most, before)])
    return Beside([*stacks, [_EMPTY] * _CHART_ROWS])


def _task_chart(ranked: Sequence[Ranked], first: int) -> Chart:
    most = int(ranked[0].figure)
    top = [
        t.number for line in ranked for t in line.subjects if isinstance(t, Task) and line.rank == 1
    ]
    title = f"未达标最多的是任务{some(top, 3, '项')}：{'各' if len(top) > 1 else ''}{most}项"
    frame = Frame((first, first + len(ranked) - 1), 1, title, _size(_ALL, _TASK_ROWS), 0)
    return bar_chart(frame, BEFORE, most, number_format=COUNT)


def _size(extent: Extent, rows: int = _CHART_ROWS) -> tuple[int, int]:
    width = pixels(_WIDTHS[extent[0] : extent[1] + 1]) - 2
    return width, int(rows * ROW * 4 / 3)
