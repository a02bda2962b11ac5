"""责任分工: the role of each unit (a row) in each task (a column), written and read."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from xl_fzzf.model.lines import Followed, Stated, follow_lines
from xl_fzzf.model.plan import ROLE_OF_LABEL, SAFEGUARD_MARK, Plan, Unit
from xl_fzzf.model.problems import Place, Problems
from xl_fzzf.model.record import Cell, text
from xl_fzzf.model.responsibility import Assignments
from xl_fzzf.model.round import Round
from xl_fzzf.office.book import Value
from xl_fzzf.office.book_file import FileBook
from xl_fzzf.office.tables import HEADER_DEPTH, Column, Columns, Grid
from xl_fzzf.sheets.driving_tables import add_failed, add_merged, say_sheet
from xl_fzzf.sheets.spec import ASSIGNMENTS, UNITS

_UNIT = Column("unit", "单位", 18, also=("单位名称",))
_UNIT_WORDS = (_UNIT.header, *_UNIT.also)
_SHEET = Place(say_sheet(ASSIGNMENTS))
_LOST = "表头改了的请改回来；整列删掉的，请从“档案/备份”里最近的一份台账复制回来"
_TASK_WIDTH = 5.2
_TASK_NUMBER = re.compile(rf"{SAFEGUARD_MARK}?[1-9]\d*")


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


def write_followed(book: FileBook, round_: Round) -> None:
    """Write what the tasks' lines give into 责任分工: columns of new tasks, rows of new units, and cells.

    Staff's own columns and rows stay where they are.
    """
    followed, plan = round_.followed, round_.plan
    header = _find_header(book.read(ASSIGNMENTS))
    new = [number for number in plan.tasks if number not in header.tasks.values()]
    if not (new or followed.units or followed.roles):
        return
    _write_headers(book, header, new)
    grid = book.read(ASSIGNMENTS)
    header = _find_header(grid)
    column_of = {number: column + 1 for column, number in header.tasks.items()}
    units = {row: plan.find_unit(text(line[header.unit])) for row, line in enumerate(grid, 1)}
    rows = {unit.code: row for row, unit in units.items() if unit and row > header.row}
    bottom = max(
        [header.row, *(row for row, line in enumerate(grid, 1) if text(line[header.unit]))]
    )
    for row, code in enumerate(followed.units, bottom + 1):
        book.write(ASSIGNMENTS, row, header.unit + 1, [[plan.unit_by_code[code].name]])
        rows[code] = row
    for (code, number), role in followed.roles.items():
        label = role.label if role else None
        styles = [["center"]] if number in new else None
        book.write(ASSIGNMENTS, rows[code], column_of[number], [[label]], styles)


def _write_headers(book: FileBook, header: _Header, numbers: Sequence[str]) -> None:
    """Head new columns to the right of the tasks' own and of whatever staff put there."""
    grid = book.read(ASSIGNMENTS)
    own = max(header.tasks) + 1
    free = own if not any(text(cell) for line in grid for cell in line[own:]) else len(grid[0])
    if numbers:
        styles = [["header"] * len(numbers)]
        book.write(ASSIGNMENTS, header.row, free + 1, [numbers], styles)


