"""预警: the colour of an unmet record, by the days left until its 整改时限."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.conftest import small_plan
from xl_fzzf.model.assessment import Alert, Assessment, alert, assess, days_left
from xl_fzzf.model.record import Cell, Record

AS_OF = date(2019, 12, 31)


def unmet(deadline: Cell) -> Assessment:
    """A record that is unmet, with this 整改时限."""
    (judged,) = assess(
        small_plan(), [Record("B01", "1.1", value=1.0, deadline=deadline)], 2019, AS_OF
    )
    return judged


@pytest.mark.parametrize(
    ("left", "colour"),
    [(-1, Alert.RED), (0, Alert.YELLOW), (15, Alert.YELLOW), (16, Alert.BLUE)],
)
def test_the_colour_turns_with_the_days_left(left: int, colour: Alert) -> None:
    day = AS_OF + timedelta(days=left)
    assert alert(unmet(day), AS_OF) is colour
    assert alert(unmet(datetime(day.year, day.month, day.day, 18)), AS_OF) is colour


@pytest.mark.parametrize("deadline", [None, "尽快", "2020-01-30", 43860.0, True])
def test_what_is_no_day_is_red(deadline: Cell) -> None:
    assert alert(unmet(deadline), AS_OF) is Alert.RED
    assert days_left(deadline, AS_OF) is None


@given(st.integers(-400, 400), st.integers(1, 60))
def test_time_only_makes_it_more_urgent(left: int, later: int) -> None:
    order = list(Alert)
    item = unmet(AS_OF + timedelta(days=left))
    then = alert(item, AS_OF + timedelta(days=later))
    assert order.index(then) <= order.index(alert(item, AS_OF))
