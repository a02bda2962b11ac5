"""Excel's part without Excel: xlwings' own remote engine, and what its recorded actions come to.

The engine is the one that xlwings runs for Excel in a browser. Its actions are done to a workbook
by openpyxl, as the client in Excel does them; an action that nobody thought of fails the test.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import openpyxl
import xlwings as xw
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

ERRORS = frozenset({"#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!"})
_LIKE_AN_ESCAPE = re.compile("_(?=x[0-9A-Fa-f]{4}_)")
UNTOUCHED = frozenset({"save", "setScreenUpdating", "setCalculation", "alert"})
"""Actions that change no cell."""


class Place(NamedTuple):
    """Where the user is: the sheet's name and the selected cells."""

    sheet: str
    selection: str


def open_in_excel(path: Path, selection: str = "A1") -> xw.Book:
    """A workbook file as the remote engine has it open: the sheets' names, and where the user is."""
    names = openpyxl.load_workbook(path, read_only=True).sheetnames
    sheets = [{"name": n, "values": [[]], "tables": [], "pictures": []} for n in names]
    place = {"active_sheet_index": 0, "selection": selection, "calculation": "Automatic"}
    book = {"name": str(path), **place}
    json = {"version": xw.__version__, "client": "Office.js", "book": book}
    return xw.Book(json={**json, "names": [], "sheets": sheets})


def actions(book: xw.Book, func: str) -> list[dict[str, Any]]:
    """The recorded actions of one kind."""
    return [action for action in book.json()["actions"] if action["func"] == func]


def alerts(book: xw.Book) -> list[str]:
    """What the user was told."""
    return [action["args"][0] for action in actions(book, "alert")]


def do_actions(book: xw.Book, path: Path, copy: Path) -> Place:
    """Do what was recorded to a copy of the file; returns where the user is afterwards."""
    workbook = openpyxl.load_workbook(path)
    sheets = workbook.worksheets
    place = Place(sheets[0].title, "A1")
    for action in book.json()["actions"]:
        func, args = action["func"], action["args"]
        if func in UNTOUCHED:
            continue
        if func == "activateSheet":
            place = Place(sheets[args[0]].title, place.selection)
            continue
        sheet = sheets[action["sheet_position"]]
        if func == "rangeSelect":
            place = Place(sheet.title, _address(action))
        elif func == "setValues":
            _set_values(sheet, action)
        elif func == "copyFromRange":
            _copy_formats(sheets[args[0]], sheet, action)
        elif func == "setDataValidationList":
            _restrict(sheet, action, "list", None, f'"{",".join(args[0]["values"])}"')
        elif func == "setDataValidationRule":
            rule = args[0]
            _restrict(sheet, action, rule["type"], rule["operator"], rule["formula1"][1:])
        else:
            raise AssertionError(f"nobody thought of {func}")
    workbook.save(copy)
    return place


def _set_values(sheet: Worksheet, action: dict[str, Any]) -> None:
    values = action["values"]
    assert (len(values), len(values[0])) == (action["row_count"], action["column_count"])
    columns = _column_styles(sheet)
    for row, line in enumerate(values, action["start_row"] + 1):
        for column, value in enumerate(line, action["start_column"] + 1):
            assert isinstance(value, (str, float, bool)), "null is not the same to every Excel"
            if (row, column) in sheet._cells or value != "":
                new = (row, column) not in sheet._cells
                cell: Any = sheet.cell(row, column)
                if new and column in columns:
                    cell._style = columns[column]
                _type(cell, value)


def _type(cell: Any, value: str | float | bool) -> None:
    if value == "":
        cell.value = None
    elif isinstance(value, str) and value.startswith("'"):
        # Excel saves such an underscore as what it is, which openpyxl does not
        cell.value, cell.data_type = _LIKE_AN_ESCAPE.sub("_x005F_", value[1:]), "s"
    else:
        cell.value = value


def _column_styles(sheet: Worksheet) -> dict[int, Any]:
    """What a new cell looks like, by column."""
    styles = {}
    dimensions: Any = sheet.column_dimensions.values()
    for dimension in dimensions:
        for column in range(dimension.min, dimension.max + 1) if dimension.min else ():
            styles[column] = dimension._style
    return styles


def _copy_formats(source: Worksheet, target: Worksheet, action: dict[str, Any]) -> None:
    _, address, kind, *_ = action["args"]
    assert kind == "formats"
    swatch = source[address.replace("$", "")]
    for row, column in _cells(action):
        cell: Any = target.cell(row, column)
        cell._style = swatch._style


def _restrict(
    sheet: Worksheet, action: dict[str, Any], kind: str, operator: str | None, formula: str
) -> None:
    words = {"greater_than_or_equal": "greaterThanOrEqual", None: None}
    made: Any = DataValidation
    rule = made(type=kind, operator=words[operator], formula1=formula)
    rule.add(_address(action))
    sheet.add_data_validation(rule)


def _address(action: dict[str, Any]) -> str:
    first, *_, last = [*_cells(action), *_cells(action)]
    cells = [f"{get_column_letter(column)}{row}" for row, column in (first, last)]
    return ":".join(dict.fromkeys(cells))


def _cells(action: dict[str, Any]) -> Iterator[tuple[int, int]]:
    top, left = action["start_row"] + 1, action["start_column"] + 1
    for row in range(top, top + action["row_count"]):
        for column in range(left, left + action["column_count"]):
            yield row, column


def cells_of(path: Path) -> dict[tuple[str, str], tuple[Any, ...]]:
    """Every cell that holds or shows anything: what is in it, and how it looks."""
    found, looks = {}, {}
    for sheet in openpyxl.load_workbook(path):
        for row in sheet.iter_rows():
            for cell in row:
                if cell.value is not None or cell.has_style:
                    style = cell.style_id
                    if style not in looks:
                        looks[style] = _look(cell)
                    found[sheet.title, cell.coordinate] = (cell.data_type, cell.value, looks[style])
    return found


def _look(cell: Any) -> str:
    parts = (cell.font, cell.fill, cell.border, cell.number_format, cell.alignment)
    return "".join(map(repr, (*parts, cell.protection.locked)))


def rules_of(path: Path) -> list[tuple[str, ...]]:
    """The data validation of each range, without its texts: sheet, place, operator, kind, formula."""
    rules = []
    for sheet in openpyxl.load_workbook(path):
        for rule in sheet.data_validations.dataValidation:
            words = (str(rule.operator), rule.type, rule.formula1)
            rules += [(sheet.title, cells, *words) for cells in str(rule.sqref).split()]
    return sorted(rules)
