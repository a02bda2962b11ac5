"""A master is opened only where it is ours, whole and of its own period; its records are read as they stand."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tests.conftest import AS_OF, small_plan
from tests.jobs.districts import make_city
from tests.jobs.test_consolidate import filled, run, write
from xl_fzzf.desk.errors import JobError
from xl_fzzf.desk.level import LEVELS
from xl_fzzf.desk.master import Master, filled_units, open_master
from xl_fzzf.model.city import districts_of
from xl_fzzf.model.errors import UserError
from xl_fzzf.model.record import Record
from xl_fzzf.office.book_file import FileBook
from xl_fzzf.office.references import column_number
from xl_fzzf.sheets.stamp import write_stamp

__all__ = ["filled"]

MASTER = "台账-2019Q3.xlsx"


def opened(folder: Path) -> Master:
    return open_master(folder / MASTER, writing=False)


def stamped(folder: Path, **values: str) -> None:
    """Change some of the master's stamp."""
    book = FileBook.open(folder / MASTER)
    write_stamp(book, values)
    book.save()


def refusal(path: Path, **more: Any) -> str:
    """What is said when a master is opened; it stays as it is."""
    before = path.read_bytes()
    with pytest.raises(UserError) as caught:
        open_master(path, **more)
    assert path.read_bytes() == before
    return str(caught.value)


