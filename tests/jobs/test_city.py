"""A city consolidates its districts' summaries: through files, as the command does it."""

from __future__ import annotations

import hashlib
import json
import re
import subprocess
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from python_calamine import CalamineWorkbook

from tests.conftest import small_plan
from tests.faces.test_cli import fzzf, json_of
from tests.jobs.districts import (
    AS_OF,
    NOW,
    entries,
    make_city,
    make_summary,
    plan_of,
    row_of,
    send,
    tamper,
)
from xl_fzzf.desk.errors import JobError
from xl_fzzf.faces.words.returns import consolidation_json
from xl_fzzf.faces.words.telling import json_text
from xl_fzzf.jobs.consolidate import Using, consolidate
from xl_fzzf.model.city import build_city_plan
from xl_fzzf.model.plan import Plan, Task
from xl_fzzf.model.status import Status
from xl_fzzf.office.references import column_letter
from xl_fzzf.plans import read_plan
from xl_fzzf.sheets.spec import MASTER

pytestmark = pytest.mark.filterwarnings("ignore:.*extension is not supported:UserWarning")


@pytest.fixture
def city(district_summaries: list[Path], tmp_path: Path) -> Path:
    folder = make_city(tmp_path / "南充市", small_plan(), ["嘉陵区", "顺庆区", "高坪区"])
    for path in district_summaries:
        send(path, folder)
    return folder


def file_of(city: Path, district: str = "顺庆区") -> Path:
    """A district's summary in 报送."""
    (path,) = (city / "报送/2019Q3").glob(f"*{district}*.xlsx")
    return path


def run(city: Path, code: int = 0) -> Any:
    """Consolidate, and read what `--json` would print."""
    result = consolidate(city / "台账-2019Q3.xlsx", None, AS_OF, NOW)
    assert result.clean is (code == 0)
    return json.loads(json_text(consolidation_json(result)))


def found(result: Any) -> set[tuple[str, str, str]]:
    return {(f["rule"], f["sheet"], f["cell"]) for f in result["findings"]}


def table(path: str, sheet: str, header_row: int = 3) -> list[dict[Any, Any]]:
    grid = CalamineWorkbook.from_path(path).get_sheet_by_name(sheet)
    header, *rows = grid.to_python(skip_empty_area=False)[header_row - 1 :]
    return [dict(zip(header, row, strict=True)) for row in rows]


def test_city_values_come_from_numerators_and_denominators_of_all_units(city: Path) -> None:
    result = run(city)
    assert (result["received"], result["accepted"], result["missing"]) == (3, 3, [])
    assert result["findings"] == []
    totals = {item["code"]: item for item in result["indicators"]}
    # 2.1 concerns B01 and B02 of each district: 2 × 9/10, 2 × 1/90, 1 × 4/4
    assert (totals["2.1"]["numerator"], totals["2.1"]["denominator"]) == (24.0, 204.0)
    assert totals["2.1"]["value"] == 24 / 204 != (0.9 + 1 / 90 + 1.0) / 3
    # one of the seven units that reported states its district's total: it is no part of the sum
    assert totals["1.1"]["value"] == 3 * 6 and totals["1.2"]["value"] == 1.0
    assert totals["1.2"]["denominator"] == 7.0
    assert result["records"] == 3 * 20 == sum(result["status"].values())


def test_the_workbook_says_what_the_json_says_down_to_the_unit(city: Path) -> None:
    result = run(city)
    totals = {item["code"]: item for item in result["indicators"]}
    lines = table(result["summary"], "指标汇总")
    for line in lines:
        total = totals[line["指标编号"]]
        assert line["市级值"] == ("—" if total["value"] is None else pytest.approx(total["value"]))
        assert line["状态"] == total["status"]
    data = table(result["summary"], "数据")
    assert len(data) == result["records"]
    rate = [row for row in data if row["指标编号"] == "2.1" and row["分母"] != ""]
    assert sum(r["分子"] for r in rate) / sum(r["分母"] for r in rate) == totals["2.1"]["value"]
    assert {row["区县"] for row in data} == {"嘉陵区", "顺庆区", "高坪区"}
    assert all("数据 第" in row["出处"] for row in data)
    matrix = CalamineWorkbook.from_path(result["summary"]).get_sheet_by_name("区县矩阵").to_python()
    names, _, *rows = matrix[2:]
    at = names.index("高坪区")
    (own,) = (row for row in rows if row[0] == "2.1")
    districts = {d["district"]: d for d in result["districts"]}
    assert own[at : at + 2] == [1.0, "未达标"]
    (gaoping,) = (i for i in districts["高坪区"]["indicators"] if i["code"] == "2.1")
    assert (gaoping["value"], gaoping["status"]) == (1.0, "未达标")


