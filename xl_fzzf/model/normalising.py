"""Normalising: a record as typed becomes a record of values, where the grammar allows no doubt."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from xl_fzzf.model.dates import parse_date
from xl_fzzf.model.grammar import (
    Reading,
    Refusal,
    Step,
    parse_choice,
    parse_number,
    parse_percent,
    unseen,
    visible,
)
from xl_fzzf.model.plan import Indicator
from xl_fzzf.model.record import ENTRY_FIELDS, NOT_APPLICABLE, Cell, ErrorCell, Record, blank, text


@dataclass(frozen=True, slots=True)
class Normalised:
    """A record's values, what was typed where they differ, and the steps between, by field."""

    record: Record
    typed: Mapping[str, Cell]
    steps: Mapping[str, tuple[Step, ...]]


def normalise(record: Record, indicator: Indicator, period_end: date) -> Normalised:
    """Read a record's texts by the grammar; what it refuses stays as typed, for the rules to judge."""
    typed, steps = {}, {}
    values: dict[str, Any] = {}
    for field in ENTRY_FIELDS:
        cell: Cell = getattr(record, field)
        reading = _read(field, cell, indicator, period_end)
        if isinstance(reading, Reading) and not _says(cell, reading.value):
            typed[field], steps[field], values[field] = cell, reading.steps, reading.value
    return Normalised(replace(record, **values) if values else record, typed, steps)


def _read(
    field: str, cell: Cell, indicator: Indicator, period_end: date
) -> Reading | Refusal | None:
    if field == "deadline" and isinstance(cell, (int, float)) and not isinstance(cell, bool):
        return parse_date(text(cell), period_end)
    if field == "value" and indicator.kind.is_choice and isinstance(cell, bool):
        return parse_choice(str(cell))
    if not isinstance(cell, str) or isinstance(cell, ErrorCell) or blank(cell):
        return None
    if unseen(cell):
        return Reading(None, (Step.BLANK,))
    return _read_text(field, cell, indicator, period_end)


def _read_text(
    field: str, typed: str, indicator: Indicator, period_end: date
) -> Reading | Refusal | None:
    """What a text means in a field of this indicator; None where any text is welcome."""
    if field == "deadline":
        return parse_date(typed, period_end)
    if field == "narrative" and indicator.kind.is_text:
        return _read_narrative(typed)
    numbers = indicator.kind.numbers
    if field in numbers and visible(typed) == NOT_APPLICABLE:
        return Reading(NOT_APPLICABLE, (Step.SPACES,))
    if field in numbers:
        return parse_number(typed, indicator.measure)
    if field == "value" and indicator.kind.is_ratio:
        return parse_percent(typed)
    if field == "value" and indicator.kind.is_choice:
        return parse_choice(typed)
    return None


def _read_narrative(typed: str) -> Reading | None:
    """不适用 is seen only where a text starts with it, as the spreadsheet's formula sees it."""
    plain = visible(typed)
    if plain.startswith(NOT_APPLICABLE) and not text(typed).startswith(NOT_APPLICABLE):
        return Reading(plain, (Step.SPACES,))
    return None


def _says(cell: Cell, value: Cell) -> bool:
    """Whether a text says a choice already, but for spaces that a spreadsheet trims too."""
    return isinstance(value, str) and isinstance(cell, str) and text(cell) == value
