"""Build a plan from plain values, whether they come from a plan file or from the master's sheets.

Every mapping may carry `where`, the words that say where it stands; faults name it and the key.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import fields, replace
from datetime import date, datetime
from typing import Any, TypeVar, cast

from xl_fzzf.model.errors import UserError
from xl_fzzf.model.kinds import Kind, read_kind, read_target
from xl_fzzf.model.period import Period
from xl_fzzf.model.plan import (
    ENFORCEMENT_SCOPE,
    LEAD_SCOPE,
    SAFEGUARD_MARK,
    SAFEGUARDS,
    Area,
    Indicator,
    Plan,
    Task,
    Unit,
    fold,
)
from xl_fzzf.model.responsibility import assign_task
from xl_fzzf.model.target import Op, Target

Raw = Mapping[str, Any]
T = TypeVar("T")

_LARGEST = 1e15
"""A weight or limit above this is a slip, and no number that a spreadsheet can hold exactly."""


def _keys(built: type[Any], *other: str) -> Iterator[str]:
    """The keys of a mapping from which this is built: its fields, but for those that are `other`."""
    return (each.name for each in fields(built) if each.name not in other)


class PlanError(UserError):
    """A plan that can't be used; `problems` says where, what was found and what is wanted."""

    def __init__(self, file: str, problems: Sequence[str]) -> None:
        self.file = file
        self.problems = tuple(problems)
        super().__init__("\n".join((f"工作方案有误：{file}", *(f"  {line}" for line in problems))))


def build_plan(raw: Raw, file: str) -> Plan:
    """The plan that the values describe; raises PlanError that lists every fault at once."""
    builder = _Builder()
    plan = builder.plan(raw)
    if coordinator := plan.find_unit(plan.coordinator):
        plan = replace(plan, coordinator=coordinator.name)
    if not builder.problems:
        builder.problems += _contradictions(plan)
    if builder.problems:
        raise PlanError(file, builder.problems)
    return plan


class _Builder:
    """Reads values and collects faults; a faulty value is replaced so that reading can go on."""

    def __init__(self) -> None:
        self.problems: list[str] = []

    def fault(self, raw: Raw, key: str, message: str) -> None:
        where = str(raw.get("where") or "")
        place = "，".join(part for part in (where, f"“{key}”" if key else "") if part)
        self.problems.append(f"{place}：{message}")

    def plan(self, raw: Raw) -> Plan:
        self.known(raw, *_keys(Plan, "units"), "safeguards", "roster")
        kinds = self.kinds(raw)
        areas = [self.area(item) for item in self.rows(raw, "areas")]
        rows = self.rows(raw, "safeguards", needed=False)
        if safeguards := [self.task(item, SAFEGUARD_MARK) for item in rows]:
            areas.append(Area(SAFEGUARDS, "保障措施", tuple(safeguards)))
        roster = raw.get("roster")
        units: Sequence[Raw] = ()
        if isinstance(roster, Mapping):
            self.known(roster, "units")
            units = self.rows(roster, "units")
        else:
            self.fault(raw, "roster", "要有 units，列出全部单位")
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
            units=tuple(self.unit(item, kinds) for item in units),
        )

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
        return Area(self.whole(raw, "number", 99), self.text(raw, "name"), tasks)

    def task(self, raw: Raw, mark: str) -> Task:
        self.known(raw, *_keys(Task))
        number = f"{mark}{self.whole(raw, 'number')}"
        return Task(
            number=number,
            text=self.text(raw, "text"),
            responsible=self.text(raw, "responsible"),
            indicators=tuple(self.indicator(row, number) for row in self.rows(raw, "indicators")),
            name=self.text(raw, "name", needed=bool(mark)),
        )

    def indicator(self, raw: Raw, task: str) -> Indicator:
        self.known(raw, *_keys(Indicator, "task"))
        measure = self.text(raw, "measure", needed=False)
        found = self.parsed(raw, "kind", read_kind, None)
        kind = found or Kind.TEXT
        default = kind.default_target
        stated = raw.get("target") not in (None, "")

        def read(text: str) -> Target:
            return read_target(text, measure, kind) if found else default

        return Indicator(
            code=self.text(raw, "code"),
            task=task,
            text=self.text(raw, "text"),
            kind=kind,
            measure=measure,
            target=self.parsed(raw, "target", read, default) if stated else default,
            due=self.day(raw, "due"),
            weight=self.amount(raw, "weight", 1.0) or 0.0,
            limit=self.amount(raw, "limit", None),
            scope=self.words(raw, "scope"),
            targets=self.targets(raw, read),
            numerator=self.text(raw, "numerator", needed=False),
            denominator=self.text(raw, "denominator", needed=False),
            total=self.text(raw, "total", needed=False),
        )

    def targets(self, raw: Raw, read: Callable[[str], Target]) -> dict[str, Target]:
        given = raw.get("targets", {})
        if not isinstance(given, Mapping):
            self.fault(raw, "targets", '要写成 单位类别 = 目标，例如 乡镇 = "≥ 1"')
            return {}
        located = {**given, "where": raw.get("where", "")}
        return {kind: self.parsed(located, kind, read, Target(Op.FILLED)) for kind in given}

    def unit(self, raw: Raw, kinds: Mapping[str, object]) -> Unit:
        self.known(raw, *_keys(Unit))
        kind = self.text(raw, "kind")
        if kind and kinds and kind not in kinds:
            self.fault(raw, "kind", f"“{kind}”不是单位类别，可用：{'、'.join(kinds)}")
        return Unit(
            code=self.text(raw, "code"),
            name=self.text(raw, "name"),
            kind=kind,
            enforcement=self.flag(raw, "enforcement", False),
            aliases=self.words(raw, "aliases"),
            contact=self.text(raw, "contact", needed=False),
            email=self.text(raw, "email", needed=False),
            confirmed=self.flag(raw, "confirmed", True),
        )

    def known(self, raw: Raw, *keys: str) -> None:
        for key in raw:
            if key not in keys and key != "where":
                self.fault(raw, key, f"不认识的项，可用：{'、'.join(keys)}")

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
        self.fault(raw, key, "没有填，这一项必填" if empty else f"要填文字，现在是 {value!r}")
        return ""

    def whole(self, raw: Raw, key: str, most: int = 9_999) -> int:
        value = raw.get(key)
        if isinstance(value, int) and not isinstance(value, bool) and 0 < value <= most:
            return value
        self.fault(raw, key, f"要填 1 至 {most} 的整数，现在是 {value!r}")
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
        self.fault(raw, key, f"要填不小于 0 的数，现在是 {value!r}")
        return default

    def day(self, raw: Raw, key: str) -> date | None:
        value = raw.get(key)
        if value is None or value == "":
            return None
        if isinstance(value, date):
            return value.date() if isinstance(value, datetime) else value
        self.fault(raw, key, f"要填日期，例如 2019-12-31，现在是 {value!r}")
        return None

    def flag(self, raw: Raw, key: str, default: bool) -> bool:
        value = raw.get(key, default)
        if isinstance(value, bool):
            return value
        self.fault(raw, key, f"要填 true 或 false（表中填 是 或 否），现在是 {value!r}")
        return default

    def words(self, raw: Raw, key: str) -> tuple[str, ...]:
        value = raw.get(key, ())
        if isinstance(value, (list, tuple)) and all(isinstance(word, str) for word in value):
            return tuple(word.strip() for word in value if word.strip())
        self.fault(raw, key, f"要填文字的列表，现在是 {value!r}")
        return ()

    def parsed(self, raw: Raw, key: str, parse: Callable[[str], T], default: T) -> T:
        value = raw.get(key, "")
        try:
            return parse(value if isinstance(value, str) else str(value))
        except ValueError as error:
            self.fault(raw, key, str(error))
            return default