def test_an_indicator_says_how_many_units_are_in(city: Path) -> None:
    """One of two units makes no rate of the district, however good its own."""
    result = run(city)
    (line,) = (
        row for row in table(str(file_of(city, "高坪区")), "指标汇总") if row["指标编号"] == "2.1"
    )
    assert (line["汇总值"], line["状态"], line["待填"]) == (1.0, "未达标", 1)
    assert line["说明"].startswith("已报 1/2")
    (above,) = (row for row in table(result["summary"], "指标汇总") if row["指标编号"] == "2.1")
    asked = sum(above[status.value] for status in Status)
    assert above["待填"]
    assert above["说明"].startswith(f"已报 {asked - above['待填']:.0f}/{asked:.0f}")
    (count,) = (row for row in table(result["summary"], "指标汇总") if row["指标编号"] == "1.1")
    assert count["目标"].startswith("每个单位 ")


def test_districts_are_sorted_beside_a_chart_that_says_who_is_last(city: Path) -> None:
    sheet: Any = openpyxl.load_workbook(run(city)["summary"])["总览"]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    top = next(at for at, row in enumerate(rows) if row[1:4] == ["区县", "达标率", "名次"])
    ranked = [row[1:4] for row in rows[top + 1 : top + 4]]
    shares = [share for _, share, _ in ranked]
    assert shares == sorted(shares, reverse=True)
    assert [rank for *_, rank in ranked] == [1 + shares.index(share) for share in shares]
    (chart,) = sheet._charts
    (series,) = chart.series
    assert series.val.numRef.f == f"总览!$C${top + 2}:$C${top + 4}"
    sentences = [str(row[1]) for row in rows if str(row[1]).endswith("。")]
    assert sentences[0].startswith("应报区县 3 个") and sentences[1].startswith("截至2019年9月30日")


def test_a_total_that_the_records_do_not_bear_out_is_found_at_its_cell(city: Path) -> None:
    clean = run(city)

    def raise_rate(book: Any) -> None:
        sheet = book["指标汇总"]
        sheet.cell(row_of(sheet, "2.1"), 4).value = 0.99

    tamper(file_of(city), raise_rate)
    result = run(city, code=1)
    assert found(result) == {("summary-totals", "指标汇总", "D7")}
    (finding,) = result["findings"]
    assert finding["unit"] == "顺庆区" and finding["value"] == "0.99"
    assert finding["expected"] == "0.01111111111"
    assert result["indicators"] == clean["indicators"]  # 数据 counts, not what was typed over it
    (line,) = table(result["summary"], "校验结果")
    assert (line["区县"], line["定位"]) == ("顺庆区", "指标汇总!D7")


def test_an_edited_record_contradicts_the_district_s_own_total(city: Path) -> None:
    def more_meetings(book: Any) -> None:
        sheet = book["数据"]
        sheet.cell(row_of(sheet, "区司法局", "1.1"), 9).value = 300

    tamper(file_of(city), more_meetings)
    assert ("summary-totals", "指标汇总", "D4") in found(run(city, code=1))


def test_a_deleted_record_is_missed(city: Path) -> None:
    def drop(book: Any) -> None:
        book["数据"].delete_rows(row_of(book["数据"], "区财政局", "2.2"))

    tamper(file_of(city), drop)
    rules = {rule for rule, _, _ in found(run(city, code=1))}
    assert {"summary-totals", "summary-units"} <= rules


