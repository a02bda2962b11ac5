"""Row heights for wrapped text: LibreOffice and previews don't fit rows to their text by themselves."""

from __future__ import annotations

import math
from collections.abc import Iterable

_LINE, _MARGIN, _LEAST, _MOST = 14.5, 5.0, 20.0, 400.0


def fitting_height(cells: Iterable[tuple[str, float]]) -> float:
    """The height in points in which wrapped texts fit columns of these widths in characters."""
    lines = max((_lines(text, width) for text, width in cells), default=1)
    return min(max(lines * _LINE + _MARGIN, _LEAST), _MOST)


def _lines(text: str, width: float) -> int:
    if 2 * len(text) <= width - 1 and "\n" not in text:
        return 1
    # GBK takes two bytes for a Chinese character, which is as wide as two Latin ones.
    size = len(text.encode("gbk", "replace"))
    if size <= width - 1 and "\n" not in text:
        return 1
    parts = text.split("\n")
    return sum(max(1, math.ceil(len(p.encode("gbk", "replace")) / (width - 1))) for p in parts)
