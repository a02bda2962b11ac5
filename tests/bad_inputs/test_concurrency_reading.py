"""BAD_INPUTS 98 to 100, 115 and 116: files on the move, and readers that die of them."""

from __future__ import annotations

import faulthandler
import os
import zipfile
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest

from tests.receiving import SHEET, Door, fields, repacked
from xl_fzzf.desk import intake, readers, workers
from xl_fzzf.desk.intake import Intake, NotReceivedError, take_up
from xl_fzzf.desk.level import FORMS
from xl_fzzf.desk.readers import Readers
from xl_fzzf.model.submission import Submission, Verdict
from xl_fzzf.rules.judge import judge_return


class Growing:
    """A folder in which a file goes on growing while it is read, some times."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, path: Path, times: int) -> None:
        self.path, self.left, self.reads = path, times, 0
        self._read = intake._read
        monkeypatch.setattr(intake, "_read", self.read)
        monkeypatch.setattr(intake, "_PAUSE", 0)

    def read(self, path: Path) -> tuple[os.stat_result, bytes]:
        self.reads += 1
        found = self._read(path)
        if self.left:
            self.left -= 1
            with path.open("ab") as file:
                file.write(b"more")
        return found


def test_bad_098_099_a_file_that_changes_while_it_is_read_is_read_again(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (path := tmp_path / "a.xlsx").write_bytes(b"start")
    growing = Growing(monkeypatch, path, times=2)
    data, _ = take_up(path)
    assert data == b"startmoremore"
    assert growing.reads == 3


def test_bad_098_099_a_file_that_never_rests_gets_a_verdict(
    monkeypatch: pytest.MonkeyPatch, door: Door, good: bytes
) -> None:
    (path := door.folder / "a.xlsx").write_bytes(good)
    Growing(monkeypatch, path, times=99)
    checked = door.take(path)
    assert checked.verdict is Verdict.QUARANTINED
    assert "还在传输或同步" in checked.reason
    assert "稍后再汇总" in checked.reason


def test_bad_100_a_file_that_vanished_gets_a_verdict(door: Door, good: bytes) -> None:
    arriving = Intake(door.readers)
    (door.folder / "在.xlsx").write_bytes(good)
    arriving.add(door.folder / "走了.xlsx", "走了.xlsx")
    arriving.add(door.folder / "在.xlsx", "在.xlsx")
    gone, there = (judge_return(each, door.round, FORMS) for each in arriving.submissions())
    assert gone.verdict is Verdict.QUARANTINED
    assert "不在了" in gone.reason
    assert there.verdict is Verdict.ACCEPTED


def test_a_file_that_may_not_be_read_says_so(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def denied(_: object, __: int) -> int:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "open", denied)
    with pytest.raises(NotReceivedError, match="被占用"):
        take_up(tmp_path / "a.xlsx")


def _eat(*_: object) -> Submission:
    return [bytearray(1 << 20) for _ in range(1 << 14)]  # type: ignore[return-value]


def _abort(*_: object) -> Submission:
    faulthandler.disable()  # this crash is meant
    os.abort()


def _exit(*_: object) -> Submission:
    os._exit(0)


def _garbage(*_: object) -> Submission:
    return "garbage"  # type: ignore[return-value]


class Explosive:
    def __reduce__(self) -> tuple[Callable[..., object], tuple[object, ...]]:
        return os.system, ("touch exploded",)


def _explosive(*_: object) -> Submission:
    return Explosive()  # type: ignore[return-value]


def _another(file: str, _: bytes, __: str, received: datetime) -> Submission:
    return Submission(file, "another", received)


@pytest.mark.parametrize(
    ("number", "fault"),
    [
        (115, _eat),
        (116, _abort),
        (116, _exit),
        (116, _garbage),
        (116, _explosive),
        (116, _another),
    ],
)
def test_bad_115_116_a_reader_that_fails_costs_its_file_alone(
    monkeypatch: pytest.MonkeyPatch, good: bytes, number: int, fault: object
) -> None:
    """Every second file is the bad one; the others are read all the same."""
    from xl_fzzf.sheets.submission import read_submission

    def read(file: str, data: bytes, sha256: str, received: datetime) -> Submission:
        chosen = fault if file == "坏" else read_submission
        submission: Submission = chosen(file, data, sha256, received)  # type: ignore[operator]
        return submission

    monkeypatch.setattr(workers, "MEMORY", 200 << 20)
    monkeypatch.setattr(readers, "SECONDS", 2)
    monkeypatch.setattr("xl_fzzf.sheets.submission.read_submission", read)
    with Readers() as pool:
        now = datetime(2019, 9, 20)
        begun = [pool.read(name, good, name, now) for name in ("坏", "好", "坏", "好", "好")]
        found = [reading() for reading in begun]
    assert [bool(submission.unreadable) for submission in found] == [
        True,
        False,
        True,
        False,
        False,
    ]
    assert not Path("exploded").exists()
    assert all("请" in bad.unreadable for bad in (found[0], found[2]))


def test_bad_115_a_sheet_that_eats_memory_and_time(door: Door, good: bytes) -> None:
    """Within what the package may declare; the reader is stopped or refuses, and the pool goes on."""
    cells = b"".join(b'<c r="%s%d"><v>%d</v></c>' % (b"ABCD", n % 9, n) for n in range(400_000))
    data = repacked(good, {SHEET: lambda sheet: sheet.replace(b"</sheetData>", b"<row>" + cells + b"</row></sheetData>")}, zipfile.ZIP_STORED)  # fmt: skip
    assert door(data).verdict is Verdict.QUARANTINED
    assert fields(door(good)).value == 3
