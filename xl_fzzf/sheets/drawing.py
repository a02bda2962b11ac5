"""The drawer: puts a page's blocks on a sheet of a new workbook, by XlsxWriter."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from xl_fzzf.model.record import fit
from xl_fzzf.office.book import Formula, Value
from xl_fzzf.office.book_file import FileBook
from xl_fzzf.office.heights import line_height
from xl_fzzf.office.references import column_letter, link, reference
from xl_fzzf.office.tables import place_of
from xl_fzzf.sheets.common_blocks import equals, tiles
from xl_fzzf.sheets.page import (
    AnyStyle,
    Band,
    Beside,
    Block,
    Bulk,
    Chart,
    Condition,
    Extent,
    Filling,
    Highlighted,
    Link,
    Listing,
    Page,
    Paper,
    Styled,
    Tile,
    Trend,
    shown,
)
from xl_fzzf.sheets.shell import Shell
from xl_fzzf.sheets.spec import LAST_ROW
from xl_fzzf.sheets.styles import HEADING, LINE, NAVY

if TYPE_CHECKING:
    from xlsxwriter.format import Format

_A4 = 9
_LAST_CHOICE = 2_000
"""Drop-downs of a table reach this row."""

_ENGINE = 191029
"""Of the newest Excel: one that finds an older number calculates anew."""

_LONG = 16_000
_NO_XML = re.compile("[\ud800-\udfff\ufffe\uffff]")
_TREND = {
    "type": "column",  # of lines LibreOffice prints a speck only
    "min": 0,
    "series_color": "#9DB7D5",
    "last_point": True,
    "last_color": NAVY,
}
_RULE = {"bottom": 1, "bottom_color": LINE}
_CHART_TITLE = {
    "name_font": {"name": HEADING, "size": 12, "bold": False, "color": NAVY},
    "overlay": False,
}


class Waiting(NamedTuple):
    """Many rows that go into the finished file, where that is twice as fast; `row` is from 0."""

    sheet: str
    row: int
    bulk: Bulk


def finish(shell: Shell, pages: Iterable[Page]) -> FileBook:
    """Draw the pages and the stamp, and put all rows into the finished workbook."""
    waiting = [item for page in pages for item in draw(shell, page)]
    shell.add_stamp()
    # all results stand in it: a program that calculated anew would ask whether to save what it read
    shell.book.set_calc_mode("auto", _ENGINE)
    shell.book.calc_on_load = False
    book = FileBook(Path("summary.xlsx"), shell.close(), calculates=False)
    for sheet, row, bulk in waiting:
        book.write(sheet, row + 1, 1, bulk.rows)
        book.set_heights(sheet, dict(enumerate(bulk.heights, row + 1)))
    return book


def draw(shell: Shell, page: Page) -> list[Waiting]:
    """Draw a page on a new sheet; returns the rows that are still to be written."""
    drawer = _Drawer(shell, page)
    drawer.set_up(page.paper)
    drawer.put_all(page.blocks, 0)
    return drawer.waiting


def write_bands(
    book: FileBook, sheet: str, bands: Sequence[Band], width: int, first: int = 1
) -> None:
    """Write bands into an open workbook from row `first` (from 1) on; the rest of a row is plain."""
    rows: list[list[Value]] = [[None] * width for _ in bands]
    styles: list[list[str | None]] = [["plain"] * width for _ in bands]
    for row, look, band in zip(rows, styles, bands, strict=True):
        for tile in band.tiles:
            filling, style = tile.filling, tile.style
            row[tile.left] = link(*filling) if isinstance(filling, Link) else shown(filling)
            look[tile.left] = style if isinstance(style, str) else None
    book.write(sheet, first, 1, rows, styles)
    heights = {row: band.height for row, band in enumerate(bands, first)}
    book.set_heights(
        sheet, {row: high for row, high in heights.items() if isinstance(high, int | float)}
    )


class _Drawer:
    """One sheet while it is drawn; every `put` says in which row the next block begins."""

    def __init__(self, shell: Shell, page: Page) -> None:
        self.shell, self.page = shell, page
        self.sheet = shell.sheet(page.name, page.tab)
        self.waiting: list[Waiting] = []

    def set_up(self, paper: Paper) -> None:
        """Set the columns' widths, the panes and the print set-up."""
        sheet = self.sheet
        for place, (width, style) in enumerate(self.page.columns):
            hidden = {"hidden": place < self.page.begins}
            sheet.set_column(place, place, width, self._format(style), hidden)
        sheet.set_zoom(self.page.zoom)
        if self.page.opens:
            sheet.activate()
        if self.page.freeze:
            sheet.freeze_panes(*self.page.freeze)
        if paper.portrait:
            sheet.set_portrait()
        sheet.set_paper(_A4)
        if paper.margins:
            sheet.set_margins(*paper.margins)
        if paper.one_page:
            sheet.fit_to_pages(1, 1)
        if paper.scale:  # Excel pays no heed to breaks on a sheet that is to fit a page
            sheet.set_print_scale(paper.scale)
            sheet.set_h_pagebreaks(list(paper.breaks))
            sheet.set_v_pagebreaks(list(paper.column_breaks))
        if not paper.numbered:
            sheet.set_footer("")
        if paper.area:
            sheet.print_area(0, 0, *paper.area)
        if not paper.printed:
            sheet.print_area(0, 199, 0, 199)  # a cell in which nobody writes
        if paper.rows:
            sheet.repeat_rows(*paper.rows)
        if paper.columns:
            sheet.repeat_columns(*paper.columns)

    def put_all(self, blocks: Iterable[Block], row: int) -> int:
        """Put blocks one below the other."""
        for block in blocks:
            row = self._put(block, row)
        return row

    def _put(self, block: Block, row: int) -> int:
        if isinstance(block, Band):
            return self._put_band(block, row)
        if isinstance(block, Beside):
            return max(self.put_all(stack, row) for stack in block.stacks)
        if isinstance(block, Highlighted):
            return self._put_highlighted(block, row)
        if isinstance(block, Listing):
            return self._put_listing(block, row)
        if isinstance(block, Bulk):
            return self._put_bulk(block, row)
        return self._put_chart(block, row)

    def _put_band(self, band: Band, row: int) -> int:
        if band.height or band.style:
            self.sheet.set_row(row, self.page.height(band), self._format(band.style))
        for tile in band.tiles:
            self._put_tile(tile, row)
        return row + 1

    def _put_tile(self, tile: Tile, row: int) -> None:
        (left, right), style = tile.extent, self._format(tile.style)
        if left < right or tile.down:
            self.sheet.merge_range(row, left, row + tile.down, right, "", style)
        self._write(row, left, tile.filling, style)

    def _put_highlighted(self, highlighted: Highlighted, row: int) -> int:
        end = self.put_all(highlighted.blocks, row)
        for extent, condition in highlighted.conditions:
            self._highlight((row, end - 1), extent, condition)
        return end

    def _highlight(self, rows: Extent, columns: Extent, condition: Condition) -> None:
        own = dict(condition)
        if "format" in own:
            own["format"] = self._format(own["format"])
        self.sheet.conditional_format(rows[0], columns[0], rows[1], columns[1], own)

    def _put_listing(self, listing: Listing, row: int) -> int:
        headers = tiles([column.header for column in listing.columns], "header")
        first = self._put_band(Band(headers, listing.header_height), row)
        end = LAST_ROW if listing.open else first + max(len(listing.lines), 1)
        last = len(listing.columns) - 1
        self.sheet.autofilter(first - 1, 0, end - 1, last)
        self._bound(listing, first, end)
        if not listing.open:
            cells = f"A{first}:{column_letter(last + 1)}{end}"
            self.sheet.ignore_errors({"number_stored_as_text": cells})
        if listing.bulk:
            self._put_bulk(_bulk(listing), first)
        else:
            self.put_all(map(listing.band, listing.lines), first)
        return first + len(listing.lines)

    def _bound(self, listing: Listing, first: int, end: int) -> None:
        """Formats and validation of a listing whose lines go from row `first` to that before `end`."""
        columns = listing.columns
        for field, styles in listing.highlights.items():
            extent = place_of(columns, field), place_of(columns, field)
            for word, style in styles.items():
                self._highlight((first, LAST_ROW - 1), extent, equals(word, style))
        for left, right, condition in listing.conditions:
            extent = place_of(columns, left), place_of(columns, right)
            self._highlight((first, end - 1), extent, condition)
        for left, right, validation in listing.validations:
            last = _LAST_CHOICE if validation["validate"] == "list" else end
            places = place_of(columns, left), last - 1, place_of(columns, right)
            self.sheet.data_validation(first, *places, dict(validation))
        if listing.ruled:  # to come last, as LibreOffice shows only the first that applies
            filled = {"type": "formula", "criteria": f"=LEN($A{first + 1})>0", "format": _RULE}
            self._highlight((first, LAST_ROW - 1), (0, len(columns) - 1), filled)

    def _put_bulk(self, bulk: Bulk, row: int) -> int:
        self.waiting.append(Waiting(self.page.name, row, bulk))
        return row + len(bulk.rows)

    def _put_chart(self, chart: Chart, row: int) -> int:
        drawn = self.shell.book.add_chart(dict(chart.kind))
        for series in chart.series:
            drawn.add_series(dict(series))
        for name, options in chart.options.items():
            getattr(drawn, f"set_{name}")(dict(options))
        drawn.set_title({**_CHART_TITLE, "name": "—"})
        drawn.title.name = _plain(chart.title)  # which set_title takes for a cell if it looks so
        drawn.set_size(dict(zip(("width", "height"), chart.size, strict=True)))
        told = {"description": f"{chart.title}。数据在本页的表里。"}
        self.sheet.insert_chart(row, chart.left, drawn, told)
        return row

    def _format(self, style: AnyStyle | None) -> Format | None:
        if style is None:
            return None
        return (
            self.shell.style(style) if isinstance(style, str) else self.shell.book.add_format(style)
        )

    def _write(self, row: int, column: int, filling: Filling, style: Format | None) -> None:
        """Write into a cell; an empty one only where a style is to be seen."""
        sheet = self.sheet
        if isinstance(filling, Link):
            filling = self.shell.link(*filling)
        if isinstance(filling, Trend):
            self._put_trend(row, column, filling)
        elif isinstance(filling, str):
            sheet.write_string(row, column, _plain(filling), style)
        elif isinstance(filling, Formula):
            sheet.write_formula(row, column, f"={filling.text}", style, filling.cached)
        elif isinstance(filling, date):
            sheet.write_datetime(row, column, filling, style)
        elif isinstance(filling, (int, float)):
            sheet.write_number(row, column, filling, style)
        elif style:
            sheet.write_blank(row, column, None, style)

    def _put_trend(self, row: int, column: int, trend: Trend) -> None:
        first, last = column_letter(column - trend.cells + 1), column_letter(column)
        cells = reference(self.page.name, f"{first}{row + 1}:{last}{row + 1}")
        self.sheet.add_sparkline(row, column, {**_TREND, "range": cells, "max": trend.top})


def _bulk(listing: Listing) -> Bulk:
    """A listing's lines as rows, as high as their texts need."""
    fields = [column.field for column in listing.columns]
    rows = [[_fitting(line.get(field)) for field in fields] for line in listing.lines]
    heights = (line_height(listing.columns, line) for line in listing.lines if listing.ruled)
    return Bulk(rows, list(heights))


def _fitting(filling: Filling | Styled) -> Value:
    value = shown(filling)
    return fit(value) if isinstance(value, str) else value


def _plain(text: str) -> str:
    """A text as it must be handed to XlsxWriter, which takes <r>…</r> for markup of its own."""
    if len(text) > _LONG or not text.isprintable():
        text = _NO_XML.sub("\N{REPLACEMENT CHARACTER}", str(fit(text)))
    return f"{text} " if text.startswith("<r>") and text.endswith("</r>") else text
