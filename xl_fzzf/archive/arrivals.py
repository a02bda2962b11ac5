"""The journals of what `collect` took in: one JSON file each, written whole, never changed.

Each is on disk before the mailbox is told that its mail is safe.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from datetime import datetime
from pathlib import Path

from xl_fzzf.archive.journal import FORMAT, JournalError, find_journals, naming
from xl_fzzf.archive.storage import READ_ONLY, make_folder, write_whole
from xl_fzzf.model.cell_json import dump, load
from xl_fzzf.model.collected import Collected, Fate, Filed

_FOLDER = "收件"


def find_arrivals(archive: Path) -> Iterator[tuple[int, Path]]:
    """Every such journal by its number, the first one first."""
    return find_journals(archive, _FOLDER)


def write_arrival(archive: Path, number: int, item: Collected) -> Path:
    """Write the journal of what was collected; on disk when this returns; raises OSError."""
    folder = archive / _FOLDER
    make_folder(folder)
    path = folder / f"{number:06d}_{item.collected:%Y%m%d-%H%M%S}.json"
    moments = {"arrived": item.arrived.isoformat(), "collected": item.collected.isoformat()}
    plain = {"format": FORMAT, **asdict(item), **moments}
    write_whole(path, f"{dump(plain)}\n".encode(), READ_ONLY)
    return path


def read_arrival(path: Path) -> Collected:
    """What a journal tells; raises JournalError."""
    with naming("收件记录", path):
        plain = load(path.read_bytes())
        if plain.pop("format") > FORMAT:
            raise JournalError(f"收件记录“{path.name}”是更新版本的程序写的,请更新本程序")
        moments = {name: datetime.fromisoformat(plain[name]) for name in ("arrived", "collected")}
        files = tuple(Filed(**{**filed, "fate": Fate(filed["fate"])}) for filed in plain["files"])
        return Collected(**{**plain, **moments, "files": files})
