"""history: a unit's or an indicator's figures, period by period."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from xl_fzzf.jobs.master import Master, open_master
from xl_fzzf.jobs.recording import open_ledger
from xl_fzzf.jobs.trace import near_indicators, near_units
from xl_fzzf.jobs.workspace import JobError, Workspace, find_masters
from xl_fzzf.model.assessment import Assessment, assess
from xl_fzzf.model.history import Job, Run
from xl_fzzf.model.period import Period
from xl_fzzf.model.plan import Indicator, Plan, Unit, fold
from xl_fzzf.model.record import ENTRY_FIELDS, Cell, Record
from xl_fzzf.model.rollup import IndicatorTotal, UnitTotal, total_indicators, total_units

Values = Mapping[tuple[str, str], tuple[Cell, ...]]
"""Entries by unit and indicator code, as the ledger keeps them."""


@dataclass(frozen=True, slots=True)
class Point:
    """A period: the day as of which it is judged, and the total; None where there was none.

    `kept` says that its master is gone and the archive's record of its last run stands in.
    """

    period: Period
    as_of: date
    total: UnitTotal | IndicatorTotal | None
    kept: bool = False


@dataclass(frozen=True, slots=True)
class Course:
    """A unit's or an indicator's points, the first period first."""

    subject: Unit | Indicator
    points: Sequence[Point]
    folder: Path
    notices: Sequence[str]


def read_course(path: Path, typed: str) -> Course:
    """A unit's (name, alias, code) or an indicator's (code) course up to a master's period.

    Raises JobError, with what is near, where neither is known.
    """
    master = open_master(path, writing=False)
    plan, workspace = master.round.plan, master.workspace
    subject = plan.find_unit(typed) or plan.indicators.get(fold(typed)) or _unknown(plan, typed)
    masters = {Workspace.at(p).period: p for p in (*find_masters(path.parent), path)}
    with open_ledger(workspace) as ledger:
        last = {Period.parse(name): _last_day(ledger.runs(name)) for name in ledger.periods()}
        values = {p: ledger.values(str(p)) for p in last if p not in masters}
        notices = tuple(ledger.notices)
    periods = [p for p in {*masters, *last} if p.end <= workspace.period.end]
    points = []
    for period in sorted(periods, key=lambda p: (p.end, p.kind != "")):
        kept, as_of = period not in masters, last.get(period, period.end)
        if kept:
            own, judged = plan, _judge_kept(master, values[period], period, as_of)
        else:
            opened = master if masters[period] == path else open_master(masters[period], False)
            own, judged = opened.round.plan, opened.assess(as_of)
        points.append(Point(period, as_of, _total(own, subject, judged), kept))
    return Course(subject, points, workspace.upward, notices)


def _last_day(runs: Sequence[Run]) -> date:
    """The day as of which a period was last consolidated; a later restore does not move it."""
    consolidated = [run for run in runs if run.job is Job.CONSOLIDATE]
    return (consolidated or runs)[-1].as_of


def _judge_kept(master: Master, values: Values, period: Period, as_of: date) -> list[Assessment]:
    """A lost master's records from the archive, by the present plan and assignments."""
    nothing: tuple[Cell, ...] = (None,) * len(ENTRY_FIELDS)
    records = []
    for key in master.expected:
        entries: dict[str, Any] = dict(zip(ENTRY_FIELDS, values.get(key, nothing), strict=True))
        records.append(Record(*key, **entries))
    return assess(master.round.plan, records, period.year, as_of)


def _total(
    plan: Plan, subject: Unit | Indicator, judged: Sequence[Assessment]
) -> UnitTotal | IndicatorTotal | None:
    """The subject's total in a period, if that period knew the same unit or the same indicator."""
    if isinstance(subject, Unit):
        totals = total_units(plan, judged)
        return next((total for total in totals if total.unit.code == subject.code), None)
    found = plan.indicators.get(subject.code)
    if found is None or found.text != subject.text or not judged:
        return None
    return next(t for t in total_indicators(plan, judged) if t.indicator.code == subject.code)


def _unknown(plan: Plan, typed: str) -> Unit:
    near = [*near_units(plan.units, typed), *near_indicators(plan.indicators, typed)]
    also = f"。是不是:{'、'.join(near)}" if near else ""
    raise JobError(
        f"没有叫“{typed}”的单位,也没有这个编号的指标{also}。请写单位全称、别名、编号或指标编号"
    )


def write_course(course: Course) -> Path:
    """Write the course as a workbook with a chart into 上报; returns its path."""
    from xl_fzzf.sheets.course import build_course
    from xl_fzzf.sheets.layout import safe_file_name
    from xl_fzzf.storage import make_folder, write_whole

    make_folder(course.folder)
    path = course.folder / f"历史-{safe_file_name(name_of(course.subject))}.xlsx"
    totals = [(str(p.period), p.as_of, p.total) for p in course.points]
    write_whole(path, build_course(course.subject, totals))
    return path


def name_of(subject: Unit | Indicator) -> str:
    """A unit's name, or an indicator's code."""
    return subject.name if isinstance(subject, Unit) else subject.code
