"""A district's summary as the city reads it: what its records say, and what its own tables say."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import Any

from xl_fzzf.model.assessment import Assessment
from xl_fzzf.model.city import without_names
from xl_fzzf.model.kinds import read_target
from xl_fzzf.model.plan import Indicator, Plan, Unit, fold
from xl_fzzf.model.record import ENTRY_FIELDS, Cell, Record, grouped, text
from xl_fzzf.model.rollup import EACH, IndicatorTotal, total_indicator
from xl_fzzf.model.status import Judgement, Status, judge
from xl_fzzf.model.submission import ListContent, Row, SheetContent, Submission
from xl_fzzf.model.target import Target

REPORTED, NOT_REPORTED, TYPED = "已报", "未报", "台账代填"
"""In 是否报送: a unit whose file was taken; one without; one for which the district itself typed."""

Lines = Mapping[str, tuple[int, Mapping[str, Cell]]]
"""Lines of a table with their rows (from 1), by name or code."""

_DUE = re.compile(r"期限 (\d{4}-\d\d-\d\d)")
_LEVELS = frozenset("区县市")
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

    @classmethod
    def of(cls, submission: Submission, names: Sequence[str], total_mark: str) -> Tables:
        """The tables of a submission that has them all: totals, units, and last its records."""
        totals, units, stated = (submission.lists[name] for name in names)
        return cls(submission.sheets[names[-1]], stated, totals, units, total_mark)


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
    judgement: Judgement
    apart: bool

    @property
    def consistent(self) -> bool:
        """Whether its figures bear its status out."""
        return bears_out(self.judgement.status, self.status)

    def as_stated(self) -> Assessment:
        """The record with the status that it states: what the district's own totals rest on."""
        status = _STATUSES.get(self.status, Status.INVALID)
        return self._assessment(replace(self.judgement, status=status))

    def judged(self, year: int, as_of: date) -> Assessment:
        """The record held against the city's target."""
        due, target = self.indicator.due_in(year), self.indicator.target_for(self.unit)
        judgement = judge(self.record, self.indicator, target, due, as_of)
        return self._assessment(judgement, as_of > due)

    def _assessment(self, judgement: Judgement, past_due: bool = False) -> Assessment:
        total = self.unit.name if self.apart else ""
        indicator = replace(self.indicator, total=total)
        target, due = indicator.target_for(self.unit), indicator.due or date.max
        return Assessment(self.record, self.unit, indicator, target, due, judgement, past_due)


