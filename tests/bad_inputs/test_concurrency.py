"""BAD_INPUTS 97 and 101–103: files that other programs hold open, and two runs at once."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

import xl_fzzf
from tests.faces.test_cli import fzzf
from tests.jobs.filling import GOOD, fill
from tests.jobs.test_consolidate import blank, filled, incoming, run
from xl_fzzf.desk.errors import JobError
from xl_fzzf.desk.holding import find_holder
from xl_fzzf.desk.workspace import find_masters
from xl_fzzf.jobs.distribute import distribute
from xl_fzzf.jobs.restore import read_runs
from xl_fzzf.jobs.trace import trace
from xl_fzzf.model.submission import Verdict
from xl_fzzf.office.book_file import FileBook

__all__ = ["filled"]

ROOT = Path(__file__).parents[2]
MASTER = "台账-2019Q3.xlsx"
HOLD = """
import sys, time
from pathlib import Path
from xl_fzzf.desk.lock import only_run
from xl_fzzf.desk.workspace import Workspace
with only_run(Workspace.at(Path(sys.argv[1]))):
    print("held", flush=True)
    time.sleep(60)
"""


def owner_file(name: str, ansi: bytes = b"") -> bytes:
    """What Excel leaves beside an open workbook (~$…), 165 bytes."""
    wide = name.encode("utf-16-le")
    head = bytes([len(ansi)]) + ansi.ljust(54)
    return head + len(name).to_bytes(2, "little") + wide.ljust(108, b"\0")


def test_bad_097_a_return_that_is_being_edited_is_taken_as_it_was_saved(filled: Path) -> None:
    incoming(filled, "~$金凤镇.xlsx").write_bytes(owner_file("张三"))
    result = run(filled)
    assert result.clean and result.verdicts[Verdict.IGNORED] == 1
    assert len(result.reported) == 4


def test_bad_101_a_second_run_stops_with_a_message(workspace: Path) -> None:
    before = (workspace / MASTER).read_bytes()
    with _holding(workspace) as other:
        with pytest.raises(JobError, match="另一个 fzzf 正在运行"):
            run(workspace)
        assert "另一个 fzzf 正在运行" in fzzf(workspace, "restore", "--run", "1", code=2)
        other.send_signal(signal.SIGKILL)
    assert (workspace / MASTER).read_bytes() == before


def test_bad_102_a_crash_leaves_no_lock(workspace: Path) -> None:
    fill(blank(workspace, "金凤镇"), incoming(workspace, "金凤镇.xlsx"), GOOD)
    with _holding(workspace) as other:
        other.send_signal(signal.SIGKILL)
    assert [unit.name for unit in run(workspace).reported] == ["金凤镇"]
    assert run(workspace).clean


def _holding(workspace: Path) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-c", HOLD, str(workspace / MASTER)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    other = subprocess.Popen(command, stdout=subprocess.PIPE, env=environment)
    assert other.stdout is not None and other.stdout.readline() == b"held\n"
    return other


@pytest.mark.parametrize(
    ("lock", "data", "person"),
    [
        ("~${}", owner_file("张三"), "张三"),
        ("~${}", owner_file("", "李四".encode("gbk")), "李四"),
        ("~${}", b"x", ""),
        ("~${}", b"", ""),
        (".~{}", owner_file("Wang\x1b[31m"), "Wang[31m"),
        (".~lock.{}#", "赵六,zhao,PC-1,01.10.2019 09:00,file:///x;".encode(), "赵六"),
        (".~lock.{}#", b",root,host,24.11.2025 07:44,file:///x;", "root"),
        (".~lock.{}#", b"\xff\xfe", "\ufffd\ufffd"),
    ],
)
def test_bad_103_who_holds_the_master_is_named(
    tmp_path: Path, lock: str, data: bytes, person: str
) -> None:
    (tmp_path / lock.format(MASTER)).write_bytes(data)
    holder = find_holder(tmp_path / MASTER)
    assert holder is not None and holder.person == person
    assert lock.format(MASTER) in str(holder) and (person in str(holder))
    assert find_holder(tmp_path / "台账-2019Q4.xlsx") is None


def test_bad_103_the_result_goes_beside_a_master_that_is_open(filled: Path) -> None:
    before = (filled / MASTER).read_bytes()
    lock = filled / f"~${MASTER}"
    lock.write_bytes(owner_file("张三"))
    out = fzzf(filled, "consolidate", "--as-of", "2019-09-30", code=1)
    (beside,) = filled.glob("台账-2019Q3 汇总结果 *.xlsx")
    assert beside.name in out and "张三" in out and "关闭" in out
    assert (filled / MASTER).read_bytes() == before
    assert find_masters(filled) == [filled / MASTER], "it is no master of the round"
    assert read_runs(filled / MASTER).runs[-1].output == beside.name
    assert trace(filled / MASTER, "B01", "1.1").versions == [], "the master has no figure yet"

    said = json.loads(fzzf(filled, "consolidate", "--as-of", "2019-09-30", "--json", code=1))
    assert said["output"] != said["master"] and Path(said["output"]).is_file()

    lock.unlink()
    assert run(filled).clean
    one, other = FileBook.open(filled / MASTER), FileBook.open(beside)
    for sheet in one.sheet_names:
        if sheet not in ("报送登记", "校验结果"):
            assert one.read(sheet) == other.read(sheet), sheet
    (step,) = trace(filled / MASTER, "B01", "1.1").versions
    assert step.version.entries[2] == 3


def test_bad_103_a_master_that_no_lock_file_guards_but_the_system_does(
    filled: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On Windows the rename itself is refused while a program has the file open."""
    replace = os.replace

    def refuse(source: str | Path, target: str | Path) -> None:
        if Path(target).name == MASTER:
            raise PermissionError(13, "in use", str(target))
        replace(source, target)

    before = (filled / MASTER).read_bytes()
    monkeypatch.setattr(os, "replace", refuse)
    result = run(filled)
    assert not result.clean and result.saved.output.is_file()
    assert (filled / MASTER).read_bytes() == before
    assert not list(filled.glob(".~*"))


def test_bad_103_the_python_api_does_not_return_what_an_open_master_says(filled: Path) -> None:
    (filled / f"~${MASTER}").write_bytes(owner_file("张三"))
    with pytest.raises(JobError, match="汇总结果"):
        xl_fzzf.consolidate(filled / MASTER)


def test_bad_103_what_only_makes_sense_in_the_master_is_refused_while_it_is_open(
    filled: Path,
) -> None:
    from tests.conftest import AS_OF
    from tests.jobs.test_consolidate import NOW

    (filled / f"~${MASTER}").write_bytes(owner_file("张三"))
    with pytest.raises(JobError, match=r"正开着.*张三.*关闭"):
        distribute(filled / MASTER, AS_OF, NOW)
