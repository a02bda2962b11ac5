"""How a job tells what it is doing."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

Progress = Callable[[str, int, int], None]
"""Told after each step: what was done, how many steps are done, and how many there are."""

Item = TypeVar("Item")


def silent(what: str, done: int, total: int) -> None:
    """For whoever does not watch."""


def watched(
    items: Sequence[Item], progress: Progress, name: Callable[[Item], str]
) -> Iterator[Item]:
    """The items one by one, progress told after each."""
    for done, item in enumerate(items, 1):
        yield item
        progress(name(item), done, len(items))
