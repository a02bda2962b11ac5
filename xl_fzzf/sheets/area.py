"""Area sheets, one for each area of a plan: rows read as records, in masters and returns."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import zip_longest
from operator import itemgetter

from xl_fzzf.model.errors import UserError
from xl_fzzf.model.plan import Plan
from xl_fzzf.model.record import ENTRY_FIELDS, Record, blank, text
from xl_fzzf.model.submission import Row, SheetContent
from xl_fzzf.office.book import Value
from xl_fzzf.office.book_file import FileBook
from xl_fzzf.office.references import column_number
from xl_fzzf.office.tables import Grid, Table, find_nearly, find_table
from xl_fzzf.sheets.spec import AREA_COLUMNS, area_sheet

AREA_KEYS = ("unit", "code")
_LASTING = ("text", "narrative", "evidence", "reason", "deadline")
_READ = ("unit", "code", "hint", "text", *ENTRY_FIELDS, "previous")
_NOTHING = frozenset({None, ""})
_DEPTH = 60
"""A table that lies on its side is looked for in this many rows and columns."""


class LayoutError(UserError):
    """A sheet of the master that can't be used as it is; the message says what to put right."""


def read_area(name: str, grid: Grid) -> SheetContent | None:
    """An area sheet as it stands; None where no row holds its headers, 单位 or 指标编号 among them."""
    table = find_nearly(grid, AREA_COLUMNS, AREA_KEYS, _LASTING)
    if table is None:
        turned = list(zip_longest(*(row[:_DEPTH] for row in grid[:_DEPTH])))
        lying = find_table(turned, AREA_COLUMNS, AREA_KEYS)
        return SheetContent(name, {}, transposed=True) if lying else None
    return SheetContent(
        name,
        table.letters,
        tuple(_read_rows(name, table)),
        table.missing,
        table.duplicated,
        answered=_count_entries(table),
    )


def _count_entries(table: Table) -> int:
    """The filled entry cells below the header, counted over the grid as it is."""
    places = [table.columns[field] - 1 for field in ENTRY_FIELDS if field in table.columns]
    return sum(
        row[place] is not None and not blank(row[place])
        for row in table.grid[table.header :]
        for place in places
        if place < len(row)
    )


def _read_rows(sheet: str, table: Table) -> Iterator[Row]:
    """The rows that hold anything of ours; a missing column reads as empty cells."""
    width = max(map(len, table.grid))
    places = [table.columns.get(field, width + 1) - 1 for field in _READ]
    pick = itemgetter(*places)
    for number, cells in enumerate(table.grid[table.header :], table.header + 1):
        unit, code, hint, label, *rest = pick([*cells, *(None,) * (width + 1 - len(cells))])
        if not _NOTHING.issuperset((unit, code, *rest)):
            record = Record("", "", *rest)
            record.sheet, record.row = sheet, number
            yield Row(text(unit), text(code), record, text(hint), text(label))


def read_areas(book: FileBook, plan: Plan) -> Iterator[SheetContent]:
    """The area sheets that the book has, in the plan's order; one that has lost its table is left out."""
    for sheet in map(area_sheet, plan.areas):
        content = read_area(sheet, book.read(sheet)) if sheet in book.sheet_names else None
        if content and (content.transposed or set(AREA_KEYS) <= content.letters.keys()):
            yield content


def write_entries(
    book: FileBook, content: SheetContent, row: int, entries: Mapping[str, Value]
) -> None:
    """Write entries, by field, into a row of an area sheet as it was read."""
    for field, entry in entries.items():
        book.write(content.name, row, column_number(content.letters[field]), [[entry]])
