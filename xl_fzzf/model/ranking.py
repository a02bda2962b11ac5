"""Who and what is ahead or behind: areas by 达标率, units by score, tasks by what is unmet."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from xl_fzzf.model.plan import Area, Task
from xl_fzzf.model.rollup import met_share
from xl_fzzf.model.round import Assessed, Standing
from xl_fzzf.model.score import UnitTotal
from xl_fzzf.model.status import Status

MOST, MOST_TASKS = 3, 5
"""As many figures are listed at either end, each with all that tie in it; and as many tasks."""

Subject = Task | UnitTotal


@dataclass(frozen=True, slots=True)
class Ranked:
    """A line of a ranking: all that have this `figure`, a score or a count, and their rank.

    `before` is what one alone had in the period before: the unit's total, or the task's count.
    """

    rank: int
    subjects: tuple[Subject, ...]
    figure: float
    before: UnitTotal | int | None


Ends = tuple[list[Ranked], list[Ranked]]
"""The first and, the last one first, the last of a ranking; none stands in both."""


def rank_units(standing: Standing) -> Ends:
    """The units with the highest and the lowest scores among those that reported."""
    before = totals_by_unit(standing.before)
    ranked = [
        Ranked(total.rank or 0, (total,), total.score, before.get(total.unit.code))
        for total in standing.unit_totals
        if total.score is not None and total.unit.code in standing.reported
    ]
    return _ends(sorted(ranked, key=lambda each: -each.figure))


def rank_tasks(standing: Standing) -> list[Ranked]:
    """The tasks with the most unmet records, the most first; those that tie with the last are in too."""
    earlier = unmet_by_task(standing.before) if standing.before else {}
    counts = unmet_by_task(standing)
    ordered = sorted(counts.values(), reverse=True)
    least = ordered[min(MOST_TASKS, len(ordered)) - 1] if ordered else 0
    tasks = standing.round.plan.tasks
    ranked = [
        Ranked(
            1 + sum(other > count for other in ordered),
            (tasks[number],),
            count,
            earlier.get(number, 0) if standing.before else None,
        )
        for number, count in counts.items()
        if count >= least
    ]
    return sorted(ranked, key=lambda each: each.rank)


def area_shares(assessed: Assessed) -> list[tuple[float, Area]]:
    """达标率 of every area that has one, the highest first."""
    shares = [
        (share, area) for area, counts in assessed.areas if (share := met_share(counts)) is not None
    ]
    return sorted(shares, key=lambda each: -each[0])


def totals_by_unit(assessed: Assessed | None) -> dict[str, UnitTotal]:
    """The units' totals by code."""
    return {total.unit.code: total for total in (assessed.unit_totals if assessed else ())}


def unmet_by_task(assessed: Assessed) -> dict[str, int]:
    """How many records of a task are unmet, by its number, in the plan's order; without those of none."""
    unmet = (item for item in assessed.assessments if item.status is Status.UNMET)
    counts = Counter(item.indicator.task for item in unmet)
    return {number: counts[number] for number in assessed.round.plan.tasks if counts[number]}


def _ends(ranked: Iterable[Ranked]) -> Ends:
    lines = [_tied(list(group)) for _, group in groupby(ranked, lambda each: each.figure)]
    return lines[:MOST], list(reversed(lines[MOST:]))[:MOST]


def _tied(group: Sequence[Ranked]) -> Ranked:
    """Those that have one figure, as one line."""
    first, *others = group
    if not others:
        return first
    return Ranked(first.rank, tuple(s for each in group for s in each.subjects), first.figure, None)
