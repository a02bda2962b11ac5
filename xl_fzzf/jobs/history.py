"""history: a unit's or an indicator's figures, period by period."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from xl_fzzf.desk.lookup import find_subject
from xl_fzzf.desk.master import open_master
from xl_fzzf.desk.past import read_past
from xl_fzzf.desk.upward import GaveWay, put
from xl_fzzf.desk.workspace import Workspace
from xl_fzzf.model.period import Period
from xl_fzzf.model.plan import Indicator, Unit
from xl_fzzf.model.rollup import IndicatorTotal
from xl_fzzf.model.round import Assessed
from xl_fzzf.model.score import UnitTotal


@dataclass(frozen=True, slots=True)
class Point:
    """A period: the day as of which it is judged, and the total; None where there was none.

    `kept` says that its master is gone and the archive's record of its last run stands in. `change`
    is how much a unit's score or an indicator's value rose since the period before; None where there
    is none to compare with, as for counts and amounts that start again with the year, or for a unit
    `after_silence`, a period in which it reported nothing.
    """

    period: Period
    as_of: date
    total: UnitTotal | IndicatorTotal | None
    kept: bool = False
    change: float | None = None
    after_silence: bool = False

    @property
    def figure(self) -> float | None:
        """A unit's score or an indicator's value."""
        total = self.total
        return total.score if isinstance(total, UnitTotal) else total.value if total else None

    @property
    def silent(self) -> bool:
        """Whether it is a unit's that reported nothing."""
        return isinstance(self.total, UnitTotal) and self.total.silent


@dataclass(frozen=True, slots=True)
class History:
    """A unit's or an indicator's points, the first period first."""

    subject: Unit | Indicator
    points: Sequence[Point]
    workspace: Workspace
    notices: Sequence[str]


def read_history(path: Path, typed: str) -> History:
    """A unit's (name, alias, code) or an indicator's (code) history up to a master's period.

    Raises JobError, with what is near, where neither is known.
    """
    master = open_master(path, writing=False)
    plan, workspace = master.round.plan, master.workspace
    subject = find_subject(plan, typed)
    past = read_past(master)
    as_of = past.days.get(workspace.period, workspace.period.end)
    present = Assessed(master.round, as_of, master.assess(as_of))
    points = [
        Point(each.period, each.as_of, _total(each, subject), each.period in past.kept)
        for each in (*past.periods, present)
    ]
    pairs = zip(points[1:], points, strict=False)
    compared = [
        replace(now, change=_change(subject, before, now), after_silence=before.silent)
        for now, before in pairs
    ]
    return History(subject, [points[0], *compared], workspace, past.notices)


def _change(subject: Unit | Indicator, before: Point, now: Point) -> float | None:
    """How much the figure rose since the point before, if the two compare."""
    adds_up = isinstance(subject, Indicator) and subject.kind.adds_up
    if adds_up and before.period.year != now.period.year:
        return None
    if before.figure is None or now.figure is None or before.silent:
        return None
    return now.figure - before.figure


def _total(assessed: Assessed, subject: Unit | Indicator) -> UnitTotal | IndicatorTotal | None:
    """The subject's total in a period, if that period knew the same unit or the same indicator."""
    if isinstance(subject, Unit):
        totals = assessed.unit_totals
        return next((total for total in totals if total.unit.code == subject.code), None)
    return assessed.total_of(subject)


def write_history(history: History) -> tuple[Path, Sequence[GaveWay]]:
    """Write the history as a workbook with a chart into 上报; returns its path, and what gave way."""
    from xl_fzzf.office.naming import safe_file_name
    from xl_fzzf.sheets.history import build_history
    from xl_fzzf.sheets.summary.phrases import NOT_BEFORE

    workspace = history.workspace
    path = workspace.upward / f"历史-{safe_file_name(name_of(history.subject))}.xlsx"
    totals = [
        (p.period.label, p.as_of, p.total, NOT_BEFORE if p.after_silence else p.change)
        for p in history.points
    ]
    return path, put(workspace.archive, path, build_history(history.subject, totals))


def name_of(subject: Unit | Indicator) -> str:
    """A unit's name, or an indicator's code."""
    return subject.name if isinstance(subject, Unit) else subject.code
