"""单位矩阵: units × indicators, one word a cell, so that colour is never the only sign."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

from xl_fzzf.model.plan import Plan
from xl_fzzf.model.rollup import UnitTotal
from xl_fzzf.model.round import Standing
from xl_fzzf.model.status import Status
from xl_fzzf.sheets import layout
from xl_fzzf.sheets.layout import area_sheet
from xl_fzzf.sheets.overview import link
from xl_fzzf.sheets.shell import HEADER_ROW, Shell
from xl_fzzf.sheets.styles import STATUS_STYLES, STYLES
from xl_fzzf.sheets.summary_cells import span, write
from xl_fzzf.sheets.summary_words import met_share

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

WORDS = {
    Status.MET: "达",
    Status.UNDER_WAY: "推",
    Status.UNMET: "未",
    Status.MISSING: "待",
    Status.INVALID: "误",
    Status.NOT_APPLICABLE: "免",
}
"""What stands in a cell of the matrix."""

_A3 = 8
_AREA_ROW = HEADER_ROW - 1
_FIRST = HEADER_ROW + 1
_UNIT_WIDTH, _WIDTH, _SHARE_WIDTH, _ROW = 20, 1.86, 7.0, 15.5
_LEGEND_SPAN, _NOTE_SPAN = 7, 24
_SPARE = 7 * 6 + 24
"""The legend of a plan with few indicators is wider than its matrix."""


def add_matrix(shell: Shell, standing: Standing) -> None:
    """Add 单位矩阵, for A3: every unit's status in every indicator."""
    plan = standing.round.plan
    sheet = shell.sheet(layout.MATRIX, "#548235")
    sheet.set_paper(_A3)
    share = 1 + len(plan.indicators)
    _set_columns(shell, sheet, plan, share)
    _put_legend(shell, sheet, share)
    _put_header(shell, sheet, plan, share)
    last = _put_units(shell, sheet, standing, share)
    _put_totals(shell, sheet, standing, last, share)
    for status, word in WORDS.items():
        rule = {
            "type": "cell",
            "criteria": "==",
            "value": f'"{word}"',
            "format": shell.format(STATUS_STYLES[status]),
        }
        sheet.conditional_format(_FIRST, 1, last - 1, share - 1, rule)
    sheet.freeze_panes(_FIRST, 1)
    sheet.repeat_rows(_AREA_ROW, _FIRST - 1)
    sheet.repeat_columns(0)


def _set_columns(shell: Shell, sheet: Worksheet, plan: Plan, share: int) -> None:
    sheet.set_column(0, 0, _UNIT_WIDTH, shell.style("matrix_unit"))
    sheet.set_column(1, share - 1, _WIDTH, shell.style("matrix_word"))
    column = 1
    for area in plan.areas:
        sheet.set_column(column, column, _WIDTH, shell.style("matrix_first"))
        column += len(list(area.indicators))
    sheet.set_column(share, share, _SHARE_WIDTH, shell.style("matrix_share"))
    sheet.set_column(share + 1, share + _SPARE, _WIDTH)


def _put_legend(shell: Shell, sheet: Worksheet, share: int) -> None:
    plain = shell.style("plain")
    sheet.set_row(0, 32, plain)
    sheet.set_row(1, 24, plain)
    sheet.write_string(0, 0, "单位矩阵:各单位各指标的状态", shell.style("title"))
    write(sheet, 1, 0, link(layout.OVERVIEW, "A1", "← 总览"), shell.style("link"))
    for place, (status, word) in enumerate(WORDS.items()):
        look = shell.format({**STYLES["status"], **STATUS_STYLES[status]})
        left = 1 + place * _LEGEND_SPAN
        span(sheet, 1, (left, left + _LEGEND_SPAN - 2), f"{word} = {status}", look)
    note = "空白 = 该单位没有这项指标;点指标编号看区级值"
    span(sheet, 1, (1 + len(WORDS) * _LEGEND_SPAN, share), note, shell.style("note"))


def _put_header(shell: Shell, sheet: Worksheet, plan: Plan, share: int) -> None:
    sheet.set_row(_AREA_ROW, 34)
    sheet.set_row(_AREA_ROW + 1, 36)
    top, code_style = shell.style("matrix_area"), shell.style("matrix_code")
    sheet.merge_range(_AREA_ROW, 0, _AREA_ROW + 1, 0, "单位", top)
    sheet.merge_range(_AREA_ROW, share, _AREA_ROW + 1, share, "达标率", top)
    column, row = 1, HEADER_ROW + 1
    for area in plan.areas:
        first = column
        for indicator in area.indicators:
            where = link(layout.INDICATOR_TOTALS, f"D{row}", indicator.code)
            write(sheet, _AREA_ROW + 1, column, where, code_style)
            column, row = column + 1, row + 1
        if column - first > 1:
            span(sheet, _AREA_ROW, (first, column - 1), area_sheet(area), top)
        elif column > first:
            write(sheet, _AREA_ROW, first, area_sheet(area), top)


def _put_units(shell: Shell, sheet: Worksheet, standing: Standing, share: int) -> int:
    """The units by kind, each kind under a row of its own; the row that follows."""
    places = {code: place for place, code in enumerate(standing.round.plan.indicators, 1)}
    rows: dict[str, int] = {}
    row = _FIRST
    for kind in standing.round.plan.kinds:
        units = [total for total in standing.unit_totals if total.unit.kind == kind]
        if not units:
            continue
        _put_kind(shell, sheet, row, kind, units, share)
        for total in units:
            row += 1
            rows[total.unit.code] = row
            sheet.set_row(row, _ROW)
            write(sheet, row, 0, total.unit.name)
            met = met_share(total.counts)
            write(sheet, row, share, "—" if met is None else met)
        row += 1
    for assessment in standing.assessments:
        place = places[assessment.indicator.code]
        sheet.write_string(rows[assessment.unit.code], place, WORDS[assessment.status])
    return row


def _put_kind(
    shell: Shell, sheet: Worksheet, row: int, kind: str, units: Sequence[UnitTotal], share: int
) -> None:
    style = shell.style("matrix_kind")
    sheet.set_row(row, _ROW)
    for column in range(1, share):
        sheet.write_blank(row, column, None, style)
    met = met_share(sum((total.counts for total in units), Counter()))
    write(sheet, row, 0, f"{kind}({len(units)} 个)", style)
    write(sheet, row, share, "—" if met is None else met, shell.style("matrix_kind_share"))


def _put_totals(shell: Shell, sheet: Worksheet, standing: Standing, row: int, share: int) -> None:
    """达标率 of every indicator, below its column."""
    style = shell.style("matrix_total")
    sheet.set_row(row, 40)
    sheet.write_string(row, 0, "各指标达标率", shell.style("total"))
    for column, total in enumerate(standing.indicators, 1):
        met = met_share(total.counts)
        # a number would show as ### in so narrow a column, even upright
        sheet.write_string(row, column, "—" if met is None else f"{met:.0%}", style)
    everything = met_share(standing.statuses)
    write(sheet, row, share, "—" if everything is None else everything, shell.style("total_share"))
