"""A sheet's rows as every reader takes them alike, before calamine gets them.

Of odd but legal XML one reader takes the first value, another the last, a third none; so such a file
is refused rather than read as one of them would (ECMA-376 part 1, 18.3.1.4 and 18.3.1.73).
"""

from __future__ import annotations

import re

_HIDDEN = re.compile(r"<[!?]|</?\w+:")
"""Comments, CDATA and instructions in rows, and elements of another namespace."""

_ATTRIBUTES = re.compile(r"<(?:c|row)\s[^<>]*(?:\s=|=\s)")
_TWO_VALUES = re.compile(r"</(?:v|is)>\s*<(?:v|is)[\s>]|<v[\s/][^>]*/>\s*<(?:v|is)[\s>]")
_REFERENCE = re.compile(
    r"""<c(?![^<>]*?\st=["']str["'])[^<>]*(?<!/)>(?:<f[^<]*</f>)?<v[^>]*>[^<]*&"""
)
_INDEX = re.compile(r"""<c[^<>]*?\st=["']s["'][^<>]*>\s*<v[^>]*>(?!\d+</v>)""")
_UNTYPED = re.compile(
    r"""<c(?![^<>]*?\st=["']inlineStr["'])[^<>]*(?<!/)>\s*<is[\s>]"""
    r"""|<c[^<>]*?\st=["']inlineStr["'][^<>]*(?<!/)>\s*<v[\s>]"""
)
_ODD = (_HIDDEN, _ATTRIBUTES, _TWO_VALUES, _REFERENCE, _INDEX, _UNTYPED)

_CELLS = re.compile(r"""<c\s[^<>]*?\br=["']([A-Z]+\d+)["']""")
_ROWS = re.compile(r"""<row\s[^<>]*?\br=["'](\d+)["']""")

_UNREAD = re.compile(
    rb"<dimension\s[^>]*>(?:</dimension>)?|<mergeCells[\s>].*?</mergeCells>", re.DOTALL
)
_LATE_ERROR = re.compile(
    rb"""(<c[^<>]*?\st=["']e["'][^<>]*>(?:<f[^<]*(?:</f>|/>))?\s*<v>)"""
    rb"(?!#(?:DIV/0!|N/A|NAME\?|NULL!|NUM!|REF!|VALUE!)</v>)[^<]*"
)


def ambiguous(text: str) -> bool:
    """Whether readers may differ over what stands in the rows of a sheet."""
    rows = text[text.find("<sheetData") : text.rfind("</sheetData>")]
    if rows.count("<sheetData") > 1 or any(odd.search(rows) for odd in _ODD):
        return True
    return any(
        len(found) > len(set(found)) for found in (_CELLS.findall(rows), _ROWS.findall(rows))
    )


def for_calamine(sheet: bytes) -> bytes:
    """A sheet's part without what calamine stumbles over and need not know.

    That are extents that lie or name whole columns, and errors newer than Excel 2007 (#SPILL!),
    which our own look reads as they stand.
    """
    return _LATE_ERROR.sub(rb"\1#VALUE!", _UNREAD.sub(b"", sheet))
