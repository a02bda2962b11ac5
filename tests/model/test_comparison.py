"""Comparison: peers by their logarithms, parts beside their total, and last period's value."""

from __future__ import annotations

import math
from statistics import median
from typing import Any

from hypothesis import assume, given
from hypothesis import strategies as st

from tests.model.samples import FINANCE, JUSTICE, LAND, TOWN, an_indicator, assessed
from xl_fzzf.model.assessment import Assessment
from xl_fzzf.model.comparison import ENOUGH_PEERS, FEWEST_PEERS, Peers, compare, size_of
from xl_fzzf.model.kinds import Kind
from xl_fzzf.model.period import Period
from xl_fzzf.model.plan import Unit

COUNT = an_indicator(Kind.COUNT, "≥ 1", "次")
RATE = an_indicator(Kind.RATE, "≥ 90%", "%", code="2.1")
OWN_TOTAL = an_indicator(Kind.COUNT, "≥ 1", "次", code="3.1", total=JUSTICE.name)
FIRST, THIRD = Period.parse("2019Q1"), Period.parse("2019Q3")

sizes = st.floats(0.01, 1e9)


def town(number: int) -> Unit:
    return Unit(f"X{number:02d}", f"第{number}镇", "乡镇")


def counts(values: list[Any]) -> list[Assessment]:
    return [assessed(COUNT, unit=town(n), value=value) for n, value in enumerate(values)]


def peers_of(cases: list[Assessment]) -> Peers | None:
    """The peers that all of these are held against, if there are enough of them."""
    found = {case.peers for case in compare(cases, FIRST).values() if case.peers}
    assert len(found) <= 1
    return next(iter(found), None)


@given(st.lists(st.integers(1, int(COUNT.most)), max_size=20))
def test_peers_are_there_from_four_units_on_and_their_median_lies_among_them(
    values: list[int],
) -> None:
    peers = peers_of(counts(values))
    assert (peers is None) == (len(values) < FEWEST_PEERS)
    if peers:
        assert peers.count == len(values)
        assert min(values) <= peers.median * (1 + 1e-9) <= max(values) * (1 + 2e-9)
        assert math.isclose(math.log(peers.median), median(map(math.log, values)), abs_tol=1e-9)
        assert peers.factor >= (5.0 if len(values) >= ENOUGH_PEERS else 20.0) * (1 - 1e-9)


@given(sizes, st.floats(2, 100), st.floats(1, 1000))
def test_ten_times_too_much_is_as_far_as_a_tenth(middle: float, factor: float, by: float) -> None:
    assume(not math.isclose(factor, by))
    peers = Peers(9, middle, factor)
    assert not peers.far(middle)
    more, less = middle * by, middle / by
    if peers.far(less):
        assert peers.far(more), "the same times away, and the larger gap"
    if peers.far(more):
        assert by >= factor * (1 - 1e-9) and more - middle >= 10 * (1 - 1e-9)


@given(st.lists(st.sampled_from([None, "", "三", 0, -4, True, "不适用"]), max_size=12))
def test_what_is_no_positive_number_is_nobodys_peer(values: list[Any]) -> None:
    assert all(size_of(case) is None for case in counts(values))
    assert peers_of(counts(values)) is None
    peers = peers_of([*counts([7] * FEWEST_PEERS), *counts(values)])
    assert peers is not None and peers.count == FEWEST_PEERS


def test_a_rate_is_compared_by_its_denominator_with_a_wider_factor() -> None:
    rates = [
        assessed(RATE, unit=town(n), numerator=n, denominator=40)
        for n in range(1, FEWEST_PEERS + 1)
    ]
    peers, counted = peers_of(rates), peers_of(counts([40] * FEWEST_PEERS))
    assert peers is not None and counted is not None
    assert math.isclose(peers.median, 40) and math.isclose(counted.median, 40)
    assert peers.factor > counted.factor
    assert [size_of(case) for case in rates] == [40.0] * FEWEST_PEERS


@given(st.lists(st.one_of(st.none(), st.integers(0, 1000)), min_size=2, max_size=2), st.integers())
def test_a_total_is_held_against_the_sum_of_the_others(parts: list[int | None], own: int) -> None:
    others = [
        assessed(OWN_TOTAL, unit=unit, value=value)
        for unit, value in zip((FINANCE, LAND), parts, strict=True)
    ]
    total = assessed(OWN_TOTAL, unit=JUSTICE, value=own)
    (case,) = [case for case in compare([total, *others], FIRST).values() if case.parts]
    assert case.parts is not None and case.assessment is total
    assert case.parts.sums == {"value": sum(part or 0 for part in parts)}
    assert case.parts.complete == (None not in parts)


def test_a_total_alone_has_no_parts_and_is_no_part_itself() -> None:
    total = assessed(OWN_TOTAL, unit=JUSTICE, value=9)
    assert compare([total], FIRST) == {}
    group = [total, *(assessed(OWN_TOTAL, unit=town(n), value=4) for n in range(FEWEST_PEERS))]
    peers = {case.assessment.unit.code: case.peers for case in compare(group, FIRST).values()}
    assert peers.pop(JUSTICE.code) is None, "its kind has too few others"
    assert {each.count for each in peers.values() if each} == {FEWEST_PEERS}


def test_the_value_before_counts_from_the_years_second_period_on() -> None:
    before = assessed(COUNT, unit=TOWN, value=4, previous=5)
    assert compare([before], FIRST) == {}
    (case,) = compare([before], THIRD).values()
    assert (case.previous, case.peers, case.twin, case.parts) == (5.0, None, None, None)
    assert size_of(case.assessment) == 4.0
    heads = an_indicator(Kind.COUNT, "≥ 1", "人")
    assert compare([assessed(heads, unit=TOWN, value=4, previous=5)], THIRD) == {}
    assert compare([assessed(RATE, unit=TOWN, numerator=1, previous=0.5)], THIRD) == {}


@given(st.permutations(range(FEWEST_PEERS + 2)))
def test_the_cases_stand_in_the_order_given(order: list[int]) -> None:
    cases = counts([1 + n for n in range(FEWEST_PEERS + 2)])
    mixed = [cases[place] for place in order]
    assert [case.assessment for case in compare(mixed, FIRST).values()] == mixed
