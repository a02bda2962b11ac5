"""One writing job at a time in a workspace: a lock that the system drops when its process ends."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO

from xl_fzzf.archive.originals import folders
from xl_fzzf.archive.storage import clear_leftovers, make_folder, refuse_unwritable
from xl_fzzf.desk.errors import JobError
from xl_fzzf.desk.workspace import Workspace

_NAME = "运行.lock"


@contextmanager
def only_run(workspace: Workspace) -> Iterator[None]:
    """Hold the workspace for this job; raises JobError while another one holds it.

    Also where nothing can be written: before any work. What a crash left half written is removed.
    """
    with _open(workspace) as file:
        try:
            _lock(file)
        except (BlockingIOError, PermissionError):
            raise JobError(
                f"“{workspace.folder}”里另一个 fzzf 正在运行，请等它结束后再试（台账没有改动）"
            ) from None
        written = (workspace.folder, workspace.outgoing, workspace.upward, workspace.sent_back)
        letters = workspace.letters.glob("*/")
        clear_leftovers([*written, *letters, *folders(workspace.archive)])
        try:
            yield
        finally:
            _unlock(file)


def _open(workspace: Workspace) -> IO[bytes]:
    try:
        make_folder(workspace.archive)
        refuse_unwritable(workspace.folder)
        return (workspace.archive / _NAME).open("a+b")
    except OSError as error:
        raise JobError(
            f"“{workspace.folder}”里不能写文件（{error.strerror or error}），还没有开始处理。"
            "请确认文件夹不是只读的、您有写入权限、磁盘没有满，或把整个工作文件夹复制到本机再运行"
        ) from error


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
