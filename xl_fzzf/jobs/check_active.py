"""check_active: judge what the workbook stands for that somebody is looking at."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from xl_fzzf.desk.workspace import Workspace, find_masters, received_files
from xl_fzzf.jobs.check import CheckResult, check_files


def check_active(path: Path, as_of: date) -> list[CheckResult]:
    """For a master the returns that came in; for a return itself, with an annotated copy.

    Writes into no workbook. Raises JobError where a file belongs to no master.
    """
    if path not in find_masters(path.parent):
        return check_files([path], None, path.parent, as_of, annotate=True)
    received = received_files(Workspace.at(path).incoming)
    files = [file for file, ignored in received if not ignored]
    return check_files(files, path, path.parent, as_of, annotate=False)
