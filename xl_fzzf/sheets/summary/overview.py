"""总览 of a summary: where the round stands, on one page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

from xl_fzzf.model.rollup import UnitTotal, completeness, met_share
from xl_fzzf.model.round import Standing
from xl_fzzf.model.status import Status
from xl_fzzf.sheets import layout
from xl_fzzf.sheets.book import Value
from xl_fzzf.sheets.overview_places import COUNTED
from xl_fzzf.sheets.shell import Shell
from xl_fzzf.sheets.summary.cells import lines_needed, span, write
from xl_fzzf.sheets.summary.charts import share_chart, status_chart
from xl_fzzf.sheets.summary.words import (
    count_areas,
    count_tasks,
    say_area,
    say_date,
    say_reporter,
    say_standing,
)

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

_HEADERS = ("序", "领域", "应填", *COUNTED, "填报率", "达标率")
_WIDTHS = (5, 40, *(8.6,) * 9, 2, 6, 24, 9, 6, 24, 9)
_ALL = (0, len(_WIDTHS) - 1)
_LEFT, _RIGHT = (0, 10), (12, 17)
_FIRST_STATUS = 3
_CARDS = ((0, 1), (2, 4), (5, 7), (8, 11), (12, 14), (15, 17))
_WORST = 5
_ROW = 20.0
_SENTENCE_SIZE = 13
_CHART_ROWS = 11


def add_figures(shell: Shell, standing: Standing) -> None:
    """Add 总览: cards, sentences, areas, charts, and who and what is ahead or behind."""
    sheet = shell.sheet(layout.OVERVIEW, "#C00000")
    for column, width in enumerate(_WIDTHS):
        sheet.set_column(column, column, width, shell.style("plain"))
    _put_title(shell, sheet, standing)
    _put_cards(shell, sheet, standing, 3)
    top = _put_sentences(shell, sheet, standing, 6) + 1
    rows = (top + 2, top + 1 + len(standing.round.plan.areas))
    units = top + _WORST + 3
    below = (rows[1] + 3, units + _WORST + 3)
    last = max(below) + _CHART_ROWS - 1
    for row in range(top, last + 1):
        sheet.set_row(row, _ROW)
    _put_areas(shell, sheet, standing, top)
    _put_tasks(shell, sheet, standing, top)
    _put_units(shell, sheet, standing, units)
    _put_charts(shell, sheet, standing, rows, below, last)
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
    write(sheet, 0, 0, f"{standing.round.plan.district}法治政府建设工作进展", shell.style("title"))
    write(sheet, 1, 0, "  ·  ".join(facts), shell.style("subtitle"))


def _put_cards(shell: Shell, sheet: Worksheet, standing: Standing, row: int) -> None:
    share = met_share(standing.statuses)
    cards: Sequence[tuple[str, Value, str]] = (
        ("应报单位", len(standing.units), "card_figure"),
        ("已报单位", len(standing.reported), "card_figure"),
        ("填报率", standing.completeness, "card_share"),
        ("及时率", standing.timeliness, "card_share"),
        ("达标率", "—" if share is None else share, "card_share"),
        ("未达标项", standing.statuses[Status.UNMET], "card_figure"),
    )
    sheet.set_row(row - 1, 8)
    sheet.set_row(row, 22)
    sheet.set_row(row + 1, 42)
    sheet.set_row(row + 2, 8)
    for columns, (label, value, style) in zip(_CARDS, cards, strict=True):
        span(sheet, row, columns, label, shell.style("card_label"))
        span(sheet, row + 1, columns, value, shell.style(style))


def _put_sentences(shell: Shell, sheet: Worksheet, standing: Standing, row: int) -> int:
    width = sum(_WIDTHS) * 0.98
    for words in say_standing(standing):
        sheet.set_row(row, 21.0 * lines_needed(words, width, _SENTENCE_SIZE))
        span(sheet, row, _ALL, words, shell.style("sentence"))
        row += 1
    sheet.set_row(row, 8)
    return row


def _put_heading(
    shell: Shell, sheet: Worksheet, row: int, columns: tuple[int, int], words: str
) -> None:
    for column in range(columns[0], columns[1] + 1):
        sheet.write_blank(row, column, None, shell.style("section"))
    sheet.write_string(row, columns[0], words, shell.style("section"))


def _put_areas(shell: Shell, sheet: Worksheet, standing: Standing, row: int) -> None:
    _put_heading(shell, sheet, row, _LEFT, "各领域进展(达标率 = 达标 ÷ 应填中除不适用以外的)")
    for column, header in enumerate(_HEADERS):
        write(sheet, row + 1, column, str(header), shell.style("header"))
    row += 2
    for area, counts in count_areas(standing):
        write(sheet, row, 0, say_area(area), shell.style("count"))
        write(sheet, row, 1, area.name, shell.style("name"))
        _put_counts(sheet, row, counts, shell.style("count"), shell.style("one_share"))
        row += 1
    span(sheet, row, (0, 1), "合计", shell.style("total"))
    total, share = shell.style("total"), shell.style("total_share")
    _put_counts(sheet, row, standing.statuses, total, share)
    trouble = shell.format({"bg_color": "#F8B4B4", "font_color": "#7A0006", "bold": True})
    for status in (Status.INVALID, Status.UNMET):
        column = _FIRST_STATUS + COUNTED.index(status)
        rule = {"type": "cell", "criteria": ">", "value": 0, "format": trouble}
        sheet.conditional_format(row - len(standing.round.plan.areas), column, row, column, rule)


def _put_counts(
    sheet: Worksheet, row: int, counts: Counter[Status], style: Format, share_style: Format
) -> None:
    met = met_share(counts)
    for column, number in enumerate((counts.total(), *(counts[s] for s in COUNTED)), 2):
        write(sheet, row, column, number, style)
    write(sheet, row, _LEFT[1] - 1, completeness(counts), share_style)
    write(sheet, row, _LEFT[1], "—" if met is None else met, share_style)


def _put_tasks(shell: Shell, sheet: Worksheet, standing: Standing, row: int) -> None:
    """The tasks with the lowest 达标率."""
    shares = [
        (share, task)
        for task, counts in count_tasks(standing)
        if (share := met_share(counts)) is not None
    ]
    shares.sort(key=lambda item: item[0])
    _put_heading(shell, sheet, row, _RIGHT, f"达标率最低的 {_WORST} 项任务")
    header = shell.style("header")
    write(sheet, row + 1, _RIGHT[0], "任务", header)
    span(sheet, row + 1, (_RIGHT[0] + 1, _RIGHT[1] - 1), "内容", header)
    write(sheet, row + 1, _RIGHT[1], "达标率", header)
    for offset, (share, task) in enumerate(shares[:_WORST], row + 2):
        write(sheet, offset, _RIGHT[0], task.number, shell.style("count"))
        words = _cut(task.name or task.text, 30)
        span(sheet, offset, (_RIGHT[0] + 1, _RIGHT[1] - 1), words, shell.style("name"))
        write(sheet, offset, _RIGHT[1], share, shell.style("one_share"))


def _cut(words: str, most: int) -> str:
    return words if len(words) <= most else f"{words[: most - 1]}…"


def _put_units(shell: Shell, sheet: Worksheet, standing: Standing, row: int) -> None:
    """The best and the worst units by score; units that reported nothing stand in the sentences."""
    ranked = [
        unit
        for unit in standing.unit_totals
        if unit.score is not None and unit.unit.code in standing.reported
    ]
    ranked.sort(key=lambda unit: -(unit.score or 0.0))
    best, worst = ranked[:_WORST], ranked[::-1][:_WORST]
    _put_ranking(shell, sheet, row, _RIGHT[0], f"得分最高的 {_WORST} 个单位", best)
    _put_ranking(shell, sheet, row, _RIGHT[0] + 3, f"得分最低的 {_WORST} 个已报单位", worst)


def _put_ranking(
    shell: Shell, sheet: Worksheet, row: int, left: int, words: str, units: Sequence[UnitTotal]
) -> None:
    _put_heading(shell, sheet, row, (left, left + 2), words)
    for column, header in enumerate(("名次", "单位", "得分"), left):
        write(sheet, row + 1, column, header, shell.style("header"))
    for offset, unit in enumerate(units, row + 2):
        write(sheet, offset, left, unit.rank, shell.style("count"))
        write(sheet, offset, left + 1, unit.unit.name, shell.style("name"))
        write(sheet, offset, left + 2, unit.score, shell.style("points"))


def _put_charts(
    shell: Shell,
    sheet: Worksheet,
    standing: Standing,
    rows: tuple[int, int],
    tops: tuple[int, int],
    last: int,
) -> None:
    areas = [counts for _, counts in count_areas(standing)]
    columns = {status: _FIRST_STATUS + place for place, status in enumerate(COUNTED)}
    charts = (status_chart(shell, rows, columns, areas), share_chart(shell, rows, _LEFT[1]))
    for chart, top, (left, right) in zip(charts, tops, (_LEFT, _RIGHT), strict=True):
        pixels = sum(int(width * 7 + 5) for width in _WIDTHS[left : right + 1]) - 2
        chart.set_size({"width": pixels, "height": int((last - top + 1) * _ROW * 4 / 3)})
        sheet.insert_chart(top, left, chart)
