"""The journals are all that the archive knows: torn, broken, doubled or foreign, none stops the others."""

from __future__ import annotations

import gzip
import json
import shutil
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xl_fzzf.archive.journal import Journal, JournalError, LedgerError, find_journals
from xl_fzzf.archive.ledger import Ledger
from xl_fzzf.model.finding import Finding, Severity, WaiverKey
from xl_fzzf.model.record import Cell, Key
from xl_fzzf.model.run import Contents, Job, Receipt, Run, Source, Version

PERIOD = "2019Q3"
START = datetime(2019, 10, 1, 9)
WARNING = Finding(
    rule="outlier",
    title="离群",
    severity=Severity.WARNING,
    unit="区司法局",
    file="a.xlsx",
    sheet="一",
    cell="I4",
    indicator="1.1",
    message="偏大",
    value="90",
    waiver="属实",
)


def entries(value: Cell) -> tuple[Cell, ...]:
    return (None, None, value, "说明", None, None, None)


def write(
    archive: Path,
    values: dict[str, Cell],
    sha256: str = "a" * 64,
    findings: tuple[Finding, ...] = (),
) -> None:
    """A run that accepts one file of B01 with these values by indicator."""
    file = f"{sha256[0]}.xlsx"
    letters = {"一": {"value": "I"}}
    receipt = Receipt(file, sha256, "B01", "accepted", "", START, letters)
    versions = [
        Version("B01", code, entries(value), Source(file, sha256, "一、组织领导", row))
        for row, (code, value) in enumerate(values.items(), 4)
    ]
    record(archive, versions, (receipt,), findings)


def record(
    archive: Path,
    versions: list[Version],
    files: tuple[Receipt, ...] = (),
    findings: tuple[Finding, ...] = (),
    output: str = "",
) -> None:
    """The next run, with those of these versions that say something new."""
    ledger = Ledger(archive)
    number = ledger.next_number
    at = START.replace(minute=number)
    run = Run(number, PERIOD, Job.CONSOLIDATE, at, date(2019, 9, 30), "x", "y", output=output)
    changes = tuple(ledger.latest(PERIOD).changed(versions))
    ledger.write_run(run, Contents(files, findings, changes))


def test_what_a_run_fixed_and_what_drove_it_are_read_back(tmp_path: Path) -> None:
    fixed = {"台账-2019Q3.xlsx": "a" * 64, '上报/2019Q3/汇总表","files":[.xlsx': "b" * 64}
    run = Run(
        1, PERIOD, Job.APPROVE, START, date(2019, 9, 30), "x", "y", "张三", "", fixed, "c" * 64
    )
    Ledger(tmp_path).write_run(run, Contents())
    assert Ledger(tmp_path).runs(PERIOD) == [run]


def values(archive: Path) -> dict[Key, tuple[Cell, ...]]:
    """The entries of all records as the last run left them."""
    return {key: version.entries for key, version in Ledger(archive).latest(PERIOD).items()}


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    """An archive of three runs, the last of which changed one of two records."""
    folder = tmp_path / "档案"
    write(folder, {"1.1": 3, "1.2": "是"}, findings=(WARNING,))
    write(folder, {"1.1": 3, "1.2": "是"}, findings=(WARNING,))
    write(folder, {"1.1": 5, "1.2": "是"}, "b" * 64)
    assert Ledger(folder).notices == []
    return folder


def test_a_record_has_a_version_only_where_it_or_its_origin_changed(archive: Path) -> None:
    ledger = Ledger(archive)
    newest, first = ledger.versions(PERIOD, "B01", "1.1")
    assert (newest.entries[2], newest.run, newest.replaced) == (5, 3, 1)
    assert (first.entries[2], first.run, first.replaced) == (3, 1, 0)
    assert ledger.changes(PERIOD) == {1: 2, 3: 2}, "another file is another origin"
    assert ledger.latest(PERIOD)["B01", "1.1"].entries == entries(5)
    assert ledger.latest(PERIOD, 2)["B01", "1.1"].entries[2] == 3
    assert ledger.versions("2019Q4", "B01", "1.1") == []
    assert ledger.latest("2019Q4") == {} and ledger.runs("2019Q4") == []


