"""The master on disk: a workbook that is edited in place and loses nothing that staff put there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from io import BytesIO
from pathlib import Path
from typing import NamedTuple

from python_calamine import CalamineError, CalamineWorkbook

from xl_fzzf.archive.storage import write_whole
from xl_fzzf.model.record import Cell
from xl_fzzf.office.book import KEEP, SWATCH_COLUMN, SWATCH_SHEET, Rows, Validation, fitted
from xl_fzzf.office.references import LAST_COLUMN, LAST_ROW
from xl_fzzf.office.tables import read_grid
from xl_fzzf.office.xlsx.cell_values import EMPTY, tail_of
from xl_fzzf.office.xlsx.comments import add_comments
from xl_fzzf.office.xlsx.package import BookError, Package
from xl_fzzf.office.xlsx.sheet_changes import Changes, patched, rule_of
from xl_fzzf.office.xlsx.sheet_part import SheetPart
from xl_fzzf.office.xlsx.workbook_part import (
    calculate_on_load,
    describe,
    sheet_parts,
    show_sheet,
    starts_in_1904,
)

MOST_CELLS = 5_000_000
"""From A1 to a sheet's last value: calamine keeps the whole rectangle in memory."""

Tails = dict[int, dict[int, str]]


class Swatch(NamedTuple):
    """A named style's cell on the `_fzzf` sheet: its row and the id of its format."""

    row: int
    style: str


