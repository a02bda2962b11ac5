"""Faults in running: what users can put right is a UserError; the log keeps all else."""

from __future__ import annotations

import tempfile
import traceback
from pathlib import Path

from xl_fzzf.model.errors import UserError


class JobError(UserError):
    """A job that could not run; the message says what is wrong and what to do."""


def write_log(error: Exception) -> str:
    """Append an unexpected error's traceback to the log; returns where that is, or why it is nowhere.

    It lies among the temporary files, or at home where these are full or the log there is another's.
    """
    trouble: OSError | None = None
    for folder in (tempfile.gettempdir, Path.home):
        try:
            path = Path(folder()) / "fzzf.log"
            with path.open("a", encoding="utf-8") as log:
                log.write("".join(traceback.format_exception(error)))
        except OSError as found:
            trouble = found
        else:
            return str(path)
    return f"（记录文件没有写成：{trouble}；原因是 {error!r}）"
