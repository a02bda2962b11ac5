"""The ledger is an index over the journals: lost, torn, old or broken, it is rebuilt from them."""

from __future__ import annotations

import gzip
import sqlite3
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xl_fzzf.archive.errors import LedgerError
from xl_fzzf.archive.journal import encode_version, find_journals
from xl_fzzf.archive.ledger import Ledger
from xl_fzzf.archive.schema import TABLES
from xl_fzzf.model.finding import Finding, Severity
from xl_fzzf.model.record import Cell
from xl_fzzf.model.run import Job, Receipt, Run, Version
from xl_fzzf.model.waivers import WaiverKey

PERIOD = "2019Q3"
START = datetime(2019, 10, 1, 9)
NAME = "报送档案.sqlite"
WARNING = Finding(
    "outlier",
    Severity.WARNING,
    "区司法局",
    "a.xlsx",
    "一",
    "I4",
    "1.1",
    "偏大",
    "90",
    "",
    "",
    "属实",
)


def entries(value: Cell) -> tuple[Cell, ...]:
    return (None, None, value, "说明", None, None, None)


def write(
    ledger: Ledger,
    values: dict[str, Cell],
    sha256: str = "a" * 64,
    findings: tuple[Finding, ...] = (),
) -> Run:
    """A run that accepts one file of B01 with these values by indicator."""
    number, latest = ledger.next_number, ledger.latest(PERIOD)
    versions = [
        Version("B01", code, entries(value), f"{sha256[0]}.xlsx", sha256, "一、组织领导", row)
        for row, (code, value) in enumerate(values.items(), 4)
    ]
    run = Run(
        number,
        PERIOD,
        Job.CONSOLIDATE,
        START.replace(minute=number),
        date(2019, 9, 30),
        "x",
        "y",
        files=(
            Receipt(
                f"{sha256[0]}.xlsx", sha256, "B01", "accepted", "", START, {"一": {"value": "I"}}
            ),
        ),
        findings=findings,
        changes=tuple(change for version in versions if (change := latest.follow(version))),
    )
    ledger.write_run(run)
    return run


def contents(archive: Path) -> dict[str, list[Any]]:
    connection = sqlite3.connect(archive / NAME)
    with connection:
        rows = {table: connection.execute(f"SELECT * FROM {table}").fetchall() for table in TABLES}
    connection.close()
    return {table: sorted(found, key=repr) for table, found in rows.items()}


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    """An archive of three runs, the last of which changed one of two records."""
    folder = tmp_path / "档案"
    folder.mkdir()
    with Ledger.open(folder) as ledger:
        write(ledger, {"1.1": 3, "1.2": "是"}, findings=(WARNING,))
        write(ledger, {"1.1": 3, "1.2": "是"}, findings=(WARNING,))
        write(ledger, {"1.1": 5, "1.2": "是"}, "b" * 64)
        assert ledger.notices == []
    return folder


def test_a_record_has_a_version_only_where_it_or_its_origin_changed(archive: Path) -> None:
    with Ledger.open(archive) as ledger:
        newest, first = ledger.versions(PERIOD, "B01", "1.1")
        assert (newest.entries[2], newest.run, newest.replaced) == (5, 3, 1)
        assert (first.entries[2], first.run, first.replaced) == (3, 1, 0)
        assert ledger.changes(PERIOD) == {1: 2, 3: 2}, "another file is another origin"
        assert ledger.values(PERIOD)["B01", "1.1"] == entries(5)
        assert ledger.latest(PERIOD, 2)["B01", "1.1"].entries[2] == 3
        assert ledger.versions("2019Q4", "B01", "1.1") == []


def test_what_the_jobs_ask_for(archive: Path) -> None:
    with Ledger.open(archive) as ledger:
        assert ledger.first_received("a" * 64) == START
        assert ledger.first_received("c" * 64) is None
        sent = ledger.last_submission(PERIOD, "B01")
        assert sent is not None and sent.receipt.sha256 == "b" * 64
        assert sent.records == {"1.1": entries(5), "1.2": entries("是")}
        before = ledger.last_submission(PERIOD, "B01", but="b" * 64)
        assert before is not None and before.records["1.1"] == entries(3)
        assert ledger.last_submission(PERIOD, "B02") is None
        assert ledger.waivers(PERIOD) == {}, "the last run found nothing to accept"
        write(ledger, {}, findings=(WARNING,))
        assert ledger.waivers(PERIOD) == {WaiverKey("outlier", "区司法局", "1.1", "90"): "属实"}


def test_what_staff_typed_over_is_not_what_was_sent(archive: Path) -> None:
    with Ledger.open(archive) as ledger:
        latest, sha256 = ledger.latest(PERIOD), "b" * 64
        typed = latest["B01", "1.1"]._replace(entries=entries(9), sent={"value": 5})
        change = latest.follow(typed)
        assert change is not None
        run = write(ledger, {}, sha256)
        ledger.write_run(
            Run(
                run.number + 1,
                PERIOD,
                Job.CONSOLIDATE,
                START,
                START.date(),
                "",
                "",
                files=run.files,
                changes=(change,),
            )
        )
        assert ledger.values(PERIOD)["B01", "1.1"] == entries(9)
        sent = ledger.last_submission(PERIOD, "B01")
        assert sent is not None and sent.records["1.1"] == entries(5)


