"""Status (状态) of a record: `judge` says it in Python, and `status_formula` says the same in a spreadsheet.

The two stand side by side, branch by branch; a spreadsheet engine checks in the tests that they agree.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from xl_fzzf.model.grammar import NONE_WORDS, STOPS, says_nothing
from xl_fzzf.model.kinds import Kind
from xl_fzzf.model.plan import Indicator
from xl_fzzf.model.record import (
    NO,
    NOT_APPLICABLE,
    YES,
    Cell,
    ErrorCell,
    Record,
    blank,
    number,
    text,
)
from xl_fzzf.model.target import Target, format_number


class Status(StrEnum):
    """The six states of a record."""

    MET = "达标"
    UNDER_WAY = "推进中"
    UNMET = "未达标"
    MISSING = "待填"
    INVALID = "有误"
    NOT_APPLICABLE = "不适用"


@dataclass(frozen=True, slots=True)
class Judgement:
    """A record's status with the number that was judged, if there is one."""

    status: Status
    value: float | None = None
    last_year: float | None = None


def judge(
    record: Record, indicator: Indicator, target: Target, due: date, as_of: date
) -> Judgement:
    """The status of a record as of a date."""
    kind = indicator.kind
    cells = [getattr(record, field) for field in kind.answers]
    for cell in cells:
        if isinstance(cell, ErrorCell):
            return Judgement(Status.INVALID)
    if kind.is_text:
        return Judgement(_judge_text(cells[0]))
    unmet = Status.UNMET if as_of > due else Status.UNDER_WAY
    if kind.is_choice:
        return Judgement(_judge_answer(cells[0], unmet))
    for cell in cells:
        if isinstance(cell, str) and text(cell) == NOT_APPLICABLE:
            return Judgement(Status.NOT_APPLICABLE)
    if any(not blank(cell) and not valid_number(cell, indicator) for cell in cells):
        return Judgement(Status.INVALID)
    if any(blank(cell) for cell in cells):
        return Judgement(Status.MISSING)
    numbers = [value for value in map(number, cells) if value is not None]
    return _judge_numbers(numbers, kind, target, unmet)


def _judge_numbers(numbers: list[float], kind: Kind, target: Target, unmet: Status) -> Judgement:
    last_year = None
    if kind.is_ratio:
        numerator, denominator = numbers
        if numerator > denominator:
            return Judgement(Status.INVALID)
        if denominator == 0:
            return Judgement(Status.NOT_APPLICABLE)
        value = numerator / denominator
    elif kind.has_last_year:
        last_year, value = numbers
    else:
        value = numbers[0]
    met = target.met(value, last_year or 0.0)
    return Judgement(Status.MET if met else unmet, value, last_year)


def _judge_text(cell: Cell) -> Status:
    if blank(cell):
        return Status.MISSING
    if says_nothing(text(cell)):
        return Status.INVALID
    return Status.NOT_APPLICABLE if text(cell).startswith(NOT_APPLICABLE) else Status.MET


def _judge_answer(cell: Cell, unmet: Status) -> Status:
    if blank(cell):
        return Status.MISSING
    answers = {YES: Status.MET, NO: unmet, NOT_APPLICABLE: Status.NOT_APPLICABLE}
    return answers.get(text(cell), Status.INVALID)


def valid_number(cell: Cell, indicator: Indicator) -> bool:
    """Whether a cell holds a number that the indicator allows: not negative, believable, whole counts."""
    value = number(cell)
    if value is None or not 0 <= value <= indicator.most:
        return False
    return not indicator.kind.is_whole or value == int(value)


