"""The workspace: which file is the master, where the folders lie, and what counts as received."""

from __future__ import annotations

import os
import random
import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xl_fzzf.desk.errors import JobError
from xl_fzzf.desk.workspace import (
    Workspace,
    find_master,
    find_masters,
    master_path,
    received_files,
)
from xl_fzzf.model.period import Period

IN_ORDER = ["2018", "2019M01", "2019Q1", "2019M04", "2019H1", "2019Q3", "2019M12", "2020M01"]

periods = st.builds(
    lambda year, kind, place: Period(year, kind[0], place % kind[1] + 1),
    st.integers(2000, 2099),
    st.sampled_from([("", 1), ("H", 2), ("Q", 4), ("M", 12)]),
    st.integers(0, 11),
)


def files(folder: Path) -> dict[str, str]:
    """What `received_files` says of a folder, by relative name."""
    return {str(path.relative_to(folder)): why for path, why in received_files(folder)}


@given(periods)
def test_a_master_is_known_again_by_the_name_that_it_is_given(period: Period) -> None:
    workspace = Workspace.at(master_path(Path("某区"), period))
    assert (workspace.period, workspace.folder) == (period, Path("某区"))


@pytest.mark.parametrize(
    "name",
    ["台账.xlsx", "台账-.xlsx", "台账-2019Q5.xlsx", "台账-2019Q3 (1).xlsx", "副本台账-2019Q3.xlsx"],
)
def test_a_name_without_a_period_is_no_masters_and_the_message_says_how_one_looks(
    name: str, tmp_path: Path
) -> None:
    with pytest.raises(JobError, match=r"台账-报告期\.xlsx") as caught:
        Workspace.at(tmp_path / name)
    assert f"“{name}”" in str(caught.value)
    (tmp_path / name).touch()
    assert find_masters(tmp_path) == []


def test_every_period_has_folders_of_its_own_and_only_the_outbox_is_shared(tmp_path: Path) -> None:
    third, fourth = (
        Workspace.at(master_path(tmp_path, Period.parse(name))) for name in ("2019Q3", "2019Q4")
    )
    names = ("outgoing", "incoming", "upward", "sent_back", "letters", "doubtful", "evidence")
    own = [getattr(workspace, name) for workspace in (third, fourth) for name in names]
    assert len(set(own)) == 2 * len(names)
    assert all(tmp_path in folder.parents for folder in own)
    for name in ("outbox", "letter_templates", "archive"):
        assert getattr(third, name) == getattr(fourth, name)


@pytest.mark.parametrize("distributing", [True, False])
def test_making_the_folders_twice_does_no_harm(tmp_path: Path, distributing: bool) -> None:
    workspace = Workspace.at(master_path(tmp_path / "新 区", Period.parse("2019Q3")))
    workspace.create(distributing)
    (workspace.incoming / "甲.xlsx").write_bytes(b"x")
    workspace.create(distributing)
    assert (workspace.incoming / "甲.xlsx").read_bytes() == b"x"
    assert workspace.upward.is_dir() and workspace.archive.is_dir()
    assert workspace.outgoing.exists() is distributing, "a city distributes nothing"
    assert not workspace.letters.exists(), "what only some jobs need is made by them"


def test_the_master_is_the_one_whose_period_ends_last(tmp_path: Path) -> None:
    names = IN_ORDER.copy()
    random.Random(7).shuffle(names)
    for name in names:
        (tmp_path / f"台账-{name}.xlsx").touch()
    assert [path.stem.removeprefix("台账-") for path in find_masters(tmp_path)] == IN_ORDER
    assert find_master(None, tmp_path).name == "台账-2020M01.xlsx"


def test_of_a_year_and_its_last_quarter_the_quarter_is_the_latest(tmp_path: Path) -> None:
    for name in ("2019Q4", "2019"):
        (tmp_path / f"台账-{name}.xlsx").touch()
    assert [path.stem for path in find_masters(tmp_path)] == ["台账-2019", "台账-2019Q4"]


