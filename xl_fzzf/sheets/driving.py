"""The driving sheets as a whole: a round is written into them, and read back from what staff made of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from xl_fzzf.model.building import PlanError, build_plan
from xl_fzzf.model.plan import SAFEGUARD_MARK, Indicator
from xl_fzzf.model.record import Cell, text
from xl_fzzf.model.responsibility import Assignments
from xl_fzzf.model.round import Round
from xl_fzzf.office.book import Value
from xl_fzzf.office.book_file import FileBook
from xl_fzzf.office.heights import fitting_height
from xl_fzzf.office.naming import numeral
from xl_fzzf.office.tables import Columns, find_table
from xl_fzzf.sheets import spec as layout
from xl_fzzf.sheets.assignments import assignment_rows, read_assignments
from xl_fzzf.sheets.forms import WHOLE, DrivingColumn
from xl_fzzf.sheets.settings_sheet import (
    RuleRow,
    read_plan_settings,
    read_settings,
    write_settings,
)
from xl_fzzf.sheets.spec import HEADER_ROW, area_sheet

_NUMBER_OF = {numeral(number): number for number in range(1, 100)}


def write_driving(book: FileBook, round_: Round, rules: Sequence[RuleRow]) -> None:
    """Write all driving sheets of a new master; a city's has no 责任分工."""
    plan = round_.plan
    tasks = [
        _row(layout.TASK_COLUMNS, task, area=area_sheet(area))
        for area in plan.areas
        for task in area.tasks
    ]
    indicators = [_indicator_row(indicator) for indicator in plan.indicators.values()]
    units = [_row(layout.UNIT_COLUMNS, unit) for unit in plan.units]
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


def _indicator_row(indicator: Indicator) -> Sequence[Value]:
    measure = indicator.measure
    targets = "；".join(f"{kind}：{t.text(measure)}" for kind, t in indicator.targets.items())
    target = indicator.target.text(measure)
    return _row(layout.INDICATOR_COLUMNS, indicator, target=target, targets=targets)


def read_round(book: FileBook, file: str, assigned: bool = True) -> Round:
    """The round that a master's driving sheets describe; a city's has no 责任分工 (`assigned`).

    Raises PlanError that names the sheet and row of everything that can't be used.
    """
    reader = _Reader(book, file)
    round_ = reader.round(assigned)
    if reader.problems:
        raise PlanError(file, reader.problems)
    return round_


class _Reader:
    def __init__(self, book: FileBook, file: str) -> None:
        self.book, self.file = book, file
        self.problems: list[str] = []

    def round(self, assigned: bool) -> Round:
        rows = self.table(layout.SETTINGS, layout.SETTING_COLUMNS)
        values = {text(row["key"]): row["value"] for _, row in rows}
        plan = build_plan(self.raw_plan(values), self.file)
        listed = layout.ASSIGNMENTS in self.book.sheet_names
        grid = self.book.read(layout.ASSIGNMENTS) if listed else []
        read: tuple[Assignments, tuple[str, ...]] = {}, ()
        try:
            if assigned:
                read = read_assignments(grid, plan, self.problems)
            rules = self.table(layout.SETTINGS, layout.RULE_COLUMNS, ("rule", "severity"))
            settings = read_settings(values, rules, self.problems)
        except ValueError as error:
            raise PlanError(self.file, [str(error)]) from None
        return Round(plan, read[0], settings, read[1])

    def table(
        self, sheet: str, columns: Columns, keys: Sequence[str] = ()
    ) -> Iterator[tuple[int, dict[str, Cell]]]:
        if sheet not in self.book.sheet_names:
            raise PlanError(self.file, [f"缺少工作表“{sheet}”，请从备份中恢复台账"])
        keys = keys or [column.field for column in columns[:2]]
        table = find_table(self.book.read(sheet), columns, keys)
        if table is None:
            headers = "、".join(column.header for column in columns[:2])
            raise PlanError(self.file, [f"工作表“{sheet}”找不到表头：{headers}"])
        return table.rows()

    def raw(self, sheet: str, columns: Sequence[DrivingColumn]) -> Iterator[dict[str, Any]]:
        """The rows of a driving sheet by field, with the words that say where each stands."""
        for row, values in self.table(sheet, tuple(columns)):
            cells = {column.field: column.form.read(values.get(column.field)) for column in columns}
            yield {"where": f"工作表“{sheet}”第 {row} 行", **cells}

    def raw_plan(self, settings: Mapping[str, Cell]) -> dict[str, Any]:
        areas, safeguards = self.raw_areas()
        return {
            **read_plan_settings(settings),
            "areas": areas,
            "safeguards": safeguards,
            "roster": {"units": list(self.raw(layout.UNITS, layout.UNIT_COLUMNS))},
        }

    def raw_areas(self) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
        indicators: dict[str, list[dict[str, Any]]] = defaultdict(list)
        for raw in self.raw(layout.INDICATORS, layout.INDICATOR_COLUMNS):
            indicators[raw.pop("task")].append(raw)
        areas: dict[str, list[dict[str, Any]]] = defaultdict(list)
        safeguards: list[dict[str, Any]] = []
        for task in self.raw(layout.TASKS, layout.TASK_COLUMNS):
            label, number = task.pop("area"), task["number"]
            tasks = safeguards if number.startswith(SAFEGUARD_MARK) else areas[label]
            tasks.append(task)
            task["number"] = WHOLE.read(number.removeprefix(SAFEGUARD_MARK))
            task["indicators"] = indicators.pop(number, [])
        for number, strays in indicators.items():
            self.problems += [
                f"{stray['where']}：任务“{number}”不在工作表“{layout.TASKS}”里" for stray in strays
            ]
        return [self.raw_area(label, tasks) for label, tasks in areas.items()], safeguards

    def raw_area(self, label: str, tasks: list[dict[str, Any]]) -> dict[str, Any]:
        numeral, _, name = label.partition("、")
        where = f"工作表“{layout.TASKS}”的领域“{label}”（写法：一、加强组织领导）"
        return {"where": where, "number": _NUMBER_OF.get(numeral), "name": name, "tasks": tasks}
