"""The grammar of typed texts, held against oracles of its own: nothing raises, nothing is guessed."""

from __future__ import annotations

import re
import runpy
import unicodedata
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.model.samples import an_indicator, cells
from xl_fzzf.model.dates import FIRST_YEAR, LAST_YEAR, parse_date
from xl_fzzf.model.grammar import (
    CHOICES,
    NONE_WORDS,
    Reading,
    Refusal,
    is_none_word,
    parse_choice,
    parse_number,
    parse_percent,
    unseen,
)
from xl_fzzf.model.kinds import Kind
from xl_fzzf.model.normalising import normalise
from xl_fzzf.model.plan import Indicator
from xl_fzzf.model.record import ENTRY_FIELDS, Cell, ErrorCell, Record, number
from xl_fzzf.model.target import format_number

MEETINGS = an_indicator(Kind.COUNT, "≥ 2", "次")
RATE = an_indicator(Kind.RATE, "≥ 95%", "%")
BUDGET = an_indicator(Kind.AMOUNT, "不低于上年", "万元")
YES_NO = an_indicator(Kind.YES_NO)
TEXT = an_indicator(Kind.TEXT)
INDICATORS = (MEETINGS, RATE, BUDGET, YES_NO, TEXT)
PERIOD_END = date(2019, 9, 30)
COMMA, STOP, PERCENT = "\uff0c", "\uff0e", "\uff05"


def value(reading: Reading | Refusal) -> Any:
    return reading.value if isinstance(reading, Reading) else None


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        *(("3", 3), ("３", 3), ("0", 0), ("-0", 0), ("-3", -3), ("2.50", 2.5), ("０" + STOP + "５", 0.5)),
        *((" 3", 3), ("3\u3000", 3), ("\u200b3\t", 3), ("\ufeff3\r\n", 3), ("3 次", 3), ("３次", 3)),
        *(("1,234", 1234), (f"１{COMMA}２３４", 1234), ("1 234", 1234), ("1\u00a0234\u202f567", 1234567)),
        *(("1.2万", 12_000), ("3千", 3_000), ("1,000万次", 10_000_000), ("0.3亿", 30_000_000)),
        ("999999999999999", 999999999999999),
    ],
)  # fmt: skip
def test_what_is_a_number(typed: str, expected: float) -> None:
    assert value(parse_number(typed, "次")) == expected


@pytest.mark.parametrize(
    "typed",
    [
        *("", " ", "次", "约3", "3左右", "3次以上", "近3", "3余", ">3", "≥3", "3-5", "3~5", "3至5", "3—5"),
        *("三", "九十五", "百分之九十五", "贰", "〇", "3人", "3个", "12元", "3 次次", "次3", "95%", f"95{PERCENT}"),
        *("nan", "NaN", "inf", "-inf", "1e5", "1E5", "1_000", "0x1F", "True", "٩٥", "९५", "³", "③", "Ⅷ", "½"),
        *("12 34", "1  234", "1,23", "1,2345", ",123", "1,234 567", "1.234,5", "1.2.3", ".5", "5.", "+3", "--3"),
        *("1\n234", "3\n4", "1\t234", "¥3", "￥3", "$3", "O", "1O", "l2", "0012", "00", "0,123", "3/4", "3=", "=3"),
        *("511304199001011234", "1234567890123456", "3万万", "3千万", "万", "3百", "\u202e321", "3\u202e", "无"),
    ],
)  # fmt: skip
def test_what_is_no_number_gives_a_reason(typed: str) -> None:
    refusal = parse_number(typed, "次")
    assert isinstance(refusal, Refusal)
    assert refusal.reason


