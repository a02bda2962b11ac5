"""Cells and records: what is blank, what is a number, what fits, and what says the same."""

from __future__ import annotations

import math
from datetime import date, datetime, time
from typing import Any

import pytest
from hypothesis import given

from tests.model.samples import cells, held_cells
from xl_fzzf.model.record import (
    ENTRY_FIELDS,
    Cell,
    ErrorCell,
    Record,
    blank,
    fit,
    number,
    same,
    text,
)

INFINITE = (math.inf, -math.inf)


@pytest.mark.parametrize("cell", [None, "", " ", "   "])
def test_empty_cells_are_blank(cell: Cell) -> None:
    assert blank(cell)


@pytest.mark.parametrize(
    "cell",
    [0, 0.0, False, "0", "\u3000", "\n", "无", ErrorCell("#N/A"), date(2019, 9, 1)],
)
def test_nothing_else_is_blank(cell: Cell) -> None:
    assert not blank(cell)


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        (3, 3.0),
        (0, 0.0),
        (-2.5, -2.5),
        (2.9999999999999996, 3),
        (0.1 + 0.2, 0.3),
        (2.999999, 2.999999),
    ],
)
def test_numbers_are_numbers(cell: Cell, value: float) -> None:
    assert number(cell) == value


@pytest.mark.parametrize(
    "cell",
    [None, "", "3", "95%", True, False, date(2019, 9, 1), datetime(2019, 9, 1), ErrorCell("#N/A")],
)
def test_what_only_looks_like_a_number_is_none(cell: Cell) -> None:
    assert number(cell) is None


@pytest.mark.parametrize(
    ("cell", "shown"),
    [
        *((None, ""), (" 是 ", "是"), (3.0, "3"), (3.5, "3.5"), (7, "7"), (True, "TRUE")),
        *((date(2019, 9, 1), "2019-09-01"), (math.inf, "inf"), (math.nan, "nan")),
    ],
)
def test_cells_as_text(cell: Cell, shown: str) -> None:
    assert text(cell) == shown


def test_line_ends_are_made_plain() -> None:
    assert fit("甲\r\n乙\r丙\n丁") == "甲\n乙\n丙\n丁"


def test_the_longest_text_fits_and_a_longer_one_is_cut_and_says_so() -> None:
    longest = "字" * 32_767
    assert fit(longest) == longest
    cut = fit(longest + "字")
    assert isinstance(cut, str)
    assert len(cut) == 32_767
    assert cut.endswith("…（原文过长，全文见原件）")


def test_a_failed_formula_stays_one() -> None:
    assert isinstance(fit(ErrorCell("#DIV/0!")), ErrorCell)


@given(cells)
def test_fitting_changes_nothing_but_what_cells_cannot_hold_and_only_once(cell: Cell) -> None:
    once = fit(cell)
    assert fit(once) == once
    early = isinstance(cell, date) and cell.year < 1900
    if not isinstance(cell, (str, time)) and cell not in INFINITE and cell == cell and not early:
        assert once is cell


def test_a_day_before_the_calendar_of_spreadsheets_is_text() -> None:
    assert fit(date(1019, 12, 20)) == fit(datetime(1019, 12, 20)) == "1019-12-20"
    assert fit(datetime(1899, 12, 31, 23)) == "1899-12-31 23:00:00"
    assert fit(date(1900, 1, 1)) == date(1900, 1, 1)


@pytest.mark.parametrize("cell", [math.inf, -math.inf, math.nan])
def test_what_no_cell_can_hold_becomes_text(cell: float) -> None:
    assert fit(cell) == str(cell)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (None, ""),
        (None, "  "),
        (3, 3.0),
        (" 是", "是 "),
        ("甲\r\n乙", "甲\n乙"),
        (date(2019, 9, 1), datetime(2019, 9, 1)),
        ("字" * 40_000, fit("字" * 40_000)),
        (math.nan, float("nan")),
        (math.inf, "inf"),
    ],
)
def test_cells_that_say_the_same(one: Cell, other: Cell) -> None:
    assert same(one, other)
    assert same(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        *(
            (0, None),
            (0, ""),
            (1, True),
            (3, "3"),
            ("是", "否"),
            (2, 3),
            ("2019-09-01", date(2019, 9, 1)),
        ),
        (date(2019, 9, 1), datetime(2019, 9, 1, 8)),
    ],
)
def test_cells_that_differ(one: Cell, other: Cell) -> None:
    assert not same(one, other)
    assert not same(other, one)


@given(held_cells, held_cells)
def test_sameness_is_mutual_and_every_cell_is_the_same_as_itself(one: Cell, other: Cell) -> None:
    assert same(one, one)
    assert same(one, other) == same(other, one)


def test_entries_stand_in_the_order_of_their_fields() -> None:
    entries: dict[str, Any] = {name: name for name in ENTRY_FIELDS}
    record = Record("B01", "1.1", **entries)
    assert record.entries() == ENTRY_FIELDS
    assert record.key == ("B01", "1.1")
