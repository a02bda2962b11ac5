"""The ledger's SQLite file: opened, migrated, and replaced where it is broken."""

from __future__ import annotations

import sqlite3
import sys
from datetime import datetime
from pathlib import Path

from xl_fzzf.archive.errors import LedgerError
from xl_fzzf.archive.schema import MIGRATIONS, TABLES
from xl_fzzf.archive.storage import set_aside

_PATIENCE = 10.0
"""Seconds to wait while another process holds the file."""

_UNUSABLE = {"BUSY", "LOCKED", "READONLY", "IOERR", "CANTOPEN", "FULL", "PERM", "PROTOCOL", "NOLFS"}
"""SQLite's errors that lie in the place or the moment; all others mean a broken file."""


def connect(path: Path) -> tuple[sqlite3.Connection, str]:
    """An open ledger that can be written, and what had to be done for it, in Chinese.

    A broken file is kept aside and begun anew. Where SQLite can't work at all the ledger is in
    memory, for this run. Raises LedgerError where a newer program wrote it.
    """
    try:
        return _open(path, "WAL"), ""
    except sqlite3.Error as error:
        reason = f"{error}"
        if _is(error, "BUSY", "LOCKED", "FULL"):
            return _in_memory(reason)
        mode = "DELETE" if _is(error, *_UNUSABLE) else "WAL"
    try:
        aside = _put_aside(path)
        connection = _open(path, mode)
    except (sqlite3.Error, OSError):
        return _in_memory(reason)
    return (
        connection,
        f"报送档案“{path.name}”打不开({reason}),已改名为“{aside}”保留" if aside else "",
    )


def _open(path: Path, mode: str) -> sqlite3.Connection:
    connection = sqlite3.connect(path, timeout=_PATIENCE, isolation_level=None)
    try:
        _prepare(connection, "DELETE" if _is_remote(path) else mode)
    except BaseException:
        connection.close()
        raise
    return connection


def _prepare(connection: sqlite3.Connection, mode: str) -> None:
    version: int = connection.execute("PRAGMA user_version").fetchone()[0]
    if version > len(MIGRATIONS):
        raise LedgerError("报送档案是更新版本的程序写的,请更新本程序后再运行(没有改动)")
    if version == 0:  # later on the file keeps the mode in which it works
        connection.execute("PRAGMA page_size=16384")  # a record's row is long
        connection.execute(f"PRAGMA journal_mode={mode}")
    connection.execute("PRAGMA cache_size=-20000")  # KiB: a whole run, so that nothing spills
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("PRAGMA foreign_keys=ON")
    for number, script in enumerate(MIGRATIONS[version:], version + 1):
        connection.executescript(f"BEGIN IMMEDIATE;{script};PRAGMA user_version={number};COMMIT")
    for table in TABLES:
        connection.execute(f"SELECT 1 FROM {table} LIMIT 0")
    (verdict,) = connection.execute("PRAGMA quick_check(1)").fetchone()
    if verdict != "ok":
        raise sqlite3.DatabaseError(verdict)


def _is(error: sqlite3.Error, *names: str) -> bool:
    code = getattr(error, "sqlite_errorname", "").removeprefix("SQLITE_")
    return code.split("_")[0] in names


def _put_aside(path: Path) -> str:
    """Rename the ledger's files; returns the new name, "" where there was none."""
    aside = path.with_name(f"{path.stem}_已损坏_{datetime.now():%Y%m%d-%H%M%S-%f}{path.suffix}")
    for ending in ("-wal", "-shm", "-journal", ""):
        set_aside(Path(f"{path}{ending}"), Path(f"{aside}{ending}"))
    return aside.name if aside.exists() else ""


def _in_memory(reason: str) -> tuple[sqlite3.Connection, str]:
    words = f"报送档案的索引用不了({reason}),这次按“档案/运行”里的记录重新建立,下次运行再存盘"
    return _open(Path(":memory:"), "MEMORY"), words


def _is_remote(path: Path) -> bool:
    """Whether a file lies on a network drive of Windows, where WAL's shared memory can't work."""
    if sys.platform != "win32":
        return False
    import ctypes

    return ctypes.windll.kernel32.GetDriveTypeW(path.absolute().anchor) == _DRIVE_REMOTE


_DRIVE_REMOTE = 4
