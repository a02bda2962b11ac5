"""Row heights for wrapped text: LibreOffice and previews don't fit rows to their text by themselves."""

from __future__ import annotations

import math
from collections.abc import Iterable

_LINE, _MARGIN, _LEAST, _MOST = 14.5, 5.0, 20.0, 400.0


def fitting_height(cells: Iterable[tuple[str, float]]) -> float:
    """The height in points in which wrapped texts fit columns of these widths in characters."""
    lines = 1
    for text, width in cells:
        if 2 * len(text) >= width or "\n" in text:
            lines = max(lines, _lines(text, width))
    return min(max(lines * _LINE + _MARGIN, _LEAST), _MOST)


def _lines(text: str, width: float) -> int:
    # GBK takes two bytes for a Chinese character, which is as wide as two Latin ones.
    parts = text.encode("gbk", "replace").split(b"\n")
    return sum(max(1, math.ceil(len(part) / (width - 1))) for part in parts)
