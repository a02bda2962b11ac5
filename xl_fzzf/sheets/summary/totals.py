"""指标汇总 of a summary: every indicator's value, for a district or a city."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from xl_fzzf.model.assessment import decimals
from xl_fzzf.model.city import City
from xl_fzzf.model.district import say_due
from xl_fzzf.model.plan import Indicator, Plan
from xl_fzzf.model.rollup import IndicatorTotal
from xl_fzzf.model.round import Standing
from xl_fzzf.office.tables import Column, Columns, place_of
from xl_fzzf.sheets import city_spec
from xl_fzzf.sheets import spec as layout
from xl_fzzf.sheets.common_blocks import LISTED, list_page, list_style
from xl_fzzf.sheets.lists import Line
from xl_fzzf.sheets.page import Filling, Listing, Page, Styled, Trend, dashed
from xl_fzzf.sheets.spec import HEADER_ROW
from xl_fzzf.sheets.styles import STATUS_STYLES, Style
from xl_fzzf.sheets.summary.phrases import say_roll_up, say_targets, tally

_WHOLE, _DECIMAL = "#,##0", "#,##0.00"
_PAST_WIDTH, _PADDING = 8.0, 0.7
_PAPER_WIDTH = 152
"""In characters: so much stands on landscape paper in 9 points."""

_NOTE = "“达标”至“不适用”各列是单位数；目标列有分类目标的，一并列出。"

Past = Sequence[Sequence[IndicatorTotal | None]]
"""The totals of earlier periods, each in the order of the indicators."""


def totals_page(standing: Standing) -> Page:
    """指标汇总 of a district, and how every value developed."""
    indicators = list(standing.round.plan.indicators.values())
    past = [list(map(period.total_of, indicators)) for period in standing.history]
    columns = _with_past([period.period.label for period in standing.history])
    return _page(standing, columns, past)


def city_totals_page(city: City) -> Page:
    """指标汇总 of a city."""
    return _page(city, _filling(city_spec.CITY_TOTAL_COLUMNS), ())


def _page(standing: Standing | City, columns: Columns, past: Past) -> Page:
    """In these columns, which have a `past0` … and a `trend` where there is a past."""
    plan, totals = standing.round.plan, standing.indicators
    styles = {column.field: list_style(column) for column in columns}
    styles["value"]["bold"] = True
    lines = [
        {
            **_line(plan, total),
            "value": _value(total, styles["value"]),
            **{f"past{n}": _value(was, styles[f"past{n}"]) for n, was in enumerate(before)},
            "trend": _trend([*before, total]) if before else None,
        }
        for total, before in zip(totals, _courses(totals, past), strict=True)
    ]
    listing = Listing(columns, lines, {"status": STATUS_STYLES}, frozen=2)
    paper = replace(LISTED, area=(HEADER_ROW + len(lines) - 1, place_of(columns, "note") - 1))
    return list_page(layout.INDICATOR_TOTALS, _NOTE, listing, paper=paper)


def _courses(
    totals: Sequence[IndicatorTotal], past: Past
) -> Iterator[Sequence[IndicatorTotal | None]]:
    """What every indicator came to in the earlier periods."""
    return (tuple(period[place] for period in past) for place in range(len(totals)))


def _with_past(labels: Sequence[str]) -> Columns:
    """The columns with those of earlier periods before 汇总值, and 趋势 behind it."""
    columns = layout.INDICATOR_TOTAL_COLUMNS
    place = place_of(columns, "value")
    past = [Column(f"past{n}", label, _PAST_WIDTH) for n, label in enumerate(labels)]
    trend = [Column("trend", "趋势", 10)] if labels else []
    return _filling((*columns[:place], *past, columns[place], *trend, *columns[place + 1 :]))


def _filling(columns: Columns) -> Columns:
    """With 指标 so wide that what is printed fills a sheet of paper."""
    printed = columns[: place_of(columns, "note")]
    rest = _PAPER_WIDTH - sum(c.width + _PADDING for c in printed if c.field != "text")
    return tuple(replace(c, width=rest - _PADDING) if c.field == "text" else c for c in columns)


def _line(plan: Plan, total: IndicatorTotal) -> Line:
    indicator = total.indicator
    return {
        "area": layout.area_sheet(plan.area_of[indicator.code]),
        "task": indicator.task,
        "code": indicator.code,
        "text": indicator.text,
        "kind": indicator.kind.label,
        "target": "\n".join((say_targets(indicator), *say_due(indicator.due))),
        "numerator": total.numerator,
        "denominator": total.denominator,
        "status": total.shown_status,
        "note": say_roll_up(total),
        **tally(total.counts),
    }


def _value(total: IndicatorTotal | None, style: Style) -> Styled:
    if total is None:
        return Styled(dashed(None), style)
    own = number_format(total.indicator, total.value)
    return Styled(dashed(total.value), {**style, "num_format": own})


def number_format(indicator: Indicator, value: float | None) -> str:
    """One format for all numbers of a kind; only 99.997% has more decimals, not to read as 100%."""
    if not indicator.kind.is_share:
        return _WHOLE if indicator.kind.is_whole else _DECIMAL
    near = value is not None and value not in (0, 1) and round(value, 4) in (0, 1)
    return f"0.00{'#' * (decimals(value * 100) - 2)}%" if near and value is not None else "0.00%"


def _trend(totals: Sequence[IndicatorTotal | None]) -> Filling:
    """A column for each period beside the values; none without a value."""
    values = [total.value for total in totals if total and total.value is not None]
    # the scale goes so high that the columns of two rows don't touch
    return Trend(len(totals), max(values) * 1.3 or 1.0) if values else None
