"""The ledger's tables, as migrations from one version (`PRAGMA user_version`) to the next."""

from __future__ import annotations

MIGRATIONS = (
    """
    CREATE TABLE runs (
        number INTEGER PRIMARY KEY,
        journal TEXT NOT NULL UNIQUE,
        period TEXT NOT NULL,
        job TEXT NOT NULL,
        at TEXT NOT NULL,
        as_of TEXT NOT NULL,
        before TEXT NOT NULL,
        after TEXT NOT NULL,
        note TEXT NOT NULL,
        output TEXT NOT NULL
    );
    CREATE TABLE submissions (
        run INTEGER NOT NULL REFERENCES runs,
        file TEXT NOT NULL,
        sha256 TEXT NOT NULL,
        unit TEXT NOT NULL,
        verdict TEXT NOT NULL,
        reason TEXT NOT NULL,
        received TEXT NOT NULL,
        letters TEXT NOT NULL
    );
    CREATE INDEX submissions_run ON submissions (run);
    CREATE INDEX submissions_sha256 ON submissions (sha256);
    CREATE TABLE records (
        period TEXT NOT NULL,
        unit TEXT NOT NULL,
        indicator TEXT NOT NULL,
        run INTEGER NOT NULL REFERENCES runs,
        replaced INTEGER NOT NULL,
        content TEXT NOT NULL,
        PRIMARY KEY (period, unit, indicator, run)
    ) WITHOUT ROWID;
    CREATE VIEW versions AS SELECT
        period, unit, indicator, run, replaced,
        json_extract(content, '$[2]') AS entries,
        json_extract(content, '$[3]') AS file,
        json_extract(content, '$[4]') AS sha256,
        json_extract(content, '$[5]') AS sheet,
        json_extract(content, '$[6]') AS row,
        json_extract(content, '$[7]') AS sent,
        json_extract(content, '$[8]') AS raw
    FROM records;
    CREATE TABLE findings (
        run INTEGER NOT NULL REFERENCES runs,
        rule TEXT NOT NULL,
        severity TEXT NOT NULL,
        unit TEXT NOT NULL,
        file TEXT NOT NULL,
        sheet TEXT NOT NULL,
        cell TEXT NOT NULL,
        indicator TEXT NOT NULL,
        message TEXT NOT NULL,
        value TEXT NOT NULL,
        expected TEXT NOT NULL,
        remedy TEXT NOT NULL,
        waiver TEXT NOT NULL
    );
    CREATE INDEX findings_run ON findings (run);
    CREATE TABLE waivers (
        run INTEGER NOT NULL REFERENCES runs,
        rule TEXT NOT NULL,
        unit TEXT NOT NULL,
        indicator TEXT NOT NULL,
        value TEXT NOT NULL,
        reason TEXT NOT NULL
    );
    CREATE INDEX waivers_run ON waivers (run);
    """,
    """
    CREATE TABLE collected (
        number INTEGER PRIMARY KEY,
        journal TEXT NOT NULL UNIQUE,
        key TEXT NOT NULL,
        sha256 TEXT NOT NULL,
        message_id TEXT NOT NULL,
        sender TEXT NOT NULL,
        unit TEXT NOT NULL,
        subject TEXT NOT NULL,
        sent TEXT NOT NULL,
        arrived TEXT NOT NULL,
        collected TEXT NOT NULL,
        is_mail INTEGER NOT NULL,
        note TEXT NOT NULL
    );
    CREATE TABLE collected_files (
        collected INTEGER NOT NULL REFERENCES collected,
        name TEXT NOT NULL,
        sha256 TEXT NOT NULL,
        size INTEGER NOT NULL,
        place TEXT NOT NULL,
        fate TEXT NOT NULL,
        reason TEXT NOT NULL
    );
    CREATE INDEX collected_files_collected ON collected_files (collected);
    CREATE INDEX collected_files_sha256 ON collected_files (sha256);
    """,
)

TABLES = ("runs", "submissions", "records", "findings", "waivers", "collected", "collected_files")
