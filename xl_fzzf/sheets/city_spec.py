"""The columns of a city's tables, where they are not a district's."""

from __future__ import annotations

from dataclasses import replace

from xl_fzzf.model.status import Status
from xl_fzzf.office.tables import Column, Columns
from xl_fzzf.sheets.spec import (
    AREA_COLUMNS,
    DATE,
    FINDING_COLUMNS,
    IMPRINT,
    INDICATOR_TOTAL_COLUMNS,
    REGISTER_COLUMNS,
    SHARE,
    columns_of,
)


def _of_districts(columns: Columns) -> Columns:
    """A list's columns where a unit is a district."""
    return tuple(replace(c, header="区县") if c.field == "unit" else c for c in columns)


_OF_RETURNS = ("read", "found", "ignored")
CITY_REGISTER_COLUMNS = (
    *_of_districts(tuple(c for c in REGISTER_COLUMNS if c.field not in _OF_RETURNS)),
    Column("imprint", IMPRINT, 22),
)
CITY_FINDING_COLUMNS = _of_districts(FINDING_COLUMNS)
DISTRICT_COLUMNS = columns_of(
    ("number", "序号", 5),
    ("unit", "区县", 12),
    ("reported", "是否报送", 8),
    ("timely", "是否及时", 8),
    ("as_of", "统计日期", 11, DATE),
    ("units", "应报单位", 7),
    ("sent", "已报单位", 7),
    ("expected", "应填", 7),
    ("filled", "已填", 7),
    ("completeness", "填报率", 8, SHARE),
    *((status.name.lower(), status.value, 6) for status in Status),
    ("share", "达标率", 8, SHARE),
    ("stated_unmet", "区县自报未达标", 9),
    ("errors", "校验错误", 7),
)
CITY_DATA_COLUMNS = (
    Column("district", "区县", 12),
    *(column for column in AREA_COLUMNS if column.field not in ("previous", "hint")),
    Column("source", "出处", 26),
)
CITY_TOTAL_COLUMNS = tuple(
    replace(column, header="市级值") if column.field == "value" else column
    for column in INDICATOR_TOTAL_COLUMNS
)
