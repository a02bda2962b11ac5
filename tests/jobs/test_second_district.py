"""A second district, four periods over a year's end, every figure computed anew: none may differ."""

from __future__ import annotations

import random
import shutil
import warnings
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from tests.jobs.recomputing import Recomputed, total
from tests.plans.test_langzhong import FILE, ROLES
from xl_fzzf.desk.level import CITY
from xl_fzzf.desk.workspace import Workspace
from xl_fzzf.jobs.consolidate import consolidate
from xl_fzzf.jobs.distribute import distribute
from xl_fzzf.jobs.init import init
from xl_fzzf.jobs.next import next_period
from xl_fzzf.jobs.report import report
from xl_fzzf.model.city import build_city_plan
from xl_fzzf.model.period import Period
from xl_fzzf.plans import read_plan

pytestmark = pytest.mark.slow
PERIODS = ("2023Q3", "2023Q4", "2024Q1", "2024Q2")
ABSENT = 4
"""Every so many units, another each period, one sends nothing."""


@dataclass(frozen=True)
class Round:
    """What came out of a period: the master, the summary, and what was computed anew."""

    master: Path
    summary: Path
    wanted: Recomputed


def answer(item: dict[str, Any], luck: random.Random) -> dict[str, Any]:
    """What a unit types for an indicator: mostly something sensible, now and then what staff also type."""
    odd = luck.random()
    if odd < 0.08:
        return {}
    if item["kind"] == "text":
        return {"完成情况": "无" if odd < 0.16 else f"做法 {luck.randrange(10**6)}"}
    if item["kind"] == "yes_no":
        return {
            "完成值": "不适用" if odd < 0.12 else "尚可" if odd < 0.16 else "是是是否"[int(odd * 4)]
        }
    if item["kind"] == "rate":
        below = luck.choice((0, 1, 20, 60, 200))
        above = below + 1 if odd < 0.12 else round(below * luck.choice((0.9, 0.95, 0.96, 1, 1)))
        return {"分子": "约九成" if odd > 0.97 else above, "分母": below}
    if odd < 0.12:
        return {"完成值": luck.choice(("不适用", "若干", 2.5, -1))} | (
            {} if item["kind"] == "count" else {"分母": 1}
        )
    if item["kind"] == "count":
        return {"完成值": luck.choice((0, 1, 2, 3, 4, 5, 6, 10, 11, 20, 25, 40, 48))}
    last = luck.choice((60, 80.5, 92))
    return {"分母": last, "完成值": last + luck.choice((-1.5, 0, 0, 2.25, 3))}


def table(sheet: Worksheet) -> Iterator[dict[str, Any]]:
    """The lines of a table by header text, each with its row under `row`."""
    rows = list(sheet.iter_rows())
    heads = (n for n, row in enumerate(rows[:8]) if {"单位", "指标编号"} & {c.value for c in row})
    head = next(heads, len(rows))
    names = [str(cell.value) for cell in rows[head]] if head < len(rows) else []
    for row in rows[head + 1 :]:
        values = dict(zip(names, (cell.value for cell in row), strict=True))
        yield {**values, "row": row[0].row, "columns": names}


def fill(
    source: Path, target: Path, unit: str, answers: dict[tuple[str, str], dict[str, Any]]
) -> None:
    """Type a unit's answers into its return with a spreadsheet library of others."""
    book = load_workbook(source)
    for sheet in book.worksheets:
        for line in table(sheet) if sheet.title != "校验结果" else ():
            for header, value in answers.get((unit, line.get("指标编号", "")), {}).items():
                sheet.cell(line["row"], line["columns"].index(header) + 1, value)
    book.save(target)


@pytest.fixture(scope="module")
def rounds(tmp_path_factory: pytest.TempPathFactory) -> list[Round]:
    """The four periods, run by the public jobs."""
    warnings.filterwarnings("ignore", module="openpyxl")
    plan = read_plan(FILE)
    rounds: list[Round] = []
    workspace = init(
        tmp_path_factory.mktemp("阆中"), plan, Period.parse(PERIODS[0]), date(2023, 9, 1)
    )
    for number, name in enumerate(PERIODS):
        period = Period.parse(name)
        if number:
            workspace = next_period(workspace.master, period, rounds[-1].wanted.as_of)
        rounds.append(one_round(workspace, period, number))
    return rounds


