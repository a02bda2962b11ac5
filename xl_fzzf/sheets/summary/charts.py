"""The charts of summaries: sorted bars below a sentence; they hold in black-and-white print."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from xl_fzzf.sheets.page import Chart, Extent
from xl_fzzf.sheets.spec import OVERVIEW
from xl_fzzf.sheets.styles import BODY, INK, LINE, NAVY

Options = Mapping[str, Any]

FONT = {"name": BODY, "size": 11, "color": INK}
_DARK: Options = {"fill": {"color": "#5B86B0"}}
_PALE: Options = {
    "pattern": {"pattern": "wide_upward_diagonal", "fg_color": "#8FA9C4", "bg_color": "#FFFFFF"}
}
_ROOM = 1.25
"""The axis goes so much farther than the longest bar that its number has room."""

SHARE, COUNT = "0.0%", "0"


class Frame(NamedTuple):
    """Where a chart's names stand (rows from first to last, and a column), and how it is framed.

    The title is a sentence: what the chart shows, with its figure.
    """

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


def bar_chart(
    frame: Frame, now: int, most: float, before: int | None = None, number_format: str = SHARE
) -> Chart:
    """A bar for each name, its number at its end, beside that of the period before.

    `now` and `before` are columns of 总览; `most` is the largest number.
    """
    styles = [(now, _DARK)] if before is None else [(before, _PALE), (now, _DARK)]
    series = [
        {
            **frame.series(column),
            "gap": 40,
            "overlap": -12,
            "border": {"color": NAVY, "width": 0.5},
            "data_labels": {"value": True, "num_format": number_format, "font": FONT},
            **style,
        }
        for column, style in styles
    ]
    hidden = {"visible": False, "major_gridlines": {"visible": False}}
    options: dict[str, Options] = {
        "x_axis": {"min": 0, "max": most * _ROOM or 1, **hidden},
        "y_axis": {"reverse": True, "num_font": FONT, "line": {"color": LINE}},
        "legend": {"none": True} if before is None else {"position": "bottom", "font": FONT},
        "chartarea": {"border": {"color": LINE}},
    }
    return Chart({"type": "bar"}, series, frame.title, options, frame.size, frame.left)


def pixels(widths: Iterable[float]) -> int:
    """How wide columns of these widths are on the screen."""
    return sum(int(width * 7 + 5) for width in widths)


def largest(figures: Sequence[float | None]) -> float:
    """The largest of the figures that there are."""
    return max((figure for figure in figures if figure is not None), default=0.0)
