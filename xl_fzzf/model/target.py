"""Targets (目标值): one definition that judges a value here and, as a formula, in a spreadsheet."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum


class Op(StrEnum):
    """How a value is held against its target."""

    GE = ">="
    GT = ">"
    LE = "<="
    LT = "<"
    EQ = "="
    BETWEEN = "between"
    ABOVE_LAST_YEAR = ">last_year"
    NOT_BELOW_LAST_YEAR = ">=last_year"
    YES = "yes"
    FILLED = "filled"


# Python's comparison and the spreadsheet's stand side by side: they are one definition.
# More than asked is never unmet, so a range judges by its lower bound; only = asks for no more either.
_COMPARISONS: dict[Op, tuple[Callable[[float, float], bool], str]] = {
    Op.GE: (operator.ge, ">="),
    Op.GT: (operator.gt, ">"),
    Op.LE: (operator.le, "<="),
    Op.LT: (operator.lt, "<"),
    Op.EQ: (operator.eq, "="),
    Op.BETWEEN: (operator.ge, ">="),
    Op.ABOVE_LAST_YEAR: (operator.gt, ">"),
    Op.NOT_BELOW_LAST_YEAR: (operator.ge, ">="),
}
_SIGNS = {"≥": Op.GE, ">=": Op.GE, ">": Op.GT, "≤": Op.LE, "<=": Op.LE, "<": Op.LT, "=": Op.EQ}
_SIGN_OF = {Op.GE: "≥", Op.GT: ">", Op.LE: "≤", Op.LT: "<", Op.EQ: "="}
_WORDS = {
    "": Op.FILLED,
    "如实填报": Op.FILLED,
    "是": Op.YES,
    "高于上年": Op.ABOVE_LAST_YEAR,
    "不低于上年": Op.NOT_BELOW_LAST_YEAR,
}
_WORD_OF = {op: word for word, op in _WORDS.items()}
_LAST_YEAR = (Op.ABOVE_LAST_YEAR, Op.NOT_BELOW_LAST_YEAR)
_NUMBER = r"(\d+(?:\.\d+)?)(%?)"
_COMPARED = re.compile(rf"(≥|≤|>=|<=|>|<|=)\s*{_NUMBER}", re.ASCII)
_RANGE = re.compile(rf"{_NUMBER}\s*(?:至|~|～|-|－|—)\s*{_NUMBER}", re.ASCII)
_WIDE = str.maketrans("＞＜＝％０１２３４５６７８９．", "><=%0123456789.")


@dataclass(frozen=True, slots=True)
class Target:
    """A target: `value` is the bound, `value2` the upper end of a range; rates are fractions (0.95)."""

    op: Op
    value: float | None = None
    value2: float | None = None
    percent: bool = False

    @property
    def against_last_year(self) -> bool:
        """Whether the bound is last year's value, which the unit fills in."""
        return self.op in _LAST_YEAR

    def met(self, value: float, last_year: float = 0.0) -> bool:
        """Whether a number meets the target."""
        if self.op is Op.FILLED:
            return True
        compare, _ = _COMPARISONS[self.op]
        return compare(value, self._bound(last_year))

    def formula(self, value: str, last_year: str) -> str:
        """The spreadsheet condition that says what `met` says; both arguments are formula text."""
        if self.op is Op.FILLED:
            return "TRUE"
        _, sign = _COMPARISONS[self.op]
        bound = last_year if self.against_last_year else format_number(self._bound(0.0))
        return f"{value}{sign}{bound}"

    def exceeded(self, value: float) -> bool:
        """Whether a value lies above a range's upper end (met, and worth a word in the summary)."""
        return self.op is Op.BETWEEN and self.value2 is not None and value > self.value2

    def reached(self, value: float) -> float:
        """The share (0–1) of a lower bound that an unmet value reached; 0 where no share is meant.

        What lies beyond an exact number (=) is as far off as what is missing to it: 3 of = 2 is half.
        """
        if self.op in (Op.GE, Op.GT, Op.EQ, Op.BETWEEN) and self.value:
            share = min(max(value / self.value, 0.0), 2.0)
            return 2.0 - share if self.op is Op.EQ and share > 1.0 else min(share, 1.0)
        return 0.0

    def beyond(self, value: float) -> bool:
        """Whether an unmet value is more than is asked for, not less."""
        return self.op in (Op.LE, Op.LT, Op.EQ) and value > self._bound(0.0)

    def gap(self, value: float, last_year: float = 0.0) -> float:
        """How far a value lies from its bound, in the value's own unit; never negative."""
        return abs(self._bound(last_year) - value)

    def text(self, measure: str = "") -> str:
        """The target in words as users read and write it: `≥ 2 次`, `4 至 5 次`, `= 100%`."""
        tail = f" {measure}" if measure not in ("", "%", "％") else ""
        if self.op in _WORD_OF:
            return _WORD_OF[self.op] or "如实填报"
        if self.op is Op.BETWEEN:
            return f"{self.show(self.value)} 至 {self.show(self.value2)}{tail}"
        return f"{_SIGN_OF[self.op]} {self.show(self.value)}{tail}"

    def show(self, value: float | None) -> str:
        """A value in this target's own notation: 0.95 as 95%, 2.0 as 2."""
        if value is None:
            return ""
        return f"{format_number(round(value * 100, 6))}%" if self.percent else format_number(value)

    def _bound(self, last_year: float) -> float:
        if self.against_last_year:
            return last_year
        return self.value if self.value is not None else 0.0


def parse_target(text: str, measure: str = "") -> Target:
    """Read a target as the coordinator writes it (see `Target.text`); raises ValueError that says how.

    A trailing measure (次, 人 …) is allowed, so what `Target.text` shows is read back as it was.
    """
    given, tail = text.translate(_WIDE).strip(), measure.translate(_WIDE).strip()
    bare = given.removesuffix(tail).strip() if tail != "%" else given
    if bare in _WORDS:
        return Target(_WORDS[bare])
    if match := _COMPARED.fullmatch(bare):
        return Target(_SIGNS[match[1]], _fraction(match[2], match[3]), percent=bool(match[3]))
    if match := _RANGE.fullmatch(bare):
        low, high = _fraction(match[1], match[2] or match[4]), _fraction(match[3], match[4])
        if low <= high and (match[4] or not match[2]):
            return Target(Op.BETWEEN, low, high, percent=bool(match[4]))
    raise ValueError(
        f"目标“{text}”看不懂，可写：≥ 2、≤ 3、= 100%、1 至 2、高于上年、不低于上年、是、如实填报"
    )


def format_number(value: float) -> str:
    """A number without a needless `.0`, for people and for formulas."""
    return f"{Decimal(repr(value + 0.0)):f}".removesuffix(".0")


def _fraction(digits: str, percent: str) -> float:
    # 99.9 / 100 is not the double that 999 / 1000 is; 99.9e-2 is.
    return float(f"{digits}e-2") if percent else float(digits)
