"""Take journals into the ledger's tables, each whole and once."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path

from xl_fzzf.archive.arrivals import find_arrivals, read_arrival
from xl_fzzf.archive.journal import JournalError, find_journals, read_journal
from xl_fzzf.archive.rows import insert_collected, insert_run


def catch_up(connection: sqlite3.Connection, archive: Path) -> list[str]:
    """Take in the journals that the ledger does not know: after a crash, or if it was lost.

    Returns in Chinese what was done, and which can't be read; raises sqlite3.Error.
    """
    notices: list[str] = []

    def take_run(_: int, path: Path) -> None:
        insert_run(connection, read_journal(path), path.name)

    def take_arrival(number: int, path: Path) -> None:
        insert_collected(connection, number, read_arrival(path), path.name)

    runs = _take_in(connection, "runs", find_journals(archive), take_run, notices)
    if runs:
        notices.append(f"报送档案已按“档案/运行”里的记录补上 {runs} 次运行")
    arrivals = _take_in(connection, "collected", find_arrivals(archive), take_arrival, notices)
    if arrivals:
        notices.append(f"报送档案已按“档案/收件”里的记录补上 {arrivals} 件来件")
    return notices


def add_to_index(
    connection: sqlite3.Connection, table: str, journal: Path, insert: Callable[[], None]
) -> None:
    """Take in one journal whole or not at all; raises sqlite3.Error, or what `insert` raises."""
    execute = connection.execute
    execute("BEGIN IMMEDIATE")
    try:
        query = f"SELECT 1 FROM {table} WHERE journal = ?"
        if not execute(query, (journal.name,)).fetchone():  # another process may just have done it
            insert()
        execute("COMMIT")
    except BaseException:
        execute("ROLLBACK")
        raise


def _take_in(
    connection: sqlite3.Connection,
    table: str,
    journals: Iterable[tuple[int, Path]],
    take: Callable[[int, Path], None],
    notices: list[str],
) -> int:
    """Take in the journals that a table lacks; returns how many there were."""
    known = {name for (name,) in connection.execute(f"SELECT journal FROM {table}")}
    taken = 0
    for number, path in journals:
        if path.name in known:
            continue
        try:
            add_to_index(connection, table, path, partial(take, number, path))
            taken += 1
        except JournalError as error:
            notices.append(str(error))
        except sqlite3.Error as error:
            notices.append(f"记录“{path.name}”没有收进报送档案({error})")
    return taken
