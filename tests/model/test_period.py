"""Reporting periods: read, written, ended and named."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xl_fzzf.model.period import Period


@pytest.mark.parametrize(
    ("text", "end", "label"),
    [
        ("2019", date(2019, 12, 31), "2019年度"),
        ("2019H1", date(2019, 6, 30), "2019年上半年"),
        ("2019H2", date(2019, 12, 31), "2019年下半年"),
        ("2019Q1", date(2019, 3, 31), "2019年第一季度"),
        ("2019Q3", date(2019, 9, 30), "2019年第三季度"),
        ("2019Q4", date(2019, 12, 31), "2019年第四季度"),
        ("2019M02", date(2019, 2, 28), "2019年2月"),
        ("2020M02", date(2020, 2, 29), "2020年2月"),
        ("2019M12", date(2019, 12, 31), "2019年12月"),
    ],
)
def test_end_and_label(text: str, end: date, label: str) -> None:
    period = Period.parse(text)
    assert (period.end, period.label, str(period)) == (end, label, text)


@pytest.mark.parametrize(
    ("text", "written"), [(" 2019q3 ", "2019Q3"), ("2019M9", "2019M09"), ("2019Q03", "2019Q3")]
)
def test_other_spellings_are_written_in_one_way(text: str, written: str) -> None:
    assert str(Period.parse(text)) == written


@pytest.mark.parametrize(
    "text",
    [
        *("", "2019Q0", "2019Q5", "2019H3", "2019M00", "2019M13", "2019X1", "2019-Q3", "1999"),
        *("20191", "19Q3", "2019年", "2019 Q3", "2019Q", "2019Q3Q4", "２０１９", "2019Q٣"),
    ],
)
def test_anything_else_is_refused_with_what_to_write(text: str) -> None:
    with pytest.raises(
        ValueError, match=r"四位数的年份.*H2（半年）、Q3（季度）、M09（月）"
    ) as caught:
        Period.parse(text)
    assert f"“{text}”" in str(caught.value)


@given(
    st.integers(2000, 2099),
    st.sampled_from([("", 1), ("H", 2), ("Q", 4), ("M", 12)]),
    st.integers(0, 11),
)
def test_writing_and_reading_gives_the_same_period(
    year: int, kind: tuple[str, int], number: int
) -> None:
    period = Period(year, kind[0], number % kind[1] + 1)
    assert Period.parse(str(period)) == period
    assert period.end.year == year


@given(st.text(max_size=8))
def test_any_text_is_a_period_or_a_value_error(text: str) -> None:
    try:
        assert Period.parse(text).label
    except ValueError as error:
        assert "报告期" in str(error)


@pytest.mark.parametrize(
    ("period", "following"),
    [
        ("2027", "2028"),
        ("2027H1", "2027H2"),
        ("2027H2", "2028H1"),
        ("2027Q3", "2027Q4"),
        ("2027Q4", "2028Q1"),
        ("2027M09", "2027M10"),
        ("2027M12", "2028M01"),
    ],
)
def test_one_period_follows_another(period: str, following: str) -> None:
    assert str(Period.parse(period).following) == following