def test_a_status_a_share_a_formula_and_a_repeated_record(city: Path) -> None:
    places = {}

    def edit(book: Any) -> None:
        sheet = book["数据"]
        places["rate"] = row_of(sheet, "区司法局", "2.1")
        sheet.cell(places["rate"], 9).value = 1
        places["status"] = [cell.value for cell in sheet[3]].index("状态") + 1
        sheet.cell(places["rate"], places["status"]).value = "达标"
        places["score"] = row_of(sheet, "区司法局", "2.2")
        sheet.cell(places["score"], 9).value = "=80+2.5"
        sheet.append([cell.value for cell in sheet[row_of(sheet, "区财政局", "1.1")]])

    tamper(file_of(city), edit)
    rules = found(run(city, code=1))
    assert ("summary-share", "数据", f"I{places['rate']}") in rules
    status = f"{column_letter(places['status'])}{places['rate']}"
    assert ("summary-status", "数据", status) in rules
    assert ("summary-marked", "数据", f"I{places['score']}") in rules
    assert sum(rule == "summary-repeated" for rule, _, _ in rules) == 2


def test_another_text_is_not_counted_and_another_target_is_told(city: Path) -> None:
    def edit(book: Any) -> None:
        sheet = book["数据"]
        for row in sheet.iter_rows(min_row=4):
            if row[2].value == "1.2":
                row[3].value = "另一项工作"
            if row[2].value == "1.1":
                row[4].value = "≥ 1 次"

    tamper(file_of(city), edit)
    result = run(city)
    rules = {rule for rule, _, _ in found(result)}
    assert {"summary-foreign", "summary-target", "summary-absent"} <= rules
    totals = {item["code"]: item for item in result["indicators"]}
    assert totals["1.2"]["denominator"] == 5.0


@pytest.mark.parametrize(
    ("district", "change", "reason"),
    [
        ("顺庆区", lambda book: book.remove(book["指标汇总"]), "没有工作表“指标汇总”"),
        ("顺庆区", lambda book: setattr(book["数据"]["G3"], "value", "甲"), "没有表头“分子”"),
        ("顺庆区", lambda book: setattr(book["_fzzf"]["B4"], "value", "2019Q2"), "报告期不对"),
        ("顺庆区", lambda book: setattr(book["_fzzf"]["B5"], "value", "营山县"), "不在“单位”表里"),
        ("顺庆区", lambda book: setattr(book["_fzzf"]["B1"], "value", "return"), "这是填报表"),
    ],
)
def test_what_can_not_be_taken_is_kept_out_with_the_reason(
    city: Path, district: str, change: Callable[[Any], None], reason: str
) -> None:
    tamper(file_of(city, district), change)
    result = run(city, code=1)
    (file,) = (f for f in result["files"] if f["verdict"] == "quarantined")
    assert reason in file["reason"] and result["missing"] == ["顺庆区"]
    assert {item["district"] for item in result["districts"]} == {"嘉陵区", "高坪区"}


def test_a_broken_file_a_duplicate_and_a_second_summary_of_one_district(city: Path) -> None:
    folder = city / "报送/2019Q3"
    path = file_of(city, "高坪区")
    send(path, city, "再发一遍.xlsx", after=60)
    (folder / "断了.xlsx").write_bytes(path.read_bytes()[:5000])

    def later(book: Any) -> None:
        sheet = book["数据"]
        sheet.cell(row_of(sheet, "区司法局", "1.3"), 10).value = "补充了内容"

    send(file_of(city), city, "旧的.xlsx", after=-60)
    tamper(file_of(city), later)
    result = run(city, code=1)
    verdicts = {file["file"]: file["verdict"] for file in result["files"]}
    assert verdicts["断了.xlsx"] == "quarantined" and verdicts["再发一遍.xlsx"] == "duplicate"
    assert verdicts["旧的.xlsx"] == "superseded" and result["accepted"] == 3
    assert {"duplicate", "two-files"} <= {rule for rule, _, _ in found(result)}


def test_a_rerun_says_the_same_and_originals_are_kept(city: Path) -> None:
    first, again = run(city), run(city)
    assert first == again
    originals = {path.stem for path in (city / "档案/原件").rglob("*.xlsx")}
    assert {file["sha256"] for file in first["files"]} <= originals
    register = table(str(city / "台账-2019Q3.xlsx"), "报送登记")
    assert [line["判定"] for line in register if line["文件"]] == ["已采用"] * 3


