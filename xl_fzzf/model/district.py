"""A district's summary as the city reads it: what its records say, and what its own tables say."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import Any

from xl_fzzf.model.assessment import Assessment
from xl_fzzf.model.city import without_names
from xl_fzzf.model.kinds import read_target
from xl_fzzf.model.plan import Indicator, Plan, Unit, fold
from xl_fzzf.model.record import Cell, Record, text
from xl_fzzf.model.rollup import IndicatorTotal, total_indicator
from xl_fzzf.model.status import Judgement, Status, judge, rate_value
from xl_fzzf.model.submission import ListContent, Mark, Marked, SheetContent
from xl_fzzf.model.target import Target

REPORTED, NOT_REPORTED = "已报", "未报"
Lines = Mapping[str, tuple[int, Mapping[str, Cell]]]
"""Lines of a table with their rows (from 1), by name or code."""

_OPEN = frozenset({Status.UNMET, Status.UNDER_WAY})
_STATUSES = {status.value: status for status in Status}


@dataclass(frozen=True, slots=True)
class Tables:
    """The tables of a summary: its records with the words beside them, its totals, its units."""

    data: SheetContent
    stated: ListContent
    totals: ListContent
    units: ListContent
    total_mark: str


@dataclass(frozen=True, slots=True)
class Statement:
    """A record of 数据 as it stands: judged by its own target, with the status that it states.

    `apart` says that it is the district's own total, no part of a sum.
    """

    record: Record
    unit: Unit
    indicator: Indicator
    target: str
    status: str
    value: Cell
    judgement: Judgement
    apart: bool

    @property
    def consistent(self) -> bool:
        """Whether its figures bear its status out; whether it is due yet is the district's matter."""
        status, stated = self.judgement.status, _STATUSES.get(self.status)
        return status is stated or {status, stated} <= _OPEN

    @property
    def share(self) -> Cell:
        """A rate as its numerator and denominator make it."""
        return rate_value(self.record)

    def as_stated(self) -> Assessment:
        """The record with the status that it states: what the district's own totals rest on."""
        status = _STATUSES.get(self.status, Status.INVALID)
        return self._assessment(replace(self.judgement, status=status))

    def judged(self, year: int, as_of: date) -> Assessment:
        """The record held against the city's target."""
        due, target = self.indicator.due_in(year), self.indicator.target_for(self.unit)
        return self._assessment(judge(self.record, self.indicator, target, due, as_of))

    def _assessment(self, judgement: Judgement) -> Assessment:
        total = self.unit.name if self.apart else ""
        indicator = replace(self.indicator, total=total)
        target, due = indicator.target_for(self.unit), indicator.due or date.max
        return Assessment(self.record, self.unit, indicator, target, due, judgement)


@dataclass(frozen=True)
class Summary:
    """A district's summary: its statements, and what of 数据 is none.

    `foreign` are rows whose code or text is not the city plan's, `repeated` those of a unit and
    indicator that stand more than once: neither counts. `units` and `totals` are the lines of
    报送情况 and 指标汇总 with their rows, by unit name and indicator code; `counts` is how many rows
    of a unit state which status.
    """

    plan: Plan
    district: Unit
    statements: Sequence[Statement]
    foreign: Sequence[tuple[int, str, str]]
    repeated: Sequence[tuple[int, str, str]]
    units: Lines
    totals: Lines
    counts: Mapping[str, Counter[str]]
    marks: Sequence[Marked]

    @cached_property
    def recomputed(self) -> dict[str, IndicatorTotal]:
        """The district's total of every indicator that has statements, by its own statuses."""
        groups: dict[str, list[Statement]] = defaultdict(list)
        for statement in self.statements:
            groups[statement.indicator.code].append(statement)
        return {
            code: total_indicator(self._as_targeted(code), [s.as_stated() for s in group])
            for code, group in groups.items()
        }

    def _as_targeted(self, code: str) -> Indicator:
        """An indicator with the target that the district's own table states."""
        indicator = self.plan.indicators[code]
        _, line = self.totals.get(code, (0, {}))
        stated = text(line.get("target")).partition("\n")[0]
        return replace(indicator, target=_target(stated, indicator) or indicator.target)

    @property
    def sent(self) -> int:
        """How many of its units reported, as the district says."""
        return sum(text(line.get("reported")) == REPORTED for _, line in self.units.values())

    def assess(self, year: int, as_of: date) -> list[Assessment]:
        """All records held against the city's targets."""
        return [statement.judged(year, as_of) for statement in self.statements]