def truncate(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def garbage(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 3 :] = b"\xa5" * (len(data) - len(data) // 3)
    path.write_bytes(data)


def without_table(path: Path) -> None:
    connection = sqlite3.connect(path)
    connection.execute("DROP TABLE findings")
    connection.close()


def older(path: Path) -> None:
    """As if an old copy of the file had been put back: the last run is missing."""
    connection = sqlite3.connect(path)
    for table in ("records", "submissions", "findings", "waivers"):
        connection.execute(f"DELETE FROM {table} WHERE run = 3")
    connection.execute("DELETE FROM runs WHERE number = 3")
    connection.commit()
    connection.close()


@pytest.mark.parametrize(
    ("spoil", "kept_aside"),
    [
        (Path.unlink, False),
        (lambda path: path.write_bytes(b""), False),
        (older, False),
        (truncate, True),
        (garbage, True),
        (without_table, True),
        (lambda path: path.write_bytes(b"no database at all" * 1000), True),
    ],
    ids=["missing", "empty", "older", "truncated", "garbage", "without a table", "something else"],
)
def test_a_ledger_that_is_not_whole_is_rebuilt_from_the_journals(
    archive: Path, spoil: Callable[[Path], object], kept_aside: bool
) -> None:
    whole = contents(archive)
    spoil(archive / NAME)
    spoilt = (archive / NAME).read_bytes() if kept_aside else b""
    with Ledger.open(archive) as ledger:
        assert any("补上" in notice for notice in ledger.notices)
    assert contents(archive) == whole
    aside = list(archive.glob("报送档案_已损坏_*.sqlite"))
    assert [path.read_bytes() for path in aside] == ([spoilt] if kept_aside else [])
    with Ledger.open(archive) as ledger:
        assert ledger.notices == [], "once is enough"


@pytest.mark.parametrize(
    "data",
    [b"", b"torn", gzip.compress(b"[1, 2]", mtime=0), gzip.compress(b'{"format":1}', mtime=0)],
)
def test_a_broken_journal_is_named_and_stops_nothing(archive: Path, data: bytes) -> None:
    _, path = list(find_journals(archive))[1]
    path.chmod(0o644)
    path.write_bytes(data)
    (archive / NAME).unlink()
    with Ledger.open(archive) as ledger:
        assert any(path.name in notice for notice in ledger.notices)
        assert ledger.next_number == 4
        assert [run.number for run in ledger.runs(PERIOD)] == [1, 3]
        assert ledger.values(PERIOD)["B01", "1.1"] == entries(5)


def test_a_ledger_of_a_newer_program_is_not_touched(archive: Path) -> None:
    connection = sqlite3.connect(archive / NAME)
    connection.execute("PRAGMA user_version = 99")
    connection.close()
    before = (archive / NAME).read_bytes()
    with pytest.raises(LedgerError, match="更新"):
        Ledger.open(archive)
    assert (archive / NAME).read_bytes() == before


def test_where_wal_can_not_work_a_rollback_journal_does(tmp_path: Path) -> None:
    (tmp_path / f"{NAME}-shm").mkdir()  # what WAL needs to be a file of shared memory
    with Ledger.open(tmp_path) as ledger:
        write(ledger, {"1.1": 3})
        assert ledger.notices == [] or "改名" in ledger.notices[0]
    connection = sqlite3.connect(tmp_path / NAME)
    assert connection.execute("PRAGMA journal_mode").fetchone() == ("delete",)
    connection.close()
    assert len(contents(tmp_path)["records"]) == 1


def test_a_folder_in_the_place_of_the_ledger_is_moved_out_of_the_way(archive: Path) -> None:
    whole = contents(archive)
    (archive / NAME).unlink()
    (archive / NAME).mkdir()
    (archive / NAME / "occupied").touch()
    with Ledger.open(archive) as ledger:
        assert ledger.values(PERIOD)["B01", "1.1"] == entries(5)
        write(ledger, {"1.1": 6})
    with Ledger.open(archive) as ledger:
        assert ledger.values(PERIOD)["B01", "1.1"] == entries(6)
    assert len(contents(archive)["runs"]) == len(whole["runs"]) + 1


def test_a_run_is_indexed_whole_or_not_at_all(archive: Path) -> None:
    whole = contents(archive)
    with Ledger.open(archive) as ledger:
        change = encode_version(Version("B01", "1.1", entries(7)))
        run = Run(4, PERIOD, Job.CONSOLIDATE, START, START.date(), "", "", changes=(change, change))
        ledger.write_run(run)  # the same record twice breaks the primary key
        assert any("没有更新" in notice for notice in ledger.notices)
    assert contents(archive) == whole


cells = st.one_of(
    st.none(),
    st.text(max_size=8),
    st.integers(-(10**9), 10**9),
    st.floats(allow_nan=False, allow_infinity=False),
    st.booleans(),
    st.dates(),
    st.datetimes().filter(lambda moment: moment.time() != datetime.min.time()),
    st.text(st.characters(categories=["Cs"]), min_size=1, max_size=1),
)
rounds = st.lists(
    st.dictionaries(st.sampled_from(["1.1", "1.2", "保1.1"]), cells, max_size=3), max_size=4
)


@settings(max_examples=20)
@given(rounds)
def test_a_rebuilt_ledger_equals_the_one_that_grew(
    tmp_path_factory: pytest.TempPathFactory, history: list[dict[str, Cell]]
) -> None:
    archive = tmp_path_factory.mktemp("档案")
    standing: dict[str, Cell] = {}
    with Ledger.open(archive) as ledger:
        for values in history:
            write(ledger, values)
            standing |= values
        values_then = ledger.values(PERIOD)
    assert {code: v[2] for (_, code), v in values_then.items()} == standing
    assert [type(v[2]) for (_, c), v in values_then.items()] == [
        type(standing[c]) for _, c in values_then
    ]
    whole = contents(archive)
    (archive / NAME).unlink()
    with Ledger.open(archive) as ledger:
        assert ledger.values(PERIOD) == values_then
    assert contents(archive) == whole
