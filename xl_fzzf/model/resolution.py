"""Resolution: a submission's rows matched to the records that its unit must report, none lost."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import astuple, dataclass, replace
from itertools import chain
from operator import add
from typing import Any

from xl_fzzf.model.plan import Indicator, Plan, Role, Unit, fold
from xl_fzzf.model.record import ENTRY_FIELDS, Cell, Record, blank, grouped
from xl_fzzf.model.responsibility import Assignments
from xl_fzzf.model.submission import Row, SheetContent, Submission

_TOTAL = re.compile(
    r"(?:本[页表]|全[区县市旗]|各?单位)?(?:合计|小计|总计|共计|累计)(?:数|次数)?[:\uff1a]?"
)


@dataclass(frozen=True, slots=True)
class Covered:
    """A value that lies under a merged cell, where no program shows it; it is not taken."""

    row: Row
    field: str
    value: Cell


@dataclass(frozen=True, slots=True)
class Account:
    """How many filled entry cells were read, and where they went.

    `read` is counted over the raw sheets; `recorded` are in records, `found` in rows or cells that a
    finding names, `ignored` in rows without unit and indicator (notes).
    """

    read: int = 0
    recorded: int = 0
    found: int = 0
    ignored: int = 0

    @property
    def balanced(self) -> bool:
        """Whether nothing was lost and nothing counted twice."""
        return self.read == self.recorded + self.found + self.ignored

    def __add__(self, other: Account) -> Account:
        return Account(*map(add, astuple(self), astuple(other)))


NOTHING_READ = Account()


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolution:
    """Which rows are the unit's records, and the rows that are not or stand twice.

    `records` holds one record for every indicator expected, blank where no single row gives it.
    `duplicated` maps a code to all its rows where they differ; `repeated` where they are equal.
    `misplaced` are rows in which the code of one indicator stands beside the words of another.
    `totals` are rows of 合计 or 小计, `notes` those that name neither a unit nor an indicator. `read` is
    how many entries the sheets hold.
    """

    unit: Unit
    read: int
    records: Mapping[str, Record]
    missing: tuple[Indicator, ...]
    unknown: tuple[Row, ...]
    foreign: tuple[Row, ...]
    duplicated: Mapping[str, tuple[Row, ...]]
    repeated: Mapping[str, tuple[Row, ...]]
    misplaced: tuple[Row, ...] = ()
    totals: tuple[Row, ...] = ()
    notes: tuple[Row, ...] = ()
    covered: tuple[Covered, ...] = ()

    @property
    def account(self) -> Account:
        """Where the entries went: every one is in a record, named by a finding, or in a note."""
        surplus = chain(
            self.unknown,
            self.foreign,
            self.misplaced,
            self.totals,
            chain.from_iterable(self.duplicated.values()),
            chain.from_iterable(rows[1:] for rows in self.repeated.values()),
        )
        return Account(
            self.read,
            _filled(self.records.values()),
            _filled(row.record for row in surplus) + len(self.covered),
            _filled(row.record for row in self.notes),
        )


def expected_indicators(
    plan: Plan, assignments: Assignments, unit: Unit, optional: bool
) -> Iterator[Indicator]:
    """The indicators on which a unit reports, in the plan's order; optional tasks only if wanted."""
    for task in plan.tasks.values():
        role = assignments.get((unit.code, task.number))
        if role is None or (role is Role.OPTIONAL and not optional):
            continue
        yield from (item for item in task.indicators if item.concerns(unit, role))


def resolve(
    plan: Plan, unit: Unit, expected: Iterable[Indicator], submission: Submission
) -> Resolution:
    """Match a unit's rows by indicator code; a unit's name may be any of its aliases, or blank."""
    wanted = {indicator.code: indicator for indicator in expected}
    covered: list[Covered] = []
    rows = _rows(submission.sheets.values(), covered)
    sorts = grouped(rows, lambda row: _surplus(row, plan, unit, wanted))
    found = grouped(sorts.get("", ()), lambda row: row.code)
    present = {row.code for row in sorts.get("misplaced", ())} | found.keys()
    duplicated = {code: tuple(rows) for code, rows in found.items() if _differ(rows)}
    records = {
        code: _record(unit, code, [] if code in duplicated else found.get(code, []))
        for code in wanted
    }
    repeated = {c: tuple(r) for c, r in found.items() if len(r) > 1 and c not in duplicated}
    return Resolution(
        unit=unit,
        read=sum(sheet.answered for sheet in submission.sheets.values()),
        records=records,
        missing=tuple(item for code, item in wanted.items() if code not in present),
        duplicated=duplicated,
        repeated=repeated,
        covered=tuple(covered),
        **{sort: tuple(sorts.get(sort, ())) for sort in _SORTS},
    )


_SORTS = ("unknown", "foreign", "misplaced", "totals", "notes")
_CODE = re.compile(r"(?=.*\d)[\w.-]{1,12}")


def _surplus(row: Row, plan: Plan, unit: Unit, wanted: Container[str]) -> str:
    """What a row is that is none of the unit's records; empty if it is one."""
    named = plan.find_unit(row.unit) if row.unit else unit
    if any(map(is_total_word, (row.unit, row.code, row.label))):
        return "totals"
    if not row.code and (not row.unit or named is None):
        return "notes"
    if named is None or named.code != unit.code:
        return "foreign" if row.code in plan.indicators else "unknown"
    if row.code not in wanted:
        return "notes" if _is_note(row) else "unknown"
    return "misplaced" if mistaken_for(row, plan) else ""


def _is_note(row: Row) -> bool:
    """Whether words stand under 指标编号, and nothing else in the row."""
    empty = not row.unit and all(map(blank, row.record.entries()))
    return empty and _CODE.fullmatch(row.code) is None


def mistaken_for(row: Row, plan: Plan) -> Indicator | None:
    """The indicator whose words stand in a row with another one's code."""
    words = fold(row.label)
    if not words or words == fold(plan.indicators[row.code].text):
        return None
    return next((i for i in plan.indicators.values() if fold(i.text) == words), None)


def is_total_word(words: str) -> bool:
    """Whether a cell says 合计, 小计 … and nothing else."""
    return bool(words) and _TOTAL.fullmatch(fold(words)) is not None


def _rows(sheets: Iterable[SheetContent], covered: list[Covered]) -> Iterator[Row]:
    """All rows, without what lies under merged cells, which is collected."""
    for sheet in sheets:
        under = sheet.covered
        for row in sheet.rows:
            yield _uncover(row, under, covered) if under else row


def _uncover(row: Row, under: Container[tuple[int, str]], covered: list[Covered]) -> Row:
    record = row.record
    for field in ENTRY_FIELDS:
        value = getattr(record, field)
        if (record.row, field) in under and not blank(value):
            covered.append(Covered(row, field, value))
            nothing: dict[str, Any] = {field: None}
            record = replace(record, **nothing)
    return row if record is row.record else replace(row, record=record)


def _differ(rows: list[Row]) -> bool:
    return any(row.record.entries() != rows[0].record.entries() for row in rows[1:])


def _record(unit: Unit, code: str, rows: list[Row]) -> Record:
    record = rows[0].record if rows else Record("", "")
    record.unit, record.indicator = unit.code, code
    return record


def _filled(records: Iterable[Record]) -> int:
    return sum(
        entry is not None and not blank(entry) for record in records for entry in record.entries()
    )
