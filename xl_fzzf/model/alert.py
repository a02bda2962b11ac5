"""Alerts (预警): how urgent an unmet record is, in three colours, from its 整改时限."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from xl_fzzf.model.assessment import Assessment

SOON = 15
"""Days; a measure that is due within these is yellow."""


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
    """The alert of an unmet record."""
    left = days_left(assessment.record.deadline, as_of)
    if left is None or left < 0:
        return Alert.RED
    return Alert.YELLOW if left <= SOON else Alert.BLUE
