"""Take in files that came: opened once, read whole, their bytes kept, and what they say read elsewhere.

Only a plain file that is complete is taken up.
"""

from __future__ import annotations

import os
import stat
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime
from functools import partial
from pathlib import Path

from xl_fzzf.archive.originals import fingerprint, keep_original
from xl_fzzf.desk.progress import Progress, silent, watched
from xl_fzzf.desk.readers import Awaited, Readers
from xl_fzzf.desk.workspace import received_files
from xl_fzzf.model.submission import Submission

LARGEST = 50 << 20
"""No return is near this size; a larger file is not even read."""

_NO_FILE = "不是普通文件（链接或设备），没有打开"
_TRIES, _PAUSE = 3, 0.2
_FLAGS = os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_NONBLOCK", 0)
_FLAGS |= getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0)


class NotReceivedError(Exception):
    """A file that can't be taken up now; the message says why and what to do."""


class Intake:
    """Files that are being read and archived while the caller does something else.

    `received` says when a file was received, by its hash and its time in the folder.
    """

    def __init__(
        self,
        readers: Readers,
        archive: Path | None = None,
        received: Callable[[str, datetime], datetime] = lambda sha256, modified: modified,
    ) -> None:
        self._readers, self._archive, self._received = readers, archive, received
        self._awaited: list[tuple[str, Awaited]] = []
        self._kept: list[Future[Path]] = []
        self._writers = ThreadPoolExecutor(4)  # the disk flushes while files are read

    def add(self, path: Path, name: str, ignored: str = "") -> None:
        """Begin to read one file, unless it is ignored; with an archive its bytes are kept, too."""
        reading = partial(_unread, path, name, "", ignored) if ignored else self._begin(path, name)
        self._awaited.append((name, reading))

    def add_folder(self, folder: Path) -> None:
        """Begin to read every file in a folder."""
        for path, ignored in received_files(folder):
            self.add(path, str(path.relative_to(folder)), ignored)

    def submissions(self, progress: Progress = silent) -> Iterator[Submission]:
        """What the files say, each as soon as it is read, in the order in which they were added.

        Raises OSError where a file could not be archived.
        """
        for _, reading in watched(self._awaited, progress, lambda file: file[0]):
            yield reading()
        self._writers.shutdown()
        for kept in self._kept:
            kept.result()

    def _begin(self, path: Path, name: str) -> Awaited:
        try:
            data, received = take_up(path)
        except NotReceivedError as error:
            return partial(_unread, path, name, str(error))
        sha256 = fingerprint(data)
        if self._archive is not None:
            kept = self._writers.submit(keep_original, self._archive, sha256, path.suffix, data)
            self._kept.append(kept)
        return self._readers.read(name, data, sha256, self._received(sha256, received))


def _unread(path: Path, name: str, reason: str, ignored: str = "") -> Submission:
    try:
        received = _moment(path.lstat())
    except OSError:
        received = datetime.min
    return Submission(name, "", received, reason, ignored=ignored)


def take_up(path: Path) -> tuple[bytes, datetime]:
    """A file's bytes and time; raises NotReceivedError, also where it changes while it is read."""
    try:
        for _ in range(_TRIES):
            before, data = _read(path)
            after = path.stat(follow_symlinks=False)
            if _state(before) == _state(after) and len(data) == after.st_size:
                return data, _moment(before)
            time.sleep(_PAUSE)
    except FileNotFoundError:
        raise NotReceivedError(
            "文件已经不在了（可能刚被移走、改名或删除），请核对后再汇总"
        ) from None
    except OSError as error:
        if path.is_symlink():
            raise NotReceivedError(_NO_FILE) from error
        reason = error.strerror or error
        raise NotReceivedError(f"文件读不出来（{reason}），可能正被占用，请关闭后再试") from error
    raise NotReceivedError("文件还在传输或同步，请稍后再汇总")


def _read(path: Path) -> tuple[os.stat_result, bytes]:
    """What a file was when it was opened, and its bytes; nothing but a plain file is read."""
    with os.fdopen(os.open(path, _FLAGS), "rb") as file:
        found = os.fstat(file.fileno())
        if not stat.S_ISREG(found.st_mode):
            raise NotReceivedError(_NO_FILE)
        if found.st_size > LARGEST:
            raise NotReceivedError(
                f"文件有 {found.st_size >> 20} MB，超过 {LARGEST >> 20} MB，不像填报表。"
                "请去掉图片等附件后重新报送"
            )
        return found, file.read(LARGEST + 1)


def _state(found: os.stat_result) -> tuple[int, int]:
    return found.st_size, found.st_mtime_ns


def _moment(found: os.stat_result) -> datetime:
    return datetime.fromtimestamp(found.st_mtime).replace(microsecond=0)
