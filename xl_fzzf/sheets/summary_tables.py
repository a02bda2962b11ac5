"""指标汇总 and 未达标清单 of a summary."""

from __future__ import annotations

from xl_fzzf.model.plan import Kind
from xl_fzzf.model.rollup import IndicatorTotal
from xl_fzzf.model.round import Standing
from xl_fzzf.model.status import Status
from xl_fzzf.sheets import layout
from xl_fzzf.sheets.layout import INDICATOR_TOTAL_COLUMNS, UNMET_COLUMNS, area_sheet
from xl_fzzf.sheets.lists import Line, unmet_lines
from xl_fzzf.sheets.shell import HEADER_ROW, Shell, list_style
from xl_fzzf.sheets.styles import STATUS_STYLES
from xl_fzzf.sheets.summary_cells import add_table, put_note, write, write_lines
from xl_fzzf.sheets.summary_words import (
    count_statuses,
    say_date,
    say_roll_up,
    say_targets,
)

_PERCENT, _NUMBER = "0.0#%", "#,##0.##"
_UNMET = tuple(column for column in UNMET_COLUMNS if column.field != "place")


def add_indicator_totals(shell: Shell, standing: Standing) -> None:
    """Add 指标汇总: every indicator's value for the district against its target."""
    columns, totals = INDICATOR_TOTAL_COLUMNS, standing.indicators
    marks = {"status": STATUS_STYLES}
    sheet = add_table(shell, layout.INDICATOR_TOTALS, columns, len(totals), marks, freeze=4)
    put_note(shell, sheet, columns, "“达标”至“不适用”各列是单位数;目标列有分类目标的,一并列出。")
    plan = standing.round.plan
    lines = [
        {"area": area_sheet(plan.area_of[total.indicator.code]), **_total_line(total)}
        for total in totals
    ]
    write_lines(shell, sheet, columns, lines)
    place = [column.field for column in columns].index("value")
    look = {**list_style(columns[place]), "valign": "vcenter", "bold": True}
    share, number = (shell.format({**look, "num_format": form}) for form in (_PERCENT, _NUMBER))
    for row, total in enumerate(totals, HEADER_ROW):
        value = "—" if total.value is None else total.value
        is_share = total.indicator.kind in (Kind.RATE, Kind.YES_NO)
        write(sheet, row, place, value, share if is_share else number)


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


def add_unmet(shell: Shell, standing: Standing) -> None:
    """Add 未达标清单, by unit."""
    order = {unit.code: place for place, unit in enumerate(standing.round.plan.units)}
    by_unit = sorted(standing.assessments, key=lambda assessment: order[assessment.unit.code])
    lines = unmet_lines(by_unit, standing.as_of)
    sheet = add_table(shell, layout.UNMET, _UNMET, len(lines), freeze=2)
    words = f"截至{say_date(standing.as_of)},未达标 {len(lines)} 项"
    if not lines:
        words += f";推进中的 {standing.statuses[Status.UNDER_WAY]} 项还没有到完成期限"
    put_note(shell, sheet, _UNMET, words)
    write_lines(shell, sheet, _UNMET, lines)
