"""Take in files that came: each is read in a process of its own, and its bytes are kept."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime
from functools import partial
from pathlib import Path

from xl_fzzf.archive.originals import fingerprint, keep_original
from xl_fzzf.desk.arrival import NotReceivedError, last_changed, take_up
from xl_fzzf.desk.progress import Progress, silent, watched
from xl_fzzf.desk.readers import Readers, Reading
from xl_fzzf.desk.workspace import received_files
from xl_fzzf.model.submission import Submission

_WRITERS = 4


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
        self._readings: list[tuple[str, Reading]] = []
        self._kept: list[Future[Path]] = []
        self._writers = ThreadPoolExecutor(_WRITERS)  # the disk flushes while files are read

    def add(self, path: Path, name: str, ignored: str = "") -> None:
        """Begin to read one file, unless it is ignored; with an archive its bytes are kept, too."""
        reading = partial(_unread, path, name, "", ignored) if ignored else self._begin(path, name)
        self._readings.append((name, reading))

    def add_folder(self, folder: Path) -> None:
        """Begin to read every file in a folder."""
        for path, ignored in received_files(folder):
            self.add(path, str(path.relative_to(folder)), ignored)

    def submissions(self, progress: Progress = silent) -> Iterator[Submission]:
        """What the files say, each as soon as it is read, in the order in which they were added.

        Raises OSError where a file could not be archived.
        """
        for _, reading in watched(self._readings, progress, lambda file: file[0]):
            yield reading()
        self._writers.shutdown()
        for kept in self._kept:
            kept.result()

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


def _unread(path: Path, name: str, reason: str, ignored: str = "") -> Submission:
    try:
        received = last_changed(path)
    except OSError:
        received = datetime.min
    return Submission(name, "", received, reason, ignored=ignored)
