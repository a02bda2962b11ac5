"""Resolution: a submission's rows matched to the records that its unit must report."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from xl_fzzf.model.plan import Indicator, Plan, Role, Unit
from xl_fzzf.model.record import Record
from xl_fzzf.model.responsibility import Assignments
from xl_fzzf.model.submission import Row, SheetContent, Submission


@dataclass(frozen=True, slots=True)
class Resolution:
    """Which rows are the unit's records, and the rows that are not or stand twice.

    `records` holds one record for every indicator expected, blank where no single row gives it.
    `duplicated` maps a code to all its rows where they differ; `repeated` where they are equal.
    """

    unit: Unit
    records: Mapping[str, Record]
    missing: tuple[Indicator, ...]
    unknown: tuple[Row, ...]
    foreign: tuple[Row, ...]
    duplicated: Mapping[str, tuple[Row, ...]]
    repeated: Mapping[str, tuple[Row, ...]]


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
    found: dict[str, list[Row]] = defaultdict(list)
    unknown: list[Row] = []
    foreign: list[Row] = []
    for row in _rows(submission.sheets.values()):
        named = plan.find_unit(row.unit) if row.unit else unit
        if named is None or named.code != unit.code:
            (foreign if row.code in plan.indicators else unknown).append(row)
        elif row.code not in wanted:
            unknown.append(row)
        else:
            found[row.code].append(row)
    duplicated = {code: tuple(rows) for code, rows in found.items() if _differ(rows)}
    records = {
        code: _record(unit, code, [] if code in duplicated else found.get(code, []))
        for code in wanted
    }
    return Resolution(
        unit,
        records,
        tuple(indicator for code, indicator in wanted.items() if code not in found),
        tuple(unknown),
        tuple(foreign),
        duplicated,
        {c: tuple(rows) for c, rows in found.items() if len(rows) > 1 and c not in duplicated},
    )


def _rows(sheets: Iterable[SheetContent]) -> Iterator[Row]:
    return (row for sheet in sheets for row in sheet.rows if row.code or row.unit)


def _differ(rows: list[Row]) -> bool:
    return any(row.record.entries() != rows[0].record.entries() for row in rows[1:])


def _record(unit: Unit, code: str, rows: list[Row]) -> Record:
    record = rows[0].record if rows else Record("", "")
    record.unit, record.indicator = unit.code, code
    return record
