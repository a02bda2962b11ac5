"""Comparison: each record beside last period's value, its peers, the same text elsewhere, and its parts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from math import exp, fsum, log
from statistics import median

from xl_fzzf.model.assessment import YEARS_BACK, Assessment, days_left
from xl_fzzf.model.likeness import Twin, find_twins
from xl_fzzf.model.period import Period
from xl_fzzf.model.record import ENTRY_FIELDS, Cell, Key, grouped, number
from xl_fzzf.model.status import Status

FEWEST_PEERS, ENOUGH_PEERS = 4, 8
"""Among fewer than enough peers only what is many times further off can't be meant."""

_FACTOR, _FACTOR_OF_RATIO = 5.0, 10.0
"""What is counted in a rate differs more between units than what they all must do."""

_FEW = 4.0
_LEAST_GAP = 10.0
_DEVIATIONS = 6 * 1.4826
_MOST = 50.0
_HEADS = "人"
"""Numbers of people are as of a day; what is counted in other measures adds up over the year."""


@dataclass(frozen=True, slots=True)
class Peers:
    """The sizes of one indicator among units of one kind: how many, their median, the widest factor.

    Sizes are compared by their logarithm: ten times too much is as far off as a tenth.
    """

    count: int
    median: float
    factor: float

    def far(self, size: float) -> bool:
        """Whether a size is too far from the median to be one of them."""
        times = max(size / self.median, self.median / size)
        return times >= self.factor and abs(size - self.median) >= _LEAST_GAP


@dataclass(frozen=True, slots=True)
class Parts:
    """Σ of all units but the one whose figure is the total; `complete` where each of them answered."""

    sums: Mapping[str, float]
    complete: bool


@dataclass(frozen=True, slots=True)
class Compared:
    """A record and what it is held against; None where there is nothing to compare.

    `previous` is last period's value where this one, counted from the year's first day, can't be less;
    `ended` the period's last day where what is still to be done was to be done before it; `final` what
    its value came to at the end of last year, by last year's records. `fell` has by entry what a
    rate was made of in the period before, where it is less now.
    """

    assessment: Assessment
    previous: float | None = None
    peers: Peers | None = None
    twin: Twin | None = None
    parts: Parts | None = None
    ended: date | None = None
    final: float | None = None
    fell: Mapping[str, float] = field(default_factory=dict)

    @property
    def alone(self) -> bool:
        """Whether there is nothing to hold it against."""
        rest = self.previous, self.peers, self.twin, self.parts, self.ended, self.final
        return not self.fell and rest == (None,) * len(rest)


LastPeriod = Mapping[Key, tuple[Cell, ...]]
"""What records said in the year's period before, in the order of `ENTRY_FIELDS`."""

_NO_FINALS: Mapping[Key, float] = {}
_NO_PERIOD: LastPeriod = {}


def compare(
    assessments: Sequence[Assessment],
    period: Period,
    finals: Mapping[Key, float] = _NO_FINALS,
    before: LastPeriod = _NO_PERIOD,
) -> dict[Key, Compared]:
    """Every record that can be compared with anything, by its key, in the order given.

    `finals` are last year's final values, where they are known.
    """
    peers = _find_peers(assessments)
    twins = find_twins(assessments)
    parts = _find_parts(assessments)
    cumulative = period.number > 1
    compared = (
        Compared(
            a,
            _previous(a) if cumulative else None,
            peers.get((a.indicator.code, a.unit.kind)),
            twins.get(a.record.key),
            parts.get(a.record.key),
            period.end if _is_over(a, period.end) else None,
            finals.get(a.record.key),
            dict(_find_fallen(a, before[a.record.key])) if a.record.key in before else {},
        )
        for a in assessments
    )
    return {c.assessment.record.key: c for c in compared if not c.alone}


def _find_fallen(assessment: Assessment, before: tuple[Cell, ...]) -> Iterator[tuple[str, float]]:
    """What a rate was made of before, where it is more than now; numbers of people may fall."""
    indicator, entries = assessment.indicator, dict(zip(ENTRY_FIELDS, before, strict=True))
    said = {"numerator": indicator.numerator, "denominator": indicator.denominator}
    pairs = {n: (number(entries[n]), number(getattr(assessment.record, n))) for n in said}
    for above, below in zip(*pairs.values(), strict=True):
        if above is not None and below is not None and above > below:
            return  # an impossible rate is another rule's
    for name, words in said.items() if indicator.kind.is_ratio else ():
        was, now = pairs[name]
        if was is not None and now is not None and now < was and _HEADS not in words:
            yield name, was


def _is_over(assessment: Assessment, end: date) -> bool:
    """Whether an unmet record's 整改时限 lies before a day, in a year that can be meant."""
    deadline = assessment.record.deadline
    left = days_left(deadline, end)
    if left is None or left >= 0 or assessment.status not in (Status.UNMET, Status.UNDER_WAY):
        return False
    return isinstance(deadline, date) and deadline.year >= assessment.due.year - YEARS_BACK


def size_of(assessment: Assessment) -> float | None:
    """A positive number that units of one kind have alike: a count, a score, a rate's denominator."""
    name = assessment.indicator.kind.size
    if not name or assessment.judgement.value is None:
        return None
    size = number(getattr(assessment.record, name))
    return size if size is not None and size > 0 else None


def _previous(assessment: Assessment) -> float | None:
    indicator = assessment.indicator
    adds_up = indicator.kind.adds_up and not (
        indicator.kind.is_whole and indicator.measure == _HEADS
    )
    return number(assessment.record.previous) if adds_up else None


def _find_peers(assessments: Iterable[Assessment]) -> dict[tuple[str, str], Peers]:
    """The peers by indicator code and kind of unit, where there are enough of them."""
    sized = ((a, size) for a in assessments if not a.is_total and (size := size_of(a)) is not None)
    groups = grouped(sized, lambda each: (each[0].indicator.code, each[0].unit.kind))
    peers = {}
    for key, group in groups.items():
        if len(group) >= FEWEST_PEERS:
            logs = [log(size) for _, size in group]
            middle = median(logs)
            spread = median(abs(value - middle) for value in logs)
            ratio = group[0][0].indicator.kind.is_ratio
            least = (_FACTOR_OF_RATIO if ratio else _FACTOR) * (
                1.0 if len(group) >= ENOUGH_PEERS else _FEW
            )
            factor = max(log(least), _DEVIATIONS * spread)
            peers[key] = Peers(len(group), exp(middle), exp(min(factor, _MOST)))
    return peers


def _find_parts(assessments: Iterable[Assessment]) -> dict[Key, Parts]:
    """By key of each record that is a total: its parts."""
    parts = {}
    totalled = (a for a in assessments if a.indicator.total)
    for group in grouped(totalled, lambda a: a.indicator.code).values():
        others = [a for a in group if not a.is_total]
        fields = group[0].indicator.kind.addends
        sums = {f: fsum(number(getattr(a.record, f)) or 0.0 for a in others) for f in fields}
        open_ = any(a.status in (Status.MISSING, Status.INVALID) for a in others)
        for a in group:
            if a.is_total and others:
                parts[a.record.key] = Parts(sums, not open_)
    return parts
