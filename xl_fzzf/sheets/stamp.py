"""The hidden `_fzzf` sheet: what a workbook is, and where the values in the master came from."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from xl_fzzf.model.record import Cell, blank, text
from xl_fzzf.sheets.book import Book, Value
from xl_fzzf.sheets.layout import STAMP
from xl_fzzf.sheets.tables import Grid

STAMP_KEYS = ("kind", "plan", "version", "period", "unit", "created", "as_of", "deadline")
SWATCH_COLUMN = 4
"""Where the swatches stand, from 0; their names are one column to the left."""

_ORIGIN_COLUMN = 7
_ORIGIN_WIDTH = 5


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a record's values came from, and the entries just as they were written."""

    file: str
    sheet: str
    row: int
    entries: tuple[Cell, ...]


Origins = dict[tuple[str, str], Origin]
"""By unit code and indicator code."""


def read_stamp(grid: Grid) -> dict[str, str]:
    """The stamp's keys and values as text (dates in ISO form); empty where there is no stamp."""
    stamp = {text(row[0]): _plain(row[1]) for row in grid if len(row) > 1 and not blank(row[0])}
    return {key: value for key, value in stamp.items() if key in STAMP_KEYS}


def write_stamp(book: Book, values: Mapping[str, Value]) -> None:
    """Write some of the stamp's keys."""
    for key, value in values.items():
        book.write(STAMP, STAMP_KEYS.index(key) + 1, 2, [[value]])


def read_origins(grid: Grid) -> Origins:
    """The origins that `write_origins` wrote."""
    origins: Origins = {}
    start = _ORIGIN_COLUMN - 1
    for row in grid:
        cells = row[start : start + _ORIGIN_WIDTH]
        if len(cells) == _ORIGIN_WIDTH and not blank(cells[0]):
            unit, code, place, row_number, entries = cells
            file, _, sheet = text(place).partition("\n")
            origins[text(unit), text(code)] = Origin(
                file, sheet, int(text(row_number) or 0), _decode(text(entries))
            )
    return origins


def write_origins(book: Book, origins: Origins, before: int) -> None:
    """Write the origins over the `before` rows that stood there."""
    rows: list[Sequence[Value]] = [
        (unit, code, f"{origin.file}\n{origin.sheet}", origin.row, _encode(origin.entries))
        for (unit, code), origin in sorted(origins.items())
    ]
    rows += [(None,) * _ORIGIN_WIDTH] * max(0, before - len(rows))
    if rows:
        book.write(STAMP, 1, _ORIGIN_COLUMN, rows)


def _plain(value: Cell) -> str:
    if isinstance(value, datetime):
        value = value.date()
    return value.isoformat() if isinstance(value, date) else text(value)


def _encode(entries: Iterable[Cell]) -> str:
    return json.dumps([_encoded(entry) for entry in entries], ensure_ascii=False)


def _encoded(entry: Cell) -> Any:
    return {"date": entry.isoformat()} if isinstance(entry, date) else entry


def _decode(entries: str) -> tuple[Cell, ...]:
    return tuple(
        datetime.fromisoformat(item["date"]) if isinstance(item, dict) else item
        for item in json.loads(entries)
    )
