"""A unit's or an indicator's course over the periods: a small workbook with a table and a chart."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from xl_fzzf.model.plan import Indicator, Kind, Unit
from xl_fzzf.model.rollup import IndicatorTotal, UnitTotal
from xl_fzzf.model.status import Status
from xl_fzzf.sheets.book import Value
from xl_fzzf.sheets.layout import Column, Columns
from xl_fzzf.sheets.shell import Shell
from xl_fzzf.sheets.styles import BODY, LINE, NAVY
from xl_fzzf.sheets.summary.cells import write
from xl_fzzf.sheets.summary.words import count_statuses

Total = UnitTotal | IndicatorTotal | None
Points = Sequence[tuple[str, date, Total]]
"""Period, the day as of which it is judged, and its total."""

SHEET = "历史"
_HEADER = 2
_SHARE = "0.0#%"
_COUNTS = tuple(Column(status.name.lower(), status.value, 9) for status in Status)
_FRAME = (Column("period", "报告期", 11), Column("as_of", "统计日期", 13, "yyyy-mm-dd"))
_UNIT = (
    *_FRAME,
    Column("completeness", "填报率", 10, _SHARE),
    Column("score", "得分", 9, "0.00"),
    Column("rank", "名次", 8),
    *_COUNTS,
)
_INDICATOR = (
    *_FRAME,
    Column("value", "区级值", 11),
    Column("numerator", "分子", 10),
    Column("denominator", "分母", 10),
    Column("status", "状态", 10),
    *_COUNTS,
)


def build_course(subject: Unit | Indicator, points: Points) -> bytes:
    """The workbook's bytes: a line a period, and the score or the value as a chart."""
    unit = isinstance(subject, Unit)
    title = subject.name if isinstance(subject, Unit) else f"{subject.code} {subject.text}"
    columns = _UNIT if unit else _with_format(subject)
    shell = Shell(f"{title} 历史", protect=False)
    sheet = shell.sheet(SHEET)
    sheet.set_row(0, 32)
    write(sheet, 0, 0, title, shell.style("title"))
    looks = [
        shell.format({"num_format": column.number_format, "align": "center", "border": 1})
        for column in columns
    ]
    for place, column in enumerate(columns):
        sheet.set_column(place, place, column.width)
        write(sheet, _HEADER, place, column.header, shell.style("header"))
    for row, (period, as_of, total) in enumerate(points, _HEADER + 1):
        line: dict[str, Value] = {"period": period, "as_of": as_of, **_line(total)}
        for place, column in enumerate(columns):
            write(sheet, row, place, line.get(column.field), looks[place])
    _put_chart(shell, columns, "score" if unit else "value", title, len(points))
    return shell.close()


def _with_format(subject: Unit | Indicator) -> Columns:
    share = isinstance(subject, Indicator) and subject.kind in (Kind.RATE, Kind.YES_NO)
    return tuple(
        Column("value", "区级值", 11, _SHARE) if share and column.field == "value" else column
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
    axis = {"min": 0, "max": 1, "num_format": "0%"} if share else {"min": 0}
    chart.set_y_axis({**axis, "major_gridlines": {"visible": True, "line": {"color": LINE}}})
    chart.set_title({"name": f"{title}:{columns[place].header}", "overlay": False})
    chart.set_legend({"none": True})
    chart.show_blanks_as("gap")
    width = sum(int(column.width * 7 + 5) for column in columns)
    chart.set_size({"width": width, "height": 320})
    sheet = shell.book.get_worksheet_by_name(SHEET)
    sheet.insert_chart(last + 2, 0, chart)
