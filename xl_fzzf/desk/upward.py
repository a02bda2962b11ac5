"""Files of 上报: none is overwritten or removed before the archive has it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from xl_fzzf.archive.originals import keep_state
from xl_fzzf.archive.storage import make_folder, write_whole


@dataclass(frozen=True, slots=True)
class GaveWay:
    """A file that gave way to a newer one, by its path, and where the archive keeps it."""

    path: Path
    kept: Path


def put(archive: Path, path: Path, data: bytes) -> list[GaveWay]:
    """Write a file, once the one that stands there is kept; nothing is done where it is the same."""
    stood = path.read_bytes() if path.is_file() else None
    if stood == data:
        return []
    gone = [] if stood is None else [_keep(archive, path, stood)]
    make_folder(path.parent)
    write_whole(path, data)
    return gone


def take_away(archive: Path, path: Path) -> list[GaveWay]:
    """Remove a file, if it is there, once it is kept."""
    if not path.is_file():
        return []
    gone = _keep(archive, path, path.read_bytes())
    path.unlink()
    return [gone]


def _keep(archive: Path, path: Path, data: bytes) -> GaveWay:
    made = datetime.fromtimestamp(path.stat().st_mtime)
    return GaveWay(path, keep_state(archive, path, data, made))
