"""What many pages have: rows of tiles, headings, sections, and sheets of one listing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import NamedTuple

from xl_fzzf.office.heights import fitting_height, height, lines_needed
from xl_fzzf.office.tables import Column, Columns
from xl_fzzf.sheets.page import (
    AnyStyle,
    Band,
    Block,
    Condition,
    Extent,
    Filling,
    Link,
    Listing,
    Page,
    Paper,
    Styled,
    Tile,
    styled,
)
from xl_fzzf.sheets.spec import HEADER_ROW, OVERVIEW
from xl_fzzf.sheets.styles import LINK, STYLES, Style

_LINK_WIDTH = 9
"""A first column of a smaller width has no room for the way back."""

LISTED = Paper(rows=(HEADER_ROW - 1, HEADER_ROW - 1))
UPRIGHT = Paper(portrait=True, rows=LISTED.rows)
"""Of a listing, whose header is repeated on every sheet of paper."""


def tiles(fillings: Iterable[Filling | Styled], style: AnyStyle, left: int = 0) -> list[Tile]:
    """Tiles beside one another, in this style where they have none of their own."""
    both = (styled(filling, style) for filling in fillings)
    return [Tile(at, *each) for at, each in enumerate(both, left)]


def across(extent: Extent, filling: Filling, style: AnyStyle, height: float | None = None) -> Band:
    """A band of one tile over these columns."""
    return Band((Tile(extent[0], filling, style, extent[1]),), height)


class BroadColumn(NamedTuple):
    """A column of a section's table: the columns of the page that it takes, its header and style."""

    left: int
    header: str
    style: AnyStyle = "text"
    right: int = 0


def section(
    title: str,
    last: int,
    columns: Sequence[BroadColumn] = (),
    lines: Sequence[Sequence[Filling | Styled]] = (),
    header_height: float | None = None,
) -> list[Band]:
    """A heading up to the last column, and below it a table, whose header is left out without lines."""
    bands = [across((0, last), title, "section", 26)]
    if lines and any(column.header for column in columns):
        headers = [Tile(column.left, column.header, "header", column.right) for column in columns]
        bands.append(Band(headers, header_height))
    return bands + [Band(list(map(_tile, columns, line)), "fit") for line in lines]


def _tile(column: BroadColumn, filling: Filling | Styled) -> Tile:
    filling, style = styled(filling, column.style)
    return Tile(column.left, filling, style, column.right)


def way_back(style: AnyStyle, right: int = 0) -> Tile:
    """The way back to 总览, which begins the second row of a page."""
    return Tile(0, Link(OVERVIEW, "A1", "← 总览"), style, right)


def list_page(
    name: str,
    note: str,
    listing: Listing,
    more: Sequence[Block] = (),
    paper: Paper = LISTED,
) -> Page:
    """A sheet of one listing below its title and a note."""
    styles = [(column.width, list_style(column)) for column in listing.columns]
    printed = listing.columns[: paper.area[1] + 1] if paper.area else listing.columns
    blocks = *heading(name, printed, note), listing, *more
    return Page(name, styles, blocks, paper=paper, freeze=(HEADER_ROW, listing.frozen))


def all_but_last(listing: Listing, count: int) -> Paper:
    """Of a sheet of one listing: what its last columns say is for the screen and for machines."""
    return replace(
        LISTED, area=(HEADER_ROW + len(listing.lines) - 1, len(listing.columns) - 1 - count)
    )


def list_style(column: Column, upright: str = "vcenter") -> Style:
    """How a list's column looks: dates and codes in the middle, texts to the left."""
    own: dict[str, Style] = {
        "place": LINK,
        "waiver": {"locked": False},
    }
    return {
        **STYLES["plain"],
        **own.get(column.field, {}),
        "text_wrap": True,
        "valign": upright,
        "align": "left" if column.width > 12 else "center",
        "num_format": column.number_format,
    }


def heading(title: str, columns: Columns, note: str) -> tuple[Band, Band]:
    """A title, and below it the way back to 总览 beside a note over the other columns."""
    left = 1 if columns[0].width >= _LINK_WIDTH else 2
    width = sum(column.width for column in columns[left:])
    both = way_back("link", left - 1), Tile(left, note, "note", len(columns) - 1)
    below = Band(both, max(fitting_height([(note, width)]), 22))
    return Band([Tile(0, title, "title")], 32), below


GUIDE_WIDTH = 104
"""Of a page: a single column that is wider is not made smaller in print by LibreOffice."""


def guide(title: str, plan: str, steps: Iterable[str], right: int = 0) -> list[Band]:
    """How a round goes, step by step, over the columns up to this one."""
    wrapped = {**STYLES["plain"], "text_wrap": True, "font_size": 12}
    return [
        Band([Tile(0, title, "title")], 34),
        Band([Tile(0, plan, "subtitle")]),
        Band(),
        Band([Tile(0, "怎么用", "section")]),
        *(
            across((0, right), step, wrapped, height(lines_needed(step, GUIDE_WIDTH, 12)) + 4)
            for step in steps
        ),
    ]


def equals(word: str, style: AnyStyle) -> Condition:
    """Cells that hold the word have this style."""
    return {"type": "cell", "criteria": "==", "value": f'"{word}"', "format": style}
