"""The grammar of typed texts: which ones mean a number, a share or a choice, and why others don't.

Nothing is guessed: a text outside the grammar gives a `Refusal` with the reason, never a value. The
page docs/grammar.md shows it by examples. Dates have a module of their own.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from xl_fzzf.model.record import NO, NOT_APPLICABLE, YES, Cell


class Step(StrEnum):
    """A step from a typed text to its value; a finding names the steps that were taken."""

    TEXT = "文本改成数值"
    WIDTH = "全角改半角"
    SPACES = "去掉空格"
    GROUPS = "去掉千分位"
    SCALE = "换算千、万、亿"
    MEASURE = "去掉计量单位"
    PERCENT = "百分数改成小数"
    DATE = "改成日期"
    NUMERALS = "汉字日期改成数字"
    YEAR = "补上报告期的年份"
    CHOICE = "勾选改成选项"
    BLANK = "看不见的字符按空白"


@dataclass(frozen=True, slots=True)
class Reading:
    """What a cell means: the value, and the steps that lead to it."""

    value: float | date | str | None
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a text has no value: words that continue “应填数字,”."""

    reason: str


NONE_WORDS = frozenset({
    *("无", "没有", "暂无", "尚无", "暂时没有", "目前没有", "目前暂无", "无内容"),
    *("空", "略", "同上", "同前", "未统计", "待定"),
    *("NA", "N/A", "NULL", "NONE", "NIL", "/", "//", "\\", "-", "--", "—", "——", "–", "〃", "…", "……"),
})  # fmt: skip
"""Words for nothing: neither a blank, nor 0, nor 不适用. Compared in capitals, half-width, without `STOPS`."""

STOPS = "。."

CHOICES: dict[str, str] = {
    **dict.fromkeys((YES, "√", "✓", "✔", "☑", "Y", "YES", "TRUE"), YES),
    **dict.fromkeys((NO, "×", "✗", "✘", "N", "NO", "FALSE"), NO),
    NOT_APPLICABLE: NOT_APPLICABLE,
}
"""What counts as a choice. Not ☒, which ticks in one country and crosses out in another."""

SCALES = {"千": 1_000, "万": 10_000, "亿": 100_000_000}
MOST_DIGITS = 15
"""As many digits as a spreadsheet keeps."""

_INNER = re.compile(r"[ \u00a0\u1680\u2000-\u200d\u202f\u205f\u2060\u3000\ufeff]")
_AROUND = "".join(filter(str.isspace, map(chr, range(0x3001)))) + "\u200b\u200c\u200d\u2060\ufeff"
_LONGEST = 64
"""A longer text is no number; to ask why would only cost time."""

_WIDE = str.maketrans("０１２３４５６７８９．，％－／", "0123456789.,%-/")
_DIGITS = r"(?P<digits>[0-9]{1,3}(?:,[0-9]{3})+|[0-9]{1,3}(?: [0-9]{3})+|[0-9]+)"
_FIGURE = rf"(?P<sign>-?){_DIGITS}(?P<fraction>\.[0-9]+)?"
_NUMBER = re.compile(rf"{_FIGURE} ?(?P<scale>[{''.join(SCALES)}]?)")
_PERCENT = re.compile(rf"{_FIGURE} ?%")


def parse_number(text: str, measure: str = "") -> Reading | Refusal:
    """A number in the indicator's own measure (计量单位): 3, １，２３４, 1.2万, 3次 where 次 is the measure."""
    plain, steps = plain_text(text)
    unit = "" if measure in ("%", "％") else measure.strip()
    body = plain.removesuffix(unit).rstrip() if unit else plain
    match = _NUMBER.fullmatch(body)
    if match is None:
        return Refusal(_why_no_number(plain, unit))
    scale = match["scale"]
    if scale and unit[:1] in SCALES:
        return Refusal(f"单位已经是{unit}，“{scale}”是多写的还是要再乘，分不清")
    if body != plain:
        steps.append(Step.MEASURE)
    if scale:
        steps.append(Step.SCALE)
    return _figure(match, steps, Decimal(SCALES.get(scale, 1)))


def parse_percent(text: str) -> Reading | Refusal:
    """A share as a fraction: 95% is 0.95. Without the sign it is refused: 1 may be 1% or 100%."""
    plain, steps = plain_text(text)
    if match := _PERCENT.fullmatch(plain):
        return _figure(match, [*steps, Step.PERCENT], Decimal("0.01"))
    if re.fullmatch(_FIGURE, plain):
        return Refusal("没有百分号，分不清是百分数还是小数")
    return Refusal(_why_no_number(plain.removesuffix("%"), ""))


