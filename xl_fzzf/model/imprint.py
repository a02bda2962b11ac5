"""The imprint (汇总表指纹) of a summary: a hash of what its sheets say, whatever program saved the file.

Stated in the stamp is one hash for each sheet, `hash name/hash name/…`; the hash of that text is the
imprint. Anyone can compute it: it proves a summary only beside the one that its sender names.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, time

from xl_fzzf.model.record import Cell

_SPACE = re.compile(r"\s+")
_GROUPS, _DIGITS = 4, 4


def state_sheets(
    sheets: Iterable[tuple[str, Sequence[Sequence[Cell]]]], facts: Mapping[str, str]
) -> str:
    """What is stated in the stamp: of sheets by name with their rows, and of the stamp's other facts."""
    lines = [f"{name}\x1f{value}" for name, value in facts.items() if value]
    stated = {"": _hash(lines), **{name: _hash(_lines(grid)) for name, grid in sheets}}
    return "/".join(f"{sha256} {name}" for name, sha256 in sorted(stated.items()))


def imprint_of(stated: str) -> str:
    """The imprint (hex) of what a stamp states, "" where it states nothing."""
    return hashlib.sha256(stated.encode()).hexdigest() if stated else ""


def short_imprint(stated: str) -> str:
    """The imprint as people compare it, by telephone: 1A2B-3C4D-5E6F-7890."""
    digits = imprint_of(stated)[: _GROUPS * _DIGITS].upper()
    return "-".join(digits[at : at + _DIGITS] for at in range(0, len(digits), _DIGITS))


def changed_sheets(stated: str, found: str) -> list[str]:
    """The sheets that say something else than is stated; "" is the stamp itself."""
    then, now = (_by_name(each) for each in (stated, found))
    return [name for name in {**then, **now} if then.get(name) != now.get(name)]


def _by_name(stated: str) -> dict[str, str]:
    return {line[65:]: line[:64] for line in stated.split("/")}


def _hash(lines: Iterable[str]) -> str:
    return hashlib.sha256("\n".join(sorted(lines)).encode("utf-8", "surrogatepass")).hexdigest()


def _lines(grid: Sequence[Sequence[Cell]]) -> Iterator[str]:
    """A sheet's rows, whatever their order: each cell that holds something, with its column."""
    for row in grid:
        cells = [f"{at}{said}" for at, cell in enumerate(row, 1) if (said := _canonical(cell))]
        if cells:
            yield "\x1f".join(cells)


def _canonical(cell: Cell) -> str:
    """A cell as every program saves it: a text without white space, a number of twelve digits, a day."""
    if isinstance(cell, datetime):
        return f"d{cell.date() if cell.time() == time() else cell.replace(microsecond=0)}"
    if isinstance(cell, date):
        return f"d{cell}"
    if isinstance(cell, int | float):
        return f"n{cell:.12g}"
    text = _SPACE.sub("", cell or "")
    return f"t{text}" if text else ""
