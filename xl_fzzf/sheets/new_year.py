"""A new year in the driving sheets: which cells name the old year, and which of these move on with it."""

from __future__ import annotations

import re
from calendar import isleap
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from xl_fzzf.model.record import Cell, text
from xl_fzzf.office.book_file import FileBook
from xl_fzzf.office.tables import Table, find_table
from xl_fzzf.sheets import spec as layout
from xl_fzzf.sheets.settings_sheet import PLAN_SETTINGS, REPORTING_SETTINGS

_DUE = next(column for column in layout.INDICATOR_COLUMNS if column.field == "due")
_MOVING = frozenset(
    setting.key for setting in (*PLAN_SETTINGS, *REPORTING_SETTINGS) if setting.field != "period"
)
_NUMERALS = ("零一二三四五六七八九", "〇一二三四五六七八九", "○一二三四五六七八九")
_LEAP_DAY = (2, 29)


class Place(NamedTuple):
    """A cell of a driving sheet, by row and column from 1, and what people call it."""

    sheet: str
    row: int
    column: int
    what: str


@dataclass(frozen=True, slots=True)
class Moved:
    """A cell that moves on with the year: what it says, and what it will say."""

    place: Place
    before: Cell
    after: Cell


def find_moved(book: FileBook, year: int, to: int) -> list[Moved]:
    """The settings and the due dates that name a year, as they are in another."""
    cells = [*_settings(book), *_column(book, layout.INDICATORS, ("code", "due"), "due")]
    moved = ((place, cell, _in_year(cell, year, to)) for place, cell in cells)
    return [Moved(place, before, after) for place, before, after in moved if after != before]


def find_dated(book: FileBook, year: int) -> list[str]:
    """The tasks and indicators whose words name a year; they are the plan's own, and stay."""
    cells = [
        *_column(book, layout.TASKS, ("number", "text"), "text"),
        *_column(book, layout.INDICATORS, ("code", "text"), "text"),
    ]
    return [place.what for place, cell in cells if _in_year(cell, year, year + 1) != cell]


def write_moved(book: FileBook, moved: list[Moved]) -> None:
    """Write what the cells say in the new year."""
    for each in moved:
        book.write(each.place.sheet, each.place.row, each.place.column, [[each.after]])


def _in_year(cell: Cell, year: int, to: int) -> Cell:
    """A cell with a year in place of another, in digits or Chinese numerals; a date on the same day."""
    if isinstance(cell, date):
        if cell.year != year:
            return cell
        lost = (cell.month, cell.day) == _LEAP_DAY and not isleap(to)
        return date(to, cell.month, 28 if lost else cell.day)
    if isinstance(cell, (int, float)):
        return to if cell == year else cell
    words = re.sub(rf"(?<!\d){year}(?!\d)", str(to), text(cell), flags=re.ASCII)
    for numerals in _NUMERALS:
        words = words.replace(_spelt(year, numerals), _spelt(to, numerals))
    return words if words != text(cell) else cell


def _spelt(year: int, numerals: str) -> str:
    return "".join(numerals[int(digit)] for digit in str(year))


def _settings(book: FileBook) -> Iterator[tuple[Place, Cell]]:
    table = find_table(book.read(layout.SETTINGS), layout.SETTING_COLUMNS, ("key", "value"))
    for row, values in table.rows() if table else ():
        key = text(values["key"])
        if table and key in _MOVING:
            place = Place(layout.SETTINGS, row, table.columns["value"], f"“{layout.SETTINGS}”{key}")
            yield place, values["value"]


def _column(
    book: FileBook, sheet: str, keys: tuple[str, str], field: str
) -> Iterator[tuple[Place, Cell]]:
    """The cells of a column, each called by its row's number or code."""
    columns = layout.TASK_COLUMNS if sheet == layout.TASKS else layout.INDICATOR_COLUMNS
    table: Table | None = find_table(book.read(sheet), columns, keys)
    what = f"指标 %s 的{_DUE.header}" if field == _DUE.field else f"{sheet} %s"
    for row, values in table.rows() if table else ():
        if table:
            place = Place(sheet, row, table.columns[field], what % text(values[keys[0]]))
            yield place, values[field]