def test_a_foreign_workbook_under_a_masters_name_is_refused(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.save(tmp_path / MASTER)
    said = refusal(tmp_path / MASTER)
    assert MASTER in said and "没有隐藏的工作表" in said and "fzzf init" in said


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04", b"\xd0\xcf\x11\xe0", "单位,数值".encode()])
def test_what_is_no_workbook_is_refused_by_its_name(tmp_path: Path, data: bytes) -> None:
    (tmp_path / MASTER).write_bytes(data)
    assert MASTER in refusal(tmp_path / MASTER)


def test_a_return_under_a_masters_name_is_no_master(workspace: Path) -> None:
    shutil.copy(workspace / "分发/2019Q3/区司法局.xlsx", workspace / MASTER)
    assert "不是台账" in refusal(workspace / MASTER)


def test_a_master_of_another_version_says_both_versions(workspace: Path) -> None:
    stamped(workspace, version="0.7")
    said = refusal(workspace / MASTER)
    assert "版本是 0.7" in said and "fzzf init" in said


def test_a_copy_under_another_periods_name_is_refused_and_next_is_named(workspace: Path) -> None:
    copy = workspace / "台账-2019Q4.xlsx"
    shutil.copy(workspace / MASTER, copy)
    said = refusal(copy)
    assert "2019Q3" in said and "台账-2019Q4.xlsx" in said and "fzzf next" in said
    assert opened(workspace).round.settings.period == opened(workspace).workspace.period


def test_a_citys_master_is_for_the_jobs_that_both_levels_have(tmp_path: Path) -> None:
    folder = make_city(tmp_path / "南充市", small_plan(), ["嘉陵区", "顺庆区"])
    said = refusal(folder / MASTER)
    assert "市级台账" in said and "fzzf consolidate" in said and "fzzf next" in said
    master = open_master(folder / MASTER, writing=False, kinds=LEVELS)
    assert [unit.name for unit in districts_of(master.round.plan)] == ["嘉陵区", "顺庆区"]
    assert master.records == {}, "what it sums up is held by the districts"
    assert LEVELS[master.kind].records is False


def test_a_master_that_lies_open_can_be_read_and_not_written(workspace: Path) -> None:
    lock = workspace / f".~lock.{MASTER}#"
    lock.write_text("张三,zhang,PC-1,01.10.2019 09:00,file:///x;", encoding="utf-8")
    said = refusal(workspace / MASTER)
    assert "张三" in said and lock.name in said
    assert opened(workspace).records


def test_every_expected_record_is_there_once_by_area_indicator_and_unit(workspace: Path) -> None:
    master = opened(workspace)
    plan = master.round.plan
    codes, units = list(plan.indicators), [unit.code for unit in plan.units]
    places = [(codes.index(code), units.index(unit)) for unit, code in master.expected]
    assert places == sorted(places) and len(set(places)) == len(places) == 20
    assert set(master.records) == set(master.expected)
    assert [unit.code for unit in master.expected_units] == units
    assert filled_units(master.round.plan, master.records.values()) == set()
    for key in master.expected:
        sheet, cell = master.cell(key, "code")
        row = int(cell.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ"))
        column = column_number(cell.removesuffix(str(row)))
        assert master.book.read(sheet)[row - 1][column - 1] == key[1]


def test_a_row_that_staff_removed_is_blank_again_and_stands_nowhere(filled: Path) -> None:
    run(filled)
    master = opened(filled)
    sheet, cell = master.cell(("B01", "1.1"), "unit")
    row = master.rows[sheet]["B01", "1.1"]
    assert cell.endswith(str(row)) and master.records["B01", "1.1"].value == 3
    blank = [None] * len(master.book.read(sheet)[row - 1])
    master.book.write(sheet, row, 1, [blank])
    master.book.save()
    again = opened(filled)
    assert again.records["B01", "1.1"] == Record("B01", "1.1")
    assert again.cell(("B01", "1.1"), "value") == (sheet, "")
    assert again.records["B02", "1.1"].value == 3, "the rows around it are read as before"


def test_a_row_that_staff_doubled_is_kept_aside_and_the_first_one_counts(filled: Path) -> None:
    run(filled)
    master = opened(filled)
    sheet, _ = master.cell(("B01", "1.1"), "unit")
    row = master.rows[sheet]["B02", "1.1"]
    first = master.rows[sheet]["B01", "1.1"]
    assert first < row
    letters = master.contents[sheet].letters
    write(filled, sheet, (row, column_number(letters["unit"])), "司法局")
    again = opened(filled)
    (repeated,) = again.repeated
    assert (repeated.row, repeated.value) == (row, 3)
    assert again.rows[sheet]["B01", "1.1"] == first
    assert again.records["B02", "1.1"].value is None, "its row is gone"


def test_a_unit_may_stand_in_the_master_by_its_alias_and_a_stranger_keeps_its_row(
    filled: Path,
) -> None:
    run(filled)
    master = opened(filled)
    sheet, _ = master.cell(("B02", "1.1"), "unit")
    column = column_number(master.contents[sheet].letters["unit"])
    write(filled, sheet, (master.rows[sheet]["B02", "1.1"], column), " 财政局 ")
    write(filled, sheet, (master.rows[sheet]["B01", "1.1"], column), "区体育局")
    again = opened(filled)
    assert again.records["B02", "1.1"].value == 3
    assert again.records["区体育局", "1.1"].value == 3, "nothing of it is lost"
    assert ("区体育局", "1.1") not in again.expected
    assert [a.unit.code for a in again.assess(AS_OF) if a.indicator.code == "1.1"] == [
        *("B01", "B02", "X01", "X02")
    ]


def test_a_master_that_lost_a_sheet_or_its_headers_is_not_written_and_the_sheet_is_named(
    filled: Path,
) -> None:
    book: Any = openpyxl.load_workbook(filled / MASTER)
    del book["二、依法行政"]
    book["一、组织领导"].delete_rows(3)
    book.save(filled / MASTER)
    before = (filled / MASTER).read_bytes()
    for act in (run, opened):
        with pytest.raises(
            UserError, match=r"“一、组织领导”：找不到表头(?s:.*)“二、依法行政”：不见了"
        ):
            act(filled)
    assert (filled / MASTER).read_bytes() == before


def test_the_name_is_looked_at_before_the_file(tmp_path: Path) -> None:
    with pytest.raises(JobError, match="不是台账的文件名"):
        open_master(tmp_path / "没有.xlsx")
