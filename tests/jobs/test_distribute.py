"""distribute: a return for every unit that has something to report, under a name of its own."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.conftest import AS_OF, small_plan
from tests.faces.test_cli import fzzf
from tests.jobs.filling import GOOD, fill, remove, rename
from tests.jobs.test_consolidate import run
from xl_fzzf.desk.errors import JobError
from xl_fzzf.desk.master import open_master
from xl_fzzf.faces.excel import boxes
from xl_fzzf.faces.words.distributing import remarks
from xl_fzzf.jobs.distribute import distribute, return_names
from xl_fzzf.jobs.init import init
from xl_fzzf.jobs.restore import read_runs
from xl_fzzf.jobs.verify import verify
from xl_fzzf.model.period import Period
from xl_fzzf.model.plan import Plan, Unit
from xl_fzzf.office.book_file import FileBook
from xl_fzzf.sheets.driving import write_due
from xl_fzzf.sheets.spec import RETURN
from xl_fzzf.sheets.stamp import stamp_of

MASTER = "台账-2019Q3.xlsx"
NOW = datetime(2019, 9, 2, 9)
PERIOD = Period.parse("2019Q3")


def renamed(**names: str) -> Plan:
    """The small plan with other names for some of its units, by code."""
    plan = small_plan()
    units = tuple(
        replace(unit, name=names.get(unit.code, unit.name), aliases=()) for unit in plan.units
    )
    return replace(plan, units=units)


@given(st.lists(st.text(max_size=12), max_size=8))
def test_no_two_returns_share_a_file_whatever_the_units_are_called(names: list[str]) -> None:
    units = [Unit(f"B{number:02d}", name, "乡镇") for number, name in enumerate(names)]
    files = return_names(units)
    assert list(files) == [unit.code for unit in units]
    assert len({name.casefold() for name in files.values()}) == len(units)
    assert not any(set(name) & set('\\/:*?"<>|') or name.startswith(".") for name in files.values())


@pytest.mark.parametrize(
    ("one", "other"),
    [("ABC局", "abc局"), ("甲/乙", "甲:乙"), ("金凤镇.", "金凤镇"), ("CON", "_CON")],
)
def test_names_that_a_folder_can_not_tell_apart_get_the_units_code(one: str, other: str) -> None:
    units = [Unit("B01", one, "乡镇"), Unit("B02", other, "乡镇"), Unit("B03", "别的", "乡镇")]
    files = return_names(units)
    assert files["B01"].endswith(" B01") and files["B02"].endswith(" B02")
    assert files["B03"] == "别的"


def test_both_returns_come_back_as_their_own_units(tmp_path: Path) -> None:
    plan = renamed(X01="TOWN镇", X02="town镇")
    workspace = init(tmp_path / "区", plan, PERIOD, AS_OF)
    files = {file.stem: file for file in distribute(workspace.master, AS_OF, NOW).files}
    assert set(files) == {"区司法局", "区财政局", "TOWN镇 X01", "town镇 X02"}
    for stem, number in (("TOWN镇 X01", 5), ("town镇 X02", 7)):
        entries = GOOD | {"1.1": {"value": number}}
        fill(files[stem], workspace.incoming / f"{stem}.xlsx", entries)
    run(workspace.folder)
    records = open_master(workspace.master, writing=False).records
    assert (records["X01", "1.1"].value, records["X02", "1.1"].value) == (5, 7)


def test_every_return_is_stamped_for_its_unit_and_says_where_it_belongs(workspace: Path) -> None:
    master = open_master(workspace / MASTER, writing=False)
    for unit in master.round.plan.units:
        stamp = stamp_of(FileBook.open(workspace / f"分发/2019Q3/{unit.name}.xlsx"))
        assert stamp is not None
        assert (stamp["kind"], stamp["unit"], stamp["period"]) == (RETURN, unit.code, "2019Q3")
        assert stamp["deadline"] == str(master.round.settings.deadline)


def test_a_return_holds_the_units_own_indicators_and_no_more(workspace: Path) -> None:
    master = open_master(workspace / MASTER, writing=False)
    for unit in master.round.plan.units:
        book = FileBook.open(workspace / f"分发/2019Q3/{unit.name}.xlsx")
        cells = {cell for name in book.sheet_names for row in book.read(name) for cell in row}
        own = {code for owner, code in master.expected if owner == unit.code}
        assert own == cells & set(master.round.plan.indicators)
    town = FileBook.open(workspace / "分发/2019Q3/金凤镇.xlsx")
    assert "二、依法行政" not in town.sheet_names, "towns report on nothing there"


def test_distributing_again_gives_the_same_files_and_leaves_those_that_came_back(
    workspace: Path,
) -> None:
    sent = fill(workspace / "分发/2019Q3/金凤镇.xlsx", workspace / "报送/2019Q3/金凤镇.xlsx", GOOD)
    received = sent.read_bytes()
    before = {path.name: path.read_bytes() for path in (workspace / "分发/2019Q3").iterdir()}
    files = distribute(workspace / MASTER, AS_OF, NOW).files
    assert {path.name: path.read_bytes() for path in files} == before
    assert sent.read_bytes() == received
    assert [run_.job for run_ in read_runs(workspace / MASTER).runs] == ["distribute"] * 2


def test_a_unit_without_anything_to_report_gets_no_return(tmp_path: Path) -> None:
    plan = small_plan()
    only_towns = replace(
        plan,
        areas=tuple(
            replace(area, tasks=tuple(replace(task, responsible="各乡镇") for task in area.tasks))
            for area in plan.areas
        ),
    )
    workspace = init(tmp_path / "区", only_towns, PERIOD, AS_OF)
    told: list[str] = []
    made = distribute(workspace.master, AS_OF, NOW, lambda name, done, total: told.append(name))
    assert [file.stem for file in made.files] == ["金凤镇", "安福镇"]
    assert set(told) >= {"金凤镇", "安福镇"} and "区司法局" not in told


def test_an_open_master_stops_it_before_anything_is_written(workspace: Path) -> None:
    before = {path: path.stat().st_mtime_ns for path in workspace.rglob("*.xlsx")}
    (workspace / f"~${MASTER}").write_bytes(b"x")
    with pytest.raises(JobError, match="关闭"):
        distribute(workspace / MASTER, date(2019, 9, 3), NOW)
    after = {path: path.stat().st_mtime_ns for path in before}
    assert after == before


def lying(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in (folder / "分发/2019Q3").iterdir()}


def change_due(folder: Path) -> None:
    """Something for which returns are distributed again, and differ."""
    book = FileBook.open(folder / MASTER)
    write_due(book, ["1.1"], date(2019, 11, 30))
    book.save()


def test_a_return_that_was_filled_in_in_place_is_never_overwritten(workspace: Path) -> None:
    file = workspace / "分发/2019Q3/金凤镇.xlsx"
    fill(file, file, GOOD)
    before = lying(workspace)
    change_due(workspace)
    for _ in range(2):
        result = distribute(workspace / MASTER, AS_OF, NOW)
        after = lying(workspace)
        assert after["金凤镇.xlsx"] == before["金凤镇.xlsx"] and set(after) == set(before)
        assert all(after[name] != before[name] for name in before if name != "金凤镇.xlsx")
        assert (list(result.kept), result.written) == ([file], 3)
    told = fzzf(workspace, "distribute")
    assert "1 份没有覆盖" in told and "金凤镇.xlsx" in told and "已生成 3 份填报表" in told
    assert any("1 份没有覆盖" in line for line in boxes.distributed(result))
    file.rename(workspace / "报送/2019Q3/金凤镇.xlsx")
    assert not distribute(workspace / MASTER, AS_OF, NOW).kept and file.exists()


def test_even_one_that_was_filled_in_before_the_run_was_recorded_is_kept(workspace: Path) -> None:
    """Files of which no run knows may be anybody's work."""
    stranger = workspace / "分发/2019Q3/安福镇.xlsx"
    stranger.write_bytes(b"not even a workbook")
    assert list(distribute(workspace / MASTER, AS_OF, NOW).kept) == [stranger]
    assert stranger.read_bytes() == b"not even a workbook"


