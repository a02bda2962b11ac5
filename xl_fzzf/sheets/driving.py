"""Write the driving sheets: 任务, 指标, 单位, 责任分工 and 设置."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import date

from xl_fzzf.model.finding import SEVERITY_OF_LABEL
from xl_fzzf.model.plan import Indicator, Plan, Unit
from xl_fzzf.model.record import blank, text
from xl_fzzf.model.round import Round
from xl_fzzf.model.settings import Settings
from xl_fzzf.office.book import KEEP, Book, Validation, Value
from xl_fzzf.office.heights import fitting_height
from xl_fzzf.office.references import column_letter
from xl_fzzf.office.tables import Columns, find_table
from xl_fzzf.sheets import spec as layout
from xl_fzzf.sheets.driving_reading import find_matrix
from xl_fzzf.sheets.settings import DEADLINE, PERIOD, setting_rows
from xl_fzzf.sheets.shell import HEADER_ROW
from xl_fzzf.sheets.spec import DrivingColumn, area_sheet

_LABEL_OF_SEVERITY = {value: label for label, value in SEVERITY_OF_LABEL.items()}

RuleRow = tuple[str, str, str]
"""A rule's code, its severity's value, and what it checks."""


def write_driving(book: Book, round_: Round, rules: Sequence[RuleRow]) -> None:
    """Write all driving sheets of a new master."""
    plan = round_.plan
    _write_table(book, layout.TASKS, list(_task_rows(plan)), layout.TASK_COLUMNS)
    indicators = [_indicator_row(indicator) for indicator in plan.indicators.values()]
    _write_table(book, layout.INDICATORS, indicators, layout.INDICATOR_COLUMNS)
    _write_table(book, layout.UNITS, [_unit_row(u) for u in plan.units], layout.UNIT_COLUMNS)
    if layout.ASSIGNMENTS in book.sheet_names:  # a city's master has none
        _write_table(book, layout.ASSIGNMENTS, [_role_row(round_, unit) for unit in plan.units])
    _write_settings(book, round_, rules)


def _write_settings(book: Book, round_: Round, rules: Sequence[RuleRow]) -> None:
    settings = list(setting_rows(round_, city=layout.ASSIGNMENTS not in book.sheet_names))
    heading = tuple(column.header for column in layout.RULE_COLUMNS)
    rows: list[Sequence[Value]] = [*settings, (None, None, None), heading]
    rows += [(code, _LABEL_OF_SEVERITY[severity], note) for code, severity, note in rules]
    first = HEADER_ROW + 1
    names = [("text", "entry_text", "text")] * len(rows)
    names[len(settings)] = ("plain", "plain", "plain")
    names[len(settings) + 1] = ("header", "header", "header")
    book.write(layout.SETTINGS, first, 1, rows, names)
    book.set_heights(layout.SETTINGS, dict.fromkeys(range(first, first + len(rows)), 20.0))
    letter = column_letter([c.field for c in layout.RULE_COLUMNS].index("severity") + 1)
    levels = f"{letter}{first + len(settings) + 2}:{letter}{first + len(rows) - 1}"
    words = ",".join(SEVERITY_OF_LABEL)
    error = f"只能填:{words}"
    level = Validation((levels,), "list", f'"{words}"', "级别", "这条规则的问题算什么", error)
    book.validate(layout.SETTINGS, [level])


def write_unlisted(book: Book, round_: Round) -> None:
    """Add the units that 责任分工 does not list yet, below those it lists."""
    if not round_.unlisted:
        return
    grid = book.read(layout.ASSIGNMENTS)
    header = find_matrix(grid)
    bottom = max(row for row, line in enumerate(grid, 1) if not blank(line[header.unit]))
    for row, code in enumerate(round_.unlisted, bottom + 1):
        unit = round_.plan.unit_by_code[code]
        line: list[Value] = [KEEP] * len(grid[header.row - 1])
        line[header.unit] = unit.name
        for column, number in header.tasks.items():
            line[column] = _role(round_, unit, number)
        book.write(layout.ASSIGNMENTS, row, 1, [line])


def write_setting(book: Book, key: str, value: Value) -> None:
    """Change one setting, wherever its row stands."""
    table = find_table(book.read(layout.SETTINGS), layout.SETTING_COLUMNS, ("key", "value"))
    for row, values in table.rows() if table else ():
        if table and text(values["key"]) == key:
            book.write(layout.SETTINGS, row, table.columns["value"], [[value]])


def write_period(book: Book, settings: Settings) -> None:
    """Turn a copy of a master to these settings' period and deadline."""
    for setting in (PERIOD, DEADLINE):
        write_setting(book, setting.key, setting.form.write(getattr(settings, setting.field)))


def write_due(book: Book, codes: Collection[str], due: date) -> None:
    """Change 完成期限 of these indicators in the sheet 指标, as a coordinator would."""
    table = find_table(book.read(layout.INDICATORS), layout.INDICATOR_COLUMNS, ("code", "due"))
    for row, values in table.rows() if table else ():
        if values["code"] in codes and table:
            book.write(layout.INDICATORS, row, table.columns["due"], [[due]])


def _write_table(
    book: Book, sheet: str, rows: Sequence[Sequence[Value]], columns: Columns = ()
) -> None:
    book.write(sheet, HEADER_ROW + 1, 1, rows)
    for row, cells in enumerate(rows, HEADER_ROW + 1):
        widths = (column.width for column in columns)
        book.set_heights(sheet, {row: fitting_height(zip(cells, widths, strict=False))})


def _row(columns: Sequence[DrivingColumn], item: object, **own: Value) -> Sequence[Value]:
    """A row of a driving sheet; `own` are the columns that are not simply the item's fields."""
    return [
        own[c.field] if c.field in own else c.form.write(getattr(item, c.field)) for c in columns
    ]


def _task_rows(plan: Plan) -> Iterator[Sequence[Value]]:
    for area in plan.areas:
        for task in area.tasks:
            yield _row(layout.TASK_COLUMNS, task, area=area_sheet(area))


def _indicator_row(indicator: Indicator) -> Sequence[Value]:
    measure = indicator.measure
    targets = ";".join(f"{kind}:{t.text(measure)}" for kind, t in indicator.targets.items())
    target = indicator.target.text(measure)
    return _row(layout.INDICATOR_COLUMNS, indicator, target=target, targets=targets)


def _unit_row(unit: Unit) -> Sequence[Value]:
    return _row(layout.UNIT_COLUMNS, unit)


def _role_row(round_: Round, unit: Unit) -> Sequence[Value]:
    return (unit.name, *(_role(round_, unit, number) for number in round_.plan.tasks))


def _role(round_: Round, unit: Unit, task: str) -> str | None:
    role = round_.assignments.get((unit.code, task))
    return role.label if role else None
