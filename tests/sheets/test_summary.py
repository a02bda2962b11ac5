"""The summary workbook, read back as its readers do."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from datetime import date, datetime
from functools import cache
from typing import Any
from zipfile import ZipFile

import openpyxl
import pytest
from python_calamine import CalamineWorkbook

from tests.conftest import small_plan
from xl_fzzf.model.assessment import assess
from xl_fzzf.model.period import Period
from xl_fzzf.model.record import Cell, Record
from xl_fzzf.model.responsibility import assign
from xl_fzzf.model.rollup import met_share
from xl_fzzf.model.round import Registered, Round, Standing
from xl_fzzf.model.settings import Settings
from xl_fzzf.model.target import Op, Target
from xl_fzzf.sheets import spec as layout
from xl_fzzf.sheets.area import read_area
from xl_fzzf.sheets.stamp import read_stamp
from xl_fzzf.sheets.summary import build_summary

pytestmark = pytest.mark.filterwarnings("ignore:.*extension is not supported:UserWarning")
AS_OF, MADE, DEADLINE = date(2020, 1, 15), date(2020, 1, 16), date(2019, 10, 5)
HOSTILE = ("=1+1", "http://x", "@SUM(A1)", "<r><t>&", "<r>&</r>", "=坏.xlsx")
FIELDS = ("numerator", "denominator", "value", "narrative")
ENTRIES: dict[str, Any] = {
    "B01": {"1.1": (None, None, 5.0), "1.2": (None, None, "是"), "2.1": (9.0, 10.0)}
    | {"1.3": (None, None, None, "长" * 40_000), "2.2": (None, 80.0, 82.5)}
    | {"保1.1": (None, 10.0, 12.0)},
    "B02": {"1.1": (None, None, 1.0), "1.2": (None, None, "否"), "2.1": (90.0, 90.0)}
    | {"1.3": (None, None, None, HOSTILE[0]), "2.2": (None, 80.0, 80.0)}
    | {"保1.1": (None, 10.0, 5.5)},
    "X01": {"1.1": (None, None, "约3次"), "1.2": (None, None, "否", HOSTILE[1])}
    | {"1.3": (None, None, None, "不适用:没有"), "保1.1": (None, 4.5, 0.0)},
}


@cache
def standing() -> Standing:
    """Two units of four that tie, one that reported nothing, and a quarantined file."""
    plan = small_plan()
    area, *others = plan.areas
    first = replace(area.tasks[0].indicators[0], target=Target(Op.BETWEEN, 2.0, 4.0))
    task = replace(area.tasks[0], indicators=(first, *area.tasks[0].indicators[1:]))
    plan = replace(plan, areas=(replace(area, tasks=(task,)), *others))
    round_ = Round(plan, assign(plan), Settings(Period.parse("2019Q3"), DEADLINE))
    records = []
    for unit, code in ((unit.code, code) for code in plan.indicators for unit in plan.units):
        if (unit, plan.indicators[code].task) in round_.assignments:
            given: dict[str, Any] = dict(
                zip(FIELDS, ENTRIES.get(unit, {}).get(code, ()), strict=False)
            )
            given |= {"reason": HOSTILE[2], "deadline": datetime(2020, 1, 31)}
            records.append(Record(unit, code, **given))
    judged = assess(plan, records, 2019, AS_OF)
    files = (Registered(HOSTILE[5], HOSTILE[3], "已隔离", HOSTILE[4], HOSTILE[3], "", "00"),)
    reported = frozenset({"B01", "B02", "X01"})
    return Standing(round_, AS_OF, judged, plan.units, reported, frozenset({"B02"}), files)


@cache
def summary() -> bytes:
    return build_summary(standing(), MADE)


@cache
def grid(name: str) -> list[list[Any]]:
    book = CalamineWorkbook.from_filelike(io.BytesIO(summary()))
    return book.get_sheet_by_name(name).to_python(skip_empty_area=False)


def table(name: str, key: str) -> dict[Cell, dict[Cell, Cell]]:
    """The rows below a sheet's header row, by the value under one header."""
    header, *rows = grid(name)[2:]
    return {row[header.index(key)]: dict(zip(header, row, strict=True)) for row in rows}


