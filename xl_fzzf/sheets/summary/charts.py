"""The charts of a summary's 总览; they hold in black-and-white print: patterns, labels, words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from xl_fzzf.model.status import Status
from xl_fzzf.sheets.page import Chart, Extent
from xl_fzzf.sheets.spec import OVERVIEW
from xl_fzzf.sheets.styles import BODY, HEADING, INK, LINE, NAVY

Options = Mapping[str, Any]

_FONT = {"name": BODY, "size": 11, "color": INK}
_DARK: Options = {"fill": {"color": "#5B86B0"}}
_PALE: Options = {
    "pattern": {"pattern": "wide_upward_diagonal", "fg_color": "#8FA9C4", "bg_color": "#FFFFFF"}
}
_TITLE_FONT = {"name": HEADING, "size": 13, "bold": False, "color": NAVY}

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


class Frame(NamedTuple):
    """Where a chart's names stand (rows from first to last, and a column), and how it is framed."""

    rows: Extent
    names: int
    title: str
    size: tuple[int, int]
    left: int = 0

    def cells(self, column: int) -> list[str | int]:
        """The cells of a column beside the names."""
        first, last = self.rows
        return [OVERVIEW, first, column, last, column]

    def series(self, column: int) -> dict[str, Any]:
        """A column's numbers by the names, called as its header is."""
        name = [OVERVIEW, self.rows[0] - 1, column]
        return {"name": name, "categories": self.cells(self.names), "values": self.cells(column)}


def status_chart(
    frame: Frame, columns: Mapping[Status, int], parts: Sequence[Counter[Status]]
) -> Chart:
    """Shares of the statuses by area or district, as stacked bars; numbers stand in the parts."""
    used = [status for status in _FILLS if any(counts[status] for counts in parts)]
    series = [
        {
            **frame.series(columns[status]),
            "gap": 45,
            "border": {"color": "#7F7F7F", "width": 0.5},
            **_filled(status),
            "data_labels": {
                "value": True,
                "font": {**_FONT, "color": _FILLS[status][2], "size": 10},
                "custom": [_label(counts, status) for counts in parts],
            },
        }
        for status in used or [Status.MISSING]
    ]
    options: dict[str, Options] = {
        "y_axis": {"reverse": True, "num_font": _FONT, "line": {"color": LINE}},
        "x_axis": {"visible": False, "major_gridlines": {"visible": False}},
        "legend": {"position": "bottom", "font": _FONT},
    }
    return _framed(frame, {"type": "bar", "subtype": "percent_stacked"}, series, options)


def share_chart(frame: Frame, now: int, before: int | None) -> Chart:
    """达标率 by area, beside that of the period before; each is a column of 总览."""
    small = {**_FONT, "size": 9}
    styles = [(now, _DARK)] if before is None else [(before, _PALE), (now, _DARK)]
    series = [
        {
            **frame.series(column),
            "gap": 40,
            "overlap": -12,
            "border": {"color": NAVY, "width": 0.5},
            "data_labels": {"value": True, "num_format": "0.0%", "font": small},
            **style,
        }
        for column, style in styles
    ]
    hidden = {"visible": False, "major_gridlines": {"visible": False}}
    options: dict[str, Options] = {
        "x_axis": {"min": 0, "max": 1.15, **hidden},
        "y_axis": {"reverse": True, "num_font": small, "line": {"color": LINE}},
        "legend": {"none": True} if before is None else {"position": "bottom", "font": _FONT},
    }
    return _framed(frame, {"type": "bar"}, series, options)


def titled(words: str) -> Options:
    """A chart's title as every chart has it."""
    return {"name": words, "name_font": _TITLE_FONT, "overlay": False}


def pixels(widths: Iterable[float]) -> int:
    """How wide columns of these widths are on the screen."""
    return sum(int(width * 7 + 5) for width in widths)


def _framed(
    frame: Frame, kind: Mapping[str, str], series: Sequence[Options], options: Mapping[str, Options]
) -> Chart:
    outer = {"title": titled(frame.title), "chartarea": {"border": {"color": LINE}}}
    return Chart(kind, series, {**options, **outer}, frame.size, frame.left)


def _filled(status: Status) -> dict[str, Any]:
    colour, pattern, _ = _FILLS[status]
    if not pattern:
        return {"fill": {"color": colour}}
    return {"pattern": {"pattern": pattern, "fg_color": "#8FA9C4", "bg_color": colour}}


def _label(counts: Counter[Status], status: Status) -> dict[str, bool] | None:
    part = counts[status] / counts.total() if counts else 0.0
    return None if part >= _LABELLED else {"delete": True}