def test_returns_of_renamed_and_removed_units_do_not_stay_as_if_current(workspace: Path) -> None:
    before = lying(workspace)
    rename(workspace / MASTER, "安福镇", "安福街道")
    remove(workspace / MASTER, "金凤镇")
    result = distribute(workspace / MASTER, AS_OF, NOW)
    assert set(lying(workspace)) == {"区司法局.xlsx", "区财政局.xlsx", "安福街道.xlsx"}
    assert [each.path.stem for each in result.gone] == ["安福镇", "金凤镇"]
    assert [each.kept.read_bytes() for each in result.gone] == [
        *(before[f"{name}.xlsx"] for name in ("安福镇", "金凤镇"))
    ]
    assert "移进了“档案”：安福镇.xlsx、金凤镇.xlsx" in "".join(remarks(result))
    assert not distribute(workspace / MASTER, AS_OF, NOW).gone


def test_what_was_filled_in_for_a_unit_that_is_gone_is_told_and_left(workspace: Path) -> None:
    file = workspace / "分发/2019Q3/金凤镇.xlsx"
    fill(file, file, GOOD)
    filled = file.read_bytes()
    remove(workspace / MASTER, "金凤镇")
    for _ in range(2):
        result = distribute(workspace / MASTER, AS_OF, NOW)
        assert list(result.left) == [file] and file.read_bytes() == filled
        assert "但改动过，留在“分发”里没有动：金凤镇.xlsx" in "".join(remarks(result))


def test_what_lies_there_of_staffs_own_is_nobodys_business(workspace: Path) -> None:
    note = workspace / "分发/2019Q3/发给谁了.xlsx"
    note.write_bytes(b"staff's own list")
    result = distribute(workspace / MASTER, AS_OF, NOW)
    assert note.read_bytes() == b"staff's own list" and not (result.gone or result.left)


def test_returns_that_were_sent_out_are_no_loss_of_the_archive(workspace: Path) -> None:
    change_due(workspace)
    distribute(workspace / MASTER, AS_OF, NOW)
    assert verify(workspace).clean
