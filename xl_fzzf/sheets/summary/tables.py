"""指标汇总 and 未达标清单 of a summary."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from xl_fzzf.model.alert import Alert, alert
from xl_fzzf.model.assessment import Assessment, decimals
from xl_fzzf.model.plan import Plan
from xl_fzzf.model.record import fit
from xl_fzzf.model.rollup import IndicatorTotal
from xl_fzzf.model.round import Standing
from xl_fzzf.model.status import Status
from xl_fzzf.office.book import Book, Value
from xl_fzzf.office.heights import height, line_height, lines_needed
from xl_fzzf.office.references import column_letter, reference
from xl_fzzf.office.tables import Column, Columns
from xl_fzzf.sheets import spec as layout
from xl_fzzf.sheets.lists import Line, unmet_lines
from xl_fzzf.sheets.shell import HEADER_ROW, Shell, list_style, rule_rows
from xl_fzzf.sheets.spec import INDICATOR_TOTAL_COLUMNS, UNMET_COLUMNS, area_sheet
from xl_fzzf.sheets.styles import ALERT_STYLES, NAVY, STATUS_STYLES, Style
from xl_fzzf.sheets.summary.cells import add_table, put_note, span, write, write_lines
from xl_fzzf.sheets.summary.words import (
    count_statuses,
    say_alerts,
    say_date,
    say_roll_up,
    say_targets,
)

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

_WHOLE, _DECIMAL = "#,##0", "#,##0.00"
_UNMET = (
    *(column for column in UNMET_COLUMNS if column.field != "place"),
    Column("alert", "预警", 10),
)
_BY_TASK = (
    *(("任务", (0, 0)), ("内容", (1, 4)), ("未达标", (5, 5)), ("红 / 黄 / 蓝", (6, 7))),
    ("单位", (8, len(_UNMET) - 1)),
)
_TREND = {
    "type": "column",  # of lines LibreOffice prints a speck only
    "min": 0,
    "series_color": "#9DB7D5",
    "last_point": True,
    "last_color": NAVY,
}


def add_indicator_totals(shell: Shell, standing: Standing) -> None:
    """Add 指标汇总: every indicator's value for the district, and how it developed."""
    history = standing.history
    columns = _total_columns([past.period.label for past in history])
    sheet = add_totals(shell, standing.round.plan, standing.indicators, columns)
    fields = [column.field for column in columns]
    asked = list(standing.round.plan.indicators.values())
    course = [past.totals_of(asked) for past in history]
    for column, totals in enumerate(course, fields.index("value") - len(history)):
        _put_values(shell, sheet, columns[column], column, totals)
    if history:
        whole = zip(*course, standing.indicators, strict=True)
        _put_trends(sheet, whole, fields.index("value"))


def _total_columns(labels: Sequence[str]) -> Columns:
    """The columns with those of earlier periods before 区级值, and 趋势 behind it."""
    columns = INDICATOR_TOTAL_COLUMNS
    if not labels:
        return columns
    place = [column.field for column in columns].index("value")
    past = [Column(f"past{number}", label, 8.5) for number, label in enumerate(labels)]
    return (
        *columns[:place],
        *past,
        columns[place],
        Column("trend", "趋势", 12),
        *columns[place + 1 :],
    )


def _put_trends(
    sheet: Worksheet, course: Iterable[tuple[IndicatorTotal | None, ...]], place: int
) -> None:
    """A column for each period beside the values, the present one dark; none without a value."""
    for row, totals in enumerate(course, HEADER_ROW):
        values = [total.value for total in totals if total and total.value is not None]
        if values:
            first, last = column_letter(place - len(totals) + 2), column_letter(place + 1)
            cells = reference(layout.INDICATOR_TOTALS, f"{first}{row + 1}:{last}{row + 1}")
            sheet.add_sparkline(row, place + 1, {**_TREND, "range": cells, "max": _above(values)})


def _above(values: Iterable[float]) -> float:
    """The top of the scale, so high that the columns of two rows don't touch."""
    return max(values) * 1.3 or 1.0


def add_totals(
    shell: Shell, plan: Plan, totals: Sequence[IndicatorTotal], columns: Columns
) -> Worksheet:
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
    _put_values(shell, sheet, columns[place], place, totals, {"bold": True})
    return sheet


