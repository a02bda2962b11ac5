"""Problems: what can't be used of a plan, gathered with its places until all is read, a cause told once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

from xl_fzzf.model.errors import UserError
from xl_fzzf.model.record import blank, text

_ROWS_SHOWN = 8


@dataclass(frozen=True, slots=True)
class Place:
    """Where some values stand: on a sheet, in words, in which row, and how staff see their keys there.

    In a plan file there are no rows, and the keys are what its author sees.
    """

    words: str = ""
    row: int = 0
    headers: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, raw: Mapping[str, Any]) -> Place:
        """Where a mapping stands, by its `where`: a place, or words."""
        where = raw.get("where") or ""
        return where if isinstance(where, cls) else cls(str(where))

    @property
    def on_sheet(self) -> bool:
        """Whether it is on a sheet, where flags are 是 and 否."""
        return bool(self.headers)

    def named(self, key: str) -> str:
        """What staff call a key."""
        return self.headers.get(key, key)

    def within(self, key: str, inner: Iterable[str]) -> Place:
        """The same place for what stands inside of a key's cell, by keys of its own."""
        names = {each: f"{self.named(key)}”里的“{each}" for each in inner}
        return replace(self, headers=names) if self.on_sheet else self


class PlanError(UserError):
    """A plan or a master that can't be used; `problems` says where, what was found and what is wanted."""

    def __init__(self, file: str, problems: Sequence[str], what: str = "工作方案有误") -> None:
        self.file = file
        self.problems = tuple(problems)
        super().__init__("\n".join((f"{what}：{file}", *(f"  {line}" for line in problems))))


class _Kind(NamedTuple):
    """What problems have in common that are told in one line."""

    words: str
    name: str
    message: str


class Problems:
    """The problems of one plan, in the order in which they were found."""

    def __init__(self) -> None:
        self._rows: dict[_Kind, list[int]] = {}
        self._muted: set[tuple[str, str, int]] = set()
        self._follow = 0

    def __bool__(self) -> bool:
        return bool(self._rows)

    def __len__(self) -> int:
        """How many there are, those included that follow from others."""
        return len(self._rows) + self._follow

    def mute(self, words: str, name: str, row: int = 0) -> None:
        """Tell no more of what staff call so, in one row or in all: it follows from what is told already."""
        self._muted.add((words, name, row))

    def concern(self, words: str) -> bool:
        """Whether anything is wrong on a sheet, in words."""
        return any(kind.words == words for kind in self._rows)

    def add(self, place: Place, key: str, message: str, *more: Place) -> None:
        """Add what is wrong at a place with a key ("" for the whole), and at `more` places as well."""
        if self._muted & {(place.words, place.named(key), row) for row in (0, place.row)}:
            self._follow += 1
            return
        words = dict.fromkeys(each.words for each in (place, *more))
        kind = _Kind("、".join(filter(None, words)), place.named(key), message)
        rows = self._rows.setdefault(kind, [])
        rows += [each.row for each in (place, *more) if each.row and each.row not in rows]

    def lines(self) -> list[str]:
        """Every problem as a line; those that differ by their rows only are one."""
        return [_line(kind, sorted(rows)) for kind, rows in self._rows.items()]


def _line(kind: _Kind, rows: Sequence[int]) -> str:
    more = f"等 {len(rows)} " if len(rows) > _ROWS_SHOWN else " "
    where = (
        f"{kind.words}第 {'、'.join(map(str, rows[:_ROWS_SHOWN]))}{more}行" if rows else kind.words
    )
    name = f"“{kind.name}”" if kind.name else ""
    place = "，".join(filter(None, (where, name)))
    return f"{place}：{kind.message}" if place else kind.message


def shown(value: object) -> str:
    """A value as a message quotes it."""
    cell: Any = value
    return "空白" if blank(cell) else f"“{text(cell)}”"
