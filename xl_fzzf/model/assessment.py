"""Assessments: every record of a round held against its target, as of a date; and the alerts (预警)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from xl_fzzf.model.plan import Indicator, Plan, Unit
from xl_fzzf.model.record import NO, Record, text
from xl_fzzf.model.status import Judgement, Status, judge
from xl_fzzf.model.target import Target

_MOST_DECIMALS = 6

YEARS_BACK, YEARS_AHEAD = 1, 5
"""The years before and after the one in which a record is due that its 整改时限 may lie in."""

SOON = 15
"""Days; a measure that is due within these is yellow."""


@dataclass(frozen=True, slots=True)
class Assessment:
    """A record with its unit, its indicator, the target and day that hold for it, and the judgement.

    `past_due`: it was judged as of a later day than it is due.
    """

    record: Record
    unit: Unit
    indicator: Indicator
    target: Target
    due: date
    judgement: Judgement
    past_due: bool = False

    @property
    def status(self) -> Status:
        """The record's status."""
        return self.judgement.status

    @property
    def attainment(self) -> float | None:
        """完成度, 0 to 1: 1 where met, else the share of the target reached; None where 不适用."""
        if self.status is Status.NOT_APPLICABLE:
            return None
        if self.status is Status.MET:
            return 1.0
        value = self.judgement.value
        return 0.0 if value is None else self.target.reached(value)

    @property
    def shown_value(self) -> str:
        """The judged value as people read it: 95%, 3, 是."""
        if self.judgement.value is not None:
            return show(self.judgement.value, self.indicator)
        return text(self.record.value)

    @property
    def gap(self) -> str:
        """What is missing to the target, in words; empty where nothing is."""
        value = self.judgement.value
        if self.status not in (Status.UNMET, Status.UNDER_WAY):
            return ""
        if value is None:
            return f"填报为“{NO}”" if self.indicator.kind.is_choice else ""
        gap = self.target.gap(value, self.judgement.last_year or 0.0)
        if gap == 0:
            same = "与上年持平" if self.target.against_last_year else "刚好在界限上"
            return f"{same}，应{self.target.text(self.indicator.measure)}"
        word = "超出" if self.target.beyond(value) else "差"
        if self.indicator.kind.is_ratio:
            return f"{word} {_short(gap * 100)} 个百分点"
        return f"{word} {_short(gap)} {self.indicator.measure}".rstrip()

    @property
    def is_total(self) -> bool:
        """Whether it is the district's own total of its indicator (合计单位), not a part of it."""
        return self.unit.name == self.indicator.total

    @property
    def exceeded(self) -> bool:
        """Met, and above the upper end of the range that the plan asks for."""
        value = self.judgement.value
        return value is not None and self.target.exceeded(value)


def show(value: float, indicator: Indicator) -> str:
    """A number of this indicator as people read it."""
    return f"{_short(value * 100)}%" if indicator.kind.is_ratio else _short(value)


def assess(plan: Plan, records: Iterable[Record], year: int, as_of: date) -> list[Assessment]:
    """Judge records whose unit and indicator the plan knows; `year` is the period's."""
    assessments = []
    due = {code: indicator.due_in(year) for code, indicator in plan.indicators.items()}
    for record in records:
        unit, indicator = plan.unit_by_code[record.unit], plan.indicators[record.indicator]
        target = indicator.target_for(unit)
        day = due[indicator.code]
        judgement = judge(record, indicator, target, day, as_of)
        assessments.append(Assessment(record, unit, indicator, target, day, judgement, as_of > day))
    return assessments


def _short(value: float) -> str:
    """Two decimals, or as many more as it takes that 99.997 does not read as 100."""
    return f"{value:.{decimals(value)}f}".rstrip("0").rstrip(".")


def decimals(value: float) -> int:
    """How many decimals a number needs not to read as a whole one that it isn't; 2 to 6."""
    enough = (n for n in range(2, _MOST_DECIMALS) if not round(value, n).is_integer())
    return next(enough, _MOST_DECIMALS)


class Alert(StrEnum):
    """红: the measure is overdue, or no day was given. 黄: it is due soon. 蓝: later."""

    RED = "红·督办"
    YELLOW = "黄·催办"
    BLUE = "蓝·跟踪"


def days_left(deadline: object, as_of: date) -> int | None:
    """Days from `as_of` to a 整改时限, negative when overdue; None where it is no date."""
    if not isinstance(deadline, date):
        return None
    return (date(deadline.year, deadline.month, deadline.day) - as_of).days


def alert(assessment: Assessment, as_of: date) -> Alert:
    """How urgent an unmet record is, from its 整改时限."""
    left = days_left(assessment.record.deadline, as_of)
    if left is None or left < 0:
        return Alert.RED
    return Alert.YELLOW if left <= SOON else Alert.BLUE
