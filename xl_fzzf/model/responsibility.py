"""Responsibility (责任分工): from a task's 责任单位 line and the roster to each unit's role."""

from __future__ import annotations

import re
from dataclasses import dataclass

from xl_fzzf.model.plan import ENFORCEMENT_SCOPE, Plan, Role, Task, Unit

Assignments = dict[tuple[str, str], Role]
"""(unit code, task number) → role; a pair that is absent is not assigned."""

_SEPARATORS = re.compile(r"[、,，;；。\n]")
_INNER = re.compile(r"[<>〈〉＜＞《》()（）/／和及]+")
_QUALIFIERS = (
    "其他",
    "其它",
    "各",
    "有关",
    "相关",
    "具有行政执法职责的",
    "有行政执法职责的",
)


@dataclass(frozen=True, slots=True)
class _Group:
    """A group of units as a line names it: 其他有行政执法职责的区级部门."""

    kinds: frozenset[str]
    enforcement: bool
    role: Role

    def holds(self, unit: Unit) -> bool:
        return unit.kind in self.kinds and (unit.enforcement or not self.enforcement)


def assign(plan: Plan) -> Assignments:
    """The assignments of every task and safeguard, from its own 责任单位 line."""
    return {
        (unit, number): role
        for number, task in plan.tasks.items()
        for unit, role in assign_task(plan, task).items()
    }


def assign_task(plan: Plan, task: Task) -> dict[str, Role]:
    """One task's roles by unit code: the first named unit leads, groups add the units not named.

    Raises ValueError with the word that names neither a unit of the roster nor a kind of unit.
    """
    named: dict[str, Role] = {}
    groups: list[_Group] = []
    for word in filter(None, map(str.strip, _SEPARATORS.split(task.responsible))):
        unit = plan.find_unit(word)
        if unit:
            named.setdefault(unit.code, Role.LEAD if not named else Role.REQUIRED)
        else:
            groups.append(_read_group(plan, word))
    roles: dict[str, Role] = {}
    for unit in plan.units:
        found = [group.role for group in groups if group.holds(unit)]
        if unit.code in named:
            roles[unit.code] = named[unit.code]
        elif found:
            roles[unit.code] = Role.REQUIRED if Role.REQUIRED in found else Role.OPTIONAL
    return roles


def _read_group(plan: Plan, word: str) -> _Group:
    core = word
    if not _kinds_called(plan, core):
        for qualifier in _QUALIFIERS:
            core = core.replace(qualifier, "")
    kinds: set[str] = set()
    for part in filter(None, _INNER.split(core)):
        called = _kinds_called(plan, part)
        if not called:
            raise ValueError(
                f"责任单位“{word}”里的“{part}”既不在单位名录里,也不是单位类别的叫法;"
                "几个单位之间请用顿号“、”隔开"
            )
        kinds |= called
    if not kinds:
        raise ValueError(f"责任单位“{word}”看不懂")
    optional = any(mark in word for mark in ("有关", "相关"))
    return _Group(
        frozenset(kinds),
        enforcement=f"行政{ENFORCEMENT_SCOPE}" in word,
        role=Role.OPTIONAL if optional else Role.REQUIRED,
    )


def _kinds_called(plan: Plan, word: str) -> set[str]:
    return {kind for kind, words in plan.kinds.items() if word == kind or word in words}