def test_the_commands_say_what_to_do(city: Path, tmp_path: Path) -> None:
    printed = json_of(city, "consolidate", "--as-of", "2019-09-30")
    assert printed == {**run(city), "gone": []}, "made on another day, the one before gave way"
    words = fzzf(city, "consolidate", "--as-of", "2019-09-30")
    assert "市级汇总表" in words and "嘉陵区" in words
    assert "市级台账" in fzzf(city, "report", code=2)
    args = ("init", "市", "--city", "南充市", "--period", "2019Q3")
    assert "--districts" in fzzf(tmp_path, *args, code=2)
    fzzf(tmp_path, *args, "--districts", "嘉陵区、顺庆区")
    assert json_of(tmp_path / "市", "consolidate")["missing"] == ["嘉陵区", "顺庆区"]


def test_a_job_that_takes_districts_masters_only_leaves_a_city_s_alone(city: Path) -> None:
    master = city / "台账-2019Q3.xlsx"
    before = master.read_bytes()
    with pytest.raises(JobError, match="市级台账"):
        consolidate(master, None, AS_OF, NOW, Using(kinds=(MASTER,)))
    with pytest.raises(JobError, match="请把各区县的汇总表放进去"):
        consolidate(master, city / "没有", AS_OF, NOW)
    assert master.read_bytes() == before


def test_the_shipped_plan_becomes_a_city_s() -> None:
    plan = build_city_plan(read_plan(), "南充市", ["南充市嘉陵区", "顺庆区"])
    assert plan.name == "南充市法治政府建设提档升位工作方案"
    found = [plan.find_unit(name) for name in ("嘉陵区", "南充市嘉陵区", "南充市顺庆区")]
    assert [unit.code for unit in found if unit] == ["D01", "D01", "D02"]
    assert len(plan.indicators) == len(read_plan().indicators)


def test_every_value_of_a_district_leads_to_its_records(city: Path) -> None:
    book: Any = openpyxl.load_workbook(run(city)["summary"])
    matrix, data = book["区县矩阵"], book["数据"]
    names = [cell.value for cell in matrix[3]]
    led = set()
    for row in matrix.iter_rows(min_row=5, min_col=6):
        for cell in row:
            if target := re.match(r"=HYPERLINK\(\"#'数据'!A(\d+)\"", str(cell.value)):
                there = data[int(target[1])]
                code = re.search(r',"(.+)"\)$', matrix.cell(cell.row, 1).value)
                assert code and code[1] == there[3].value
                assert there[0].value == names[cell.column - 1]
                led.add((there[0].value, there[3].value))
    assert led == {(row[0].value, row[3].value) for row in data.iter_rows(min_row=4)}
    links = [str(cell.value) for cell in book["总览"]["B"] if "区县矩阵" in str(cell.value)]
    places = [re.findall(r"'!([A-Z]+\d+)", formula)[0] for formula in links]
    assert [matrix[place].value for place in places] == ["嘉陵区", "顺庆区", "高坪区"]


def test_the_cover_and_the_notes_say_who_how_and_from_what(city: Path) -> None:
    def repeat(book: Any) -> None:
        sheet = book["数据"]
        sheet.append([cell.value for cell in sheet[row_of(sheet, "区司法局", "1.1")]])

    tamper(file_of(city), repeat)
    (city / "报送/2019Q3/断了.xlsx").write_bytes(b"PK")
    result = run(city, code=1)
    book = CalamineWorkbook.from_path(result["summary"])
    cover = [str(cell) for row in book.get_sheet_by_name("封面").to_python() for cell in row]
    assert {"南充市司法局", "2019年9月30日", "2019年10月2日"} <= set(cover)
    rows = book.get_sheet_by_name("编制说明").to_python()
    words = "\n".join(str(cell) for row in rows for cell in row)
    assert all(file["sha256"] in words for file in result["files"])
    assert hashlib.sha256((city / "台账-2019Q3.xlsx").read_bytes()).hexdigest() in words
    assert "顺庆区 2 行" in words
    (line,) = (row for row in rows if "顺庆区" in row and "已采用" in row)
    (errors,) = (d["errors"] for d in result["districts"] if d["district"] == "顺庆区")
    assert line[6:10] == [21, 19, 2, errors]


