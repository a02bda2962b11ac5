"""What was edited in the driving sheets since the last run is told: on the screen, in 校验结果, in 编制说明."""

from __future__ import annotations

import time
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from tests.conftest import AS_OF
from tests.jobs.filling import GOOD, fill
from tests.jobs.test_driving_sheets import append, edit, master_of, run, send_out
from xl_fzzf.archive.driving import DRIVING, find_beginning, find_last, keep_driven
from xl_fzzf.desk.master import open_master
from xl_fzzf.faces.excel import boxes
from xl_fzzf.faces.words.distributing import distribution_lines
from xl_fzzf.faces.words.returns import consolidation_lines
from xl_fzzf.jobs.consolidate import Consolidation
from xl_fzzf.jobs.distribute import distribute
from xl_fzzf.jobs.history import read_history
from xl_fzzf.jobs.mark_unmet import mark_unmet
from xl_fzzf.jobs.next import next_period
from xl_fzzf.jobs.report import report
from xl_fzzf.jobs.restore import read_runs, restore
from xl_fzzf.jobs.status import read_standing
from xl_fzzf.jobs.verify import verify
from xl_fzzf.model.period import Period
from xl_fzzf.model.problems import PlanError
from xl_fzzf.office.book_file import FileBook
from xl_fzzf.sheets.driven import find_edited

NOW = datetime(2019, 9, 3, 9)


def told(result: Consolidation) -> list[str]:
    """The findings on what was edited."""
    found = [finding for finding in result.findings if finding.rule == "edited"]
    assert all(finding.severity.label == "说明" for finding in found)
    return [finding.message.removeprefix("驱动表改了：") for finding in found]


def notes(folder: Path) -> str:
    """编制说明 of the summary as a reader sees it."""
    summary = report(master_of(folder), AS_OF, AS_OF).summary
    sheet: Any = load_workbook(summary)["编制说明"]
    return "\n".join(str(cell.value) for row in sheet.rows for cell in row if cell.value)


@pytest.fixture
def consolidated(workspace: Path) -> Path:
    fill(workspace / "分发/2019Q3/金凤镇.xlsx", workspace / "报送/2019Q3/金凤镇.xlsx", GOOD)
    assert told(run(workspace)) == []
    return workspace


EDITS = {
    ("指标", "1.1", "目标", "≥ 4"): "“指标”的“目标”：1.1 由“≥ 2 次”改为“≥ 4 次”",
    ("指标", "1.1", "目标", "如实填报"): "“指标”的“目标”：1.1 由“≥ 2 次”改为“如实填报”",
    (
        "指标",
        "1.1",
        "完成期限",
        date(2019, 9, 29),
    ): "“指标”的“完成期限”：1.1 由空白改为“2019-09-29”",
    ("指标", "2.1", "完成期限", None): "“指标”的“完成期限”：2.1 由“2019-09-01”改为空白",
    ("指标", "1.1", "权重", 3): "“指标”的“权重”：1.1 由“1”改为“3”",
    ("指标", "1.1", "权重", None): "",
    ("指标", "1.1", "适用范围", "牵头"): "“指标”的“适用范围”：1.1 由空白改为“牵头”",
    ("指标", "1.1", "分类目标", "乡镇：≥ 1"): "“指标”的“分类目标”：1.1 由空白改为“乡镇：≥ 1 次”",
    ("指标", "1.1", "上限", 90): "“指标”的“上限”：1.1 由空白改为“90”",
    ("指标", "1.1", "合计单位", "区司法局"): "“指标”的“合计单位”：1.1 由空白改为“区司法局”",
    ("单位", "B01", "行政执法职责", "是"): "“单位”的“行政执法职责”：区司法局由“否”改为“是”",
    ("单位", "X02", "单位类别", "区级部门"): "“单位”的“单位类别”：安福镇由“乡镇”改为“区级部门”",
    ("责任分工", "金凤镇", "2", "责任"): "“责任分工”的“任务 2”：金凤镇由空白改为“责任”",
    ("责任分工", "安福镇", "1", None): "“责任分工”的“任务 1”：安福镇由“责任”改为空白",
    (
        "设置",
        "报送截止",
        "设置值",
        "2019-10-09",
    ): "“设置”的“设置值”：报送截止由“2019-10-05”改为“2019-10-09”",
    ("设置", "evidence", "级别", "关闭"): "“设置”的“级别”：evidence 由“错误”改为“关闭”",
    ("任务", "1", "任务原文", "召开两次会议。"): (
        "“任务”的“任务原文”：1 由“召开会议。”改为“召开两次会议。”"
    ),
}


