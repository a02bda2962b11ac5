"""Bad inputs 105, 107–114, 117, 118: what the machine, the disk and the clock do to a run.

A run that is killed or whose disk fails at any step: tests/faults.
"""

from __future__ import annotations

import errno
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import unicodedata
from collections.abc import Callable
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import AS_OF
from tests.faces.test_cli import fzzf
from tests.jobs.filling import GOOD, fill
from tests.jobs.test_consolidate import NOW, blank, incoming, received, records, run, write
from xl_fzzf.archive.ledger import Ledger
from xl_fzzf.desk.errors import JobError, write_log
from xl_fzzf.desk.workspace import find_masters
from xl_fzzf.jobs.consolidate import consolidate
from xl_fzzf.jobs.restore import read_runs, restore
from xl_fzzf.jobs.trace import trace
from xl_fzzf.model.problems import PlanError
from xl_fzzf.model.run import Version
from xl_fzzf.model.submission import Verdict
from xl_fzzf.office.book_file import FileBook
from xl_fzzf.office.tables import find_table
from xl_fzzf.sheets.spec import INDICATOR_COLUMNS, INDICATORS

MASTER = "台账-2019Q3.xlsx"
ROOT = Path(__file__).parents[2]
Step = Callable[..., Any]


@pytest.fixture
def two(workspace: Path) -> Path:
    """Two returns have come in: little enough to run many times."""
    for unit in ("区司法局", "金凤镇"):
        received(fill(blank(workspace, unit), incoming(workspace, f"{unit}.xlsx"), GOOD), 20)
    return workspace


def copy_of(folder: Path, name: str) -> Path:
    target = folder.parent / name / folder.name
    shutil.copytree(folder, target)
    return target


def outcome(folder: Path) -> tuple[bytes, set[str], dict[tuple[str, str], Version]]:
    """What an undisturbed run leaves: the master, the originals, and where every figure is from."""
    originals = {path.name for path in (folder / "档案/原件").rglob("*") if path.is_file()}
    latest = Ledger(folder / "档案").latest("2019Q3")
    versions = {key: latest[key]._replace(run=0, replaced=0) for key in latest}
    return (folder / MASTER).read_bytes(), originals, versions


def leftovers(folder: Path) -> list[Path]:
    return list(folder.rglob(".~*.tmp"))


def failing(call: Step, number: int, code: int) -> Step:
    """A system call that fails when it is made for the n-th time, as on a full or broken disk."""
    made = 0

    def wrapped(*arguments: Any, **named: Any) -> Any:
        nonlocal made
        made += 1
        if made == number:
            raise OSError(code, os.strerror(code), "档案")
        return call(*arguments, **named)

    return wrapped


