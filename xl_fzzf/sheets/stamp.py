"""The hidden sheet `_fzzf`: what a workbook is, and the swatches of its styles."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from xl_fzzf.model.record import Cell, blank, text
from xl_fzzf.model.round import Round
from xl_fzzf.office.book import Book, Value
from xl_fzzf.office.tables import Grid
from xl_fzzf.sheets.spec import STAMP, VERSION

STAMP_KEYS = ("kind", "plan", "version", "period", "unit", "created", "as_of", "deadline")


def read_stamp(grid: Grid) -> dict[str, str]:
    """The stamp's keys and values as text (dates in ISO form); empty where there is no stamp."""
    stamp = {text(row[0]): _plain(row[1]) for row in grid if len(row) > 1 and not blank(row[0])}
    return {key: value for key, value in stamp.items() if key in STAMP_KEYS}


def write_stamp(book: Book, values: Mapping[str, Value]) -> None:
    """Write some of the stamp's keys."""
    for key, value in values.items():
        book.write(STAMP, STAMP_KEYS.index(key) + 1, 2, [[value]])


def write_summary_stamp(book: Book, kind: str, round_: Round, as_of: date, made: date) -> None:
    """Stamp a summary of this kind, a district's or a city's."""
    stamp: dict[str, Value] = {
        "kind": kind,
        "plan": round_.plan.name,
        "version": VERSION,
        "period": str(round_.settings.period),
        "unit": round_.plan.district,
        "created": made.isoformat(),
        "as_of": as_of,
        "deadline": round_.settings.deadline,
    }
    write_stamp(book, stamp)


def _plain(value: Cell) -> str:
    if isinstance(value, datetime):
        value = value.date()
    return value.isoformat() if isinstance(value, date) else text(value)