def _contradictions(plan: Plan) -> Iterator[str]:
    """Everything that contradicts itself in a plan, in words; nothing for a good plan."""
    names = [{fold(name) for name in (unit.name, *unit.aliases)} for unit in plan.units]
    codes = (item.code for area in plan.areas for item in area.indicators)
    yield from _repeated("指标编号", codes)
    yield from _repeated("领域编号", (str(area.number) for area in plan.areas))
    yield from _repeated("任务编号", (task.number for area in plan.areas for task in area.tasks))
    yield from _repeated("单位代码", (unit.code for unit in plan.units))
    yield from _repeated("单位名称或别名", (name for own in names for name in sorted(own)))
    if not plan.find_unit(plan.coordinator):
        yield f"coordinator：汇总单位“{plan.coordinator}”不在单位名录里"
    yield from _unknown_scopes(plan)
    for task in plan.tasks.values():
        try:
            assign_task(plan, task)
        except ValueError as error:
            yield f"任务 {task.number}，“responsible”：{error}"


def _repeated(what: str, values: Iterable[str]) -> Iterator[str]:
    for value, count in Counter(values).items():
        if count > 1:
            yield f"{what}“{value}”出现了 {count} 次，只能用一次"


def _unknown_scopes(plan: Plan) -> Iterator[str]:
    scopes = {LEAD_SCOPE, ENFORCEMENT_SCOPE, *plan.kinds, *(unit.name for unit in plan.units)}
    names = {unit.name for unit in plan.units}
    for indicator in plan.indicators.values():
        place = f"指标 {indicator.code}"
        for word in indicator.scope:
            if word not in scopes:
                yield f"{place}，“scope”：适用范围“{word}”应为 牵头、执法、单位类别或单位名称"
        if indicator.total and indicator.total not in names:
            yield f"{place}，“total”：合计单位“{indicator.total}”不是单位名录里的单位名称"
        if indicator.total and not indicator.kind.addends:
            kinds = "、".join(kind.label for kind in Kind if kind.addends)
            yield f"{place}，“total”：只有 {kinds} 类的指标有合计单位，现在是 {indicator.kind.label}"
        for kind in indicator.targets:
            if kind not in plan.kinds:
                kinds = "、".join(plan.kinds)
                yield f"{place}，“targets”：“{kind}”不是单位类别，可用：{kinds}"
