"""Save a master: its states kept, and a file beside it where another program holds it open."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from xl_fzzf.archive.ledger import Ledger
from xl_fzzf.archive.originals import fingerprint, keep_state
from xl_fzzf.archive.storage import write_whole
from xl_fzzf.desk.errors import JobError
from xl_fzzf.desk.holding import Holder, find_holder
from xl_fzzf.desk.master import Master
from xl_fzzf.sheets.origins import Origins, write_origins


@dataclass(frozen=True, slots=True)
class Saved:
    """What a save came to: the master's hashes, and what holds it if `output` is a file beside it."""

    output: Path
    before: str
    after: str
    holder: Holder | None = None


def save(
    master: Master,
    ledger: Ledger,
    now: datetime,
    origins: Origins | None = None,
    aside: bool = False,
) -> Saved:
    """Keep the master as it is on disk, write it whole, and keep it as it is then.

    A master that is open in another program is not touched: the result goes into a dated file
    beside it if `aside`, or JobError is raised.
    """
    if origins is not None:
        write_origins(master.book, origins, master.origins)
    path, archive = master.workspace.master, master.workspace.archive
    stood, data = path.read_bytes(), master.book.pack()
    keep_state(archive, path, stood, now)
    before = after = fingerprint(stood)
    holder = None if master.book.live else find_holder(path)
    if holder is None:
        after = fingerprint(data)
        before = ledger.begin(before, after)
        holder = _write(master)
    if holder is None:
        if master.book.live:  # Excel has written the file, in its own way
            data = path.read_bytes()
            after = fingerprint(data)
        keep_state(archive, path, data, now)
        return Saved(path, before, after)
    if not aside:
        raise JobError(f"“{path.name}”{holder}")
    output = path.with_name(f"{path.stem} 汇总结果 {now:%Y%m%d-%H%M%S}{path.suffix}")
    write_whole(output, data)
    return Saved(output, fingerprint(stood), fingerprint(stood), holder)


def bring_back(master: Master, ledger: Ledger, data: bytes, now: datetime) -> Saved:
    """Put a kept state in the place of a master, which is kept as well; JobError if it is open."""
    path, archive = master.workspace.master, master.workspace.archive
    before = ""
    if path.exists():
        stood = path.read_bytes()
        keep_state(archive, path, stood, now)
        before = fingerprint(stood)
    before = ledger.begin(before, fingerprint(data))
    try:
        write_whole(path, data)
    except PermissionError:
        raise JobError(f"“{path.name}”{Holder()}") from None
    return Saved(path, before, fingerprint(data))


def _write(master: Master) -> Holder | None:
    try:
        master.book.save()
    except PermissionError:  # Windows: the file is open in a program that left no lock file
        return Holder()
    return None
