"""Read the driving sheets back into a round; whatever can't be used is named by sheet and row."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from xl_fzzf.model.building import PlanError, build_plan
from xl_fzzf.model.finding import SEVERITY_OF_LABEL
from xl_fzzf.model.kinds import KIND_OF_LABEL
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
from xl_fzzf.sheets.mail_settings import read_mail_settings
from xl_fzzf.sheets.spec import KIND_PREFIX

_FLAG = {"是": True, "否": False, "": False}
_NUMBER_OF = {numeral(number): number for number in range(1, 100)}
_COMMA, _SEMICOLON, _COLON = "\uff0c", "\uff1b", "\uff1a"  # full width, as staff type them
_TASK_NUMBER = re.compile(rf"{SAFEGUARD_MARK}?\d+")
_LIST = re.compile(rf"[、,{_COMMA};{_SEMICOLON}\n]+")


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
        plan = build_plan(self.raw_plan({k: text(v) for k, v in settings.items()}), self.file)
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

    def raw_plan(self, settings: Mapping[str, str]) -> dict[str, Any]:
        areas, safeguards = self.raw_areas()
        kinds = {
            key.removeprefix(KIND_PREFIX): _words(value)
            for key, value in settings.items()
            if key.startswith(KIND_PREFIX)
        }
        return {
            "where": f"工作表“{layout.SETTINGS}”",
            "name": settings.get("工作方案", ""),
            "summary_title": settings.get("汇总表标题", ""),
            "district": settings.get("区县", ""),
            "coordinator": settings.get("汇总单位", ""),
            "year": _whole(settings.get("年度", "")),
            "period": settings.get("首个报告期", ""),
            "kinds": kinds,
            "areas": areas,
            "safeguards": safeguards,
            "roster": {
                "units": [
                    self.raw_unit(*row) for row in self.table(layout.UNITS, layout.UNIT_COLUMNS)
                ]
            },
        }

    def raw_areas(self) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
        indicators: dict[str, list[dict[str, Any]]] = {}
        for row, values in self.table(layout.INDICATORS, layout.INDICATOR_COLUMNS):
            number = text(values.get("task"))
            indicators.setdefault(number, []).append(self.raw_indicator(row, values))
        areas: dict[str, list[dict[str, Any]]] = {}
        safeguards: list[dict[str, Any]] = []
        for row, values in self.table(layout.TASKS, layout.TASK_COLUMNS):
            number = text(values.get("number"))
            task = {
                "where": _where(layout.TASKS, row),
                "number": _whole(number.removeprefix(SAFEGUARD_MARK)),
                "name": text(values.get("name")),
                "text": text(values.get("text")),
                "responsible": text(values.get("responsible")),
                "indicators": indicators.pop(number, []),
            }
            if number.startswith(SAFEGUARD_MARK):
                safeguards.append(task)
            else:
                areas.setdefault(text(values.get("area")), []).append(task)
        for number, strays in indicators.items():
            self.problems += [
                f"{stray['where']}:任务“{number}”不在工作表“{layout.TASKS}”里" for stray in strays
            ]
        return [self.raw_area(label, tasks) for label, tasks in areas.items()], safeguards

    def raw_area(self, label: str, tasks: list[dict[str, Any]]) -> dict[str, Any]:
        numeral, _, name = label.partition("、")
        where = f"工作表“{layout.TASKS}”的领域“{label}”(写法:一、加强组织领导)"
        return {"where": where, "number": _NUMBER_OF.get(numeral), "name": name, "tasks": tasks}

    def raw_indicator(self, row: int, values: Mapping[str, Cell]) -> dict[str, Any]:
        label = text(values.get("kind"))
        kind = KIND_OF_LABEL.get(label)
        raw: dict[str, Any] = {
            "where": _where(layout.INDICATORS, row),
            "kind": kind.value if kind else label,
            "targets": _targets(text(values.get("targets"))),
            "scope": _words(text(values.get("scope"))),
        }
        for name in ("code", "text", "measure", "target", "numerator", "denominator", "total"):
            raw[name] = text(values.get(name))
        for name in ("due", "weight", "limit"):
            raw[name] = None if blank(values.get(name)) else values[name]
        return raw

    def raw_unit(self, row: int, values: Mapping[str, Cell]) -> dict[str, Any]:
        raw: dict[str, Any] = {"where": _where(layout.UNITS, row)}
        for name in ("code", "name", "kind", "contact", "email"):
            raw[name] = text(values.get(name))
        for name in ("enforcement", "confirmed"):
            word = text(values.get(name))
            raw[name] = _FLAG.get(word, word)
        raw["aliases"] = _words(text(values.get("aliases")))
        return raw

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
        where = f"工作表“{layout.SETTINGS}”"
        try:
            period = Period.parse(text(values.get("报告期")))
        except ValueError as error:
            raise PlanError(self.file, [f"{where},“报告期”:{error}"]) from None
        deadline = _day(values.get("报送截止"))
        if deadline is None:
            self.problems.append(f"{where},“报送截止”:要填日期,例如 {period.end}")
        optional = text(values.get("分发可选任务"))
        if optional not in _FLAG:
            self.problems.append(f"{where},“分发可选任务”:要填 是 或 否,现在是“{optional}”")
        return Settings(
            period,
            deadline or period.end,
            text(values.get("联系方式")),
            _FLAG.get(optional, False),
            self.severities(),
            self.mail(values, where),
        )

    def mail(self, values: Mapping[str, Cell], where: str) -> MailSettings:
        mail, faults = read_mail_settings({key: text(value) for key, value in values.items()})
        self.problems += [f"{where},{fault}" for fault in faults]
        return mail

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


def _words(value: str) -> list[str]:
    return [word.strip() for word in _LIST.split(value) if word.strip()]


def _whole(value: str) -> int | str:
    return int(value) if value.isdecimal() and value.isascii() else value


def _targets(value: str) -> dict[str, str]:
    pairs = (
        part.replace(_COLON, ":").partition(":")
        for part in re.split(rf"[;{_SEMICOLON}\n]+", value)
        if part.strip()
    )
    return {kind.strip(): target.strip() for kind, _, target in pairs}


def _day(value: Cell) -> date | None:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(text(value))
    except ValueError:
        return None


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
