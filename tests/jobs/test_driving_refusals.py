"""What only a mistake does to a master stops every job, with sheet, row, header and remedy, all at once."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import AS_OF
from xl_fzzf.desk.errors import JobError
from xl_fzzf.jobs.check import check_files
from xl_fzzf.jobs.consolidate import consolidate
from xl_fzzf.jobs.distribute import distribute
from xl_fzzf.jobs.history import read_history
from xl_fzzf.jobs.mark_unmet import mark_unmet
from xl_fzzf.jobs.plan import read_source
from xl_fzzf.jobs.report import report
from xl_fzzf.jobs.status import read_standing
from xl_fzzf.jobs.trace import trace
from xl_fzzf.model.problems import PlanError
from xl_fzzf.office.book_file import FileBook
from xl_fzzf.sheets import spec

NOW = datetime(2019, 9, 2, 9)
MASTER = "台账-2019Q3.xlsx"
Edit = Callable[[FileBook], None]


def cell(sheet: str, row: int, column: int, value: Any) -> Edit:
    """Type into a cell."""
    return lambda book: book.write(sheet, row, column, [[value]])


def setting(key: str, column: int, value: Any) -> Edit:
    """Type into a row of 设置."""

    def edit(book: FileBook) -> None:
        row = next(at for at, line in enumerate(book.read("设置"), 1) if line[0] == key)
        book.write("设置", row, column, [[value]])

    return edit


def edited(folder: Path, *edits: Edit) -> Path:
    """The master, after somebody typed into it."""
    book = FileBook.open(folder / MASTER)
    for edit in edits:
        edit(book)
    book.save()
    return folder / MASTER


def rewritten(folder: Path, part: str, old: str, new: str) -> Path:
    """The master, after somebody changed what is no value: a sheet's name, a merged range."""
    book = FileBook.open(folder / MASTER)
    text = book._package.text(part)
    assert old in text
    book._package.replace(part, text.replace(old, new, 1))
    (folder / MASTER).write_bytes(book._package.pack())
    return folder / MASTER


def renamed(folder: Path, sheet: str, name: str) -> Path:
    return rewritten(folder, "xl/workbook.xml", f'name="{sheet}"', f'name="{name}"')


def deleted(folder: Path, sheet: str) -> Path:
    """The master without a sheet; Excel also takes out the part, which nobody would miss."""
    workbook = FileBook.open(folder / MASTER)._package.text("xl/workbook.xml")
    tag = re.search(rf'<sheet name="{sheet}"[^>]*/>', workbook)
    assert tag
    return rewritten(folder, "xl/workbook.xml", tag[0], "")


def merged(folder: Path, sheet: str, cells: str) -> Path:
    part = FileBook.open(folder / MASTER)._parts[sheet]
    more = f'</sheetData><mergeCells count="1"><mergeCell ref="{cells}"/></mergeCells>'
    return rewritten(folder, part, "</sheetData>", more)


def refusal(master: Path) -> tuple[str, ...]:
    """What consolidating a master is refused with; nothing is written."""
    before = master.read_bytes()
    with pytest.raises(PlanError) as caught:
        consolidate(master, None, AS_OF, NOW)
    assert master.read_bytes() == before
    assert str(caught.value).startswith(f"台账有误，没有改动：{MASTER}\n")
    assert not re.search(
        r"\b(target|weight|due|kind|scope|enforcement|code|None)\b", str(caught.value)
    )
    return caught.value.problems


DRIVING = {
    spec.TASKS: spec.TASK_COLUMNS,
    spec.INDICATORS: spec.INDICATOR_COLUMNS,
    spec.UNITS: spec.UNIT_COLUMNS,
}
HEADERS = [
    (sheet, place, column.header)
    for sheet, columns in DRIVING.items()
    for place, column in enumerate(columns, 1)
]


