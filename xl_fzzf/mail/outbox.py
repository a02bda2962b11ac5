"""The outbox (发件箱): what is to be sent, on disk, to each recipient once and only once.

What is about to be handed to the server is noted first. A crash from then on until the server's answer
is noted, too, leaves the delivery in doubt: only a person can tell whether it arrived.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from xl_fzzf.archive.storage import make_folder
from xl_fzzf.mail.errors import MailError
from xl_fzzf.mail.letter import message_id
from xl_fzzf.model.labelled import Labelled

_FIRST_WAIT, _LONGEST_WAIT = timedelta(minutes=5), timedelta(hours=6)
_ONE = "message_id=? AND recipient=?"
_SCHEMA = """
CREATE TABLE IF NOT EXISTS letters (
  message_id TEXT PRIMARY KEY, title TEXT NOT NULL, added TEXT NOT NULL, data BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS deliveries (
  message_id TEXT NOT NULL REFERENCES letters, recipient TEXT NOT NULL COLLATE NOCASE,
  state TEXT NOT NULL, attempts INTEGER NOT NULL DEFAULT 0, due TEXT NOT NULL,
  note TEXT NOT NULL DEFAULT '', changed TEXT NOT NULL, PRIMARY KEY (message_id, recipient));
"""


class State(Labelled):
    """How far a delivery has come."""

    QUEUED = "queued", "待发"
    SENDING = "sending", "正在发"
    SENT = "sent", "已发"
    FAILED = "failed", "被拒收"
    IN_DOUBT = "in_doubt", "不能确定是否发出"


@dataclass(frozen=True, slots=True)
class Delivery:
    """A letter on its way to one recipient; `note` is what the server said or what went wrong."""

    message_id: str
    title: str
    recipient: str
    state: State
    attempts: int
    due: datetime
    note: str
    changed: datetime


class Outbox:
    """An outbox file; one process at a time (the caller holds the workspace)."""

    def __init__(self, path: Path) -> None:
        try:
            self._connection = sqlite3.connect(path, isolation_level=None)
            self._connection.row_factory = sqlite3.Row
            self._connection.execute("PRAGMA synchronous=FULL")
            self._connection.executescript(_SCHEMA)
            self._set("state=? WHERE state=?", State.IN_DOUBT, State.SENDING)
        except sqlite3.Error as error:
            raise MailError(
                f"发件箱“{path}”打不开（{error}）。请确认磁盘没有满、文件没有被占用；"
                "如果文件已损坏，请把它改名保留后再运行，并核对邮箱的“已发送”，以免重发"
            ) from error

    @classmethod
    @contextmanager
    def opened(cls, path: Path) -> Iterator[Outbox]:
        """An outbox that is closed again."""
        make_folder(path.parent)
        outbox = cls(path)
        with closing(outbox._connection):
            yield outbox

    def add(self, data: bytes, title: str, recipients: Iterable[str], now: datetime) -> None:
        """Queue a letter; a recipient who has it, or may have it, does not get it again.

        A letter that reached nobody yet becomes what it is now, its recipients, too: someone may have
        edited the draft.
        """
        letter, moment = message_id(data), now.isoformat()
        to = sorted({recipient.lower() for recipient in recipients})
        out = "SELECT 1 FROM deliveries WHERE message_id=? AND state IN (?,?)"
        with self._whole() as connection:
            if not connection.execute(out, (letter, State.SENT, State.IN_DOUBT)).fetchone():
                gone = "message_id=? AND recipient NOT IN (SELECT value FROM json_each(?))"
                connection.execute(f"DELETE FROM deliveries WHERE {gone}", (letter, json.dumps(to)))
                connection.execute(
                    "INSERT INTO letters VALUES (?,?,?,?) "
                    "ON CONFLICT (message_id) DO UPDATE SET data=excluded.data",
                    (letter, title, moment, data),
                )
            connection.executemany(
                "INSERT OR IGNORE INTO deliveries (message_id, recipient, state, due, changed) VALUES (?,?,?,?,?)",
                [(letter, recipient, State.QUEUED, moment, moment) for recipient in to],
            )

    def data(self, letter: str) -> bytes:
        """The bytes of the letter with this Message-ID."""
        query = "SELECT data FROM letters WHERE message_id=?"
        found: bytes = self._connection.execute(query, (letter,)).fetchone()[0]
        return found

    def deliveries(self, *states: State) -> list[Delivery]:
        """Deliveries in these states, or all, in the order in which they were queued."""
        marks = ",".join("?" * len(states))
        where = f"WHERE state IN ({marks})" if states else ""
        rows = self._connection.execute(
            "SELECT message_id, title, recipient, state, attempts, due, note, changed "
            f"FROM deliveries JOIN letters USING (message_id) {where} "
            "ORDER BY letters.rowid, deliveries.rowid",
            states,
        )
        return [_delivery(row) for row in rows]

    def due(self, now: datetime) -> dict[str, list[str]]:
        """To whom each letter is to be sent now."""
        letters: dict[str, list[str]] = {}
        for delivery in self.deliveries(State.QUEUED):
            if delivery.due <= now:
                letters.setdefault(delivery.message_id, []).append(delivery.recipient)
        return letters

    def settle(self, letter: str, results: Mapping[str, tuple[State, str]], now: datetime) -> None:
        """Note how far a letter's deliveries are; one that is queued again waits longer each time."""
        with self._whole() as connection:
            for recipient, (state, note) in results.items():
                which = (letter, recipient)
                changes = f"state=?, note=?, changed=? WHERE {_ONE}"
                self._set(changes, state, note, now.isoformat(), *which)
                if state is State.QUEUED:
                    query = f"SELECT attempts FROM deliveries WHERE {_ONE}"
                    (attempts,) = connection.execute(query, which).fetchone()
                    due = now + min(_FIRST_WAIT * 2 ** min(attempts, 10), _LONGEST_WAIT)
                    self._set(
                        f"attempts=?, due=? WHERE {_ONE}", attempts + 1, due.isoformat(), *which
                    )

    def decide(self, letter: str, sent: bool, now: datetime) -> int:
        """A person's word on what is not sent for certain: it is done with, or send it again.

        Returns how many deliveries that changed.
        """
        changed = "state=?, due=?, changed=?, note=? WHERE message_id=? AND state<>?"
        state, moment = State.SENT if sent else State.QUEUED, now.isoformat()
        return self._set(changed, state, moment, moment, "由汇总单位确认", letter, State.SENT)

    def hurry(self, now: datetime) -> None:
        """Make all that is queued due now."""
        self._set("due=? WHERE state=?", now.isoformat(), State.QUEUED)

    def bounce(self, letter: str, recipient: str, note: str, now: datetime) -> None:
        """Note that a sent letter of ours, if it is one, came back from a recipient."""
        changed = (State.FAILED, note, now.isoformat(), letter, recipient)
        where = f"{_ONE} AND state IN (?,?)"
        self._set(f"state=?, note=?, changed=? WHERE {where}", *changed, State.SENT, State.IN_DOUBT)

    def _set(self, changes: str, *values: object) -> int:
        """Change deliveries; returns how many."""
        return self._connection.execute(f"UPDATE deliveries SET {changes}", values).rowcount

    @contextmanager
    def _whole(self) -> Iterator[sqlite3.Connection]:
        """All that is done within, or nothing of it."""
        with self._connection:
            self._connection.execute("BEGIN IMMEDIATE")
            yield self._connection


def _delivery(row: sqlite3.Row) -> Delivery:
    moments = {name: datetime.fromisoformat(row[name]) for name in ("due", "changed")}
    return Delivery(**{**row, **moments, "state": State(row["state"])})
