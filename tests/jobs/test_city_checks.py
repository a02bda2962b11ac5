"""What a city tells of a district that goes by other dates, says other sums, or has no records."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from tests import libreoffice
from tests.conftest import small_plan
from tests.faces.test_cli import fzzf
from tests.jobs.districts import (
    AS_OF,
    entries,
    make_city,
    make_summary,
    plan_of,
    row_of,
    send,
    tamper,
)
from tests.jobs.test_city import file_of, run, table
from xl_fzzf.jobs.report import report
from xl_fzzf.model.plan import Indicator, Plan

pytestmark = pytest.mark.filterwarnings("ignore:.*extension is not supported:UserWarning")
EARLY = date(2019, 6, 30)


def with_indicators(plan: Plan, change: Callable[[Indicator], list[Indicator]]) -> Plan:
    """A plan whose indicators are these instead."""

    def changed(task: Any) -> Any:
        return replace(task, indicators=tuple(n for i in task.indicators for n in change(i)))

    areas = (replace(a, tasks=tuple(map(changed, a.tasks))) for a in plan.areas)
    return replace(plan, areas=tuple(areas))


@pytest.fixture(scope="module")
def strict(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A district whose 1.1 was due in June and is not met, and whose plan lacks 1.3."""

    def change(item: Indicator) -> list[Indicator]:
        if item.code == "1.3":
            return []
        return [replace(item, due=EARLY) if item.code == "1.1" else item]

    plan = with_indicators(plan_of(small_plan(), "高坪区"), change)
    few = entries("高坪区") | {"1.1": {"value": 1, "narrative": "一次"}}
    few.pop("1.3")
    return make_summary(tmp_path_factory.mktemp("严"), plan, ("B01", "B02"), few)


@pytest.fixture
def city(district_summaries: list[Path], strict: Path, tmp_path: Path) -> Path:
    folder = make_city(tmp_path / "南充市", small_plan(), ["嘉陵区", "顺庆区", "高坪区"])
    for path in (*district_summaries[:2], strict):
        send(path, folder)
    return folder


def sheet_of(path: str, name: str) -> list[list[Any]]:
    return CalamineWorkbook.from_path(path).get_sheet_by_name(name).to_python()


def test_another_due_date_is_told_and_what_the_district_says_itself_stands_beside(
    city: Path,
) -> None:
    result = run(city)
    (due,) = (f for f in result["findings"] if f["rule"] == "summary-due")
    assert (due["unit"], due["indicator"], due["sheet"]) == ("高坪区", "1.1", "指标汇总")
    assert (due["value"], due["expected"]) == ("2019-06-30", "2019-12-31")
    (own,) = (d for d in result["districts"] if d["district"] == "高坪区")
    assert own["stated"]["未达标"] == own["status"]["未达标"] + 2, "two units of it say so of 1.1"
    line = next(x for x in table(result["summary"], "总览") if x["区县"] == "高坪区")
    assert line["区县自报未达标"] == own["stated"]["未达标"] != line["未达标"]
    words = " ".join(str(cell) for row in sheet_of(result["summary"], "总览") for cell in row)
    assert f"高坪区自报 {own['stated']['未达标']} 项，市里 {line['未达标']:.0f} 项" in words
    assert "区县自报未达标" in fzzf(city, "consolidate", "--as-of", "2019-09-30")


def test_an_indicator_without_records_has_no_status(city: Path) -> None:
    result = run(city)
    (own,) = (d for d in result["districts"] if d["district"] == "高坪区")
    (none,) = (i for i in own["indicators"] if i["code"] == "1.3")
    assert none["status"] == "无记录" and none["value"] is None
    names, _, *rows = sheet_of(result["summary"], "区县矩阵")[2:]
    (line,) = (row for row in rows if row[0] == "1.3")
    assert line[names.index("高坪区") + 1] == "无记录"
    assert "不适用" not in line


def test_a_city_without_a_summary_has_no_records_anywhere(tmp_path: Path) -> None:
    city = make_city(tmp_path / "市", small_plan(), ["嘉陵区"])
    result = run(city)
    assert {total["status"] for total in result["indicators"]} == {"无记录"}
    assert {line["状态"] for line in table(result["summary"], "指标汇总")} == {"无记录"}


def test_numbers_and_days_stay_what_they_are(city: Path, office: libreoffice.Office) -> None:
    result = run(city)
    names, _, *rows = sheet_of(result["summary"], "区县矩阵")[2:]
    totals = {item["code"]: item["value"] for item in result["indicators"]}
    values = {row[0]: row[3] for row in rows if row[0] in totals}
    assert values == {code: "—" if v is None else v for code, v in totals.items()}
    at = names.index("嘉陵区")
    with office.open(result["summary"]) as book:
        shown = book.values("区县矩阵")
        own = [row[at] for row in shown if row[0] in totals]
    assert sum(isinstance(value, float) for value in own) >= 5, "links that are numbers"
    rows = sheet_of(result["master"], "总览")
    days = {row[4] for row in rows if row[1] in names and row[0] != "" and row[4] != ""}
    assert days == {AS_OF}


def test_a_district_that_sent_twice_is_told_what_changed(city: Path) -> None:
    send(file_of(city), city, "旧的.xlsx", after=-60)

    def later(book: Any) -> None:
        data = book["数据"]
        column = [cell.value for cell in data[3]].index("完成情况") + 1
        data.cell(row_of(data, "区司法局", "1.3"), column).value = "补充了内容"

    tamper(file_of(city), later)
    result = run(city)
    told = {f["rule"]: f for f in result["findings"]}
    assert "这个区县报了 2 份不同的汇总表" in told["two-files"]["message"]
    assert "有 1 处变化" in told["resubmitted"]["message"]
    assert "区司法局 1.3 完成情况：推行一窗通办 → 补充了内容" in told["resubmitted"]["value"]


def test_an_accepted_warning_is_printed_as_accepted(city: Path) -> None:
    run(city)
    master = city / "台账-2019Q3.xlsx"
    from xl_fzzf.office.book_file import FileBook

    book = FileBook.open(master)
    grid = book.read("校验结果")
    header = next(at for at, row in enumerate(grid, 1) if "接受理由" in row)
    column = grid[header - 1].index("接受理由") + 1
    row = next(at for at, line in enumerate(grid, 1) if "期限不同" in line)
    book.write("校验结果", row, column, [["市里同意"]])
    book.save()
    said = fzzf(city, "consolidate", "--as-of", "2019-09-30")
    assert "[提醒（已接受）]" in said


def test_a_summary_s_file_is_called_by_its_district_too(tmp_path: Path) -> None:
    plan = replace(small_plan(), summary_title="法治工作汇总表")
    summary = make_summary(tmp_path, plan, (), {})
    assert summary.name == "测试区法治工作汇总表-2019Q3.xlsx"
    assert report(tmp_path / "测试区/台账-2019Q3.xlsx", AS_OF, AS_OF).summary == summary
