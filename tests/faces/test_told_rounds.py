"""What check, consolidate, status, report and plan say: of an empty round, and of one full of faults."""

from __future__ import annotations

from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from tests.conftest import AS_OF, small_plan
from tests.faces.told import plain, said
from tests.jobs.districts import make_city
from tests.jobs.filling import GOOD, fill
from tests.jobs.test_consolidate import NOW, UNITS, blank, filled, incoming, received, run
from xl_fzzf.desk.master import open_master
from xl_fzzf.faces.words.returns import (
    check_json,
    check_lines,
    consolidation_json,
    consolidation_lines,
)
from xl_fzzf.faces.words.standing import (
    plan_json,
    plan_lines,
    report_json,
    report_lines,
    status_json,
    status_lines,
)
from xl_fzzf.jobs.check import check_files
from xl_fzzf.jobs.consolidate import consolidate
from xl_fzzf.jobs.report import report
from xl_fzzf.jobs.status import read_standing
from xl_fzzf.model.status import Status
from xl_fzzf.model.submission import Verdict
from xl_fzzf.office.book import Value

__all__ = ["filled"]

MASTER = "台账-2019Q3.xlsx"
BAD = GOOD | {"1.1": {"value": "三次"}, "2.1": {"numerator": 5, "denominator": 4}}


def test_a_round_in_which_nothing_came_is_told_with_noughts(workspace: Path) -> None:
    result = run(workspace)
    lines = said(consolidation_lines(result))
    assert lines[0] == "收到 0 个文件：没有"
    assert "应报 4 个单位，已报 0 个" in lines and f"未报：{'、'.join(UNITS)}" in lines
    assert not any(line.startswith("逾期") for line in lines)
    told = plain(consolidation_json(result))
    assert {told[verdict] for verdict in Verdict} == {told["received"]} == {0}
    assert told["files"] == [] and told["accepted_warnings"] == 0
    assert told["units"] == {
        "expected": 4,
        "reported": 0,
        "missing": [*UNITS],
        "typed_in_master": [],
        "late": [],
    }
    assert set(told["entries"].values()) == {0}
    assert told["status"] == dict.fromkeys(Status, 0) | {Status.MISSING: told["records"]}
    assert Path(told["output"]) == Path(told["master"]) == workspace / MASTER


def test_the_status_and_the_report_of_an_empty_round_agree(workspace: Path) -> None:
    master, standing = read_standing(workspace / MASTER, AS_OF)
    status = plain(status_json(master.workspace.master, standing))
    reported = plain(report_json(report(workspace / MASTER, AS_OF, AS_OF)))
    assert (status["completeness"], status["timeliness"], status["unmet"]) == (0.0, 0.0, [])
    assert status["status"] == reported["status"] and reported["before"] is None
    assert reported["reporting"] == status["units"] | {"late": 0}
    assert reported["pdf"] is None and set(reported["alerts"].values()) == {0}
    assert all(unit["score"] in (None, 0.0) for unit in reported["units"])
    assert all(total["missing"] and not total["met"] for total in reported["indicators"])
    lines = said(status_lines(standing))
    assert lines[0] == "2019年第三季度（统计日期 2019-09-30，报送截止 2019-10-05）"
    assert not any("未达标 " in line and "项" in line for line in lines)
    words = said(report_lines(report(workspace / MASTER, AS_OF, AS_OF)))
    assert words[0].startswith("填报率 0.0%，及时率 0.0%；") and len(words) == 3


def test_checking_nothing_says_nothing(workspace: Path) -> None:
    results = check_files([], None, workspace, AS_OF, annotate=False)
    assert said(check_lines(results)) == [] and plain(check_json(results)) == {"files": []}


def test_what_is_wrong_with_a_file_is_said_with_its_cell_and_what_to_do(filled: Path) -> None:
    file = fill(blank(filled, "区司法局"), incoming(filled, "区司法局.xlsx"), BAD)
    other = incoming(filled, "不明.xlsx")
    other.write_bytes(b"x")
    first, second = results = check_files([file, other], None, filled, AS_OF, annotate=True)
    lines = said(check_lines(results))
    assert lines[0] == "区司法局.xlsx（区司法局）：已采用"
    assert f"  带校验意见的副本：{first.copy}" in lines and second.copy is None
    at = lines.index("不明.xlsx（单位不明）：已隔离")
    assert lines[at + 1] == f"  原因：{second.checked.reason}"
    words = next(line for line in lines if "（填的是“三次”）" in line)
    finding = next(f for f in first.findings if f.value == "三次")
    assert words.startswith(f"  [错误] {finding.sheet} {finding.cell}：{finding.message}")
    assert words.endswith(f" → {finding.remedy}")
    told = plain(check_json(results))["files"]
    assert [item["unit"] for item in told] == ["区司法局", None]
    assert [item["period"] for item in told] == ["2019Q3", None]
    assert [item["records"] for item in told] == [6, 0]
    assert {f["cell"] for f in told[0]["findings"]} == {f.cell for f in first.findings}