@pytest.mark.parametrize(
    ("typed", "measure", "expected"),
    [
        *(("120万元", "万元", 120), ("120", "万元", 120), ("12万元", "元", 120_000), ("40学时", "学时", 40)),
        *(("120万", "万元", None), ("120元", "万元", None), ("120亿元", "万元", None), ("3千", "千人", None)),
        *(("3件", "", None), ("3", "", 3), ("95%", "%", None), ("95", "%", 95), ("3人次", "人", None)),
    ],
)  # fmt: skip
def test_a_unit_counts_only_where_it_is_the_indicators_own(
    typed: str, measure: str, expected: float | None
) -> None:
    assert value(parse_number(typed, measure)) == expected


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        *(("95%", 0.95), (f"９５{PERCENT}", 0.95), ("95 %", 0.95), ("95\u00a0%\t", 0.95), ("0%", 0)),
        *(("99.9%", 0.999), ("100%", 1), ("150%", 1.5), ("1,000%", 10), ("33.3%", 0.333), ("7%", 0.07)),
        *(("95", None), ("1", None), ("100", None), ("0.95", None), ("1.0", None), ("约95%", None)),
        *(("95%左右", None), (">90%", None), ("90-95%", None), ("90%-95%", None), ("九十五%", None)),
        *(("百分之九十五", None), ("95%%", None), ("%", None), ("9 5%", None), ("1万%", None), ("95‰", None)),
    ],
)  # fmt: skip
def test_what_is_a_share(typed: str, expected: float | None) -> None:
    assert value(parse_percent(typed)) == expected


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        *((typed, date(2019, 9, 9)) for typed in ("2019年9月9日", "2019.9.9", "2019/9/9", "20190909")),
        *((typed, date(2019, 9, 9)) for typed in ("2019-9-9", "2019-09-09", " 2019 年 9 月 9 日 ")),
        *((typed, date(2019, 9, 9)) for typed in ("二〇一九年九月九日", "二零一九年九月九号", "２０１９／９／９")),
        *(("二〇一九年十二月三十一日", date(2019, 12, 31)), ("二〇一九年十月二十日", date(2019, 10, 20))),
        *(("12月20日", date(2019, 12, 20)), ("10月1日", date(2019, 10, 1)), ("2020-02-29", date(2020, 2, 29))),
        *((typed, None) for typed in ("9月30日", "1月31日", "19-9-9", "19年9月9日", "03/04/2019", "9/9")),
        *((typed, None) for typed in ("2019-02-30", "1900-02-29", "9999-12-31", "1899-1-1", "2019-13-1")),
        *((typed, None) for typed in ("2019年9月", "2019-9", "年底", "9月底", "43717", "2019-9/9", "201999")),
        *((typed, None) for typed in ("二〇一九年九月", "二〇一九年九月四十日", "二〇一九年九九月九日", "明天", "")),
    ],
)  # fmt: skip
def test_what_is_a_date(typed: str, expected: date | None) -> None:
    assert value(parse_date(typed, PERIOD_END)) == expected


@given(st.dates(date(FIRST_YEAR, 1, 1), date(LAST_YEAR, 12, 31)))
def test_a_date_is_the_same_however_it_is_written(day: date) -> None:
    forms = (
        "{0:%Y-%m-%d}",
        "{0.year}.{0.month}.{0.day}",
        "{0:%Y%m%d}",
        "{0.year}年{0.month}月{0.day}日",
    )
    assert {value(parse_date(form.format(day), PERIOD_END)) for form in forms} == {day}


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        *(("是", "是"), ("\u3000是\u200b", "是"), ("√", "是"), ("☑", "是"), ("y", "是"), ("True", "是")),
        *(("否", "否"), ("×", "否"), ("no", "否"), ("不适用", "不适用"), ("不适用\u00a0", "不适用")),
        *((typed, None) for typed in ("1", "0", "有", "没有", "是的", "基本完成", "☒", "☐", "R", "P", "")),
    ],
)  # fmt: skip
def test_what_is_a_choice(typed: str, expected: str | None) -> None:
    assert value(parse_choice(typed)) == expected


@pytest.mark.parametrize(
    "word", [*sorted(NONE_WORDS), "\uff0f", " 无 ", "n/a", "\uff0d", "无\u200b"]
)
def test_a_none_word_is_not_blank_not_zero_not_a_choice(word: str) -> None:
    assert is_none_word(word)
    assert not unseen(word)
    assert value(parse_number(word, "次")) is None
    assert value(parse_choice(word)) is None
    assert value(parse_date(word, PERIOD_END)) is None
    assert word.strip().upper() not in CHOICES


@pytest.mark.parametrize(
    "word", [None, "", " ", "0", "不适用", 0, 0.0, "无违法行为", ErrorCell("#N/A")]
)
def test_what_is_no_none_word(word: Cell) -> None:
    assert not is_none_word(word)


