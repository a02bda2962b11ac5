"""The cards at the top of 总览: a figure each, and below it what it rests on or how it changed."""

from __future__ import annotations

from typing import NamedTuple

from xl_fzzf.model.assessment import Alert
from xl_fzzf.model.round import Standing
from xl_fzzf.model.status import Status
from xl_fzzf.office.book import Value
from xl_fzzf.sheets.common_blocks import across
from xl_fzzf.sheets.page import Band, Beside, Extent, dashed
from xl_fzzf.sheets.summary.phrases import arrow, change_in_points

_EXTENTS = ((0, 1), (2, 3), (4, 5), (6, 7), (8, 9), (10, 12))


class _Card(NamedTuple):
    """A figure with its name; `below` are two short lines."""

    label: str
    figure: Value
    below: str
    style: str = "card_share"


def card_bands(standing: Standing) -> Beside:
    """The cards beside one another."""
    return Beside(list(map(_bands, _EXTENTS, _cards(standing))))


def _bands(extent: Extent, card: _Card) -> list[Band]:
    return [
        across(extent, card.label, "card_label", 22),
        across(extent, card.figure, card.style, 40),
        across(extent, card.below, "card_below", 31),
    ]


def _cards(standing: Standing) -> tuple[_Card, ...]:
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
        _Card(
            "已报 / 应报单位",
            f"{len(standing.reported)} / {len(standing.units)}",
            f"未报{len(standing.missing)}个\n逾期{len(standing.late)}个",
            "card_figure",
        ),
        _Card("填报率", standing.completeness, filled),
        _Card(
            "及时率", standing.timeliness, f"按时{_timely(standing)}个\n应报{len(standing.units)}个"
        ),
        _Card("达标率", dashed(share), met),
        _Card("未达标项", counts[Status.UNMET], _unmet(standing, units), "card_figure"),
        _Card("其中红色预警", red, "整改时限已过\n或没有写明", "card_figure"),
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