def read_summary(plan: Plan, district: Unit, tables: Tables) -> Summary:
    """What a district's tables say, matched to the city's plan by indicator code and text."""
    units = {
        text(line["unit"]): (row, line)
        for row, line in tables.units.rows
        if text(line.get("reported")) in (REPORTED, NOT_REPORTED)
    }
    totals = {text(line.get("code")): (row, line) for row, line in tables.totals.rows}
    reader = _Reader(plan, district, tables, units)
    known: list[tuple[int, str, str]] = []
    foreign: list[tuple[int, str, str]] = []
    for row in reader.rows():
        (foreign if reader.indicator(row[0]) is None else known).append(row)
    repeated = list(_repeated(known))
    skipped = {number for number, _, _ in repeated}
    statements = [reader.statement(number) for number, _, _ in known if number not in skipped]
    counts, marks = reader.counts(), tables.data.marks
    return Summary(plan, district, statements, foreign, repeated, units, totals, counts, marks)


def _repeated(rows: Iterable[tuple[int, str, str]]) -> Iterator[tuple[int, str, str]]:
    places: dict[tuple[str, str], list[int]] = defaultdict(list)
    for number, unit, code in rows:
        places[unit, code].append(number)
    for (unit, code), numbers in places.items():
        yield from ((number, unit, code) for number in numbers if len(numbers) > 1)


class _Reader:
    def __init__(
        self,
        plan: Plan,
        district: Unit,
        tables: Tables,
        units: Lines,
    ) -> None:
        self.plan, self.district, self.tables = plan, district, tables
        self.words = dict(tables.stated.rows)
        self.lines = {row.record.row: row for row in tables.data.rows}
        self.covered: dict[int, dict[str, Any]] = defaultdict(dict)
        for marked in tables.data.marks:
            if marked.mark is Mark.MERGED:
                self.covered[marked.row][marked.field] = None
        self.kinds = {name: text(line.get("kind")) for name, (_, line) in units.items()}

    def rows(self) -> Iterator[tuple[int, str, str]]:
        """Row, unit and code of every row that holds anything."""
        return ((number, row.unit, row.code) for number, row in self.lines.items())

    def counts(self) -> dict[str, Counter[str]]:
        """By unit, how many of its rows state which status."""
        counts: dict[str, Counter[str]] = defaultdict(Counter)
        for number, row in self.lines.items():
            counts[row.unit][text(self.words.get(number, {}).get("status"))] += 1
        return counts

    def indicator(self, number: int) -> Indicator | None:
        """The city's indicator of that row, if code and text are the same and it names a unit.

        A district's own name in the text is no difference (task 3: 《南充市嘉陵区…工作安排》).
        """
        row, said = self.lines[number], text(self.words.get(number, {}).get("text"))
        said = without_names(said, (self.district.name, *self.district.aliases))
        found = self.plan.indicators.get(row.code)
        return found if found and row.unit and fold(found.text) == fold(said) else None

    def statement(self, number: int) -> Statement:
        row, words = self.lines[number], self.words[number]
        indicator = self.plan.indicators[row.code]
        name = row.unit
        unit = Unit(f"{self.district.name}/{name}", name, self.kinds.get(name, ""))
        nothing = self.covered.get(number, {})
        record = replace(row.record, unit=unit.code, indicator=indicator.code, **nothing)
        stated = text(words.get("target"))
        target = _target(stated, indicator) or indicator.target_for(unit)
        return Statement(
            record,
            unit,
            indicator,
            stated,
            text(words.get("status")),
            record.value,
            judge(record, indicator, target, date.max, date.min),
            row.hint == self.tables.total_mark,
        )


def _target(stated: str, indicator: Indicator) -> Target | None:
    """A target as a table states it; None where it states none that this kind can have."""
    try:
        return read_target(stated, indicator.measure, indicator.kind)
    except ValueError:
        return None