def one_round(workspace: Workspace, period: Period, number: int) -> Round:
    as_of = period.end + timedelta(days=10)
    now = datetime(as_of.year, as_of.month, as_of.day, 9)
    returns = distribute(workspace.master, period.end, now).files
    everything = Recomputed(FILE, ROLES, period.year, as_of, {})
    answers: dict[tuple[str, str], dict[str, Any]] = {}
    for place, path in enumerate(sorted(returns)):
        if place % ABSENT != number % ABSENT:
            own = [pair for pair in everything.statuses if pair[0] == path.stem]
            answers |= {
                (unit, code): answer(
                    everything.items[code], random.Random(f"{unit}{code}{period}{number}")
                )
                for unit, code in own
            }
            fill(path, workspace.incoming / path.name, path.stem, answers)
    consolidate(workspace.master, None, as_of, now)
    summary = report(workspace.master, as_of, as_of).summary
    return Round(workspace.master, summary, Recomputed(FILE, ROLES, period.year, as_of, answers))


def test_every_status_of_every_record(rounds: list[Round]) -> None:
    seen = set()
    for each in rounds:
        book = load_workbook(each.master, data_only=True)
        found = {
            (line["单位"], line["指标编号"]): line["状态"]
            for sheet in book.worksheets
            if sheet.title[1:2] == "、" or sheet.title == "保障措施"
            for line in table(sheet)
            if line["单位"]
        }
        assert len(found) == 408
        assert {
            pair: status for pair, status in found.items() if status != each.wanted.statuses[pair]
        } == {}
        seen |= set(found.values())
    assert seen == {"达标", "推进中", "未达标", "待填", "有误", "不适用"}


def test_every_score_and_rank(rounds: list[Round]) -> None:
    for each in rounds:
        sheet = load_workbook(each.summary, data_only=True)["考核得分"]
        found = {
            line["单位"]: (line["得分"], line["名次"])
            for line in table(sheet)
            if isinstance(line["名次"], (int, float))
        }
        assert found == each.wanted.scores
        assert len({score for score, _ in found.values()}) > 10


def test_every_total_of_every_indicator(rounds: list[Round]) -> None:
    seen = set[str]()
    for each in rounds:
        seen |= compare(each.summary, "汇总值", each.wanted)
    assert seen >= {"达标", "推进中", "未达标"}


def test_every_value_of_the_city(rounds: list[Round], tmp_path: Path) -> None:
    """A county with the same plan and other answers beside; the city's plan is theirs."""
    plan, period = read_plan(FILE), Period.parse(PERIODS[1])
    names: dict[str, Any] = {
        "name": "仪陇县方案",
        "summary_title": "仪陇县汇总表",
        "district": "仪陇县",
    }
    county = one_round(
        init(tmp_path / "仪陇", replace(plan, **names), period, period.end), period, 2
    )
    districts = (plan.district, names["district"])
    city = init(
        tmp_path / "市", build_city_plan(plan, "南充市", districts), period, period.end, CITY
    )
    for each in (rounds[1], county):
        shutil.copy(each.summary, city.incoming / each.summary.name)
    as_of = county.wanted.as_of
    result = consolidate(city.master, None, as_of, datetime(as_of.year, as_of.month, as_of.day, 9))
    assert result.published and not result.missing
    seen = compare(result.published.summary, "市级值", rounds[1].wanted, county.wanted)
    assert len(seen) > 1


def compare(summary: Path, value: str, *districts: Recomputed) -> set[str]:
    """Hold 指标汇总 against what was computed anew; returns the statuses that there are."""
    lines = {
        str(line["指标编号"]): line
        for line in table(load_workbook(summary, data_only=True)["指标汇总"])
        if line["指标编号"]
    }
    assert set(lines) == set(districts[0].items)
    for code, line in lines.items():
        wanted = total(code, *districts)
        numbers = [number(line[name]) for name in (value, "分子", "分母")]
        assert numbers == pytest.approx([wanted.value, wanted.above, wanted.below]), (code, line)
        assert line["状态"] == wanted.status, (code, line)
        assert {status: line[status] for status in wanted.counts} == dict(wanted.counts), code
    return {str(line["状态"]) for line in lines.values()}


def number(cell: Any) -> float | None:
    return float(cell) if isinstance(cell, (int, float)) else None
