"""Settling: which of the files that came in count, and whose first good one came late."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from xl_fzzf.model.judged import Judged
from xl_fzzf.model.plan import Unit
from xl_fzzf.model.submission import Verdict


def settle(files: Iterable[Judged]) -> list[Judged]:
    """Decide which files count: duplicates and superseded files found; all others as they were.

    Of equal files the first received counts; of a unit's different files the latest valid one does.
    The outcome does not depend on the order of the files.
    """
    settled = {file.submission.file: file for file in files}
    first: dict[str, Judged] = {}
    for file in sorted(settled.values(), key=lambda file: file.order):
        sha256 = file.submission.sha256
        if sha256 and sha256 in first and file.verdict is not Verdict.IGNORED:
            reason = f"与“{first[sha256].submission.file}”内容完全相同"
            settled[file.submission.file] = file.turned(Verdict.DUPLICATE, reason)
        elif sha256:
            first[sha256] = file
    ordered = sorted(settled.values(), key=lambda file: file.order)
    latest = {file.unit.code: file for file in ordered if file.counts and file.unit}
    for name, file in settled.items():
        winner = latest[file.unit.code] if file.counts and file.unit else file
        if winner is not file:
            reason = f"同一单位后来又报了“{winner.submission.file}”，以后报的为准"
            settled[name] = file.turned(Verdict.SUPERSEDED, reason)
    return list(settled.values())


def late_units(units: Iterable[Unit], files: Sequence[Judged], deadline: date) -> list[Unit]:
    """Units whose first good file came after the deadline."""
    good = [f for f in files if f.verdict in (Verdict.ACCEPTED, Verdict.SUPERSEDED)]
    reported = {file.unit for file in good}
    timely = {file.unit for file in good if not file.is_late(deadline)}
    return [unit for unit in units if unit in reported and unit not in timely]
