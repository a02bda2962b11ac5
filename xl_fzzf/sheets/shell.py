"""A new workbook in the making, by XlsxWriter: its formats, its sheets' print set-up, its stamp.

Rows that come and go are written through `FileBook`, so that a new workbook and an edited one come
about in the same way.
"""

from __future__ import annotations

import io
from datetime import datetime
from typing import TYPE_CHECKING

from xl_fzzf.office.book import SWATCH_COLUMN, Formula
from xl_fzzf.office.references import link
from xl_fzzf.sheets import spec as layout
from xl_fzzf.sheets import styles
from xl_fzzf.sheets.stamp import STAMP_KEYS

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

_PROTECTION = {"format_columns": True, "format_rows": True, "autofilter": True, "sort": True}
_CREATED = datetime(2019, 9, 9)


class Shell:
    """A workbook in the making: its styles, and the sheets that are drawn into it."""

    def __init__(self, title: str, protect: bool = False, printed: bool = False) -> None:
        import xlsxwriter

        self._buffer = io.BytesIO()
        self.book: Workbook = xlsxwriter.Workbook(
            self._buffer,
            {
                "strings_to_formulas": False,
                "strings_to_urls": False,
                "default_format_properties": styles.MEASURE,
            },
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

    def link(self, sheet: str, cell: str, words: str | float) -> Formula:
        """A link to a cell of this workbook, in print to a place in the PDF."""
        return link(sheet, cell, words, self.printed)

    def sheet(self, name: str, tab: str) -> Worksheet:
        """A new sheet, set up for print: A4 landscape, one page wide, numbered pages."""
        sheet = self.book.add_worksheet(name)
        sheet.hide_gridlines(2)
        sheet.set_tab_color(tab)
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        sheet.set_margins(left=0.4, right=0.4, top=0.6, bottom=0.6)
        sheet.center_horizontally()
        sheet.set_footer("&L&A&C第 &P 页 共 &N 页", {"scale_with_doc": False})
        if self.protect:
            sheet.protect("", _PROTECTION)
        return sheet

    def add_stamp(self) -> None:
        """The hidden `_fzzf` sheet: the stamp's keys, the as-of date's name, and the swatches."""
        sheet = self.book.add_worksheet(layout.STAMP)
        for row, key in enumerate(STAMP_KEYS):
            sheet.write_string(row, 0, key)
            if key in ("created", "as_of", "deadline"):
                sheet.write_blank(row, 1, None, self.style("date"))
        row = STAMP_KEYS.index("as_of") + 1
        self.book.define_name(layout.AS_OF_NAME, f"={layout.STAMP}!$B${row}")
        for row, name in enumerate(styles.STYLES):
            sheet.write_string(row, SWATCH_COLUMN - 1, name)
            sheet.write_blank(row, SWATCH_COLUMN, None, self.style(name))
        if self.protect:
            sheet.protect()
        sheet.very_hidden()

    def close(self) -> bytes:
        """The finished workbook's bytes."""
        self.book.close()
        return self._buffer.getvalue()
