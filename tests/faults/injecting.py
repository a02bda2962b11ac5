"""Faults at the steps by which a run changes the disk, injected into a process of its own.

Every write, flush, rename, folder, mode and removal below a folder is a step. At one of them the
process is killed, or the system reports an error, after half of what was to be written.
"""

from __future__ import annotations

import errno
import os
import signal
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

KILL = "kill -9"
ENOSPC, EIO, EROFS = "ENOSPC", "EIO", "EROFS"
FINE, REPORTED, CRASHED, KILLED = 0, 2, 3, -signal.SIGKILL


class Step(NamedTuple):
    """One change of the disk: what was done, to which file, with which bytes or new name."""

    act: str
    path: str
    more: Any = None


class Watch:
    """Counts the steps below a folder, and has one of them go wrong."""

    def __init__(self, root: Path, at: int = 0, fault: str = "") -> None:
        self.root, self.at, self.fault = str(root), at, fault
        self.steps: list[Step] = []
        self._lock = threading.RLock()
        self._files: dict[int, str] = {}

    def install(self) -> None:
        """Take the place of the system's calls, for the rest of this process."""
        opened, closed, written = os.open, os.close, os.write

        def open_(path: Any, flags: int, mode: int = 0o777, **more: Any) -> int:
            ours = self._below(path)
            if ours and flags & os.O_CREAT:
                self._step(Step("create", str(path)))
            handle = opened(path, flags, mode, **more)
            if ours:
                self._files[handle] = str(path)
            return handle

        def close(handle: int) -> None:
            self._files.pop(handle, None)
            closed(handle)

        def write(handle: int, data: Any) -> int:
            if handle not in self._files:
                return written(handle, data)
            half = memoryview(data)[: len(data) // 2]
            self._step(
                Step("write", self._files[handle], bytes(data)), lambda: written(handle, half)
            )
            return written(handle, data)

        for name, instead in (("open", open_), ("close", close), ("write", write)):
            setattr(os, name, instead)
        flushed = os.fsync

        def fsync(handle: int) -> None:
            if handle in self._files:
                self._step(Step("fsync", self._files[handle]))
            flushed(handle)

        setattr(os, "fsync", fsync)  # noqa: B010
        for name in ("replace", "mkdir", "unlink", "chmod"):
            setattr(os, name, self._watched(name, getattr(os, name)))

    def _watched(self, name: str, call: Callable[..., Any]) -> Callable[..., Any]:
        def watched(path: Any, *more: Any, **named: Any) -> Any:
            if self._below(path):
                self._step(Step(name, str(path), str(more[0]) if more else None))
            return call(path, *more, **named)

        return watched

    def _below(self, path: Any) -> bool:
        return isinstance(path, (str, os.PathLike)) and str(path).startswith(self.root)

    def _step(self, step: Step, partly: Callable[[], object] = lambda: None) -> None:
        with self._lock:
            self.steps.append(step)
            if len(self.steps) != self.at:
                return
            partly()
            if self.fault == KILL:
                os.kill(os.getpid(), signal.SIGKILL)
            number = getattr(errno, self.fault)
            raise OSError(number, os.strerror(number), step.path)


def in_child(job: Callable[[], object], expected: tuple[type[BaseException], ...]) -> int:
    """Run a job in a process of its own; how it ended: FINE, REPORTED, CRASHED or KILLED."""
    child = os.fork()
    if child:
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    code = CRASHED
    try:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
        job()
        code = FINE
    except expected:
        code = REPORTED
    finally:
        os._exit(code)