@pytest.mark.parametrize("header", [None, "我的备注"], ids=["cleared", "renamed"])
@pytest.mark.parametrize(("sheet", "place", "name"), HEADERS, ids=lambda v: str(v))
def test_a_header_that_is_gone_is_told_once_with_its_sheet_and_row(
    workspace: Path, sheet: str, place: int, name: str, header: str | None
) -> None:
    (problem,) = refusal(edited(workspace, cell(sheet, 3, place, header)))
    assert problem.startswith(f"工作表“{sheet}”第 3 行：缺少表头“{name}”")
    assert ("不认识的是“我的备注”" in problem) == bool(header)


def test_a_header_in_other_ordinary_words_is_that_header(workspace: Path) -> None:
    before = read_standing(workspace / MASTER, AS_OF)[1].statuses
    master = edited(workspace, cell("指标", 3, 6, "目标值"), cell("指标", 3, 8, "完成期限（可空）"))
    assert read_standing(master, AS_OF)[1].statuses == before


@pytest.mark.parametrize(
    ("edit", "words"),
    [
        (cell("指标", 3, 15, "目标"), "工作表“指标”第 3 行，“目标”：有两列"),
        (cell("责任分工", 3, 2, None), "工作表“责任分工”第 3 行：缺少任务的表头“1”"),
        (cell("责任分工", 3, 2, "7"), "工作表“责任分工”第 3 行：缺少任务的表头“1”"),
        (cell("责任分工", 3, 3, "1"), "工作表“责任分工”第 3 行，“1”：这个任务有 2 列"),
        (
            cell("责任分工", 5, 1, "区司法局"),
            "工作表“责任分工”第 4、5 行，“单位”：“区司法局”有 2 行",
        ),
        (cell("责任分工", 5, 1, "司法局"), "工作表“责任分工”第 4、5 行，“单位”：“区司法局”有 2 行"),
        (cell("责任分工", 5, 1, None), "工作表“责任分工”第 5 行，“单位”：没有写单位"),
        (
            cell("单位", 5, 2, "区司法局"),
            "工作表“单位”第 4、5 行：单位名称或别名“区司法局”出现了 2 次",
        ),
        (cell("单位", 5, 1, "B01"), "工作表“单位”第 4、5 行，“单位代码”：单位代码“B01”出现了 2 次"),
        (cell("指标", 5, 2, "1.1"), "工作表“指标”第 4、5 行，“指标编号”：指标编号“1.1”出现了 2 次"),
        (cell("任务", 4, 1, "组织领导"), "工作表“任务”第 4 行，“领域”：领域“组织领导”写法不对"),
        (
            cell("任务", 5, 2, "七"),
            "工作表“任务”第 5 行，“任务”：要填 1 至 9999 的整数，现在是“七”",
        ),
        (cell("任务", 5, 5, "区水务局"), "工作表“任务”第 5 行，“责任单位”：责任单位“区水务局”"),
        (cell("指标", 4, 9, "重"), "工作表“指标”第 4 行，“权重”：要填不小于 0 的数，现在是“重”"),
        (cell("指标", 4, 8, "年底"), "工作表“指标”第 4 行，“完成期限”：要填日期"),
        (cell("指标", 4, 7, "乡镇:若干"), "工作表“指标”第 4 行，“分类目标”里的“乡镇”：目标“若干”"),
        (cell("指标", 4, 7, "街道:≥ 1"), "工作表“指标”第 4 行，“分类目标”：“街道”不是单位类别"),
        (cell("指标", 4, 11, 1), "工作表“指标”第 4 行，“上限”：上限 1 小于目标“≥ 2 次”"),
        (
            cell("单位", 4, 4, "有"),
            "工作表“单位”第 4 行，“行政执法职责”：要填 是 或 否，现在是“有”",
        ),
        (setting("年度", 2, "二〇一九"), "工作表“设置”，“年度”：要填 1 至 9999 的整数"),
    ],
)
def test_a_mistake_is_told_in_one_line_with_its_place(
    workspace: Path, edit: Edit, words: str
) -> None:
    problems = refusal(edited(workspace, edit))
    (own,) = [problem for problem in problems if problem.startswith(words)]
    follow = ("不在工作表“任务”里", "缺少任务的表头“2”", "“区财政局”不在单位名录里")
    assert [p for p in problems if p != own and not any(word in p for word in follow)] == []


