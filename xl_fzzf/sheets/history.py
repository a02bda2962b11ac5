"""A unit's or an indicator's course over the periods: a small workbook with a table and a chart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

from xl_fzzf.model.plan import Indicator, Unit
from xl_fzzf.model.rollup import IndicatorTotal, UnitTotal
from xl_fzzf.model.status import Status
from xl_fzzf.office.book import Value
from xl_fzzf.office.heights import lines_needed
from xl_fzzf.office.tables import Column, Columns
from xl_fzzf.sheets.shell import Shell
from xl_fzzf.sheets.styles import BODY, LINE, NAVY, STYLES
from xl_fzzf.sheets.summary.cells import span, write
from xl_fzzf.sheets.summary.charts import TITLE_FONT
from xl_fzzf.sheets.summary.words import count_statuses

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

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
    Column("value", "区级值", 11, "#,##0.##"),
    Column("change", "比前一期", 10, "+#,##0.##;-#,##0.##;0"),
    Column("numerator", "分子", 10),
    Column("denominator", "分母", 10),
    Column("status", "状态", 10),
    *_COUNTS,
)


def build_history(subject: Unit | Indicator, points: Points) -> bytes:
    """The workbook's bytes: a line a period, and the score or the value as a chart."""
    unit = isinstance(subject, Unit)
    title = subject.name if isinstance(subject, Unit) else f"{subject.code} {subject.text}"
    columns = _UNIT if unit else _with_format(subject)
    shell = Shell(f"{title} 历史", protect=False)
    sheet = shell.sheet(SHEET)
    for place, column in enumerate(columns):
        sheet.set_column(place, place, column.width)
    last = len(columns) - 1
    width = sum(column.width for column in columns)
    sheet.set_row(0, 30.0 * lines_needed(title, width, 18))
    span(sheet, 0, (0, last), title, shell.format({**STYLES["title"], "text_wrap": True}))
    sheet.set_row(1, 22)
    span(sheet, 1, (0, last), _say_subject(subject), shell.style("note"))
    for place, column in enumerate(columns):
        write(sheet, _HEADER, place, column.header, shell.style("header"))
    _put_points(shell, sheet, columns, points)
    _put_chart(shell, columns, _charted(subject), title, len(points))
    return shell.close()


def _put_points(shell: Shell, sheet: Worksheet, columns: Columns, points: Points) -> None:
    looks = [
        shell.format({**STYLES["center"], "num_format": column.number_format}) for column in columns
    ]
    for row, (period, as_of, total, change) in enumerate(points, _HEADER + 1):
        line: dict[str, Value] = {
            "period": period,
            "as_of": as_of,
            "change": "—" if change is None else change,
            **_line(total),
        }
        sheet.set_row(row, 20)
        for place, column in enumerate(columns):
            write(sheet, row, place, line.get(column.field), looks[place])


def _say_subject(subject: Unit | Indicator) -> str:
    if isinstance(subject, Unit):
        return "每一期按最后一次汇总的统计日期判定"
    adds_up = subject.kind.adds_up
    more = ";从年初累计,跨年重新起算" if adds_up else ""
    return f"目标 {subject.target.text(subject.measure)};每一期按最后一次汇总的统计日期判定{more}"


def _charted(subject: Unit | Indicator) -> str:
    """The column that the chart shows: a text has no value, but units that told it."""
    if isinstance(subject, Unit):
        return "score"
    return "met" if subject.kind.is_text else "value"


def _with_format(subject: Unit | Indicator) -> Columns:
    share = isinstance(subject, Indicator) and subject.kind.is_share
    formats = {"value": _SHARE, "change": "+0.0#%;-0.0#%;0%"} if share else {}
    return tuple(
        replace(column, number_format=formats.get(column.field, column.number_format))
        for column in _INDICATOR
    )


def _line(total: Total) -> dict[str, Value]:
    if total is None:
        return {}
    if isinstance(total, UnitTotal):
        own: dict[str, Value] = {
            "completeness": total.completeness,
            "score": total.score,
            "rank": total.rank,
        }
    else:
        own = {
            "value": total.value,
            "numerator": total.numerator,
            "denominator": total.denominator,
            "status": total.status.value,
        }
    return {**own, **count_statuses(total.counts)}


def _put_chart(shell: Shell, columns: Columns, field: str, title: str, count: int) -> None:
    place = [column.field for column in columns].index(field)
    first, last = _HEADER + 1, _HEADER + count
    chart = shell.book.add_chart({"type": "line"})
    chart.add_series(
        {
            "name": [SHEET, _HEADER, place],
            "categories": [SHEET, first, 0, last, 0],
            "values": [SHEET, first, place, last, place],
            "line": {"color": NAVY, "width": 2.25},
            "marker": {"type": "circle", "size": 7, "fill": {"color": NAVY}},
            "data_labels": {"value": True, "position": "above", "font": {"name": BODY}},
        }
    )
    share = columns[place].number_format == _SHARE
    axis: dict[str, Any] = {"min": 0, "max": 1, "num_format": "0%"} if share else {"min": 0}
    axis |= {"max": 100} if field == "score" else {}
    chart.set_y_axis({**axis, "major_gridlines": {"visible": True, "line": {"color": LINE}}})
    words = "达标的单位数" if field == "met" else columns[place].header
    chart.set_title(
        {"name": f"{title[:_MOST]}\uff1a{words}", "name_font": TITLE_FONT, "overlay": False}
    )
    chart.set_legend({"none": True})
    chart.show_blanks_as("gap")
    width = sum(int(column.width * 7 + 5) for column in columns)
    chart.set_size({"width": width, "height": 320})
    sheet = shell.book.get_worksheet_by_name(SHEET)
    sheet.insert_chart(last + 2, 0, chart)
