"""The driving sheets read back into the round that they describe, and all that is wrong with them, at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import Any

from xl_fzzf.model.building import read_plan
from xl_fzzf.model.driving import Driven
from xl_fzzf.model.lines import Followed, Stated
from xl_fzzf.model.plan import SAFEGUARD_MARK, Plan, Unit
from xl_fzzf.model.problems import Place, PlanError, Problems, shown
from xl_fzzf.model.record import Cell, grouped
from xl_fzzf.model.responsibility import Assignments
from xl_fzzf.model.round import Round
from xl_fzzf.model.target import Op, Target
from xl_fzzf.office.book_file import FileBook
from xl_fzzf.office.naming import numeral
from xl_fzzf.office.tables import Columns, Table
from xl_fzzf.sheets import spec as layout
from xl_fzzf.sheets.assignments import read_assignments
from xl_fzzf.sheets.driving_tables import add_form, add_lost, headers_of, open_table, say_sheet
from xl_fzzf.sheets.forms import WHOLE, DrivingColumn
from xl_fzzf.sheets.settings_reader import (
    mute_settings,
    read_plan_settings,
    read_settings,
    read_values,
)

_NUMBER_OF = {numeral(number): number for number in range(1, 100)}
_DRIVING = (layout.TASKS, layout.INDICATORS, layout.UNITS, layout.ASSIGNMENTS, layout.SETTINGS)
_KEYS = {
    layout.TASKS: ("area", "number"),
    layout.INDICATORS: ("task", "code"),
    layout.UNITS: ("code", "name"),
}
"""The columns without which a sheet's rows can't be told from each other."""

_LINE = next(c.header for c in layout.TASK_COLUMNS if c.field == "responsible")
_TARGET = next(c.header for c in layout.INDICATOR_COLUMNS if c.field == "target")

_Raw = dict[str, Any]


def read_round(
    book: FileBook, file: str, assigned: bool = True, before: Driven = MappingProxyType({})
) -> Round:
    """The round that a master's driving sheets describe; a city's has no 责任分工 (`assigned`).

    `before` is what drove the last run. Raises PlanError that names the sheet and row of everything that can't be used.
    """
    problems = Problems()
    round_ = find_round(book, problems, assigned, before=before)
    if round_ is None or problems:
        raise PlanError(file, problems.lines(), MISTAKEN)
    return round_


MISTAKEN = "台账有误，没有改动"
"""What a refusal says before the file and all that is to be put right."""


def find_round(
    book: FileBook,
    problems: Problems,
    assigned: bool,
    rules: Collection[str] = (),
    before: Driven = MappingProxyType({}),
) -> Round | None:
    """The round as `read_round` reads it, with everything that is wrong among the problems.

    `rules` are those that 设置 may name; `before` is what drove the last run, which must not be lost.
    None where the sheets don't make a round.
    """
    reader = _Reader(book, problems, before)
    values, rule_rows = reader.settings()
    plan = reader.plan(values)
    settings = read_settings(values, rule_rows, rules, problems)
    if plan is None:
        return None
    assignments, followed = reader.assignments(plan) if assigned else ({}, Followed())
    return Round(plan, assignments, settings, followed) if settings else None


class _Reader:
    def __init__(self, book: FileBook, problems: Problems, before: Driven) -> None:
        self.book, self.problems, self.before = book, problems, before

    def table(self, sheet: str, columns: Columns) -> Table | None:
        table = open_table(self.book, sheet, columns, self.problems, _DRIVING)
        if table:
            add_form(self.problems, self.book, sheet, table)
        return table

    def settings(self) -> tuple[dict[str, Cell], list[tuple[int, dict[str, Cell]]]]:
        """What 设置 says by its keys, and the rows of its rules."""
        table = self.table(layout.SETTINGS, layout.SETTING_COLUMNS)
        rules = self.table(layout.SETTINGS, layout.RULE_COLUMNS) if table else None
        if table is None or not {"key", "value"} <= table.columns.keys():
            mute_settings(self.problems)
            return {}, []
        below = rules and rules.columns.get("rule") == table.columns["key"]
        last = rules.header if rules and below else layout.LAST_ROW
        rows = [(row, cells) for row, cells in table.rows() if row < last]
        values = read_values(rows, self.before.get(layout.SETTINGS, {}), self.problems)
        return values, list(rules.rows()) if rules else []

    def assignments(self, plan: Plan) -> tuple[Assignments, Followed]:
        if layout.ASSIGNMENTS in self.book.sheet_names:
            return read_assignments(self.book, plan, self.stated(), self.problems)
        add_lost(self.problems, layout.ASSIGNMENTS)
        return {}, Followed()

    def stated(self) -> Stated:
        """The lines and the roster of the last run, as far as lines depend on it."""
        lines = {
            number: row.get(_LINE, "") for number, row in self.before.get(layout.TASKS, {}).items()
        }
        rows = self.before.get(layout.UNITS, {})
        return Stated(lines, tuple(_unit(code, row) for code, row in rows.items()))

    def plan(self, settings: Mapping[str, Cell]) -> Plan | None:
        """The plan, as far as it can be read; None where rows can't be told from each other."""
        columns: dict[str, Sequence[DrivingColumn]] = {
            layout.TASKS: layout.TASK_COLUMNS,
            layout.INDICATORS: layout.INDICATOR_COLUMNS,
            layout.UNITS: layout.UNIT_COLUMNS,
        }
        tables = {sheet: self.table(sheet, tuple(columns[sheet])) for sheet in columns}
        rows: dict[str, list[_Raw]] = {}
        for sheet, table in tables.items():
            if table is None or not {*_KEYS[sheet]} <= table.columns.keys():
                return None
            rows[sheet] = list(_raw_rows(sheet, table, columns[sheet]))
            if not rows[sheet]:
                self.refuse_bare(sheet)
        if not all(rows.values()):
            return None
        areas, safeguards = self.areas(rows[layout.TASKS], rows[layout.INDICATORS])
        raw = {
            **read_plan_settings(settings),
            "areas": areas,
            "safeguards": safeguards,
            "roster": {"where": Place(say_sheet(layout.UNITS)), "units": rows[layout.UNITS]},
        }
        blank = [each for each in rows[layout.INDICATORS] if each["target"] == ""]
        plan = read_plan(raw, self.problems)
        self.refuse_emptied(plan, blank)
        return plan

    def refuse_bare(self, sheet: str) -> None:
        """A sheet of which only the headers are left drives nothing."""
        message = "表头下面一行也没有了。请从“档案/备份”里最近的一份台账复制回来"
        self.problems.add(Place(say_sheet(sheet)), "", message)

    def refuse_emptied(self, plan: Plan, blank: Sequence[_Raw]) -> None:
        """A target that the last run read is not given up by an empty cell."""
        stood = self.before.get(layout.INDICATORS, {})
        for raw in blank:
            indicator = plan.indicators.get(raw["code"])
            was = stood.get(raw["code"], {}).get(_TARGET, "")
            if indicator and was and was != indicator.target.text(indicator.measure):
                message = (
                    f"空白了，上次运行时是“{was}”。仍是这个目标的请填回；"
                    f"确实不设目标了，请填“{Target(Op.FILLED).text()}”"
                )
                self.problems.add(raw["where"], "target", message)

    def areas(self, tasks: list[_Raw], indicators: list[_Raw]) -> tuple[list[_Raw], list[_Raw]]:
        """The areas with their tasks, and the safeguards; a task that stands twice is read once."""
        own: dict[str, list[_Raw]] = defaultdict(list)
        for indicator in indicators:
            own[indicator.pop("task")].append(indicator)
        areas: dict[str, list[_Raw]] = defaultdict(list)
        safeguards: list[_Raw] = []
        for task, *more in grouped(
            tasks, lambda task: task["number"] or task["where"].row
        ).values():
            number: str = task["number"]
            if more:
                places = [each["where"] for each in more]
                message = f"任务“{number}”有 {len(places) + 1} 行，只能有一行"
                self.problems.add(task["where"], "number", message, *places)
            label = task.pop("area")
            siblings = safeguards if number.startswith(SAFEGUARD_MARK) else areas[label]
            siblings.append(task)
            task["number"] = WHOLE.read(number.removeprefix(SAFEGUARD_MARK))
            task["indicators"] = own.pop(number, [])
            self.refuse_empty(task, number)
        for number, strays in own.items():
            for stray in strays:
                message = (
                    f"任务“{number}”不在工作表“{layout.TASKS}”里"
                    if number
                    else "没有填，这一项必填"
                )
                self.problems.add(stray["where"], "task", message)
        return [self.area(label, each) for label, each in areas.items()], safeguards

    def refuse_empty(self, task: _Raw, number: str) -> None:
        """A task without an indicator asks for nothing."""
        self.problems.mute(task["where"].words, "indicators")
        if not task["indicators"] and isinstance(task["number"], int):
            place: Place = task["where"]
            message = (
                f"任务“{number}”没有指标。请在工作表“{layout.INDICATORS}”里给它加一行，"
                f"“任务”一列填 {number}"
            )
            self.problems.add(place, "", message)

    def area(self, label: str, tasks: list[_Raw]) -> _Raw:
        """An area by its label: 一、加强组织领导."""
        words, _, name = label.partition("、")
        first: Place = tasks[0]["where"]
        place = replace(first, headers={"number": "领域", "name": "领域"})
        number = _NUMBER_OF.get(words)
        if number is None or not name:
            message = f"领域{shown(label)}写法不对，应像“一、加强组织领导”"
            self.problems.add(place, "number", message)
            self.problems.mute(place.words, "领域", place.row)
            name = ""
        return {"where": place, "number": number, "name": name, "tasks": tasks}


def _unit(code: str, row: Mapping[str, str]) -> Unit:
    """A unit as the words that were kept of it say."""
    read = {c.field: c.form.read(row.get(c.header)) for c in layout.UNIT_COLUMNS}
    return Unit(**{**read, "code": code, "aliases": tuple(read["aliases"])})


def _raw_rows(sheet: str, table: Table, columns: Sequence[DrivingColumn]) -> Iterator[_Raw]:
    """The rows of a driving sheet by field, each with its place; nothing in a column that is gone."""
    headers = headers_of(columns)
    for row, values in table.rows():
        cells = {
            column.field: column.form.read(values[column.field]) if column.field in values else None
            for column in columns
        }
        yield {"where": Place(say_sheet(sheet), row, headers), **cells}
