"""A city's round as it comes: other rosters, files sent twice, stale, tampered with, from another plan."""

from __future__ import annotations

import subprocess
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from math import fsum
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tests.conftest import small_plan
from tests.faces.test_cli import fzzf, json_of
from tests.jobs.districts import entries, make_city, make_summary, plan_of, row_of, send, tamper
from xl_fzzf.model.period import Period
from xl_fzzf.model.plan import Plan

pytestmark = pytest.mark.filterwarnings("ignore:.*extension is not supported:UserWarning")
DISTRICTS = ("嘉陵区", "顺庆区", "高坪区", "营山县", "蓬安县", "仪陇县")
KINDS = {
    "1.1": "count",
    "1.2": "yes_no",
    "1.3": "text",
    "2.1": "rate",
    "2.2": "score",
    "保1.1": "amount",
}


def other_roster(district: str) -> Plan:
    """A district with units of its own, more and others than elsewhere."""
    plan = plan_of(small_plan(), district)
    first, second, *towns = plan.units
    more = replace(towns[0], code="X09", name="天池镇", aliases=())
    return replace(plan, units=(first, replace(second, name="县民政局", aliases=()), more))


def other_plan(district: str) -> Plan:
    """A district that works by another plan: the codes are the city's, the texts are not."""
    plan = plan_of(small_plan(), district)
    areas = []
    for area in plan.areas:
        tasks = [
            replace(t, indicators=tuple(replace(i, text=f"另外的{i.text}") for i in t.indicators))
            for t in area.tasks
        ]
        areas.append(replace(area, tasks=tuple(tasks)))
    return replace(plan, areas=tuple(areas))


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory, district_summaries: list[Path]) -> Path:
    """The city's workspace after `fzzf consolidate` over all that came."""
    root = tmp_path_factory.mktemp("城")
    city = make_city(root / "市", small_plan(), DISTRICTS)
    first, second, _ = district_summaries
    send(first, city)
    send(second, city, "顺庆区(旧).xlsx", after=-3600)
    better = entries("顺庆区") | {"2.1": {"numerator": 45, "denominator": 90}}
    again = plan_of(small_plan(), "顺庆区")
    send(make_summary(root / "再报", again, ("B01", "B02"), better), city)
    stale = make_summary(
        *(root / "旧", plan_of(small_plan(), "高坪区"), ("B01",), entries("高坪区")),
        Period.parse("2019Q2"),
    )
    send(stale, city)
    filled = entries("营山县")
    changed = make_summary(root, other_roster("营山县"), ("B01", "B02", "X09"), filled)
    tamper(send(changed, city), raise_rate)
    send(make_summary(root, other_plan("蓬安县"), ("B01",), entries("蓬安县")), city)
    return city


def raise_rate(book: Any) -> None:
    """What a district might type over its own total."""
    sheet = book["指标汇总"]
    sheet.cell(row_of(sheet, "2.1"), 4).value = 1


@pytest.fixture(scope="module")
def result(made: Path) -> Any:
    return json_of(made, "consolidate", "--as-of", "2019-09-30", "--pdf", code=1)


def test_every_file_gets_its_verdict_and_reason(result: Any) -> None:
    verdicts = {file["file"]: (file["verdict"], file["reason"]) for file in result["files"]}
    assert verdicts["南充市嘉陵区汇总表-2019Q3.xlsx"] == ("accepted", "")
    assert verdicts["顺庆区(旧).xlsx"][0] == "superseded"
    assert verdicts["顺庆区汇总表-2019Q3.xlsx"][0] == "accepted"
    assert verdicts["高坪区汇总表-2019Q2.xlsx"][0] == "quarantined"
    assert "报告期不对" in verdicts["高坪区汇总表-2019Q2.xlsx"][1]
    assert verdicts["营山县汇总表-2019Q3.xlsx"][0] == "accepted"
    assert verdicts["蓬安县汇总表-2019Q3.xlsx"][0] == "quarantined"
    assert "没有一项相同" in verdicts["蓬安县汇总表-2019Q3.xlsx"][1]
    assert result["missing"] == ["高坪区", "蓬安县", "仪陇县"]


def test_the_tampered_total_is_found_and_does_not_count(result: Any) -> None:
    found = [f for f in result["findings"] if f["rule"].startswith("summary-to")]
    ((unit, sheet, cell, value, expected),) = [
        (f["unit"], f["sheet"], f["cell"], f["value"], f["expected"]) for f in found
    ]
    assert (unit, sheet, cell, value, expected) == ("营山县", "指标汇总", "D7", "1", "0.75")


