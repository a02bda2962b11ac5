"""The hidden sheet `_fzzf`: what a workbook is, and the swatches of its styles."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime

from xl_fzzf.model.city import City
from xl_fzzf.model.plan import Unit
from xl_fzzf.model.record import Cell, blank, text
from xl_fzzf.model.round import Round, Standing
from xl_fzzf.office.book import Formula, Value
from xl_fzzf.office.book_file import FileBook
from xl_fzzf.office.tables import Grid
from xl_fzzf.sheets.spec import OVERVIEW, RETURN, STAMP, VERSION

STAMP_KEYS = (
    "kind",
    "plan",
    "version",
    "period",
    "unit",
    "created",
    "as_of",
    "deadline",
    "run",
    "imprint",
    "indicators",
    "signed",
)
_MARK_ROW = 3
"""The row of 总览 where a signed master says so."""

SIGNED_CELLS = {(OVERVIEW, f"A{_MARK_ROW}"), (STAMP, f"B{STAMP_KEYS.index('signed') + 1}")}
"""Where `write_mark` writes, by sheet and cell."""

_DAY_ZERO = date(1899, 12, 30)


def read_stamp(grid: Grid) -> dict[str, str]:
    """The stamp's keys and values as text (dates in ISO form); empty where there is no stamp."""
    stamp = {text(row[0]): _plain(row[1]) for row in grid if len(row) > 1 and not blank(row[0])}
    return {key: value for key, value in stamp.items() if key in STAMP_KEYS}


def stamp_of(book: FileBook) -> dict[str, str] | None:
    """The stamp of an open workbook; None where it has no sheet for one."""
    return read_stamp(book.read(STAMP)) if STAMP in book.sheet_names else None


def write_stamp(book: FileBook, values: Mapping[str, Value]) -> None:
    """Write some of the stamp's keys."""
    for key, value in values.items():
        book.write(STAMP, STAMP_KEYS.index(key) + 1, 2, [[value]])


def write_mark(book: FileBook, words: str) -> None:
    """Mark a master as signed, in 总览 and in its stamp, in these words; "" takes the mark away."""
    book.write(OVERVIEW, _MARK_ROW, 1, [[words or None]], [["signed" if words else "plain"]])
    write_stamp(book, {"signed": words or None})


def write_new_stamp(
    book: FileBook, kind: str, round_: Round, created: date | str, unit: str | None = None
) -> None:
    """Stamp a new workbook of this kind: for which plan, version and period, whose, and since when."""
    stamp: dict[str, Value] = {
        "kind": kind,
        "plan": round_.plan.name,
        "version": VERSION,
        "period": str(round_.settings.period),
        "unit": unit,
        "created": created,
    }
    write_stamp(book, {key: value for key, value in stamp.items() if value is not None})
    book.describe(round_.plan.coordinator, str(created))


def write_return_stamp(
    book: FileBook, round_: Round, unit: Unit, created: date, codes: Iterable[str]
) -> None:
    """Stamp a unit's return, which judges itself as of the day on which it is looked at.

    `codes` are the indicators that it asks for: what is asked later, it can't answer.
    """
    write_new_stamp(book, RETURN, round_, created, unit.code)
    as_of = Formula("TODAY()", (created - _DAY_ZERO).days)
    asked = "\n".join(codes)
    write_stamp(book, {"as_of": as_of, "deadline": round_.settings.deadline, "indicators": asked})


def write_summary_stamp(book: FileBook, kind: str, standing: Standing | City, made: date) -> None:
    """Stamp a summary of this kind, a district's or a city's."""
    round_, edition = standing.round, standing.edition
    write_new_stamp(book, kind, round_, made.isoformat(), round_.plan.district)
    signed = edition.words if edition.on else None
    more = {"as_of": standing.as_of, "deadline": round_.settings.deadline, "signed": signed}
    write_stamp(book, more)


def _plain(value: Cell) -> str:
    if isinstance(value, datetime):
        value = value.date()
    return value.isoformat() if isinstance(value, date) else text(value)
