"""Shells: new workbooks with everything but their rows, written by XlsxWriter.

Formats, conditional formats, print set-up and swatches are declared here once; rows are then
written through `FileBook`, so that a new workbook and an edited one come about in the same way.
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from xl_fzzf.model.status import Status
from xl_fzzf.office.book import SWATCH_COLUMN, Formula
from xl_fzzf.office.references import column_letter, link
from xl_fzzf.office.tables import Column, Columns, letter_of
from xl_fzzf.sheets import spec as layout
from xl_fzzf.sheets import styles
from xl_fzzf.sheets.spec import AREA_COLUMNS, LAST_ROW
from xl_fzzf.sheets.stamp import STAMP_KEYS

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

HEADER_ROW = 3
"""The header row of every table in a shell, from 1."""

_PROTECTION = {"format_columns": True, "format_rows": True, "autofilter": True, "sort": True}
_LEGEND = (
    ("entry_text", "黄色:请填写"),
    ("unused", "灰色:不用填"),
    ("text", "白色:自动生成"),
)
_CREATED = datetime(2019, 9, 9)


class Shell:
    """A workbook in the making: its styles, and the sheets that `add_*` functions put into it."""

    def __init__(self, title: str, protect: bool, printed: bool = False) -> None:
        import xlsxwriter

        self._buffer = io.BytesIO()
        self.book: Workbook = xlsxwriter.Workbook(
            self._buffer, {"strings_to_formulas": False, "strings_to_urls": False}
        )
        self.book.set_properties({"title": title, "created": _CREATED})
        self.book.set_size(28_000, 16_000)
        self.protect, self.printed = protect, printed
        self._formats: dict[str, Format] = {}

    def style(self, name: str) -> Format:
        """The named style as a format of this workbook."""
        if name not in self._formats:
            known = styles.STYLES.get(name) or styles.SUMMARY_STYLES[name]
            self._formats[name] = self.book.add_format(known)
        return self._formats[name]

    def format(self, properties: styles.Style) -> Format:
        """An unnamed format, for conditional formatting."""
        return self.book.add_format(properties)

    def link(self, sheet: str, cell: str, words: str) -> Formula:
        """A link to a cell of this workbook, in print to a place in the PDF."""
        return link(sheet, cell, words, self.printed)

    def sheet(self, name: str, tab: str = styles.NAVY) -> Worksheet:
        """A new sheet, set up for print: A4 landscape, one page wide, numbered pages."""
        sheet = self.book.add_worksheet(name)
        sheet.hide_gridlines(2)
        sheet.set_tab_color(tab)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.set_margins(left=0.4, right=0.4, top=0.6, bottom=0.6)
        sheet.center_horizontally()
        sheet.set_footer("&L&A&C第 &P 页 共 &N 页")
        if self.protect:
            sheet.protect("", _PROTECTION)
        return sheet

    def close(self) -> bytes:
        """The finished workbook's bytes."""
        self.book.close()
        return self._buffer.getvalue()


def add_area(shell: Shell, name: str) -> None:
    """An area sheet: title, legend, header, and the highlighting by 状态 and 校验提示."""
    sheet = shell.sheet(name, "#2E75B6")
    add_header(shell, sheet, name, AREA_COLUMNS, freeze=4)
    for cells, (style, words) in zip(("D2:D2", "E2:G2", "H2:I2"), _LEGEND, strict=True):
        if cells == "D2:D2":
            sheet.write_string("D2", words, shell.style(style))
        else:
            sheet.merge_range(cells, words, shell.style(style))
    for column, (word, look) in enumerate(styles.STATUS_STYLES.items(), 9):
        sheet.write_string(1, column, word, shell.format({**styles.STYLES["status"], **look}))
    highlight_words(shell, sheet, _letter("status"), dict(styles.STATUS_STYLES))
    first = HEADER_ROW + 1
    status = f"${_letter('status')}{first}"
    for left, right in (("unit", "previous"), ("hint", "hint")):
        sheet.conditional_format(
            f"{_letter(left)}{first}:{_letter(right)}{LAST_ROW}",
            {
                "type": "formula",
                "criteria": f'={status}="{Status.UNMET}"',
                "format": shell.format({"bg_color": "#FDE9E9", "font_color": "#7A0006"}),
            },
        )
    sheet.conditional_format(
        f"{_letter('numerator')}{first}:{_letter('value')}{LAST_ROW}",
        {
            "type": "formula",
            "criteria": f'={status}="{Status.INVALID}"',
            "format": shell.format(styles.STATUS_STYLES[Status.UNMET]),
        },
    )


def _letter(field: str) -> str:
    return letter_of(AREA_COLUMNS, field)


