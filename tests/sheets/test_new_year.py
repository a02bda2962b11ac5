"""A cell that names a year, as it is in another: digits, Chinese numerals, days; nothing that only looks alike."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.model.samples import cells
from xl_fzzf.model.record import Cell, same
from xl_fzzf.sheets.new_year import _in_year


@pytest.mark.parametrize(
    ("cell", "there"),
    [
        ("甲县2019年营商环境方案", "甲县2020年营商环境方案"),
        ("关于××的通知（甲府办〔2019〕12号）", "关于××的通知（甲府办〔2020〕12号）"),
        ("二〇一九年度方案", "二〇二〇年度方案"),
        ("二○一九年度方案", "二○二○年度方案"),
        ("二零一九年度方案", "二零二零年度方案"),
        ("2018—2019年", "2018—2020年"),
        (2019, 2020),
        (2019.0, 2020),
        (date(2019, 11, 30), date(2020, 11, 30)),
        (datetime(2019, 11, 30), date(2020, 11, 30)),
        ("2019年11月30日", "2020年11月30日"),
    ],
)
def test_what_names_the_year_moves_on(cell: Cell, there: Cell) -> None:
    assert _in_year(cell, 2019, 2020) == there


@pytest.mark.parametrize(
    "cell", ["0817-2019123", "120190", "方案", "", None, 20190, 19, date(2020, 6, 30), "2018年"]
)
def test_what_does_not_name_it_stays(cell: Cell) -> None:
    assert _in_year(cell, 2019, 2020) == cell


def test_a_leap_day_becomes_the_last_of_february() -> None:
    assert _in_year(date(2020, 2, 29), 2020, 2021) == date(2021, 2, 28)
    assert _in_year(date(2024, 2, 29), 2024, 2028) == date(2028, 2, 29)


@given(cells, st.integers(2000, 2098))
def test_a_cell_without_the_year_is_never_touched(cell: Cell, year: int) -> None:
    moved = _in_year(cell, year, year + 1)
    spelt = "".join("〇一二三四五六七八九"[int(digit)] for digit in str(year))
    names_it = str(year) in str(cell) or spelt.replace("〇", "") in str(cell)
    assert names_it or moved is cell or same(moved, cell)
