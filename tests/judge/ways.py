"""How careless staff spoil a cell, by kind of indicator: what they type, and the rules that may name it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any, NamedTuple

from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.styles import Font

from tests.judge.seeding import Sheet
from xl_fzzf.model.kinds import Kind
from xl_fzzf.model.plan import Indicator


class Spoilt(NamedTuple):
    """The field that was spoilt, the rules that may name it, where they do, and whether it is no number."""

    field: str
    rules: tuple[str, ...]
    told_at: str
    never: bool


Way = Callable[[Sheet, Indicator], Spoilt]


def typed(name: str, value: Any, *rules: str, at: str = "", **also: Any) -> Way:
    """Type a value, and others beside it; rules name it there, or `at` another field."""
    never = isinstance(value, bool) or not isinstance(value, (int, float))

    def way(sheet: Sheet, indicator: Indicator) -> Spoilt:
        for other, what in also.items():
            sheet.put(indicator.code, other, what)
        sheet.put(indicator.code, name, value)
        return Spoilt(name, rules, at or name, never)

    return way


def struck(name: str, value: Any, **also: Any) -> Way:
    """Strike a cell through, with another value or what is there."""

    def way(sheet: Sheet, indicator: Indicator) -> Spoilt:
        value_there = sheet.cell(indicator.code, name).value if value is None else value
        spoilt = typed(name, value_there, "struck", **also)(sheet, indicator)
        sheet.cell(indicator.code, name).font = Font(strike=True)
        return spoilt._replace(never=True)

    return way


def disguised(name: str) -> Way:
    """Show another number than is in the cell."""

    def way(sheet: Sheet, indicator: Indicator) -> Spoilt:
        sheet.cell(indicator.code, name).number_format = '"99"'
        return Spoilt(name, ("disguised",), name, never=False)

    return way


def lengthened(name: str, most: int, *rules: str) -> Way:
    """Say what is there again and again."""

    def way(sheet: Sheet, indicator: Indicator) -> Spoilt:
        words = str(sheet.cell(indicator.code, name).value or f"没有{indicator.code}的人手")
        sheet.put(indicator.code, name, (words * (most // len(words) + 1))[:most])
        return Spoilt(name, rules, name, never=True)

    return way


def partly(struck: str, kept: str) -> CellRichText:
    """A cell of which the first part is struck."""
    return CellRichText(
        TextBlock(InlineFont(strike=True), struck), TextBlock(InlineFont(b=True), kept)
    )


def _each(name: str, values: Iterable[Any], *rules: str, **also: Any) -> dict[str, Way]:
    return {f"{name} {value!r}": typed(name, value, *rules, **also) for value in values}


_NO_NUMBERS = (
    *(
        "约95%",
        "九十五",
        "90-95",
        "nan",
        "1_000",
        "1e5",
        "３次左右",
        "O",
        "1.234,5",
        ">3",
        "٣",
        "0012",
    ),
    *(
        "inf",
        "3+2",
        "三",
        "3件以上",
        "2019-09-09",
        "2019年9月9日",
        "1,23",
        "5..2",
        "--3",
        "+3",
        "≥2",
    ),
    *(
        "至少2",
        "多次",
        "若干",
        "￥3",
        "Ⅲ",
        "③",
        "1 2",
        "3；4",
        "1.2.3",
        "共3",
        "3(三)",
        "1O",
        "3左右",
    ),
    *("511304199001010011", "13800138000转2", "3\n4", "是"),
)
_NOTHING = ("无", "/", "—", "同上", "暂无", "没有", "略", "N/A", "无。", "未统计", "待定")
_FAILED = ("#DIV/0!", "#N/A", "#REF!", "#VALUE!", "#NAME?")
_NO_DATES = (
    *(
        "年底前",
        "尽快",
        "12月",
        "2019-02-30",
        "03/04/2019",
        "19-12-20",
        "2019年13月1日",
        "立即",
        "长期",
    ),
    *("2019-12", "1019-12-20", "20199999", "九月", True, date(2017, 1, 1), date(2035, 1, 1)),
)
_NO_CHOICES = (
    *(
        "基本完成",
        "部分",
        "有",
        "已落实",
        1,
        0,
        "是/否",
        "是的",
        "是。",
        "☒",
        "对",
        "是是",
        "100%",
        0.5,
    ),
    *("完成", "正在推进", "是,否"),
)
_SAYS_LITTLE = ("好", "已完成", "详见附件", "正在推进")

DEADLINES = _each("deadline", _NO_DATES, "date") | _each("deadline", ("/", "无"), "none-word")
WORDS: dict[str, Way] = {
    **{f"{name} failed": typed(name, "#REF!", "words") for name in ("evidence", "reason")},
    **{
        f"{name} too long": typed(name, "很长" * 1_001, "long-text")
        for name in ("evidence", "reason")
    },
    "evidence struck": struck("evidence", None),
    "reason partly struck": typed("reason", partly("人手不足，", "已调剂两人"), "struck"),
    "deadline struck": struck("deadline", date(2020, 3, 1)),
}


def _numbers(name: str) -> dict[str, Way]:
    """What stands in a cell that wants a number."""
    return {
        **_each(name, _NO_NUMBERS, "number"),
        **_each(name, _NOTHING, "none-word"),
        **_each(name, _FAILED, "number"),
        **_each(name, (date(2019, 9, 9), True), "number"),
        **_each(name, (None, "  ", "\u200b"), "required"),
        **_each(name, (-3, 511304198001010000), "range"),
        f"{name} formula": typed(name, "=1+1", "uncalculated"),
        f"{name} struck": struck(name, 3),
        f"{name} partly struck": typed(name, partly("3", "4"), "struck"),
        f"{name} disguised": disguised(name),
    }


WAYS: dict[Kind, dict[str, Way]] = {
    Kind.COUNT: {
        **_numbers("value"),
        **_each("value", (2.5, 3.999), "whole"),
        **_each("value", (43717, 39_999.5), "range", "whole"),
        "no reason": typed("value", "不适用", "not-applicable", at="narrative", narrative=None),
        "grey": typed("numerator", 5, "unused"),
        **DEADLINES,
        **WORDS,
    },
    Kind.RATE: {
        **_numbers("numerator"),
        **_numbers("denominator"),
        "more than all": typed("numerator", 90, "share", denominator=60),
        "part of a person": typed("numerator", 49.5, "whole-share", denominator=50),
        "half skipped": typed("numerator", "不适用", "half-skipped", at="denominator"),
        "skipped below": typed("denominator", "不适用", "half-skipped", at="numerator"),
        "typed over": typed("value", 0.5, "rate"),
        "typed 100": typed("value", 100, "rate"),
        "zero of zero": typed("denominator", 0, "zero-denominator", numerator=0, narrative=None),
        "date as number": typed("denominator", 20190930, "range"),
    },
    Kind.YES_NO: {
        **_each("value", _NO_CHOICES, "list"),
        **_each("value", _NOTHING, "none-word"),
        **_each("value", _FAILED, "list"),
        **_each("value", (None, " "), "required"),
        **_each("evidence", (None, "无", "/"), "evidence"),
        **_each("evidence", ("有", "见附件", "详见附件"), "short-text"),
        "no reason": typed("value", "不适用", "not-applicable", at="narrative", narrative=None),
        "struck": struck("value", "是"),
        "partly struck": typed("value", partly("否", "是"), "struck"),
        **{f"grey {name}": typed(name, 7, "unused") for name in ("numerator", "denominator")},
        **DEADLINES,
        **WORDS,
    },
    Kind.SCORE: {**_numbers("value"), **_each("denominator", ("八十", "—", None), "number", "none-word", "required")},
    Kind.AMOUNT: {
        **_numbers("value"),
        "too much": typed("value", 1e13, "range"),
        "in yuan": typed("denominator", "¥1,200", "number"),
    },
    Kind.TEXT: {
        **_each("narrative", (None, "  "), "required"),
        **_each("narrative", _NOTHING, "none-word"),
        **_each("narrative", _FAILED, "words"),
        **_each("narrative", _SAYS_LITTLE, "short-text"),
        **_each("narrative", ("不适用", "不适用。", "不适用：无"), "not-applicable"),
        "too long": lengthened("narrative", 2_001, "long-text"),
        "as long as a cell": lengthened("narrative", 32_767, "long-text"),
        "struck": struck("narrative", None),
        "partly struck": typed("narrative", partly("已完成", "正在推进"), "struck"),
        "grey": typed("value", "是", "unused"),
    },
}  # fmt: skip


def unmet(*, reason: Any, deadline: Any, rule: str, at: str) -> Way:
    """Report less than the target, with what must stand beside it or not."""

    def way(sheet: Sheet, indicator: Indicator) -> Spoilt:
        entries = {"reason": reason, "deadline": deadline}
        for name, what in entries.items():
            sheet.put(indicator.code, name, what)
        sheet.put(indicator.code, "value", "否" if indicator.kind.is_choice else 0)
        return Spoilt("value", (rule,), at, never=False)

    return way


_REASON = "人手不足，已调剂两人补上这项工作"
for _kind in (Kind.YES_NO, Kind.COUNT):
    WAYS[_kind] |= {
        "deadline past": unmet(
            reason=_REASON, deadline=date(2019, 6, 1), rule="past-deadline", at="deadline"
        )
    }
