"""指标汇总 and 未达标清单 of a summary."""

from __future__ import annotations

from collections.abc import Sequence

from xl_fzzf.model.plan import Kind, Plan
from xl_fzzf.model.record import fit
from xl_fzzf.model.rollup import IndicatorTotal
from xl_fzzf.model.round import Standing
from xl_fzzf.model.status import Status
from xl_fzzf.sheets import layout
from xl_fzzf.sheets.book import Book, Value
from xl_fzzf.sheets.layout import INDICATOR_TOTAL_COLUMNS, UNMET_COLUMNS, Columns, area_sheet
from xl_fzzf.sheets.lists import Line, unmet_lines
from xl_fzzf.sheets.shell import HEADER_ROW, Shell, list_style, rule_rows
from xl_fzzf.sheets.styles import STATUS_STYLES
from xl_fzzf.sheets.summary.cells import add_table, line_height, put_note, write, write_lines
from xl_fzzf.sheets.summary.words import (
    count_statuses,
    say_date,
    say_roll_up,
    say_targets,
)

_PERCENT, _WHOLE, _DECIMAL = "0.0#%", "#,##0", "#,##0.00"
_FORMATS = (_PERCENT, _WHOLE, _DECIMAL)
_UNMET = tuple(column for column in UNMET_COLUMNS if column.field != "place")


def add_indicator_totals(shell: Shell, standing: Standing) -> None:
    """Add 指标汇总: every indicator's value for the district against its target."""
    add_totals(shell, standing.round.plan, standing.indicators, INDICATOR_TOTAL_COLUMNS)


def add_totals(
    shell: Shell, plan: Plan, totals: Sequence[IndicatorTotal], columns: Columns
) -> None:
    """Add 指标汇总 of a district or a city; the columns differ in what they call the value."""
    marks = {"status": STATUS_STYLES}
    sheet = add_table(shell, layout.INDICATOR_TOTALS, columns, len(totals), marks, freeze=4)
    put_note(shell, sheet, columns, "“达标”至“不适用”各列是单位数;目标列有分类目标的,一并列出。")
    lines = [
        {"area": area_sheet(plan.area_of[total.indicator.code]), **_total_line(total)}
        for total in totals
    ]
    write_lines(shell, sheet, columns, lines)
    place = [column.field for column in columns].index("value")
    look = {**list_style(columns[place]), "valign": "vcenter", "bold": True}
    formats = {form: shell.format({**look, "num_format": form}) for form in _FORMATS}
    for row, total in enumerate(totals, HEADER_ROW):
        value = "—" if total.value is None else total.value
        write(sheet, row, place, value, formats[_format(total)])


def _format(total: IndicatorTotal) -> str:
    if total.indicator.kind in (Kind.RATE, Kind.YES_NO):
        return _PERCENT
    return _WHOLE if total.value is None or total.value == int(total.value) else _DECIMAL


def _total_line(total: IndicatorTotal) -> Line:
    indicator = total.indicator
    return {
        "task": indicator.task,
        "code": indicator.code,
        "text": indicator.text,
        "kind": indicator.kind.label,
        "target": say_targets(indicator),
        "numerator": total.numerator,
        "denominator": total.denominator,
        "status": total.status.value,
        "note": say_roll_up(total),
        **count_statuses(total.counts),
    }


def list_unmet(standing: Standing) -> list[Line]:
    """The lines of 未达标清单, by unit."""
    order = {unit.code: place for place, unit in enumerate(standing.round.plan.units)}
    unmet = [item for item in standing.assessments if item.status is Status.UNMET]
    unmet.sort(key=lambda assessment: order[assessment.unit.code])
    return unmet_lines(unmet, standing.as_of)


def add_unmet(shell: Shell, standing: Standing, count: int) -> None:
    """Add 未达标清单 for so many lines; `write_unmet` writes them."""
    sheet = add_table(shell, layout.UNMET, _UNMET, count, freeze=2)
    words = f"截至{say_date(standing.as_of)},未达标 {count} 项"
    if not count:
        words += f";推进中的 {standing.statuses[Status.UNDER_WAY]} 项还没有到完成期限"
    put_note(shell, sheet, _UNMET, words)
    rule_rows(shell, sheet, _UNMET)


def write_unmet(book: Book, lines: Sequence[Line]) -> None:
    """Write the lines of 未达标清单; they can be thousands, which XlsxWriter takes its time for."""
    rows = [[_fitting(line.get(column.field)) for column in _UNMET] for line in lines]
    book.write(layout.UNMET, HEADER_ROW + 1, 1, rows)
    heights = {row: line_height(_UNMET, line) for row, line in enumerate(lines, HEADER_ROW + 1)}
    book.set_heights(layout.UNMET, heights)


def _fitting(value: Value) -> Value:
    return fit(value) if isinstance(value, str) else value
