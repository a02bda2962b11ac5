"""The cards at the top of 总览: a figure each, and below it what it rests on or how it changed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from xl_fzzf.model.alert import Alert
from xl_fzzf.model.round import Standing
from xl_fzzf.model.status import Status
from xl_fzzf.office.book import Value
from xl_fzzf.sheets.shell import Shell
from xl_fzzf.sheets.summary.cells import span
from xl_fzzf.sheets.summary.words import arrow, change_in_points

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

_COLUMNS = ((0, 1), (2, 3), (4, 5), (6, 7), (8, 9), (10, 12))
_HEIGHTS = (22, 40, 31)


@dataclass(frozen=True, slots=True)
class Card:
    """A figure with its name; `below` are two short lines."""

    label: str
    figure: Value
    below: str
    style: str = "card_share"


def put_cards(shell: Shell, sheet: Worksheet, standing: Standing, row: int) -> None:
    """Put the cards into three rows from this one on."""
    for at, height in enumerate((8, *_HEIGHTS, 8), row - 1):
        sheet.set_row(at, height)
    for columns, card in zip(_COLUMNS, build_cards(standing), strict=True):
        span(sheet, row, columns, card.label, shell.style("card_label"))
        span(sheet, row + 1, columns, card.figure, shell.style(card.style))
        span(sheet, row + 2, columns, card.below, shell.style("card_below"))


def build_cards(standing: Standing) -> tuple[Card, ...]:
    """The six figures that a leader looks for first."""
    counts, before, share = standing.statuses, standing.before, standing.met_share
    filled = f"已填{counts.total() - counts[Status.MISSING]}项\n应填{counts.total()}项"
    applicable = counts.total() - counts[Status.NOT_APPLICABLE]
    met = f"达标{counts[Status.MET]}项\n应达标{applicable}项"
    if before:
        filled = _rise(standing.completeness, before.completeness) or filled
        met = _rise(share, before.met_share) or met
    units = len({item.unit.code for item in standing.unmet})
    red = standing.alerts[Alert.RED]
    return (
        Card(
            "已报 / 应报单位",
            f"{len(standing.reported)} / {len(standing.units)}",
            f"未报{len(standing.missing)}个\n逾期{len(standing.late)}个",
            "card_figure",
        ),
        Card("填报率", standing.completeness, filled),
        Card(
            "及时率", standing.timeliness, f"按时{_timely(standing)}个\n应报{len(standing.units)}个"
        ),
        Card("达标率", "—" if share is None else share, met),
        Card("未达标项", counts[Status.UNMET], _unmet(standing, units), "card_figure"),
        Card("其中红色预警", red, "整改时限已过\n或没有写明", "card_figure"),
    )


def _timely(standing: Standing) -> int:
    return len(standing.reported - standing.late)


def _rise(now: float | None, before: float | None) -> str:
    if now is None or before is None:
        return ""
    points = change_in_points(now, before)
    return f"较上期\n{arrow(points)}{abs(points):.1f}个百分点" if points else "较上期\n持平"


def _unmet(standing: Standing, units: int) -> str:
    if standing.before is None:
        return f"涉及\n{units}个单位"
    change = standing.statuses[Status.UNMET] - standing.before.statuses[Status.UNMET]
    return f"较上期\n{arrow(change)}{abs(change)}项" if change else "较上期\n持平"
