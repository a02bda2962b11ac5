"""Records (填报记录): one unit × one indicator × one period, as typed."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from math import isfinite
from operator import attrgetter
from typing import TypeVar

Item = TypeVar("Item")
By = TypeVar("By", bound=Hashable)


class ErrorCell(str):
    """What a cell shows whose formula failed (#DIV/0!): a text that is never blank and never valid."""

    __slots__ = ()


Cell = str | float | bool | date | datetime | None
"""A cell's value as a reader gives it; None and blank text mean an empty cell."""

_VALUES = {"numerator": "分子", "denominator": "分母", "value": "完成值"}
_TEXTS = {"narrative": "完成情况", "evidence": "佐证材料", "reason": "未达标原因及整改措施"}
ENTRY_LABELS = {**_VALUES, **_TEXTS, "deadline": "整改时限"}
"""What a unit fills in, in sheet order, and what staff call it."""

ENTRY_FIELDS = tuple(ENTRY_LABELS)
VALUE_FIELDS, TEXT_FIELDS = tuple(_VALUES), tuple(_TEXTS)
"""The entries of which a kind of indicator uses some, and those that are words."""

_entries = attrgetter(*ENTRY_FIELDS)

YES, NO, NOT_APPLICABLE = "是", "否", "不适用"


Key = tuple[str, str]
"""Unit code and indicator code."""


@dataclass(slots=True)
class Record:
    """One record's entries as typed. For score and amount `denominator` is last year's value.

    `previous` is last period's value (上期值); `sheet` and `row` (from 1) say where it stands.
    """

    unit: str
    indicator: str
    numerator: Cell = None
    denominator: Cell = None
    value: Cell = None
    narrative: Cell = None
    evidence: Cell = None
    reason: Cell = None
    deadline: Cell = None
    previous: Cell = None
    sheet: str = ""
    row: int = 0

    @property
    def key(self) -> Key:
        """Unit code and indicator code."""
        return self.unit, self.indicator

    def entries(self) -> tuple[Cell, ...]:
        """The entries in the order of `ENTRY_FIELDS`."""
        entries: tuple[Cell, ...] = _entries(self)
        return entries


def grouped(items: Iterable[Item], key: Callable[[Item], By]) -> dict[By, list[Item]]:
    """Items by what they have in common; groups and items stay in the order in which they came."""
    groups: dict[By, list[Item]] = {}
    for item in items:
        groups.setdefault(key(item), []).append(item)
    return groups


def blank(cell: Cell) -> bool:
    """Whether a cell is empty, as `TRIM(x)=""` says in a spreadsheet."""
    return cell is None or cell == "" or (isinstance(cell, str) and not cell.strip(" "))


def number(cell: Cell) -> float | None:
    """A cell's number, or None: text, TRUE and dates are not numbers, however they look.

    It has the 15 digits that a spreadsheet shows and compares: 2.9999999999999996 is 3 there, too.
    """
    if not isinstance(cell, (int, float)) or isinstance(cell, bool):
        return None
    value = float(cell)
    return value if value.is_integer() else float(f"{value:.15g}")


def text(cell: Cell) -> str:
    """A cell as a text to compare or show, TRUE and FALSE as a spreadsheet shows them."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return str(cell).upper()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).strip(" ")


LONGEST_ANSWER = 2_000
"""As many characters as the form takes in a text cell."""

_FIRST_YEAR = 1900
_LONGEST = 32_767
_CUT = "…（原文过长，全文见原件）"


def fit(cell: object) -> Cell:
    """A cell's value as another cell can hold it: plain line ends, at most 32,767 UTF-16 units.

    A time of day (1:30), which is neither number nor date, becomes text, and so does infinity, and a
    day before 1900, of which a spreadsheet's calendar knows nothing.
    """
    if isinstance(cell, float):
        return cell if isfinite(cell) else str(cell)
    if isinstance(cell, date) and cell.year < _FIRST_YEAR:
        return str(cell).removesuffix(" 00:00:00")
    if cell is None or isinstance(cell, (int, date, ErrorCell)):
        return cell
    plain = str(cell)
    if "\r" in plain:
        plain = plain.replace("\r\n", "\n").replace("\r", "\n")
    if len(plain) <= _LONGEST // 2:
        return plain
    units = plain.encode("utf-16-le", "surrogatepass")
    if len(units) <= 2 * _LONGEST:
        return plain
    return units[: 2 * (_LONGEST - len(_CUT))].decode("utf-16-le", "ignore") + _CUT


def is_cut(cell: Cell) -> bool:
    """Whether a text is, or was, too long for another cell to hold it whole."""
    return isinstance(cell, str) and str(fit(cell)).endswith(_CUT)


def same(one: Cell, other: Cell) -> bool:
    """Whether two cells say the same: blank cells do, and a date with or without midnight.

    What no cell can hold, such as nan, is the same as the text that is kept in its place.
    """
    if (one is None and other == "") or (type(one) is type(other) and one == other):
        return True
    if blank(one) or blank(other):
        return blank(one) and blank(other)
    return type(_plain(one)) is type(_plain(other)) and _plain(one) == _plain(other)


def _plain(cell: Cell) -> Cell:
    cell = fit(cell)
    if isinstance(cell, str):
        return cell.strip(" ")
    if isinstance(cell, datetime) and cell == datetime(cell.year, cell.month, cell.day):
        return cell.date()
    return float(cell) if isinstance(cell, int) and not isinstance(cell, bool) else cell
