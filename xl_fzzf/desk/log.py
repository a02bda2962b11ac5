"""Where unexpected faults are logged; those that users can put right are UserErrors and need no log."""

from __future__ import annotations

import tempfile
import traceback
from pathlib import Path


def write_log(error: Exception) -> Path:
    """Append an unexpected error's traceback to the log; returns the log's path."""
    path = Path(tempfile.gettempdir()) / "fzzf.log"
    with path.open("a", encoding="utf-8") as log:
        log.write("".join(traceback.format_exception(error)))
    return path
