"""What `collect` took in stands in journals of its own; the ledger finds it by the hash of every file."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xl_fzzf.archive.journal import COLLECTED, CollectedJournal, find_journals, write_collected
from xl_fzzf.archive.ledger import Ledger
from xl_fzzf.model.collected import Collected, Fate, Filed

NOW = datetime(2019, 10, 8, 9, 30, tzinfo=timezone(timedelta(hours=8)))
texts = st.text(max_size=8)
filed = st.builds(Filed, texts, texts, st.integers(0, 1 << 40), texts, st.sampled_from(Fate), texts)
moments = st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))
items = st.builds(
    Collected,
    key=texts,
    sha256=texts,
    message_id=texts,
    sender=texts,
    unit=texts,
    subject=texts,
    sent=texts,
    arrived=moments,
    collected=moments,
    is_mail=st.booleans(),
    note=texts,
    files=st.lists(filed, max_size=3).map(tuple),
)


def mail(number: int, *hashes: str, is_mail: bool = True) -> Collected:
    files = tuple(Filed(f"{h}.xlsx", h, 1, f"报送/{h}.xlsx", Fate.FILED) for h in hashes)
    arrived = NOW - timedelta(days=number)
    return Collected(
        key=f"a@b.cn/INBOX/1/{number}",
        sha256=f"{number}" * 64,
        message_id=f"<{number}@b.cn>",
        sender="a@b.cn",
        unit="区财政局",
        subject="题",
        sent="",
        arrived=arrived,
        collected=NOW,
        is_mail=is_mail,
        files=files,
    )


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    """Three mails, the second and third of which brought the same file."""
    folder = tmp_path / "档案"
    for number, hashes in enumerate((("a", "b"), ("c",), ("c", "d")), 1):
        Ledger(folder).write_collected(mail(number, *hashes))
    return folder


def test_what_brought_a_file_is_found_by_its_hash(archive: Path) -> None:
    ledger = Ledger(archive)
    assert [item.message_id for item in ledger.collected("c")] == ["<2@b.cn>", "<3@b.cn>"]
    assert ledger.collected("b") == [mail(1, "a", "b")]
    assert ledger.collected("e") == []
    assert len(ledger.collected()) == 3 and ledger.notices == []


def test_a_file_was_received_when_the_first_mail_with_it_arrived(archive: Path) -> None:
    arrived = (NOW - timedelta(days=3)).astimezone().replace(tzinfo=None)
    assert Ledger(archive).first_received("c") == arrived
    Ledger(archive).write_collected(mail(9, "c", is_mail=False))
    assert Ledger(archive).first_received("c") == arrived, "a file's own time proves nothing"


@pytest.mark.parametrize("data", [b"", b"{}", b"[1]", b'{"format":1}', b'{"format":99}', b"\xff"])
def test_a_broken_journal_is_named_and_stops_nothing(archive: Path, data: bytes) -> None:
    _, path = list(find_journals(archive, COLLECTED))[1]
    path.chmod(0o644)
    path.write_bytes(data)
    ledger = Ledger(archive)
    assert any(path.name in notice for notice in ledger.notices)
    assert [item.message_id for item in ledger.collected()] == ["<1@b.cn>", "<3@b.cn>"]
    ledger.write_collected(mail(4, "e"))
    assert [number for number, _ in find_journals(archive, COLLECTED)] == [1, 2, 3, 4]


@settings(max_examples=40)
@given(items)
def test_a_journal_reads_as_it_was_written(
    tmp_path_factory: pytest.TempPathFactory, item: Collected
) -> None:
    folder = tmp_path_factory.mktemp("档案")
    assert CollectedJournal(write_collected(folder, 1, item)).item == item
    assert Ledger(folder).collected() == [item]
