"""档案: every received file as it came, every state of a master and of what went up, by content hash."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import datetime
from glob import escape
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


def keep_state(archive: Path, path: Path, data: bytes, at: datetime) -> Path:
    """Keep a file as it stood at a time, unless this very state is kept already; returns where."""
    sha256 = fingerprint(data)
    kept = find_state(archive, path, sha256)
    if kept is None:
        folder = archive / STATES
        make_folder(folder)
        kept = folder / f"{path.stem}_{at:%Y%m%d-%H%M%S}_{sha256[:_MARK]}{path.suffix}"
        write_whole(kept, data, READ_ONLY)
    return kept


def find_state(archive: Path, path: Path, sha256: str) -> Path | None:
    """Where a state of a file is kept, its bytes as they were."""
    copies = (archive / STATES).glob(f"{escape(path.stem)}_*_{sha256[:_MARK]}{path.suffix}")
    return next((c for c in sorted(copies) if fingerprint(c.read_bytes()) == sha256), None)


def folders(archive: Path) -> Iterator[Path]:
    """The folders in which the archive keeps files."""
    yield archive
    yield from archive.glob("*/")
    yield from (archive / ORIGINALS).glob("*/")