@pytest.mark.parametrize("case", EDITS, ids=lambda case: "-".join(map(str, case)))
def test_every_edit_is_told_once_with_what_it_was_and_what_it_is(
    consolidated: Path, case: tuple[str, str, str, Any]
) -> None:
    edit(consolidated, *case)
    result = run(consolidated)
    assert told(result) == [EDITS[case]] * bool(EDITS[case])
    if EDITS[case]:
        since, *lines = result.notices
        assert since.startswith("驱动表与第 2 次运行（2019-09-02 09:00 汇总）时相比改了 1 处")
        assert lines == [EDITS[case]]
        assert any(EDITS[case] in str(line) for line in consolidation_lines(result))
    assert told(run(consolidated)) == [] and run(consolidated).notices == []


def test_how_a_cell_is_typed_is_no_edit(consolidated: Path) -> None:
    edit(consolidated, "指标", "1.1", "目标", ">=2次")
    edit(consolidated, "单位", "B01", "行政执法职责", None)
    edit(consolidated, "设置", "报送截止", "设置值", "2019-10-05 ")
    assert told(run(consolidated)) == []


def test_the_sheet_in_the_master_lists_them_and_the_summary_says_them_until_the_period_ends(
    consolidated: Path,
) -> None:
    edit(consolidated, "指标", "1.1", "目标", "≥ 4")
    words = EDITS["指标", "1.1", "目标", "≥ 4"]
    assert words in read_standing(master_of(consolidated), AS_OF)[1].notices, "before any run"
    assert words in notes(consolidated)
    run(consolidated)
    grid = FileBook.open(master_of(consolidated)).read("校验结果")
    assert any(f"驱动表改了：{words}" in row for row in grid)
    run(consolidated)
    assert words not in read_standing(master_of(consolidated), AS_OF)[1].notices
    edit(consolidated, "单位", "B01", "联系人", "李四")
    edit(consolidated, "设置", "发件邮箱", "设置值", "fzb@example.gov.cn")
    printed = notes(consolidated)
    assert "本期开始以来，台账的指标、单位、分工和设置改了 1 处" in printed and words in printed
    assert "李四" not in printed and "example.gov.cn" not in printed and "改回来" not in printed


def test_equal_edits_are_one_line_and_many_are_counted(consolidated: Path) -> None:
    book = FileBook.open(master_of(consolidated))
    book.write("指标", 4, 9, [[2]] * 6)
    for column in (12, 13):
        for row in range(4, 10):
            book.write("指标", row, column, [[f"说明{row}"]])
    book.save()
    result = run(consolidated)
    assert told(result)[0] == "“指标”的“分子填什么”：1.1 由空白改为“说明4”"
    assert "“指标”的“权重”：1.1、1.2、1.3、2.1、2.2等 6 行由“1”改为“2”" in told(result)
    assert len(told(result)) == 13 and len(result.notices) == 10
    assert "改了 18 处" in result.notices[0] and result.notices[-1] == "另有 5 处，见“校验结果”"


def test_units_that_came_and_went_are_told_by_name(consolidated: Path) -> None:
    append(
        consolidated, "单位", {"单位代码": "B03", "单位名称": "区水务局", "单位类别": "区级部门"}
    )
    lines = told(run(consolidated))
    assert "“单位”加了：区水务局" in lines and "“责任分工”加了：区水务局" in lines
    edit(consolidated, "单位", "X02", "单位名称", None)
    book = FileBook.open(master_of(consolidated))
    book.write("单位", 7, 1, [[None] * 8])
    book.write("责任分工", 7, 1, [[None] * 4])
    book.save()
    assert "“单位”去掉了：安福镇" in told(run(consolidated))


def test_what_a_run_in_between_told_is_told_by_the_next_consolidation_as_well(
    consolidated: Path,
) -> None:
    edit(consolidated, "指标", "1.1", "目标", "≥ 4")
    words = EDITS["指标", "1.1", "目标", "≥ 4"]
    sent = distribute(master_of(consolidated), AS_OF, NOW)
    assert any(words in str(line) for line in distribution_lines(sent))
    marked = mark_unmet(master_of(consolidated), AS_OF, NOW)
    assert not marked.notices and words not in list(boxes.marked(marked))
    edit(consolidated, "指标", "1.1", "目标", "≥ 5")
    marked = mark_unmet(master_of(consolidated), AS_OF, NOW)
    assert "“指标”的“目标”：1.1 由“≥ 4 次”改为“≥ 5 次”" in list(boxes.marked(marked))
    assert told(run(consolidated)) == ["“指标”的“目标”：1.1 由“≥ 2 次”改为“≥ 5 次”"]


