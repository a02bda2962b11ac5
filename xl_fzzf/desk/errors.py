"""Faults in running: what users can put right is a UserError; the log keeps all else."""

from __future__ import annotations

import tempfile
import traceback
from pathlib import Path

from xl_fzzf.model.errors import UserError


class JobError(UserError):
    """A job that could not run; the message says what is wrong and what to do."""


def write_log(error: Exception) -> Path:
    """Append an unexpected error's traceback to the log; returns the log's path."""
    path = Path(tempfile.gettempdir()) / "fzzf.log"
    with path.open("a", encoding="utf-8") as log:
        log.write("".join(traceback.format_exception(error)))
    return path
