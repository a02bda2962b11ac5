"""Files written whole or not at all, by the system's own calls: a crash leaves old or new, never half."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

_BESIDE, _ENDING = ".~", ".tmp"
PLAIN, READ_ONLY = 0o644, 0o444


def write_whole(path: Path, data: bytes, mode: int = PLAIN) -> None:
    """Replace a file by new bytes: beside it, flushed to disk, then renamed over it.

    Raises OSError and leaves the old file as it was if any step fails.
    """
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=_BESIDE, suffix=_ENDING)
    try:
        _fill(handle, data)
        with suppress(PermissionError):  # a share that knows no modes
            os.chmod(name, mode)  # noqa: PTH101
        os.replace(name, path)  # noqa: PTH105
    except BaseException:
        with suppress(OSError):  # the next run cleans up
            os.unlink(name)  # noqa: PTH108
        raise
    _flush_folder(path.parent)


def _fill(handle: int, data: bytes) -> None:
    try:
        left = memoryview(data)
        while left:
            left = left[os.write(handle, left) :]
        os.fsync(handle)
    finally:
        os.close(handle)


def make_folder(folder: Path) -> None:
    """Make a folder and those above it, so that they outlast a power failure."""
    if folder.is_dir():
        return
    if folder.parent != folder:
        make_folder(folder.parent)
    try:
        os.mkdir(folder)  # noqa: PTH102
    except FileExistsError:
        if not folder.is_dir():
            raise
    _flush_folder(folder.parent)


def refuse_unwritable(folder: Path) -> None:
    """Raise OSError where no file can be made in a folder; permissions don't tell on every system."""
    handle, name = tempfile.mkstemp(dir=folder, prefix=_BESIDE, suffix=_ENDING)
    os.close(handle)
    os.unlink(name)  # noqa: PTH108


def clear_leftovers(folders: Iterable[Path]) -> None:
    """Remove what a crash left of `write_whole` in these folders."""
    for folder in folders:
        for leftover in folder.glob(f"{_BESIDE}*{_ENDING}"):
            with suppress(OSError):
                os.unlink(leftover)  # noqa: PTH108


def _flush_folder(folder: Path) -> None:
    if os.name == "nt":  # Windows can't open a folder to flush it
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
