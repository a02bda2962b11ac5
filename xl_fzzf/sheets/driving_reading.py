"""Read the driving sheets back into a round; whatever can't be used is named by sheet and row."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from xl_fzzf.model.building import PlanError, build_plan
from xl_fzzf.model.finding import SEVERITY_OF_LABEL
from xl_fzzf.model.period import Period
from xl_fzzf.model.plan import ROLE_OF_LABEL, SAFEGUARD_MARK, Plan
from xl_fzzf.model.record import Cell, blank, text
from xl_fzzf.model.responsibility import Assignments, assign_task
from xl_fzzf.model.round import Round
from xl_fzzf.model.settings import MailSettings, Settings
from xl_fzzf.office.book import Book
from xl_fzzf.office.naming import numeral
from xl_fzzf.office.tables import HEADER_DEPTH, Columns, Grid, find_table
from xl_fzzf.sheets import spec as layout
from xl_fzzf.sheets.forms import WHOLE
from xl_fzzf.sheets.settings import (
    DEADLINE,
    MAIL_SETTINGS,
    PERIOD,
    ROUND_SETTINGS,
    Setting,
    read_fields,
    read_plan_settings,
)
from xl_fzzf.sheets.spec import DrivingColumn

_NUMBER_OF = {numeral(number): number for number in range(1, 100)}
_SETTINGS = f"工作表“{layout.SETTINGS}”"
_TASK_NUMBER = re.compile(rf"{SAFEGUARD_MARK}?\d+")


def read_round(book: Book, file: str, assigned: bool = True) -> Round:
    """The round that a master's driving sheets describe; a city's has no 责任分工 (`assigned`).

    Raises PlanError that names the sheet and row of everything that can't be used.
    """
    reader = _Reader(book, file, assigned)
    round_ = reader.round()
    if reader.problems:
        raise PlanError(file, reader.problems)
    return round_


class _Reader:
    def __init__(self, book: Book, file: str, assigned: bool) -> None:
        self.book, self.file, self.assigned = book, file, assigned
        self.problems: list[str] = []

    def round(self) -> Round:
        rows = self.table(layout.SETTINGS, layout.SETTING_COLUMNS)
        settings = {text(values["key"]): values["value"] for _, values in rows}
        plan = build_plan(self.raw_plan(settings), self.file)
        assignments, unlisted = self.assignments(plan) if self.assigned else ({}, ())
        return Round(plan, assignments, self.settings(settings), unlisted)

    def table(
        self, sheet: str, columns: Columns, keys: Sequence[str] = ()
    ) -> Iterator[tuple[int, dict[str, Cell]]]:
        if sheet not in self.book.sheet_names:
            raise PlanError(self.file, [f"缺少工作表“{sheet}”,请从备份中恢复台账"])
        keys = keys or [column.field for column in columns[:2]]
        table = find_table(self.book.read(sheet), columns, keys)
        if table is None:
            headers = "、".join(column.header for column in columns[:2])
            raise PlanError(self.file, [f"工作表“{sheet}”找不到表头:{headers}"])
        return table.rows()

    def raw(self, sheet: str, columns: Sequence[DrivingColumn]) -> Iterator[dict[str, Any]]:
        """The rows of a driving sheet by field, with the words that say where each stands."""
        for row, values in self.table(sheet, tuple(columns)):
            cells = {column.field: column.form.read(values.get(column.field)) for column in columns}
            yield {"where": _where(sheet, row), **cells}

    def raw_plan(self, settings: Mapping[str, Cell]) -> dict[str, Any]:
        areas, safeguards = self.raw_areas()
        return {
            "where": _SETTINGS,
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
                f"{stray['where']}:任务“{number}”不在工作表“{layout.TASKS}”里" for stray in strays
            ]
        return [self.raw_area(label, tasks) for label, tasks in areas.items()], safeguards

    def raw_area(self, label: str, tasks: list[dict[str, Any]]) -> dict[str, Any]:
        numeral, _, name = label.partition("、")
        where = f"工作表“{layout.TASKS}”的领域“{label}”(写法:一、加强组织领导)"
        return {"where": where, "number": _NUMBER_OF.get(numeral), "name": name, "tasks": tasks}

    def assignments(self, plan: Plan) -> tuple[Assignments, tuple[str, ...]]:
        grid = (
            self.book.read(layout.ASSIGNMENTS)
            if layout.ASSIGNMENTS in self.book.sheet_names
            else []
        )
        header = find_matrix(grid)
        if not header.tasks:
            raise PlanError(self.file, [f"工作表“{layout.ASSIGNMENTS}”找不到表头(单位、任务编号)"])
        assignments: Assignments = {}
        listed: set[str] = set()
        for row, line in enumerate(grid[header.row :], header.row + 1):
            if blank(line[header.unit]):
                continue
            name = text(line[header.unit])
            unit = plan.find_unit(name)
            if unit is None:
                self.problem(
                    row,
                    f"单位“{name}”不在单位名录里。改了名的,请在“单位”表把旧名写进“别名”;不再填报的,请删除这一行",
                )
                continue
            listed.add(unit.code)
            for column, number in header.tasks.items():
                if number in plan.tasks and not blank(line[column]):
                    role = ROLE_OF_LABEL.get(text(line[column]))
                    if role is None:
                        found = text(line[column])
                        self.problem(row, f"任务 {number} 填了“{found}”,只能填 牵头、责任、可选")
                    else:
                        assignments[unit.code, number] = role
        unlisted = tuple(unit.code for unit in plan.units if unit.code not in listed)
        for task in plan.tasks.values() if unlisted else ():
            roles = assign_task(plan, task)
            assignments.update(
                {(code, task.number): roles[code] for code in unlisted if code in roles}
            )
        return assignments, unlisted

    def problem(self, row: int, message: str) -> None:
        self.problems.append(f"{_where(layout.ASSIGNMENTS, row)}:{message}")

    def settings(self, values: Mapping[str, Cell]) -> Settings:
        try:
            period: Period = PERIOD.form.read(values.get(PERIOD.key))
        except ValueError as error:
            raise PlanError(self.file, [f"{_SETTINGS},“{PERIOD.key}”:{error}"]) from None
        deadline: date | None = DEADLINE.form.read(values.get(DEADLINE.key))
        if deadline is None:
            wanted = f"要填日期,例如 {period.end}"
            self.problems.append(f"{_SETTINGS},“{DEADLINE.key}”:{wanted}")
        more = self.fields(ROUND_SETTINGS, values)
        severities = self.severities()
        mail = MailSettings(**self.fields(MAIL_SETTINGS, values))
        return Settings(period, deadline or period.end, **more, severities=severities, mail=mail)

    def fields(self, settings: Sequence[Setting], values: Mapping[str, Cell]) -> dict[str, Any]:
        faults: list[str] = []
        found = read_fields(settings, values, faults)
        self.problems += [f"{_SETTINGS},{fault}" for fault in faults]
        return found

    def severities(self) -> dict[str, str]:
        severities = {}
        for row, values in self.table(layout.SETTINGS, layout.RULE_COLUMNS, ("rule", "severity")):
            label = text(values.get("severity"))
            if label in SEVERITY_OF_LABEL:
                severities[text(values["rule"])] = SEVERITY_OF_LABEL[label]
            else:
                words = "、".join(SEVERITY_OF_LABEL)
                self.problems.append(
                    f"{_where(layout.SETTINGS, row)}:级别“{label}”不对,可填 {words}"
                )
        return severities


def _where(sheet: str, row: int) -> str:
    return f"工作表“{sheet}”第 {row} 行"


class Matrix(NamedTuple):
    """The header of 责任分工: its row (from 1), the units' column and the tasks' columns (from 0)."""

    row: int
    unit: int
    tasks: Mapping[int, str]


def find_matrix(grid: Grid) -> Matrix:
    """The header of 责任分工: a row with 单位 and task numbers; no tasks where there is none."""
    for index, row in enumerate(grid[:HEADER_DEPTH], 1):
        words = [text(cell) for cell in row]
        if "单位" in words:
            unit = words.index("单位")
            tasks = {i: word for i, word in enumerate(words) if _TASK_NUMBER.fullmatch(word)}
            return Matrix(index, unit, tasks)
    return Matrix(0, 0, {})
