"""Assessments: attainment, the value and the gap in words, and what a whole round's records get."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests.model.samples import (
    JUSTICE,
    NEXT_YEAR,
    TOWN,
    YEAR_END,
    a_plan,
    a_task,
    an_indicator,
    assessed,
)
from xl_fzzf.model.assessment import assess
from xl_fzzf.model.kinds import Kind
from xl_fzzf.model.plan import Indicator
from xl_fzzf.model.record import Record
from xl_fzzf.model.status import Status
from xl_fzzf.model.target import Op, Target

MEETINGS = an_indicator(Kind.COUNT, "4 至 5", "次")
RATE = an_indicator(Kind.RATE, "= 100%", "%")
RATING = an_indicator(Kind.SCORE, "高于上年", "分")
YES_NO = an_indicator(Kind.YES_NO)
EXACTLY_2 = an_indicator(Kind.COUNT, "= 2", "次")


@pytest.mark.parametrize(
    ("indicator", "entries", "attainment"),
    [
        (MEETINGS, {"value": 3}, 0.75),
        (MEETINGS, {"value": 9}, 1.0),
        (MEETINGS, {}, 0.0),
        (MEETINGS, {"value": "三"}, 0.0),
        (MEETINGS, {"value": "不适用"}, None),
        (RATE, {"numerator": 1, "denominator": 2}, 0.5),
        (RATE, {"numerator": 0, "denominator": 0}, None),
        (RATING, {"denominator": 80, "value": 79}, 0.0),
        (RATING, {"denominator": 80, "value": 81}, 1.0),
        (YES_NO, {"value": "否"}, 0.0),
        (YES_NO, {"value": "是"}, 1.0),
        *((EXACTLY_2, {"value": value}, share) for value, share in ((1, 0.5), (2, 1.0), (3, 0.5))),
        (an_indicator(Kind.TEXT), {"narrative": "无"}, 0.0),
    ],
)
def test_attainment(
    indicator: Indicator, entries: dict[str, Any], attainment: float | None
) -> None:
    assert assessed(indicator, **entries).attainment == attainment


@pytest.mark.parametrize(
    ("indicator", "entries", "shown", "gap"),
    [
        (MEETINGS, {"value": 3}, "3", "差 1 次"),
        (MEETINGS, {"value": 4}, "4", ""),
        (EXACTLY_2, {"value": 3}, "3", "超出 1 次"),
        (RATE, {"numerator": 2, "denominator": 3}, "66.67%", "差 33.33 个百分点"),
        (RATE, {"numerator": 29_999, "denominator": 30_000}, "99.997%", "差 0.003 个百分点"),
        (
            RATE,
            {"numerator": 2_999_999, "denominator": 3_000_000},
            "99.99997%",
            "差 0.00003 个百分点",
        ),
        (RATE, {"numerator": 4_850_118, "denominator": 5_000_000}, "97.002%", "差 2.998 个百分点"),
        (RATE, {"numerator": 7, "denominator": 100}, "7%", "差 93 个百分点"),
        (RATING, {"denominator": 80, "value": 79.5}, "79.5", "差 0.5 分"),
        (RATING, {"denominator": 80, "value": 80}, "80", "与上年持平，应高于上年"),
        (an_indicator(Kind.COUNT, "> 1", "次"), {"value": 1}, "1", "刚好在界限上，应> 1 次"),
        (an_indicator(Kind.COUNT, "≤ 3", "起"), {"value": 5}, "5", "超出 2 起"),
        (YES_NO, {"value": "否"}, "否", "填报为“否”"),
        (YES_NO, {"value": "有"}, "有", ""),
        (MEETINGS, {"value": "三次"}, "三次", ""),
        (MEETINGS, {}, "", ""),
    ],
)
def test_the_value_and_what_is_missing_are_said_in_words(
    indicator: Indicator, entries: dict[str, Any], shown: str, gap: str
) -> None:
    case = assessed(indicator, NEXT_YEAR, **entries)
    assert (case.shown_value, case.gap) == (shown, gap)


def test_more_than_the_range_asks_is_met_and_noted() -> None:
    sixth = assessed(MEETINGS, value=6)
    assert (sixth.status, sixth.exceeded) == (Status.MET, True)
    assert not assessed(MEETINGS, value=5).exceeded


def test_a_round_is_judged_by_each_kinds_target_and_the_indicators_own_day() -> None:
    open_data = an_indicator(
        Kind.COUNT, "≥ 20", due=date(2019, 6, 30), targets={"乡镇": Target(Op.GE, 5.0)}
    )
    plan = a_plan((a_task("1", "区级各部门,各乡镇", open_data),))
    records = [Record(JUSTICE.code, "1.1", value=6), Record(TOWN.code, "1.1", value=6)]
    department, town = assess(plan, records, 2019, YEAR_END)
    assert (department.unit, department.target.value, department.status) == (
        *(JUSTICE, 20, Status.UNMET),
    )
    assert (town.unit, town.target.value, town.status) == (TOWN, 5, Status.MET)
    assert department.due == town.due == date(2019, 6, 30)


def test_the_years_end_is_that_of_the_period() -> None:
    plan = a_plan((a_task("1", "区级各部门", MEETINGS),))
    (case,) = assess(plan, [Record("B01", "1.1", value=1)], 2021, date(2021, 12, 31))
    assert (case.due, case.status) == (date(2021, 12, 31), Status.UNDER_WAY)
