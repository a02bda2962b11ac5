"""A small roster, and the shortest ways to an indicator, a record's assessment and a plan."""

from __future__ import annotations

from datetime import date
from typing import Any

from hypothesis import strategies as st

from xl_fzzf.model.assessment import Assessment
from xl_fzzf.model.kinds import Kind
from xl_fzzf.model.plan import Area, Indicator, Plan, Task, Unit
from xl_fzzf.model.record import Cell, ErrorCell, Record, fit
from xl_fzzf.model.status import judge
from xl_fzzf.model.target import Target, parse_target

YEAR_END = date(2019, 12, 31)
NEXT_YEAR = date(2020, 1, 1)

JUSTICE = Unit("B01", "区司法局", "区级部门", aliases=("司法局", "嘉陵区司法局"))
FINANCE = Unit("B02", "区财政局", "区级部门", enforcement=True)
OFFICE = Unit("B03", "区委办公室", "区级部门")
LAND = Unit("B04", "区自然资源和规划局", "区级部门", enforcement=True)
TOWN = Unit("X01", "金凤镇", "乡镇", enforcement=True, aliases=("金凤镇人民政府",))
STREET = Unit("J01", "火花街道", "街道", enforcement=True)
UNITS = (JUSTICE, FINANCE, OFFICE, LAND, TOWN, STREET)
KINDS = {
    "区级部门": ("区级部门", "各级各部门"),
    "乡镇": ("乡镇人民政府", "乡镇", "各级各部门"),
    "街道": ("街道办事处", "街道", "各级各部门"),
}


def an_indicator(kind: Kind, target: str = "", measure: str = "", **more: Any) -> Indicator:
    """An indicator of a kind; its target is written as in a plan."""
    wanted = parse_target(target, measure) if target else kind.default_target
    more = {"code": "1.1", "task": "1", "text": "指标"} | more
    return Indicator(kind=kind, measure=measure, target=wanted, **more)


def assessed(
    indicator: Indicator,
    as_of: date = YEAR_END,
    unit: Unit = JUSTICE,
    year: int = 2019,
    **entries: Any,
) -> Assessment:
    """A unit's record of an indicator, judged as of a date."""
    record = Record(unit.code, indicator.code, **entries)
    target: Target = indicator.target_for(unit)
    due = indicator.due_in(year)
    judgement = judge(record, indicator, target, due, as_of)
    return Assessment(record, unit, indicator, target, due, judgement, as_of > due)


def a_task(number: str, responsible: str, *indicators: Indicator) -> Task:
    """A task with its 责任单位 line."""
    return Task(number, "", "任务原文。", responsible, indicators)


def a_plan(*areas: tuple[Task, ...], units: tuple[Unit, ...] = UNITS) -> Plan:
    """A plan of areas 1, 2 … that hold these tasks."""
    return Plan(
        name="测试方案",
        subject="测试",
        summary_title="测试汇总表",
        district="测试区",
        coordinator="区司法局",
        year=2019,
        period="2019Q3",
        kinds=KINDS,
        areas=tuple(Area(n, f"领域{n}", tasks) for n, tasks in enumerate(areas, 1)),
        units=units,
    )


cells: st.SearchStrategy[Cell] = st.one_of(
    st.none(),
    st.text(max_size=8),
    st.sampled_from(["", " ", "是", "否", "不适用", " 不适用 ", "95%", "约3次", "#N/A", "1e5"]),
    st.sampled_from(["#DIV/0!", "#N/A"]).map(ErrorCell),
    st.floats(),
    st.integers(-(10**18), 10**18),
    st.booleans(),
    st.dates(),
    st.datetimes(),
    st.times(),  # calamine's reading of 1:30
)
"""Whatever a reader can find in a cell, infinity and nan included."""

held_cells = cells.map(fit)
"""Whatever a cell of the master can hold."""