def _figure(match: re.Match[str], steps: list[Step], factor: Decimal) -> Reading | Refusal:
    digits, fraction = re.sub("[, ]", "", match["digits"]), match["fraction"] or ""
    if len(digits) > 1 and digits.startswith("0"):
        return Refusal("以 0 开头，像编号")
    if len((digits + fraction[1:]).lstrip("0")) > MOST_DIGITS:
        return Refusal(f"超过 {MOST_DIGITS} 位，像证件号码，表格存不准")
    if digits != match["digits"]:
        steps.append(Step.GROUPS)
    value = Decimal(match["sign"] + digits + fraction) * factor
    return Reading(float(value) + 0.0, (Step.TEXT, *steps))


_REASONS = (
    (r".*([约近余多超<>≥≤≈~]|左右|上下|以[上下内]|至少|最多|不足|不少于).*", "不是确切的数"),
    (r"[0-9]{4}([-./年])[0-9]{1,2}[-./月][0-9]{1,2}[日号]?", "是日期，不是数"),
    (r".*[0-9]%? ?[-—–至到] ?[0-9].*", "是一个范围，不是一个数"),
    (r".*([¥$]|rmb).*", "带货币符号"),
    (r".*%.*", "这一格填数量，不填百分数"),
    ("(百分之)?[零〇一二三四五六七八九十百千万亿两壹贰叁肆伍陆柒捌玖拾点半]+", "是汉字数字"),
    (r"[-+]?(nan|inf(inity)?|[0-9.]+e[-+]?[0-9]+|[0-9]+_[0-9_]*)", "是程序里的写法"),
    (r"[0-9., ]*[OI][0-9OI., ]*", "有像数字的字母"),
    (r"-?[0-9., ]*[0-9][0-9., ]*", "千分位、小数点或空格的位置不对"),
)
_WHY = [(re.compile(pattern, re.IGNORECASE | re.DOTALL), reason) for pattern, reason in _REASONS]
_TAIL = re.compile(rf"{_FIGURE} ?(?P<tail>[^0-9]+)")


def _why_no_number(plain: str, unit: str) -> str:
    if len(plain) > _LONGEST:
        return "现在是文字"
    if any(unicodedata.category(sign) in ("Nd", "No") and not sign.isascii() for sign in plain):
        return "有 0 至 9 以外的数字"
    text = unicodedata.normalize("NFKC", plain)
    for pattern, reason in _WHY:
        if pattern.fullmatch(text):
            return reason
    if match := _TAIL.fullmatch(plain):
        wanted = f"不是这个指标的单位“{unit}”" if unit else "这一格不带单位"
        return f"带了“{match['tail'][:10]}”，{wanted}"
    return "现在是文字"


def parse_choice(text: str) -> Reading | Refusal:
    """是, 否 or 不适用, or a tick or a word that stands for one of them (`CHOICES`)."""
    plain, steps = plain_text(text)
    choice = CHOICES.get(plain.upper())
    if choice is None:
        return Refusal("不在选项里")
    return Reading(choice, (*steps, Step.CHOICE) if choice != plain else tuple(steps))


def is_none_word(cell: Cell) -> bool:
    """Whether a cell says “nothing” in a word that is neither a blank, nor 0, nor 不适用."""
    return isinstance(cell, str) and says_nothing(plain_text(cell)[0])


def says_nothing(plain: str) -> bool:
    """Whether a text that is trimmed and half-width already is a word for nothing."""
    return plain.translate(dict.fromkeys(map(ord, STOPS))).upper() in NONE_WORDS


def visible(text: str) -> str:
    """A text without the spaces of every kind around it, those of no width included."""
    return text.strip(_AROUND)


def unseen(cell: Cell) -> bool:
    """Whether a text shows nothing: spaces of every kind, signs of no width, or a lone apostrophe."""
    return isinstance(cell, str) and all(
        unicodedata.category(sign) in _UNSEEN for sign in visible(cell.replace("'", "", 1))
    )


_UNSEEN = frozenset({"Zs", "Zl", "Zp", "Cf"})


def plain_text(text: str) -> tuple[str, list[Step]]:
    """A text in half-width signs, none but plain spaces in it, none around it, and what that took."""
    narrow = text.translate(_WIDE)
    plain = _INNER.sub(" ", visible(narrow))
    steps = [Step.WIDTH] if narrow != text else []
    return plain, [*steps, Step.SPACES] if " " in plain or len(plain) < len(text) else steps
