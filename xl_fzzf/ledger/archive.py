"""档案: every received file as it came, by content hash, read-only; and the master's backups."""

from __future__ import annotations

import hashlib
from datetime import datetime
from pathlib import Path

from xl_fzzf.storage import write_whole

_ORIGINALS, _BACKUPS = "原件", "备份"


def fingerprint(data: bytes) -> str:
    """The content hash by which a file is known (SHA-256, hex)."""
    return hashlib.sha256(data).hexdigest()


def keep_original(archive: Path, sha256: str, suffix: str, data: bytes) -> Path:
    """Keep received bytes under their hash, unless they are kept already; returns where."""
    folder = archive / _ORIGINALS / sha256[:2]
    path = folder / f"{sha256}{_plain_suffix(suffix)}"
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        write_whole(path, data)
        path.chmod(0o444)
    return path


def back_up(archive: Path, path: Path, data: bytes, now: datetime) -> Path | None:
    """Keep the master as it is before it changes; None where this very state is kept already."""
    folder = archive / _BACKUPS
    folder.mkdir(parents=True, exist_ok=True)
    mark = fingerprint(data)[:12]
    if any(folder.glob(f"{path.stem}_*_{mark}{path.suffix}")):
        return None
    copy = folder / f"{path.stem}_{now:%Y%m%d-%H%M%S}_{mark}{path.suffix}"
    write_whole(copy, data)
    return copy


def _plain_suffix(suffix: str) -> str:
    return suffix.lower() if suffix[1:].isascii() and suffix[1:].isalnum() else ""
