"""What is on the disk after a power failure: of what was not flushed, nothing, half, or names alone."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from pathlib import Path

from tests.faults.injecting import Step

LOST = "nothing unflushed is left"
NAMES_ONLY = "names are left, unflushed contents are empty"
HALF = "names are left, unflushed contents are half"
WAYS = (LOST, NAMES_ONLY, HALF)


class Inode:
    """A file's bytes as programs see them, and as they are safe on the disk."""

    def __init__(self, data: bytes = b"", safe: bytes | None = None) -> None:
        self.data, self.safe = data, safe

    def left(self, way: str) -> bytes:
        if self.data == self.safe:
            return self.data
        rest = self.data[len(self.safe or b"") :] if way == HALF else b""
        return (self.safe or b"") + rest[: len(rest) // 2]


class Disk:
    """The files of a folder, to which the steps of a run are done again."""

    def __init__(self, root: Path) -> None:
        self.names = {
            p: Inode(p.read_bytes(), p.read_bytes()) for p in root.rglob("*") if p.is_file()
        }
        self.folders = {p for p in root.rglob("*") if p.is_dir()} | {root}
        self.safe_names, self.safe_folders = dict(self.names), set(self.folders)

    def do(self, step: Step) -> None:
        """One step of `injecting.Watch`."""
        path = Path(step.path)
        if step.act == "create":
            self.names.setdefault(path, Inode())
        elif step.act == "write":
            self.names[path].data += bytes.fromhex(step.more)
        elif step.act == "replace":
            self.names[Path(step.more)] = self.names.pop(path)
        elif step.act == "unlink":
            del self.names[path]
        elif step.act == "mkdir":
            self.folders.add(path)
        elif step.act == "fsync":
            self._flush(path)

    def _flush(self, path: Path) -> None:
        if path not in self.folders:
            self.names[path].safe = self.names[path].data
            return
        self.safe_folders |= {folder for folder in self.folders if folder.parent == path}
        self.safe_names = {p: i for p, i in self.safe_names.items() if p.parent != path} | {
            p: i for p, i in self.names.items() if p.parent == path
        }

    def after_power_failure(self, way: str) -> dict[Path, bytes]:
        """The files that are there when the machine starts again."""
        names, folders = (
            (self.safe_names, self.safe_folders) if way == LOST else (self.names, self.folders)
        )
        return {path: inode.left(way) for path, inode in names.items() if path.parent in folders}


def lay_out(files: dict[Path, bytes], root: Path, place: Path, kept: Iterable[Path]) -> None:
    """Write a disk's files, which stood below `root`, below another folder; `kept` are copied."""
    for path, data in files.items():
        target = place / path.relative_to(root)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)
    for path in kept:
        shutil.copy2(path, place / path.relative_to(root))