def _put_values(
    shell: Shell,
    sheet: Worksheet,
    column: Column,
    place: int,
    totals: Sequence[IndicatorTotal | None],
    more: Style | None = None,
) -> None:
    """The indicators' values in a column, each in the format of its kind."""
    look = {**list_style(column), "valign": "vcenter", **(more or {})}
    forms = [_format(total) for total in totals]
    formats = {form: shell.format({**look, "num_format": form}) for form in forms}
    for row, (total, form) in enumerate(zip(totals, forms, strict=True), HEADER_ROW):
        value = total.value if total else None
        write(sheet, row, place, "—" if value is None else value, formats[form])


def _format(total: IndicatorTotal | None) -> str:
    """The number format in which a value reads as `shown_value` does, 99.997% not as 100%."""
    if total is None or total.value is None:
        return _WHOLE
    if total.indicator.kind.is_share:
        return f"0.0{'#' * (decimals(total.value * 100) - 1)}%"
    return _WHOLE if total.value == int(total.value) else _DECIMAL


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
    lines = unmet_lines(standing.unmet, standing.as_of)
    return [
        {**line, "alert": alert(item, standing.as_of).value}
        for line, item in zip(lines, standing.unmet, strict=True)
    ]


def add_unmet(shell: Shell, standing: Standing, count: int) -> None:
    """Add 未达标清单 for so many lines, and their sum by task; `write_unmet` writes the lines."""
    marks = {"alert": ALERT_STYLES}
    sheet = add_table(shell, layout.UNMET, _UNMET, count, marks, freeze=2)
    words = f"截至{say_date(standing.as_of)},未达标 {count} 项"
    if count:
        words += f"({say_alerts(standing.alerts)});先按单位逐条列出,后按任务统计"
    else:
        words += f";推进中的 {standing.statuses[Status.UNDER_WAY]} 项还没有到完成期限"
    put_note(shell, sheet, _UNMET, words)
    rule_rows(shell, sheet, _UNMET)
    if count:
        _put_tasks(shell, sheet, standing, HEADER_ROW + count + 1)


def _put_tasks(shell: Shell, sheet: Worksheet, standing: Standing, row: int) -> None:
    """The unmet records by task, with the alerts and the units."""
    sheet.set_row(row, 26)
    span(sheet, row, (0, len(_UNMET) - 1), "按任务统计", shell.style("section"))
    sheet.set_row(row + 1, 22)
    for header, places in _BY_TASK:
        span(sheet, row + 1, places, header, shell.style("header"))
    groups: dict[str, list[Assessment]] = {}
    for item in standing.unmet:
        groups.setdefault(item.indicator.task, []).append(item)
    tasks = standing.round.plan.tasks
    for at, number in enumerate((number for number in tasks if number in groups), row + 2):
        group, task = groups[number], tasks[number]
        alerts = Counter(alert(item, standing.as_of) for item in group)
        units = "、".join(dict.fromkeys(item.unit.name for item in group))
        counts = " / ".join(str(alerts[colour]) for colour in Alert)
        values: tuple[Value, ...] = (number, task.name or task.text, len(group), counts, units)
        needed = 1
        for (_, places), value in zip(_BY_TASK, values, strict=True):
            width = sum(column.width for column in _UNMET[places[0] : places[1] + 1])
            needed = max(needed, lines_needed(str(value), width))
            span(sheet, at, places, value, shell.style("text" if width > 25 else "center"))
        sheet.set_row(at, height(needed))


def write_unmet(book: Book, lines: Sequence[Line]) -> None:
    """Write the lines of 未达标清单; they can be thousands, which XlsxWriter takes its time for."""
    rows = [[_fitting(line.get(column.field)) for column in _UNMET] for line in lines]
    book.write(layout.UNMET, HEADER_ROW + 1, 1, rows)
    heights = {row: line_height(_UNMET, line) for row, line in enumerate(lines, HEADER_ROW + 1)}
    book.set_heights(layout.UNMET, heights)


def _fitting(value: Value) -> Value:
    return fit(value) if isinstance(value, str) else value
