"""Texts as the names of sheets and files, and numbers in Chinese."""

from __future__ import annotations

import re

from xl_fzzf.model.characters import ACTIVE

NUMERALS = "〇一二三四五六七八九十"

_NOT_IN_A_NAME = re.compile(rf'[\\/:*?"<>|{ACTIVE}]')
_EDGES = re.compile(r"^[\s.]+|[\s.]+$")
_MOST_CHARACTERS, _MOST_BYTES = 80, 180
"""Of a name: Windows counts a whole path, other systems hold 255 bytes, and more may follow."""


def numeral(number: int) -> str:
    """A number from 1 to 99 in Chinese."""
    tens, ones = divmod(number, 10)
    if not tens:
        return NUMERALS[ones]
    return f"{NUMERALS[tens] if tens > 1 else ''}十{NUMERALS[ones] if ones else ''}"


def safe_sheet_name(name: str) -> str:
    """A text as a sheet name: 31 characters at most, none of []:*?/\\, no apostrophe at the ends."""
    return re.sub(r"[\[\]:*?/\\]", " ", name)[:31].strip("' ") or "无名"


def safe_file_name(name: str) -> str:
    """A text as a file name on Windows and elsewhere: no path, no reserved name, nothing that acts."""
    plain = _EDGES.sub("", _NOT_IN_A_NAME.sub("_", name[:1000]))[:_MOST_CHARACTERS]
    plain = _EDGES.sub("", plain.encode()[:_MOST_BYTES].decode(errors="ignore"))
    reserved = re.fullmatch(r"(?i)(con|prn|aux|nul|com\d|lpt\d)(\..*)?", plain)
    return f"_{plain}" if reserved or not plain else plain
