"""The master in a running Excel: read as Excel saved it, changed in Excel once the whole change is known."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence, Set
from contextlib import contextmanager
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

import xlwings as xw

from xl_fzzf.archive.storage import write_whole
from xl_fzzf.model.record import Cell, ErrorCell, same
from xl_fzzf.office.book import (
    KEEP,
    SWATCH_COLUMN,
    SWATCH_SHEET,
    Formula,
    Rows,
    Validation,
    Value,
    fitted,
)
from xl_fzzf.office.book_file import FileBook
from xl_fzzf.office.rectangles import Rectangle, covering_rectangles, even_rectangles
from xl_fzzf.office.references import Spot, column_letter
from xl_fzzf.office.xlsx.cell_values import serial
from xl_fzzf.office.xlsx.package import BookError

_FIGURES = r"\d〇零一二三四五六七八九十百千万亿元正"
_SURE = re.compile(rf"(?![{_FIGURES}])[\u4e00-\u9fff][^{_FIGURES}]*")
"""Texts that Excel takes for nothing else, in any language: Chinese words without a figure."""

_CONTROL = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


class LiveBook(FileBook):
    """A workbook open in Excel; opening saves it, as the state to go back to.

    Jobs work on the file that Excel saved, so that everything reads as from a file, and a job that
    fails has touched nothing. `save` then writes the changed cells into Excel, rectangle by rectangle.
    Row heights are Excel's own business: it fits rows to their text.
    """

    live = True

    def __init__(self, book: xw.Book, path: Path) -> None:
        self._book = book
        self._desktop = book.app.engine.type == "desktop"
        book.save()
        super().__init__(path, path.read_bytes())
        self._written: dict[str, dict[int, dict[int, Value]]] = {}
        self._styled: dict[str, dict[int, dict[int, str]]] = {}
        self._rules: dict[str, list[Validation]] = defaultdict(list)
        self._stood: dict[str, _Sheet] = {}

    def write(
        self,
        sheet: str,
        row: int,
        column: int,
        values: Rows,
        styles: Sequence[Sequence[str | None]] | None = None,
    ) -> None:
        """Record a rectangle for `save`; raises as FileBook does."""
        values = fitted(values)
        if sheet not in self._stood and sheet in self.sheet_names:
            self._stood[sheet] = _Sheet(self, sheet)
        super().write(sheet, row, column, values, styles)
        written = self._written.setdefault(sheet, defaultdict(dict))
        styled = self._styled.setdefault(sheet, defaultdict(dict))
        for at, line in enumerate(values, row):
            new = {place: v for place, v in enumerate(line, column) if v is not KEEP}
            written[at].update(new)
            names = enumerate(styles[at - row], column) if styles else ()
            styled[at].update({place: n for place, n in names if n is not None and place in new})

    def validate(self, sheet: str, validations: Sequence[Validation]) -> None:
        """Record data validation for `save`."""
        super().validate(sheet, validations)
        self._rules[sheet] += validations

    def save(self) -> None:
        """Write the changes into Excel and have it save; after a failure it is as it was opened."""
        try:
            with _undisturbed(self._book):
                self._dress()
                self._fill()
                self._restrict()
            self._book.save()
            if self._desktop:
                self.verify()
        except Exception:
            if self._desktop:
                self._book = _reopened(self._book, self.path, self._opened)
            raise

    def verify(self) -> None:
        """Raise BookError where the saved file does not hold what was written, cell for cell."""
        saved = FileBook.open(self.path)
        for sheet, rows in self._written.items():
            wanted, found = self.read(sheet), saved.read(sheet)
            for row, cells in rows.items():
                for column, value in cells.items():
                    meant, here = _at(wanted, row, column), _at(found, row, column)
                    if not isinstance(value, Formula) and not same(_shown(meant), _shown(here)):
                        place = f"{sheet}!{column_letter(column)}{row}"
                        raise BookError(
                            f"Excel 没有照原样保存“{place}”（应为“{value}”，存成了“{here}”），"
                            "台账已恢复到运行以前。请检查这一格的格式（不要设成“文本”），再运行一次"
                        )

    def _dress(self) -> None:
        """Give cells the formats of their swatches, where they look different yet."""
        for sheet, rows in self._styled.items():
            stood = self._stood[sheet].styles
            changed = {
                row: {
                    column: name
                    for column, name in names.items()
                    if stood.get((row, column)) != self._swatches[name].style
                }
                for row, names in rows.items()
            }
            for rectangle, name in even_rectangles(changed):
                place = self._swatches[name].row, SWATCH_COLUMN + 1
                swatch = self._book.sheets[SWATCH_SHEET].range(place)
                target = self._range(sheet, rectangle)
                if self._desktop:
                    _paste_format(swatch, target)
                else:
                    target.copy_from(swatch, copy_type="formats")

    def _fill(self) -> None:
        for sheet, rows in self._written.items():
            for rectangle in covering_rectangles(rows, self._stood[sheet].filled):
                self._range(sheet, rectangle).raw_value = [
                    [
                        self._typed(rows[row].get(column))
                        for column in range(rectangle.left, rectangle.right + 1)
                    ]
                    for row in range(rectangle.top, rectangle.bottom + 1)
                ]

    def _typed(self, value: Value) -> str | float | bool:
        """A value as it is typed into Excel: what would be taken for something else gets a `'`."""
        if value is None or value == "":
            return ""  # None means an empty cell to one Excel and an untouched one to another
        if isinstance(value, Formula):
            return f"={value.text}"
        if isinstance(value, ErrorCell):
            return str(value)
        if isinstance(value, str):
            text = value.replace("\0", "")  # Excel would take it for the end
            return text if _SURE.fullmatch(text) else f"'{text}"
        if isinstance(value, date):
            return float(serial(value, self._from_1904))
        assert isinstance(value, (bool, int, float))
        return value if isinstance(value, bool) else float(value)

    def _restrict(self) -> None:
        for sheet, rules in self._rules.items():
            for rule in rules:
                for cells in rule.ranges:
                    self._restrict_cells(sheet, rule, cells)

    def _restrict_cells(self, sheet: str, rule: Validation, cells: str) -> None:
        first, own = (place.partition(":")[0] for place in (rule.ranges[0], cells))
        formula = re.sub(rf"\b{first}\b", own, rule.formula)
        target = self._book.sheets[sheet].range(cells)
        if self._desktop:  # Excel takes a formula as seen from the active cell
            _select(target, own)
        if rule.kind == "list":
            target.data_validation.set_list(rule.formula.strip('"').split(","))
        elif rule.kind == "custom":
            target.data_validation.set_custom(f"={formula}")
        elif rule.kind == "date":
            target.data_validation.set_date("greater_than_or_equal", f"={formula}")
        if self._desktop:
            _prompt(target.data_validation.api, rule)

    def _range(self, sheet: str, rectangle: Rectangle) -> xw.Range:
        first, last = (rectangle.top, rectangle.left), (rectangle.bottom, rectangle.right)
        return self._book.sheets[sheet].range(first, last)


class _Sheet:
    """A sheet as it stood in the file."""

    def __init__(self, book: FileBook, sheet: str) -> None:
        self._grid, self._part = book.read(sheet), book.part(sheet)
        self._formulas = self._part.formulas()
        self._areas = self._part.formula_areas()

    @cached_property
    def styles(self) -> dict[Spot, str]:
        return self._part.styles()

    def filled(self, row: int) -> Set[int]:
        """The columns of the cells in a row that hold something, be it a formula that shows nothing."""
        cells = self._grid[row - 1] if row <= len(self._grid) else ()
        found = {column for column, cell in enumerate(cells, 1) if cell != "" and cell is not None}
        found |= self._formulas.get(row, frozenset())
        for top, left, bottom, right in self._areas:
            if top <= row <= bottom:
                found.update(range(left, right + 1))
        return found


def _shown(cell: Cell) -> Cell:
    """A text without the control characters, some of which Excel drops."""
    return _CONTROL.sub("", cell) if type(cell) is str else cell


def _at(grid: Sequence[Sequence[Cell]], row: int, column: int) -> Cell:
    return grid[row - 1][column - 1] if row <= len(grid) and column <= len(grid[0]) else None


@contextmanager
def _undisturbed(book: xw.Book) -> Iterator[None]:
    """Screen and calculation at rest, the user's place kept."""
    app = book.app
    selection, sheet, calculation = app.selection, book.sheets.active, app.calculation
    app.screen_updating, app.calculation = False, "manual"
    try:
        yield
    finally:
        app.calculation = calculation
        sheet.activate()
        if selection is not None:
            selection.select()
        app.screen_updating = True


# Excel on the desktop. Not yet run on Windows: docs/excel-checklist.md


def _paste_format(swatch: xw.Range, target: xw.Range) -> None:
    swatch.copy()
    target.paste(paste="formats")
    target.sheet.book.app.cut_copy_mode = False


def _select(target: xw.Range, first: str) -> None:
    """Make the first cell the active one, and clear the data validation of all."""
    target.sheet.activate()
    target.sheet.range(first).select()
    target.data_validation.delete()


def _prompt(validation: Any, rule: Validation) -> None:
    """The texts of a rule, which only Excel's own object takes."""
    if rule.kind == "any":
        validation.Add(Type=0)
    validation.InputTitle, validation.InputMessage = rule.title[:32], rule.prompt[:255]
    validation.ErrorTitle = rule.title[:32]
    validation.ErrorMessage = rule.error[:255]


def _reopened(book: xw.Book, path: Path, data: bytes) -> xw.Book:
    """Excel can't take back what a program wrote: close without saving, open what was saved."""
    app = book.app
    book.close()
    write_whole(path, data)
    return app.books.open(path)
