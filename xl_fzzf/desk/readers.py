"""Readers: the workers in which received files are read; nothing of one is read in the process that writes.

A file that costs its worker gets a verdict of its own, and the run goes on.

Whose fault it is, a sample of our own tells: the first file that costs its worker has it read in a fresh
one. Where that fails as well the program is at fault; the run stops, and no file is blamed. Counting
files would not tell: two hostile ones may be all that came, and scans are refused without a fault.
"""

from __future__ import annotations

import platform
from collections.abc import Callable
from datetime import datetime

from xl_fzzf.desk.errors import JobError
from xl_fzzf.desk.workers import Cost, WorkerError, Workers
from xl_fzzf.model.record import ErrorCell, Record
from xl_fzzf.model.submission import (
    ListContent,
    Mark,
    Marked,
    Row,
    SheetContent,
    Submission,
    Trait,
)

SECONDS = 10
PARTS = (SheetContent, ListContent, Row, Record, Marked, Mark, Trait, ErrorCell)
"""The classes of which a submission is made."""

_MOST_WORKERS = 4
_COSTS = {
    Cost.SLOW: f"读了 {SECONDS} 秒还没有读完，内容不正常。请用 Excel 或 WPS 打开另存后重新报送",
    Cost.CRASHED: "文件内容不正常，读取程序中止了。请用 Excel 或 WPS 打开另存后重新报送",
    Cost.BIG: "文件展开后太大，不像填报表。请删除多余的内容后重新报送",
}
_AT_FAULT = (
    "读取程序在这台电脑上不能正常运行：连程序自带的样表也读不出来。这是程序的问题，不是报送文件的问题。"
    "没有隔离任何文件，台账没有改动。请再运行一次；还是这样，请重新安装本程序，"
    "并把这段话转给技术人员（{system}，Python {python}）"
)

Awaited = Callable[[], Submission]
"""Waits for a file that is being read; never raises for what is in the file.

Raises JobError where the program is at fault.
"""


class Readers(Workers[Submission]):
    """A pool of readers; use it as a context."""

    def __init__(self, most: int = _MOST_WORKERS) -> None:
        super().__init__(Submission, PARTS, most)
        self._sound = False

    def read(self, file: str, data: bytes, sha256: str, received: datetime) -> Awaited:
        """Begin to read a file; call what is returned for the submission."""
        reading = self.begin(SECONDS, _read, file, data, sha256, received)

        def wait() -> Submission:
            try:
                submission = reading()
                if submission.sha256 != sha256:
                    raise WorkerError(Cost.CRASHED)
                return submission
            except WorkerError as error:
                if not self._sound:
                    _require_sound()
                    self._sound = True
                return Submission(file, sha256, received, _COSTS[error.cost])

        return wait


def _require_sound() -> None:
    """Read the sample in a fresh worker, in which no file was before; raises JobError if it can't be."""
    from xl_fzzf.sheets.sample import build_sample

    with Readers(1) as readers:
        reading = readers.begin(
            SECONDS, _read, "样表.xlsx", build_sample(), "", datetime(2019, 1, 1)
        )
        try:
            sound = not reading().unreadable
        except WorkerError:
            sound = False
    if not sound:
        raise JobError(_AT_FAULT.format(system=platform.system(), python=platform.python_version()))


def _read(file: str, data: bytes, sha256: str, received: datetime) -> Submission:
    from xl_fzzf.sheets.submission import read_submission

    return read_submission(file, data, sha256, received)
