"""Roll-up: from records to the value of an indicator, at a district or a city."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import fsum

from xl_fzzf.model.assessment import Assessment, show
from xl_fzzf.model.kinds import RollUp
from xl_fzzf.model.plan import Indicator, Plan
from xl_fzzf.model.record import NO, YES, grouped, number, text
from xl_fzzf.model.status import Status
from xl_fzzf.model.target import Op, Target

NO_RECORD = "无记录"
EACH = "每个单位 "
"""Before a target that every unit has to meet by itself, and with which no sum can be compared."""


@dataclass(frozen=True, slots=True)
class IndicatorTotal:
    """An indicator over all units. `value` is None where nothing could be rolled up.

    Counts add up; a rate is Σ分子 / Σ分母; yes_no is the share of 是 among the units that answered;
    a score is the mean of this year's; an amount is the sum, `denominator` last year's. The record
    of the unit that states the total (合计单位) is left out of these.
    """

    indicator: Indicator
    value: float | None
    numerator: float | None
    denominator: float | None
    status: Status
    counts: Counter[Status]
    exceeded: int

    @property
    def lacking(self) -> int:
        """How many units have not answered, or not validly."""
        return self.counts[Status.MISSING] + self.counts[Status.INVALID]

    @property
    def shown_status(self) -> str:
        """The status as people read it: of an indicator that nobody reported on there is none."""
        return self.status.value if self.counts.total() else NO_RECORD

    @property
    def shown_value(self) -> str:
        """The district's value as people read it."""
        if self.value is None:
            return "—"
        if self.indicator.kind.is_choice:
            return f"{self.value:.1%}"
        return show(self.value, self.indicator)


def completeness(counts: Counter[Status]) -> float:
    """填报率 of any set of records; 0 where there are none."""
    total = counts.total()
    return (total - counts[Status.MISSING]) / total if total else 0.0


def met_share(counts: Counter[Status]) -> float | None:
    """达标率: met records among those that apply; None where none does."""
    applicable = counts.total() - counts[Status.NOT_APPLICABLE]
    return counts[Status.MET] / applicable if applicable else None


def total_indicators(plan: Plan, assessments: Iterable[Assessment]) -> list[IndicatorTotal]:
    """Every indicator of the plan over its records, in the plan's order."""
    groups = grouped(assessments, lambda assessment: assessment.indicator.code)
    return [total_indicator(item, groups.get(code, [])) for code, item in plan.indicators.items()]


def total_indicator(indicator: Indicator, group: Sequence[Assessment]) -> IndicatorTotal:
    """An indicator over these records of it."""
    counts = Counter(assessment.status for assessment in group)
    value, numerator, denominator = _roll_up(indicator, [a for a in group if not a.is_total])
    past_due = any(assessment.past_due for assessment in group)
    return IndicatorTotal(
        indicator,
        value,
        numerator,
        denominator,
        _district_status(indicator, counts, (value, denominator), past_due),
        counts,
        exceeded=sum(assessment.exceeded for assessment in group),
    )


def _roll_up(
    indicator: Indicator, group: Sequence[Assessment]
) -> tuple[float | None, float | None, float | None]:
    kind = indicator.kind
    if kind.is_text:
        return None, None, None
    if kind.is_choice:
        answered = [a for a in group if text(a.record.value) in (YES, NO)]
        yes = sum(text(a.record.value) == YES for a in answered)
        return (yes / len(answered) if answered else None), float(yes), float(len(answered))
    judged = [a for a in group if a.judgement.value is not None]
    if not judged:
        return None, None, None
    values = [a.judgement.value or 0.0 for a in judged]
    if kind.is_ratio:
        above = fsum(number(a.record.numerator) or 0.0 for a in judged)
        below = fsum(number(a.record.denominator) or 0.0 for a in judged)
        return above / below, above, below
    value = fsum(values) / (len(judged) if kind.rolls_up is RollUp.MEAN else 1)
    if not kind.has_last_year:
        return value, None, None
    return value, fsum(values), fsum(a.judgement.last_year or 0.0 for a in judged)


def judged_as_a_whole(indicator: Indicator) -> bool:
    """Whether the district's value is held against the target, and not only each unit's own."""
    kind = indicator.kind
    compared = kind.rolls_up is RollUp.MEAN or indicator.target.against_last_year
    return kind.is_ratio or (kind.has_last_year and compared)


def say_target(indicator: Indicator, target: Target) -> str:
    """A target as it stands beside the district's value."""
    each = (
        indicator.kind.numbers and not judged_as_a_whole(indicator) and target.op is not Op.FILLED
    )
    return (EACH if each else "") + target.text(indicator.measure)


def _district_status(
    indicator: Indicator,
    counts: Counter[Status],
    rolled_up: tuple[float | None, float | None],
    past_due: bool,
) -> Status:
    """Met when all units answered, and the value that they come to, or else each of them, meets it."""
    applicable = counts.total() - counts[Status.NOT_APPLICABLE]
    lacking = counts[Status.MISSING] + counts[Status.INVALID]
    if not applicable:
        return Status.NOT_APPLICABLE
    if lacking == applicable:
        return Status.INVALID if counts[Status.INVALID] else Status.MISSING
    value, denominator = rolled_up
    if value is not None and judged_as_a_whole(indicator):
        held = applicable - lacking
        last_year = (denominator or 0.0) / (held if indicator.kind.rolls_up is RollUp.MEAN else 1)
        met = indicator.target.met(value, last_year)
    else:
        met = not (counts[Status.UNMET] or counts[Status.UNDER_WAY])
    if met and not lacking:
        return Status.MET
    return Status.UNMET if past_due or counts[Status.UNMET] else Status.UNDER_WAY