def test_sheets_json_and_pdf_state_the_same_values(city: Path) -> None:
    result = json_of(city, "consolidate", "--as-of", "2019-09-30", "--pdf")
    command = ["pdftotext", "-layout", result["pdf"], "-"]
    pages = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    lines = table(result["summary"], "指标汇总")
    assert "南充市司法局" in pages and "11.76%" in pages
    assert result["status"]["达标"] == sum(line["达标"] for line in lines)
    assert re.search(rf"南充市 .* {result['records']} .* {result['status']['达标']} ", pages)
    assert not re.search(r"召开三次会议", pages)  # records stand in the workbook only


def test_the_next_period_keeps_the_driving_sheets_and_a_run_can_be_taken_back(city: Path) -> None:
    master = city / "台账-2019Q3.xlsx"
    empty = master.read_bytes()
    run(city)
    fzzf(city, "restore", "--run", "1", "--before")
    assert master.read_bytes() == empty
    fzzf(city, "restore", "--run", "1")
    assert "2019Q4" in fzzf(city, "next", "--yes", "--period", "2019Q4")
    result = json_of(city, "consolidate")
    assert Path(result["master"]).name == "台账-2019Q4.xlsx"
    assert result["missing"] == ["嘉陵区", "顺庆区", "高坪区"] and result["records"] == 0
    assert "不在 2019Q4 之后" in fzzf(city, "next", "--yes", "--period", "2019Q3", code=2)
    assert json_of(city, "plan")["plan"] == "南充市法治方案"


@pytest.mark.parametrize(
    "command",
    [
        "report",
        "status",
        "distribute",
        "trace 嘉陵区 1.1",
        "history 1.1",
        "mail upward",
        "collect .",
    ],
)
def test_a_command_that_is_a_district_s_says_what_the_city_uses(city: Path, command: str) -> None:
    before = (city / "台账-2019Q3.xlsx").read_bytes()
    words = fzzf(city, *command.split(), code=2)
    assert "只用于区县台账" in words and "fzzf consolidate" in words and "Traceback" not in words
    assert (city / "台账-2019Q3.xlsx").read_bytes() == before


def test_a_district_is_told_which_command_makes_its_pdf(workspace: Path) -> None:
    assert "fzzf report --pdf" in fzzf(workspace, "consolidate", "--pdf", code=2)


def test_a_district_that_names_itself_in_an_indicator_means_the_same_one(tmp_path: Path) -> None:
    def naming(district: str) -> Plan:
        plan = plan_of(small_plan(), district)
        area, *others = plan.areas
        (task,) = area.tasks
        first, second, *rest = task.indicators
        second = replace(second, text=f"落实《{district}2019年工作安排》")
        task = replace(task, indicators=(first, second, *rest))
        return replace(plan, areas=(replace(area, tasks=(task,)), *others))

    own = naming("南充市嘉陵区")
    made = make_city(tmp_path / "市", own, ("嘉陵区", "顺庆区"))
    for plan in (own, naming("顺庆区")):
        send(make_summary(tmp_path / "区", plan, ("B01",), entries(plan.district)), made)
    result = json_of(made, "consolidate", "--as-of", "2019-09-30")
    assert "summary-foreign" not in {finding["rule"] for finding in result["findings"]}
    (named,) = (total for total in result["indicators"] if total["code"] == "1.2")
    assert (named["numerator"], named["denominator"]) == (2, 2)


def test_the_shipped_plan_names_no_district_in_a_city() -> None:
    plan = build_city_plan(read_plan(), "南充市", ("嘉陵区", "顺庆区"))
    texts = [text for task in plan.tasks.values() for text in (task.text, *_texts(task))]
    assert any("本区县" in text for text in texts)
    assert not [text for text in texts if "嘉陵" in text]


def _texts(task: Task) -> list[str]:
    return [indicator.text for indicator in task.indicators]


def test_a_city_s_settings_are_those_that_do_something(city: Path) -> None:
    book = CalamineWorkbook.from_path(city / "台账-2019Q3.xlsx")
    keys = {row[0] for row in book.get_sheet_by_name("设置").to_python()}
    assert {"报告期", "报送截止", "汇总表标题"} < keys
    assert not {"分发可选任务", "联系方式", "市级邮箱", "SMTP 服务器"} & keys
