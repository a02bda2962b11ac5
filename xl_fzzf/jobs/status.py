"""status: where a round stands as of a date, from its master alone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

from xl_fzzf.archive.ledger import Ledger
from xl_fzzf.desk.edited import edited_since_consolidation
from xl_fzzf.desk.master import Master, open_master
from xl_fzzf.desk.signing import say_since, say_unknown_mark
from xl_fzzf.model.plan import Unit
from xl_fzzf.model.round import Registered, Standing
from xl_fzzf.model.submission import Timeliness, Verdict
from xl_fzzf.sheets.lists import read_accepted, read_register


def read_standing(path: Path, as_of: date) -> tuple[Master, Standing]:
    """A master, and where its round stands as of a date, with all that is to be known about it."""
    master = open_master(path, writing=False)
    standing = stand(master, as_of)
    return master, replace(standing, notices=_notices(master, standing))


def _notices(master: Master, standing: Standing) -> tuple[str, ...]:
    ledger = Ledger(master.workspace.archive)
    return (
        *ledger.notices,
        *say_unknown_mark(master, ledger),
        *edited_since_consolidation(master).notices,
        *say_kept(standing.files),
        *say_since(master.workspace, ledger),
    )


def stand(master: Master, as_of: date) -> Standing:
    """Where a round stands by its master, as of a date; of what came or was edited since, nothing."""
    ledger = Ledger(master.workspace.archive)
    files = tuple(read_register(master.book))
    codes = {unit.name: unit.code for unit in master.round.plan.units}
    labels = (Verdict.ACCEPTED.label, Verdict.SUPERSEDED.label)
    good = [file for file in files if file.verdict in labels and file.unit in codes]
    sent = {codes[file.unit] for file in good}
    timely = {codes[file.unit] for file in good if file.timely == Timeliness.ON_TIME}
    deadline = master.round.settings.deadline
    first = ledger.first_good(str(master.workspace.period))
    timely |= {code for code, moment in first.items() if moment.date() <= deadline}
    units, reported, typed = master.reporting(sent)
    return Standing(
        master.round,
        as_of,
        master.assess(as_of),
        units=units,
        reported=_codes(reported),
        late=_codes(reported) & ((sent | first.keys()) - timely),
        files=files,
        accepted=tuple(read_accepted(master.book)),
        typed=_codes(typed),
        course=ledger.course(str(master.workspace.period)),
    )


def say_kept(files: Iterable[Registered]) -> Iterator[str]:
    """What is to be known of files that were taken: entries that a newer one leaves blank."""
    for file in files:
        if file.verdict == Verdict.ACCEPTED.label and file.reason:
            yield f"{file.unit}“{file.file}”：{file.reason}"


def _codes(units: Iterable[Unit]) -> frozenset[str]:
    return frozenset(unit.code for unit in units)