@pytest.mark.parametrize("code", [errno.EDQUOT, errno.EROFS, errno.ESTALE])
def test_bad_105_111_what_the_disk_says_reaches_the_user(
    two: Path, code: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A quota, a read-only disk, a network drive that is gone."""
    before = (two / MASTER).read_bytes()
    monkeypatch.setattr(os, "fsync", failing(os.fsync, 1, code))
    with pytest.raises((OSError, JobError)) as caught:
        run(two)
    assert os.strerror(code) in str(caught.value)
    assert (two / MASTER).read_bytes() == before


def test_bad_107_nothing_is_renamed_before_it_is_on_the_disk(
    two: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What a power failure can drop is what was not flushed: every rename follows its file's flush,
    and the master's follows those of all it rests on, their folders included."""
    flushed: set[int] = set()
    waiting: set[int] = set()
    renamed: list[str] = []
    fsync, replace = os.fsync, os.replace

    def note_flush(handle: int) -> None:
        fsync(handle)
        inode = os.fstat(handle).st_ino
        flushed.add(inode)
        waiting.discard(inode)

    def note_rename(source: str, target: str | Path) -> None:
        assert Path(source).stat().st_ino in flushed, f"{target} was not flushed"
        if Path(target).name == MASTER:
            assert not waiting, "an original or a state may not be there yet"
        replace(source, target)
        waiting.add(Path(target).parent.stat().st_ino)
        renamed.append(Path(target).parent.name)

    monkeypatch.setattr(os, "fsync", note_flush)
    monkeypatch.setattr(os, "replace", note_rename)
    run(two)
    assert not waiting
    assert renamed.index("测试 区") < len(renamed) - 1 and renamed[-1] == "运行", "the journal last"


def as_anybody(folder: Path, *arguments: str) -> tuple[int, str]:
    """Run the command bound by permissions, which root is not unless it gives that up."""
    rights = ["setpriv", "--bounding-set=-dac_override,-dac_read_search"]
    done = subprocess.run(
        [*(rights if os.getuid() == 0 else []), sys.executable, "-m", "xl_fzzf", *arguments],
        cwd=folder,
        capture_output=True,
        env={**os.environ, "PYTHONPATH": str(ROOT), "COLUMNS": "160"},
        check=False,
    )
    words = done.stdout.decode() + done.stderr.decode()
    assert "Traceback" not in words
    return done.returncode, words


def test_bad_108_a_read_only_folder_stops_the_work_before_it_begins(two: Path) -> None:
    before = sorted(two.rglob("*"))
    two.chmod(0o555)
    code, words = as_anybody(two, "consolidate", "--as-of", "2019-09-30")
    two.chmod(0o777)
    assert code == 2 and str(two) in words and "还没有开始" in words
    assert sorted(two.rglob("*")) == before


def test_bad_108_what_only_reads_works_in_a_read_only_folder(two: Path) -> None:
    assert as_anybody(two, "consolidate", "--as-of", "2019-09-30")[0] == 0
    for folder in (two, two / "档案"):
        folder.chmod(0o555)
    code, words = as_anybody(two, "trace", "区司法局", "1.1")
    assert code == 0 and "完成值：3（I4）" in words
    assert as_anybody(two, "restore")[0] == 0
    for folder in (two, two / "档案"):
        folder.chmod(0o777)


def test_bad_097_a_return_that_may_not_be_read_costs_its_own_verdict(two: Path) -> None:
    (two / "报送/2019Q3/金凤镇.xlsx").chmod(0)
    code, words = as_anybody(two, "consolidate", "--as-of", "2019-09-30")
    assert code == 1 and "金凤镇.xlsx" in words and "占用" in words
    assert records(two)["B01", "1.1"][2] == 3


@pytest.mark.parametrize(
    "name",
    [
        "有 空格 的 文件夹",
        "100% #1 & (副本) [新] '引号'",
        unicodedata.normalize("NFD", "Café Ångström がぎぐ"),
        unicodedata.normalize("NFC", "Café Ångström がぎぐ"),
        "点在后面.",
        "长" * 80,
        "/".join(["很深的文件夹" * 8] * 6),
    ],
    ids=["blanks", "signs", "NFD", "NFC", "dot", "255 bytes", "longer than 260"],
)
def test_bad_109_every_folder_and_file_name_works(two: Path, tmp_path: Path, name: str) -> None:
    folder = tmp_path / "各种名称" / name
    shutil.copytree(two, folder)
    base = name.split("/")[0][:78]
    source = incoming(folder, "区司法局.xlsx")
    source.rename(incoming(folder, f"{base}.xlsx"))
    result = run(folder)
    assert result.verdicts[Verdict.ACCEPTED] == 2
    (step,) = trace(folder / MASTER, "B01", "1.1").versions
    assert step.version.source.file == f"{base}.xlsx" and step.kept is not None
    assert find_masters(folder) == [folder / MASTER]
    restore(folder / MASTER, step.version.run, True, AS_OF, NOW)


def test_bad_109_a_name_that_is_no_text_is_kept_as_an_escape(two: Path) -> None:
    incoming(two, "区司法局.xlsx").rename(incoming(two, "\udcff\udcfe.xlsx"))
    result = run(two)
    assert result.verdicts[Verdict.ACCEPTED] == 2
    run(two)
    (step,) = trace(two / MASTER, "B01", "1.1").versions
    assert step.version.source.file == "\\udcff\\udcfe.xlsx" and step.kept is not None


def test_bad_110_a_file_is_never_renamed_across_folders_or_disks(
    two: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    replace = os.replace

    def same_folder(source: str, target: str | Path) -> None:
        assert Path(source).parent == Path(target).parent
        replace(source, target)

    monkeypatch.setattr(os, "replace", same_folder)
    assert run(two).clean


def test_bad_111_a_drive_that_is_gone_is_named(two: Path) -> None:
    two.rename(two.with_name("断开"))
    words = fzzf(two.parent, "consolidate", f"{two.name}/{MASTER}", code=2)
    assert MASTER in words and "找不到" in words


def test_bad_112_what_a_crash_left_is_cleaned_up_and_never_read(two: Path) -> None:
    half = incoming(two, "区司法局.xlsx").read_bytes()[:999]
    places = [two, two / "分发/2019Q3", two / "档案", two / "档案/原件/ab", two / "档案/运行"]
    for place in places:
        place.mkdir(parents=True, exist_ok=True)
        (place / ".~abc123.tmp").write_bytes(half)
    incoming(two, ".~abc123.tmp").write_bytes(half)
    result = run(two)
    assert result.clean and result.verdicts[Verdict.IGNORED] == 1
    assert leftovers(two) == [incoming(two, ".~abc123.tmp")], "what others sent is theirs"


def test_bad_113_a_console_that_can_not_show_everything(two: Path) -> None:
    incoming(two, "金凤镇.xlsx").rename(incoming(two, "金凤镇🌾𠀀.xlsx"))
    console: dict[str, Any] = {"PYTHONIOENCODING": "gbk", "LANG": "C", "LC_ALL": "C"}
    fzzf(two, "consolidate", "--as-of", "2019-09-30", **console)
    for command in (["trace", "金凤镇", "1.1"], ["restore", "--run", "2", "--before"]):
        fzzf(two, *command, **console)


def test_bad_114_a_clock_that_jumps_back_or_far_ahead(two: Path) -> None:
    master = two / MASTER
    consolidate(master, None, AS_OF, datetime(2040, 1, 20, 9))
    received(
        fill(blank(two, "金凤镇"), incoming(two, "更正.xlsx"), GOOD | {"1.1": {"value": 5}}), 25
    )
    consolidate(master, None, AS_OF, datetime(2000, 1, 1))
    consolidate(master, None, AS_OF, NOW)
    runs = read_runs(master).runs
    assert [run.number for run in runs] == [1, 2, 3, 4]
    newest, *_ = trace(master, "X01", "1.1").versions
    assert newest.version.run == max(
        step.version.run for step in trace(master, "X01", "1.1").versions
    )
    assert records(two)["X01", "1.1"][2] == 5


def test_bad_114_no_file_was_received_in_the_future(two: Path) -> None:
    moment = datetime(2037, 1, 1).timestamp()
    os.utime(incoming(two, "金凤镇.xlsx"), (moment, moment))
    for _ in range(2):
        times = {f.submission.file: f.submission.received for f in run(two).files}
        assert times == {"金凤镇.xlsx": NOW, "区司法局.xlsx": datetime(2019, 9, 20, 9)}
    touched = datetime(2019, 10, 19).timestamp()
    os.utime(incoming(two, "区司法局.xlsx"), (touched, touched))
    times = {f.submission.file: f.submission.received for f in run(two).files}
    assert times["区司法局.xlsx"] == datetime(2019, 9, 20, 9), "these bytes were seen before"


def test_bad_117_a_plan_that_can_not_be_read_stops_the_run_with_its_row(two: Path) -> None:
    table = find_table(FileBook.open(two / MASTER).read(INDICATORS), INDICATOR_COLUMNS, ("code",))
    assert table is not None
    row, _ = next(iter(table.rows()))
    write(two, INDICATORS, (row, table.columns["target"]), "大约两次")
    before = (two / MASTER).read_bytes()
    with pytest.raises(PlanError, match=rf"{INDICATORS}.*{row}"):
        run(two)
    assert (two / MASTER).read_bytes() == before
    (two / "方案.toml").write_text('name = "x"\n[[areas]\n', encoding="utf-8")
    assert "2" in fzzf(two, "init", "新区", "--plan", "方案.toml", code=2)


def test_bad_118_many_files_of_one_round_are_all_accounted_for(two: Path) -> None:
    data = incoming(two, "金凤镇.xlsx").read_bytes()
    for number in range(120):
        copy = incoming(two, f"副本{number}.xlsx")
        copy.write_bytes(data[:-2] + b"\x03\x00%03d" % number)  # a package comment: other bytes
        received(copy, 21)
    result = run(two)
    assert result.verdicts == {Verdict.ACCEPTED: 2, Verdict.SUPERSEDED: 120}
    assert sum(path.is_file() for path in (two / "档案/原件").rglob("*")) == 122


def test_bad_095_a_rerun_on_the_same_inputs_gives_the_same_bytes(two: Path) -> None:
    run(two)
    first = outcome(two)
    consolidate(two / MASTER, None, AS_OF, datetime(2019, 11, 5, 8))
    assert outcome(two) == first
    assert read_runs(two / MASTER).changes.get(3) is None


@pytest.mark.parametrize("delay", [0.3, 1.0])
def test_ctrl_c_is_answered_in_words(tmp_path: Path, delay: float) -> None:
    command = [sys.executable, "-m", "xl_fzzf", "demo", str(tmp_path / "演示")]
    listening = partial(signal.signal, signal.SIGINT, signal.SIG_DFL)  # a background job does not
    with subprocess.Popen(
        command, stderr=subprocess.PIPE, start_new_session=True, preexec_fn=listening
    ) as process:
        while not (tmp_path / "演示").is_dir():
            time.sleep(0.01)
        time.sleep(delay)
        os.killpg(process.pid, signal.SIGINT)
        assert process.stderr
        said = process.stderr.read().decode()
    assert process.returncode and "已中止" in said and "Traceback" not in said


def test_what_a_crash_left_half_written_anywhere_is_cleared(workspace: Path) -> None:
    for folder in ("分发/2019Q3", "上报/2019Q3", "退回/2019Q3", "发件/2019Q3/催报", "档案"):
        (workspace / folder).mkdir(parents=True, exist_ok=True)
        (workspace / folder / ".~half.tmp").write_bytes(b"x")
    run(workspace)
    assert not list(workspace.rglob(".~*"))


def test_a_log_that_cannot_be_written_stops_no_message(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "没有"))
    monkeypatch.setenv("HOME", str(tmp_path))
    assert write_log(ValueError("坏")) == str(tmp_path / "fzzf.log")
    monkeypatch.setenv("HOME", str(tmp_path / "没有"))
    assert "没有写成" in write_log(ValueError("坏")) and "坏" in write_log(ValueError("坏"))
