"""Settle which of the received files count: duplicates, and files that a later one replaces."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from xl_fzzf.jobs.checking import CheckedFile
from xl_fzzf.model.submission import Verdict


def settle(files: Sequence[CheckedFile]) -> list[CheckedFile]:
    """Duplicates and superseded files found; all others as they were.

    Of equal files the first received counts; of a unit's different files the latest valid one does.
    The outcome does not depend on the order of the files.
    """
    settled = {file.submission.file: file for file in files}
    first: dict[str, CheckedFile] = {}
    for file in sorted(files, key=_order):
        sha256 = file.submission.sha256
        if sha256 and sha256 in first and file.verdict is not Verdict.IGNORED:
            reason = f"与“{first[sha256].submission.file}”内容完全相同"
            settled[file.submission.file] = file.judged(Verdict.DUPLICATE, reason)
        elif sha256:
            first[sha256] = file
    for file in superseded(settled.values()):
        settled[file.submission.file] = file
    return [settled[file.submission.file] for file in files]


def superseded(files: Iterable[CheckedFile]) -> list[CheckedFile]:
    """The accepted files of a unit that a later accepted one replaces."""
    latest: dict[str, CheckedFile] = {}
    accepted = [f for f in files if f.verdict is Verdict.ACCEPTED and f.unit]
    for file in sorted(accepted, key=_order):
        assert file.unit is not None
        latest[file.unit.code] = file
    replaced = []
    for file in accepted:
        assert file.unit is not None
        winner = latest[file.unit.code]
        if winner is not file:
            reason = f"同一单位后来又报了“{winner.submission.file}”,以后报的为准"
            replaced.append(file.judged(Verdict.SUPERSEDED, reason))
    return replaced


def _order(file: CheckedFile) -> tuple[datetime, str, str]:
    return file.submission.received, file.submission.sha256, file.submission.file
