"""A unit's or an indicator's course over the periods: a small workbook with a table and a chart."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from xl_fzzf.model.plan import Indicator, Unit
from xl_fzzf.model.rollup import IndicatorTotal, judged_as_a_whole, say_target
from xl_fzzf.model.score import UnitTotal
from xl_fzzf.model.status import Status
from xl_fzzf.office.heights import lines_needed
from xl_fzzf.office.tables import Column, Columns, place_of
from xl_fzzf.sheets.common_blocks import across, tiles
from xl_fzzf.sheets.drawing import draw
from xl_fzzf.sheets.page import Band, Block, Chart, Page, Styled
from xl_fzzf.sheets.shell import Shell
from xl_fzzf.sheets.styles import LINE, NAVY, STYLES
from xl_fzzf.sheets.summary.charts import FONT, pixels
from xl_fzzf.sheets.summary.phrases import tally

Total = UnitTotal | IndicatorTotal | None
Points = Sequence[tuple[str, date, Total, float | str | None]]
"""Period, the day as of which it is judged, its total, and how much the figure rose or why that is unknown."""

SHEET = "历史"
_HEADER = 2
_MOST = 40
"""As many characters of a title stand above the chart."""

_SHARE = "0.0#%"
_IN_POINTS = "比前一期（百分点）"
_AIM_COLOUR = "#A61B1B"
_COUNTS = tuple(Column(status.name.lower(), status.value, 9) for status in Status)
_FRAME = (Column("period", "报告期", 18), Column("as_of", "统计日期", 13, "yyyy-mm-dd"))
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
    Column("aim", "目标", 10),
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
    columns = _columns(subject)
    last = len(columns) - 1
    height = 30.0 * lines_needed(title, sum(column.width for column in columns), 18)
    blocks: tuple[Block, ...] = (
        across((0, last), title, {**STYLES["title"], "text_wrap": True}, height),
        across((0, last), _say_subject(subject), "note", 22),
        Band(tiles([column.header for column in columns], "header")),
        *_bands(columns, points, _aim(subject)),
        Band(),
        _chart(subject, columns, points, title),
    )
    return Page(SHEET, [(column.width, None) for column in columns], blocks, tab=NAVY)


def _bands(columns: Columns, points: Points, aim: float | None) -> Iterator[Band]:
    styles = [{**STYLES["center"], "num_format": column.number_format} for column in columns]
    in_points = columns[place_of(columns, "change")].header == _IN_POINTS
    for period, as_of, total, change in points:
        if isinstance(change, float) and in_points:
            change = round(change * 100, 4)
        line: dict[str, Any] = {"period": period, "as_of": as_of, "aim": aim}
        line |= {
            "change": "—" if change is None else change,
            **(tally(total.counts) if total else {}),
        }
        fields = (column.field for column in columns)
        values = (line[f] if f in line else getattr(total, f, None) for f in fields)
        yield Band(tiles(map(Styled, values, styles), "center"), 20)


def _aim(subject: Unit | Indicator) -> float | None:
    """The number that the charted value is to reach; None where only each unit's own is held against one."""
    if isinstance(subject, Unit):
        return None
    if subject.kind.is_choice:
        return 1.0
    against_number = judged_as_a_whole(subject) and not subject.target.against_last_year
    return subject.target.value if against_number else None


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


def _columns(subject: Unit | Indicator) -> Columns:
    if isinstance(subject, Unit):
        return _UNIT
    share = {"value": _SHARE, "aim": _SHARE} if subject.kind.is_share else {}
    columns = (
        replace(column, number_format=share.get(column.field, column.number_format))
        for column in _INDICATOR
        if column.field != "aim" or _aim(subject) is not None
    )
    points = Column("change", _IN_POINTS, 14, "+0.0#;-0.0#;0")
    return tuple(points if share and c.field == "change" else c for c in columns)


def _chart(subject: Unit | Indicator, columns: Columns, points: Points, title: str) -> Chart:
    """The figures as a line, and beside it a broken one at the target where there is a number."""
    field = _charted(subject)
    lines = [(field, {"color": NAVY, "width": 2.25})]
    if _aim(subject) is not None:
        lines.append(("aim", {"color": _AIM_COLOUR, "width": 1.5, "dash_type": "dash"}))
    share = columns[place_of(columns, field)].number_format == _SHARE
    axis: dict[str, Any] = {"min": 0, "max": 1, "num_format": "0%"} if share else {"min": 0}
    axis |= {"max": 100} if field == "score" else {}
    grid = {"visible": True, "line": {"color": LINE}}
    options = {
        "x_axis": {"num_font": FONT},
        "y_axis": {**axis, "major_gridlines": grid, "num_font": FONT},
        "legend": {"position": "bottom", "font": FONT} if len(lines) > 1 else {"none": True},
    }
    series = [_series(columns, name, line, len(points)) for name, line in lines]
    size = pixels(column.width for column in columns), 320
    return Chart({"type": "line"}, series, _conclude(subject, points, title), options, size)


def _series(columns: Columns, field: str, line: dict[str, Any], count: int) -> dict[str, Any]:
    place, (first, last) = place_of(columns, field), (_HEADER + 1, _HEADER + count)
    series: dict[str, Any] = {
        "name": [SHEET, _HEADER, place],
        "categories": [SHEET, first, 0, last, 0],
        "values": [SHEET, first, place, last, place],
        "line": line,
    }
    if field != "aim":
        marker = {"type": "circle", "size": 7, "fill": {"color": NAVY}}
        labels = {"value": True, "position": "above", "font": FONT}
        series |= {"marker": marker, "data_labels": labels}
    return series


def _conclude(subject: Unit | Indicator, points: Points, title: str) -> str:
    """The last figure that there is and how it changed, as a sentence."""
    field = _charted(subject)
    told = [(period, total, change) for period, _, total, change in points if total]
    name = f"{title[:_MOST]}…" if len(title) > _MOST else title
    if not told:
        return name
    period, total, change = told[-1]
    figure = total.counts[Status.MET] if field == "met" else getattr(total, field)
    share = isinstance(subject, Indicator) and subject.kind.is_share and field == "value"
    shown = "没有数" if figure is None else f"{figure:.1%}" if share else f"{figure:.10g}"
    measure = {"score": "得分", "met": "达标的单位数"}.get(field, "")
    return f"{name}：{period}{measure}{shown}{_say_change(change, share)}"


def _say_change(change: float | str | None, share: bool) -> str:
    if isinstance(change, str) or change is None:
        return f"（{change}）" if change else ""
    size = f"{abs(round(change * 100, 2)):g}个百分点" if share else f"{abs(round(change, 2)):g}"
    return f"，比前一期{'提高' if change > 0 else '下降'}{size}" if change else "，与前一期持平"