class FileBook:
    """A workbook file; writes are kept until `save`, which patches each touched part once."""

    live = False
    """Whether the workbook is open in Excel, which holds the file itself."""

    def __init__(self, path: Path, data: bytes, calculates: bool = True) -> None:
        """`calculates` has the next program that opens it calculate it anew, once something changed."""
        self._calculates = calculates
        self.path = path
        """Where `save` writes to."""
        self._opened = data
        self._package = Package.open_workbook(data, path.name)
        self._parts = sheet_parts(self._package)
        self._from_1904 = starts_in_1904(self._package)
        self._divided: dict[str, SheetPart] = {}
        self._changes: dict[str, Changes] = {}
        self._reader: CalamineWorkbook | None = None
        self._changed = False
        self._read: dict[str, list[list[Cell]]] = {}

    @classmethod
    def open(cls, path: Path) -> FileBook:
        """Open a file; BookError if it can't be read or is no xlsx workbook."""
        try:
            data = path.read_bytes()
        except OSError as error:
            raise BookError(
                f"读不到“{path.name}”。请确认文件还在“{path.parent}”，并且您有权限打开它，然后再试。"
            ) from error
        return cls(path, data)

    @property
    def sheet_names(self) -> list[str]:
        """All sheets, hidden ones included, in order."""
        return list(self._parts)

    def read(self, sheet: str) -> list[list[Cell]]:
        """The sheet's values from A1 on, what was just written included; [] for a chart sheet.

        Rows are of equal length, failed formulas are `ErrorCell`s. The rows are kept for the next call: they are not the caller's to change.
        """
        if sheet in self._changes:
            self._apply([sheet])
        if sheet not in self._read:
            self._read[sheet] = self._values(sheet)
        return self._read[sheet]

    def part(self, sheet: str) -> SheetPart:
        """The sheet's XML, without what was written since the last read."""
        if sheet not in self._divided:
            self._divided[sheet] = SheetPart.of(self._package.text(self._parts[sheet]))
        return self._divided[sheet]

    def write(
        self,
        sheet: str,
        row: int,
        column: int,
        values: Rows,
        styles: Sequence[Sequence[str | None]] | None = None,
    ) -> None:
        """Record a rectangle from row, column (from 1) on.

        `styles` names, cell by cell, a swatch of the `_fzzf` sheet whose format the cell takes. Raises
        ValueError for what a cell can't hold and text can't stand for, KeyError for unknown names. A cell keeps its format, or has its row's or column's if it is new; "" is like None.
        """
        width = max(map(len, values), default=0)
        if min(row, column) < 1 or (
            row + len(values) > LAST_ROW + 1 or column + width > LAST_COLUMN + 1
        ):
            raise ValueError(f"no such rows or columns: {row}, {column}")
        tails = self._tails(row, column, fitted(values))
        formats = self._formats(row, column, styles, tails) if styles else {}
        changes = self._changes_of(sheet)
        for old, new in ((changes.cells, tails), (changes.styles, formats)):
            for at, cells in new.items():
                old.setdefault(at, {}).update(cells)

    def set_heights(self, sheet: str, heights: Mapping[int, float], fixed: bool = False) -> None:
        """Set the heights, in points, of rows that are written; unless `fixed` they still grow with their text."""
        by_hand = ' customHeight="1"' if fixed else ""
        rows = {row: f'ht="{height:g}"{by_hand}' for row, height in heights.items()}
        self._changes_of(sheet).heights.update(rows)

    def validate(self, sheet: str, validations: Sequence[Validation]) -> None:
        """Add data validation; the sheet's own stays."""
        rules = [rule_of(validation) for validation in validations]
        if rules:
            self._changes_of(sheet).validations += rules

    def add_comments(self, comments: Mapping[str, Mapping[str, str]]) -> None:
        """Add comments by sheet and cell, in place of those of an earlier check."""
        self._apply(list(self._changes))
        for sheet, part in self._parts.items():
            if part in self._package:
                add_comments(self._package, part, comments.get(sheet, {}))
        self._divided.clear()

    def open_on(self, sheet: str) -> None:
        """Have the workbook open on this sheet."""
        self._apply(list(self._changes))
        show_sheet(self._package, self._parts, sheet)
        self._divided.clear()

    def describe(self, author: str, made: str) -> None:
        """Say in a new workbook's properties who made it, and on which day (ISO)."""
        describe(self._package, author, made)

    def save(self) -> None:
        """Write the workbook whole, or leave the old one as it is (OSError).

        Raises BookError where someone else changed the file since it was opened.
        """
        if self.path.exists() and self.path.read_bytes() != self._opened:
            raise BookError(
                f"“{self.path.name}”在处理期间被别的程序改过，为了不丢内容没有写入。请再运行一次。"
            )
        self.save_as(self.path)

    def save_as(self, path: Path) -> None:
        """Save under another path, which becomes the book's own, as in Excel."""
        data = self.pack()
        write_whole(path, data)
        self._opened = data
        self.path = path

    def pack(self) -> bytes:
        """The workbook as `save` writes it."""
        self._apply(list(self._changes))
        if self._changed and self._calculates:
            calculate_on_load(self._package)
            self._changed = False
        return self._package.pack()

    def _tails(self, row: int, column: int, values: Rows) -> Tails:
        rows = (
            {
                at: EMPTY if value is None else tail_of(value, self._from_1904)
                for at, value in enumerate(line, column)
                if value is not KEEP
            }
            for line in values
        )
        return {at: cells for at, cells in enumerate(rows, row) if cells}

    def _formats(
        self, row: int, column: int, styles: Sequence[Sequence[str | None]], tails: Tails
    ) -> Tails:
        return {
            at: {
                place: self._swatches[name].style
                for place, name in enumerate(names, column)
                if name is not None and place in tails[at]
            }
            for at, names in enumerate(styles, row)
            if at in tails
        }

    def _changes_of(self, sheet: str) -> Changes:
        if sheet not in self._changes:
            if not self.part(sheet).is_worksheet:
                raise self._package.uncommon()
            self._changes[sheet] = Changes()
        return self._changes[sheet]

    def _apply(self, sheets: Iterable[str]) -> None:
        for sheet in sheets:
            text = patched(self.part(sheet), self._changes.pop(sheet))
            self._package.replace(self._parts[sheet], text)
            self._read.pop(sheet, None)
            self._divided.pop(sheet, None)
            self._reader = None
            self._changed = True

    def _values(self, sheet: str) -> list[list[Cell]]:
        part = self.part(sheet)
        if not part.is_worksheet:
            if "sheetData" in part.head:
                raise self._package.uncommon()
            return []
        if part.exceeds(MOST_CELLS):
            raise BookError(
                f"“{self._package.name}”的工作表“{sheet}”在离表格很远的地方有内容。"
                "请按 Ctrl+End 找到它，删除表格下方和右侧多余的行和列，保存后再试。"
            )
        try:
            if not self._reader:
                self._package.verify()
                self._reader = CalamineWorkbook.from_filelike(BytesIO(self._package.pack()))
            return read_grid(self._reader, sheet, part.errors())
        except CalamineError as error:
            raise self._package.damaged(self._parts[sheet]) from error

    @cached_property
    def _swatches(self) -> dict[str, Swatch]:
        styles = self.part(SWATCH_SHEET).empty_styles(SWATCH_COLUMN + 1)
        return {
            str(row[SWATCH_COLUMN - 1]): Swatch(at, styles[at])
            for at, row in enumerate(self.read(SWATCH_SHEET), 1)
            if at in styles and len(row) >= SWATCH_COLUMN and row[SWATCH_COLUMN - 1]
        }
