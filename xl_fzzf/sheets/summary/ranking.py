"""Who and what is ahead or behind: areas, tasks and units, by 达标率 or score."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from xl_fzzf.model.rollup import UnitTotal, met_share
from xl_fzzf.model.round import Assessed, Standing
from xl_fzzf.sheets.summary.prose import area_shares
from xl_fzzf.sheets.summary.words import arrow, count_tasks, say_change

MOST = 3
"""As many are listed at either end."""


@dataclass(frozen=True, slots=True)
class Place:
    """A line of a ranking: `mark` a rank or number, `figure` a share or score, `change` in words."""

    mark: int | str
    name: str
    figure: float
    change: str


def rank_areas(standing: Standing) -> tuple[list[Place], list[Place]]:
    """The areas with the highest and the lowest 达标率, ties with one rank; none stands in both."""
    shares = area_shares(standing)
    before = (
        {name: share for share, name in area_shares(standing.before)} if standing.before else {}
    )
    places = [
        Place(
            1 + sum(other > share for other, _ in shares),
            name,
            share,
            say_change(share, before.get(name)),
        )
        for share, name in shares
    ]
    return ends(places)


def rank_units(standing: Standing) -> tuple[list[Place], list[Place]]:
    """The units with the highest and the lowest scores among those that reported."""
    before = score_by_unit(standing.before)
    ranked = sorted(
        (total for total in standing.unit_totals if total.unit.code in standing.reported),
        key=lambda total: -(total.score or 0.0),
    )
    places = [
        Place(total.rank or "—", total.unit.name, total.score, say_score_change(total, before))
        for total in ranked
        if total.score is not None
    ]
    return ends(places)


def rank_tasks(standing: Standing) -> list[Place]:
    """The tasks with the lowest 达标率, the lowest first."""
    before = dict(_task_shares(standing.before)) if standing.before else {}
    shares = sorted(_task_shares(standing), key=lambda item: item[1])
    tasks = standing.round.plan.tasks
    return [
        Place(
            number,
            tasks[number].name or tasks[number].text,
            share,
            say_change(share, before.get(number)),
        )
        for number, share in shares[:MOST]
    ]


def ends(places: Sequence[Place]) -> tuple[list[Place], list[Place]]:
    """The first and, the last one first, the last of them; none stands in both."""
    best = list(places[:MOST])
    return best, list(reversed(places[MOST:]))[:MOST]


def say_score_change(total: UnitTotal, before: dict[str, float]) -> str:
    """By how many points a unit's score changed."""
    if total.score is None or total.unit.code not in before:
        return "—"
    points = round(total.score - before[total.unit.code], 2)
    return f"{arrow(points)}{abs(points):.2f}" if points else "持平"


def score_by_unit(assessed: Assessed | None) -> dict[str, float]:
    """The scores by unit code."""
    totals = assessed.unit_totals if assessed else []
    return {total.unit.code: total.score for total in totals if total.score is not None}


def _task_shares(assessed: Assessed) -> list[tuple[str, float]]:
    return [
        (task.number, share)
        for task, counts in count_tasks(assessed)
        if (share := met_share(counts)) is not None
    ]
