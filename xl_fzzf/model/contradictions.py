"""What only a whole plan can tell: codes and names that are unique, lines and scopes that resolve."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from xl_fzzf.model.kinds import Kind
from xl_fzzf.model.plan import ENFORCEMENT_SCOPE, LEAD_SCOPE, Plan, fold
from xl_fzzf.model.responsibility import assign_task


def find_contradictions(plan: Plan) -> Iterator[str]:
    """Everything that contradicts itself in a plan, in words; nothing for a good plan."""
    indicators = [item.code for area in plan.areas for item in area.indicators]
    names = [{fold(name) for name in (unit.name, *unit.aliases)} for unit in plan.units]
    yield from _repeated("指标编号", indicators)
    yield from _repeated("领域编号", (str(area.number) for area in plan.areas))
    yield from _repeated("任务编号", (task.number for area in plan.areas for task in area.tasks))
    yield from _repeated("单位代码", (unit.code for unit in plan.units))
    yield from _repeated("单位名称或别名", (name for own in names for name in sorted(own)))
    if not plan.find_unit(plan.coordinator):
        yield f"coordinator:汇总单位“{plan.coordinator}”不在单位名录里"
    yield from _unknown_scopes(plan)
    for task in plan.tasks.values():
        try:
            assign_task(plan, task)
        except ValueError as error:
            yield f"任务 {task.number},“responsible”:{error}"


def _repeated(what: str, values: Iterable[str]) -> Iterator[str]:
    for value, count in Counter(values).items():
        if count > 1:
            yield f"{what}“{value}”出现了 {count} 次,只能用一次"


def _unknown_scopes(plan: Plan) -> Iterator[str]:
    scopes = {LEAD_SCOPE, ENFORCEMENT_SCOPE, *plan.kinds, *(unit.name for unit in plan.units)}
    names = {unit.name for unit in plan.units}
    for indicator in plan.indicators.values():
        place = f"指标 {indicator.code}"
        for word in indicator.scope:
            if word not in scopes:
                yield f"{place},“scope”:适用范围“{word}”应为 牵头、执法、单位类别或单位名称"
        if indicator.total and indicator.total not in names:
            yield f"{place},“total”:合计单位“{indicator.total}”不是单位名录里的单位名称"
        if indicator.total and not indicator.kind.addends:
            kinds = "、".join(kind.label for kind in Kind if kind.addends)
            yield f"{place},“total”:只有 {kinds} 类的指标有合计单位,现在是 {indicator.kind.label}"
        for kind in indicator.targets:
            if kind not in plan.kinds:
                kinds = "、".join(plan.kinds)
                yield f"{place},“targets”:“{kind}”不是单位类别,可用:{kinds}"
