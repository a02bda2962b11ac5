"""Forms: how a value of the plan or of the settings is written into a cell, and read back from it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from xl_fzzf.model.dates import parse_day
from xl_fzzf.model.grammar import Refusal
from xl_fzzf.model.kinds import KIND_OF_LABEL
from xl_fzzf.model.record import NO, YES, Cell, blank, text
from xl_fzzf.office.book import Value
from xl_fzzf.office.tables import Column

_FLAGS: dict[str, bool] = {YES: True, NO: False, "": False}
_COMMA, _SEMICOLON, _COLON = "\uff0c", "\uff1b", "\uff1a"  # full width, as staff type them
_BETWEEN = re.compile(rf"[、,{_COMMA};{_SEMICOLON}\n]+")
_BETWEEN_TARGETS = re.compile(rf"[;{_SEMICOLON}\n]+")


@dataclass(frozen=True, slots=True)
class Form:
    """How a value reads from a cell and is written into one; `choices` are the words of its drop-down.

    A value of the plan that can't be read is given on as it was typed, for `build_plan` to refuse; the
    form of a setting raises ValueError with what is wrong, an argument for each fault.
    """

    read: Callable[[Cell], Any]
    write: Callable[[Any], Value] = lambda value: value
    choices: tuple[str, ...] = ()


def _read_whole(cell: Cell) -> int | str:
    word = text(cell)
    return int(word) if word.isdecimal() and word.isascii() else word


def _read_words(cell: Cell) -> list[str]:
    return [word.strip() for word in _BETWEEN.split(text(cell)) if word.strip()]


def _write_flag(flag: bool) -> str:
    return YES if flag else NO


def _read_switch(cell: Cell) -> bool:
    if text(cell) not in _FLAGS:
        raise ValueError(f"要填 {YES} 或 {NO}，现在是“{text(cell)}”")
    return _FLAGS[text(cell)]


def _read_kind(cell: Cell) -> str:
    kind = KIND_OF_LABEL.get(text(cell))
    return kind.value if kind else text(cell)


def _read_targets(cell: Cell) -> dict[str, str]:
    parts = (part for part in _BETWEEN_TARGETS.split(text(cell)) if part.strip())
    pairs = (part.replace(_COLON, ":").partition(":") for part in parts)
    return {kind.strip(): target.strip() for kind, _, target in pairs}


def _read_day(cell: Cell) -> date | None:
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date) or blank(cell):
        return cell if isinstance(cell, date) else None
    day = parse_day(text(cell))
    if isinstance(day, Refusal):
        raise ValueError(day.reason)
    return day


TEXT = Form(text)
PLAIN = Form(lambda cell: None if blank(cell) else cell)
"""A number or a date, or nothing."""

WHOLE = Form(_read_whole)
WORDS = Form(_read_words, "、".join)
FLAG = Form(lambda cell: _FLAGS.get(text(cell), text(cell)), _write_flag, (YES, NO))
SWITCH = Form(_read_switch, _write_flag)
"""A flag among the settings."""

KIND = Form(_read_kind, lambda kind: kind.label, tuple(KIND_OF_LABEL))
TARGETS = Form(_read_targets)
DAY = Form(_read_day, date.isoformat)
"""A day, written as text; None where there is none."""


@dataclass(frozen=True, slots=True)
class DrivingColumn(Column):
    """A column of a driving sheet: `form` writes and reads the field of the plan that it is named by."""

    form: Form = TEXT
