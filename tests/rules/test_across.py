"""Across time and units: what a record is compared with, and which of it is a finding."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.model.samples import FINANCE, JUSTICE, TOWN, a_plan, a_task, an_indicator, assessed
from xl_fzzf.model.assessment import Assessment
from xl_fzzf.model.comparison import Compared, compare
from xl_fzzf.model.kinds import Kind
from xl_fzzf.model.likeness import SHORTEST, find_twins
from xl_fzzf.model.period import Period
from xl_fzzf.model.plan import Indicator, Unit
from xl_fzzf.model.rollup import total_indicators
from xl_fzzf.rules.across import ACROSS_RULES
from xl_fzzf.rules.rule import run_rules

COUNT = an_indicator(Kind.COUNT, "≥ 2", "次")
HEADS = an_indicator(Kind.COUNT, "≥ 2", "人")
RATE = an_indicator(Kind.RATE, "= 100%", "%")
BUDGET = an_indicator(Kind.AMOUNT, "不低于上年", "万元")
TOWNS = tuple(replace(TOWN, code=f"X{n:02}", name=f"第{n}镇", aliases=()) for n in range(60))
TEXT = "三月召开党组会专门研究本项工作,印发任务清单并逐项分解到股室,年底前完成归档。"


def found(cases: Sequence[Assessment], period: str = "2019Q3") -> list[tuple[str, str]]:
    """Rule and unit of every finding."""
    return [
        (rule, case.assessment.unit.name)
        for case in compare(cases, Period.parse(period)).values()
        for rule, _, _ in run_rules(ACROSS_RULES, case, {})
    ]


def counts(*values: Any, indicator: Indicator = COUNT) -> list[Assessment]:
    return [
        assessed(indicator, unit=unit, value=value, denominator=100, numerator=1)
        for unit, value in zip(TOWNS, values, strict=False)
    ]


def told(unit: Unit, text: Any, indicator: Indicator = COUNT, value: Any = 2) -> Assessment:
    return assessed(indicator, unit=unit, value=value, narrative=text)


@pytest.mark.parametrize(
    ("period", "falls"),
    [
        ("2019Q1", False),
        ("2019Q2", True),
        ("2019M01", False),
        ("2019M12", True),
        ("2019H1", False),
        ("2019H2", True),
        ("2019", False),
    ],
)
def test_bad_084_a_value_counted_from_the_years_first_day_falls_only_within_the_year(
    period: str, falls: bool
) -> None:
    case = assessed(COUNT, value=2, previous=3)
    assert found([case], period) == [("fallen", "区司法局")] * falls


@pytest.mark.parametrize(
    ("indicator", "value", "previous"),
    [
        (HEADS, 2, 3),
        (an_indicator(Kind.SCORE, "高于上年", "分"), 70, 80),
        (an_indicator(Kind.YES_NO), "否", "是"),
        (COUNT, 2, "约3次"),
        (COUNT, 2, None),
        (COUNT, "约1次", 3),
        (COUNT, 3, 3.0),
    ],
)
def test_bad_084_what_does_not_add_up_or_is_no_number_cannot_fall(
    indicator: Indicator, value: Any, previous: Any
) -> None:
    assert found([assessed(indicator, value=value, previous=previous, denominator=1)]) == []


@pytest.mark.parametrize(
    ("numerator", "denominator", "heads", "fell"),
    [
        (4, 9, "", {"numerator": 5.0}),
        (4, 8, "", {"numerator": 5.0, "denominator": 9.0}),
        (5, 9, "", {}),
        (6, 12, "", {}),
        ("约4", 8, "", {"denominator": 9.0}),
        (8, 4, "", {}),  # more than all: another rule's
        (4, 9, "在岗执法人员数", {}),  # people are counted as of a day
    ],
)
def test_what_a_rate_is_made_of_falls_only_where_it_adds_up(
    numerator: Any, denominator: Any, heads: str, fell: dict[str, float]
) -> None:
    case = assessed(
        replace(RATE, numerator=heads), unit=TOWN, numerator=numerator, denominator=denominator
    )
    before = {case.record.key: (5, 9, None, "说明", None, None, None)}
    (held,) = compare([case], Period.parse("2019Q3"), before=before).values() or [Compared(case)]
    assert held.fell == fell


def test_a_number_with_one_digit_too_many_is_an_outlier_among_its_peers() -> None:
    assert found(counts(4, 5, 4, 3, 4, 5, 4, 40)) == [("outlier", "第7镇")]
    assert found(counts(*[120.5] * 9, 1_200_000, indicator=BUDGET)) == [("outlier", "第9镇")]
    assert found(counts(*[40] * 9, 4)) == [("outlier", "第9镇")]


def test_of_few_units_only_what_is_far_beyond_the_others_is_an_outlier() -> None:
    """Six 街道: 480 where the others have 4, and a 分母 of 400,000."""
    assert found(counts(4, 5, 4, 3, 4, 480)) == [("outlier", "第5镇")]
    rates = [
        assessed(RATE, unit=unit, numerator=1, denominator=below)
        for unit, below in zip(TOWNS, (40, 50, 400_000, 60), strict=False)
    ]
    assert found(rates) == [("outlier", "第2镇")]
    assert found(counts(4, 4, 480)) == [], "of three nobody knows which is right"
    assert found(counts(3, 40, 900, 20_000)) == [], "they all differ"


@pytest.mark.parametrize(
    ("deadline", "value", "over"),
    [
        (date(2019, 9, 29), 1, True),
        (datetime(2019, 6, 1), 1, True),
        (date(2019, 9, 30), 1, False),
        (date(2019, 12, 1), 1, False),
        (date(2019, 6, 1), 2, False),  # met: it was put right by then
        (date(2017, 6, 1), 1, False),  # no year that can be meant: another rule's
        ("2019-06-01", 1, False),
        (None, 1, False),
    ],
)
def test_what_is_still_unmet_was_not_to_be_put_right_before_the_periods_end(
    deadline: Any, value: int, over: bool
) -> None:
    case = assessed(COUNT, value=value, deadline=deadline)
    assert found([case]) == [("past-deadline", "区司法局")] * over


def test_a_text_copied_with_the_others_name_in_it_is_alike() -> None:
    own = "区司法局三月研究部署年度工作任务，逐项分解到股室、科室并按月督办。"
    cases = [told(JUSTICE, own), told(FINANCE, own)]
    (twin,) = find_twins(cases).values()
    assert twin.share == 1.0


@pytest.mark.parametrize(
    ("other", "said"),
    [
        (TEXT, "完全相同"),
        (TEXT.replace("三月", "十一月"), "高度相似（除单位名称、日期、数字和标点外都相同）"),
        (f"区财政局{TEXT}", "高度相似（除单位名称"),
        (TEXT.replace("党组", "党委"), "的用语相同）"),
    ],
)
def test_only_what_is_the_same_to_the_last_sign_is_called_so(other: str, said: str) -> None:
    cases = [told(JUSTICE, TEXT), told(FINANCE, other)]
    (case,) = compare(cases, Period.parse("2019Q3")).values()
    ((_, _, fault),) = run_rules(ACROSS_RULES, case, {})
    assert said in fault.message
    assert (fault.message.endswith("完全相同")) == (other == TEXT)


@pytest.mark.parametrize(
    "values",
    [
        (4, 5, 4, 3, 4, 5, 40),  # fewer than eight
        (1, 1, 1, 1, 1, 1, 1, 9),  # nine times, but small
        (4, 5, 4, 3, 4, 5, 4, 0),  # nothing was done
        (1, 10, 100, 1_000, 2, 20, 200, 2_000, 5_000),  # they all differ
        (4, 5, 4, 3, 4, 5, 4, "四十"),
    ],
)
def test_what_may_well_be_is_no_outlier(values: tuple[Any, ...]) -> None:
    assert found(counts(*values)) == []


def test_peers_are_units_of_the_same_kind() -> None:
    office = assessed(COUNT, unit=FINANCE, value=400)
    assert found([*counts(*[4] * 9), office]) == []


@given(st.lists(st.integers(0, 39_999), max_size=30), st.permutations(range(30)))
def test_outliers_do_not_depend_on_the_order(values: list[int], order: list[int]) -> None:
    cases = counts(*values)
    mixed = [cases[place] for place in order if place < len(cases)]
    assert sorted(found(cases)) == sorted(found(mixed))
    assert 2 * len(found(cases)) <= len(values), "most of the units are never outliers"


@pytest.mark.parametrize(
    ("other", "exact"),
    [
        (TEXT, True),
        (TEXT.replace(",", " ,\n"), True),
        (TEXT.replace("三月", "十一月"), True),
        (f"区财政局{TEXT}", True),
        (TEXT.replace("党组", "党委"), False),
        (TEXT.replace("归档", "归档工作"), False),
        (f"今年{TEXT}", False),
    ],
)
def test_the_same_text_of_two_units_is_alike_and_only_the_coordinator_is_told_whose(
    other: str, exact: bool
) -> None:
    cases = [told(JUSTICE, TEXT), told(FINANCE, other)]
    (twin,) = find_twins(cases).values()
    assert (twin.assessment.unit, twin.units, twin.share == 1.0) == (JUSTICE, 1, exact)
    ((_, _, fault),) = [
        found for case in compare(cases, Period.parse("2019Q1")).values() for found in _run(case)
    ]
    assert "区司法局" in fault.aside and "局" not in fault.message


def _run(case: Any) -> list[Any]:
    return list(run_rules(ACROSS_RULES, case, {}))


@pytest.mark.parametrize(
    "other",
    [
        "全年组织四次专题培训,覆盖一线执法人员,测试合格率高于往年。",
        TEXT[: SHORTEST - 1],
        None,
        3.0,
        "",
    ],
)
def test_texts_of_ones_own_are_not_alike(other: Any) -> None:
    assert found([told(JUSTICE, TEXT), told(FINANCE, other)]) == []


def test_short_texts_and_reasons_for_not_applying_are_alike_by_nature() -> None:
    short = "已经全部完成,材料另附。"
    reason = "本单位没有行政执法职责,本期也没有发生需要填报的这一类事项。"
    assert found([told(unit, short) for unit in TOWNS]) == []
    assert found([told(unit, reason, value="不适用") for unit in TOWNS]) == []


def test_a_unit_may_repeat_itself_and_another_indicators_text_is_alike_too() -> None:
    second = an_indicator(Kind.COUNT, "≥ 2", "次", code="1.2")
    own = [told(JUSTICE, TEXT), told(JUSTICE, TEXT, second)]
    assert found(own) == []
    assert found([*own, told(FINANCE, TEXT, second)]) == [("alike", "区财政局")]


def test_one_text_of_many_units_is_found_for_all_but_the_first() -> None:
    cases = [told(unit, TEXT) for unit in TOWNS]
    assert len(found(cases)) == len(TOWNS) - 1
    twins = find_twins(cases)
    assert {twin.assessment.unit for twin in twins.values()} == {TOWNS[0]}


def test_slightly_changed_copies_of_many_units_are_found() -> None:
    words = ("有力", "有序", "稳步", "全面", "持续", "扎实")
    cases = [
        told(unit, TEXT.replace("逐项分解", f"{words[place % 6]}分解"))
        for place, unit in enumerate(TOWNS)
    ]
    assert len(found(cases)) == len(TOWNS) - 1


@given(st.lists(st.text(max_size=60), max_size=12))
def test_any_texts_can_be_compared(texts: list[str]) -> None:
    twins = find_twins([told(unit, text) for unit, text in zip(TOWNS, texts, strict=False)])
    for (unit, _), twin in twins.items():
        assert twin.assessment.unit.code != unit


TOTAL = an_indicator(Kind.COUNT, "≥ 2", "次", total="区司法局")


@pytest.mark.parametrize(
    ("total", "parts", "contradicts"),
    [
        (7, (3, 4), False),
        (6, (3, 4), True),
        (8, (3, 4), True),
        (8, (3, None), False),  # the rest may be that unit's
        (2, (3, None), True),
        (None, (3, 4), False),
        ("七", (3, 4), False),
        (3.3, (1.1, 2.2), False),
    ],
)
def test_bad_084_a_total_is_the_sum_of_its_parts(
    total: Any, parts: tuple[Any, Any], contradicts: bool
) -> None:
    indicator = replace(BUDGET, total="区司法局") if total == 3.3 else TOTAL
    cases = [assessed(indicator, unit=JUSTICE, value=total, denominator=1)]
    cases += [
        assessed(indicator, unit=unit, value=value, denominator=1)
        for unit, value in zip(TOWNS, parts, strict=False)
    ]
    assert found(cases) == [("total", "区司法局")] * contradicts


def test_a_total_is_not_added_to_its_parts() -> None:
    plan = a_plan((a_task("1", "区司法局", TOTAL),))
    cases = [assessed(TOTAL, unit=JUSTICE, value=7)]
    cases += [assessed(TOTAL, unit=unit, value=v) for unit, v in zip(TOWNS, (3, 4), strict=False)]
    (rolled,) = total_indicators(plan, cases)
    assert rolled.value == 7
    assert rolled.counts.total() == 3, "its unit still reports"


def test_both_halves_of_a_rates_total_are_held_against_the_parts() -> None:
    indicator = replace(RATE, total="区司法局")
    cases = [assessed(indicator, unit=JUSTICE, numerator=9, denominator=11)]
    cases += [assessed(indicator, unit=unit, numerator=5, denominator=5) for unit in TOWNS[:2]]
    assert found(cases) == [("total", "区司法局")] * 2
    (rolled,) = total_indicators(a_plan((a_task("1", "区司法局", indicator),)), cases)
    assert (rolled.numerator, rolled.denominator) == (10, 10)