def records(path: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """The code and cells of every record in 数据 that is part of a sum, by openpyxl alone."""
    sheet: Any = openpyxl.load_workbook(path, data_only=True)["数据"]
    headers = [cell.value for cell in sheet[3]]
    for row in sheet.iter_rows(min_row=4, values_only=True):
        line = dict(zip(headers, row, strict=True))
        if line["指标编号"] and not line["校验提示"]:
            yield line["指标编号"], line


def recomputed(paths: list[Path]) -> dict[str, tuple[float, Any, Any]]:
    """Value, numerator and denominator of every indicator, as arithmetic and nothing else."""
    groups: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for path in paths:
        for code, line in records(path):
            groups[code].append(line)
    totals = {}
    for code, lines in groups.items():
        answered = [line for line in lines if line["完成值"] is not None]
        value = [line["完成值"] for line in answered]
        below = [line["分母"] for line in answered]
        above = [line["分子"] for line in answered]
        totals[code] = _total(KINDS[code], value, above, below)
    return totals


def _total(kind: str, value: list[Any], above: list[Any], below: list[Any]) -> tuple[Any, Any, Any]:
    match kind:
        case "yes_no":
            return value.count("是") / len(value), value.count("是"), len(value)
        case "rate":
            return fsum(above) / fsum(below), fsum(above), fsum(below)
        case "score":
            return fsum(value) / len(value), fsum(value), fsum(below)
        case "amount":
            return fsum(value), fsum(value), fsum(below)
        case "count":
            return fsum(value), None, None
    return None, None, None


def test_the_city_s_figures_are_those_of_the_records_in_sheet_json_and_pdf(
    made: Path, result: Any
) -> None:
    files = [
        made / "报送/2019Q3" / f["file"] for f in result["files"] if f["verdict"] == "accepted"
    ]
    expected = recomputed(files)
    assert expected["2.1"][0] == (2 * 9 + 2 * 45 + 2 * 3) / (2 * 10 + 2 * 90 + 2 * 4)
    sheet: Any = openpyxl.load_workbook(result["summary"], data_only=True)["指标汇总"]
    headers = [cell.value for cell in sheet[3]]
    rows = [
        dict(zip(headers, r, strict=True)) for r in sheet.iter_rows(min_row=4, values_only=True)
    ]
    shown = {row["指标编号"]: row for row in rows if row["指标编号"]}
    said = {total["code"]: total for total in result["indicators"]}
    assert list(shown) == list(said) == list(KINDS)
    for code, (value, above, below) in expected.items():
        assert said[code]["value"] == pytest.approx(value)
        assert (said[code]["numerator"], said[code]["denominator"]) == (above, below)
        assert shown[code]["市级值"] == ("—" if value is None else pytest.approx(value))
        assert (shown[code]["分子"], shown[code]["分母"]) == (above, below)
    command = ["pdftotext", "-layout", result["pdf"], "-"]
    pages = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    assert f"{expected['2.1'][0]:.2%}" in pages


def test_units_of_every_roster_stand_in_the_data_with_their_source(result: Any) -> None:
    sheet: Any = openpyxl.load_workbook(result["summary"], data_only=True)["数据"]
    rows = [row for row in sheet.iter_rows(min_row=4, values_only=True) if row[0]]
    assert len(rows) == result["records"]
    assert {r[1] for r in rows if r[0] == "营山县"} == {"区司法局", "县民政局", "天池镇"}
    assert {r[1] for r in rows if r[0] == "嘉陵区"} == {"区司法局", "区财政局", "金凤镇", "安福镇"}
    assert all("汇总表-2019Q3.xlsx 数据 第" in row[-1] for row in rows)


def test_who_sent_what_can_not_be_taken_is_told_from_who_sent_nothing(result: Any) -> None:
    for book in ("summary", "master"):
        sheet: Any = openpyxl.load_workbook(result[book], data_only=True)["总览"]
        rows = [row[1:3] for row in sheet.iter_rows(values_only=True)]
        stand = {name: said for name, said in rows if said in ("已报", "未报", "未采用")}
        assert [name for name, said in stand.items() if said == "未采用"] == ["高坪区", "蓬安县"]
        assert stand["仪陇县"] == "未报"
    sheet = openpyxl.load_workbook(result["summary"])["总览"]
    linked = [str(cell.value) for cell in sheet["B"] if "HYPERLINK" in str(cell.value)]
    assert len(linked) == len(result["districts"]) == 3


def test_the_terminal_names_who_is_missing_and_what_does_not_add_up(made: Path) -> None:
    words = fzzf(made, "consolidate", "--as-of", "2019-09-30", code=1)
    assert "没有可用汇总表的区县：高坪区、蓬安县、仪陇县" in words
    assert "指标汇总 D7" in words and "报告期不对" in words
