"""The hidden sheets: `_fzzf` says what a workbook is, `_fzzf_来源` where a master's values came from."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any, cast

from xl_fzzf.model.record import Cell, blank, text
from xl_fzzf.sheets.book import Book, Value
from xl_fzzf.sheets.layout import ORIGINS, STAMP
from xl_fzzf.sheets.tables import Grid

STAMP_KEYS = ("kind", "plan", "version", "period", "unit", "created", "as_of", "deadline")
SWATCH_COLUMN = 4
"""Where the swatches stand, from 0; their names are one column to the left."""

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
    for row in grid:
        if len(row) >= _ORIGIN_WIDTH and not blank(row[0]):
            unit, code, place, row_number, entries = row[:_ORIGIN_WIDTH]
            file, _, sheet = text(place).partition("\n")
            origins[text(unit), text(code)] = Origin(
                file, sheet, int(text(row_number) or 0), _decode(text(entries))
            )
    return origins


def write_origins(book: Book, origins: Origins, before: Origins) -> None:
    """Write the origins in place of those that stood there."""
    if origins == before:
        return
    rows: list[Sequence[Value]] = [
        (unit, code, f"{origin.file}\n{origin.sheet}", origin.row, _encode(origin.entries))
        for (unit, code), origin in sorted(origins.items())
    ]
    rows += [(None,) * _ORIGIN_WIDTH] * max(0, len(before) - len(rows))
    book.write(ORIGINS, 1, 1, rows)


def _plain(value: Cell) -> str:
    if isinstance(value, datetime):
        value = value.date()
    return value.isoformat() if isinstance(value, date) else text(value)


def _encode(entries: Iterable[Cell]) -> str:
    return json.dumps([_encoded(entry) for entry in entries], ensure_ascii=False)


def _encoded(entry: Cell) -> Any:
    return {"date": entry.isoformat()} if isinstance(entry, date) else entry


def _decode(entries: str) -> tuple[Cell, ...]:
    return tuple(_decoded(item) for item in json.loads(entries))


def _decoded(item: Any) -> Cell:
    if not isinstance(item, dict):
        return cast(Cell, item)
    moment = datetime.fromisoformat(item["date"])
    return moment.date() if moment.time() == time() else moment
