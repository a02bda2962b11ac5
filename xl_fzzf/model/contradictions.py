"""What contradicts itself in a plan whose parts can each be read: told where it stands, all at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from xl_fzzf.model.kinds import Kind
from xl_fzzf.model.plan import (
    ENFORCEMENT_SCOPE,
    LEAD_SCOPE,
    SAFEGUARD_MARK,
    Area,
    Indicator,
    Plan,
    Task,
    Unit,
    fold,
)
from xl_fzzf.model.problems import Place, Problems
from xl_fzzf.model.responsibility import assign_task
from xl_fzzf.model.target import Op, Target

_NONE = f"{SAFEGUARD_MARK}0"
"""The number of a task of which none could be read."""

_AT_LEAST = frozenset({Op.GE, Op.GT, Op.EQ, Op.BETWEEN})
"""What asks for a number that must be believable."""


@dataclass
class Read:
    """What was read of a plan, each part with its place, those that stand twice included.

    `sound` are the indicators without a fault, by identity; `roster_is_sound` says that nothing is
    wrong with the roster, against which lines, scopes and totals are held.
    """

    plan: Place = field(default_factory=Place)
    areas: list[tuple[Area, Place]] = field(default_factory=list)
    tasks: list[tuple[Task, Place]] = field(default_factory=list)
    indicators: list[tuple[Indicator, Place]] = field(default_factory=list)
    units: list[tuple[Unit, Place]] = field(default_factory=list)
    sound: set[int] = field(default_factory=set)
    roster_is_sound: bool = True


def find_contradictions(plan: Plan, read: Read, problems: Problems) -> None:
    """Add everything that contradicts itself; what follows from another fault is not told."""
    _find_repeated(read, problems)
    for indicator, place in read.indicators:
        if id(indicator) in read.sound:
            for message in _unreachable(indicator):
                problems.add(place, "limit", message)
    if not read.roster_is_sound:
        return
    if plan.coordinator and not plan.find_unit(plan.coordinator):
        message = f"汇总单位“{plan.coordinator}”不在单位名录里"
        problems.add(read.plan, "coordinator", message)
    for indicator, place in read.indicators:
        if id(indicator) in read.sound:
            for key, message in _unknown_words(plan, indicator):
                problems.add(place, key, message)
    for task, place in read.tasks:
        if task.responsible:
            try:
                assign_task(plan, task)
            except ValueError as error:
                problems.add(place, "responsible", str(error))


def _find_repeated(read: Read, problems: Problems) -> None:
    names = [
        (name, place)
        for unit, place in read.units
        for name in sorted({fold(name) for name in (unit.name, *unit.aliases)})
    ]
    for what, key, values in (
        ("指标编号", "code", ((indicator.code, place) for indicator, place in read.indicators)),
        ("领域编号", "number", ((str(area.number or ""), place) for area, place in read.areas)),
        (
            "任务编号",
            "number",
            ((t.number, place) for t, place in read.tasks if t.number.strip(_NONE)),
        ),
        ("单位代码", "code", ((unit.code, place) for unit, place in read.units)),
        ("单位名称或别名", "", names),
    ):
        for value, places in _by_value(values):
            message = f"{what}“{value}”出现了 {len(places)} 次，只能用一次"
            problems.add(places[0], key, message, *places[1:])


def _by_value(values: Iterable[tuple[str, Place]]) -> Iterator[tuple[str, list[Place]]]:
    """The values that stand in more than one place."""
    places: dict[str, list[Place]] = defaultdict(list)
    for value, place in values:
        places[value].append(place)
    return ((value, own) for value, own in places.items() if value and len(own) > 1)


def _unknown_words(plan: Plan, indicator: Indicator) -> Iterator[tuple[str, str]]:
    """The words of an indicator that name neither a unit nor a kind, by key."""
    names = {unit.name for unit in plan.units}
    scopes = {LEAD_SCOPE, ENFORCEMENT_SCOPE, *plan.kinds, *names}
    for word in indicator.scope:
        if word not in scopes:
            yield "scope", f"适用范围“{word}”应为 牵头、执法、单位类别或单位名称"
    if indicator.total and indicator.total not in names:
        yield "total", f"合计单位“{indicator.total}”不是单位名录里的单位名称"
    if indicator.total and not indicator.kind.addends:
        kinds = "、".join(kind.label for kind in Kind if kind.addends)
        yield "total", f"只有 {kinds} 类的指标有合计单位，现在是 {indicator.kind.label}"
    for kind in indicator.targets:
        if kind not in plan.kinds:
            yield "targets", f"“{kind}”不是单位类别，可用：{'、'.join(plan.kinds)}"


def _unreachable(indicator: Indicator) -> Iterator[str]:
    """A limit below what is asked: whoever meets the target would be told that it is too much."""
    targets: list[Target] = [indicator.target, *indicator.targets.values()]
    for target in targets if indicator.limit is not None and not indicator.kind.is_ratio else ():
        if target.op in _AT_LEAST and (target.value or 0.0) > (indicator.limit or 0.0):
            asked = target.text(indicator.measure)
            yield f"上限 {indicator.limit:g} 小于目标“{asked}”，达到目标的也会算有误"
