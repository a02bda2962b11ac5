"""责任分工: the role of each unit (a row) in each task (a column), written and read."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from xl_fzzf.model.plan import ROLE_OF_LABEL, SAFEGUARD_MARK, Plan, Unit
from xl_fzzf.model.record import Cell, blank, text
from xl_fzzf.model.responsibility import Assignments, assign_task
from xl_fzzf.model.round import Round
from xl_fzzf.office.book import KEEP, Value
from xl_fzzf.office.book_file import FileBook
from xl_fzzf.office.tables import HEADER_DEPTH, Column, Columns, Grid
from xl_fzzf.sheets.spec import ASSIGNMENTS

_UNIT = Column("unit", "单位", 18)
_TASK_WIDTH = 5.2
_TASK_NUMBER = re.compile(rf"{SAFEGUARD_MARK}?\d+")


class _Header(NamedTuple):
    """The header: its row (from 1), the units' column and the tasks' columns (from 0)."""

    row: int
    unit: int
    tasks: Mapping[int, str]


def assignment_columns(plan: Plan) -> Columns:
    """The columns of 责任分工: the unit and one for each task, headed by its number."""
    return (_UNIT, *(Column(number, number, _TASK_WIDTH) for number in plan.tasks))


def assignment_rows(round_: Round) -> list[Sequence[Value]]:
    """The rows of a new master's 责任分工."""
    tasks = round_.plan.tasks
    return [(u.name, *(_role(round_, u, number) for number in tasks)) for u in round_.plan.units]


def write_unlisted(book: FileBook, round_: Round) -> None:
    """Add the units that 责任分工 does not list yet, below those it lists."""
    if not round_.unlisted:
        return
    grid = book.read(ASSIGNMENTS)
    header = _find_header(grid)
    bottom = max(row for row, line in enumerate(grid, 1) if not blank(line[header.unit]))
    for row, code in enumerate(round_.unlisted, bottom + 1):
        unit = round_.plan.unit_by_code[code]
        line: list[Value] = [KEEP] * len(grid[header.row - 1])
        line[header.unit] = unit.name
        for column, number in header.tasks.items():
            line[column] = _role(round_, unit, number)
        book.write(ASSIGNMENTS, row, 1, [line])


def read_assignments(
    grid: Grid, plan: Plan, problems: list[str]
) -> tuple[Assignments, tuple[str, ...]]:
    """The assignments and the codes of units that aren't listed; what can't be used, in `problems`.

    A unit that isn't listed has the roles that the tasks' own 责任单位 lines give it. Raises ValueError
    where the sheet has lost its header.
    """
    header = _find_header(grid)
    if not header.tasks:
        raise ValueError(f"工作表“{ASSIGNMENTS}”找不到表头（单位、任务编号）")
    assignments: Assignments = {}
    listed: set[str] = set()
    for row, line in enumerate(grid[header.row :], header.row + 1):
        where, name = f"工作表“{ASSIGNMENTS}”第 {row} 行", text(line[header.unit])
        unit = plan.find_unit(name)
        if unit is not None:
            listed.add(unit.code)
            for number, label in _filled(header, line, plan):
                if label in ROLE_OF_LABEL:
                    assignments[unit.code, number] = ROLE_OF_LABEL[label]
                else:
                    wanted = "、".join(ROLE_OF_LABEL)
                    problems.append(f"{where}：任务 {number} 填了“{label}”，只能填 {wanted}")
        elif name:
            problems.append(
                f"{where}：单位“{name}”不在单位名录里。改了名的，请在“单位”表把旧名写进“别名”；不再填报的，请删除这一行"
            )
    unlisted = tuple(unit.code for unit in plan.units if unit.code not in listed)
    for task in plan.tasks.values() if unlisted else ():
        roles = assign_task(plan, task)
        assignments.update({(code, task.number): roles[code] for code in unlisted if code in roles})
    return assignments, unlisted


def _filled(header: _Header, line: Sequence[Cell], plan: Plan) -> Iterator[tuple[str, str]]:
    """The tasks of the plan in which a row says anything, and what it says."""
    for column, number in header.tasks.items():
        if number in plan.tasks and (label := text(line[column])):
            yield number, label


def _find_header(grid: Grid) -> _Header:
    """The row with 单位 and task numbers; no tasks where there is none."""
    for index, row in enumerate(grid[:HEADER_DEPTH], 1):
        words = [text(cell) for cell in row]
        if _UNIT.header in words:
            unit = words.index(_UNIT.header)
            tasks = {i: word for i, word in enumerate(words) if _TASK_NUMBER.fullmatch(word)}
            return _Header(index, unit, tasks)
    return _Header(0, 0, {})


def _role(round_: Round, unit: Unit, task: str) -> str | None:
    role = round_.assignments.get((unit.code, task))
    return role.label if role else None
