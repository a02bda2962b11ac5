"""Who and what is ahead or behind: areas, tasks and units, by 达标率 or score."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from xl_fzzf.model.plan import Area, Task
from xl_fzzf.model.rollup import met_share
from xl_fzzf.model.round import Assessed, Standing
from xl_fzzf.model.score import UnitTotal
from xl_fzzf.model.status import Status

MOST = 3
"""As many are listed at either end."""


@dataclass(frozen=True, slots=True)
class Ranked:
    """A line of a ranking: `mark` a rank or number, `figure` a share or score, and that `before`."""

    mark: int | str
    subject: Area | Task | UnitTotal
    figure: float
    before: float | None


Ends = tuple[list[Ranked], list[Ranked]]
"""The first and, the last one first, the last of a ranking; none stands in both."""


def rank_areas(standing: Standing) -> Ends:
    """The areas with the highest and the lowest 达标率, ties with one rank."""
    shares = area_shares(standing)
    earlier = area_shares(standing.before) if standing.before else []
    before = {(area.number, area.name): share for share, area in earlier}
    ranked = [
        Ranked(
            1 + sum(other > share for other, _ in shares),
            area,
            share,
            before.get((area.number, area.name)),
        )
        for share, area in shares
    ]
    return _ends(ranked)


def rank_units(standing: Standing) -> Ends:
    """The units with the highest and the lowest scores among those that reported."""
    before = score_by_unit(standing.before)
    ranked = [
        Ranked(total.rank or "—", total, total.score, before.get(total.unit.code))
        for total in standing.unit_totals
        if total.score is not None and total.unit.code in standing.reported
    ]
    return _ends(sorted(ranked, key=lambda each: -each.figure))


def rank_tasks(standing: Standing) -> list[Ranked]:
    """The tasks with the lowest 达标率, the lowest first."""
    earlier = _task_shares(standing.before) if standing.before else []
    before = {task.number: share for share, task in earlier}
    shares = sorted(_task_shares(standing), key=lambda each: each[0])
    return [
        Ranked(task.number, task, share, before.get(task.number)) for share, task in shares[:MOST]
    ]


def area_shares(assessed: Assessed) -> list[tuple[float, Area]]:
    """达标率 of every area that has one, the highest first."""
    shares = [
        (share, area) for area, counts in assessed.areas if (share := met_share(counts)) is not None
    ]
    return sorted(shares, key=lambda each: -each[0])


def score_by_unit(assessed: Assessed | None) -> dict[str, float]:
    """The scores by unit code."""
    totals = assessed.unit_totals if assessed else []
    return {total.unit.code: total.score for total in totals if total.score is not None}


def _ends(ranked: Sequence[Ranked]) -> Ends:
    return list(ranked[:MOST]), list(reversed(ranked[MOST:]))[:MOST]


def _task_shares(assessed: Assessed) -> list[tuple[float, Task]]:
    """达标率 of every task and safeguard of the plan that has one, in its order."""
    totals = {total.indicator.code: total.counts for total in assessed.indicators}
    sums = [
        (sum((totals[item.code] for item in task.indicators), Counter[Status]()), task)
        for task in assessed.round.plan.tasks.values()
    ]
    return [(share, task) for counts, task in sums if (share := met_share(counts)) is not None]
