"""The ledger (报送档案): an index over the journals of all runs, in SQLite.

It is never the only place of anything: what it lacks is taken from the journals when it is opened.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from xl_fzzf.archive.arrivals import find_arrivals, write_arrival
from xl_fzzf.archive.database import connect
from xl_fzzf.archive.errors import LedgerError
from xl_fzzf.archive.index import add_to_index, catch_up
from xl_fzzf.archive.journal import (
    Beginning,
    decode_version,
    find_journals,
    read_beginning,
    write_beginning,
    write_journal,
)
from xl_fzzf.archive.latest import Key, Latest
from xl_fzzf.archive.rows import (
    COLLECTED,
    FILED,
    RECEIPT,
    RUN,
    WAIVER,
    insert_collected,
    insert_run,
    read_collected,
    read_receipt,
    read_run,
)
from xl_fzzf.model.collected import Collected
from xl_fzzf.model.record import Cell
from xl_fzzf.model.run import Job, Receipt, Run, Sent, Version
from xl_fzzf.model.submission import Verdict
from xl_fzzf.model.waivers import WaiverKey, Waivers

_NAME = "报送档案.sqlite"
_ALWAYS = 1 << 62
"""Beyond every run."""


class Ledger:
    """An open ledger; `notices` says in Chinese what had to be rebuilt and what can't be read."""

    def __init__(self, archive: Path, connection: sqlite3.Connection, notice: str = "") -> None:
        self._archive, self._connection = archive, connection
        self.notices = [notice] if notice else []

    @classmethod
    def open(cls, archive: Path) -> Ledger:
        """Open an archive's ledger and complete it; raises LedgerError."""
        ledger = cls(archive, *connect(archive / _NAME))
        try:
            ledger.notices += catch_up(ledger._connection, archive)
        except sqlite3.Error as error:
            raise _unreadable(error) from error
        return ledger

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    @property
    def next_number(self) -> int:
        """The number of the run that comes next."""
        last: int
        (last,) = self._query("SELECT ifnull(max(number), 0) FROM runs")[0]
        return 1 + max([last, *(number for number, _ in find_journals(self._archive))])

    @property
    def last_moment(self) -> datetime:
        """The latest time at which a run was made, whatever the clock says since."""
        (moment,) = self._query("SELECT max(at) FROM runs")[0]
        return datetime.fromisoformat(moment) if moment else datetime.min

    def begin(self, before: str, after: str) -> str:
        """Note that the next run is about to change a master; returns what it was before.

        That is another hash than the one given where a run that broke off has changed it already.
        """
        number = self.next_number
        began = read_beginning(self._archive)
        if began and (began.number, began.after) == (number, before):
            before = began.before
        write_beginning(self._archive, Beginning(number, before, after))
        return before

    def write_run(self, run: Run) -> None:
        """Keep a run: its journal first, which alone decides (OSError), then the index."""
        journal = write_journal(self._archive, run)
        self._index("runs", journal, lambda: insert_run(self._connection, run, journal.name))

    def write_collected(self, item: Collected) -> None:
        """Keep what `collect` took in: its journal first, which alone decides (OSError), then the index."""
        known: int
        (known,) = self._query("SELECT ifnull(max(number), 0) FROM collected")[0]
        number = 1 + max([known, *(number for number, _ in find_arrivals(self._archive))])
        journal = write_arrival(self._archive, number, item)
        name = journal.name
        self._index(
            "collected", journal, lambda: insert_collected(self._connection, number, item, name)
        )

    def collected(self, sha256: str = "") -> list[Collected]:
        """All that `collect` took in, or what brought the file of that hash; the first one first."""
        query = (
            f"SELECT number, {COLLECTED} FROM collected WHERE ? = '' OR number IN"
            " (SELECT collected FROM collected_files WHERE sha256 = ?) ORDER BY number"
        )
        files = f"SELECT {FILED} FROM collected_files WHERE collected = ? ORDER BY rowid"
        return [
            read_collected(row, self._query(files, (number,)))
            for number, *row in self._query(query, (sha256, sha256))
        ]

    def runs(self, period: str) -> list[Run]:
        """The runs of a period without their contents, the first one first."""
        query = f"SELECT {RUN} FROM runs WHERE period = ? ORDER BY number"
        return [read_run(row) for row in self._query(query, (period,))]

    def periods(self) -> list[str]:
        """The periods of which any run is known, by name."""
        return [period for (period,) in self._query("SELECT DISTINCT period FROM runs ORDER BY 1")]

    def changes(self, period: str) -> dict[int, int]:
        """How many records each run of a period changed."""
        query = "SELECT run, count(*) FROM records WHERE period = ? GROUP BY run"
        return dict(self._query(query, (period,)))

    def receipts(self, run: int) -> list[Receipt]:
        """The files that a run received."""
        query = f"SELECT {RECEIPT} FROM submissions WHERE run = ? ORDER BY rowid"
        return [read_receipt(row) for row in self._query(query, (run,))]

    def receipt(self, sha256: str, run: int = _ALWAYS) -> Receipt | None:
        """A file as the last run up to this one that took it received it."""
        query = (
            f"SELECT {RECEIPT} FROM submissions WHERE sha256 = ? AND run <= ?"
            " ORDER BY verdict = ? DESC, run DESC LIMIT 1"
        )
        rows = self._query(query, (sha256, run, Verdict.ACCEPTED))
        return read_receipt(rows[0]) if rows else None

    def first_received(self, sha256: str) -> datetime | None:
        """When these bytes were received for the first time: in a run, or by our own mail server."""
        query = "SELECT min(received) FROM submissions WHERE sha256 = ?"
        (moment,) = self._query(query, (sha256,))[0]
        arrived = [item.arrived.astimezone() for item in self.collected(sha256) if item.is_mail]
        moments = [moment.replace(tzinfo=None, microsecond=0) for moment in arrived]
        moments += [datetime.fromisoformat(moment)] if moment else []
        return min(moments, default=None)

    def versions(self, period: str, unit: str, indicator: str) -> list[Version]:
        """All versions of a record, the newest first."""
        query = (
            "SELECT content, run, replaced FROM records"
            " WHERE period = ? AND unit = ? AND indicator = ? ORDER BY run DESC"
        )
        rows = self._query(query, (period, unit, indicator))
        return [decode_version(*row) for row in rows]

    def latest(self, period: str, run: int = _ALWAYS, unit: str = "") -> Latest:
        """The records of a period, or of one unit in it, as a run left them; the last by default."""
        query = (
            "SELECT unit, indicator, content, max(run), replaced FROM records"
            " WHERE period = ? AND run <= ? AND (unit = ? OR ? = '') GROUP BY unit, indicator"
        )
        rows = self._query(query, (period, run, unit, unit))
        return Latest({(unit, code): tuple(rest) for unit, code, *rest in rows})

    def values(self, period: str) -> dict[Key, tuple[Cell, ...]]:
        """The entries of all records of a period as the last run left them."""
        latest = self.latest(period)
        return {key: latest[key].entries for key in latest}

    def waivers(self, period: str) -> Waivers:
        """The warnings that were accepted when the period was last consolidated."""
        query = (
            f"SELECT {WAIVER} FROM waivers WHERE run ="
            " (SELECT max(number) FROM runs WHERE period = ? AND job = ?) ORDER BY rowid"
        )
        rows = self._query(query, (period, Job.CONSOLIDATE))
        return {WaiverKey(*key): reason for *key, reason in rows}

    def last_submission(self, period: str, unit: str, but: str = "") -> Sent | None:
        """A unit's file that was last accepted, and what it said; `but` skips a hash.

        With `but` a rerun on a file that was accepted already finds the same one before it.
        """
        query = (
            f"SELECT run, {RECEIPT} FROM submissions JOIN runs ON number = run"
            " WHERE period = ? AND unit = ? AND verdict = ? AND sha256 <> ? AND output = ''"
            " ORDER BY run DESC LIMIT 1"
        )
        rows = self._query(query, (period, unit, Verdict.ACCEPTED, but))
        if not rows:
            return None
        run, receipt = rows[0][0], read_receipt(rows[0][1:])
        standing = self.latest(period, run, unit).values()
        records = {v.indicator: v.submitted for v in standing if v.sha256 == receipt.sha256}
        return Sent(receipt, run, records)

    def _query(self, sql: str, values: tuple[object, ...] = ()) -> list[tuple[Any, ...]]:
        """All rows; LedgerError where the file can't be read any more."""
        try:
            return self._connection.execute(sql, values).fetchall()
        except sqlite3.Error as error:
            raise _unreadable(error) from error

    def _index(self, table: str, journal: Path, insert: Callable[[], None]) -> None:
        """Take in a journal that was just written; what fails now is made good on the next opening."""
        try:
            add_to_index(self._connection, table, journal, insert)
        except sqlite3.Error as error:
            self.notices.append(f"报送档案的索引没有更新({error}),下次运行时自动补上")


def _unreadable(error: sqlite3.Error) -> LedgerError:
    return LedgerError(
        f"报送档案的索引读不出来({error})。请检查磁盘,再运行一次;还不行,"
        f"请把“档案/{_NAME}”移走,下次运行会按“档案/运行”和“档案/收件”里的记录重建"
    )