def test_a_master_may_be_given_as_a_file_or_by_its_folder(tmp_path: Path) -> None:
    old, new = (tmp_path / f"台账-{name}.xlsx" for name in ("2019Q3", "2019Q4"))
    old.touch()
    new.touch()
    elsewhere = tmp_path / "别处"
    elsewhere.mkdir()
    assert find_master(old, elsewhere) == old
    assert find_master(tmp_path, elsewhere) == new
    with pytest.raises(JobError, match="找不到台账") as caught:
        find_master(tmp_path / "台账-2018Q1.xlsx", tmp_path)
    assert "台账-2018Q1.xlsx" in str(caught.value), "no other one is taken instead"
    for given_ in (None, elsewhere):
        with pytest.raises(JobError, match="fzzf init") as caught:
            find_master(given_, elsewhere)
        assert str(elsewhere) in str(caught.value)


def test_a_folder_that_is_not_entered_is_named(tmp_path: Path) -> None:
    deep = tmp_path.joinpath(*["层"] * 30)
    deep.mkdir(parents=True)
    (tmp_path / ".同步").mkdir()
    for folder in (tmp_path / ".同步", deep, deep.parents[15]):
        (folder / "甲.xlsx").write_bytes(b"x")
    told = files(tmp_path)
    assert len(told) == 3 and "隐藏" in told.pop(".同步")
    taken = [name for name, why in told.items() if not why]
    assert taken == [str(Path(*["层"] * 14, "甲.xlsx"))]
    assert sum("20 层" in why for why in told.values()) == 1


def test_a_folder_a_thousand_deep_stops_nothing(tmp_path: Path) -> None:
    """Deeper than Python's stack, and than any path that a system call takes."""
    here = os.open(tmp_path, os.O_RDONLY)
    for _ in range(1_200):
        os.mkdir("深", dir_fd=here)
        inner = os.open("深", os.O_RDONLY, dir_fd=here)
        os.close(here)
        here = inner
    os.close(here)
    ((_, why),) = received_files(tmp_path)
    assert "20 层" in why
    subprocess.run(["rm", "-rf", str(tmp_path / "深")], check=True)


@pytest.mark.skipif(os.geteuid() == 0, reason="nothing is closed to root")
def test_a_folder_that_may_not_be_read_is_named(tmp_path: Path) -> None:
    (tmp_path / "锁").mkdir(mode=0)
    ((path, why),) = received_files(tmp_path)
    assert path.name == "锁" and "核对权限" in why


def test_what_programs_leave_behind_is_ignored_and_told(tmp_path: Path) -> None:
    junk = ["~$甲.xlsx", ".~甲.xlsx", "._甲.xlsx", ".隐藏.xlsx", "Thumbs.db", "DESKTOP.INI"]
    for name in [*junk, "甲.xlsx", "乙.XLS", "丙"]:
        (tmp_path / name).write_bytes(b"x")
    told = files(tmp_path)
    assert {name for name, why in told.items() if why} == set(junk)
    assert {name for name, why in told.items() if not why} == {"甲.xlsx", "乙.XLS", "丙"}


def test_folders_are_entered_unless_they_are_hidden_and_no_link_is_followed(
    tmp_path: Path,
) -> None:
    folder = tmp_path / "报送"
    for name in ("乡镇/一/甲.xlsx", ".git/config", ".同步/深/乙.xlsx"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(b"x")
    outside = tmp_path / "外面"
    outside.mkdir()
    (outside / "丙.xlsx").write_bytes(b"x")
    (folder / "指向文件.xlsx").symlink_to(outside / "丙.xlsx")
    (folder / "指向文件夹").symlink_to(outside, target_is_directory=True)
    (folder / "断的.xlsx").symlink_to(tmp_path / "没有")
    os.mkfifo(folder / "管道.xlsx")
    told = files(folder)
    assert told.pop("乡镇/一/甲.xlsx") == ""
    assert "隐藏" in told.pop(".git") and "隐藏" in told.pop(".同步")
    assert set(told) == {"指向文件.xlsx", "指向文件夹", "断的.xlsx", "管道.xlsx"}
    assert all("没有打开" in why for why in told.values())


def test_a_folder_that_is_not_there_holds_nothing(tmp_path: Path) -> None:
    assert files(tmp_path / "没有") == {}
