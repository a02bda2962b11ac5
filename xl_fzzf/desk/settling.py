"""Settle which of the received files count: duplicates, and files that a later one replaces."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from xl_fzzf.desk.checking import CheckedFile, make_finding
from xl_fzzf.model.differences import Entries, find_differences
from xl_fzzf.model.finding import Finding
from xl_fzzf.model.plan import Unit
from xl_fzzf.model.record import Record
from xl_fzzf.model.settings import Settings
from xl_fzzf.model.submission import Verdict
from xl_fzzf.rules import SUBMISSION_RULES, run_rules
from xl_fzzf.rules.submissions import Sending

if TYPE_CHECKING:
    from xl_fzzf.archive.ledger import Ledger


@dataclass(frozen=True, slots=True)
class Previous:
    """A unit's file that counted before, and what it said."""

    file: str
    entries: Entries


Before = Callable[[Unit, str], Previous | None]
"""The unit's last other file (not the one with this hash) that an earlier run accepted."""


def nothing_before(unit: Unit, sha256: str) -> None:
    """No earlier run is known."""


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


def find_submission_faults(
    files: Sequence[CheckedFile], settings: Settings, before: Before = nothing_before
) -> Iterator[Finding]:
    """The rules on each file among the others of its unit; `before` is asked for earlier runs."""
    for file in files:
        case = _sending(file, files, settings, before)
        unit = file.unit.name if file.unit else ""
        for found in run_rules(SUBMISSION_RULES, case, settings.severities):
            yield make_finding(found, file.submission.file, unit)


def earlier_files(ledger: Ledger, period: str) -> Before:
    """What the ledger knows of the files that earlier runs of a period accepted."""

    def before(unit: Unit, sha256: str) -> Previous | None:
        sent = ledger.last_submission(period, unit.code, but=sha256)
        return Previous(sent.receipt.file, sent.records) if sent else None

    return before


def _sending(
    file: CheckedFile, files: Sequence[CheckedFile], settings: Settings, before: Before
) -> Sending:
    submission, unit = file.submission, file.unit
    if file.verdict is Verdict.DUPLICATE:
        equal = _first(files, lambda f: f.submission.sha256 == submission.sha256)
        return Sending(submission.received, settings.deadline, equal=equal.submission.file)
    if file.verdict is not Verdict.ACCEPTED or unit is None:
        return Sending(submission.received, settings.deadline)
    own = [f for f in files if f.unit and f.unit.code == unit.code]
    replaced = sorted((f for f in own if f.verdict is Verdict.SUPERSEDED), key=_order)
    late = all(is_late(f, settings) for f in (*replaced, file))
    previous = before(unit, submission.sha256)
    if replaced:
        previous = Previous(replaced[-1].submission.file, _entries(replaced[-1].records))
    differences = find_differences(previous.entries, _entries(file.records)) if previous else ()
    return Sending(
        submission.received,
        settings.deadline,
        late,
        replaced=tuple(f.submission.file for f in replaced),
        previous=previous.file if previous else "",
        differences=tuple(differences),
    )


def is_late(file: CheckedFile, settings: Settings) -> bool:
    """Whether a file was received after the deadline's day."""
    return file.submission.received.date() > settings.deadline


def _entries(records: Mapping[str, Record]) -> Entries:
    return {code: record.entries() for code, record in records.items() if record.sheet}


def _first(files: Iterable[CheckedFile], wanted: Callable[[CheckedFile], bool]) -> CheckedFile:
    return min(filter(wanted, files), key=_order)


def _order(file: CheckedFile) -> tuple[datetime, str, str]:
    return file.submission.received, file.submission.sha256, file.submission.file