def test_the_sheets_stand_in_order_and_the_stamp_says_what_they_are() -> None:
    book = openpyxl.load_workbook(io.BytesIO(summary()))
    order = "封面 总览 指标汇总 单位矩阵 未达标清单 报送情况 考核得分 编制说明 数据 _fzzf"
    assert book.sheetnames == order.split()
    assert book[layout.STAMP].sheet_state == "veryHidden"
    stamp = read_stamp(grid(layout.STAMP))
    assert stamp["kind"] == layout.SUMMARY and stamp["created"] == "2020-01-16"
    assert build_summary(standing(), MADE) == summary()
    cover = {cell for row in grid(layout.COVER) for cell in row}
    assert {
        "测试区司法局",
        "2020年1月15日",
        "2020年1月16日",
        "\uff08公章\uff09",
        "负 责 人",
    } < cover


def test_district_values_are_rolled_up_by_kind() -> None:
    totals = table(layout.INDICATOR_TOTALS, "指标编号")
    values = {code: (row["汇总值"], row["分子"], row["分母"]) for code, row in totals.items()}
    assert values["1.1"] == (6.0, "", "") and values["1.2"] == (1 / 3, 1.0, 3.0)
    assert values["1.3"] == ("—", "", "") and values["2.1"] == (0.99, 99.0, 100.0)
    assert values["2.2"] == (81.25, 162.5, 160.0) and values["保1.1"] == (17.5, 17.5, 24.5)
    assert [totals["2.1"][s] for s in ("状态", "达标", "未达标")] == ["未达标", 1.0, 1.0]
    assert "1 个单位超过目标上限" in str(totals["1.1"]["说明"])
    assert any("指标1.1有1个单位超过" in str(row[0]) for row in grid(layout.OVERVIEW))


def test_units_are_ranked_ties_share_a_rank_and_those_behind_come_first() -> None:
    rows = table(layout.SCORES, "单位")
    assert [row["名次"] for row in rows.values()] == [1.0, 2.0, 3.0, 3.0]
    scores = {total.unit.name: total.score for total in standing().unit_totals}
    assert {name: row["得分"] for name, row in rows.items()} == scores
    rows = table(layout.SUBMISSIONS, "单位")
    assert [*rows][:2] == ["安福镇", "区财政局"] and rows["安福镇"]["是否报送"] == "未报"
    assert rows["区财政局"]["是否及时"] == "逾期"


def test_unmet_records_stand_by_unit_with_their_alert_and_are_counted_by_task() -> None:
    rows = grid(layout.UNMET)[3:]
    end = next(at for at, row in enumerate(rows) if row[0] == "按任务统计")
    listed = [row for row in rows[:end] if row[1]]
    assert [row[1] for row in listed] == ["区司法局"] + ["区财政局"] * 4 + ["金凤镇"] * 2
    # 整改时限 is 16 days from the day of the summary, one more than is soon
    assert {row[-1] for row in listed} == {"蓝·跟踪"}
    tasks = {row[0]: (row[5], row[6], row[8]) for row in rows[end + 2 :] if row[0]}
    assert tasks == {
        "1": (3.0, "0 / 0 / 3", "区财政局、金凤镇"),
        "2": (2.0, "0 / 0 / 2", "区司法局、区财政局"),
        "保1": (2.0, "0 / 0 / 2", "区财政局、金凤镇"),
    }


def test_the_matrix_says_every_status_in_one_word() -> None:
    areas, codes, *rows = grid(layout.MATRIX)[2:]
    assert areas[1] == "一、组织领导" and codes[1:7] == ["1.1", "1.2", "1.3", "2.1", "2.2", "保1.1"]
    words = {row[0]: "".join(map(str, row[1:7])) for row in rows}
    assert words["区司法局"] == "达达达未达达" and words["区财政局"] == "未未达达未未"
    assert words["金凤镇"] == "误未免未" and words["安福镇"] == "待待待待"


