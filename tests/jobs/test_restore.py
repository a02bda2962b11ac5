"""restore: the master as any run left it or found it, and nothing lost on the way."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from tests.conftest import AS_OF
from tests.faces.test_cli import fzzf, json_of
from tests.jobs.filling import GOOD, fill
from tests.jobs.test_consolidate import blank, filled, incoming, received, run, write
from xl_fzzf.desk.errors import JobError
from xl_fzzf.jobs.restore import read_runs, restore
from xl_fzzf.jobs.trace import trace

__all__ = ["filled"]

NOW = datetime(2019, 10, 21, 9)
MASTER = "台账-2019Q3.xlsx"


@pytest.fixture
def twice(filled: Path) -> tuple[Path, list[bytes]]:
    """A workspace after two consolidations, and its master's states: before, between and after."""
    states = [(filled / MASTER).read_bytes()]
    run(filled)
    states.append((filled / MASTER).read_bytes())
    corrected = GOOD | {"1.1": {"value": 7}}
    received(fill(blank(filled, "区司法局"), incoming(filled, "更正.xlsx"), corrected), 25)
    run(filled)
    states.append((filled / MASTER).read_bytes())
    return filled, states


def numbers(folder: Path) -> list[int]:
    """The runs that consolidated."""
    runs = read_runs(folder / MASTER).runs
    return [run.number for run in runs if run.job == "consolidate"]


def test_the_master_comes_back_as_every_run_left_and_found_it(
    twice: tuple[Path, list[bytes]],
) -> None:
    folder, states = twice
    first, second = numbers(folder)
    wanted = {(first, True): 0, (first, False): 1, (second, True): 1, (second, False): 2}
    for (number, before), state in wanted.items():
        restore(folder / MASTER, number, before, AS_OF, NOW)
        assert (folder / MASTER).read_bytes() == states[state]


def test_a_restore_is_a_run_and_the_next_consolidation_goes_on_from_it(
    twice: tuple[Path, list[bytes]],
) -> None:
    folder, states = twice
    _, second = numbers(folder)
    restore(folder / MASTER, second, True, AS_OF, NOW)
    steps = trace(folder / MASTER, "B01", "1.1").versions
    assert [step.version.entries[2] for step in steps] == [3, 7, 3]
    assert steps[0].kept == steps[2].kept is not None, "whence it came is known again"
    assert trace(folder / MASTER, "B01", "1.1").standing is None

    run(folder)
    assert (folder / MASTER).read_bytes() == states[2]
    steps = trace(folder / MASTER, "B01", "1.1").versions
    assert [step.version.entries[2] for step in steps] == [7, 3, 7, 3]
    assert [step.version.replaced for step in steps] == [
        *(step.version.run for step in steps[1:]),
        0,
    ]


def test_what_stands_there_is_kept_first(twice: tuple[Path, list[bytes]]) -> None:
    folder, _ = twice
    first, _ = numbers(folder)
    write(folder, "单位", (2, 12), "staff's own note")
    noted = (folder / MASTER).read_bytes()
    restore(folder / MASTER, first, False, AS_OF, NOW)
    last = read_runs(folder / MASTER).runs[-1]
    assert last.job == "restore" and last.note
    restore(folder / MASTER, last.number, True, AS_OF, NOW)
    assert (folder / MASTER).read_bytes() == noted


def test_a_lost_or_broken_master_is_brought_back(twice: tuple[Path, list[bytes]]) -> None:
    folder, states = twice
    _, second = numbers(folder)
    (folder / MASTER).write_bytes(b"broken")
    fzzf(folder, "restore", "--run", str(second))
    assert (folder / MASTER).read_bytes() == states[2]
    (folder / MASTER).unlink()
    fzzf(folder, "restore", MASTER, "--run", str(second))
    assert (folder / MASTER).read_bytes() == states[2]


def test_an_open_master_an_unknown_run_or_a_spoilt_state_is_refused(
    twice: tuple[Path, list[bytes]],
) -> None:
    folder, states = twice
    first, _ = numbers(folder)
    with pytest.raises(JobError, match="没有第 99 次运行"):
        restore(folder / MASTER, 99, False, AS_OF, NOW)
    lock = folder / f"~${MASTER}"
    lock.write_bytes(b"x")
    with pytest.raises(JobError, match="关闭"):
        restore(folder / MASTER, first, False, AS_OF, NOW)
    lock.unlink()
    for copy in (folder / "档案/备份").iterdir():
        if copy.read_bytes() == states[0]:
            copy.chmod(0o644)
            copy.write_bytes(b"altered")
    with pytest.raises(JobError, match="已被改动"):
        restore(folder / MASTER, first, True, AS_OF, NOW)
    assert (folder / MASTER).read_bytes() == states[2]


def test_the_list_of_runs(twice: tuple[Path, list[bytes]]) -> None:
    folder, _ = twice
    out = fzzf(folder, "restore")
    assert "分发" in out and out.count("汇总") >= 2 and "变动 20 条记录" in out
    said = json_of(folder, "restore")
    assert [item["job"] for item in said["runs"]] == ["distribute", "consolidate", "consolidate"]
    assert said["runs"][2]["changes"] == 6, "all records of the unit have another origin"
    assert "--run" in fzzf(folder, "restore", "--before", code=2)
