"""The city: its districts' records, held against one plan and rolled up from numerators and denominators."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

from xl_fzzf.model.assessment import Assessment
from xl_fzzf.model.edition import FIRST, Edition
from xl_fzzf.model.plan import Area, Plan, Unit
from xl_fzzf.model.rollup import IndicatorTotal, total_indicators
from xl_fzzf.model.round import Assessed, Registered
from xl_fzzf.model.status import Status

DISTRICT = "区县"
"""The kind of unit that a district is in the city's roster."""

_OFFICE = "市级部门"
_EVERY_DISTRICT, _OWN = "各区县", "本区县"


@dataclass(frozen=True, kw_only=True)
class District:
    """A district whose summary counts: its file, the day it judged as of, and all its records.

    `units` is how many of its units had to report, `sent` how many did, as the district says;
    `excluded` is how many rows of its 数据 do not count. `stated` are its records by the status that it
    says itself (区县自报), by its own targets, due dates and day.
    """

    unit: Unit
    file: str
    late: bool
    as_of: date | None
    units: int
    sent: int
    plan: Plan
    assessments: Sequence[Assessment]
    stated: Counter[Status]
    errors: int = 0
    excluded: int = 0

    @cached_property
    def indicators(self) -> list[IndicatorTotal]:
        """Every indicator of the city's plan, rolled up over the district."""
        return total_indicators(self.plan, self.assessments)

    @cached_property
    def statuses(self) -> Counter[Status]:
        """How many records have which status."""
        return Counter(assessment.status for assessment in self.assessments)


@dataclass(frozen=True)
class City(Assessed):
    """Where the city stands, over all records of all districts: those that count, all that were expected.

    A rate is Σ分子/Σ分母, no mean of rates. `master` and `sha256` say which file its targets were
    read from, `edition` which edition of the summary this is, `edited` what was edited of the city's plan
    since the period began.
    """

    districts: Sequence[District]
    files: Sequence[Registered]
    edited: Sequence[str] = ()
    master: str = ""
    sha256: str = ""
    edition: Edition = FIRST

    @property
    def expected(self) -> list[Unit]:
        """The districts of the roster."""
        return districts_of(self.round.plan)

    @property
    def missing(self) -> list[Unit]:
        """The districts without a summary that counts."""
        there = {district.unit.code for district in self.districts}
        return [unit for unit in self.expected if unit.code not in there]


def districts_of(plan: Plan) -> list[Unit]:
    """The districts of a city's roster."""
    return [unit for unit in plan.units if unit.kind == DISTRICT]


def build_city_plan(plan: Plan, city: str, districts: Sequence[str]) -> Plan:
    """A city's plan: a district's areas and indicators, every task for every district.

    A district's own 合计单位 and scopes are its business: its records say what they are.
    """
    office = city[-1:] + plan.coordinator.removeprefix(plan.district[-1:])
    units = [Unit("S00", office, _OFFICE)]
    units += [
        Unit(f"D{number:02d}", name, DISTRICT, aliases=_aliases(city, name))
        for number, name in enumerate(districts, 1)
    ]
    kinds = {**plan.kinds, DISTRICT: (_EVERY_DISTRICT,), _OFFICE: (_OFFICE,)}
    names = (plan.district, plan.district.removeprefix(city))
    return replace(
        plan,
        name=_renamed(plan.name, plan.district, city),
        summary_title=_renamed(plan.summary_title, plan.district, city),
        district=city,
        coordinator=office,
        signer="",
        addressee="",
        evidence="",
        kinds=kinds,
        areas=tuple(_for_every_district(area, names) for area in plan.areas),
        units=tuple(units),
    )


def _renamed(title: str, district: str, city: str) -> str:
    return title.replace(district, city) if district in title else f"{city}{title}"


def _aliases(city: str, name: str) -> tuple[str, ...]:
    """南充市嘉陵区 is 嘉陵区 as well, and the other way round."""
    return (name.removeprefix(city),) if name.startswith(city) else (f"{city}{name}",)


def _for_every_district(area: Area, names: Sequence[str]) -> Area:
    tasks = [
        replace(
            task,
            text=without_names(task.text, names),
            responsible=_EVERY_DISTRICT,
            indicators=tuple(
                replace(item, text=without_names(item.text, names), scope=(), total="")
                for item in task.indicators
            ),
        )
        for task in area.tasks
    ]
    return replace(area, tasks=tuple(tasks))


def without_names(words: str, names: Sequence[str]) -> str:
    """Words of a plan in which a district names itself, as every district can say them."""
    for name in sorted(filter(None, names), key=len, reverse=True):
        words = words.replace(name, _OWN)
    return words
