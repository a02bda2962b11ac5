"""考核得分 of a summary: the units by rank, with their attainment in each area."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from xl_fzzf.model.ranking import totals_by_unit
from xl_fzzf.model.round import Standing
from xl_fzzf.model.score import UnitTotal
from xl_fzzf.office.heights import fitting_height
from xl_fzzf.office.tables import Column, Columns
from xl_fzzf.sheets import spec as layout
from xl_fzzf.sheets.common_blocks import list_page
from xl_fzzf.sheets.lists import Line
from xl_fzzf.sheets.page import Condition, Listing, Page, dashed
from xl_fzzf.sheets.styles import SHARE_SCALE, bar
from xl_fzzf.sheets.summary.method import SCORING
from xl_fzzf.sheets.summary.phrases import say_score_change

_NARROW = {"rank": 6, "unit": 20, "kind": 11, "score": 9}
_AREA_WIDTH = 9.5


def scores_page(standing: Standing) -> Page:
    """考核得分: a bar behind the score, and a scale over the areas; the numbers stand in the cells."""
    columns = _columns(standing)
    ranked = sorted(standing.unit_totals, key=lambda total: (total.rank is None, total.rank or 0))
    before = totals_by_unit(standing.before)
    lines = [
        {**_line(total), "change": say_score_change(total, before.get(total.unit.code))}
        for total in ranked
    ]
    height = fitting_height((column.header, column.width) for column in columns)
    conditions = list(_conditions(columns))
    listing = Listing(columns, lines, conditions=conditions, header_height=height, frozen=2)
    return list_page(layout.SCORES, f"{SCORING}颜色越深，完成度越低。", listing)


def _columns(standing: Standing) -> Columns:
    """The columns, narrow enough for paper, with 较上期 where there is an earlier period."""
    columns = tuple(
        replace(column, width=_NARROW.get(column.field, _AREA_WIDTH))
        for column in layout.score_columns(standing.round.plan.areas)
    )
    if standing.before is None:
        return columns
    place = len(layout.SCORE_COLUMNS)
    return (*columns[:place], Column("change", "较上期", 9), *columns[place:])


def _line(total: UnitTotal) -> Line:
    return {
        "rank": dashed(total.rank),
        "unit": total.unit.name,
        "kind": total.unit.kind,
        "score": dashed(total.score),
        **{f"area{a}": dashed(part) for a, part in total.by_area.items()},
    }


def _conditions(columns: Columns) -> Iterator[tuple[str, str, Condition]]:
    yield "score", "score", bar(100)
    areas = [column.field for column in columns if column.field.startswith("area")]
    if areas:
        yield areas[0], areas[-1], SHARE_SCALE
