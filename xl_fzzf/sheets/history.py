"""A unit's or an indicator's course over the periods: a small workbook with a table and a chart."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from xl_fzzf.model.plan import Indicator, Unit
from xl_fzzf.model.rollup import IndicatorTotal, say_target
from xl_fzzf.model.score import UnitTotal
from xl_fzzf.model.status import Status
from xl_fzzf.office.heights import lines_needed
from xl_fzzf.office.tables import Column, Columns, place_of
from xl_fzzf.sheets.common_blocks import across, tiles
from xl_fzzf.sheets.drawing import draw
from xl_fzzf.sheets.page import Band, Block, Chart, Page, Styled, dashed
from xl_fzzf.sheets.shell import Shell
from xl_fzzf.sheets.styles import BODY, LINE, NAVY, STYLES
from xl_fzzf.sheets.summary.charts import pixels, titled
from xl_fzzf.sheets.summary.phrases import tally

Total = UnitTotal | IndicatorTotal | None
Points = Sequence[tuple[str, date, Total, float | None]]
"""Period, the day as of which it is judged, its total, and how much the figure rose."""

SHEET = "历史"
_HEADER = 2
_MOST = 40
"""As many characters of a title stand above the chart."""

_SHARE = "0.0#%"
_COUNTS = tuple(Column(status.name.lower(), status.value, 9) for status in Status)
_FRAME = (Column("period", "报告期", 11), Column("as_of", "统计日期", 13, "yyyy-mm-dd"))
_UNIT = (
    *_FRAME,
    Column("completeness", "填报率", 10, _SHARE),
    Column("score", "得分", 9, "0.00"),
    Column("change", "比前一期", 10, "+0.00;-0.00;0.00"),
    Column("rank", "名次", 8),
    *_COUNTS,
)
_INDICATOR = (
    *_FRAME,
    Column("value", "汇总值", 11, "#,##0.##"),
    Column("change", "比前一期", 10, "+#,##0.##;-#,##0.##;0"),
    Column("numerator", "分子", 10),
    Column("denominator", "分母", 10),
    Column("status", "状态", 10),
    *_COUNTS,
)


def build_history(subject: Unit | Indicator, points: Points) -> bytes:
    """The workbook's bytes: a line a period, and the score or the value as a chart."""
    title = subject.name if isinstance(subject, Unit) else f"{subject.code} {subject.text}"
    shell = Shell(f"{title} 历史")
    draw(shell, history_page(subject, points, title))
    return shell.close()


def history_page(subject: Unit | Indicator, points: Points, title: str) -> Page:
    """The only sheet: title, what the lines rest on, the lines, the chart."""
    columns = _UNIT if isinstance(subject, Unit) else _with_format(subject)
    last = len(columns) - 1
    height = 30.0 * lines_needed(title, sum(column.width for column in columns), 18)
    blocks: tuple[Block, ...] = (
        across((0, last), title, {**STYLES["title"], "text_wrap": True}, height),
        across((0, last), _say_subject(subject), "note", 22),
        Band(tiles([column.header for column in columns], "header")),
        *_bands(columns, points),
        Band(),
        _chart(columns, _charted(subject), title, len(points)),
    )
    return Page(SHEET, [(column.width, None) for column in columns], blocks, tab=NAVY)


def _bands(columns: Columns, points: Points) -> Iterator[Band]:
    styles = [{**STYLES["center"], "num_format": column.number_format} for column in columns]
    for period, as_of, total, change in points:
        line: dict[str, Any] = {"period": period, "as_of": as_of, "change": dashed(change)}
        line |= tally(total.counts) if total else {}
        fields = (column.field for column in columns)
        values = (line[f] if f in line else getattr(total, f, None) for f in fields)
        yield Band(tiles(map(Styled, values, styles), "center"), 20)


def _say_subject(subject: Unit | Indicator) -> str:
    if isinstance(subject, Unit):
        return "每一期按最后一次汇总的统计日期判定"
    adds_up = subject.kind.adds_up
    more = "；从年初累计，跨年重新起算" if adds_up else ""
    return f"目标 {say_target(subject, subject.target)}；每一期按最后一次汇总的统计日期判定{more}"


def _charted(subject: Unit | Indicator) -> str:
    """The column that the chart shows: a text has no value, but units that told it."""
    if isinstance(subject, Unit):
        return "score"
    return "met" if subject.kind.is_text else "value"


def _with_format(indicator: Indicator) -> Columns:
    share = {"value": _SHARE, "change": "+0.0#%;-0.0#%;0%"} if indicator.kind.is_share else {}
    return tuple(
        replace(column, number_format=share.get(column.field, column.number_format))
        for column in _INDICATOR
    )


def _chart(columns: Columns, field: str, title: str, count: int) -> Chart:
    place = place_of(columns, field)
    first, last = _HEADER + 1, _HEADER + count
    series = {
        "name": [SHEET, _HEADER, place],
        "categories": [SHEET, first, 0, last, 0],
        "values": [SHEET, first, place, last, place],
        "line": {"color": NAVY, "width": 2.25},
        "marker": {"type": "circle", "size": 7, "fill": {"color": NAVY}},
        "data_labels": {"value": True, "position": "above", "font": {"name": BODY}},
    }
    share = columns[place].number_format == _SHARE
    axis: dict[str, Any] = {"min": 0, "max": 1, "num_format": "0%"} if share else {"min": 0}
    axis |= {"max": 100} if field == "score" else {}
    words = "达标的单位数" if field == "met" else columns[place].header
    options = {
        "y_axis": {**axis, "major_gridlines": {"visible": True, "line": {"color": LINE}}},
        "title": titled(f"{title[:_MOST]}\uff1a{words}"),
        "legend": {"none": True},
    }
    width = pixels(column.width for column in columns)
    return Chart({"type": "line"}, [series], options, (width, 320))
