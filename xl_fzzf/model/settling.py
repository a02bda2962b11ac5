"""Settling: which of the files that came in count, and whose first good one came late."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime

from xl_fzzf.model.judged import Judged
from xl_fzzf.model.plan import Unit
from xl_fzzf.model.record import grouped
from xl_fzzf.model.submission import Verdict

_NOTHING_EARLIER: Mapping[str, datetime] = {}


def settle(files: Iterable[Judged]) -> list[Judged]:
    """Decide which files count: duplicates and superseded files found; all others as they were.

    Of equal files the first received counts that can be taken; one that is kept out for its name stays
    so. Of a unit's different files the latest valid one counts. The outcome does not depend on the order
    of the files.
    """
    settled = {file.submission.file: file for file in files}
    equal = grouped(settled.values(), lambda file: file.submission.sha256)
    for sha256, group in equal.items():
        first = first_of(group)
        for file in group:
            aside = file.verdict in (Verdict.IGNORED, Verdict.EXCLUDED)
            own_reason = aside or (first.counts and not file.counts)
            if sha256 and file is not first and not own_reason:
                reason = f"与“{first.submission.file}”内容完全相同"
                settled[file.submission.file] = file.turned(Verdict.DUPLICATE, reason)
    ordered = sorted(settled.values(), key=lambda file: file.order)
    latest = {file.unit.code: file for file in ordered if file.counts and file.unit}
    for name, file in settled.items():
        winner = latest[file.unit.code] if file.counts and file.unit else file
        if winner is not file:
            reason = f"同一单位后来又报了“{winner.submission.file}”，以后报的为准"
            settled[name] = file.turned(Verdict.SUPERSEDED, reason)
    return list(settled.values())


def first_of(equal: Iterable[Judged]) -> Judged:
    """Of equal files the one that stands for all: the first received among those that can be taken."""
    return min(equal, key=lambda file: (not file.counts, file.order))


def late_units(
    units: Iterable[Unit],
    files: Sequence[Judged],
    deadline: date,
    earlier: Mapping[str, datetime] = _NOTHING_EARLIER,
) -> list[Unit]:
    """Units whose first good file came after the deadline; `earlier` has those of earlier runs by unit."""
    good = [f for f in files if f.unit and f.verdict in (Verdict.ACCEPTED, Verdict.SUPERSEDED)]
    reported = {file.unit.code for file in good if file.unit} | earlier.keys()
    timely = {file.unit.code for file in good if file.unit and not file.is_late(deadline)}
    timely |= {code for code, moment in earlier.items() if moment.date() <= deadline}
    return [unit for unit in units if unit.code in reported - timely]
