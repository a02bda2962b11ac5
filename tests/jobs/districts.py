"""Districts' summaries, each from returns through its own master, and ways to spoil them."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

import openpyxl

from tests.jobs.filling import GOOD, fill
from xl_fzzf.desk.level import CITY
from xl_fzzf.jobs.consolidate import consolidate
from xl_fzzf.jobs.distribute import distribute
from xl_fzzf.jobs.init import init
from xl_fzzf.jobs.report import report
from xl_fzzf.model.city import build_city_plan
from xl_fzzf.model.imprint import short_imprint
from xl_fzzf.model.period import Period
from xl_fzzf.model.plan import Plan
from xl_fzzf.office.book import Value
from xl_fzzf.sheets.submission import read_submission

PERIOD, AS_OF, NOW = Period.parse("2019Q3"), date(2019, 9, 30), datetime(2019, 10, 2, 9)
SENDERS = {
    "南充市嘉陵区": ("B01", "B02", "X01", "X02"),
    "顺庆区": ("B01", "B02"),
    "高坪区": ("B01",),
}
RATES = {"南充市嘉陵区": (9, 10), "顺庆区": (1, 90), "高坪区": (4, 4)}
NAMES = {"B01": "区司法局", "B02": "区财政局", "X01": "金凤镇", "X02": "安福镇"}
IN_TIME = datetime(2019, 10, 1).timestamp()
Entries = dict[str, dict[str, Value]]


def plan_of(plan: Plan, district: str) -> Plan:
    """A district's plan; in 顺庆区 区财政局 states the district's own total of 1.1."""
    area, *others = plan.areas
    (task,) = area.tasks
    first, *rest = task.indicators
    if district == "顺庆区":
        first = replace(first, total="区财政局")
    areas = (replace(area, tasks=(replace(task, indicators=(first, *rest)),)), *others)
    title = f"{district}汇总表"
    return replace(
        plan, name=f"{district}方案", summary_title=title, district=district, areas=areas
    )


def entries(district: str) -> Entries:
    """What every unit of a district fills in."""
    above, below = RATES.get(district, (3, 4))
    return GOOD | {"2.1": {"numerator": above, "denominator": below}}


def make_summary(
    root: Path, plan: Plan, senders: Sequence[str], filled: Entries, period: Period = PERIOD
) -> Path:
    """A district's summary, from the returns of these units."""
    workspace = init(root / plan.district, plan, period, period.end)
    distribute(workspace.master, period.end, NOW)
    for code in senders:
        name = f"{plan.unit_by_code[code].name}.xlsx"
        fill(workspace.outgoing / name, workspace.incoming / name, filled)
    consolidate(workspace.master, None, period.end, NOW)
    return report(workspace.master, period.end, period.end).summary


def make_city(folder: Path, plan: Plan, districts: Sequence[str]) -> Path:
    """The workspace of a city of these districts, whose plan is a district's."""
    return init(folder, build_city_plan(plan, "南充市", districts), PERIOD, AS_OF, CITY).folder


def send(summary: Path, city: Path, name: str = "", after: int = 0) -> Path:
    """Put a file into the city's 报送, received in time."""
    target = city / "报送/2019Q3" / (name or summary.name)
    shutil.copy(summary, target)
    os.utime(target, (IN_TIME + after, IN_TIME + after))
    return target


def tamper(path: Path, change: Callable[[Any], None]) -> Path:
    """Change a summary as somebody does who knows how to give it another imprint."""
    book = openpyxl.load_workbook(path)
    change(book)
    book.save(path)
    stated = read_submission(path.name, path.read_bytes(), "", NOW).imprint
    stamp = book["_fzzf"]
    for row in stamp.iter_rows(max_col=2):
        if row[0].value == "imprint":
            row[1].value = stated
    cover = book["封面"]
    for row in cover.iter_rows():
        for label, cell in pairwise(row):
            if label.value == "汇总表指纹":
                cell.value = short_imprint(stated)
    book.save(path)
    os.utime(path, (IN_TIME, IN_TIME))
    return path


def row_of(sheet: Any, *wanted: str) -> int:
    """The first row whose cells hold all of these."""
    for row in sheet.iter_rows():
        if set(wanted) <= {cell.value for cell in row}:
            return int(row[0].row)
    raise AssertionError(wanted)
