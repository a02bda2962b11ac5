"""Roll-up: the district's value of an indicator, and a unit's score and rank."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.model.samples import (
    FINANCE,
    JUSTICE,
    NEXT_YEAR,
    OFFICE,
    TOWN,
    UNITS,
    YEAR_END,
    a_plan,
    a_task,
    an_indicator,
    assessed,
)
from xl_fzzf.model.assessment import Assessment
from xl_fzzf.model.kinds import Kind
from xl_fzzf.model.plan import Indicator, Unit
from xl_fzzf.model.record import Cell
from xl_fzzf.model.rollup import IndicatorTotal, say_target, total_indicators
from xl_fzzf.model.score import UnitTotal, total_units
from xl_fzzf.model.status import Status

MEETINGS = an_indicator(Kind.COUNT, "4 至 5", "次")
RATE = an_indicator(Kind.RATE, "≥ 95%", "%")
RATING = an_indicator(Kind.SCORE, "高于上年", "分")
BUDGET = an_indicator(Kind.AMOUNT, "不低于上年", "万元")
YES_NO = an_indicator(Kind.YES_NO)
TEXT = an_indicator(Kind.TEXT)

FIRST = an_indicator(Kind.YES_NO, code="1.1", weight=3.0)
SECOND = an_indicator(Kind.RATE, "= 100%", code="1.2")
OTHER_AREA = an_indicator(Kind.COUNT, "≥ 4", code="2.1", task="2")
PLAN = a_plan(
    (a_task("1", "区级各部门,各乡镇", FIRST, SECOND),), (a_task("2", "区级各部门", OTHER_AREA),)
)


def total(indicator: Indicator, *records: tuple[Cell, ...], due: bool = False) -> IndicatorTotal:
    """Records of one indicator, each its number and answer cells in order, rolled up."""
    names: dict[Kind, tuple[str, ...]] = {
        Kind.COUNT: ("value",),
        Kind.YES_NO: ("value",),
        Kind.TEXT: ("narrative",),
    }
    names |= {Kind.RATE: ("numerator", "denominator")}
    fields = names.get(indicator.kind, ("denominator", "value"))
    as_of = NEXT_YEAR if due else YEAR_END
    answers: list[dict[str, Any]] = [dict(zip(fields, r, strict=True)) for r in records]
    cases = [assessed(indicator, as_of, **answer) for answer in answers]
    (result,) = total_indicators(a_plan((a_task("1", "区级各部门", indicator),)), cases)
    return result


def test_counts_add_up() -> None:
    found = total(MEETINGS, (4,), (6,), ("不适用",), ("四",), (None,))
    assert (found.value, found.shown_value, found.exceeded) == (10, "10", 1)
    once = dict.fromkeys([Status.NOT_APPLICABLE, Status.INVALID, Status.MISSING], 1)
    assert found.counts == {Status.MET: 2, **once}


def test_a_rate_is_sum_over_sum_and_never_the_mean_of_rates() -> None:
    found = total(RATE, (1, 1), (90, 99))
    assert (found.numerator, found.denominator, found.value) == (91, 100, 0.91)
    assert found.value != pytest.approx((1 + 90 / 99) / 2)
    assert found.shown_value == "91%"


@given(st.lists(st.tuples(st.integers(0, 500), st.integers(0, 500)), min_size=1, max_size=8))
def test_whatever_the_units_report_a_rate_is_sum_over_sum(pairs: list[tuple[int, int]]) -> None:
    pairs = [(min(pair), max(pair)) for pair in pairs]
    found = total(RATE, *pairs)
    above, below = (sum(column) for column in zip(*pairs, strict=True))
    if below:
        assert (found.numerator, found.denominator) == (above, below)
        assert found.value == above / below
        assert found.status is (Status.MET if above / below >= 0.95 else Status.UNDER_WAY)
    else:
        assert (found.value, found.status) == (None, Status.NOT_APPLICABLE)


def test_denominators_of_zero_do_not_weigh() -> None:
    found = total(RATE, (0, 0), (19, 20))
    assert (found.value, found.status) == (0.95, Status.MET)
    nothing = total(RATE, (0, 0), (0, 0))
    assert (nothing.value, nothing.shown_value) == (None, "—")
    assert nothing.status is Status.NOT_APPLICABLE


def test_invalid_rates_are_left_out_of_the_sums() -> None:
    found = total(RATE, (9, 5), ("约9", 10), (None, 10), (19, 20))
    assert (found.numerator, found.denominator) == (19, 20)


def test_yes_no_is_the_share_of_yes_among_those_that_answered() -> None:
    found = total(YES_NO, ("是",), ("是",), ("否",), ("不适用",), (None,), ("有",))
    assert (found.numerator, found.denominator) == (2, 3)
    assert found.shown_value == "66.7%"
    assert total(YES_NO, (None,), ("不适用",)).value is None


def test_a_score_is_the_mean_and_is_held_against_last_years_mean() -> None:
    found = total(RATING, (80, 90), (70, 72))
    assert (found.value, found.status) == (81, Status.MET)
    assert total(RATING, (80, 70), (70, 80)).status is Status.UNDER_WAY
    assert total(RATING, (80, 70), (70, 79), due=True).status is Status.UNMET


def test_an_amount_is_the_sum_and_is_held_against_last_years_sum() -> None:
    found = total(BUDGET, (100, 90), (50, 60))
    assert (found.value, found.denominator, found.status) == (150, 150, Status.MET)
    assert total(BUDGET, (100, 90), (50, 59)).status is Status.UNDER_WAY


def test_sums_have_no_rounding_dust() -> None:
    found = total(BUDGET, (0.6, 0.1), (0, 0.2), (0, 0.3))
    assert (found.value, found.status) == (0.6, Status.MET)


def test_texts_have_no_value() -> None:
    found = total(TEXT, ("已开展",), (None,))
    assert (found.value, found.shown_value, found.status) == (None, "—", Status.UNDER_WAY)


@pytest.mark.parametrize(
    ("records", "due", "status"),
    [
        ([], False, Status.NOT_APPLICABLE),
        ([("不适用",)], False, Status.NOT_APPLICABLE),
        ([(None,), ("不适用",)], False, Status.MISSING),
        ([(None,), ("四",)], False, Status.INVALID),
        ([(4,), (None,)], False, Status.UNDER_WAY),
        ([(4,), (5,), ("不适用",)], False, Status.MET),
        ([(4,), (3,)], False, Status.UNDER_WAY),
        ([(9,), (3,)], True, Status.UNMET),
        ([(4,), (None,)], True, Status.UNMET),
        ([(4,), ("四",)], True, Status.UNMET),
        ([(None,), (None,)], True, Status.MISSING),
    ],
)
def test_a_counts_status_is_that_of_its_units(
    records: Sequence[tuple[Cell]], due: bool, status: Status
) -> None:
    assert total(MEETINGS, *records, due=due).status is status


@pytest.mark.parametrize("indicator", [RATE, RATING, BUDGET])
def test_a_value_is_not_met_before_all_units_are_in(indicator: Indicator) -> None:
    good = (80, 80) if indicator is RATE else (80, 90)
    lacking = [(None, None)] * 3
    assert total(indicator, good).status is Status.MET
    found = total(indicator, good, *lacking)
    assert (found.status, found.lacking, found.value) == (
        Status.UNDER_WAY,
        3,
        1.0 if indicator is RATE else 90,
    )
    assert total(indicator, good, *lacking, due=True).status is Status.UNMET
    assert total(indicator, good, ("不适用", None)).status is Status.MET


def test_a_sum_is_not_held_against_what_each_unit_must_spend() -> None:
    budget = an_indicator(Kind.AMOUNT, "≥ 100", "万元")
    found = total(budget, (0, 60), (0, 60))
    assert (found.value, found.status) == (120, Status.UNDER_WAY)
    assert say_target(budget, budget.target) == "每个单位 ≥ 100 万元"
    assert total(budget, (0, 100), (0, 160)).status is Status.MET


def test_what_each_unit_must_reach_is_called_so_beside_a_sum() -> None:
    shown = [say_target(item, item.target) for item in (MEETINGS, RATE, RATING, BUDGET, YES_NO)]
    assert shown == ["每个单位 4 至 5 次", "≥ 95%", "高于上年", "不低于上年", "是"]
    assert say_target(an_indicator(Kind.COUNT), an_indicator(Kind.COUNT).target) == "如实填报"


def test_indicators_without_records_are_in_the_totals_in_the_plans_order() -> None:
    totals = total_indicators(PLAN, [])
    assert [item.indicator.code for item in totals] == ["1.1", "1.2", "2.1"]
    assert {item.status for item in totals} == {Status.NOT_APPLICABLE}


def units(*cases: Assessment) -> dict[str, UnitTotal]:
    return {total.unit.name: total for total in total_units(PLAN, cases)}


def test_a_score_is_weight_times_attainment_over_the_weights() -> None:
    yes = assessed(FIRST, value="是")
    half = assessed(SECOND, numerator=1, denominator=2)
    found = units(yes, half, assessed(OTHER_AREA, value=1))["区司法局"]
    assert found.score == pytest.approx(100 * (3 * 1 + 0.5 + 0.25) / 5)
    assert found.by_area == {1: 3.5 / 4, 2: 0.25}


def test_what_does_not_apply_is_out_of_the_weights() -> None:
    skipped = assessed(FIRST, value="不适用")
    half = assessed(SECOND, numerator=1, denominator=2)
    found = units(skipped, half, assessed(OTHER_AREA, value="不适用"))["区司法局"]
    assert (found.score, found.by_area) == (50, {1: 0.5, 2: None})


def test_a_unit_for_which_nothing_applies_has_no_score_and_no_rank() -> None:
    found = units(assessed(FIRST, value="不适用"), assessed(FIRST, unit=TOWN, value="否"))
    assert (found["区司法局"].score, found["区司法局"].rank) == (None, None)
    assert (found["金凤镇"].score, found["金凤镇"].rank) == (0, 1)


def test_missing_and_invalid_records_earn_nothing_and_count_in_completeness() -> None:
    found = units(assessed(FIRST), assessed(SECOND, numerator="一"), assessed(OTHER_AREA, value=4))
    assert found["区司法局"].score == 20
    assert found["区司法局"].completeness == pytest.approx(2 / 3)


def test_ties_share_a_rank_and_the_next_rank_is_skipped() -> None:
    counts = {JUSTICE: 2, FINANCE: 4, OFFICE: 4, TOWN: 1}
    cases = [assessed(OTHER_AREA, unit=unit, value=count) for unit, count in counts.items()]
    totals = total_units(PLAN, cases)
    assert [(t.unit.name, t.score, t.rank) for t in totals] == [
        *(("区司法局", 50, 3), ("区财政局", 100, 1), ("区委办公室", 100, 1), ("金凤镇", 25, 4))
    ]


ANSWERS: st.SearchStrategy[Cell] = st.sampled_from([None, "", "不适用", "约3", 0, 1, 2, 3, 4, 9])


@given(st.data(), st.lists(st.tuples(st.sampled_from(UNITS), ANSWERS, ANSWERS), max_size=10))
def test_the_order_of_the_records_changes_nothing(
    data: st.DataObject, answers: list[tuple[Unit, Cell, Cell]]
) -> None:
    cases = [assessed(OTHER_AREA, unit=unit, value=one) for unit, one, _ in answers]
    cases += [
        assessed(SECOND, unit=unit, numerator=one, denominator=two) for unit, one, two in answers
    ]
    shuffled = data.draw(st.permutations(cases))
    assert total_indicators(PLAN, shuffled) == total_indicators(PLAN, cases)
    scores, again = total_units(PLAN, cases), total_units(PLAN, shuffled)
    assert [(t.unit, t.counts, t.score, t.rank) for t in again] == [
        (t.unit, t.counts, t.score, t.rank) for t in scores
    ]
    assert all(t.score is None or 0 <= t.score <= 100 for t in scores)
