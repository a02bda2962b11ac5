"""Values as a worksheet's XML holds them."""

from __future__ import annotations

import math
import re
from datetime import date, datetime
from functools import lru_cache
from html import escape
from typing import Final

from xl_fzzf.model.record import ErrorCell
from xl_fzzf.office.book import Formula, Value

EMPTY: Final = "/>"
"""The tail of a cell without content; a tail is what follows a cell's reference and style."""
LONGEST_TEXT = 32_767

_FORBIDDEN = r"\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff"
_ILLEGAL = re.compile(f"[{_FORBIDDEN}]")
# _x0041_ means A to a reader, so such an underscore is escaped, also before what becomes _x0001_.
_SPECIAL = re.compile(rf"[&<>{_FORBIDDEN}]|_(?=x[0-9A-Fa-f]{{4}}[_{_FORBIDDEN}])")
_NAMED = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
_LEAP_BUG = 60
"""Excel's 29 February 1900, which never was."""


def escaped(text: str) -> str:
    """Character data; what XML can't hold, and a carriage return, which it alters, as `_xHHHH_`."""
    return _SPECIAL.sub(_escape, text)


def tail_of(value: Value, from_1904: bool = False) -> str:
    """The tail of a cell that holds the value."""
    if value is None or value == "":
        return EMPTY
    if isinstance(value, ErrorCell):
        return f' t="e"><v>{escaped(value)}</v></c>'
    if isinstance(value, str):
        return _text(str(value))
    if isinstance(value, bool):
        return f' t="b"><v>{value:d}</v></c>'
    if isinstance(value, (int, float)):
        return f"><v>{_number(value)}</v></c>"
    if isinstance(value, date):
        return f"><v>{_number(serial(value, from_1904))}</v></c>"
    if isinstance(value, Formula):
        return _formula(value)
    raise TypeError(f"no cell value: {value!r}")


def serial(day: date, from_1904: bool = False) -> float:
    """The number that stands for a date, or date and time; ValueError before the first day."""
    moment = (
        day.replace(tzinfo=None) if isinstance(day, datetime) else datetime(*day.timetuple()[:3])
    )
    passed = moment - (datetime(1904, 1, 1) if from_1904 else datetime(1899, 12, 30))
    number = passed.days + (passed.seconds + passed.microseconds / 1e6) / 86_400
    if not from_1904 and number < _LEAP_BUG + 1:
        number -= 1
    if number < (0 if from_1904 else 1):
        raise ValueError(f"a date that a workbook can't hold: {day}")
    return number


@lru_cache(maxsize=4096)  # most texts of a sheet stand in it many times
def _text(text: str) -> str:
    # Excel counts UTF-16 units
    if len(text) > LONGEST_TEXT // 2 and len(text.encode("utf-16-le", "surrogatepass")) > (
        2 * LONGEST_TEXT
    ):
        raise ValueError(f"more than {LONGEST_TEXT} characters: {text[:20]!r}...")
    space = "" if text == text.strip() else ' xml:space="preserve"'
    return f' t="inlineStr"><is><t{space}>{_SPECIAL.sub(_escape, text)}</t></is></c>'


def _escape(match: re.Match[str]) -> str:
    return _NAMED.get(match[0]) or f"_x{ord(match[0]):04X}_"


def _number(number: float) -> str:
    if not math.isfinite(number):
        raise ValueError(f"no number for a cell: {number}")
    whole = isinstance(number, int) or (number.is_integer() and abs(number) < 1e15)
    return int.__repr__(int(number)) if whole else float.__repr__(number)


def _formula(formula: Formula) -> str:
    if _ILLEGAL.search(formula.text):
        raise ValueError(f"a formula with control characters: {formula.text!r}")
    kind, result = _result(formula.cached)
    return f"{kind}><f>{escape(formula.text, quote=False)}</f><v>{result}</v></c>"


def _result(cached: str | float | bool) -> tuple[str, str]:
    if isinstance(cached, str):
        return ' t="e"' if isinstance(cached, ErrorCell) else ' t="str"', escaped(cached)
    if isinstance(cached, bool):
        return ' t="b"', f"{cached:d}"
    return "", _number(cached)