def test_an_empty_target_is_refused_where_there_was_one_and_said_by_a_word(
    consolidated: Path,
) -> None:
    edit(consolidated, "指标", "1.1", "目标", None)
    for job in (run, notes, send_out):
        with pytest.raises(PlanError) as caught:
            job(consolidated)
        assert caught.value.problems == (
            "工作表“指标”第 4 行，“目标”：空白了，上次运行时是“≥ 2 次”。仍是这个目标的请填回；"
            "确实不设目标了，请填“如实填报”",
        )
    edit(consolidated, "指标", "1.1", "目标", "如实填报")
    assert told(run(consolidated)) == ["“指标”的“目标”：1.1 由“≥ 2 次”改为“如实填报”"]
    edit(consolidated, "指标", "1.1", "目标", None)
    assert told(run(consolidated)) == [], "it says the same now"


def test_a_setting_whose_row_is_gone_is_refused(consolidated: Path) -> None:
    edit(consolidated, "设置", "附件上限 MB", "项目", "附件上线")
    with pytest.raises(PlanError, match=r"“附件上限 MB”：这一行不见了，上次运行时是“20”"):
        run(consolidated)


def test_the_next_period_begins_anew(consolidated: Path) -> None:
    edit(consolidated, "指标", "1.1", "目标", "≥ 4")
    run(consolidated)
    opened = next_period(master_of(consolidated), Period.parse("2019Q4"), date(2019, 12, 1))
    assert (
        read_standing(opened.master, AS_OF)[1].notices == ()
        or not read_standing(opened.master, AS_OF)[1].notices
    )
    book = FileBook.open(opened.master)
    book.write("指标", 4, 6, [["≥ 5"]])
    book.save()
    notices = list(read_standing(opened.master, AS_OF)[1].notices)
    assert notices[0].startswith("驱动表与本期开始时相比改了 1 处")
    assert notices[1:] == ["“指标”的“目标”：1.1 由“≥ 4 次”改为“≥ 5 次”"]
    book.write("指标", 4, 6, [[None]])
    book.save()
    with pytest.raises(PlanError, match="上次运行时是“≥ 4 次”"):
        read_standing(opened.master, AS_OF)


def test_a_period_that_is_over_is_not_edited_in_silence(consolidated: Path) -> None:
    opened = next_period(master_of(consolidated), Period.parse("2019Q4"), date(2019, 12, 1)).master
    edit(consolidated, "指标", "1.1", "目标", "≥ 4")
    (notice,) = read_history(opened, "1.1").notices
    assert notice == (
        "以前的台账“台账-2019Q3.xlsx”在它最后一次运行以后改过驱动表（1 处），这里按改过的判定："
        "“指标”的“目标”：1.1 由“≥ 2 次”改为“≥ 4 次”"
    )
    assert notice in report(opened, AS_OF, AS_OF).standing.notices


def test_a_state_of_before_is_brought_back_whatever_its_targets_were(consolidated: Path) -> None:
    first = read_runs(master_of(consolidated)).runs[0].number
    edit(consolidated, "指标", "1.2", "完成期限", date(2019, 9, 29))
    run(consolidated)
    restored = restore(master_of(consolidated), first, False, AS_OF, NOW)
    words = "“指标”的“完成期限”：1.2 由“2019-09-29”改为空白"
    assert words in restored.notices
    assert told(run(consolidated)) == [words]


def test_every_run_names_what_it_read_and_the_archive_proves_it(consolidated: Path) -> None:
    runs = read_runs(master_of(consolidated)).runs
    assert all(run_.driving for run_ in runs) and len({run_.driving for run_ in runs}) == 1
    assert verify(consolidated).clean and not verify(consolidated).notes
    (kept,) = (consolidated / "档案" / DRIVING).glob("[0-9a-f]*")
    kept.chmod(0o644)
    kept.write_bytes(kept.read_bytes() + b"x")
    assert [found.file for found in verify(consolidated).discrepancies] == [
        f"档案/{DRIVING}/{kept.name}"
    ]


def test_without_anything_kept_it_is_said_that_nothing_could_be_compared(
    consolidated: Path,
) -> None:
    for path in (consolidated / "档案" / DRIVING).iterdir():
        path.unlink()
    assert "不能比较" in "".join(run(consolidated).notices)
    assert run(consolidated).notices == []


def test_keeping_and_comparing_costs_little(consolidated: Path, tmp_path: Path) -> None:
    master = open_master(master_of(consolidated), writing=False)
    start = time.perf_counter()
    assert keep_driven(tmp_path, master.driven) == keep_driven(tmp_path, master.driven)
    last = find_last(tmp_path, "2019Q3") or find_beginning(consolidated / "档案", "2019Q3")
    assert last and find_edited(last.driven, master.driven) == []
    assert time.perf_counter() - start < 1
