"""区县矩阵: indicators × districts, each with its value and its status in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from xl_fzzf.model.city import City
from xl_fzzf.model.rollup import IndicatorTotal, met_share
from xl_fzzf.office.book import Value
from xl_fzzf.office.heights import height, lines_needed
from xl_fzzf.office.references import column_letter
from xl_fzzf.sheets import spec as layout
from xl_fzzf.sheets.shell import HEADER_ROW, Shell
from xl_fzzf.sheets.spec import area_sheet
from xl_fzzf.sheets.styles import STATUS_STYLES
from xl_fzzf.sheets.summary.cells import span, write
from xl_fzzf.sheets.summary.words import say_targets

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

_A3 = 8
_FIXED = (("指标编号", 8.0), ("指标", 40.0), ("目标", 13.0))
_VALUE, _STATUS = 8.5, 7.5
_TOP, _FIRST = HEADER_ROW - 1, HEADER_ROW + 1

FirstRows = Mapping[tuple[str, str], int]
"""The row (from 1) of 数据 where a district's records of an indicator begin, by both codes."""


def district_cell(place: int) -> str:
    """Where a district stands in 区县矩阵: the first one that counts has place 0."""
    return f"{column_letter(len(_FIXED) + 2 * (place + 1) + 1)}{_TOP + 1}"


def add_district_matrix(shell: Shell, city: City, rows: FirstRows) -> None:
    """Add 区县矩阵, for A3: the city's and every district's value and status in every indicator.

    A code leads to 指标汇总, a district's value to the records behind it, if `rows` has them.
    """
    sheet = shell.sheet(layout.DISTRICT_MATRIX, "#548235")
    sheet.set_paper(_A3)
    names = [f"{city.round.plan.district}\uff08全市\uff09"]
    names += [district.unit.name for district in city.districts]
    right = len(_FIXED) + 2 * len(names) - 1
    _put_header(shell, sheet, names)
    row = _put_areas(shell, sheet, city, rows, right)
    _put_shares(shell, sheet, city, row)
    for status, look in STATUS_STYLES.items():
        rule = {
            "type": "cell",
            "criteria": "==",
            "value": f'"{status}"',
            "format": shell.format(look),
        }
        sheet.conditional_format(_FIRST, len(_FIXED), row - 1, right, rule)
    sheet.freeze_panes(_FIRST, 2)
    sheet.repeat_rows(_TOP, _FIRST - 1)
    sheet.repeat_columns(0, 1)


def _put_header(shell: Shell, sheet: Worksheet, names: list[str]) -> None:
    sheet.set_row(0, 32)
    sheet.set_row(1, 22)
    sheet.write_string(0, 0, "区县矩阵:各区县各指标的值和状态", shell.style("title"))
    write(sheet, 1, 0, shell.link(layout.OVERVIEW, "A1", "← 总览"), shell.style("back"))
    note = "值由“数据”重新计算,状态按市里的目标和期限判定;点编号看全市,点区县的值看逐条记录"
    write(sheet, 1, 1, note, shell.style("subtitle"))
    header = shell.style("header")
    for column, (words, width) in enumerate(_FIXED):
        sheet.set_column(column, column, width)
        sheet.merge_range(_TOP, column, _TOP + 1, column, words, header)
    sheet.set_row(_TOP, 24)
    sheet.set_row(_TOP + 1, 20)
    for place, name in enumerate(names):
        left = len(_FIXED) + 2 * place
        sheet.set_column(left, left, _VALUE)
        sheet.set_column(left + 1, left + 1, _STATUS)
        span(sheet, _TOP, (left, left + 1), name, header)
        write(sheet, _TOP + 1, left, "值", shell.style("label"))
        write(sheet, _TOP + 1, left + 1, "状态", shell.style("label"))


def _put_areas(shell: Shell, sheet: Worksheet, city: City, rows: FirstRows, right: int) -> int:
    """A band for each area and a row for each indicator; the row that follows."""
    row, place, band = _FIRST, 0, shell.style("matrix_kind")
    for area in city.round.plan.areas:
        span(sheet, row, (0, right), area_sheet(area), band)
        row += 1
        for _ in area.indicators:
            _put_indicator(shell, sheet, city, rows, row, place)
            row, place = row + 1, place + 1
    return row


def _put_indicator(
    shell: Shell, sheet: Worksheet, city: City, rows: FirstRows, row: int, place: int
) -> None:
    """The row of the indicator that has this place in the plan."""
    total, center = city.indicators[place], shell.style("center")
    indicator = total.indicator
    texts = (indicator.code, indicator.text, say_targets(indicator))
    code = shell.link(layout.INDICATOR_TOTALS, f"A{HEADER_ROW + 1 + place}", indicator.code)
    write(sheet, row, 0, code, center)
    write(sheet, row, 1, indicator.text, shell.style("text"))
    write(sheet, row, 2, texts[2], center)
    _put_value(shell, sheet, row, 0, total, 0)
    for number, district in enumerate(city.districts, 1):
        at = rows.get((district.unit.code, indicator.code), 0)
        _put_value(shell, sheet, row, number, district.indicators[place], at)
    widths = (width for _, width in _FIXED)
    sheet.set_row(row, height(max(map(lines_needed, texts, widths))))


def _put_value(
    shell: Shell, sheet: Worksheet, row: int, number: int, total: IndicatorTotal, at: int
) -> None:
    """A value, linked to its records where they begin in row `at` of 数据, and its status."""
    left, words = len(_FIXED) + 2 * number, total.shown_value
    value: Value = shell.link(layout.DATA, f"A{at}", words) if at else words
    write(sheet, row, left, value, shell.style("center"))
    write(sheet, row, left + 1, total.status.value, shell.style("center"))


def _put_shares(shell: Shell, sheet: Worksheet, city: City, row: int) -> None:
    """达标率 of the city and of every district: met among the records that apply."""
    span(
        sheet,
        row,
        (0, len(_FIXED) - 1),
        "达标率(达标 ÷ 应填中除不适用以外的)",
        shell.style("total"),
    )
    sheet.set_row(row, 22)
    counts = [city.statuses, *(district.statuses for district in city.districts)]
    for number, statuses in enumerate(counts):
        left, met = len(_FIXED) + 2 * number, met_share(statuses)
        share: Value = "—" if met is None else met
        span(sheet, row, (left, left + 1), share, shell.style("total_share"))
