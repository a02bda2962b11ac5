"""Functions in cells: =FZZF_STATUS, =FZZF_TARGET and =FZZF_SCORE, for sheets that people build themselves.

They know the latest master in the folder of the calling workbook, without one the shipped plan. What
they can't answer they say in words, never as a number.
Not yet run on Windows: docs/excel-checklist.md.
"""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import xlwings as xw

from xl_fzzf.desk.as_of import figures_day
from xl_fzzf.desk.errors import JobError
from xl_fzzf.desk.workspace import find_masters
from xl_fzzf.model.errors import UserError
from xl_fzzf.model.plan import Indicator, Plan
from xl_fzzf.model.record import ErrorCell, Record, text
from xl_fzzf.model.status import judge
from xl_fzzf.plans import read_plan

# xlwings converts by the annotations, so they are those that it knows.
_FOLDER = "Application.Caller.Parent.Parent.Path"


@xw.func
@xw.arg("code", doc="指标编号")
@xw.arg("folder", vba=_FOLDER)
def fzzf_target(code: Any, folder: Any = "") -> str:
    """指标的目标值."""
    try:
        indicator = find_indicator(code, _read(folder).plan)
    except UserError as error:
        return str(error)
    return indicator.target.text(indicator.measure)


@xw.func
@xw.arg("code", doc="指标编号")
@xw.arg("value", doc="完成值（比率填比值，例如 95%）", err_to_str=True)
@xw.arg("last_year", doc="上年值（分值、金额才用）", err_to_str=True)
@xw.arg("folder", vba=_FOLDER)
def fzzf_status(code: Any, value: Any, last_year: Any = None, folder: Any = "") -> str:
    """按今天的日期,一个完成值的状态:达标、推进中、未达标、待填、有误、不适用."""
    try:
        known = _read(folder)
        indicator = find_indicator(code, known.plan)
    except UserError as error:
        return str(error)
    record = Record("", indicator.code, value=_cell(value), denominator=_cell(last_year))
    if indicator.kind.is_ratio:
        record.numerator, record.denominator = record.value, 1.0
    elif indicator.kind.is_text:
        record.narrative = record.value
    due = indicator.due_in(known.year)
    return judge(record, indicator, indicator.target, due, date.today()).status.value


@xw.func
@xw.arg("unit", doc="单位名称、别名或代码")
@xw.arg("folder", vba=_FOLDER)
def fzzf_score(unit: Any, folder: Any = "") -> Any:
    """单位的考核得分,按台账里的填报记录和它的统计日期."""
    try:
        known = _read(folder)
    except UserError as error:
        return str(error)
    if known.scores is None:
        return "这个文件夹里没有台账"
    found = known.plan.find_unit(str(unit))
    if found is None:
        return f"单位名录里没有“{unit}”"
    score = known.scores.get(found.code)
    return "没有得分" if score is None else score


def find_indicator(code: object, plan: Plan) -> Indicator:
    """The indicator; JobError if there is none, or if 1.10 may be what Excel took for the number 1.1."""
    words = text(_cell(code))
    if not isinstance(code, str) and f"{words}0" in plan.indicators:
        raise JobError(f'指标编号请写成文本："{words}" 或 "{words}0"')
    if words not in plan.indicators:
        raise JobError(f"没有指标“{words}”")
    return plan.indicators[words]


def _cell(value: object) -> str | float | bool | None:
    """An argument as a record holds it: Excel's errors come as texts and judge as such."""
    if isinstance(value, str):
        return ErrorCell(value) if value.startswith("#") else value
    return value if isinstance(value, (bool, int, float)) else None if value is None else str(value)


class _Known(NamedTuple):
    """A plan, the period's year, and the units' scores by code, where there is a master."""

    plan: Plan
    year: int
    scores: dict[str, float | None] | None


def _read(folder: object) -> _Known:
    """What the folder's latest master says, or the shipped plan; UserError for a bad master."""
    masters = find_masters(Path(str(folder))) if folder else []
    if not masters:
        plan = read_plan()
        return _Known(plan, plan.year, None)
    path, today = masters[-1], date.today()
    return _read_master(path, path.stat().st_mtime_ns, figures_day(path, today))


@lru_cache(maxsize=4)  # a sheet asks a hundred times
def _read_master(path: Path, _changed: int, as_of: date) -> _Known:
    from xl_fzzf.desk.master import open_master
    from xl_fzzf.model.score import total_units

    master = open_master(path, writing=False)
    totals = total_units(master.round.plan, master.assess(as_of))
    scores = {total.unit.code: total.score for total in totals}
    return _Known(master.round.plan, master.round.settings.period.year, scores)
