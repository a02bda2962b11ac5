"""Files are written whole or not at all, and the archive knows every byte again by its hash."""

from __future__ import annotations

import stat
from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xl_fzzf.archive.originals import (
    find_original,
    find_state,
    fingerprint,
    folders,
    keep_original,
    keep_state,
)
from xl_fzzf.archive.storage import (
    READ_ONLY,
    clear_leftovers,
    make_folder,
    refuse_unwritable,
    write_whole,
)

NOW = datetime(2019, 10, 20, 9)
MASTER = Path("台账-2019Q3.xlsx")


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@settings(max_examples=25)
@given(st.lists(st.binary(max_size=3000), min_size=1, max_size=4))
def test_a_file_holds_what_was_written_last_and_nothing_lies_beside_it(
    tmp_path_factory: pytest.TempPathFactory, contents: list[bytes]
) -> None:
    path = tmp_path_factory.mktemp("档案") / "文件"
    for data in contents:
        write_whole(path, data)
        assert path.read_bytes() == data
    assert list(path.parent.iterdir()) == [path]


def test_a_file_that_is_replaced_keeps_its_old_bytes_for_who_has_it_open(tmp_path: Path) -> None:
    path = tmp_path / "文件"
    write_whole(path, b"old" * 9999)
    with path.open("rb") as reader:
        assert reader.read(3) == b"old"
        write_whole(path, b"new")
        assert reader.read() == b"old" * 9998
    assert path.read_bytes() == b"new"


def test_a_write_that_can_not_finish_leaves_nothing_behind(tmp_path: Path) -> None:
    occupied = tmp_path / "台账"
    occupied.mkdir()
    (occupied / "里面").touch()
    with pytest.raises(OSError):
        write_whole(occupied, b"data")
    assert [path.name for path in tmp_path.rglob("*")] == ["台账", "里面"]
    with pytest.raises(FileNotFoundError):
        write_whole(tmp_path / "没有" / "文件", b"data")


def test_a_read_only_file_is_replaced_all_the_same_and_is_read_only_again(tmp_path: Path) -> None:
    path = tmp_path / "文件"
    for data in (b"one", b"two"):
        write_whole(path, data, READ_ONLY)
        assert (path.read_bytes(), mode(path)) == (data, 0o444)
    write_whole(path, b"three")
    assert mode(path) == 0o644


def test_folders_are_made_with_those_above_them_and_files_are_never_taken_for_one(
    tmp_path: Path,
) -> None:
    deep = tmp_path / "一" / "二" / "三"
    make_folder(deep)
    make_folder(deep)
    assert deep.is_dir()
    (tmp_path / "文件").write_bytes(b"x")
    for wrong in (tmp_path / "文件", tmp_path / "文件" / "里面"):
        with pytest.raises(OSError):
            make_folder(wrong)
    assert (tmp_path / "文件").read_bytes() == b"x"


def test_a_folder_is_tried_without_a_trace(tmp_path: Path) -> None:
    refuse_unwritable(tmp_path)
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(FileNotFoundError):
        refuse_unwritable(tmp_path / "没有")


def test_only_what_a_crash_left_of_writing_is_cleared(tmp_path: Path) -> None:
    kept = ["甲.xlsx", ".~甲.xlsx", "a.tmp", ".~lock.甲.xlsx#"]
    for name in [*kept, ".~abc123.tmp", ".~.tmp"]:
        (tmp_path / name).write_bytes(b"x")
    clear_leftovers([tmp_path, tmp_path / "没有"])
    assert {path.name for path in tmp_path.iterdir()} == set(kept)


@settings(max_examples=25)
@given(st.lists(st.binary(max_size=30), max_size=6), st.sampled_from([".xlsx", ".XLS", ""]))
def test_every_original_is_found_by_its_hash_and_kept_once(
    tmp_path_factory: pytest.TempPathFactory, contents: list[bytes], suffix: str
) -> None:
    archive = tmp_path_factory.mktemp("档案")
    kept = [keep_original(archive, fingerprint(data), suffix, data) for data in contents * 2]
    assert len(set(kept)) == len(set(contents))
    for data, path in zip(contents * 2, kept, strict=True):
        assert find_original(archive, fingerprint(data)) == path
        assert (path.read_bytes(), path.suffix, mode(path)) == (data, suffix.lower(), 0o444)
    assert {path.parent for path in kept} <= set(folders(archive)), "each is cleared of leftovers"


@pytest.mark.parametrize("suffix", ["./../x", ".表", ". x", ".a/b", "."])
def test_a_suffix_that_is_no_plain_one_is_left_off(tmp_path: Path, suffix: str) -> None:
    sha256 = fingerprint(b"x")
    path = keep_original(tmp_path, sha256, suffix, b"x")
    assert path == tmp_path / "原件" / sha256[:2] / sha256
    assert find_original(tmp_path, sha256) == path


def test_what_was_never_kept_is_not_found(tmp_path: Path) -> None:
    keep_original(tmp_path, fingerprint(b"x"), ".xlsx", b"x")
    assert find_original(tmp_path, "") is None
    assert find_original(tmp_path, fingerprint(b"y")) is None
    assert find_original(tmp_path / "没有", fingerprint(b"x")) is None


def test_a_state_is_kept_once_found_by_its_bytes_and_never_where_it_was_altered(
    tmp_path: Path,
) -> None:
    for data in (b"one", b"two", b"one"):
        keep_state(tmp_path, MASTER, data, NOW)
    one, two = (find_state(tmp_path, MASTER, fingerprint(data)) for data in (b"one", b"two"))
    assert one is not None and two is not None and len(list(one.parent.iterdir())) == 2
    assert one.name.startswith("台账-2019Q3_20191020-090000_") and one.suffix == ".xlsx"
    assert find_state(tmp_path, Path("台账-2019Q4.xlsx"), fingerprint(b"one")) is None
    one.chmod(0o644)
    one.write_bytes(b"altered")
    assert find_state(tmp_path, MASTER, fingerprint(b"one")) is None
    keep_state(tmp_path, MASTER, b"one", NOW.replace(hour=10))
    again = find_state(tmp_path, MASTER, fingerprint(b"one"))
    assert again is not None and again.read_bytes() == b"one", "kept anew beside the altered one"
