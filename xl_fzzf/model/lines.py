"""What the tasks' 责任单位 lines give where 责任分工 does not say it yet: new units, new tasks, lines that changed."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace

from xl_fzzf.model.plan import Plan, Role, Task, Unit
from xl_fzzf.model.record import grouped
from xl_fzzf.model.responsibility import Assignments, assign_task

Roles = Mapping[tuple[str, str], Role | None]
"""(unit code, task number) → role, None for nobody's."""


@dataclass(frozen=True, slots=True)
class Stated:
    """The tasks' lines by number, and the roster, as they were when the last run read them."""

    lines: Mapping[str, str] = field(default_factory=dict)
    units: tuple[Unit, ...] = ()


@dataclass(frozen=True, slots=True)
class Followed:
    """What is taken from the lines: of `units` that 责任分工 doesn't list, and in the cells of others.

    `corrected` are cells that would follow a line that changed, had the coordinator not corrected them.
    """

    units: tuple[str, ...] = ()
    roles: Roles = field(default_factory=dict)
    corrected: Roles = field(default_factory=dict)

    def say_corrected(self, plan: Plan) -> Iterator[str]:
        """A sentence for each task whose line says something else now than cells that are left alone."""
        for number, cells in grouped(self.corrected, lambda cell: cell[1]).items():
            names = "、".join(
                f"{plan.unit_by_code[unit].name}（{_label(self.corrected[unit, number])}）"
                for unit, _ in cells
            )
            yield (
                f"任务 {number} 的责任单位改了，按新的一行应为：{names}；"
                "“责任分工”里这几格手工改过，没有动，请核对"
            )


def _label(role: Role | None) -> str:
    return role.label if role else "不承担"


def follow_lines(
    plan: Plan, stated: Assignments, listed: Collection[str], before: Stated
) -> Followed:
    """What the lines give beside what 责任分工 states of the units that it lists, by code.

    A cell follows a changed line if it says what the old line gave, by the roster of then.
    """
    unlisted = tuple(unit.code for unit in plan.units if unit.code not in listed)
    roles: dict[tuple[str, str], Role | None] = {}
    corrected: dict[tuple[str, str], Role | None] = {}
    marked = {number for _, number in stated}
    for number, task in plan.tasks.items():
        now, was = _read(plan, task), before.lines.get(number)
        if now is None:  # told as a line that can't be read
            continue
        roles |= {(code, number): now[code] for code in unlisted if code in now}
        if was is None and before.lines and number not in marked:
            roles |= {(code, number): now[code] for code in listed if code in now}
        elif was not in (None, task.responsible):
            then = _read(replace(plan, units=before.units), replace(task, responsible=was or ""))
            for code in listed:
                stands, new = stated.get((code, number)), now.get(code)
                old = then.get(code) if then is not None else None
                if new is not stands and (then is None or new is not old):
                    follows = then is not None and stands is old
                    (roles if follows else corrected)[code, number] = new
    return Followed(unlisted, roles, corrected)


def _read(plan: Plan, task: Task) -> Mapping[str, Role] | None:
    """A task's roles by its line; None where that can't be read."""
    try:
        return assign_task(plan, task)
    except ValueError:
        return None