def test_equal_findings_are_one_line_with_their_cells(workspace: Path) -> None:
    long: dict[str, dict[str, Value]] = {
        "1.1": {"value": 3, "evidence": "x" * 2100},
        "1.2": {"value": "是", "evidence": "y" * 2100},
    }
    file = fill(blank(workspace, "区司法局"), incoming(workspace, "a.xlsx"), {**GOOD, **long})
    (result,) = check_files([file], None, workspace, AS_OF, annotate=False)
    counts = Counter((f.severity, f.rule, f.message, f.sheet) for f in result.findings)
    several = [key for key, count in counts.items() if count > 1]
    assert several, "two cells with one fault"
    lines = said(check_lines([result]))
    for _, _, message, sheet in several:
        (line,) = [line for line in lines if message in line and sheet in line]
        cells = [f.cell for f in result.findings if (f.message, f.sheet) == (message, sheet)]
        assert "、".join(cells) in line and "填的是" not in line


def test_consolidation_says_what_was_not_taken_and_accounts_for_every_entry(filled: Path) -> None:
    fill(blank(filled, "区司法局"), incoming(filled, "区司法局.xlsx"), BAD)
    received(incoming(filled, "区司法局.xlsx"), 21)
    incoming(filled, "坏的.xlsx").write_bytes(b"x")
    incoming(filled, "区财政局 副本.xlsx").write_bytes(
        incoming(filled, "区财政局.xlsx").read_bytes()
    )
    incoming(filled, "~$区财政局.xlsx").write_bytes(b"x")
    result = run(filled)
    lines = said(consolidation_lines(result))
    kept_out = [line for line in lines if line.startswith(("  已隔离", "  重复", "  已忽略"))]
    assert {line.split()[0] for line in kept_out} == {"已隔离", "重复", "已忽略"}
    assert all("：" in line for line in kept_out), "each with its reason"
    told = plain(consolidation_json(result))
    assert told["received"] == 7 == sum(told[verdict] for verdict in Verdict)
    entries = told["entries"]
    assert entries["read"] == entries["recorded"] + entries["found"] + entries["ignored"] > 0
    account = next(line for line in lines if line.startswith("对账："))
    assert f"读到 {entries['read']} 项" in account and f"采用 {entries['recorded']} " in account
    assert told["records"] == sum(told["status"].values()) == 20
    assert told["status"][Status.INVALID] >= 2


def test_a_master_that_lies_open_is_told_and_where_the_result_is(filled: Path) -> None:
    (filled / f".~lock.{MASTER}#").write_text("张三,zhang,,,", encoding="utf-8")
    result = run(filled)
    lines = said(consolidation_lines(result))
    assert any("张三" in line for line in lines)
    assert f"台账没有改动，这次的结果在：{result.saved.output}" in lines
    told = plain(consolidation_json(result))
    assert told["output"] == str(result.saved.output) != told["master"]


def test_a_city_without_a_summary_says_whose_it_misses(tmp_path: Path) -> None:
    folder = make_city(tmp_path / "南充市", small_plan(), ["嘉陵区", "顺庆区"])
    result = consolidate(folder / MASTER, None, AS_OF, NOW)
    lines = said(consolidation_lines(result))
    assert "没有可用汇总表的区县：嘉陵区、顺庆区" in lines
    assert any(line.startswith("市级汇总表：") for line in lines)
    told = plain(consolidation_json(result))
    assert (told["received"], told["districts"], told["records"]) == (0, [], 0)
    assert told["missing"] == ["嘉陵区", "顺庆区"] and told["pdf"] is None
    assert all(total["value"] is None for total in told["indicators"])


@pytest.mark.parametrize(("met", "title"), [(True, ""), (False, "未达标 8 项")])
def test_unmet_records_are_listed_with_their_gap(filled: Path, met: bool, title: str) -> None:
    if not met:
        low = GOOD | {"1.1": {"value": 1}, "1.2": {"value": "否"}}
        for unit in UNITS:
            fill(blank(filled, unit), incoming(filled, f"{unit}.xlsx"), low)
    run(filled)
    master, standing = read_standing(filled / MASTER, date(2020, 1, 1))
    lines = said(status_lines(standing))
    titles = [line for line in lines if line.startswith("未达标 ")]
    assert titles == ([] if met else [title])
    told = plain(status_json(master.workspace.master, standing))["unmet"]
    rows = [line for line in lines if " | " in line]
    assert len(rows) == len(told) == (0 if met else 8)
    for row, item in zip(rows, told, strict=True):
        assert row.split(" | ")[0] == item["unit"] and row.split(" | ")[2] == item["target"]
        assert item["gap"] == row.split(" | ")[-1]


def test_the_plan_is_told_area_by_area_with_every_indicator_once(workspace: Path) -> None:
    round_ = open_master(workspace / MASTER, writing=False).round
    lines = said(plan_lines(round_))
    assert lines[0] == round_.plan.name
    assert lines[2] == "汇总单位 区司法局，落款 测试区司法局，主送 市工作专班"
    assert "1 | 1.1 会议次数 | 计数 | ≥ 2 次 | 区司法局 | 3 | 0" in lines
    assert lines[-1] == "单位 4 个（区级部门 2、乡镇 2），指标 6 个"
    told = plain(plan_json(round_))
    tasks = [task for area in told["areas"] for task in area["tasks"]] + told["safeguards"]
    codes = [indicator["code"] for task in tasks for indicator in task["indicators"]]
    assert codes == list(round_.plan.indicators)
    for code in codes:
        assert sum(f"| {code} " in line for line in lines) == 1
    assert [task["number"] for task in tasks] == [1, 2, "保1"]
    assert {item["unit"] for item in told["assignments"]} == set(round_.plan.unit_by_code)
