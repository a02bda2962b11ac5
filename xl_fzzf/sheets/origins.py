"""The hidden sheet `_fzzf_来源`: where each record of a master came from. One row a unit."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from xl_fzzf.model.cell_json import decoded, encoded
from xl_fzzf.model.record import Cell, Key, blank, text
from xl_fzzf.model.run import Source
from xl_fzzf.office.book import Value
from xl_fzzf.office.book_file import FileBook
from xl_fzzf.sheets.spec import ORIGINS

_CHUNK = 16_000
"""Characters of JSON in a cell; the rest of a unit's goes into the cells to its right."""


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a record's values came from, and the entries just as they were written.

    `older` has, by field, the unit's older file whose entry stands because this one is blank there.
    """

    file: str
    sheet: str
    row: int
    entries: tuple[Cell, ...]
    older: Mapping[str, Source] = field(default_factory=dict)

    @property
    def carried(self) -> bool:
        """Whether it is no unit's file but the master of the year before, of which last year's value is."""
        return not self.sheet


Origins = dict[Key, Origin]
"""By unit code and indicator code."""


def read_origins(book: FileBook) -> Origins:
    """The origins that `write_origins` wrote."""
    origins: Origins = {}
    for unit, *chunks in book.read(ORIGINS) if ORIGINS in book.sheet_names else ():
        if blank(unit):
            continue
        for code, file, sheet, row, entries, older in json.loads("".join(map(text, chunks))):
            sources = {name: Source(*source) for name, source in older.items()}
            own = tuple(map(decoded, entries))
            origins[text(unit), code] = Origin(file, sheet, row, own, sources)
    return origins


def write_origins(book: FileBook, origins: Origins, before: Origins) -> None:
    """Write the origins in place of those that stood there."""
    if origins == before:
        return
    new, old = _chunks(origins), _chunks(before)
    width = 1 + max(map(len, (*new.values(), *old.values())), default=0)
    rows: list[list[Value]] = [[unit, *chunks] for unit, chunks in sorted(new.items())]
    rows += [[] for _ in range(len(old) - len(rows))]
    book.write(ORIGINS, 1, 1, [[*row, *[None] * (width - len(row))] for row in rows])


def _chunks(origins: Origins) -> Mapping[str, list[str]]:
    """The JSON of each unit's origins, in pieces that a cell can hold."""
    units: dict[str, list[Any]] = defaultdict(list)
    for (unit, code), origin in sorted(origins.items()):
        own = (origin.file, origin.sheet, origin.row, origin.entries, origin.older)
        units[unit].append([code, *own])
    chunks = {}
    for unit, rows in units.items():
        words = json.dumps(rows, ensure_ascii=False, default=encoded)
        chunks[unit] = [words[at : at + _CHUNK] for at in range(0, len(words), _CHUNK)]
    return chunks
