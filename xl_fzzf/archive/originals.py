"""档案: every received file as it came, and every state of the master, by content hash, read-only."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from xl_fzzf.archive.storage import READ_ONLY, make_folder, write_whole

ORIGINALS, STATES = "原件", "备份"
_MARK = 12
"""Digits of the hash in the name of a kept state."""


def fingerprint(data: bytes) -> str:
    """The content hash by which a file is known (SHA-256, hex)."""
    return hashlib.sha256(data).hexdigest()


def keep_original(archive: Path, sha256: str, suffix: str, data: bytes) -> Path:
    """Keep received bytes under their hash, unless they are kept already; returns where."""
    folder = archive / ORIGINALS / sha256[:2]
    plain = suffix[1:].isascii() and suffix[1:].isalnum()
    path = folder / f"{sha256}{suffix.lower() if plain else ''}"
    if not path.exists():
        make_folder(folder)
        write_whole(path, data, READ_ONLY)
    return path


def find_original(archive: Path, sha256: str) -> Path | None:
    """Where received bytes are kept."""
    found = sorted((archive / ORIGINALS / sha256[:2]).glob(f"{sha256}*")) if sha256 else []
    return found[0] if found else None


def keep_state(archive: Path, path: Path, data: bytes, now: datetime) -> None:
    """Keep a master as it is, unless this very state is kept already."""
    sha256 = fingerprint(data)
    if find_state(archive, path, sha256) is None:
        folder = archive / STATES
        make_folder(folder)
        name = f"{path.stem}_{now:%Y%m%d-%H%M%S}_{sha256[:_MARK]}{path.suffix}"
        write_whole(folder / name, data, READ_ONLY)


def find_state(archive: Path, path: Path, sha256: str) -> Path | None:
    """Where a state of a master is kept, its bytes as they were."""
    copies = (archive / STATES).glob(f"{path.stem}_*_{sha256[:_MARK]}{path.suffix}")
    return next((c for c in sorted(copies) if fingerprint(c.read_bytes()) == sha256), None)


def folders(archive: Path) -> Iterator[Path]:
    """The folders in which the archive keeps files."""
    yield archive
    yield from archive.glob("*/")
    yield from (archive / ORIGINALS).glob("*/")
