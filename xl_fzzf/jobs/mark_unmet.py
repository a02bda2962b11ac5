"""mark_unmet: judge a master's records as of a date again, and list what is unmet."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from xl_fzzf.desk.edited import edited_since_run
from xl_fzzf.desk.master import open_master
from xl_fzzf.desk.saving import Done, save
from xl_fzzf.desk.signing import changing
from xl_fzzf.desk.workspace import Workspace
from xl_fzzf.desk.writing import refresh_as_of, write_unmet
from xl_fzzf.model.run import Job
from xl_fzzf.model.status import Status
from xl_fzzf.office.book_file import FileBook


@dataclass(frozen=True, slots=True)
class Marking:
    """How many records of a master have which status as of a date; what was edited before, in words."""

    master: Path
    as_of: date
    statuses: Counter[Status]
    notices: Sequence[str]


def mark_unmet(path: Path, as_of: date, now: datetime, book: FileBook | None = None) -> Marking:
    """Write 状态, 总览 and 未达标清单 as of a date; what was filled in stays.

    `book` is the master where it is open already, in a running Excel. Raises as `open_master` does.
    """
    workspace = Workspace.at(path)
    with changing(workspace) as ledger:
        master = open_master(path, book=book)
        assessments = refresh_as_of(master, as_of)
        write_unmet(master, assessments, as_of)
        save(master, ledger, Done(Job.MARK, now, as_of, master.origins))
        statuses = Counter(a.status for a in assessments)
        return Marking(path, as_of, statuses, edited_since_run(master).notices)
