"""Build a plan from plain values, whether they come from a plan file or from the master's sheets.

Every mapping may carry `where`, the place where it stands, or words on it; faults name it and the key.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import fields, replace
from datetime import date, datetime
from difflib import get_close_matches
from typing import Any, TypeVar, cast

from xl_fzzf.model.contradictions import Read, find_contradictions
from xl_fzzf.model.dates import parse_day
from xl_fzzf.model.kinds import Kind, read_kind, read_kind_on_sheet, read_target
from xl_fzzf.model.period import Period
from xl_fzzf.model.plan import SAFEGUARD_MARK, SAFEGUARDS, Area, Indicator, Plan, Task, Unit, fold
from xl_fzzf.model.problems import Place, PlanError, Problems, shown
from xl_fzzf.model.record import text
from xl_fzzf.model.target import Op, Target

Raw = Mapping[str, Any]
T = TypeVar("T")

_LARGEST = 1e15
"""A weight or limit above this is a slip, and no number that a spreadsheet can hold exactly."""


def _keys(built: type[Any], *other: str) -> Iterator[str]:
    """The keys of a mapping from which this is built: its fields, but for those that are `other`."""
    return (each.name for each in fields(built) if each.name not in other)


def build_plan(raw: Raw, file: str) -> Plan:
    """The plan that the values describe; raises PlanError that lists every fault at once."""
    problems = Problems()
    plan = read_plan(raw, problems)
    if problems:
        raise PlanError(file, problems.lines())
    return plan


def read_plan(raw: Raw, problems: Problems) -> Plan:
    """The plan that the values describe, as far as they can be used; every fault is among the problems."""
    builder = _Builder(problems)
    plan = builder.plan(raw)
    if coordinator := plan.find_unit(plan.coordinator):
        plan = replace(plan, coordinator=coordinator.name)
    find_contradictions(plan, builder.read, problems)
    return plan


class _Builder:
    """Reads values and collects faults; a faulty value is replaced so that reading can go on."""

    def __init__(self, problems: Problems) -> None:
        self.problems, self.read = problems, Read()
        self.year: object = None
        self.names: dict[str, str] = {}

    def fault(self, raw: Raw, key: str, message: str) -> None:
        self.problems.add(Place.of(raw), key, message)

    def plan(self, raw: Raw) -> Plan:
        self.known(raw, *_keys(Plan, "units"), "safeguards", "roster")
        self.read.plan, self.year = Place.of(raw), raw.get("year")
        sound = len(self.problems)
        kinds = self.kinds(raw)
        self.names = {fold(kind): kind for kind in reversed(kinds)}
        units = tuple(self.unit(item, kinds) for item in self.roster(raw))
        called = ((name, unit.name) for unit in units for name in (unit.name, *unit.aliases))
        self.names = {fold(name): unit for name, unit in called} | self.names
        self.read.roster_is_sound = len(self.problems) == sound
        areas = [self.area(item) for item in self.rows(raw, "areas")]
        rows = self.rows(raw, "safeguards", needed=False)
        if safeguards := [self.task(item, SAFEGUARD_MARK) for item in rows]:
            areas.append(Area(SAFEGUARDS, "保障措施", tuple(safeguards)))
        return Plan(
            name=self.text(raw, "name"),
            subject=self.text(raw, "subject"),
            summary_title=self.text(raw, "summary_title"),
            district=self.text(raw, "district"),
            coordinator=self.text(raw, "coordinator"),
            signer=self.text(raw, "signer", needed=False),
            addressee=self.text(raw, "addressee", needed=False),
            evidence=self.text(raw, "evidence", needed=False),
            year=self.whole(raw, "year"),
            period=self.parsed(raw, "period", lambda text: str(Period.parse(text)), ""),
            kinds=kinds,
            areas=tuple(areas),
            units=units,
        )

    def roster(self, raw: Raw) -> Sequence[Raw]:
        roster = raw.get("roster")
        if isinstance(roster, Mapping):
            self.known(roster, "units")
            return self.rows(roster, "units")
        self.fault(raw, "roster", "要有 units，列出全部单位")
        return ()

    def kinds(self, raw: Raw) -> dict[str, tuple[str, ...]]:
        kinds = raw.get("kinds")
        if not isinstance(kinds, Mapping) or not kinds:
            self.fault(raw, "kinds", '要列出单位类别，例如 乡镇 = ["乡镇人民政府"]')
            return {}
        located = {**kinds, "where": raw.get("where") or "kinds"}
        return {str(kind): self.words(located, kind) for kind in kinds if kind != "where"}

    def area(self, raw: Raw) -> Area:
        self.known(raw, *_keys(Area))
        tasks = tuple(self.task(item, "") for item in self.rows(raw, "tasks"))
        area = Area(self.whole(raw, "number", 99), self.text(raw, "name"), tasks)
        self.read.areas.append((area, Place.of(raw)))
        return area

    def task(self, raw: Raw, mark: str) -> Task:
        self.known(raw, *_keys(Task))
        number = f"{mark}{self.whole(raw, 'number')}"
        task = Task(
            number=number,
            text=self.text(raw, "text"),
            responsible=self.text(raw, "responsible"),
            indicators=tuple(self.indicator(row, number) for row in self.rows(raw, "indicators")),
            name=self.text(raw, "name", needed=bool(mark)),
        )
        self.read.tasks.append((task, Place.of(raw)))
        return task

    def indicator(self, raw: Raw, task: str) -> Indicator:
        self.known(raw, *_keys(Indicator, "task"))
        sound = len(self.problems)
        measure = self.text(raw, "measure", needed=False)
        found = self.parsed(
            raw, "kind", read_kind_on_sheet if Place.of(raw).on_sheet else read_kind, None
        )
        kind = found or Kind.TEXT
        default = kind.default_target
        stated = raw.get("target") not in (None, "")
        told = raw.get("measure", "") is not None  # without it a target's own measure can't be read

        def read(text: str) -> Target:
            return read_target(text, measure, kind) if found and told else default

        indicator = Indicator(
            code=self.text(raw, "code"),
            task=task,
            text=self.text(raw, "text"),
            kind=kind,
            measure=measure,
            target=self.parsed(raw, "target", read, default) if stated else default,
            due=self.day(raw, "due"),
            weight=self.amount(raw, "weight", 1.0) or 0.0,
            limit=self.amount(raw, "limit", None),
            scope=tuple(map(self.named, self.words(raw, "scope"))),
            targets=self.targets(raw, read),
            numerator=self.text(raw, "numerator", needed=False),
            denominator=self.text(raw, "denominator", needed=False),
            total=self.named(self.text(raw, "total", needed=False)),
        )
        self.read.indicators.append((indicator, Place.of(raw)))
        if len(self.problems) == sound:
            self.read.sound.add(id(indicator))
        return indicator

    def targets(self, raw: Raw, read: Callable[[str], Target]) -> dict[str, Target]:
        given = raw.get("targets", {})
        if not isinstance(given, Mapping):
            self.fault(raw, "targets", '要写成 单位类别 = 目标，例如 乡镇 = "≥ 1"')
            return {}
        located = {**given, "where": Place.of(raw).within("targets", given)}
        return {
            self.named(kind): self.parsed(located, kind, read, Target(Op.FILLED)) for kind in given
        }

    def unit(self, raw: Raw, kinds: Mapping[str, object]) -> Unit:
        self.known(raw, *_keys(Unit))
        kind = self.named(self.text(raw, "kind"))
        if kind and kinds and kind not in kinds:
            self.fault(raw, "kind", f"“{kind}”不是单位类别，可用：{'、'.join(kinds)}")
        unit = Unit(
            code=self.text(raw, "code"),
            name=self.text(raw, "name"),
            kind=kind,
            enforcement=self.flag(raw, "enforcement", False),
            aliases=self.words(raw, "aliases"),
            contact=self.text(raw, "contact", needed=False),
            email=self.text(raw, "email", needed=False),
            confirmed=self.flag(raw, "confirmed", True),
        )
        self.read.units.append((unit, Place.of(raw)))
        return unit

    def named(self, word: str) -> str:
        """A kind or a unit as the plan writes it, whatever its brackets, and a unit whatever its alias."""
        return self.names.get(fold(word), word)

    def known(self, raw: Raw, *keys: str) -> None:
        for key in raw:
            if key not in keys and key != "where":
                near = get_close_matches(str(key), keys, 1)
                guess = f"是不是“{near[0]}”？" if near else ""
                self.fault(raw, key, f"不认识的项，{guess}可用：{'、'.join(keys)}")

    def rows(self, raw: Raw, key: str, needed: bool = True) -> Sequence[Raw]:
        rows = raw.get(key, ())
        tables = isinstance(rows, (list, tuple)) and all(isinstance(row, Mapping) for row in rows)
        if tables and (rows or not needed):
            return cast(Sequence[Raw], rows)
        self.fault(raw, key, "要有至少一项")
        return ()

    def text(self, raw: Raw, key: str, needed: bool = True) -> str:
        value = raw.get(key, "")
        if isinstance(value, str) and (value.strip() or not needed):
            return value.strip()
        empty = value is None or isinstance(value, str)
        self.fault(raw, key, "没有填，这一项必填" if empty else f"要填文字，现在是{shown(value)}")
        return ""

    def whole(self, raw: Raw, key: str, most: int = 9_999) -> int:
        value = raw.get(key)
        if isinstance(value, int) and not isinstance(value, bool) and 0 < value <= most:
            return value
        self.fault(raw, key, f"要填 1 至 {most} 的整数，现在是{shown(value)}")
        return 0

    def amount(self, raw: Raw, key: str, default: float | None) -> float | None:
        value = raw.get(key)
        if value is None or value == "":
            return default
        if (
            isinstance(value, (int, float))
            and not isinstance(value, bool)
            and 0 <= value <= _LARGEST
        ):
            return float(value)
        self.fault(raw, key, f"要填不小于 0 的数，现在是{shown(value)}")
        return default

    def day(self, raw: Raw, key: str) -> date | None:
        value = raw.get(key)
        if value is None or value == "":
            return None
        if isinstance(value, date):
            return value.date() if isinstance(value, datetime) else value
        day = parse_day(text(value))
        if isinstance(day, date):
            return day
        example = f"，例如 {self.year}-12-31" if isinstance(self.year, int) else ""
        self.fault(raw, key, f"要填日期{example}，现在是{shown(value)}")
        return None

    def flag(self, raw: Raw, key: str, default: bool) -> bool:
        value = raw.get(key, default)
        if isinstance(value, bool):
            return value
        wanted = "是 或 否" if Place.of(raw).on_sheet else "true 或 false"
        self.fault(raw, key, f"要填 {wanted}，现在是{shown(value)}")
        return default

    def words(self, raw: Raw, key: str) -> tuple[str, ...]:
        value = raw.get(key, ())
        if isinstance(value, (list, tuple)) and all(isinstance(word, str) for word in value):
            return tuple(word.strip() for word in value if word.strip())
        self.fault(raw, key, f'要填文字的列表，例如 ["甲", "乙"]，现在是{shown(value)}')
        return ()

    def parsed(self, raw: Raw, key: str, parse: Callable[[str], T], default: T) -> T:
        value = raw.get(key, "")
        try:
            return parse(value if isinstance(value, str) else str(value))
        except ValueError as error:
            self.fault(raw, key, str(error))
            return default