@pytest.mark.parametrize(
    "text", ["", " ", "'", " ' ", "\u00a0", "\u3000\u200b\ufeff", "\t\r\n", "\u202e"]
)
def test_what_nobody_can_see(text: str) -> None:
    assert unseen(text)


@pytest.mark.parametrize(
    "text", ["''", ".", "\x07", "无", "0", "\u0301", "\U0001f600", "-", None, 0, False]
)
def test_what_can_be_seen(text: Cell) -> None:
    assert not unseen(text)


ALPHABET = st.sampled_from(
    "0123456789９１"
    + COMMA
    + STOP
    + PERCENT
    + ",. -—%千万亿次元人OoeE_约+=\u00a0\u3000\u200b٩③九年月日"
)
LIKELY = st.text(ALPHABET, max_size=12)
NEARLY = st.one_of(LIKELY, st.text(max_size=10), st.integers().map(str), st.floats().map(str))


def narrow(typed: str) -> str:
    """Full-width signs as half-width ones and every space plain; other look-alikes stay foreign."""
    signs = []
    for sign in typed:
        if sign in "\u200b\u200c\u200d\u2060\ufeff" or unicodedata.category(sign) == "Zs":
            signs.append(" ")
        else:
            wide = "\uff01" <= sign <= "\uff5e"
            signs.append(unicodedata.normalize("NFKC", sign) if wide else sign)
    return "".join(signs).strip()


def oracle(typed: str, measure: str) -> Decimal | None:
    """The number by another way: groups, digits, powers of ten."""
    text = narrow(typed)
    text = text[: -len(measure)].strip() if measure and text.endswith(measure) else text
    power = {"千": 3, "万": 4, "亿": 8}.get(text[-1:], 0)
    whole, _, fraction = text[: -1 if power else None].rstrip().removeprefix("-").partition(".")
    groups = re.split("[ ,]", whole)
    exact = len(groups) == 1 or (
        len(groups[0]) in (1, 2, 3) and all(len(group) == 3 for group in groups[1:])
    )
    digits = "".join(groups)
    plain = re.fullmatch("[0-9]+", digits) and re.fullmatch("[0-9]*", fraction)
    if not plain or not exact or len({*whole} & {" ", ","}) > 1 or ("." in text and not fraction):
        return None
    if len(digits) > 1 and digits[0] == "0":
        return None
    sign = -1 if text.startswith("-") else 1
    return sign * Decimal(f"{digits}.{fraction or 0}").scaleb(power)


@given(NEARLY, st.sampled_from(["", "次", "元"]))
def test_a_number_is_what_its_digits_say_or_nothing(typed: str, measure: str) -> None:
    reading = parse_number(typed, measure)
    expected = oracle(typed, measure)
    if expected is None:
        assert isinstance(reading, Refusal), typed
    elif isinstance(reading, Reading):
        assert isinstance(reading.value, float)
        assert Decimal(repr(reading.value)) == expected
    else:
        assert len(re.sub("[^0-9]", "", narrow(typed))) > 15, typed


@given(NEARLY)
def test_a_share_is_what_its_digits_say_or_nothing(typed: str) -> None:
    reading = parse_percent(typed)
    if isinstance(reading, Reading):
        assert narrow(typed).endswith("%")
        expected = oracle(narrow(typed).removesuffix("%"), "")
        assert expected is not None
        assert Decimal(repr(reading.value)) == expected / 100


@given(st.text(), st.sampled_from(["", "%", "次", "万元", "千"]))
def test_nothing_raises_and_every_refusal_says_why(typed: str, measure: str) -> None:
    results = [parse_number(typed, measure), parse_percent(typed), parse_choice(typed)]
    for result in (*results, parse_date(typed, PERIOD_END)):
        assert result.reason if isinstance(result, Refusal) else result.value is not None


@given(st.one_of(st.integers(0, 10**15 - 1), st.decimals(0, 10**9, places=3)).map(float))
def test_a_number_that_is_shown_is_read_back(shown: float) -> None:
    assert value(parse_number(format_number(shown))) == shown


