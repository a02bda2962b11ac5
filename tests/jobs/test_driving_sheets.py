"""The driving sheets drive: edits in the master, then distribute, and everything follows."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import AS_OF
from tests.jobs.filling import GOOD, fill
from xl_fzzf.desk.master import open_master
from xl_fzzf.jobs.consolidate import Consolidation, consolidate
from xl_fzzf.jobs.distribute import distribute
from xl_fzzf.jobs.status import read_standing
from xl_fzzf.model.problems import PlanError
from xl_fzzf.model.record import text
from xl_fzzf.office.book_file import FileBook
from xl_fzzf.office.tables import find_table
from xl_fzzf.sheets.spec import AREA_COLUMNS

NOW = datetime(2019, 9, 2, 9)


def master_of(folder: Path) -> Path:
    return folder / "台账-2019Q3.xlsx"


def edit(folder: Path, sheet: str, row_word: str, column_word: str, value: Any) -> None:
    """Type into the cell where a row (by a word in it) and a column (by its header) meet."""
    book = FileBook.open(master_of(folder))
    grid = book.read(sheet)
    header = next(i for i, row in enumerate(grid) if column_word in map(text, row))
    row = next(i for i, line in enumerate(grid) if i > header and row_word in map(text, line))
    column = [text(cell) for cell in grid[header]].index(column_word)
    book.write(sheet, row + 1, column + 1, [[value]])
    book.save()


def append(folder: Path, sheet: str, values: dict[str, Any]) -> None:
    """Type a new row below the last one, by header words."""
    book = FileBook.open(master_of(folder))
    grid = book.read(sheet)
    header = next(i for i, row in enumerate(grid) if set(values) <= set(map(text, row)))
    words = [text(cell) for cell in grid[header]]
    for word, value in values.items():
        book.write(sheet, len(grid) + 1, words.index(word) + 1, [[value]])
    book.save()


def send_out(folder: Path) -> list[str]:
    return [file.stem for file in distribute(master_of(folder), AS_OF, NOW).files]


def run(folder: Path) -> Consolidation:
    return consolidate(master_of(folder), None, AS_OF, NOW)


def codes(folder: Path, unit: str) -> dict[str, str]:
    """Indicator codes and targets of a return."""
    book = FileBook.open(folder / "分发/2019Q3" / f"{unit}.xlsx")
    found = {}
    for sheet in book.sheet_names:
        table = find_table(book.read(sheet), AREA_COLUMNS, ("unit", "code"))
        for _, row in table.rows() if table else ():
            found[text(row["code"])] = text(row["target"])
    return found


def test_an_edited_target_reaches_returns_checks_and_roll_up(workspace: Path) -> None:
    edit(workspace, "指标", "1.1", "目标", "≥ 4")
    send_out(workspace)
    assert codes(workspace, "金凤镇")["1.1"] == "≥ 4 次"
    fill(workspace / "分发/2019Q3/金凤镇.xlsx", workspace / "报送/2019Q3/金凤镇.xlsx", GOOD)
    statuses = {(a.unit.name, a.indicator.code): a.status.value for a in run(workspace).assessments}
    assert statuses["金凤镇", "1.1"] == "推进中"
    edit(workspace, "指标", "1.1", "完成期限", date(2019, 9, 29))
    statuses = {(a.unit.name, a.indicator.code): a.status.value for a in run(workspace).assessments}
    assert statuses["金凤镇", "1.1"] == "未达标"


def test_the_unit_that_states_the_total_is_named_in_the_sheet(workspace: Path) -> None:
    edit(workspace, "指标", "1.1", "合计单位", "区司法局")
    for unit, value in (("区司法局", 9), ("金凤镇", 3), ("安福镇", 4), ("区财政局", 1)):
        answers = GOOD | {"1.1": {"value": value}}
        blank = workspace / "分发/2019Q3" / f"{unit}.xlsx"
        fill(blank, workspace / "报送/2019Q3" / f"{unit}.xlsx", answers)
    (total,) = [finding for finding in run(workspace).findings if finding.rule == "total"]
    assert (total.unit, total.value, total.expected) == ("区司法局", "9", "8")
    _, standing = read_standing(master_of(workspace), AS_OF)
    (rolled,) = [item for item in standing.indicators if item.indicator.code == "1.1"]
    assert rolled.value == 8


def test_a_target_that_differs_by_kind_of_unit(workspace: Path) -> None:
    edit(workspace, "指标", "1.1", "分类目标", "乡镇:≥ 1")
    send_out(workspace)
    assert codes(workspace, "金凤镇")["1.1"] == "≥ 1 次"
    assert codes(workspace, "区司法局")["1.1"] == "≥ 2 次"


def test_a_new_indicator_appears_below_with_its_formats_and_validation(workspace: Path) -> None:
    new = {
        "任务": "1",
        "指标编号": "1.9",
        "指标": "培训学时",
        "类型": "计数",
        "计量单位": "学时",
        "目标": "≥ 40",
        "权重": 2,
    }
    append(workspace, "指标", new)
    send_out(workspace)
    assert codes(workspace, "金凤镇")["1.9"] == "≥ 40 学时"
    master = open_master(master_of(workspace), writing=False)
    _, cell = master.cell(("X01", "1.9"), "value")
    assert cell
    part = FileBook.open(master_of(workspace))._package.text("xl/worksheets/sheet3.xml")
    assert "1.9 完成值" in part
    answers = GOOD | {"1.9": {"value": 41}}
    fill(workspace / "分发/2019Q3/金凤镇.xlsx", workspace / "报送/2019Q3/金凤镇.xlsx", answers)
    assert run(workspace).clean


def test_a_new_unit_gets_its_part_from_the_tasks_own_lines(workspace: Path) -> None:
    append(workspace, "单位", {"单位代码": "B03", "单位名称": "区水务局", "单位类别": "区级部门"})
    assert "区水务局" in send_out(workspace)
    assert set(codes(workspace, "区水务局")) == set(GOOD)
    grid = FileBook.open(master_of(workspace)).read("责任分工")
    row = next(row for row in grid if row[0] == "区水务局")
    assert [text(cell) for cell in row[:4]] == ["区水务局", "责任", "责任", "责任"]
    fill(workspace / "分发/2019Q3/区水务局.xlsx", workspace / "报送/2019Q3/区水务局.xlsx", GOOD)
    assert run(workspace).clean


def test_assignments_corrected_by_hand_hold(workspace: Path) -> None:
    edit(workspace, "责任分工", "金凤镇", "2", "责任")
    edit(workspace, "责任分工", "区财政局", "1", None)
    edit(workspace, "责任分工", "安福镇", "1", "可选")
    send_out(workspace)
    assert {"2.1", "2.2"} <= set(codes(workspace, "金凤镇"))
    assert set(codes(workspace, "区财政局")) == {"2.1", "2.2", "保1.1"}
    assert set(codes(workspace, "安福镇")) == {"保1.1"}
    edit(workspace, "设置", "分发可选任务", "设置值", "是")
    send_out(workspace)
    assert {"1.1", "保1.1"} <= set(codes(workspace, "安福镇"))


def test_a_record_that_is_no_longer_assigned_is_cleared_or_kept_uncounted(workspace: Path) -> None:
    fill(workspace / "分发/2019Q3/区财政局.xlsx", workspace / "报送/2019Q3/区财政局.xlsx", GOOD)
    run(workspace)
    edit(workspace, "责任分工", "区财政局", "1", None)
    edit(workspace, "责任分工", "安福镇", "1", None)
    result = run(workspace)
    assert ("区财政局", "1.1") not in {(a.unit.name, a.indicator.code) for a in result.assessments}
    grid = FileBook.open(master_of(workspace)).read("一、组织领导")
    kept = [row for row in grid if row[0] == "区财政局" and row[2] == "1.1"]
    assert kept[0][8] == 3 and "不计入汇总" in str(kept[0][10])
    assert not [row for row in grid if row[0] == "安福镇"]
    area = next(
        row for row in FileBook.open(master_of(workspace)).read("总览") if row[0] == "一、组织领导"
    )
    assert area[1] == sum(a.indicator.code.startswith("1.") for a in result.assessments)


def severities(result: Consolidation) -> dict[str, str]:
    return {finding.rule: finding.severity.value for finding in result.findings}


def test_a_rules_severity_is_the_coordinators_to_set(workspace: Path) -> None:
    answers = GOOD | {"1.2": {"value": "是"}}
    fill(workspace / "分发/2019Q3/金凤镇.xlsx", workspace / "报送/2019Q3/金凤镇.xlsx", answers)
    assert [f.rule for f in run(workspace).findings] == ["evidence"]
    edit(workspace, "设置", "evidence", "级别", "提醒")
    result = run(workspace)
    assert severities(result) == {"evidence": "warning", "edited": "info"} and result.clean
    edit(workspace, "设置", "evidence", "级别", "关闭")
    assert severities(run(workspace)) == {"edited": "info"}
    assert severities(run(workspace)) == {}


def test_a_renamed_unit_is_known_by_its_alias(workspace: Path) -> None:
    fill(workspace / "分发/2019Q3/金凤镇.xlsx", workspace / "报送/2019Q3/金凤镇.xlsx", GOOD)
    edit(workspace, "单位", "X01", "单位名称", "金凤新镇")
    with pytest.raises(PlanError, match="别名"):
        run(workspace)
    edit(workspace, "单位", "X01", "别名", "金凤镇、金凤镇人民政府")
    assert run(workspace).clean


def test_staffs_own_sheets_columns_and_notes_survive(workspace: Path) -> None:
    append(workspace, "报送登记", {"文件": "(这行会被重写)", "单位": ""})
    book = FileBook.open(master_of(workspace))
    book.write("一、组织领导", 3, 17, [["我的备注"], ["已电话核实"]])
    book.write("一、组织领导", 40, 1, [["本表由办公室维护"]])
    book.save()
    run(workspace)
    grid = FileBook.open(master_of(workspace)).read("一、组织领导")
    assert grid[2][16] == "我的备注" and grid[3][16] == "已电话核实"
    assert grid[39][0] == "本表由办公室维护"


@pytest.mark.parametrize(
    ("sheet", "row", "column", "value", "words"),
    [
        ("指标", "1.1", "目标", "大概两次", ("指标", "第 4 行", "大概两次", "≥ 2")),
        ("指标", "1.1", "类型", "次数", ("指标", "第 4 行", "次数", "计数")),
        ("指标", "1.2", "指标编号", "1.1", ("1.1", "出现了 2 次")),
        ("指标", "1.1", "完成期限", "年底", ("指标", "第 4 行", "日期")),
        ("单位", "B02", "单位类别", "部门", ("单位", "第 5 行", "部门", "区级部门")),
        ("单位", "B02", "单位代码", "B01", ("B01", "出现了 2 次")),
        ("责任分工", "金凤镇", "1", "负责", ("责任分工", "第 6 行", "负责", "牵头、责任、可选")),
        ("责任分工", "金凤镇", "单位", "金风镇", ("责任分工", "金风镇", "单位名录")),
        ("设置", "报送截止", "设置值", "月底", ("设置", "报送截止", "日期")),
        ("设置", "evidence", "级别", "严重", ("设置", "严重", "错误")),
        ("任务", "2", "责任单位", "区水务局、其他区级部门", ("区水务局", "单位名录")),
    ],
)
def test_a_mistake_in_a_driving_sheet_is_named_by_place_and_what_is_wanted(
    workspace: Path, sheet: str, row: str, column: str, value: Any, words: tuple[str, ...]
) -> None:
    edit(workspace, sheet, row, column, value)
    before = master_of(workspace).read_bytes()
    with pytest.raises(PlanError) as caught:
        run(workspace)
    for word in words:
        assert word in str(caught.value)
    assert master_of(workspace).read_bytes() == before


def test_lists_may_be_typed_with_full_width_punctuation(workspace: Path) -> None:
    comma, semicolon, colon = "\uff0c", "\uff1b", "\uff1a"
    edit(workspace, "单位", "B02", "别名", f"财政局{comma}区财政{semicolon}财局")
    edit(workspace, "指标", "1.1", "分类目标", f"乡镇{colon}≥ 1{semicolon}区级部门{colon}≥ 3")
    plan = open_master(master_of(workspace), writing=False).round.plan
    assert all(plan.find_unit(name) for name in ("财政局", "区财政", "财局"))
    assert {kind: target.value for kind, target in plan.indicators["1.1"].targets.items()} == {
        "乡镇": 1,
        "区级部门": 3,
    }
