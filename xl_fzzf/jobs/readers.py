"""Readers: worker processes in which received files are read, each limited in time and memory.

A file that aborts the reader, hangs it or eats memory costs its worker, which is replaced, and gets a
verdict of its own; the run goes on. Nothing of a received file is read in the process that writes.
"""

from __future__ import annotations

import multiprocessing
import os
import sys
import threading
from collections.abc import Callable
from datetime import datetime
from types import TracebackType
from typing import TYPE_CHECKING

from xl_fzzf.model.submission import Submission

if TYPE_CHECKING:
    from pebble import ProcessPool

SECONDS = 10
MEMORY = 1 << 30
_MOST_WORKERS = 4
_TOO_SLOW = f"读了 {SECONDS} 秒还没有读完,内容不正常。请用 Excel 或 WPS 打开另存后重新报送"
_CRASHED = "文件内容不正常,读取程序中止了。请用 Excel 或 WPS 打开另存后重新报送"
_TOO_BIG = "文件展开后太大,不像填报表。请删除多余的内容后重新报送"

Reading = Callable[[], Submission]
"""Waits for a file that is being read; never raises for what is in the file."""


class Readers:
    """A pool of readers; use it as a context."""

    def __init__(self) -> None:
        from pebble import ProcessPool

        method = "fork" if sys.platform == "linux" else "spawn"
        self._pool: ProcessPool = ProcessPool(
            max_workers=min(os.cpu_count() or 1, _MOST_WORKERS),
            initializer=_limit_memory,
            context=multiprocessing.get_context(method),
        )

    def __enter__(self) -> Readers:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        # Ending the workers takes a while, which the caller need not wait for.
        threading.Thread(target=self._end).start()

    def _end(self) -> None:
        self._pool.stop()  # type: ignore[no-untyped-call]
        self._pool.join()

    def read(self, file: str, data: bytes, sha256: str, received: datetime) -> Reading:
        """Begin to read a file; call what is returned for the submission."""
        future = self._pool.schedule(_read, args=(file, data, sha256, received), timeout=SECONDS)

        def wait() -> Submission:
            from pebble import ProcessExpired

            try:
                submission: Submission = future.result()
            except TimeoutError:
                return Submission(file, sha256, received, _TOO_SLOW)
            except (ProcessExpired, OSError):
                return Submission(file, sha256, received, _CRASHED)
            return submission

        return wait


def _read(file: str, data: bytes, sha256: str, received: datetime) -> Submission:
    from xl_fzzf.sheets.reading import read_submission

    try:
        return read_submission(file, data, sha256, received)
    except MemoryError:
        return Submission(file, sha256, received, _TOO_BIG)
    except BaseException:  # a panic of the reader is no Exception
        return Submission(file, sha256, received, _CRASHED)


def _limit_memory() -> None:
    """Let a worker have that much more memory than it starts with; Windows has no such limit."""
    if sys.platform == "linux":
        import resource
        from pathlib import Path

        pages = int(Path("/proc/self/statm").read_text().split()[0])
        limit = pages * resource.getpagesize() + MEMORY
        resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