def add_header(
    shell: Shell, sheet: Worksheet, title: str, columns: Columns, freeze: int = 1
) -> None:
    """A sheet's title, the way back to 总览, the header row, widths, frozen panes and filter."""
    sheet.set_row(0, 32)
    sheet.set_row(1, 22)
    sheet.set_row(HEADER_ROW - 1, 34)
    sheet.write_string(0, 0, title, shell.style("title"))
    back = f'=HYPERLINK("#{layout.OVERVIEW}!A1","← 总览")'
    sheet.write_formula(1, 0, back, shell.style("back"), "← 总览")
    for index, column in enumerate(columns):
        sheet.set_column(index, index, column.width)
        sheet.write_string(HEADER_ROW - 1, index, column.header, shell.style("header"))
    sheet.freeze_panes(HEADER_ROW, freeze)
    sheet.repeat_rows(HEADER_ROW - 1)
    sheet.autofilter(HEADER_ROW - 1, 0, LAST_ROW - 1, len(columns) - 1)


def highlight_words(
    shell: Shell, sheet: Worksheet, letters: str, looks: Mapping[Any, styles.Style]
) -> None:
    """Conditional formats for a column (`N`) or columns (`B:AI`) whose cells hold given words."""
    left, _, right = letters.partition(":")
    for word, look in looks.items():
        sheet.conditional_format(
            f"{left}{HEADER_ROW + 1}:{right or left}{LAST_ROW}",
            {
                "type": "cell",
                "criteria": "==",
                "value": f'"{word}"',
                "format": shell.format(look),
            },
        )


def add_list(
    shell: Shell,
    name: str,
    title: str,
    columns: Columns,
    marked: str = "",
    looks: Mapping[Any, styles.Style] | None = None,
    entry: str = "",
) -> Worksheet:
    """A sheet with one table whose rows come and go: rules between rows by conditional format.

    `entry` is a column that staff fill in, where there is one.
    """
    sheet = shell.sheet(name, "#7F7F7F")
    add_header(shell, sheet, title, columns)
    for index, column in enumerate(columns):
        sheet.set_column(index, index, column.width, shell.format(list_style(column)))
    letter = letter_of(columns, marked) if marked else ""
    if looks:
        highlight_words(shell, sheet, letter, looks)
    for index, column in enumerate(columns):
        if column.field == entry:
            _open_waivers(shell, sheet, index, letter, list_style(column))
    rule_rows(shell, sheet, columns)
    return sheet


def _open_waivers(
    shell: Shell, sheet: Worksheet, index: int, severity: str, look: styles.Style
) -> None:
    """接受理由: to be filled in beside every 提醒, and yellow there."""
    sheet.set_column(index, index, 26, shell.format({**look, "locked": False}))
    first, letter = HEADER_ROW + 1, column_letter(index + 1)
    cells = f"{letter}{first}:{letter}{LAST_ROW}"
    yellow = {"bg_color": styles.YELLOW, "bottom": 1, "bottom_color": styles.LINE}
    sheet.conditional_format(
        cells,
        {
            "type": "formula",
            "criteria": f'=LEFT(${severity}{first},2)="提醒"',
            "format": shell.format(yellow),
        },
    )
    sheet.data_validation(
        cells,
        {
            "validate": "any",
            "input_title": "接受理由",
            "input_message": "“提醒”经核实没有问题的,写明理由,再汇总一次就不再提示;“错误”只能改正。",
        },
    )


def rule_rows(shell: Shell, sheet: Worksheet, columns: Columns) -> None:
    """Rules below a list's rows; to come last, as LibreOffice shows only the first that applies."""
    first, last = HEADER_ROW + 1, column_letter(len(columns))
    sheet.conditional_format(
        f"A{first}:{last}{LAST_ROW}",
        {
            "type": "formula",
            "criteria": f"=LEN($A{first})>0",
            "format": shell.format({"bottom": 1, "bottom_color": styles.LINE}),
        },
    )


def list_style(column: Column) -> styles.Style:
    """How a list's column looks: dates and codes in the middle, texts to the left."""
    link = {"font_color": "#0563C1", "underline": 1} if column.field == "place" else {}
    return {
        **styles.STYLES["plain"],
        **link,
        "text_wrap": True,
        "valign": "top",
        "align": "left" if column.width > 12 else "center",
        "num_format": column.number_format,
    }


def add_stamp(shell: Shell) -> None:
    """The hidden `_fzzf` sheet: the stamp's keys, the as-of date's name, and the swatches."""
    sheet = shell.book.add_worksheet(layout.STAMP)
    for row, key in enumerate(STAMP_KEYS):
        sheet.write_string(row, 0, key)
        if key in ("created", "as_of", "deadline"):
            sheet.write_blank(row, 1, None, shell.style("date"))
    row = STAMP_KEYS.index("as_of") + 1
    shell.book.define_name(layout.AS_OF_NAME, f"={layout.STAMP}!$B${row}")
    for row, name in enumerate(styles.STYLES):
        sheet.write_string(row, SWATCH_COLUMN - 1, name)
        sheet.write_blank(row, SWATCH_COLUMN, None, shell.style(name))
    if shell.protect:
        sheet.protect()
    sheet.very_hidden()
