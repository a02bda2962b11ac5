"""The six statuses, edge by edge, for every kind of indicator."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.model.samples import NEXT_YEAR, YEAR_END, an_indicator, assessed, cells
from xl_fzzf.model.kinds import Kind
from xl_fzzf.model.plan import Indicator
from xl_fzzf.model.record import Cell, ErrorCell, Record
from xl_fzzf.model.status import Status, rate_value, valid_number

MET, UNDER_WAY, UNMET = Status.MET, Status.UNDER_WAY, Status.UNMET
MISSING, INVALID, NOT_APPLICABLE = Status.MISSING, Status.INVALID, Status.NOT_APPLICABLE

MEETINGS = an_indicator(Kind.COUNT, "4 至 5", "次")
RATE = an_indicator(Kind.RATE, "≥ 95%", "%")
RATING = an_indicator(Kind.SCORE, "高于上年", "分")
BUDGET = an_indicator(Kind.AMOUNT, "不低于上年", "万元")
YES_NO = an_indicator(Kind.YES_NO)
TEXT = an_indicator(Kind.TEXT)
NOT_NUMBERS: tuple[Cell, ...] = (
    *("四", "4", "4次", "约4", "95%", "/", "\u3000", "不 适用", "N/A", True, False),
    *(date(2019, 9, 1), datetime(2019, 9, 1, 8), ErrorCell("#DIV/0!"), ErrorCell("#N/A")),
)
NO_NUMBERS: tuple[Cell, ...] = (-1, -0.001, float("inf"), float("-inf"), float("nan"))


def status(indicator: Indicator, as_of: date = YEAR_END, **entries: Any) -> Status:
    return assessed(indicator, as_of, **entries).status


@pytest.mark.parametrize("empty", [None, "", "   "])
@pytest.mark.parametrize("indicator", [MEETINGS, RATE, RATING, BUDGET, YES_NO, TEXT])
def test_empty_answers_are_missing_even_when_due(indicator: Indicator, empty: Cell) -> None:
    entries = dict.fromkeys(("numerator", "denominator", "value", "narrative"), empty)
    assert status(indicator, NEXT_YEAR, **entries) is MISSING


@pytest.mark.parametrize(
    ("value", "expected"),
    [(0, UNDER_WAY), (3, UNDER_WAY), (4, MET), (4.0, MET), (5, MET), (6, MET), (39_999, MET)],
)
def test_counts_on_and_beside_the_target(value: float, expected: Status) -> None:
    assert status(MEETINGS, value=value) is expected


@pytest.mark.parametrize("value", [*NOT_NUMBERS, *NO_NUMBERS, 4.5, 40_000, 43_709])
def test_counts_that_are_no_count_are_invalid(value: Cell) -> None:
    assert status(MEETINGS, value=value) is INVALID


def test_an_indicators_own_limit_holds() -> None:
    hours = an_indicator(Kind.COUNT, "≥ 40", "学时", limit=8_760)
    assert status(hours, value=8_760) is MET
    assert status(hours, value=8_761) is INVALID


@pytest.mark.parametrize(
    ("as_of", "expected"),
    [(date(2019, 1, 1), UNDER_WAY), (YEAR_END, UNDER_WAY), (NEXT_YEAR, UNMET)],
)
def test_below_the_target_is_unmet_only_after_the_last_day(as_of: date, expected: Status) -> None:
    assert status(MEETINGS, as_of, value=3) is expected
    assert status(RATE, as_of, numerator=94, denominator=100) is expected
    assert status(RATING, as_of, denominator=80, value=80) is expected
    assert status(YES_NO, as_of, value="否") is expected


def test_the_plans_own_day_comes_before_the_years_end() -> None:
    early = an_indicator(Kind.COUNT, "≥ 2", due=date(2019, 9, 30))
    assert status(early, date(2019, 9, 30), value=1) is UNDER_WAY
    assert status(early, date(2019, 10, 1), value=1) is UNMET


@pytest.mark.parametrize(
    ("numerator", "denominator", "expected"),
    [
        (95, 100, MET),
        (94, 100, UNDER_WAY),
        (100, 100, MET),
        (0, 5, UNDER_WAY),
        (101, 100, INVALID),
        (1, 0, INVALID),
        (0, 0, NOT_APPLICABLE),
        (95.5, 100, MET),
        (-1, 100, INVALID),
        (1, -100, INVALID),
        (None, 100, MISSING),
        (95, None, MISSING),
        (" ", 100, MISSING),
        (None, "abc", INVALID),
        ("不适用", None, NOT_APPLICABLE),
        (None, " 不适用 ", NOT_APPLICABLE),
        ("不适用", "abc", NOT_APPLICABLE),
        ("不适用", ErrorCell("#REF!"), INVALID),
    ],
)
def test_rates(numerator: Cell, denominator: Cell, expected: Status) -> None:
    assert status(RATE, numerator=numerator, denominator=denominator) is expected


@pytest.mark.parametrize("cell", [*NOT_NUMBERS, *NO_NUMBERS])
def test_rates_of_what_is_no_number_are_invalid(cell: Cell) -> None:
    assert status(RATE, numerator=cell, denominator=100) is INVALID
    assert status(RATE, numerator=1, denominator=cell) is INVALID


def test_what_stands_in_a_rates_value_does_not_count() -> None:
    assert status(RATE, numerator=94, denominator=100, value=1) is UNDER_WAY
    assert status(RATE, value=1) is MISSING


@pytest.mark.parametrize(
    ("last_year", "value", "rating", "budget"),
    [
        (80, 80.1, MET, MET),
        (80, 80, UNDER_WAY, MET),
        (80, 79.9, UNDER_WAY, UNDER_WAY),
        (0, 0, UNDER_WAY, MET),
        (None, 80, MISSING, MISSING),
        (80, None, MISSING, MISSING),
        (80, "不适用", NOT_APPLICABLE, NOT_APPLICABLE),
        ("不适用", None, NOT_APPLICABLE, NOT_APPLICABLE),
        ("八十", 80, INVALID, INVALID),
        (80, -1, INVALID, INVALID),
        (80, 1_001, INVALID, MET),
        (80, True, INVALID, INVALID),
    ],
)
def test_against_last_year(last_year: Cell, value: Cell, rating: Status, budget: Status) -> None:
    assert status(RATING, denominator=last_year, value=value) is rating
    assert status(BUDGET, denominator=last_year, value=value) is budget


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        *(("是", MET), (" 是 ", MET), ("否", UNDER_WAY), ("不适用", NOT_APPLICABLE)),
        *(("有", INVALID), ("是。", INVALID), ("Yes", INVALID), (1, INVALID), (True, INVALID)),
        *((date(2019, 9, 1), INVALID), (ErrorCell("#N/A"), INVALID), (0, INVALID)),
    ],
)
def test_yes_no(value: Cell, expected: Status) -> None:
    assert status(YES_NO, value=value) is expected


@pytest.mark.parametrize(
    ("narrative", "expected"),
    [
        *(("已建立品牌。", MET), ("0", MET), (7, MET), (date(2019, 9, 1), MET)),
        *(("不适用", NOT_APPLICABLE), (" 不适用,本单位没有这项职责", NOT_APPLICABLE)),
        *(("本单位不适用", MET), (ErrorCell("#NAME?"), INVALID)),
        *((word, INVALID) for word in ("无", "无。", "没有", "暂无", "n/a", "——", " 同上 ")),
        *(("无违法行政行为", MET), ("。", MET)),
    ],
)
def test_texts(narrative: Cell, expected: Status) -> None:
    assert status(TEXT, NEXT_YEAR, narrative=narrative) is expected


def test_a_number_without_a_target_is_met_by_any_number() -> None:
    free = an_indicator(Kind.COUNT)
    assert status(free, NEXT_YEAR, value=0) is MET
    assert status(free, NEXT_YEAR, value="无") is INVALID


@pytest.mark.parametrize(
    ("indicator", "cell", "valid"),
    [
        *((MEETINGS, 0, True), (MEETINGS, 2.5, False), (MEETINGS, True, False)),
        *(
            (RATE, 2.5, True),
            (RATE, 9_999_999, True),
            (RATE, 20_190_930, False),
            (RATE, "2", False),
        ),
        *((RATING, 1_000, True), (RATING, 1_000.5, False), (BUDGET, -0.01, False)),
    ],
)
def test_numbers_that_an_indicator_allows(indicator: Indicator, cell: Cell, valid: bool) -> None:
    assert valid_number(cell, indicator) is valid


@pytest.mark.parametrize(
    ("numerator", "denominator", "shown"),
    [
        *((1, 4, 0.25), (0, 4, 0.0), (0, 0, "不适用"), (None, 4, ""), (1, "", "")),
        *(("一", 4, ""), (True, 4, ""), (1, date(2019, 9, 1), "")),
    ],
)
def test_what_a_rates_value_cell_shows(numerator: Cell, denominator: Cell, shown: Cell) -> None:
    assert rate_value(Record("B01", "1", numerator, denominator)) == shown


@given(
    st.sampled_from([MEETINGS, RATE, RATING, BUDGET, YES_NO, TEXT]),
    st.lists(cells, min_size=4, max_size=4),
    st.sampled_from([YEAR_END, NEXT_YEAR]),
)
def test_any_cells_get_one_of_the_six_statuses(
    indicator: Indicator, found: list[Cell], as_of: date
) -> None:
    entries: dict[str, Any] = dict(
        zip(("numerator", "denominator", "value", "narrative"), found, strict=True)
    )
    case = assessed(indicator, as_of, **entries)
    assert case.status in Status
    assert case.attainment is None or 0.0 <= case.attainment <= 1.0
    assert isinstance(case.shown_value + case.gap, str)
    if case.status is UNMET:
        assert as_of > case.due
        assert case.gap
    numbers = indicator.kind not in (Kind.YES_NO, Kind.TEXT)
    assert (case.judgement.value is not None) == (
        numbers and case.status in (MET, UNDER_WAY, UNMET)
    )
