"""Score (考核得分): weight × attainment, 0 to 100 a unit; ties share a rank."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from math import fsum

from xl_fzzf.model.assessment import Assessment
from xl_fzzf.model.plan import Plan, Unit
from xl_fzzf.model.record import grouped
from xl_fzzf.model.rollup import completeness
from xl_fzzf.model.status import Status


@dataclass(frozen=True, slots=True)
class UnitTotal:
    """A unit over all its records: `score` 0–100, `by_area` attainment 0–1 or None (不适用)."""

    unit: Unit
    counts: Counter[Status]
    score: float | None
    by_area: dict[int, float | None]
    rank: int | None = None

    @property
    def completeness(self) -> float:
        """填报率: the share of its records that are filled in."""
        return completeness(self.counts)

    @property
    def silent(self) -> bool:
        """Whether it reported nothing: no score of it is to be compared with."""
        return self.counts.total() == self.counts[Status.MISSING]


def total_units(plan: Plan, assessments: Iterable[Assessment]) -> list[UnitTotal]:
    """Every unit that has records, in the roster's order, scored and ranked; ties share a rank."""
    own = grouped(assessments, lambda assessment: assessment.unit.code)
    totals = [_unit_total(plan, unit, own[unit.code]) for unit in plan.units if unit.code in own]
    scores = sorted((total.score for total in totals if total.score is not None), reverse=True)
    ranks: dict[float, int] = {}
    for position, score in enumerate(scores, 1):
        ranks.setdefault(score, position)
    return [t if t.score is None else replace(t, rank=ranks[t.score]) for t in totals]


def _unit_total(plan: Plan, unit: Unit, group: Sequence[Assessment]) -> UnitTotal:
    areas = grouped(group, lambda assessment: plan.area_of[assessment.indicator.code].number)
    score = weighted_attainment(group)
    return UnitTotal(
        unit,
        Counter(assessment.status for assessment in group),
        None if score is None else round(score * 100, 2),
        {area.number: weighted_attainment(areas.get(area.number, ())) for area in plan.areas},
    )


def weighted_attainment(group: Iterable[Assessment]) -> float | None:
    """Σ(weight × 完成度) / Σ(applicable weights), 0 to 1; None where nothing applies."""
    pairs = [(a.indicator.weight, a.attainment) for a in group]
    applicable = [(weight, attained) for weight, attained in pairs if attained is not None]
    # fsum: sorting the rows must not change a score by a hundredth
    weights = fsum(weight for weight, _ in applicable)
    return fsum(weight * attained for weight, attained in applicable) / weights if weights else None
