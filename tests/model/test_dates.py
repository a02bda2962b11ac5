"""Typed days: one day however it is written, and a reason for whatever is none."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from xl_fzzf.model.dates import FIRST_YEAR, LAST_YEAR, parse_date, parse_day
from xl_fzzf.model.grammar import Reading, Refusal, Step

END = date(2019, 9, 30)
NUMERALS = "〇一二三四五六七八九"

days = st.dates(date(FIRST_YEAR, 1, 1), date(LAST_YEAR, 12, 31))


def chinese(number: int) -> str:
    """A number below 40 as it is written in a date."""
    tens, ones = divmod(number, 10)
    head = "" if not tens else f"{NUMERALS[tens] if tens > 1 else ''}十"
    return f"{head}{NUMERALS[ones] if ones else ''}"


def read(text: str, end: date = END) -> date | str:
    """The day that a text names, or why it names none."""
    told = parse_date(text, end)
    if isinstance(told, Refusal):
        return told.reason
    assert isinstance(told.value, date)
    return told.value


@given(days)
def test_a_day_in_characters_is_the_day_in_digits(day: date) -> None:
    year = "".join(NUMERALS[int(digit)] for digit in str(day.year))
    text = f"{year}年{chinese(day.month)}月{chinese(day.day)}"
    for written in (f"{text}日", f"{text}号", f"{text.replace('〇', '○')}日", f" {text} 日 "):
        told = parse_date(written, END)
        assert isinstance(told, Reading) and told.value == day and Step.NUMERALS in told.steps


@given(days, st.sampled_from("-./"), st.booleans())
def test_a_day_in_digits_is_read_with_and_without_leading_noughts(
    day: date, sign: str, wide: bool
) -> None:
    plain = f"{day.year}{sign}{day.month}{sign}{day.day}"
    padded = f"{day.year}{sign}{day.month:02}{sign}{day.day:02}"
    for text in (plain, padded, f"{day:%Y%m%d}", f"{day.year}年{day.month}月{day.day}日"):
        shown = (
            text.translate(str.maketrans("0123456789", "０１２３４５６７８９")) if wide else text
        )
        assert read(shown) == day
        told = parse_date(shown, END)
        assert isinstance(told, Reading) and (Step.WIDTH in told.steps) is wide


@given(days, st.permutations("-./"))
def test_two_signs_that_differ_make_no_date(day: date, signs: list[str]) -> None:
    first, second, _ = signs
    assert isinstance(read(f"{day.year}{first}{day.month}{second}{day.day}"), str)


@given(days, st.integers(-365, 365))
def test_a_day_without_a_year_is_taken_only_after_the_periods_end(end: date, offset: int) -> None:
    day = end + timedelta(offset)
    assume(day.year == end.year)
    told = parse_date(f"{day.month}月{day.day}日", end)
    if day > end:
        assert isinstance(told, Reading) and told.value == day and Step.YEAR in told.steps
    else:
        assert told == Refusal("没有写年份，分不清是哪一年")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("2019-2-29", "没有这一天"),
        ("2019年13月1日", "没有这一天"),
        ("20190931", "没有这一天"),
        ("二〇一九年二月三十日", "没有这一天"),
        ("1999-9-9", "年份 1999 不像"),
        ("2100-1-1", "年份 2100 不像"),
        ("9/10/2019", "分不清哪个是月、哪个是日"),
        ("19-9-9", "年份要写四位"),
        ("19年9月9日", "年份要写四位"),
        ("2019-9", "没有写到哪一日"),
        ("2019年9月", "没有写到哪一日"),
        ("年底", "现在不是日期"),
        ("9月底", "现在不是日期"),
        ("43709", "现在不是日期"),
        ("二〇一九年九月百日", "现在不是日期"),
    ],
)
def test_what_names_no_day_says_why(text: str, reason: str) -> None:
    assert read(text) == reason


@given(st.text(st.sampled_from("0123456789年月日号-./ 〇一二三四五六七八九十"), max_size=14))
def test_whatever_is_typed_is_a_day_of_this_century_or_refused_and_never_an_error(
    text: str,
) -> None:
    told = read(text)
    if isinstance(told, date):
        assert FIRST_YEAR <= told.year <= LAST_YEAR
        assert read(told.isoformat()) == told
    else:
        assert told


@given(days)
def test_a_day_that_stands_by_itself_is_read_as_in_a_return(day: date) -> None:
    for written in (f"{day}", f"{day:%Y/%m/%d}", f"{day.year}年{day.month}月{day.day}日"):
        assert parse_day(written) == read(written) == day


@pytest.mark.parametrize("text", ["9月30日", "12月31日", "1月1日"])
def test_but_nobodys_period_gives_it_a_year(text: str) -> None:
    told = parse_day(text)
    assert isinstance(told, Refusal) and "没有写年份" in told.reason