@dataclass(frozen=True)
class Summary:
    """A district's summary as its tables say it, matched to the city's plan by indicator code and text.

    Of 数据, `foreign` are rows whose code or text is not the city plan's, `repeated` those of a unit
    and indicator that stand more than once: neither counts.
    """

    plan: Plan
    district: Unit
    tables: Tables

    @cached_property
    def units(self) -> Lines:
        """The units' lines with their rows, by name."""
        return {
            text(line["unit"]): (row, line)
            for row, line in self.tables.units.rows
            if text(line.get("reported")) in (REPORTED, NOT_REPORTED, TYPED)
        }

    @cached_property
    def totals(self) -> Lines:
        """The indicators' lines with their rows, by code."""
        return {text(line.get("code")): (row, line) for row, line in self.tables.totals.rows}

    @cached_property
    def counts(self) -> dict[str, Counter[str]]:
        """By unit, how many of its rows state which status."""
        own = grouped(self.tables.data.rows, lambda row: row.unit)
        return {name: Counter(self._said(row, "status") for row in own[name]) for name in own}

    @cached_property
    def _matched(self) -> dict[tuple[str, str] | None, list[Row]]:
        """The rows of 数据 by unit and indicator; by None those that are not the city's."""
        rows = self.tables.data.rows
        return grouped(rows, lambda row: (row.unit, row.code) if self._known(row) else None)

    @property
    def foreign(self) -> list[Row]:
        """Rows whose code or text is not the city plan's, or that name no unit."""
        return self._matched.get(None, [])

    @property
    def repeated(self) -> list[Row]:
        """Rows of a unit and indicator that stand more than once."""
        groups = self._matched.items()
        return [row for key, rows in groups if key and len(rows) > 1 for row in rows]

    @cached_property
    def statements(self) -> list[Statement]:
        """The records that count."""
        covered = self.tables.data.covered
        groups = self._matched.items()
        return [self._statement(rows[0], covered) for key, rows in groups if key and len(rows) == 1]

    @cached_property
    def recomputed(self) -> dict[str, IndicatorTotal]:
        """The district's total of every indicator that has statements, by its own statuses."""
        groups = grouped(self.statements, lambda statement: statement.indicator.code)
        return {
            code: total_indicator(self._as_targeted(code), [s.as_stated() for s in group])
            for code, group in groups.items()
        }

    def due(self, code: str) -> date:
        """The day by which a target is to be met, as the district's own table states it."""
        _, line = self.totals.get(code, (0, {}))
        found = _DUE.search(text(line.get("target")))
        return date.fromisoformat(found[1]) if found else date(self.plan.year, 12, 31)

    def kind_of(self, stated: str) -> str:
        """A kind of unit as the city's plan calls it: of a county's 县直部门 the city's 市直部门."""
        alike = [
            kind
            for kind in self.plan.kinds
            if kind[1:] == stated[1:] and {kind[:1], stated[:1]} <= _LEVELS
        ]
        return stated if stated in self.plan.kinds or len(alike) != 1 else alike[0]

    @property
    def sent(self) -> int:
        """How many of its units reported, as the district says."""
        return sum(text(line.get("reported")) == REPORTED for _, line in self.units.values())

    @property
    def stated(self) -> Counter[Status]:
        """Its records by the status that it says itself."""
        return Counter(each.as_stated().status for each in self.statements)

    def assess(self, year: int, as_of: date) -> list[Assessment]:
        """All records held against the city's targets."""
        return [statement.judged(year, as_of) for statement in self.statements]

    @cached_property
    def _words(self) -> dict[int, Mapping[str, Cell]]:
        """The words beside the records, by row."""
        return dict(self.tables.stated.rows)

    def _said(self, row: Row, field: str) -> str:
        return text(self._words.get(row.record.row, {}).get(field))

    def _known(self, row: Row) -> bool:
        """Whether a row's indicator is the city's.

        A district's own name in the text is no difference (task 3: 《南充市嘉陵区…工作安排》).
        """
        found = self.plan.indicators.get(row.code)
        if found is None or not row.unit:
            return False
        names = (self.district.name, *self.district.aliases)
        return fold(found.text) == fold(without_names(self._said(row, "text"), names))

    def _statement(self, row: Row, covered: Container[tuple[int, str]]) -> Statement:
        indicator, (_, line) = self.plan.indicators[row.code], self.units.get(row.unit, (0, {}))
        kind = self.kind_of(text(line.get("kind")))
        unit = Unit(f"{self.district.name}/{row.unit}", row.unit, kind)
        number = row.record.row
        nothing: dict[str, Any] = {f: None for f in ENTRY_FIELDS if (number, f) in covered}
        record = replace(row.record, unit=unit.code, indicator=indicator.code, **nothing)
        stated = self._said(row, "target")
        target = _target(stated, indicator) or indicator.target_for(unit)
        return Statement(
            record,
            unit,
            indicator,
            stated,
            self._said(row, "status"),
            judge(record, indicator, target, date.max, date.min),
            row.hint == self.tables.total_mark,
        )

    def _as_targeted(self, code: str) -> Indicator:
        """An indicator with the target that the district's own table states."""
        indicator = self.plan.indicators[code]
        _, line = self.totals.get(code, (0, {}))
        stated = text(line.get("target")).partition("\n")[0].removeprefix(EACH)
        return replace(indicator, target=_target(stated, indicator) or indicator.target)


def bears_out(status: Status, stated: str) -> bool:
    """Whether a computed status is the stated one; whether it is due yet is the district's matter."""
    return stated == status.value or {status, _STATUSES.get(stated)} <= _OPEN


def say_due(due: date | None) -> Iterator[str]:
    """A due date of the plan's own, as 指标汇总 states it below the target; the year's last goes unsaid."""
    if due:
        yield f"期限 {due}"


def _target(stated: str, indicator: Indicator) -> Target | None:
    """A target as a table states it; None where it states none that this kind can have."""
    try:
        return read_target(stated, indicator.measure, indicator.kind)
    except ValueError:
        return None
