"""Give a summary its imprint, in the stamp and on the cover, and read what another one comes to."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from xl_fzzf.model.imprint import short_imprint, state_sheets
from xl_fzzf.office.book_file import FileBook
from xl_fzzf.office.tables import Grid
from xl_fzzf.sheets.spec import COVER, IMPRINT, STAMP
from xl_fzzf.sheets.stamp import read_stamp, write_stamp

_KEY = "imprint"


def give_imprint(book: FileBook) -> None:
    """State in a finished summary what its sheets say, and print it short beside its label."""
    stated = find_imprint(read_stamp(book.read(STAMP)), book.sheet_names, book.read)
    write_stamp(book, {_KEY: stated})
    for row, cells in enumerate(book.read(COVER), 1):
        if IMPRINT in cells:
            book.write(COVER, row, cells.index(IMPRINT) + 2, [[short_imprint(stated)]])


def find_imprint(
    stamp: Mapping[str, str], sheets: Iterable[str], read: Callable[[str], Grid]
) -> str:
    """What a summary of this stamp would have to state, by its sheets as they are now."""
    own = short_imprint(stamp.get(_KEY, ""))

    def rows(sheet: str) -> Grid:
        grid = read(sheet)
        if sheet == COVER and own:
            grid = [[None if cell == own else cell for cell in row] for row in grid]
        return grid

    facts = {key: value for key, value in stamp.items() if key != _KEY}
    return state_sheets(((name, rows(name)) for name in sheets if name != STAMP), facts)


def shown_imprint(data: bytes) -> str:
    """The imprint of a summary that was made here, as it stands on its cover."""
    stamp = read_stamp(FileBook(Path(COVER), data).read(STAMP))
    return short_imprint(stamp.get(_KEY, ""))
