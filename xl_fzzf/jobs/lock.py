"""One writing job at a time in a workspace: a lock that the system drops when its process ends."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO

from xl_fzzf.jobs.workspace import JobError, Workspace

_NAME = "运行.lock"


@contextmanager
def only_run(workspace: Workspace) -> Iterator[None]:
    """Hold the workspace for this job; raises JobError while another one holds it."""
    workspace.archive.mkdir(parents=True, exist_ok=True)
    with (workspace.archive / _NAME).open("a+b") as file:
        try:
            _lock(file)
        except (BlockingIOError, PermissionError):
            raise JobError(
                f"“{workspace.folder}”里另一个 fzzf 正在运行,请等它结束后再试(台账没有改动)"
            ) from None
        try:
            yield
        finally:
            _unlock(file)


# A record lock belongs to the process: workers that it forks don't hold it, a crash can't leave it.
if sys.platform == "win32":
    import msvcrt

    def _lock(file: IO[bytes]) -> None:
        file.seek(0)
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)

    def _unlock(file: IO[bytes]) -> None:
        file.seek(0)
        msvcrt.locking(file.fileno(), msvcrt.LK_UNLCK, 1)

else:
    import fcntl

    def _lock(file: IO[bytes]) -> None:
        fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB)

    def _unlock(file: IO[bytes]) -> None:
        fcntl.lockf(file, fcntl.LOCK_UN)
