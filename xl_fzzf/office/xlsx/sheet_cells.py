"""The rows of a worksheet's XML, patched cell by cell: what isn't overwritten stays, byte for byte.

Works on the text, as Excel, WPS, LibreOffice, XlsxWriter and openpyxl write it: no parser gives
back untouched elements as they were, or 60,000 cells in a tenth of a second.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from xl_fzzf.office.references import column_letter, column_number
from xl_fzzf.office.xlsx.cell_values import EMPTY
from xl_fzzf.office.xlsx.workbook_part import attributes

_VALUE = r"""\s*=\s*["']"""
_ROW = re.compile(rf"(<row(?=[\s/>])(?:(?=[^>]*?\sr{_VALUE}(\d+))|)[^>]*>)")
_CELL = re.compile(
    rf"(<c(?=[\s/>])(?:(?=[^>]*?\sr{_VALUE}([A-Z]+))|)(?:(?=[^>]*?\ss{_VALUE}(\d+))|)[^>]*>)"
)
_HEIGHT = re.compile(r"""\s(?:ht|customHeight)\s*=\s*["'][^"']*["']""")
_STYLE = re.compile(r"""\ss=["'](\d+)""")
_BY_HAND = re.compile(r"""\scustomHeight\s*=\s*["'](?:1|true)["']""")
_SPANS = re.compile(r"""\sspans\s*=\s*["'][^"']*["']""")


class Spot(NamedTuple):
    """One cell in the text: its tag starts at `tag`, its content reaches from `start` to `end`."""

    row: int
    column: int
    style: str | None
    tag: int
    start: int
    end: int


@dataclass(slots=True)
class Changes:
    """What is to be written to one sheet: tails and style ids by row and column, and the rest."""

    cells: dict[int, dict[int, str]] = field(default_factory=dict)
    styles: dict[int, dict[int, str]] = field(default_factory=dict)
    heights: dict[int, float] = field(default_factory=dict)
    validations: list[str] = field(default_factory=list)


def walk_cells(text: str, needle: re.Pattern[str] | None = None) -> Iterator[Spot]:
    """The cells of some rows in order; rows without the needle are left out."""
    rows = list(_ROW.finditer(text))
    ends = [row.start() for row in rows[1:]] + [len(text)]
    at = 0
    for row, end in zip(rows, ends, strict=False):
        at = int(row[2]) if row[2] else at + 1
        if needle is None or needle.search(text, row.end(), end):
            yield from _walk_row(text, at, row.end(), end)


def _walk_row(text: str, row: int, start: int, end: int) -> Iterator[Spot]:
    cells = list(_CELL.finditer(text, start, end))
    ends = [cell.start() for cell in cells[1:]] + [end]
    column = 0
    for cell, after in zip(cells, ends, strict=False):
        column = column_number(cell[2]) if cell[2] else column + 1
        empty = cell[1].endswith("/>")
        close = cell.end() if empty else text.find("</c>", cell.end(), after)
        yield Spot(row, column, cell[3], cell.start(), cell.end(), close)


def patched_rows(data: str, changes: Changes, columns: dict[int, str]) -> str:
    """The rows with the changes; `columns` holds the style ids of whole columns."""
    tokens: list[str] = _ROW.split(data)
    pieces = [tokens[0]]
    waiting = sorted(changes.cells, reverse=True)
    at = 0
    for tag, number, rest in zip(tokens[1::3], tokens[2::3], tokens[3::3], strict=True):
        at = int(number) if number else at + 1
        while waiting and waiting[-1] < at:
            pieces.append(_new_row(waiting.pop(), changes, columns))
        if waiting and waiting[-1] == at:
            pieces.append(_patched_row(waiting.pop(), tag, rest, changes, columns))
        else:
            pieces += (tag, rest)
    pieces += (_new_row(row, changes, columns) for row in reversed(waiting))
    return "".join(pieces)


def _new_row(row: int, changes: Changes, columns: dict[int, str]) -> str:
    cells = _new_cells(row, changes.cells[row], changes.styles.get(row, {}), columns)
    tag = _high(f'<row r="{row}">', changes.heights.get(row))
    return f"{tag}{''.join(cells.values())}</row>" if cells else ""


def _patched_row(row: int, tag: str, rest: str, changes: Changes, columns: dict[int, str]) -> str:
    tails, styles = changes.cells[row], changes.styles.get(row, {})
    tag = _high(tag, changes.heights.get(row))
    closed = tag.endswith("/>")
    body, _, after = ("", "", rest) if closed else rest.partition("</row>")
    swift = _replaced(row, body, tails, styles)
    if swift is not None and not closed:
        return f"{tag}{swift}</row>{after}"
    names, tokens, new = _patched_cells(row, body, tails, styles)
    cells = _new_cells(row, new, styles, columns, tag) if new else {}
    if cells:
        body = _merged(names, tokens, cells)
        tag = _SPANS.sub("", tag[:-2].rstrip() + ">" if closed else tag)
    elif closed:
        return tag + rest
    else:
        body = "".join(tokens)
    return f"{tag}{body}</row>{after}"


def _replaced(row: int, body: str, tails: dict[int, str], styles: dict[int, str]) -> str | None:
    """A row whose cells all exist and are written the usual way, `r` first; None if they aren't.

    Most rows are like that, and this takes a fifth of the time.
    """
    pieces: list[str] = []
    done = 0
    for column in sorted(tails):
        place = f"{column_letter(column)}{row}"
        start = body.find(f'<c r="{place}"', done)
        if start < 0:
            return None
        end = body.find(">", start) + 1
        style = styles.get(column)
        if style is None:
            kept = _STYLE.search(body, start, end)
            style = kept[1] if kept else None
        pieces += (body[done:start], _cell(place, style, tails[column]))
        done = end if body[end - 2] == "/" else body.find("</c>", end) + len("</c>")
    return "".join((*pieces, body[done:]))


def _high(tag: str, height: float | None) -> str:
    """A row's tag with a height that programs still adapt to the text; one set by hand stays."""
    if height is None or _BY_HAND.search(tag):
        return tag
    return _HEIGHT.sub("", tag).replace("<row", f'<row ht="{height:g}"', 1)


def _patched_cells(
    row: int, body: str, tails: dict[int, str], styles: dict[int, str]
) -> tuple[list[str], list[str], dict[int, str]]:
    """The cells' letters; a row's text before, and tag and rest of each; the tails without cell."""
    split: list[str] = _CELL.split(body)
    names, kept = split[2::4], split[3::4]
    if None in names:
        names = _named(names)
    del split[2::4], split[2::3]
    places = dict(zip(names, range(1, len(split), 2), strict=True))
    new = {}
    for column, tail in tails.items():
        name = column_letter(column)
        at = places.get(name)
        if at is None:
            new[column] = tail
            continue
        if split[at][-2] != "/":
            split[at + 1] = split[at + 1].partition("</c>")[2]
        split[at] = _cell(f"{name}{row}", styles.get(column, kept[at >> 1]), tail)
    return names, split, new


def _named(names: Sequence[str | None]) -> list[str]:
    """Letters for cells without a reference: each stands right of the one before."""
    column, named = 0, []
    for name in names:
        column = column_number(name) if name else column + 1
        named.append(column_letter(column))
    return named


def _new_cells(
    row: int, tails: dict[int, str], styles: dict[int, str], columns: dict[int, str], tag: str = ""
) -> dict[int, str]:
    """Cells that don't exist yet, by column; one without content or own style isn't needed."""
    row_style = _row_style(tag)
    return {
        column: _cell(
            f"{column_letter(column)}{row}",
            styles.get(column) or row_style or columns.get(column),
            tails[column],
        )
        for column in sorted(tails)
        if tails[column] != EMPTY or column in styles
    }


def _row_style(tag: str) -> str | None:
    row = attributes(tag)
    return row.get("s") if row.get("customFormat") in ("1", "true") else None


def _cell(place: str, style: str | None, tail: str) -> str:
    return f'<c r="{place}" s="{style}"{tail}' if style else f'<c r="{place}"{tail}'


def _merged(names: list[str], tokens: list[str], new: dict[int, str]) -> str:
    """A row's cells and the new ones in order; what follows the last cell stays last."""
    if not names:
        return "".join(new.values()) + tokens[0]
    end = tokens.pop()
    if not tokens[-1].endswith(("/>", "</c>")):
        content, close, end = end.partition("</c>")
        tokens[-1] += content + close
    tokens.append("")
    old = zip(names, tokens[1::2], tokens[2::2], strict=True)
    cells = [(column_number(name), tag + rest) for name, tag, rest in old] + list(new.items())
    cells.sort(key=lambda cell: cell[0])
    return tokens[0] + "".join(cell for _, cell in cells) + end
