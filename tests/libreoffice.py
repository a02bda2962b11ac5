"""A real LibreOffice for tests: open a workbook, type into it, recalculate, read, save, print."""

from __future__ import annotations

import datetime
import functools
import json
import os
import queue
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterable, Mapping
from contextlib import AbstractContextManager, suppress
from pathlib import Path
from typing import Any

WORKER = Path(__file__).resolve().with_name("libreoffice_worker.py")
LIMIT, QUIT_LIMIT = 60.0, 8.0  # seconds for one call; to end in peace
Typed = str | float | int | bool | datetime.date | None


class OfficeError(Exception):
    """LibreOffice refused, failed or took too long."""


@functools.cache
def python_with_uno() -> str | None:
    """Return a Python interpreter that can import ``uno``, or None."""
    for python in (sys.executable, "/usr/bin/python3"):
        with suppress(OSError, subprocess.SubprocessError):
            command = [python, "-I", "-c", "import uno"]
            subprocess.run(command, check=True, capture_output=True, timeout=30)
            return python
    return None


def available() -> bool:
    """Say whether LibreOffice can be driven on this machine."""
    return os.name == "posix" and bool(shutil.which("soffice") and python_with_uno())


def pages(pdf: str | Path, folder: str | Path, dpi: int = 60) -> list[Path]:
    """Draw the pages of a PDF into a new folder inside ``folder``; return them in order."""
    Path(folder).mkdir(parents=True, exist_ok=True)
    fresh = Path(tempfile.mkdtemp(prefix="pages-", dir=folder))
    command = ["pdftoppm", "-png", "-r", str(dpi), str(pdf), str(fresh / "page")]
    subprocess.run(command, check=True, timeout=LIMIT)
    return sorted(fresh.iterdir())


