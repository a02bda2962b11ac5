"""Faults in running: which ones carry a message for users, and where the others are logged."""

from __future__ import annotations

import tempfile
import traceback
from pathlib import Path

from xl_fzzf.jobs.workspace import JobError
from xl_fzzf.ledger.errors import LedgerError
from xl_fzzf.mail.errors import MailError
from xl_fzzf.model.building import PlanError
from xl_fzzf.sheets.area import LayoutError
from xl_fzzf.sheets.xlsx.archive import BookError

EXPECTED = (JobError, PlanError, LayoutError, BookError, LedgerError, MailError)
"""Exceptions whose text says, in Chinese, what is wrong and what to do."""


def write_log(error: Exception) -> Path:
    """Append an unexpected error's traceback to the log; returns the log's path."""
    path = Path(tempfile.gettempdir()) / "fzzf.log"
    with path.open("a", encoding="utf-8") as log:
        log.write("".join(traceback.format_exception(error)))
    return path