def test_the_data_are_the_records_in_the_layout_of_an_area_sheet() -> None:
    assert grid(layout.DATA)[2] == [column.header for column in layout.AREA_COLUMNS]
    content = read_area(layout.DATA, grid(layout.DATA))
    assert content and not content.missing
    plan, rows = standing().round.plan, content.rows
    read = [replace(r.record, unit=plan.unit_by_name[r.unit].code, indicator=r.code) for r in rows]
    judged = assess(plan, read, 2019, AS_OF)
    assert [a.judgement for a in judged] == [a.judgement for a in standing().assessments]
    assert {row.record.deadline for row in rows} == {date(2020, 1, 31)}
    data = {(row[0], row[2]): (row[8], row[9]) for row in grid(layout.DATA)[3:]}
    assert data["区司法局", "2.1"] == (0.9, "未达标") and data["金凤镇", "1.1"] == ("约3次", "有误")


def test_hostile_texts_stay_texts() -> None:
    book = openpyxl.load_workbook(io.BytesIO(summary()))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    formulas = [str(cell.value) for cell in cells if cell.data_type == "f"]
    assert all(formula.startswith('=HYPERLINK("#') for formula in formulas)
    assert not [cell for cell in cells if cell.hyperlink]
    texts = {str(cell.value).rstrip() for cell in cells}
    assert set(HOSTILE) < texts and max(map(len, texts)) == 32_767


def test_charts_say_what_they_show_in_their_title_and_to_who_cannot_see_them() -> None:
    package = ZipFile(io.BytesIO(summary()))
    charts = sorted(name for name in package.namelist() if name.startswith("xl/charts/chart"))
    titles = [re.findall("<a:t>(.*?)</a:t>", package.read(name).decode())[0] for name in charts]
    shares = sorted(met_share(counts) or 0.0 for _, counts in standing().areas)
    assert f"达标率最低：{shares[0]:.1%}，最高{shares[-1]:.1%}" in titles[0]
    assert "乡镇" in titles[1] and titles[2] == "未达标最多的是任务1：3项"
    for name in charts:
        title, _, rest = package.read(name).decode().partition("</c:title>")
        assert "<c:f>" not in title and "<c:dLbls>" in rest
    drawing = package.read("xl/drawings/drawing1.xml").decode()
    assert re.findall('descr="(.*?)。', drawing) == titles


def test_bars_are_sorted_and_kinds_of_unit_are_compared() -> None:
    rows = grid(layout.OVERVIEW)
    for whose, count in (("领域", 3), ("单位类别", 2)):
        top = next(at for at, row in enumerate(rows) if row[1] == whose)
        share = rows[top].index("达标率")
        shares = [row[share] for row in rows[top + 1 : top + 1 + count]]
        assert shares == sorted(shares, reverse=True) and rows[top + 1 + count][0] == "合计"


def test_charts_and_print_settings() -> None:
    book: Any = openpyxl.load_workbook(io.BytesIO(summary()))
    upright = {layout.COVER, layout.OVERVIEW, layout.SUBMISSIONS}
    for sheet in book.worksheets[:-1]:
        assert sheet.page_setup.orientation == (
            "portrait" if sheet.title in upright else "landscape"
        )
        scaled = sheet.title in (layout.OVERVIEW, layout.MATRIX)
        assert bool(sheet.sheet_properties.pageSetUpPr.fitToPage) is not scaled
        assert sheet.page_setup.paperSize == 9
        assert "&P" in (sheet.oddFooter.center.text or "") or sheet.title == layout.COVER
    matrix = book[layout.MATRIX]
    assert (matrix.print_title_rows, matrix.print_title_cols) == ("$3:$4", "$A:$A")
    assert matrix.freeze_panes == "B5" and book[layout.SCORES].print_title_rows == "$3:$3"
