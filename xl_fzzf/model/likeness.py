"""Likeness: texts of different units that are the same, or nearly (雷同)."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from operator import add

from xl_fzzf.model.assessment import Assessment
from xl_fzzf.model.record import Key
from xl_fzzf.model.status import Status

SHORTEST = 20
"""Shorter texts are alike by chance; counted without marks, blanks and the names of units."""

_NEARLY, _ROUGHLY = 0.9, 0.85
_KEY_LENGTH = 8
_WORDS = re.compile(r"[^\W\d_〇零一二三四五六七八九十百千]+")
"""What is left without marks and numbers."""


@dataclass(frozen=True, slots=True)
class Twin:
    """The record whose text came first, how many units use the text beside this one, and what of it.

    `share` is 1 where the words are the same but for numbers, marks and the names of units.
    """

    assessment: Assessment
    units: int
    share: float


@dataclass
class _Text:
    """A folded text and the records that hold it word for word, numbers and own names aside."""

    words: str
    clauses: Sequence[str]
    holders: list[Assessment]

    @cached_property
    def characters(self) -> frozenset[str]:
        return frozenset(self.words)

    @cached_property
    def pairs(self) -> frozenset[str]:
        return frozenset(map(add, self.words, self.words[1:]))

    @property
    def keys(self) -> set[str]:
        """Its ends and its longer clauses: texts that are nearly the same have most of them in common."""
        ends = (self.words[:_KEY_LENGTH], self.words[-_KEY_LENGTH:])
        return {*ends, *(clause for clause in self.clauses if len(clause) >= _KEY_LENGTH)}

    def other(self, unit: str) -> Assessment | None:
        """The first holder that is another unit."""
        return next((holder for holder in self.holders if holder.unit.code != unit), None)


def find_twins(assessments: Iterable[Assessment]) -> dict[Key, Twin]:
    """For each record whose 完成情况 another unit wrote before it: that record. Order is the input's."""
    texts: dict[str, _Text] = {}
    twins: dict[Key, Twin] = {}
    assessments = list(assessments)
    names = _names(assessments)
    for assessment in assessments:
        clauses = _clauses(assessment, names)
        words = "".join(clauses)
        if len(words) >= SHORTEST:
            text = texts.setdefault(words, _Text(words, clauses, []))
            other = text.other(assessment.unit.code)
            text.holders.append(assessment)
            if other:
                units = {holder.unit.code for holder in text.holders} - {assessment.unit.code}
                twins[assessment.record.key] = Twin(other, len(units), 1.0)
    for text, near, share in _find_near(list(texts.values())):
        for holder in text.holders:
            other = near.other(holder.unit.code)
            if other and holder.record.key not in twins:
                twins[holder.record.key] = Twin(other, 1, share)
    return twins


def _names(assessments: Iterable[Assessment]) -> list[str]:
    """What the units are called, longer names first."""
    units = {assessment.unit.code: assessment.unit for assessment in assessments}
    names = {name for unit in units.values() for name in (unit.name, *unit.aliases)}
    return sorted(names, key=lambda name: (-len(name), name))


def _clauses(assessment: Assessment, names: Iterable[str]) -> list[str]:
    """A record's text without marks, numbers and the names of units, in pieces."""
    text = assessment.record.narrative
    if not isinstance(text, str) or len(text) < SHORTEST:
        return []
    if assessment.status is Status.NOT_APPLICABLE:
        return []
    for name in names:
        if name in text:
            text = text.replace(name, "")
    return _WORDS.findall(text)


def _find_near(texts: Sequence[_Text]) -> Iterator[tuple[_Text, _Text, float]]:
    """Each text with an earlier one that it nearly equals, and the share that they have in common.

    Few are compared, so it stays linear.
    """
    met: dict[str, list[int]] = {}
    for place, text in enumerate(texts):
        keys = text.keys
        rivals: list[int] = []
        for key in keys:
            # the first and the latest text with a key stand for all of them
            if same := met.get(key):
                rivals += same
                same[1:] = (place,)
            else:
                met[key] = [place]
        enough = max(1, len(keys) * 3 // 5)
        for rival, shared in Counter(rivals).items():
            if shared >= enough and (share := _near(text, texts[rival])):
                yield text, texts[rival], share
                break


def _near(one: _Text, other: _Text) -> float:
    """The share of pairs of neighbouring characters that two texts have in common; 0 for too few."""
    if _overlap(one.characters, other.characters) < _ROUGHLY:
        return 0.0
    share = _overlap(one.pairs, other.pairs)
    return share if share >= _NEARLY else 0.0


def _overlap(one: frozenset[str], other: frozenset[str]) -> float:
    return 2 * len(one & other) / (len(one) + len(other))
