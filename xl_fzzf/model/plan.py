"""The plan (工作方案): areas, tasks, safeguards, indicators, and the roster of units."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from xl_fzzf.model.grammar import unseen
from xl_fzzf.model.kinds import Kind
from xl_fzzf.model.labelled import Labelled
from xl_fzzf.model.record import ENTRY_FIELDS, Record, blank
from xl_fzzf.model.target import Target

LEAD_SCOPE = "牵头"
ENFORCEMENT_SCOPE = "执法"


class Role(Labelled):
    """A unit's part in a task."""

    LEAD = "lead", "牵头"
    REQUIRED = "required", "责任"
    OPTIONAL = "optional", "可选"


ROLE_OF_LABEL = {role.label: role for role in Role}


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit (单位) of the roster; `enforcement` says whether it has 行政执法职责."""

    code: str
    name: str
    kind: str
    enforcement: bool = False
    aliases: tuple[str, ...] = ()
    contact: str = ""
    email: str = ""
    confirmed: bool = True


@dataclass(frozen=True, slots=True)
class Indicator:
    """A clause of a task that can be judged; `targets` holds the targets of unit kinds that differ.

    `total` names the unit whose figure is the district's own total: it is not added again.
    """

    code: str
    task: str
    text: str
    kind: Kind
    measure: str
    target: Target
    targets: Mapping[str, Target] = field(default_factory=dict)
    due: date | None = None
    weight: float = 1.0
    limit: float | None = None
    scope: tuple[str, ...] = ()
    numerator: str = ""
    denominator: str = ""
    total: str = ""

    @property
    def most(self) -> float:
        """The largest number that is believable in any of the indicator's number cells."""
        return self.kind.traits.most if self.limit is None else self.limit

    def target_for(self, unit: Unit) -> Target:
        """The target that holds for this unit."""
        return self.targets.get(unit.kind, self.target)

    def due_in(self, year: int) -> date:
        """The day by which the target is to be met: the plan's, or the year's last."""
        return self.due or date(year, 12, 31)

    def concerns(self, unit: Unit, role: Role) -> bool:
        """Whether a unit with that role in the task reports on this indicator."""
        return not self.scope or any(
            word in (unit.name, unit.kind)
            or (word == LEAD_SCOPE and role is Role.LEAD)
            or (word == ENFORCEMENT_SCOPE and unit.enforcement)
            for word in self.scope
        )


@dataclass(frozen=True, slots=True)
class Task:
    """A task (1–29) or a safeguard (保1–保5): `number` as it is written, `responsible` verbatim."""

    number: str
    name: str
    text: str
    responsible: str
    indicators: tuple[Indicator, ...]


@dataclass(frozen=True, slots=True)
class Area:
    """A work area (工作领域) with its tasks; number 0 holds the safeguards."""

    number: int
    name: str
    tasks: tuple[Task, ...]

    @property
    def indicators(self) -> Iterator[Indicator]:
        """The indicators of all its tasks, in the plan's order."""
        return (indicator for task in self.tasks for indicator in task.indicators)


SAFEGUARDS = 0
SAFEGUARD_MARK = "保"


@dataclass(frozen=True, kw_only=True)
class Plan:
    """A whole plan with its roster. `areas` ends with the safeguards, as area 0, if there are any.

    `subject` is the work that it is about (优化营商环境), `addressee` who the summary is reported to,
    `signer` the body that signs where that is not the coordinator, `evidence` an example of 佐证材料.
    `kinds` maps each kind of unit to the words by which a 责任单位 line calls it.
    """

    name: str
    subject: str
    summary_title: str
    district: str
    coordinator: str
    signer: str = ""
    addressee: str = ""
    evidence: str = ""
    year: int
    period: str
    kinds: Mapping[str, tuple[str, ...]]
    areas: tuple[Area, ...]
    units: tuple[Unit, ...]

    @property
    def signature(self) -> str:
        """Who signs: the signer, or else the coordinator in full (南充市嘉陵区 + 区司法局 = 南充市嘉陵区司法局)."""
        if self.signer or self.coordinator.startswith(self.district):
            return self.signer or self.coordinator
        return self.district + self.coordinator.removeprefix(self.district[-1:])

    @property
    def evidence_example(self) -> str:
        """What 佐证材料 may look like: the plan's own example, or a document of its year."""
        return self.evidence or f"关于××的通知（×府办〔{self.year}〕×号）"

    def silent(self, code: str, record: Record) -> bool:
        """Whether an indicator's record tells nothing; last year's value, which may be given, is nothing."""
        indicator = self.indicators.get(code)
        fields = indicator.kind.told if indicator else ENTRY_FIELDS
        return all(blank(cell) or unseen(cell) for cell in (getattr(record, f) for f in fields))

    @cached_property
    def tasks(self) -> dict[str, Task]:
        """All tasks and safeguards by number."""
        return {task.number: task for area in self.areas for task in area.tasks}

    @cached_property
    def indicators(self) -> dict[str, Indicator]:
        """All indicators by code, in the plan's order."""
        return {indicator.code: indicator for area in self.areas for indicator in area.indicators}

    @cached_property
    def area_of(self) -> dict[str, Area]:
        """The area of each indicator code."""
        return {indicator.code: area for area in self.areas for indicator in area.indicators}

    @cached_property
    def unit_by_code(self) -> dict[str, Unit]:
        """The roster by code."""
        return {unit.code: unit for unit in self.units}

    @cached_property
    def unit_by_name(self) -> dict[str, Unit]:
        """The roster by every folded name and alias; nothing is ever matched by likeness."""
        return {fold(name): unit for unit in self.units for name in (unit.name, *unit.aliases)}

    @property
    def summary_name(self) -> str:
        """What its summary's file is called: the title, with the district where that names none."""
        title, district = self.summary_title, self.district
        return title if district in title else f"{district}{title}"

    def find_unit(self, name: str) -> Unit | None:
        """The unit of that name, alias or code."""
        return self.unit_by_name.get(fold(name)) or self.unit_by_code.get(name.strip())


_SHORTEST_NAME = 3
_ABOUT_BEFORE = re.compile(
    r"(?:赴|到|在|对|向|去|关于|有关|(?:(?<![填季月年周])报|[呈送致交寄发])[送给至往]?)$"
)
_ABOUT_AFTER = re.compile(
    r"(?:中学|小学|中心校|学校|卫生院|派出所|司法所|社区|村|路|调研|检查|督导)"
)
_FOLD = str.maketrans("（）〈〉＜＞", "()<><>", " \u3000\u00a0\u200b\t\r\n")


def fold(name: str) -> str:
    """A name as it is compared: no spaces, half-width brackets."""
    return name.translate(_FOLD)


def find_named(plan: Plan, title: str) -> tuple[Unit, ...]:
    """The units whose name or alias stands in a title, not inside a longer one.

    A place that is only spoken about (赴金凤镇调研, 金凤镇中学) is no sender, nor is whom it goes to
    (报区司法局).
    """
    words = fold(title)
    spans = [
        (match.start(), -match.end(), unit)
        for name, unit in plan.unit_by_name.items()
        if len(name) >= _SHORTEST_NAME and name in words
        for match in re.finditer(re.escape(name), words)
    ]
    named: dict[str, Unit] = {}
    reached = 0
    for start, end, unit in sorted(spans, key=lambda span: span[:2]):
        if -end > reached:
            reached = -end
            about = _ABOUT_BEFORE.search(words, 0, start) or _ABOUT_AFTER.match(words, reached)
            if not about:
                named[unit.code] = unit
    return tuple(named.values())