def test_what_the_jobs_ask_for(archive: Path) -> None:
    ledger = Ledger(archive)
    assert ledger.first_received("a" * 64) == START
    assert ledger.first_received("c" * 64) is None
    receipt = ledger.receipt("a" * 64)
    assert receipt is not None and receipt.letters == {"一": {"value": "I"}}
    assert ledger.last_moment == START.replace(minute=3)
    sent = ledger.earlier(PERIOD, "B01")
    assert sent is not None and sent.file == "b.xlsx"
    assert sent.entries == {"1.1": entries(5), "1.2": entries("是")}
    before = ledger.earlier(PERIOD, "B01", but="b" * 64)
    assert before is not None and before.entries["1.1"] == entries(3)
    assert ledger.earlier(PERIOD, "B02") is None
    assert ledger.waivers(PERIOD) == {}, "the last run found nothing to accept"
    write(archive, {}, findings=(WARNING,))
    accepted = {WaiverKey("离群", "区司法局", "1.1", "90"): "属实"}
    assert Ledger(archive).waivers(PERIOD) == accepted
    assert Ledger(archive).periods() == [PERIOD]


def test_what_staff_typed_over_is_not_what_was_sent(archive: Path) -> None:
    standing = Ledger(archive).latest(PERIOD)["B01", "1.1"]
    record(archive, [standing._replace(entries=entries(9), sent={"value": 5})])
    assert values(archive)["B01", "1.1"] == entries(9)
    write(archive, {}, "b" * 64)
    sent = Ledger(archive).earlier(PERIOD, "B01")
    assert sent is not None and sent.file == "b.xlsx" and sent.entries["1.1"] == entries(5)


def test_a_result_beside_the_master_was_not_taken_into_it(archive: Path) -> None:
    receipt = Receipt("c.xlsx", "c" * 64, "B01", "accepted", "", START)
    record(archive, [], (receipt,), output="汇总结果.xlsx")
    sent = Ledger(archive).earlier(PERIOD, "B01")
    assert sent is not None and sent.file == "b.xlsx"
    assert Ledger(archive).first_received("c" * 64) == START


def test_a_file_that_was_accepted_once_is_shown_as_it_was_then(archive: Path) -> None:
    later = START.replace(hour=12)
    again = Receipt("again.xlsx", "a" * 64, "B01", "superseded", "", later)
    record(archive, [], (again,))
    receipt = Ledger(archive).receipt("a" * 64)
    assert receipt is not None and receipt.file == "a.xlsx"
    assert Ledger(archive).first_received("a" * 64) == START


@pytest.mark.parametrize(
    "data",
    [b"", b"torn", gzip.compress(b"[1, 2]", mtime=0), gzip.compress(b'{"format":1}', mtime=0)],
)
def test_a_broken_journal_is_named_and_stops_nothing(archive: Path, data: bytes) -> None:
    _, path = list(find_journals(archive))[1]
    path.chmod(0o644)
    path.write_bytes(data)
    ledger = Ledger(archive)
    assert any(path.name in notice for notice in ledger.notices)
    assert ledger.next_number == 4
    assert [run.number for run in ledger.runs(PERIOD)] == [1, 3]
    assert values(archive)["B01", "1.1"] == entries(5)


def test_a_journal_cut_short_or_altered_anywhere_is_named(archive: Path) -> None:
    _, path = list(find_journals(archive))[2]
    path.chmod(0o644)
    whole = path.read_bytes()
    for at in range(0, len(whole), 7):
        altered = bytearray(whole)
        altered[at] ^= 0xFF
        for data in (whole[:at], bytes(altered)):
            path.write_bytes(data)
            ledger = Ledger(archive)
            assert path.name in ledger.notices[0] and ledger.next_number == 4
            # a byte of gzip's head says nothing of the contents
            said = 5 if len(ledger.runs(PERIOD)) == 3 else 3
            assert ledger.latest(PERIOD)["B01", "1.1"].entries == entries(said)


@pytest.mark.parametrize("name", ["files", "findings", "changes"])
def test_a_list_that_somebody_edited_is_named_where_it_is_needed(archive: Path, name: str) -> None:
    *_, (_, path) = find_journals(archive)
    plain = json.loads(gzip.decompress(path.read_bytes()))
    words = json.dumps({**plain, name: [{"x": 1}]}, separators=(",", ":"), ensure_ascii=False)
    path.chmod(0o644)
    path.write_bytes(gzip.compress(words.encode()))
    ledger = Ledger(archive)
    asked: dict[str, Callable[[], object]] = {
        "files": lambda: ledger.first_received("a"),
        "findings": lambda: ledger.waivers(PERIOD),
        "changes": lambda: ledger.latest(PERIOD),
    }
    with pytest.raises(JournalError, match=path.name):
        asked[name]()


def test_a_journal_that_may_not_be_read_is_named(archive: Path) -> None:
    _, path = next(find_journals(archive))
    path.unlink()
    path.mkdir()
    (notice,) = Ledger(archive).notices
    assert path.name in notice and "读不出来" in notice


