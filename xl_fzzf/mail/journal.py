"""The journal of what came in: one JSON line for each mail, written when its files are safe on disk."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from xl_fzzf.storage import make_folder


@dataclass(frozen=True, slots=True)
class Filed:
    """A file that came in: its hash, where it was put (below the workspace; "" for nowhere), and why."""

    name: str
    sha256: str
    size: int
    place: str
    verdict: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """A mail that came in. `key` is its place in the mailbox, or its file's name; times are ISO."""

    key: str
    sha256: str
    message_id: str
    sender: str
    unit: str
    subject: str
    sent: str
    arrived: str
    collected: str
    verdict: str = ""
    is_mail: bool = False
    files: tuple[Filed, ...] = field(default_factory=tuple)


class Journal:
    """The journal's file; a line that a crash cut short is passed over."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def __iter__(self) -> Iterator[Entry]:
        if not self._path.exists():
            return
        for line in self._path.read_bytes().splitlines():
            try:
                yield _entry(json.loads(line))
            except (ValueError, TypeError, KeyError):
                continue

    def append(self, entry: Entry) -> None:
        """Add an entry; on disk when this returns."""
        make_folder(self._path.parent)
        with self._path.open("a+b") as file:
            file.seek(0, os.SEEK_END)
            if file.tell():
                file.seek(-1, os.SEEK_END)
                if file.read(1) != b"\n":
                    file.write(b"\n")
            line = json.dumps(asdict(entry), ensure_ascii=False)
            # Half characters, as hostile names may have them, become JSON's own escapes.
            file.write(line.encode("utf-8", "backslashreplace") + b"\n")
            file.flush()
            os.fsync(file.fileno())


def _entry(plain: Mapping[str, Any]) -> Entry:
    return Entry(**{**plain, "files": tuple(Filed(**filed) for filed in plain["files"])})
