"""The driving sheets at one time held against those at another: what was edited, from what, to what."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from xl_fzzf.model.record import grouped

Driven = Mapping[str, Mapping[str, Mapping[str, str]]]
"""The driving sheets in words, by sheet, row (a number, a code, a setting) and header; no blank cells."""

_ROWS_SHOWN, _LONGEST = 5, 40
_BLANK = "空白"


@dataclass(frozen=True, slots=True)
class Edit:
    """What was edited alike in some rows of a driving sheet: the cells of a column, or ("") whole rows.

    `rows` are what staff call them; `before` or `after` is "" for what was blank or was not there.
    """

    sheet: str
    rows: tuple[str, ...]
    column: str
    before: str
    after: str

    def __str__(self) -> str:
        shown = "、".join(self.rows[:_ROWS_SHOWN])
        rows = f"{shown}等 {len(self.rows)} 行" if len(self.rows) > _ROWS_SHOWN else shown
        if not self.column:
            return f"“{self.sheet}”{'去掉了' if self.before else '加了'}：{rows}"
        rows += " " if rows.isascii() else ""
        change = f"由{_quoted(self.before)}改为{_quoted(self.after)}"
        return f"“{self.sheet}”的“{self.column}”：{rows}{change}"


Label = Callable[[str, str], str]
"""What staff call a row, by its sheet and key."""


def find_edits(before: Driven, after: Driven, label: Label) -> Iterator[Edit]:
    """What differs, in the order of the sheets and columns; equal edits of a column are one."""
    for sheet in dict.fromkeys((*after, *before)):
        old, new = before.get(sheet, {}), after.get(sheet, {})
        found = [
            (column, was, now, label(sheet, row))
            for row in dict.fromkeys((*new, *old))
            for column, was, now in _compare(old.get(row), new.get(row))
        ]
        for (column, was, now), alike in grouped(found, lambda each: each[:3]).items():
            yield Edit(sheet, tuple(each[3] for each in alike), column, was, now)


def _compare(
    old: Mapping[str, str] | None, new: Mapping[str, str] | None
) -> Iterator[tuple[str, str, str]]:
    """The columns in which a row differs, with what it said and what it says."""
    if old is None or new is None:
        yield "", "" if old is None else "有", "" if new is None else "有"
        return
    for column in dict.fromkeys((*new, *old)):
        was, now = old.get(column, ""), new.get(column, "")
        if was != now:
            yield column, was, now


def count_edits(edits: Iterable[Edit]) -> int:
    """How many cells and rows were edited."""
    return sum(len(edit.rows) for edit in edits)


def say_edits(edits: Sequence[Edit], most: int, where: str) -> Iterator[str]:
    """A sentence on each; after so many, how many more there are and where they stand."""
    yield from map(str, edits[:most])
    if len(edits) > most:
        yield f"另有 {count_edits(edits[most:])} 处{where}"


def _quoted(words: str) -> str:
    return f"“{words if len(words) <= _LONGEST else words[:_LONGEST] + '…'}”" if words else _BLANK
