"""Targets: written, read, held against a value, and said again in words and as a formula."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xl_fzzf.model.target import Op, Target, format_number, parse_target

COMPARED = (Op.GE, Op.GT, Op.LE, Op.LT, Op.EQ)
hundredths = st.integers(0, 10_000_000).map(lambda n: n / 100)
percents = st.integers(0, 1_000_000).map(lambda n: float(f"{n}e-6"))  # 0% to 100% by 0.0001%


def bounds(percent: bool) -> st.SearchStrategy[float]:
    return percents if percent else hundredths


@st.composite
def targets(draw: st.DrawFn) -> Target:
    op = draw(st.sampled_from(Op))
    percent = draw(st.booleans())
    if op in COMPARED:
        return Target(op, draw(bounds(percent)), percent=percent)
    if op is Op.BETWEEN:
        low, high = sorted((draw(bounds(percent)), draw(bounds(percent))))
        return Target(op, low, high, percent)
    return Target(op)


@given(targets(), st.sampled_from(["", "次", "学时", "%", "％"]))
def test_what_a_target_says_is_read_back_as_the_same_target(target: Target, measure: str) -> None:
    assert parse_target(target.text(measure), measure) == target


@pytest.mark.parametrize(
    ("written", "target"),
    [
        ("≥ 2", Target(Op.GE, 2.0)),
        ("≥2次", Target(Op.GE, 2.0)),
        (">=2", Target(Op.GE, 2.0)),
        (" ≤ 3 次 ", Target(Op.LE, 3.0)),
        ("<=3", Target(Op.LE, 3.0)),
        ("\uff1e1", Target(Op.GT, 1.0)),
        ("\uff1c\uff15", Target(Op.LT, 5.0)),
        ("\uff1d \uff11\uff10\uff10\uff05", Target(Op.EQ, 1.0, percent=True)),
        ("= 0", Target(Op.EQ, 0.0)),
        ("≥ 95%", Target(Op.GE, 0.95, percent=True)),
        ("≥ 99.9%", Target(Op.GE, 0.999, percent=True)),
        ("1 至 2", Target(Op.BETWEEN, 1.0, 2.0)),
        ("4~5 次", Target(Op.BETWEEN, 4.0, 5.0)),
        ("4\uff5e5", Target(Op.BETWEEN, 4.0, 5.0)),
        ("4-5", Target(Op.BETWEEN, 4.0, 5.0)),
        ("2 至 2", Target(Op.BETWEEN, 2.0, 2.0)),
        ("90% 至 95%", Target(Op.BETWEEN, 0.9, 0.95, True)),
        ("90 至 95%", Target(Op.BETWEEN, 0.9, 0.95, True)),
        ("高于上年", Target(Op.ABOVE_LAST_YEAR)),
        ("不低于上年", Target(Op.NOT_BELOW_LAST_YEAR)),
        ("是", Target(Op.YES)),
        ("如实填报", Target(Op.FILLED)),
        ("", Target(Op.FILLED)),
    ],
)
def test_targets_are_read_as_people_write_them(written: str, target: Target) -> None:
    assert parse_target(written, "次") == target


@pytest.mark.parametrize(
    "written",
    [
        *("2", "两次", "≥", "≥ 二", "≥ -1", "≥ 1,000", "≥ 1e3", "≥ 2 人", "≥ 2 ≤ 3", "≈ 2"),
        *("5 至 4", "1 至", "90% 至 95", "大于上年", "否", "100%", "≥ ٩", "≥ 95 % %", "约 2"),
    ],
)
def test_anything_else_is_refused_with_examples(written: str) -> None:
    with pytest.raises(ValueError, match=r"≥ 2.*1 至 2.*高于上年") as caught:
        parse_target(written, "次")
    assert f"“{written}”" in str(caught.value)


@given(st.text(max_size=12), st.text(max_size=3))
def test_reading_any_text_gives_a_target_or_a_value_error(written: str, measure: str) -> None:
    try:
        assert isinstance(parse_target(written, measure), Target)
    except ValueError as error:
        assert "看不懂" in str(error)


@pytest.mark.parametrize(
    ("written", "met", "unmet"),
    [
        ("≥ 2", [2, 2.5, 100], [1.999, 0]),
        ("> 1", [1.001, 2], [1, 0]),
        ("≤ 3", [3, 0], [3.001, 4]),
        ("< 3", [2.999, 0], [3, 4]),
        ("= 2", [2], [1.999, 2.001]),
        ("4 至 5", [4, 5, 6], [3.999]),
        ("如实填报", [0, 7], []),
    ],
)
def test_values_on_and_beside_the_bound(written: str, met: list[float], unmet: list[float]) -> None:
    target = parse_target(written)
    assert [value for value in met if not target.met(value)] == []
    assert [value for value in unmet if target.met(value)] == []


@pytest.mark.parametrize(
    ("written", "last_year", "met", "unmet"),
    [("高于上年", 80.0, 80.1, 80.0), ("不低于上年", 80.0, 80.0, 79.9), ("高于上年", 0.0, 0.1, 0.0)],
)
def test_last_years_value_is_the_bound(
    written: str, last_year: float, met: float, unmet: float
) -> None:
    target = parse_target(written)
    assert target.against_last_year
    assert target.met(met, last_year)
    assert not target.met(unmet, last_year)


@given(st.integers(0, 1000), st.integers(1, 1000))
def test_a_rate_that_is_exactly_the_percentage_asked_for_meets_it(part: int, times: int) -> None:
    target = parse_target(f"≥ {format_number(part / 10)}%")
    assert target.met((part * times) / (1000 * times))


def test_only_above_the_upper_end_of_a_range_is_exceeded() -> None:
    target = parse_target("4 至 5")
    assert [target.exceeded(value) for value in (3, 4, 5, 6)] == [False, False, False, True]
    assert not parse_target("≥ 4").exceeded(9)


@pytest.mark.parametrize(
    ("written", "value", "share"),
    [
        *(("≥ 4", 1, 0.25), ("> 4", 1, 0.25), ("= 4", 3, 0.75), ("4 至 5", 2, 0.5)),
        *(
            ("≥ 4", 0, 0.0),
            ("= 4", 6, 0.5),
            ("= 4", 5, 0.75),
            ("= 4", 9, 0.0),
            ("= 0", 3, 0.0),
            ("≤ 3", 5, 0.0),
            ("< 3", 3, 0.0),
        ),
        *(("高于上年", 3, 0.0), ("不低于上年", 3, 0.0)),
    ],
)
def test_the_share_reached_of_a_lower_bound(written: str, value: float, share: float) -> None:
    assert parse_target(written).reached(value) == share


@given(targets(), st.floats(-1e9, 1e9), st.floats(0, 1e9))
def test_shares_lie_between_0_and_1_and_gaps_are_never_negative(
    target: Target, value: float, last_year: float
) -> None:
    assert 0.0 <= target.reached(value) <= 1.0
    assert target.gap(value, last_year) >= 0.0


@given(targets(), st.integers(-1_000_000, 1_000_000))
def test_only_what_is_met_is_reached_in_full(target: Target, value: int) -> None:
    exact = target.op in (Op.GE, Op.EQ, Op.BETWEEN)
    assert target.reached(value) < 1.0 or target.met(value) or not exact


def test_too_much_is_told_as_too_much() -> None:
    beyond = [("= 2", 3), ("≤ 4", 6), ("< 3", 4)]
    assert all(parse_target(written).beyond(value) for written, value in beyond)
    assert not parse_target("= 2").beyond(1)
    assert not parse_target("≥ 2").beyond(3)


def test_the_gap_is_the_distance_to_the_bound() -> None:
    assert parse_target("≥ 4").gap(1) == 3
    assert parse_target("≤ 4").gap(6) == 2
    assert parse_target("高于上年").gap(70, 80) == 10


@pytest.mark.parametrize(
    ("written", "formula"),
    [
        *(("≥ 2", "K5>=2"), ("> 1", "K5>1"), ("≤ 3", "K5<=3"), ("< 3", "K5<3"), ("= 2", "K5=2")),
        *(("≥ 99.9%", "K5>=0.999"), ("4 至 5", "K5>=4"), ("如实填报", "TRUE")),
        *(("高于上年", "K5>J5"), ("不低于上年", "K5>=J5")),
    ],
)
def test_the_formula_says_what_met_says(written: str, formula: str) -> None:
    assert parse_target(written).formula("K5", "J5") == formula


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        *((2.0, "2"), (0.0, "0"), (-0.0, "0"), (2.5, "2.5"), (1e-7, "0.0000001")),
        *((1e22, "1" + "0" * 22), (-3.0, "-3"), (5, "5"), (0.1, "0.1")),
    ],
)
def test_numbers_are_shown_without_needless_digits(number: float, shown: str) -> None:
    assert format_number(number) == shown
