"""Receive a folder of returns: read each file, give it one verdict, keep its bytes."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path

from xl_fzzf.archive.originals import fingerprint, keep_original
from xl_fzzf.desk.arrival import NotReceivedError, last_changed, take_up
from xl_fzzf.desk.checking import CheckedFile, check_submission
from xl_fzzf.desk.progress import Progress, silent, watched
from xl_fzzf.desk.readers import Readers, Reading
from xl_fzzf.desk.workspace import received_files
from xl_fzzf.model.round import Round
from xl_fzzf.model.submission import Submission, Verdict

_WRITERS = 4


@dataclass(frozen=True, slots=True)
class Incoming:
    """A received file on its way: its submission is there when asked for, or why it is ignored."""

    name: str
    ignored: str
    reading: Reading


class Receiving:
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
        self._incoming: list[Incoming] = []
        self._kept: list[Future[Path]] = []
        self._writers = ThreadPoolExecutor(_WRITERS)  # the disk flushes while files are read

    def add(self, path: Path, name: str, ignored: str = "") -> None:
        """Begin to read one file, unless it is ignored; with an archive its bytes are kept, too."""
        reading = partial(_unread, path, name) if ignored else self._begin(path, name)
        self._incoming.append(Incoming(name, ignored, reading))

    def add_folder(self, folder: Path) -> None:
        """Begin to read every file in a folder."""
        for path, ignored in received_files(folder):
            self.add(path, str(path.relative_to(folder)), ignored)

    def submissions(self) -> list[Submission]:
        """What the files say, in the order in which they were added."""
        return [file.reading() for file in self._incoming]

    def finish(
        self,
        round_: Round,
        progress: Progress = silent,
        check: Callable[[Submission, Round], CheckedFile] = check_submission,
    ) -> list[CheckedFile]:
        """Every file with its own verdict, in the order in which they were added.

        `check` is given each submission and the round; returns are checked unless it says otherwise.
        Raises OSError where a file could not be archived.
        """
        checked = []
        for file in watched(self._incoming, progress, lambda file: file.name):
            submission = file.reading()
            if file.ignored:
                checked.append(CheckedFile(submission, Verdict.IGNORED, file.ignored))
            else:
                checked.append(check(submission, round_))
        self._writers.shutdown()
        for kept in self._kept:
            kept.result()
        return checked

    def _begin(self, path: Path, name: str) -> Reading:
        try:
            data, received = take_up(path)
        except NotReceivedError as error:
            return partial(_unread, path, name, str(error))
        sha256 = fingerprint(data)
        if self._archive is not None:
            kept = self._writers.submit(keep_original, self._archive, sha256, path.suffix, data)
            self._kept.append(kept)
        return self._readers.read(name, data, sha256, self._received(sha256, received))


def _unread(path: Path, name: str, reason: str = "") -> Submission:
    try:
        received = last_changed(path)
    except OSError:
        received = datetime.min
    return Submission(name, "", received, reason)
