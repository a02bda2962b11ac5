"""Fill in rows of area sheets as they stand: a unit's entries, and what a check says of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from xl_fzzf.model.record import fit
from xl_fzzf.model.submission import SheetContent
from xl_fzzf.office.book import Book, Value
from xl_fzzf.office.references import column_number
from xl_fzzf.sheets.area import read_area
from xl_fzzf.sheets.spec import LISTS


def write_entries(
    book: Book, content: SheetContent, row: int, entries: Mapping[str, Value]
) -> None:
    """Write entries, by field, into a row of an area sheet as it was read."""
    for field, entry in entries.items():
        book.write(content.name, row, column_number(content.letters[field]), [[entry]])


def write_hints(book: Book, hint_of: Callable[[str], str]) -> dict[str, tuple[str, str]]:
    """Write 校验提示 beside every record, by indicator code; returns sheet and cell of each."""
    places: dict[str, tuple[str, str]] = {}
    for sheet in book.sheet_names:
        content = read_area(sheet, book.read(sheet)) if sheet not in LISTS else None
        if content is None or "hint" not in content.letters:
            continue
        for row in content.rows:
            write_entries(book, content, row.record.row, {"hint": fit(hint_of(row.code))})
            places[row.code] = (sheet, content.cell("code", row.record.row))
    return places
