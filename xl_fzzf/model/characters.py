"""Characters that act instead of being read: on a screen, in a file name, in a letter."""

from __future__ import annotations

import re

HIDDEN = "\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufeff"
"""Controls that JSON does not escape by itself, line separators, direction marks and overrides, half
characters; as the inside of a character class."""

ACTIVE = f"\x00-\x1f{HIDDEN}"
"""All that act: with line breaks, tabs and a terminal's escapes."""

_ACTIVE = re.compile(f"[{ACTIVE}]+")


def one_line(text: str) -> str:
    """A text without line breaks, control characters or direction overrides."""
    return _ACTIVE.sub(" ", text).strip()