def status_formula(
    indicator: Indicator, target: Target, due: date, cells: Mapping[str, str], as_of: str
) -> str:
    """`judge` as a formula (without `=`) over the row's cell references; plain Excel 2010 functions."""
    fields = [cells[field] for field in indicator.kind.answers]
    broken = _any(f"ISERROR({cell})" for cell in fields)
    if indicator.kind.is_text:
        inner = _text_formula(fields[0])
    else:
        unmet = f'IF({as_of}>DATE({due.year},{due.month},{due.day}),"{Status.UNMET}","{Status.UNDER_WAY}")'
        if indicator.kind.is_choice:
            inner = _answer_formula(fields[0], unmet)
        else:
            inner = _numbers_formula(fields, indicator, target, unmet)
    return f'IF({broken},"{Status.INVALID}",{inner})'


def _text_formula(cell: str) -> str:
    length, words = len(NOT_APPLICABLE), "|".join(sorted(NONE_WORDS))
    plain = f"UPPER(TRIM({cell}))"
    for stop in STOPS:
        plain = f'SUBSTITUTE({plain},"{stop}","")'
    return (
        f'IF(TRIM({cell})="","{Status.MISSING}",'
        f'IF(ISNUMBER(FIND("|"&{plain}&"|","|{words}|")),"{Status.INVALID}",'
        f'IF(LEFT(TRIM({cell}),{length})="{NOT_APPLICABLE}","{Status.NOT_APPLICABLE}","{Status.MET}")))'
    )


def _answer_formula(cell: str, unmet: str) -> str:
    return (
        f'IF(TRIM({cell})="","{Status.MISSING}",IF(TRIM({cell})="{YES}","{Status.MET}",'
        f'IF(TRIM({cell})="{NO}",{unmet},'
        f'IF(TRIM({cell})="{NOT_APPLICABLE}","{Status.NOT_APPLICABLE}","{Status.INVALID}"))))'
    )


def _numbers_formula(fields: list[str], indicator: Indicator, target: Target, unmet: str) -> str:
    invalid = _any(_invalid_formula(cell, indicator) for cell in fields)
    missing = _any(f'TRIM({cell})=""' for cell in fields)
    skipped = _any(f'TRIM({cell})="{NOT_APPLICABLE}"' for cell in fields)
    if indicator.kind.is_ratio:
        above, below = fields
        met = target.formula(f"{above}/{below}", "")
        judged = (
            f'IF({above}>{below},"{Status.INVALID}",IF({below}=0,"{Status.NOT_APPLICABLE}",'
            f'IF({met},"{Status.MET}",{unmet})))'
        )
    else:
        met = target.formula(fields[-1], fields[0])
        judged = f'IF({met},"{Status.MET}",{unmet})'
    return (
        f'IF({skipped},"{Status.NOT_APPLICABLE}",IF({invalid},"{Status.INVALID}",'
        f'IF({missing},"{Status.MISSING}",{judged})))'
    )


def _invalid_formula(cell: str, indicator: Indicator) -> str:
    whole = f",{cell}<>INT({cell})" if indicator.kind.is_whole else ""
    # LibreOffice counts TRUE as a number, Excel does not: ISLOGICAL makes them agree.
    return (
        f'IF(TRIM({cell})="",FALSE,IF(ISNUMBER({cell}),IF(ISLOGICAL({cell}),TRUE,'
        f"OR({cell}<0,{cell}>{format_number(indicator.most)}{whole})),TRUE))"
    )


def rate_formula(numerator: str, denominator: str) -> str:
    """A rate's 完成值 as a formula (without `=`): blank until both numbers are there."""
    return (
        f"IF(ISNUMBER({numerator}),IF(ISNUMBER({denominator}),"
        f'IF({denominator}>0,{numerator}/{denominator},"{NOT_APPLICABLE}"),""),"")'
    )


def rate_value(record: Record) -> Cell:
    """What `rate_formula` shows for a record."""
    numerator, denominator = number(record.numerator), number(record.denominator)
    if numerator is None or denominator is None:
        return ""
    return numerator / denominator if denominator > 0 else NOT_APPLICABLE


def _any(conditions: Iterable[str]) -> str:
    parts = list(conditions)
    return parts[0] if len(parts) == 1 else f"OR({','.join(parts)})"
