"""distribute: one return for every unit that has something to report."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime
from pathlib import Path

from xl_fzzf.archive.ledger import Ledger
from xl_fzzf.archive.storage import make_folder
from xl_fzzf.desk.lock import only_run
from xl_fzzf.desk.master import Master, open_master, refresh_as_of
from xl_fzzf.desk.progress import Progress, silent, watched
from xl_fzzf.desk.returns import ReturnWriter, return_names
from xl_fzzf.desk.saving import Done, save
from xl_fzzf.desk.workspace import Workspace
from xl_fzzf.model.assessment import Assessment
from xl_fzzf.model.run import Job
from xl_fzzf.office.book_file import FileBook


def distribute(
    path: Path,
    as_of: date,
    now: datetime,
    progress: Progress = silent,
    book: FileBook | None = None,
) -> list[Path]:
    """Write one return for every unit that has something to report; returns their files.

    `book` is the master where it is open already, in a running Excel.
    """
    workspace = Workspace.at(path)
    with only_run(workspace):
        ledger = Ledger(workspace.archive)
        return _distribute(open_master(path, book=book), ledger, as_of, now, progress)


def _distribute(
    master: Master, ledger: Ledger, as_of: date, now: datetime, progress: Progress
) -> list[Path]:
    assessments = refresh_as_of(master, as_of)
    save(master, ledger, Done(Job.DISTRIBUTE, now, as_of, master.origins))
    make_folder(master.workspace.outgoing)
    by_unit: dict[str, list[Assessment]] = defaultdict(list)
    for assessment in assessments:
        by_unit[assessment.unit.code].append(assessment)
    files = []
    writer = ReturnWriter(master.round, as_of)
    names = return_names(master.round.plan.units)
    for unit in watched(master.expected_units, progress, lambda unit: unit.name):
        file = master.workspace.outgoing / f"{names[unit.code]}.xlsx"
        writer.write(file, unit, by_unit[unit.code])
        files.append(file)
    return files
