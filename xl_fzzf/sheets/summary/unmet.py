"""未达标清单 of a summary: the unmet records by unit, and what they come to by task."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace

from xl_fzzf.model.assessment import Alert, Assessment, alert
from xl_fzzf.model.round import Standing
from xl_fzzf.model.status import Status
from xl_fzzf.office.book import Value
from xl_fzzf.office.tables import Column
from xl_fzzf.sheets import spec as layout
from xl_fzzf.sheets.common_blocks import BroadColumn, list_page, section
from xl_fzzf.sheets.lists import unmet_lines
from xl_fzzf.sheets.page import Band, Listing, Page
from xl_fzzf.sheets.styles import ALERT_STYLES
from xl_fzzf.sheets.summary.phrases import say_alerts, say_date

_WIDTHS = {"number": 5, "unit": 13, "task": 5, "code": 8, "text": 30, "target": 11, "value": 9}
_WIDTHS |= {"gap": 13, "reason": 28, "deadline": 12}
_COLUMNS = (
    *(
        replace(column, width=_WIDTHS[column.field])
        for column in layout.UNMET_COLUMNS
        if column.field in _WIDTHS
    ),
    Column("alert", "预警", 10),
)
_LAST = len(_COLUMNS) - 1
_BY_TASK = (
    BroadColumn(0, "任务", "center"),
    BroadColumn(1, "内容", right=4),
    BroadColumn(5, "未达标", "center"),
    BroadColumn(6, "红 / 黄 / 蓝", "center", right=7),
    BroadColumn(8, "单位", right=_LAST),
)


def unmet_page(standing: Standing) -> Page:
    """未达标清单; its lines can be thousands."""
    lines = [
        {**line, "alert": alert(item, standing.as_of).value}
        for line, item in zip(
            unmet_lines(standing.unmet, standing.as_of), standing.unmet, strict=True
        )
    ]
    listing = Listing(_COLUMNS, lines, {"alert": ALERT_STYLES}, frozen=2, bulk=True)
    by_task: Sequence[Band] = ()
    if lines:
        by_task = Band(), *section("按任务统计", _LAST, _BY_TASK, list(_tasks(standing)), 22)
    return list_page(layout.UNMET, _say_unmet(standing), listing, by_task)


def _say_unmet(standing: Standing) -> str:
    count = len(standing.unmet)
    words = f"截至{say_date(standing.as_of)}，未达标 {count} 项"
    if count:
        return f"{words}（{say_alerts(standing.alerts)}）；先按单位逐条列出，后按任务统计"
    return f"{words}；推进中的 {standing.statuses[Status.UNDER_WAY]} 项还没有到完成期限"


def _tasks(standing: Standing) -> Iterator[tuple[Value, ...]]:
    """The unmet records by task, with the alerts and the units."""
    groups: dict[str, list[Assessment]] = {}
    for item in standing.unmet:
        groups.setdefault(item.indicator.task, []).append(item)
    for number, task in standing.round.plan.tasks.items():
        if group := groups.get(number):
            alerts = Counter(alert(item, standing.as_of) for item in group)
            counts = " / ".join(str(alerts[colour]) for colour in Alert)
            units = "、".join(dict.fromkeys(item.unit.name for item in group))
            yield number, task.name or task.text, len(group), counts, units