def test_a_task_that_stands_twice_is_told_as_that(workspace: Path) -> None:
    (problem, *_) = refusal(edited(workspace, cell("任务", 5, 2, "1")))
    assert problem == "工作表“任务”第 4、5 行，“任务”：任务“1”有 2 行，只能有一行"


def test_a_task_without_an_indicator_is_told_what_to_do(workspace: Path) -> None:
    grid = FileBook.open(workspace / MASTER).read("任务")
    new = ["二、依法行政", "3", "", "开展普法。", "区司法局"]
    assert len(grid) == 6
    (problem,) = refusal(edited(workspace, lambda book: book.write("任务", 7, 1, [new])))[:1]
    assert problem == (
        "工作表“任务”第 7 行：任务“3”没有指标。请在工作表“指标”里给它加一行，“任务”一列填 3"
    )


@pytest.mark.parametrize(
    ("sheet", "cells"),
    [("指标", "F4:F5"), ("单位", "B4:B6"), ("责任分工", "B4:C4"), ("任务", "A4:A5")],
)
def test_merged_cells_are_refused(workspace: Path, sheet: str, cells: str) -> None:
    problems = refusal(merged(workspace, sheet, cells))
    assert problems == (
        f"工作表“{sheet}”第 4 行：合并了单元格 {cells}，只有左上角一格有内容。请取消合并，每一格各填各的",
    )


def test_merged_cells_beside_and_above_the_table_are_the_staffs_own(workspace: Path) -> None:
    master = merged(workspace, "指标", "R4:S5")
    assert consolidate(master, None, AS_OF, NOW)


def test_a_failed_formula_is_told_once_where_it_stands(workspace: Path) -> None:
    part = FileBook.open(workspace / MASTER)._parts["指标"]
    cells = FileBook.open(workspace / MASTER)._package.text(part)
    weight = re.search(r'<c r="I4"[^>]*>.*?</c>', cells)
    assert weight
    failed = '<c r="I4" t="e"><f>1/0</f><v>#DIV/0!</v></c>'
    (problem,) = refusal(rewritten(workspace, part, weight[0], failed))
    assert problem.startswith("工作表“指标”第 4 行，“权重”：公式出错，显示 #DIV/0!")


def test_removing_a_unit_tells_all_that_is_left_of_it_at_once(workspace: Path) -> None:
    gone = [[None] * 8]
    master = edited(
        workspace,
        lambda book: book.write("单位", 5, 1, gone),
        cell("指标", 4, 10, "区财政局"),
        cell("指标", 4, 14, "区财政局"),
        cell("任务", 5, 5, "区财政局、各乡镇"),
    )
    places = [problem.partition("：")[0] for problem in refusal(master)]
    assert places == [
        "工作表“指标”第 4 行，“适用范围”",
        "工作表“指标”第 4 行，“合计单位”",
        "工作表“任务”第 5 行，“责任单位”",
        "工作表“责任分工”第 5 行，“单位”",
    ]


def test_mistakes_on_every_sheet_are_told_at_once_and_equal_ones_in_one_line(
    workspace: Path,
) -> None:
    master = edited(
        workspace,
        cell("任务", 3, 5, None),
        lambda book: book.write("指标", 4, 9, [["重"]] * 3),
        cell("单位", 3, 4, None),
        cell("责任分工", 4, 2, "负责"),
        setting("首个报告期", 2, "三季度"),
        lambda book: book.write("报送登记", 3, 1, [[None]]),
        lambda book: book.write("一、组织领导", 3, 9, [[None]]),
    )
    problems = refusal(master)
    told = "\n".join(problems)
    for words in (
        "工作表“任务”第 3 行：缺少表头“责任单位”",
        "工作表“指标”第 4、5、6 行，“权重”",
        "工作表“单位”第 3 行：缺少表头“行政执法职责”",
        "工作表“责任分工”第 4 行，“任务 1”：填了“负责”，只能填 牵头、责任、可选",
        "工作表“设置”，“首个报告期”",
        "工作表“报送登记”第 3 行：缺少表头“文件”",
        "工作表“一、组织领导”第 3 行：缺少表头“完成值”",
    ):
        assert words in told
    assert len(problems) == 7


