"""Editions (版次) of a round's summary, and the figures in which one differs from the one before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple


class Figure(NamedTuple):
    """What a figure is: among which, of what, and which one."""

    group: str
    subject: str
    name: str


Figures = Mapping[Figure, str]
"""Figures as they are shown."""


class Correction(NamedTuple):
    """A figure that is another one than in the edition before; "" where there was or is none."""

    figure: Figure
    was: str
    now: str


@dataclass(frozen=True, slots=True)
class Edition:
    """Which edition of a summary it is, and who answers for it; nobody does for a draft.

    From the second on it corrects the one before: `reason` says why, `corrections` what; these are
    None where the figures of the one before are lost.
    """

    number: int = 1
    reason: str = ""
    by: str = ""
    reviewed_by: str = ""
    on: date | None = None
    corrections: Sequence[Correction] | None = ()

    @property
    def label(self) -> str:
        """Its number, and that it is a correction."""
        return f"第 {self.number} 版{'（更正）' if self.number > 1 else ''}"

    @property
    def words(self) -> str:
        """Its label, and who approved it when, or that nobody did yet."""
        if self.on is None:
            return f"{self.label}，未定稿"
        reviewed = f"、{self.reviewed_by}审核" if self.reviewed_by else ""
        return f"{self.label}，{self.on} {self.by}定稿{reviewed}"


FIRST = Edition()
"""The first edition as a draft."""


def find_corrections(before: Figures, now: Figures) -> list[Correction]:
    """Every figure in which two editions differ, in the order of the later one."""
    both = ((figure, before.get(figure, ""), now.get(figure, "")) for figure in {**now, **before})
    return [Correction(*each) for each in both if each[1] != each[2]]
