"""Each journal holds the hash of the one before: what was changed, removed or slipped in is named."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.archive.test_collected import mail
from xl_fzzf.archive.chain import Head, Link, Witness, find_breaks
from xl_fzzf.archive.journal import COLLECTED, LAST, RUNS, Journal, find_journals
from xl_fzzf.archive.ledger import Ledger
from xl_fzzf.archive.originals import fingerprint
from xl_fzzf.model.run import Contents, Job, Run


def run(archive: Path) -> None:
    ledger = Ledger(archive)
    number = ledger.next_number
    at = datetime(2019, 10, 1, 9, number)
    done = Run(number, "2019Q3", Job.CONSOLIDATE, at, date(2019, 9, 30), "x", "y")
    ledger.write_run(done, Contents())


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Four runs and three mails, the second and third of which came after the second run."""
    archive = tmp_path_factory.mktemp("整") / "档案"
    Ledger(archive).write_collected(mail(1, "a"))
    for _ in range(2):
        run(archive)
    for number in (2, 3):
        Ledger(archive).write_collected(mail(number, "b"))
    for _ in range(2):
        run(archive)
    assert Ledger(archive).notices == []
    return archive


@pytest.fixture
def archive(whole: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(whole, tmp_path / "档案"))


def paths(archive: Path, folder: str = RUNS) -> list[Path]:
    return [path for _, path in find_journals(archive, folder)]


def test_a_journal_holds_the_hash_of_the_one_before(archive: Path) -> None:
    first, second, *_, last = paths(archive)
    assert Journal(first).previous == ""
    assert Journal(second).previous == fingerprint(first.read_bytes())
    mails = paths(archive, COLLECTED)
    assert Journal(first).collected == Head(1, fingerprint(mails[0].read_bytes()))
    assert Journal(last).collected == Head(3, fingerprint(mails[2].read_bytes()))


@pytest.mark.parametrize(
    ("folder", "gone", "words"),
    [
        (RUNS, (1,), "运行记录第 1 份不在了，“000002"),
        (RUNS, (2,), "运行记录第 2 份不在了，“000003"),
        (RUNS, (1, 2), "运行记录第 1 至 2 份不在了，“000003"),
        (COLLECTED, (2,), "收件记录第 2 份不在了，“000003"),
        (RUNS, (3, 4), "运行记录第 3 至 4 份不在了，“末份.json”还记着"),
        (COLLECTED, (3,), "收件记录第 3 份不在了，第 4 次运行还记着"),
        (COLLECTED, (1, 2, 3), "收件记录第 1 至 3 份不在了，第 4 次运行还记着"),
    ],
)
def test_a_journal_that_is_gone_is_told_once(
    archive: Path, folder: str, gone: tuple[int, ...], words: str
) -> None:
    for path in [paths(archive, folder)[number - 1] for number in gone]:
        path.unlink()
    (notice,) = Ledger(archive).notices
    assert notice.startswith(words)


def swap(second: Path, third: Path) -> None:
    data = second.read_bytes()
    for path in (second, third):
        path.chmod(0o644)
    second.write_bytes(third.read_bytes())
    third.write_bytes(data)


def forge(second: Path, third: Path) -> None:
    second.unlink()
    shutil.copy(third, second)


@pytest.mark.parametrize("act", [swap, forge])
@pytest.mark.parametrize("folder", [RUNS, COLLECTED])
def test_journals_in_another_order_are_told(
    archive: Path, folder: str, act: Callable[[Path, Path], None]
) -> None:
    _, second, third, *_ = paths(archive, folder)
    act(second, third)
    notices = Ledger(archive).notices
    assert notices and any(second.name in notice or third.name in notice for notice in notices)


def test_one_that_was_slipped_in_is_told(archive: Path) -> None:
    shutil.copy(paths(archive)[1], archive / RUNS / "000005_2019Q3_20191001-100000.json.gz")
    assert any("被改动过" in notice for notice in Ledger(archive).notices)


@pytest.mark.parametrize("folder", [RUNS, COLLECTED])
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(number=st.integers(0, 3), at=st.floats(0, 1, exclude_max=True), bit=st.integers(0, 7))
def test_a_byte_that_was_changed_anywhere_is_found_and_placed(
    archive: Path, folder: str, number: int, at: float, bit: int
) -> None:
    path = [*paths(archive, folder)[-3:], archive / folder / LAST][number]
    data = path.read_bytes()
    altered = bytearray(data)
    altered[int(at * len(data))] ^= 1 << bit
    path.chmod(0o644)
    path.write_bytes(altered)
    (notice,) = Ledger(archive).notices
    assert path.name in notice
    path.write_bytes(data)
    assert Ledger(archive).notices == []


def test_who_can_not_be_believed_accuses_nobody() -> None:
    links = [Link(1, "一", "a", ""), Link(2, "二", "b", None), Link(3, "三", "c", "b")]
    assert list(find_breaks(links)) == []
    assert [broken.name for broken in find_breaks([links[0], links[2]._replace(number=2)])] == [
        "一"
    ]
    edited = [links[0], Link(2, "二", "b2", "x"), links[2]]
    assert [broken.name for broken in find_breaks(edited)] == ["二"]


def test_what_is_remembered_elsewhere_proves_the_last_one() -> None:
    links = [Link(1, "一", "a", ""), Link(2, "二", "b", "a")]
    assert list(find_breaks(links, [Witness("汇总表", Head(2, "b"))])) == []
    (changed,) = find_breaks(links, [Witness("汇总表", Head(2, "c"))])
    assert changed.name == "二" and "汇总表" in changed.words
    (gone,) = find_breaks(links, [Witness("汇总表", Head(3, "c"))])
    assert gone.name == "" and "汇总表" in gone.words and "第 3 份" in gone.words


def test_a_run_that_is_recorded_leaves_no_note_of_its_beginning(archive: Path) -> None:
    ledger = Ledger(archive)
    ledger.begin("x", "y")
    assert (archive / RUNS / "开始.json").exists()
    run(archive)
    assert not (archive / RUNS / "开始.json").exists() and Ledger(archive).notices == []