RULE = "没有可以调整的规则“evidense”，是不是“evidence”"


def test_a_mistyped_rule_and_a_setting_that_stands_twice_are_refused(workspace: Path) -> None:
    (problem,) = refusal(edited(workspace, setting("evidence", 1, "evidense")))
    assert problem.startswith("工作表“设置”第 ") and problem.endswith(f"行，“规则”：{RULE}")
    twice = edited(workspace, setting("evidense", 1, "evidence"), setting("汇总表标题", 1, "区县"))
    assert any(
        re.match("工作表“设置”第 .*、.* 行，“区县”：有 2 行", each) for each in refusal(twice)
    )


SHEETS = [
    spec.OVERVIEW, spec.TASKS, spec.INDICATORS, spec.UNITS, spec.ASSIGNMENTS, spec.SETTINGS,
    spec.REGISTER, spec.FINDINGS, spec.UNMET, spec.ORIGINS, "一、组织领导", "保障措施",
]  # fmt: skip


@pytest.mark.parametrize("sheet", SHEETS)
def test_a_deleted_sheet_is_told_in_words_with_what_to_do(workspace: Path, sheet: str) -> None:
    (problem,) = refusal(deleted(workspace, sheet))
    assert problem.startswith(f"工作表“{sheet}”：不见了")
    assert "fzzf restore" in problem and "档案/备份" in problem


def test_the_stamp_that_is_deleted_is_told_as_that(workspace: Path) -> None:
    with pytest.raises(JobError, match=r"没有隐藏的工作表“_fzzf”.*fzzf restore"):
        consolidate(deleted(workspace, spec.STAMP), None, AS_OF, NOW)


@pytest.mark.parametrize("sheet", ["指标", "报送登记", "一、组织领导"])
def test_a_renamed_sheet_is_told_as_that(workspace: Path, sheet: str) -> None:
    (problem,) = refusal(renamed(workspace, sheet, "改过的名"))
    assert problem.startswith(f"工作表“{sheet}”：不见了（“改过的名”像是它，是改了名的，请改回来）")


def test_jobs_that_only_read_refuse_the_same_way(workspace: Path) -> None:
    master = deleted(workspace, "一、组织领导")
    unit = workspace / "分发/2019Q3/金凤镇.xlsx"
    jobs: dict[str, Callable[[], object]] = {
        "status": lambda: read_standing(master, AS_OF),
        "report": lambda: report(master, AS_OF, AS_OF),
        "check": lambda: check_files([unit], master, workspace, AS_OF, annotate=False),
        "distribute": lambda: distribute(master, AS_OF, NOW),
        "trace": lambda: trace(master, "金凤镇", "1.1"),
        "history": lambda: read_history(master, "金凤镇"),
        "mark": lambda: mark_unmet(master, AS_OF, NOW),
        "plan": lambda: read_source(str(master), workspace),
    }
    told = {}
    for name, job in jobs.items():
        with pytest.raises(PlanError) as caught:
            job()
        told[name] = caught.value.problems
    assert set(told.values()) == {refusal(master)}


@pytest.mark.parametrize("sheet", DRIVING)
def test_a_sheet_of_which_only_the_headers_are_left_is_told_as_that(
    workspace: Path, sheet: str
) -> None:
    blank = [[None] * 14] * 8
    problems = refusal(edited(workspace, lambda book: book.write(sheet, 4, 1, blank)))
    assert problems == (
        f"工作表“{sheet}”：表头下面一行也没有了。请从“档案/备份”里最近的一份台账复制回来",
    )
