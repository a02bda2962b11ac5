"""The charts of a summary's 总览; they hold in black-and-white print: patterns, labels, words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from xl_fzzf.model.status import Status
from xl_fzzf.sheets.shell import Shell
from xl_fzzf.sheets.spec import OVERVIEW
from xl_fzzf.sheets.styles import BODY, HEADING, INK, LINE, NAVY

if TYPE_CHECKING:
    from xlsxwriter.chart import Chart

Range = list[str | int]

_FONT = {"name": BODY, "size": 11, "color": INK}
_DARK: Mapping[str, Any] = {"fill": {"color": "#5B86B0"}}
_PALE: Mapping[str, Any] = {
    "pattern": {"pattern": "wide_upward_diagonal", "fg_color": "#8FA9C4", "bg_color": "#FFFFFF"}
}
TITLE_FONT: Mapping[str, Any] = {"name": HEADING, "size": 13, "bold": False, "color": NAVY}
"""Of a chart's title."""

_LABELLED = 0.09
"""A smaller part of a bar has no room for its number, which stands in the table."""

_FILLS: Mapping[Status, tuple[str, str, str]] = {
    Status.MET: ("#6FAE7F", "", INK),
    Status.UNDER_WAY: ("#BDD7EE", "wide_upward_diagonal", INK),
    Status.UNMET: ("#A61B1B", "", "#FFFFFF"),
    Status.INVALID: ("#3D0003", "", "#FFFFFF"),
    Status.MISSING: ("#FFE699", "percent_20", INK),
    Status.NOT_APPLICABLE: ("#E4E4E4", "", INK),
}
"""Fill, pattern and label colour; neighbours differ in lightness too."""


def status_chart(
    shell: Shell,
    rows: tuple[int, int],
    columns: Mapping[Status, int],
    parts: Sequence[Counter[Status]],
    title: str,
    names: int = 1,
) -> Chart:
    """Shares of the statuses by area or district, as stacked bars; numbers stand in the parts.

    `names` is the column of their names.
    """
    chart = shell.book.add_chart({"type": "bar", "subtype": "percent_stacked"})
    used = [status for status in _FILLS if any(counts[status] for counts in parts)]
    for status in used or [Status.MISSING]:
        colour, pattern, ink = _FILLS[status]
        chart.add_series(
            {
                "name": [OVERVIEW, rows[0] - 1, columns[status]],
                "categories": _range(rows, names),
                "values": _range(rows, columns[status]),
                "gap": 45,
                "border": {"color": "#7F7F7F", "width": 0.5},
                **_filled(colour, pattern),
                "data_labels": {
                    "value": True,
                    "font": {**_FONT, "color": ink, "size": 10},
                    "custom": [_label(counts, status) for counts in parts],
                },
            }
        )
    chart.set_y_axis({"reverse": True, "num_font": _FONT, "line": {"color": LINE}})
    chart.set_x_axis({"visible": False, "major_gridlines": {"visible": False}})
    chart.set_legend({"position": "bottom", "font": _FONT})
    return _titled(chart, title)


def share_chart(
    shell: Shell, rows: tuple[int, int], now: int, before: int | None, title: str
) -> Chart:
    """达标率 by area, beside that of the period before; each is a column of 总览."""
    chart = shell.book.add_chart({"type": "bar"})
    series = [(now, _DARK)] if before is None else [(before, _PALE), (now, _DARK)]
    for column, look in series:
        chart.add_series(
            {
                "name": [OVERVIEW, rows[0] - 1, column],
                "categories": _range(rows, 1),
                "values": _range(rows, column),
                "gap": 40,
                "overlap": -12,
                "border": {"color": NAVY, "width": 0.5},
                "data_labels": {
                    "value": True,
                    "num_format": "0.0%",
                    "font": {**_FONT, "size": 9},
                },
                **look,
            }
        )
    axis = {"min": 0, "max": 1.15, "visible": False}
    chart.set_x_axis({**axis, "major_gridlines": {"visible": False}})
    chart.set_y_axis({"reverse": True, "num_font": {**_FONT, "size": 9}, "line": {"color": LINE}})
    alone = before is None
    chart.set_legend({"none": True} if alone else {"position": "bottom", "font": _FONT})
    return _titled(chart, title)


def _titled(chart: Chart, title: str) -> Chart:
    chart.set_title({"name": title, "name_font": TITLE_FONT, "overlay": False})
    chart.set_chartarea({"border": {"color": LINE}})
    return chart


def _range(rows: tuple[int, int], column: int) -> Range:
    return [OVERVIEW, rows[0], column, rows[1], column]


def _filled(colour: str, pattern: str) -> dict[str, Any]:
    if not pattern:
        return {"fill": {"color": colour}}
    return {"pattern": {"pattern": pattern, "fg_color": "#8FA9C4", "bg_color": colour}}


def _label(counts: Counter[Status], status: Status) -> dict[str, bool] | None:
    part = counts[status] / counts.total() if counts else 0.0
    return None if part >= _LABELLED else {"delete": True}