@pytest.mark.parametrize("length", [65, 5_000, 200_000])
def test_a_hostile_length_is_refused_at_once(length: int) -> None:
    for unit in ("1", "1,", " ", "9 ", "O", "~1"):
        for tail in ("", "x", "%"):
            text = "3" + unit * length + tail
            assert isinstance(parse_percent(text), Refusal)
            parse_number(text, "次")
            parse_date(text, PERIOD_END)
            is_none_word(text)


def normalised(indicator: Indicator, **entries: Any) -> dict[str, Cell]:
    """What a record's entries become, those that change only."""
    result = normalise(Record("B01", indicator.code, **entries), indicator, PERIOD_END)
    assert result.typed.keys() == result.steps.keys()
    assert all(result.typed[field] is entries[field] for field in result.typed)
    return {field: getattr(result.record, field) for field in result.typed}


@pytest.mark.parametrize(
    ("indicator", "entries", "expected"),
    [
        (MEETINGS, {"value": "３次"}, {"value": 3}),
        (MEETINGS, {"value": "约3次", "narrative": "３次"}, {}),
        (MEETINGS, {"value": 3, "numerator": "３"}, {}),
        (MEETINGS, {"value": "\u3000不适用"}, {"value": "不适用"}),
        (MEETINGS, {"value": " 不适用 "}, {"value": "不适用"}),
        (MEETINGS, {"value": "\u00a0", "evidence": "'"}, {"value": None, "evidence": None}),
        (MEETINGS, {"value": True}, {}),
        (MEETINGS, {"value": ErrorCell("3")}, {}),
        (MEETINGS, {"value": date(2019, 9, 9)}, {}),
        (MEETINGS, {"value": "  ", "reason": ""}, {}),
        (RATE, {"numerator": "１９", "denominator": "20"}, {"numerator": 19, "denominator": 20}),
        (RATE, {"numerator": "95%", "value": "９５%"}, {"value": 0.95}),
        (YES_NO, {"value": True}, {"value": "是"}),
        (YES_NO, {"value": "√", "evidence": "√"}, {"value": "是"}),
        (YES_NO, {"value": 1}, {}),
        (TEXT, {"narrative": "\u3000不适用:没有"}, {"narrative": "不适用:没有"}),
        (TEXT, {"narrative": "\u3000\u3000３次 会议"}, {}),
        (MEETINGS, {"narrative": "\u3000不适用"}, {}),
        (MEETINGS, {"deadline": "2019.12.20"}, {"deadline": date(2019, 12, 20)}),
        (MEETINGS, {"deadline": 20_191_220.0}, {"deadline": date(2019, 12, 20)}),
        (MEETINGS, {"deadline": 43_717.0}, {}),
        (MEETINGS, {"deadline": float("nan")}, {}),
    ],
)
def test_a_record_is_normalised_where_its_indicator_wants_a_value(
    indicator: Indicator, entries: dict[str, Any], expected: dict[str, Cell]
) -> None:
    assert normalised(indicator, **entries) == expected


ENTRIES = st.fixed_dictionaries(dict.fromkeys(ENTRY_FIELDS, st.one_of(cells, LIKELY)))


@given(st.sampled_from(INDICATORS), ENTRIES)
def test_normalising_never_touches_a_number_and_is_done_in_one_go(
    indicator: Indicator, entries: dict[str, Any]
) -> None:
    given_ = Record("B01", indicator.code, **entries)
    first = normalise(given_, indicator, PERIOD_END)
    for field, cell in entries.items():
        if field not in first.typed:
            assert getattr(first.record, field) is cell
        assert field == "deadline" or number(cell) is None or field not in first.typed
    again = normalise(first.record, indicator, PERIOD_END)
    assert not again.typed


def test_the_grammar_page_is_what_the_grammar_says() -> None:
    docs = Path(__file__).parents[2] / "docs"
    page = (docs / "grammar.md").read_text(encoding="utf-8")
    made = runpy.run_path(str(docs / "make_grammar.py"))["build_page"]()
    assert page == made, "run python docs/make_grammar.py"


def test_an_amount_in_another_unit_is_never_converted() -> None:
    assert normalised(BUDGET, value="1200000元", denominator="120万元") == {"denominator": 120}
