"""The driving sheets as a whole: how a round is written into them. `round_reader` reads them back."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import date

from xl_fzzf.model.plan import Indicator, Plan, Unit
from xl_fzzf.model.round import Round
from xl_fzzf.office.book import Value
from xl_fzzf.office.book_file import FileBook
from xl_fzzf.office.heights import fitting_height
from xl_fzzf.office.tables import Columns, find_table
from xl_fzzf.sheets import spec as layout
from xl_fzzf.sheets.assignments import assignment_rows
from xl_fzzf.sheets.forms import DrivingColumn
from xl_fzzf.sheets.settings_sheet import RuleRow, write_settings
from xl_fzzf.sheets.spec import HEADER_ROW, area_sheet


def write_driving(book: FileBook, round_: Round, rules: Sequence[RuleRow]) -> None:
    """Write all driving sheets of a new master; a city's has no 责任分工."""
    plan = round_.plan
    tasks = [row for _, row in task_rows(plan)]
    indicators = [indicator_row(indicator) for indicator in plan.indicators.values()]
    units = [unit_row(unit) for unit in plan.units]
    _write_table(book, layout.TASKS, tasks, layout.TASK_COLUMNS)
    _write_table(book, layout.INDICATORS, indicators, layout.INDICATOR_COLUMNS)
    _write_table(book, layout.UNITS, units, layout.UNIT_COLUMNS)
    assigned = layout.ASSIGNMENTS in book.sheet_names
    if assigned:
        _write_table(book, layout.ASSIGNMENTS, assignment_rows(round_))
    write_settings(book, round_, rules, city=not assigned)


def write_due(book: FileBook, codes: Collection[str], due: date) -> None:
    """Change 完成期限 of these indicators in the sheet 指标, as a coordinator would."""
    table = find_table(book.read(layout.INDICATORS), layout.INDICATOR_COLUMNS, ("code", "due"))
    for row, values in table.rows() if table else ():
        if values["code"] in codes and table:
            book.write(layout.INDICATORS, row, table.columns["due"], [[due]])


def _write_table(
    book: FileBook, sheet: str, rows: Sequence[Sequence[Value]], columns: Columns = ()
) -> None:
    book.write(sheet, HEADER_ROW + 1, 1, rows)
    widths = [column.width for column in columns]
    heights = (fitting_height(zip(cells, widths, strict=False)) for cells in rows)
    book.set_heights(sheet, dict(enumerate(heights, HEADER_ROW + 1)))


def _row(columns: Sequence[DrivingColumn], item: object, **own: Value) -> Sequence[Value]:
    """A row of a driving sheet; `own` are the columns that are not simply the item's fields."""
    return [
        own[c.field] if c.field in own else c.form.write(getattr(item, c.field)) for c in columns
    ]


def task_rows(plan: Plan) -> Iterator[tuple[str, Sequence[Value]]]:
    """The rows of 任务 by number."""
    for area in plan.areas:
        for task in area.tasks:
            yield task.number, _row(layout.TASK_COLUMNS, task, area=area_sheet(area))


def unit_row(unit: Unit) -> Sequence[Value]:
    """A row of 单位."""
    return _row(layout.UNIT_COLUMNS, unit)


def indicator_row(indicator: Indicator) -> Sequence[Value]:
    """A row of 指标."""
    measure = indicator.measure
    targets = "；".join(f"{kind}：{t.text(measure)}" for kind, t in indicator.targets.items())
    target = indicator.target.text(measure)
    return _row(layout.INDICATOR_COLUMNS, indicator, target=target, targets=targets)
