"""总览 of a summary: where the round stands, on one portrait page."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import TYPE_CHECKING

from xl_fzzf.model.rollup import completeness, met_share
from xl_fzzf.model.round import Standing
from xl_fzzf.model.status import Status
from xl_fzzf.office.book import Value
from xl_fzzf.office.heights import lines_needed
from xl_fzzf.sheets import spec as layout
from xl_fzzf.sheets.overview import COUNTED
from xl_fzzf.sheets.shell import Shell
from xl_fzzf.sheets.summary.cards import put_cards
from xl_fzzf.sheets.summary.cells import span, write
from xl_fzzf.sheets.summary.charts import share_chart, status_chart
from xl_fzzf.sheets.summary.prose import say_standing
from xl_fzzf.sheets.summary.ranking import MOST, Place, rank_areas, rank_tasks, rank_units
from xl_fzzf.sheets.summary.words import say_area, say_change, say_date, say_reporter

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

_WIDTHS = (6, 27, *(6.6,) * 11)
_ALL = (0, len(_WIDTHS) - 1)
_LEFT, _RIGHT = (0, 4), (5, 12)
_FIRST_STATUS = 3
_SHARE, _BEFORE = 10, 11
_TROUBLED = (Status.UNMET, Status.MISSING)
"""Without an earlier period the last two columns count the units with such records."""

_PADDING = 0.7
"""What a column is wider than its characters."""

_ROW, _CHART_ROWS = 20.0, 13
_SENTENCE_SIZE, _SENTENCE_LINE = 12, 17.5


def add_figures(shell: Shell, standing: Standing) -> None:
    """Add 总览: cards, paragraphs, areas, who and what is ahead or behind, charts."""
    sheet = shell.sheet(layout.OVERVIEW, "#C00000")
    sheet.set_portrait()
    for column, width in enumerate(_WIDTHS):
        sheet.set_column(column, column, width, shell.style("plain"))
    _put_title(shell, sheet, standing)
    put_cards(shell, sheet, standing, 3)
    top = _put_paragraphs(shell, sheet, standing, 7)
    rows = (top + 2, top + 1 + len(standing.round.plan.areas))
    ranks = rows[1] + 3
    charts = ranks + 3 * (MOST + 2)
    last = charts + _CHART_ROWS - 1
    for row in range(top, last + 1):
        sheet.set_row(row, _ROW)
    _put_areas(shell, sheet, standing, top)
    _put_rankings(shell, sheet, standing, ranks)
    _put_charts(shell, sheet, standing, rows, charts)
    sheet.print_area(0, 0, last, _ALL[1])
    sheet.fit_to_pages(1, 1)


def _put_title(shell: Shell, sheet: Worksheet, standing: Standing) -> None:
    settings = standing.round.settings
    facts = (
        settings.period.label,
        say_reporter(standing.round.plan),
        f"统计日期 {say_date(standing.as_of)}",
        f"报送截止 {say_date(settings.deadline)}",
    )
    sheet.set_row(0, 34)
    sheet.set_row(1, 20)
    title = f"{standing.round.plan.district}法治政府建设工作总体情况"
    span(sheet, 0, _ALL, title, shell.style("page_title"))
    span(sheet, 1, _ALL, "  ·  ".join(facts), shell.style("page_facts"))


def _put_paragraphs(shell: Shell, sheet: Worksheet, standing: Standing, row: int) -> int:
    """All paragraphs in one cell, so that a line fewer than expected leaves no gap among them."""
    width = sum(_WIDTHS) + _PADDING * len(_WIDTHS)
    words = "\n".join(f"\u3000\u3000{paragraph}" for paragraph in say_standing(standing))
    sheet.set_row(row, _SENTENCE_LINE * lines_needed(words, width, _SENTENCE_SIZE))
    span(sheet, row, _ALL, words, shell.style("sentence"))
    return row + 1


def _put_heading(
    shell: Shell, sheet: Worksheet, row: int, columns: tuple[int, int], words: str
) -> None:
    for column in range(columns[0], columns[1] + 1):
        sheet.write_blank(row, column, None, shell.style("section"))
    sheet.write_string(row, columns[0], words, shell.style("section"))


def _put_areas(shell: Shell, sheet: Worksheet, standing: Standing, row: int) -> None:
    _put_heading(
        shell, sheet, row, _ALL, "各领域进展\uff08达标率 = 达标 ÷ 应填中除不适用以外的\uff09"
    )
    extra = ("上期", "较上期") if standing.before else tuple(f"{s}单位" for s in _TROUBLED)
    headers = ("序", "领域", "应填", *COUNTED, "填报率", "达标率", *extra)
    for column, header in enumerate(headers):
        write(sheet, row + 1, column, str(header), shell.style("narrow_header"))
    sheet.set_row(row + 1, 32)
    row += 2
    ends = _area_ends(standing)
    for area, counts in standing.areas:
        write(sheet, row, 0, say_area(area), shell.style("count"))
        write(sheet, row, 1, area.name, shell.style("name"))
        _put_counts(shell, sheet, row, counts, ends[area.number], ("count", "one_share"))
        row += 1
    span(sheet, row, (0, 1), "合计", shell.style("total"))
    _put_counts(shell, sheet, row, standing.statuses, ends[None], ("total", "total_share"))
    trouble = shell.format({"bg_color": "#F8B4B4", "font_color": "#7A0006", "bold": True})
    for status in (Status.INVALID, Status.UNMET):
        column = _FIRST_STATUS + COUNTED.index(status)
        rule = {"type": "cell", "criteria": ">", "value": 0, "format": trouble}
        sheet.conditional_format(row - len(standing.round.plan.areas), column, row, column, rule)


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
    return "—" if then is None else then, say_change(now, then)


def _put_counts(
    shell: Shell,
    sheet: Worksheet,
    row: int,
    counts: Counter[Status],
    ends: tuple[Value, Value],
    styles: tuple[str, str],
) -> None:
    style, share_style = map(shell.style, styles)
    met = met_share(counts)
    for column, number in enumerate((counts.total(), *(counts[s] for s in COUNTED)), 2):
        write(sheet, row, column, number, style)
    write(sheet, row, _SHARE - 1, completeness(counts), share_style)
    write(sheet, row, _SHARE, "—" if met is None else met, share_style)
    for column, value in enumerate(ends, _BEFORE):
        write(sheet, row, column, value, share_style if isinstance(value, float) else style)


def _put_rankings(shell: Shell, sheet: Worksheet, standing: Standing, row: int) -> None:
    """Areas and units at both ends, side by side, and the tasks that are most behind."""
    compared = standing.before is not None
    areas, units = rank_areas(standing), rank_units(standing)
    words = ("达标率靠前的领域", "达标率靠后的领域"), ("得分靠前的单位", "得分靠后的已报单位")
    styles = "one_share", "points"
    for titles, both, style in zip(words, (areas, units), styles, strict=True):
        for (left, right), title, places in zip((_LEFT, _RIGHT), titles, both, strict=True):
            columns = (left, right - 2, right - 1, right) if compared else (left, right - 1, right)
            _put_heading(
                shell, sheet, row, (left, right), title if places else f"{title}\uff1a没有"
            )
            _put_places(shell, sheet, row + 1, columns, places, style)
        row += MOST + 2
    _put_heading(shell, sheet, row, _ALL, "达标率靠后的任务")
    columns = (0, 10, 11, 12) if compared else (0, 11, 12)
    _put_places(shell, sheet, row + 1, columns, rank_tasks(standing), "one_share")


def _put_places(
    shell: Shell,
    sheet: Worksheet,
    row: int,
    columns: Sequence[int],
    places: Sequence[Place],
    style: str,
) -> None:
    """Lines of a ranking: mark, name up to the second column, figure, and change if there is room."""
    left, name_end, figure, *change = columns
    for at, place in enumerate(places, row):
        write(sheet, at, left, place.mark, shell.style("count"))
        span(sheet, at, (left + 1, name_end), _cut(place.name, 40), shell.style("name"))
        write(sheet, at, figure, place.figure, shell.style(style))
        for column in change:
            write(sheet, at, column, place.change, shell.style("count"))


def _cut(words: str, most: int) -> str:
    return words if len(words) <= most else f"{words[: most - 1]}…"


def _put_charts(
    shell: Shell, sheet: Worksheet, standing: Standing, rows: tuple[int, int], top: int
) -> None:
    columns = {status: _FIRST_STATUS + place for place, status in enumerate(COUNTED)}
    before, title = None, "各领域达标率"
    if standing.before:
        before, title = _BEFORE, f"{title}\uff08上期为{standing.before.period.label}\uff09"
    parts = [counts for _, counts in standing.areas]
    charts = (
        share_chart(shell, rows, _SHARE, before, title),
        status_chart(shell, rows, columns, parts, "各领域状态构成\uff08数字为项数\uff09", 0),
    )
    for chart, (left, right) in zip(charts, (_LEFT, _RIGHT), strict=True):
        pixels = sum(int(width * 7 + 5) for width in _WIDTHS[left : right + 1]) - 2
        chart.set_size({"width": pixels, "height": int(_CHART_ROWS * _ROW * 4 / 3)})
        sheet.insert_chart(top, left, chart)