def test_the_copy_that_a_synchronised_folder_made_counts_once(archive: Path) -> None:
    _, path = list(find_journals(archive))[2]
    shutil.copy(path, path.with_name(path.name.replace(".json", " (1).json")))
    ledger = Ledger(archive)
    assert len(ledger.notices) == 1 and "没有收进" in ledger.notices[0]
    assert len(ledger.versions(PERIOD, "B01", "1.1")) == 2 and ledger.next_number == 4


def test_what_a_crash_left_half_written_is_no_journal(archive: Path) -> None:
    whole = values(archive)
    _, path = list(find_journals(archive))[2]
    path.with_name(".~half.tmp").write_bytes(path.read_bytes()[:40])
    ledger = Ledger(archive)
    assert ledger.notices == [] and ledger.next_number == 4 and values(archive) == whole


@pytest.mark.parametrize("lists", ["", ',"files":[],"findings":[],"changes":[]'])
def test_the_archive_of_a_newer_program_is_not_touched(archive: Path, lists: str) -> None:
    _, path = list(find_journals(archive))[2]
    path.chmod(0o644)
    path.write_bytes(gzip.compress(f'{{"format":99,"unheard":"of"{lists}}}'.encode()))
    before = {file: file.stat().st_mtime_ns for file in archive.rglob("*")}
    with pytest.raises(LedgerError, match="更新"):
        Ledger(archive)
    assert {file: file.stat().st_mtime_ns for file in archive.rglob("*")} == before


def test_records_that_had_other_entries_are_not_guessed_at(archive: Path) -> None:
    for _, path in find_journals(archive):
        words = gzip.decompress(path.read_bytes()).decode().replace("[null,", "[null,null,")
        path.chmod(0o644)
        path.write_bytes(gzip.compress(words.encode()))
    ledger = Ledger(archive)
    for ask in (values, lambda _: ledger.versions(PERIOD, "B01", "1.1")):
        with pytest.raises(LedgerError, match="各有 8 个填报项，本程序是 7 个"):
            ask(archive)


def test_reading_the_ledger_writes_nothing(archive: Path) -> None:
    before = {file: file.stat().st_mtime_ns for file in archive.rglob("*")}
    Ledger(archive).versions(PERIOD, "B01", "1.1")
    assert {file: file.stat().st_mtime_ns for file in archive.rglob("*")} == before


def test_an_archive_that_is_not_there_knows_nothing(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "档案")
    assert (ledger.next_number, ledger.periods(), ledger.notices) == (1, [], [])
    assert ledger.last_moment == datetime.min and not (tmp_path / "档案").exists()


def test_a_journal_is_json_whatever_the_words_in_it(archive: Path) -> None:
    words = '","changes":[ "findings":[\\ 换\n行 \u2028'
    key = ('B"1', 'a","b\\')
    letters = {"files": {"value": "I"}, "changes": {}}
    receipt = Receipt(words, "d" * 64, key[0], "accepted", words, START, letters)
    source = Source(words, "d" * 64, "findings", 7)
    version = Version(*key, entries(words), source, raw={"value": "changes"})
    texts = ("unit", "file", "sheet", "cell", "indicator", "message", "value", "expected", "remedy")
    finding = Finding(rule="outlier", severity=Severity.INFO, **dict.fromkeys(texts, words))
    record(archive, [version, version._replace(indicator="2")], (receipt,), (finding,))
    _, path = list(find_journals(archive))[3]
    plain: dict[str, Any] = json.loads(gzip.decompress(path.read_bytes()))
    assert [len(plain[name]) for name in ("files", "findings", "changes")] == [1, 1, 2]
    journal = Journal(path)
    assert journal.receipts() == [receipt] and journal.findings() == [finding]
    assert Ledger(archive).versions(PERIOD, *key) == [version._replace(run=4)]


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
def test_what_the_runs_said_stands_type_by_type(
    tmp_path_factory: pytest.TempPathFactory, history: list[dict[str, Cell]]
) -> None:
    archive = tmp_path_factory.mktemp("档案")
    standing: dict[str, Cell] = {}
    for values_ in history:
        write(archive, values_)
        standing |= values_
    then = values(archive)
    assert {code: v[2] for (_, code), v in then.items()} == standing
    assert [type(v[2]) for v in then.values()] == [type(standing[c]) for _, c in then]
    before = sum(Ledger(archive).changes(PERIOD).values())
    record(archive, list(Ledger(archive).latest(PERIOD).values()))
    assert sum(Ledger(archive).changes(PERIOD).values()) == before, "what was said is not new"
