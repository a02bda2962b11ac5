"""Cells of a summary: text that stays text, and rows as high as their text needs."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from xl_fzzf.model.record import fit
from xl_fzzf.office.book import Formula, Value
from xl_fzzf.office.heights import height, line_height, lines_needed
from xl_fzzf.office.references import column_letter
from xl_fzzf.office.tables import Columns
from xl_fzzf.sheets.shell import (
    HEADER_ROW,
    Shell,
    add_header,
    highlight_words,
    list_style,
    rule_rows,
)
from xl_fzzf.sheets.spec import OVERVIEW
from xl_fzzf.sheets.styles import Style

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

_LINK_WIDTH = 9
_LONG = 16_000
_NO_XML = re.compile("[\ud800-\udfff\ufffe\uffff]")


def write(
    sheet: Worksheet, row: int, column: int, value: Value, style: Format | None = None
) -> None:
    """Write a value (row and column from 0); an empty one only where a style is to be seen."""
    if isinstance(value, str):
        sheet.write_string(row, column, plain(value), style)
    elif isinstance(value, Formula):
        sheet.write_formula(row, column, f"={value.text}", style, value.cached)
    elif isinstance(value, date):
        sheet.write_datetime(row, column, value, style)
    elif isinstance(value, (int, float)):
        sheet.write_number(row, column, value, style)
    elif style:
        sheet.write_blank(row, column, None, style)


def span(sheet: Worksheet, row: int, columns: tuple[int, int], value: Value, style: Format) -> None:
    """Write a value into a cell, or into cells of one row that become one."""
    if columns[0] < columns[1]:
        sheet.merge_range(row, columns[0], row, columns[1], "", style)
    write(sheet, row, columns[0], value, style)


def add_table(
    shell: Shell,
    name: str,
    columns: Columns,
    count: int,
    marks: Mapping[str, Mapping[Any, Style]] | None = None,
    freeze: int = 1,
) -> Worksheet:
    """A sheet with one table of `count` rows; `marks` highlights words, by column."""
    sheet = shell.sheet(name, "#7F7F7F")
    add_header(shell, sheet, name, columns)
    for place, column in enumerate(columns):
        look = {**list_style(column), "valign": "vcenter"}
        sheet.set_column(place, place, column.width, shell.format(look))
        if marks and column.field in marks:
            highlight_words(shell, sheet, column_letter(place + 1), marks[column.field])
    bound_table(sheet, columns, count, freeze)
    return sheet


def bound_table(sheet: Worksheet, columns: Columns, count: int, freeze: int) -> None:
    """Bound a table's filter to its rows, freeze its first columns, and let codes be texts."""
    first, last = HEADER_ROW, HEADER_ROW + max(count, 1)
    sheet.autofilter(first - 1, 0, last - 1, len(columns) - 1)
    sheet.freeze_panes(first, freeze)
    sheet.ignore_errors({"number_stored_as_text": f"A{first}:{column_letter(len(columns))}{last}"})


def put_note(shell: Shell, sheet: Worksheet, columns: Columns, words: str) -> None:
    """A remark between a table's title and its header, beside the way back to 总览."""
    left = 1 if columns[0].width >= _LINK_WIDTH else 2
    back = shell.link(OVERVIEW, "A1", "← 总览")
    span(sheet, 1, (0, left - 1), back, shell.style("link"))
    width = sum(column.width for column in columns[left:])
    sheet.set_row(1, max(height(lines_needed(words, width)), 22))
    span(sheet, 1, (left, len(columns) - 1), words, shell.style("note"))


def write_lines(
    shell: Shell, sheet: Worksheet, columns: Columns, lines: Iterable[Mapping[str, Value]]
) -> int:
    """Write a table's rows in its columns' formats, as high as they need; the row that follows."""
    row = HEADER_ROW
    for line in lines:
        for index, column in enumerate(columns):
            value = line.get(column.field)
            if value is not None:
                write(sheet, row, index, value)
        sheet.set_row(row, line_height(columns, line))
        row += 1
    rule_rows(shell, sheet, columns)
    return row


def plain(text: str) -> str:
    """A text as it must be handed to XlsxWriter, which takes <r>…</r> for markup of its own."""
    if len(text) > _LONG or not text.isprintable():
        text = _NO_XML.sub("\N{REPLACEMENT CHARACTER}", str(fit(text)))
    return f"{text} " if text.startswith("<r>") and text.endswith("</r>") else text
