"""Text that is struck through in an .xlsx: whole cells by their style, parts of them by their runs."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from html import unescape

from xl_fzzf.model.submission import strike
from xl_fzzf.office.references import Spot
from xl_fzzf.office.xlsx.sheet_part import SheetPart
from xl_fzzf.office.xlsx.workbook_part import attributes

MARK = "<strike"
"""Where this stands nowhere, nothing is struck."""

_STRUCK = re.compile(r"""<strike(?:\s*/>|\s*>|\s[^>]*?val\s*=\s*["'](?:1|true|on)["'])""")
_FONTS = re.compile(r"<fonts[\s>].*?</fonts>", re.DOTALL)
_FONT = re.compile(r"<font(?:\s[^>]*)?/>|<font(?:\s[^>]*)?>.*?</font>", re.DOTALL)
_CELL_STYLES = re.compile(r"<cellXfs[\s>].*?</cellXfs>", re.DOTALL)
_STYLE = re.compile(r"<xf\s[^>]*>")
_ITEM = re.compile(r"<si(?:\s[^>]*)?/>|<si(?:\s[^>]*)?>(.*?)</si>", re.DOTALL)
_RUN = re.compile(r"<r(?:\s[^>]*)?>(.*?)</r>", re.DOTALL)
_TEXT = re.compile(r"<t(?:\s[^>]*)?>([^<]*)</t>")
_SHARED = re.compile(r"""<c\s[^>]*?\bt\s*=\s*["']s["'][^>]*>\s*<v>\s*(\d+)\s*</v>""")


def struck_styles(styles: str) -> frozenset[str]:
    """The ids of the cell styles whose font is struck through."""
    if MARK not in styles:
        return frozenset()
    fonts = _FONT.findall(_block(_FONTS, styles))
    struck = {str(number) for number, font in enumerate(fonts) if _STRUCK.search(font)}
    tags = map(attributes, _STYLE.findall(_block(_CELL_STYLES, styles)))
    return frozenset(str(n) for n, tag in enumerate(tags) if tag.get("fontId", "0") in struck)


def struck_strings(shared: str) -> dict[int, str]:
    """The shared strings in which something is struck, by number, with that said in them."""
    if MARK not in shared:
        return {}
    items = (match[1] or "" for match in _ITEM.finditer(shared))
    said = ((number, _say(item)) for number, item in enumerate(items) if MARK in item)
    return {number: words for number, words in said if words}


def struck_parts(
    part: SheetPart, columns: Collection[int], strings: Mapping[int, str]
) -> Iterator[tuple[Spot, str]]:
    """The cells of some columns with a text in which something is struck."""
    if not strings and MARK not in part.rows:
        return
    for place in part.cells():
        if place.column in columns and place.end > place.start:
            cell = part.rows[place.tag : place.end]
            shared = _SHARED.match(cell)
            words = strings.get(int(shared[1]), "") if shared else _say(cell)
            if words:
                yield place.spot, words


def _say(runs: str) -> str:
    """A text in runs, what is struck in it marked; empty where nothing is."""
    parts = []
    for run in _RUN.findall(runs):
        words = unescape("".join(_TEXT.findall(run)))
        parts.append(strike(words) if _STRUCK.search(run) and words.strip() else words)
    text = "".join(parts)
    return text if len(text) > len(unescape("".join(_TEXT.findall(runs)))) else ""


def _block(pattern: re.Pattern[str], text: str) -> str:
    found = pattern.search(text)
    return found[0] if found else ""
