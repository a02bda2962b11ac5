"""The ledger's rows: what a run is in its tables, and back."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Any

from xl_fzzf.archive.journal import dump, load
from xl_fzzf.model.cell_json import storable
from xl_fzzf.model.collected import Collected, Fate, Filed
from xl_fzzf.model.finding import Finding
from xl_fzzf.model.run import Job, Receipt, Run
from xl_fzzf.model.waivers import WaiverKey

Row = tuple[Any, ...]

RUN = "number, period, job, at, as_of, before, after, note, output"
RECEIPT = "file, sha256, unit, verdict, reason, received, letters"
FINDING = (
    "rule, severity, unit, file, sheet, cell, indicator, message, value, expected, remedy, waiver"
)
WAIVER = "rule, unit, indicator, value, reason"
COLLECTED = (
    "key, sha256, message_id, sender, unit, subject, sent, arrived, collected, is_mail, note"
)
FILED = "name, sha256, size, place, fate, reason"


def insert_run(connection: sqlite3.Connection, run: Run, journal: str) -> None:
    """Insert a whole run, known by its journal's name."""
    number = run.number
    head = (number, run.period, run.job, run.at.isoformat(), run.as_of.isoformat())
    rest = (run.before, run.after, run.note, run.output)
    _insert(connection, f"runs ({RUN}, journal)", iter([(*head, *rest, journal)]))
    files = ((number, *_receipt_row(receipt)) for receipt in run.files)
    _insert(connection, f"submissions (run, {RECEIPT})", files)
    changes = ((run.period, number, *change) for change in run.changes)
    _insert(connection, "records (period, run, unit, indicator, content, replaced)", changes)
    findings = ((number, *map(storable, _texts(finding))) for finding in run.findings)
    _insert(connection, f"findings (run, {FINDING})", findings)
    waivers = (
        (number, *map(storable, (key.rule, key.unit, key.indicator, key.value, finding.waiver)))
        for finding in run.findings
        if finding.waiver and (key := WaiverKey.of(finding))
    )
    _insert(connection, f"waivers (run, {WAIVER})", waivers)


def _insert(connection: sqlite3.Connection, table: str, rows: Iterator[Row]) -> None:
    marks = ", ".join("?" * (table.count(",") + 1))
    connection.executemany(f"INSERT INTO {table} VALUES ({marks})", rows)


def insert_collected(
    connection: sqlite3.Connection, number: int, item: Collected, journal: str
) -> None:
    """Insert what was collected, known by its journal's name."""
    texts = (
        item.key,
        item.sha256,
        item.message_id,
        item.sender,
        item.unit,
        item.subject,
        item.sent,
    )
    moments = (item.arrived.isoformat(), item.collected.isoformat())
    row = (number, *map(storable, texts), *moments, item.is_mail, storable(item.note), journal)
    _insert(connection, f"collected (number, {COLLECTED}, journal)", iter([row]))
    files = (
        (number, storable(f.name), f.sha256, f.size, storable(f.place), f.fate, storable(f.reason))
        for f in item.files
    )
    _insert(connection, f"collected_files (collected, {FILED})", files)


def read_collected(row: Sequence[Any], files: Sequence[Row]) -> Collected:
    """What was collected, with its files."""
    plain = dict(zip(COLLECTED.split(", "), row, strict=True))
    moments = {name: datetime.fromisoformat(plain[name]) for name in ("arrived", "collected")}
    filed = tuple(
        Filed(name, sha256, size, place, Fate(fate), reason)
        for name, sha256, size, place, fate, reason in files
    )
    return Collected(**{**plain, **moments, "is_mail": bool(plain["is_mail"])}, files=filed)


def read_run(row: Row) -> Run:
    """A run without its contents."""
    number, period, job, at, as_of, *rest = row
    return Run(
        number, period, Job(job), datetime.fromisoformat(at), date.fromisoformat(as_of), *rest
    )


def read_receipt(row: Row) -> Receipt:
    """A received file."""
    file, sha256, unit, verdict, reason, received, letters = row
    moment = datetime.fromisoformat(received)
    return Receipt(file, sha256, unit, verdict, reason, moment, load(letters))


def _receipt_row(receipt: Receipt) -> Row:
    texts = (receipt.file, receipt.sha256, receipt.unit, receipt.verdict, receipt.reason)
    moment = receipt.received.isoformat()
    return (*map(storable, texts), moment, dump(receipt.letters))


def _texts(finding: Finding) -> Iterator[str]:
    return (getattr(finding, name) for name in FINDING.split(", "))
