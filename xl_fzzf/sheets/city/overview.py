"""总览 of the city's summary: the sentences, every district in a line, and a bar for each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from xl_fzzf.model.city import City
from xl_fzzf.model.district import NOT_REPORTED, REPORTED
from xl_fzzf.model.status import Status
from xl_fzzf.office.heights import lines_needed
from xl_fzzf.sheets import spec as layout
from xl_fzzf.sheets.city.lines import KEPT_OUT, district_lines, say_city
from xl_fzzf.sheets.city.matrix import district_cell
from xl_fzzf.sheets.lists import Line
from xl_fzzf.sheets.shell import HEADER_ROW, Shell
from xl_fzzf.sheets.styles import SHARE_SCALE, STATUS_STYLES, STYLES
from xl_fzzf.sheets.summary.cells import add_table, span, write, write_lines
from xl_fzzf.sheets.summary.charts import status_chart
from xl_fzzf.sheets.summary.prose import formal
from xl_fzzf.sheets.summary.words import say_date

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

_MARKS = {
    "reported": {
        REPORTED: STATUS_STYLES[Status.MET],
        KEPT_OUT: STATUS_STYLES[Status.MISSING],
        NOT_REPORTED: STATUS_STYLES[Status.UNMET],
    }
}
_FIELDS = [column.field for column in layout.DISTRICT_COLUMNS]


def add_overview(shell: Shell, city: City, made: date) -> None:
    """Add 总览: a district's name leads to its column in 区县矩阵."""
    columns, lines = layout.DISTRICT_COLUMNS, district_lines(city)
    sheet = add_table(shell, layout.OVERVIEW, columns, len(lines), _MARKS, freeze=2)
    plan, settings = city.round.plan, city.round.settings
    last = len(columns) - 1
    title = f"{plan.summary_title}\uff08{settings.period.label}\uff09"
    span(sheet, 0, (0, last), title, shell.style("page_title"))
    facts = f"统计日期 {say_date(city.as_of)}  ·  报送截止 {say_date(settings.deadline)}  ·  制表日期 {say_date(made)}"
    span(sheet, 1, (0, last), facts, shell.style("page_facts"))
    place, bottom = _FIELDS.index("share"), len(lines) + HEADER_ROW - 1
    sheet.conditional_format(HEADER_ROW, place, bottom, place, SHARE_SCALE)
    row = write_lines(shell, sheet, columns, lines)
    _link_districts(shell, sheet, city)
    _put_total(shell, sheet, row - 1, lines[-1])
    row = _put_sentences(shell, sheet, city, row + 1)
    if city.districts:
        _put_chart(shell, sheet, city, row + 1)


def _link_districts(shell: Shell, sheet: Worksheet, city: City) -> None:
    look = shell.format({**STYLES["plain"], "font_color": "#0563C1", "underline": 1})
    column = _FIELDS.index("unit")
    there = [district.unit.code for district in city.districts]
    for row, unit in enumerate(city.expected, HEADER_ROW):
        if unit.code in there:
            cell = district_cell(there.index(unit.code))
            write(sheet, row, column, shell.link(layout.DISTRICT_MATRIX, cell, unit.name), look)


def _put_total(shell: Shell, sheet: Worksheet, row: int, line: Line) -> None:
    for at, field in enumerate(_FIELDS):
        style = "total_share" if field in ("completeness", "share") else "total"
        write(sheet, row, at, line.get(field), shell.style(style))


def _put_sentences(shell: Shell, sheet: Worksheet, city: City, row: int) -> int:
    """The sentences below the table; the row that follows."""
    width = sum(column.width for column in layout.DISTRICT_COLUMNS[1:])
    for words in map(formal, say_city(city)):
        sheet.set_row(row, 20.0 * lines_needed(words, width, 12) + 4)
        span(sheet, row, (1, len(_FIELDS) - 1), words, shell.style("sentence"))
        row += 1
    return row


def _put_chart(shell: Shell, sheet: Worksheet, city: City, top: int) -> None:
    """The shares of the statuses by district; the numbers stand in the table."""
    places = {status: _FIELDS.index(status.name.lower()) for status in Status}
    rows = (HEADER_ROW, HEADER_ROW + len(city.expected) - 1)
    there = {district.unit.code: district.statuses for district in city.districts}
    counts: Sequence[Counter[Status]] = [there.get(unit.code, Counter()) for unit in city.expected]
    chart = status_chart(shell, rows, places, counts, "各区县状态构成\uff08数字为项数\uff09")
    pixels = sum(int(column.width * 7 + 5) for column in layout.DISTRICT_COLUMNS) - 4
    chart.set_size({"width": pixels, "height": 80 + 34 * max(len(counts), 4)})
    sheet.insert_chart(top, 0, chart)
