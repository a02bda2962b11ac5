"""Headers of tables, as they are compared."""

from __future__ import annotations

import re
import unicodedata
from functools import cache

_UNSEEN = re.compile(r"[\s\u200b-\u200f\u2060\ufeff]+")
_REMARK = re.compile(r"(?<=.)\([^()]*\)$")


@cache
def fold_header(text: str) -> str:
    """A header as it is compared: half width, no white space, no mark or colon at its ends."""
    return _UNSEEN.sub("", unicodedata.normalize("NFKC", text)).strip("*:★")


def bare_header(header: str) -> str:
    """A folded header without a remark in brackets at its end: 完成值(次)."""
    return _REMARK.sub("", header)
