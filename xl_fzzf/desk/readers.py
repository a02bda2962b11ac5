"""Readers: worker processes in which received files are read, each limited in time and memory.

A file that aborts the reader, hangs it or eats memory costs its worker, which is replaced, and gets a
verdict of its own; the run goes on. Nothing of a received file is read in the process that writes.

Whose fault it is, a sample of our own tells: the first file that costs its worker has it read in a fresh
one. Where that fails as well the program is at fault; the run stops, and no file is blamed. Counting
files would not tell: two hostile ones may be all that came, and scans are refused without a fault.
"""

from __future__ import annotations

import io
import multiprocessing
import os
import pickle
import platform
import sys
import threading
from collections.abc import Callable
from dataclasses import fields
from datetime import datetime
from multiprocessing.reduction import ForkingPickler
from operator import attrgetter
from types import TracebackType
from typing import TYPE_CHECKING, Any

from xl_fzzf.desk.memory_limit import limit_memory
from xl_fzzf.desk.workspace import JobError
from xl_fzzf.model.record import Record
from xl_fzzf.model.submission import Mark, Marked, Row, Submission, Trait

if TYPE_CHECKING:
    from enum import Enum

    from pebble import ProcessPool

SECONDS = 10
MEMORY = 1 << 30
WAITING = 32 << 20
"""Bytes of files that wait for a reader at most, so that a thousand files need no more memory."""

_MOST_WORKERS = 4
_TOO_SLOW = f"读了 {SECONDS} 秒还没有读完,内容不正常。请用 Excel 或 WPS 打开另存后重新报送"
_CRASHED = "文件内容不正常,读取程序中止了。请用 Excel 或 WPS 打开另存后重新报送"
_TOO_BIG = "文件展开后太大,不像填报表。请删除多余的内容后重新报送"
_COSTLY = (_TOO_SLOW, _CRASHED, _TOO_BIG)
_AT_FAULT = (
    "读取程序在这台电脑上不能正常运行:连程序自带的样表也读不出来。这是程序的问题,不是报送文件的问题。"
    "没有隔离任何文件,台账没有改动。请再运行一次;还是这样,请重新安装本程序,"
    "并把这段话转给技术人员({system},Python {python})"
)

Reading = Callable[[], Submission]
"""Waits for a file that is being read; never raises for what is in the file.

Raises JobError where the program is at fault.
"""


class Readers:
    """A pool of readers; use it as a context."""

    def __init__(self, most: int = _MOST_WORKERS) -> None:
        from pebble import ProcessPool

        method = "fork" if sys.platform == "linux" else "spawn"
        self._pool: ProcessPool = ProcessPool(
            max_workers=min(os.cpu_count() or 1, most),
            initializer=_prepare,
            initargs=(MEMORY,),
            context=multiprocessing.get_context(method),
        )
        self._waiting = _Bytes(WAITING)
        self._sound = False

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
        reading = self._begin(file, data, sha256, received)

        def wait() -> Submission:
            submission = reading()
            if submission.unreadable in _COSTLY and not self._sound:
                _require_sound()
                self._sound = True
            return submission

        return wait

    def _begin(self, file: str, data: bytes, sha256: str, received: datetime) -> Reading:
        """Begin to read a file, whoever is at fault when that fails."""
        size = len(data)
        self._waiting.add(size)
        future = self._pool.schedule(_read, args=(file, data, sha256, received), timeout=SECONDS)
        future.add_done_callback(lambda _: self._waiting.remove(size))

        def wait() -> Submission:
            try:
                submission = _Parcel(io.BytesIO(future.result())).load()
            except TimeoutError:
                return Submission(file, sha256, received, _TOO_SLOW)
            except Exception:  # the worker died, or what it sent can't be understood
                return Submission(file, sha256, received, _CRASHED)
            if isinstance(submission, Submission) and submission.sha256 == sha256:
                return submission
            return Submission(file, sha256, received, _CRASHED)

        return wait


def _require_sound() -> None:
    """Read the sample in a fresh worker, in which no file was before; raises JobError if it can't be."""
    from xl_fzzf.sheets.sample import build_sample

    with Readers(1) as readers:
        sample = readers._begin("样表.xlsx", build_sample(), "", datetime(2019, 1, 1))()
    if sample.unreadable:
        raise JobError(_AT_FAULT.format(system=platform.system(), python=platform.python_version()))


class _Bytes:
    """How many bytes wait; adding waits until there is room, or nothing else waits."""

    def __init__(self, most: int) -> None:
        self._most, self._sum, self._changed = most, 0, threading.Condition()

    def add(self, size: int) -> None:
        with self._changed:
            self._changed.wait_for(lambda: not self._sum or self._sum + size <= self._most)
            self._sum += size

    def remove(self, size: int) -> None:
        with self._changed:
            self._sum -= size
            self._changed.notify_all()


class _Parcel(pickle.Unpickler):
    """What a worker sent: submissions and nothing else, for the worker had a hostile file in hand."""

    def find_class(self, module: str, name: str) -> Any:
        if (module == "datetime" or module.startswith("xl_fzzf.model.")) and "." not in name:
            found = super().find_class(module, name)  # a dotted name would reach further
            if isinstance(found, type) and found.__module__ == module:
                return found
        raise pickle.UnpicklingError(f"{module}.{name}")


def _prepare(memory: int) -> None:
    """What a worker does first: no more memory than this, and no word of a dying reader on screen."""
    limit_memory(memory)
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)


def _read(file: str, data: bytes, sha256: str, received: datetime) -> bytes:
    """A submission as it is sent; in pieces of its own, so that a bad one doesn't stop the pool."""
    from xl_fzzf.sheets.submission import read_submission

    try:
        return bytes(ForkingPickler.dumps(read_submission(file, data, sha256, received)))
    except MemoryError:
        reason = _TOO_BIG
    except BaseException:  # a panic of the reader is no Exception
        reason = _CRASHED
    return bytes(ForkingPickler.dumps(Submission(file, sha256, received, reason)))


def _send_as_arguments(kind: type[Any]) -> None:
    """Send a dataclass as the call that makes it: half the time of what pickle does by itself."""
    values = attrgetter(*(field.name for field in fields(kind)))
    ForkingPickler.register(kind, lambda item: (kind, values(item)))


def _send_as_value(kind: type[Enum]) -> None:
    """Send a member as its value: 3.11.2 would send a getattr, which no parcel may hold."""
    ForkingPickler.register(kind, lambda member: (kind, (member.value,)))


for _kind in (Record, Row, Marked):  # of each a file has hundreds
    _send_as_arguments(_kind)
for _choice in (Mark, Trait):
    _send_as_value(_choice)
