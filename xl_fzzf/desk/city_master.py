"""The city's master as jobs see it."""

from __future__ import annotations

from pathlib import Path

from xl_fzzf.desk.master import Master, read_own_round
from xl_fzzf.desk.workspace import Workspace
from xl_fzzf.office.book import Book
from xl_fzzf.office.book_file import FileBook
from xl_fzzf.sheets import spec as layout
from xl_fzzf.sheets.stamp import stamp_of


def is_city(path: Path) -> bool:
    """Whether a master is a city's; BookError where the file can't be read."""
    return is_city_book(FileBook.open(path))


def is_city_book(book: Book) -> bool:
    """Whether an open workbook is a city's master."""
    if layout.ASSIGNMENTS in book.sheet_names:
        return False
    return (stamp_of(book) or {}).get("kind") == layout.CITY


def read_city_master(workspace: Workspace, book: FileBook) -> Master:
    """Read an open workbook as a city's master; raises JobError, PlanError or BookError."""
    stamp = stamp_of(book) or {}
    round_ = read_own_round(workspace, book, stamp, assigned=False)
    return Master(workspace, book, round_, stamp)