class _Worker:
    """``libreoffice_worker.py`` under a Python with ``uno``, and its LibreOffice; a process group."""

    def __init__(self, limit: float) -> None:
        if not available():
            raise OfficeError("no LibreOffice here, or no Python with the uno module")
        self.limit, self.alive = LIMIT, True
        self.folder = tempfile.mkdtemp(prefix="office-")
        environment = {k: v for k, v in os.environ.items() if not k.startswith(("LC_", "PYTHON"))}
        environment |= {"LC_ALL": "C.UTF-8", "SAL_USE_VCLPLUGIN": "svp", "TMPDIR": self.folder}
        self.process = subprocess.Popen(
            [python_with_uno() or "", "-I", str(WORKER), self.folder],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            encoding="utf-8",
            env=environment,
            start_new_session=True,
        )
        assert self.process.stdin and self.process.stdout
        self.requests, self.lines = self.process.stdin, self.process.stdout
        self.replies: queue.SimpleQueue[str] = queue.SimpleQueue()
        threading.Thread(target=self._read, daemon=True).start()
        self._reply("start")
        self.limit = limit

    def _read(self) -> None:
        """Queue the worker's lines, at its end an empty one."""
        with self.lines:
            for line in self.lines:
                self.replies.put(line)
        self.replies.put("")

    def call(self, op: str, **args: Any) -> Any:
        """Have one request answered within the time limit."""
        if not self.alive:
            raise OfficeError("this LibreOffice has ended; open the workbook again")
        with suppress(BrokenPipeError):  # told by the reply
            print(json.dumps([op, args]), file=self.requests, flush=True)
        return self._reply(op)

    def _reply(self, op: str) -> Any:
        """Return the result of the reply; anything else is an OfficeError."""
        try:
            line = self.replies.get(timeout=self.limit)
        except BaseException as error:  # Ctrl-C, too: no late reply may answer the next call
            self.stop(kill=True)
            if isinstance(error, queue.Empty):
                raise OfficeError(f"{op}: no answer in {self.limit:g} s, killed") from None
            raise
        if not line:
            self.stop(kill=True)
            raise OfficeError(f"{op}: LibreOffice has died or did not start")
        reply: dict[str, Any] = json.loads(line)
        if "error" in reply:
            raise OfficeError(f"{op}: {reply['error']}")
        return reply.get("result")

    def stop(self, *, kill: bool = False) -> None:
        """End the worker and LibreOffice, at first in peace unless ``kill``."""
        if not self.alive:
            return
        self.alive = False
        with suppress(OSError, subprocess.TimeoutExpired):
            if not kill:
                self.requests.close()
                self.process.wait(QUIT_LIMIT)
        with suppress(OSError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        with suppress(OSError):
            self.requests.close()
        shutil.rmtree(self.folder, ignore_errors=True)


class Office(AbstractContextManager["Office"]):
    """One LibreOffice, started when needed; a call longer than ``limit`` seconds kills it."""

    def __init__(self, limit: float = LIMIT) -> None:
        self._limit = limit
        self._worker: _Worker | None = None

    def __exit__(self, *exception: object) -> None:
        self.close()

    def close(self) -> None:
        """End LibreOffice."""
        if self._worker is not None:
            self._worker.stop()
            self._worker = None

    def open(self, path: str | Path) -> Workbook:
        """Open a workbook, macros and link updates off; formulas show the file's own results."""
        if not (path := Path(path).resolve()).is_file():
            raise OfficeError(f"open: no file {path}")
        if self._worker is None or not self._worker.alive:
            self._worker = _Worker(self._limit)
        return Workbook(self._worker, self._worker.call("open", path=str(path)))


class Workbook(AbstractContextManager["Workbook"]):
    """An open workbook; a context manager that closes it without saving.

    Cells and ranges are named as in Excel ("B2", "A1:C9"), rows are counted from 1, columns named
    by letter or counted from 1.  Edits other than typing unprotect the sheet, and leave it so.
    Rows and columns are inserted before, and deleted from, the one named.  Dates and truth values
    are read as numbers.
    """

    def __init__(self, worker: _Worker, number: int | None) -> None:
        self._worker, self._number = worker, number

    def __exit__(self, *exception: object) -> None:
        self.close()

    def _call(self, op: str, **args: Any) -> Any:
        if self._number is None:
            raise OfficeError("the workbook is closed")
        return self._worker.call(op, book=self._number, **args)

    def close(self) -> None:
        """Close without saving; a second time does nothing."""
        if self._number is not None and self._worker.alive:
            self._call("close")
        self._number = None

    @property
    def sheet_names(self) -> list[str]:
        """The names of all sheets in order, hidden ones too."""
        return list(self._call("sheet_names"))

    def type(self, sheet: str, cells: Mapping[str, Typed]) -> None:
        """Type values into cells as staff would; all or, if one is locked, none.

        Text stays text, but with a leading "=" is a formula in Excel's English notation.  Dates get
        a date format where there is none.  A cell with the format "@" takes everything as text.
        """
        sent = {
            name: {"date": value.isoformat()} if isinstance(value, datetime.date) else value
            for name, value in cells.items()
        }
        self._call("type", sheet=sheet, cells=sent)

    def key_in(self, sheet: str, cells: Mapping[str, str]) -> None:
        """Type as on a keyboard: what looks like a number, a date or a formula becomes one."""
        self._call("key_in", sheet=sheet, cells=dict(cells))

    def values(self, sheet: str, rng: str | None = None) -> list[list[float | str]]:
        """Return values, by default from A1 to the last content: float, text, "#N/A", ""."""
        return list(self._call("values", sheet=sheet, rng=rng))

    def formulas(self, sheet: str, rng: str | None = None) -> list[list[str]]:
        """Return formulas in Excel's English notation with the "=", and "" for other cells."""
        return list(self._call("formulas", sheet=sheet, rng=rng))

    def recalculate(self) -> None:
        """Calculate every formula anew, whatever the file had stored."""
        self._call("recalculate")

    def sort(self, sheet: str, rng: str, column: int, descending: bool = False) -> None:
        """Sort the rows of a range (without header) by its ``column``, the first being 0."""
        self._call("sort", sheet=sheet, rng=rng, column=column, descending=descending)

    def insert_rows(self, sheet: str, row: int, count: int = 1) -> None:
        self._lines(sheet, "Rows", "insertByIndex", row - 1, count)

    def delete_rows(self, sheet: str, row: int, count: int = 1) -> None:
        self._lines(sheet, "Rows", "removeByIndex", row - 1, count)

    def insert_columns(self, sheet: str, column: int | str, count: int = 1) -> None:
        self._lines(sheet, "Columns", "insertByIndex", _column(column), count)

    def delete_columns(self, sheet: str, column: int | str, count: int = 1) -> None:
        self._lines(sheet, "Columns", "removeByIndex", _column(column), count)

    def _lines(self, sheet: str, axis: str, method: str, at: int, count: int) -> None:
        self._call("lines", sheet=sheet, axis=axis, method=method, at=at, count=count)

    def move_range(self, sheet: str, source: str, target: str) -> None:
        """Cut a range and paste it with its first cell at ``target``, on the same sheet."""
        self._call("move_range", sheet=sheet, source=source, target=target)

    def set_hidden(self, sheet: str, rows: Iterable[int], hidden: bool = True) -> None:
        """Hide rows, or show them again."""
        self._call("set_hidden", sheet=sheet, rows=[row - 1 for row in rows], hidden=hidden)

    def rename_sheet(self, old: str, new: str) -> None:
        """Rename a sheet; formulas follow."""
        self._call("rename_sheet", old=old, new=new)

    def move_sheet(self, name: str, index: int) -> None:
        """Move a sheet to a place among the sheets, the first being 0."""
        self._call("move_sheet", name=name, index=index)

    def print_whole(self, name: str) -> None:
        """Have all of a sheet printed that holds anything."""
        self._call("print_whole", name=name)

    def save_as(self, path: str | Path) -> None:
        """Write a copy as .xlsx, .xls or .ods by the suffix; over the file it came from, too."""
        self._call("save", path=str(Path(path).resolve()))

    def to_pdf(self, path: str | Path, pages: str = "") -> None:
        """Print the workbook, or some pages ("1-3"), into a PDF; the path must end in .pdf."""
        self._call("save", path=str(Path(path).resolve()), pages=pages)


def _column(column: int | str) -> int:
    """Return a column, a letter or counted from 1, counted from 0."""
    if isinstance(column, int):
        return column - 1
    return functools.reduce(lambda n, c: n * 26 + ord(c) - 64, column.upper(), 0) - 1
