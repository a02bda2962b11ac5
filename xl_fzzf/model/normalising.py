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
    is_none_word,
    parse_choice,
    parse_number,
    parse_percent,
    plain_text,
    says_nothing,
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


def excused(record: Record, indicator: Indicator, reason: str) -> Record:
    """The record of a unit that has nothing to report: 不适用 with its reason, unless it was answered."""
    kind = indicator.kind
    if not all(blank(getattr(record, field)) for field in kind.own_answers):
        return record
    entries: dict[str, Any] = dict.fromkeys(kind.values, NOT_APPLICABLE)
    if kind.is_text:
        entries["narrative"] = f"{NOT_APPLICABLE}：{reason}"
    elif blank(record.narrative):
        entries["narrative"] = reason
    return replace(record, **entries)


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
    """What a cell means in a field of this indicator; None where it is welcome as it is."""
    kind = indicator.kind
    if isinstance(cell, bool):
        return parse_choice(str(cell)) if field == "value" and kind.is_choice else None
    if field == "deadline" and isinstance(cell, (int, float)):
        return parse_date(text(cell), period_end)
    if not isinstance(cell, str) or isinstance(cell, ErrorCell) or blank(cell):
        return None
    if unseen(cell):
        return Reading(None, (Step.BLANK,))
    if field == "deadline":
        return parse_date(cell, period_end)
    if field == "narrative" and kind.is_text:
        return _read_narrative(cell)
    if field in kind.numbers:
        if visible(cell) == NOT_APPLICABLE:
            return Reading(NOT_APPLICABLE, (Step.SPACES,))
        return parse_number(cell, indicator.measure)
    if field == "value" and kind.is_ratio:
        return parse_percent(cell)
    return parse_choice(cell) if field == "value" and kind.is_choice else None


def _read_narrative(typed: str) -> Reading | None:
    """不适用, and a word for nothing, are read as the spreadsheet's formula can see them."""
    plain = visible(typed)
    if plain.startswith(NOT_APPLICABLE) and not text(typed).startswith(NOT_APPLICABLE):
        return Reading(plain, (Step.SPACES,))
    if is_none_word(typed) and not says_nothing(text(typed)):
        word, steps = plain_text(typed)
        return Reading(word, tuple(steps))
    return None


def _says(cell: Cell, value: Cell) -> bool:
    """Whether a text says a choice already."""
    return isinstance(value, str) and cell == value
