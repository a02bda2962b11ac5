"""The chain of journals: each holds the hash of the one before, so that the next tells of any change."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain
from typing import NamedTuple


class Link(NamedTuple):
    """A journal as it is found: the number and the name of its file, and the hash of its bytes.

    `previous` is the hash that it holds, "" in the first one, None where it can't be read.
    """

    number: int
    name: str
    sha256: str
    previous: str | None


class Head(NamedTuple):
    """The last journal of a folder: its number and its hash; 0 and "" before there is any."""

    number: int = 0
    sha256: str = ""

    def __str__(self) -> str:
        return f"{self.number} {self.sha256}" if self.number else ""

    @classmethod
    def parse(cls, text: str) -> Head:
        """The head that was written so; raises ValueError."""
        number, _, sha256 = text.partition(" ")
        return cls(int(number), sha256) if text else cls()


class Witness(NamedTuple):
    """What else knows a journal's hash, by what it is called."""

    name: str
    head: Head


class Break(NamedTuple):
    """What is wrong with a journal, in Chinese, by the name of its file, "" where it is gone."""

    name: str
    words: str
    number: int = 0


def find_breaks(links: Sequence[Link], witnesses: Sequence[Witness] = ()) -> Iterator[Break]:
    """Where journals, sorted by number, were changed or removed; a cause is told once.

    One that can't be read is not told again; neither it nor one that was changed is believed.
    """
    known = {link.number: link for link in links}
    doubted = {link.number for link in links if link.previous is None}
    for witness, own in chain(
        ((witness, 0) for witness in witnesses),
        ((Witness(f"“{link.name}”", _before(link)), link.number) for link in reversed(links)),
    ):
        number, sha256 = witness.head
        if own in doubted or number in doubted or (number, sha256) == Head():
            continue
        link = known.get(number)
        doubted.add(number)
        if link is None:
            last = max((n for n in known if n < number), default=0)
            which = f"{number}" if last + 1 == number else f"{last + 1} 至 {number}"
            yield Break("", f"第 {which} 份不在了，{witness.name}还记着它的指纹", number)
        elif link.sha256 != sha256:
            words = f"“{link.name}”与{witness.name}记着的指纹不一致，其中一份被改动过"
            yield Break(link.name, words, number)
        else:
            doubted.discard(number)


def _before(link: Link) -> Head:
    """What a journal says of the one before; where there can be none, the one that it denies is itself."""
    if link.number == 1 and link.previous:
        return Head(1, link.previous)
    return Head(link.number - 1, link.previous or "")