def read_assignments(
    book: FileBook, plan: Plan, before: Stated, problems: Problems
) -> tuple[Assignments, Followed]:
    """The assignments, and what of them the tasks' lines give; what can't be used is a problem.

    So do the lines of units that aren't listed, of tasks that are new since `before`, and lines that
    changed since then.
    """
    header = _find_header(book.read(ASSIGNMENTS))
    if not header.tasks:
        problems.add(_SHEET, "", "找不到表头（单位、任务编号）。请从“档案/备份”里的台账复制回来")
        return {}, Followed()
    rows = list(_read_rows(book, header, plan, problems))
    new = {number for number in plan.tasks if before.lines and number not in before.lines}
    _add_form(book, header, [task for task in plan.tasks if task not in new], problems, rows)
    assignments: Assignments = {}
    listed: dict[str, list[Place]] = defaultdict(list)
    for place, unit, line in rows:
        listed[unit.name].append(place)
        for number, label in _filled(header, line, plan):
            if label in ROLE_OF_LABEL:
                assignments[unit.code, number] = ROLE_OF_LABEL[label]
            else:
                message = f"填了“{label}”，只能填 {'、'.join(ROLE_OF_LABEL)}"
                problems.add(place, f"任务 {number}", message)
    for name, places in listed.items():
        if len(places) > 1:
            message = f"“{name}”有 {len(places)} 行，只能有一行，请合成一行"
            problems.add(places[0], _UNIT.header, message, *places[1:])
    codes = [unit.code for unit in plan.units if unit.name in listed]
    followed = follow_lines(plan, assignments, codes, before)
    both = {cell: role for cell, role in {**assignments, **followed.roles}.items() if role}
    return both, followed


def _read_rows(
    book: FileBook, header: _Header, plan: Plan, problems: Problems
) -> Iterator[tuple[Place, Unit, Sequence[Cell]]]:
    """The rows of units that the roster knows; one of another, or of none, is a problem.

    It is not told where the roster itself can't be read, from which it follows.
    """
    unknown = not problems.concern(say_sheet(UNITS))
    for row, line in enumerate(book.read(ASSIGNMENTS)[header.row :], header.row + 1):
        place, name = replace(_SHEET, row=row), text(line[header.unit])
        unit = plan.find_unit(name)
        if unit is not None:
            yield place, unit, line
        elif name and unknown:
            problems.add(
                place,
                _UNIT.header,
                f"“{name}”不在单位名录里。改了名的，请在“{UNITS}”表把旧名写进“别名”；不再填报的，请删除这一行",
            )
        elif not name and any(True for _ in _filled(header, line, plan)):
            problems.add(place, _UNIT.header, "没有写单位，这一行的分工不知道是谁的")


def _add_form(
    book: FileBook,
    header: _Header,
    tasks: Iterable[str],
    problems: Problems,
    rows: Sequence[tuple[Place, Unit, Sequence[Cell]]],
) -> None:
    """Add headers of these tasks that are gone or doubled, merged cells and failed formulas."""
    place = replace(_SHEET, row=header.row)
    numbers = Counter(header.tasks.values())
    known = (number for number in tasks if _TASK_NUMBER.fullmatch(number))
    if missing := [number for number in known if number not in numbers]:
        problems.add(
            place, "", f"缺少任务的表头{''.join(f'“{number}”' for number in missing)}。{_LOST}"
        )
    for number, count in numbers.items():
        if count > 1:
            problems.add(place, number, f"这个任务有 {count} 列，请只留一列")
    columns = [header.unit + 1, *(column + 1 for column in header.tasks)]
    last = max((own.row for own, *_ in rows), default=header.row)
    add_merged(problems, book, ASSIGNMENTS, range(header.row, last + 1), columns)
    for own, _, line in rows:
        named = ((f"任务 {number}", line[column]) for column, number in header.tasks.items())
        add_failed(problems, own, named)


def _filled(header: _Header, line: Sequence[Cell], plan: Plan) -> Iterator[tuple[str, str]]:
    """The tasks of the plan in which a row says anything, and what it says."""
    for column, number in header.tasks.items():
        if number in plan.tasks and (label := text(line[column])):
            yield number, label


def _find_header(grid: Grid) -> _Header:
    """The row with 单位 and task numbers; no tasks where there is none."""
    for index, row in enumerate(grid[:HEADER_DEPTH], 1):
        words = [text(cell) for cell in row]
        unit = next((at for at, word in enumerate(words) if word in _UNIT_WORDS), None)
        tasks = {i: word for i, word in enumerate(words) if _TASK_NUMBER.fullmatch(word)}
        if unit is not None and tasks:
            return _Header(index, unit, tasks)
    return _Header(0, 0, {})


def _role(round_: Round, unit: Unit, task: str) -> str | None:
    role = round_.assignments.get((unit.code, task))
    return role.label if role else None
