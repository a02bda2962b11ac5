"""单位矩阵 of a summary: units × indicators, one word a cell."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from xl_fzzf.model.plan import Plan
from xl_fzzf.model.rollup import met_share
from xl_fzzf.model.round import Standing
from xl_fzzf.model.score import UnitTotal
from xl_fzzf.model.status import Status
from xl_fzzf.office.book import Value
from xl_fzzf.office.heights import lines_needed
from xl_fzzf.sheets import spec as layout
from xl_fzzf.sheets.common_blocks import equals, way_back
from xl_fzzf.sheets.page import (
    AnyStyle,
    Band,
    Beside,
    Block,
    Bulk,
    Highlighted,
    Link,
    Page,
    Paper,
    Tile,
    dashed,
)
from xl_fzzf.sheets.spec import HEADER_ROW
from xl_fzzf.sheets.styles import STATUS_STYLES, STYLES
from xl_fzzf.sheets.summary.phrases import say_area

WORDS = {
    Status.MET: "达",
    Status.UNDER_WAY: "推",
    Status.UNMET: "未",
    Status.MISSING: "待",
    Status.INVALID: "误",
    Status.NOT_APPLICABLE: "免",
}
"""What stands in a cell of 单位矩阵: one word, so that colour is never the only sign."""

_TOP, _FIRST = HEADER_ROW - 1, HEADER_ROW + 1
"""The first row of a matrix' header, which has two, and the first one below it."""

_UNIT_WIDTH, _SHARE_WIDTH, _ROW = 20, 7.0, 15.5
_NARROWEST, _WIDEST, _ALL_WIDTH = 1.2, 6.0, 98
_LEGEND_WIDTH, _NOTE_WIDTH, _AREA_LINES = 13, 22, 2
_PAPER_WIDTH = 104
"""So many characters wide are the indicators on one sheet of paper, beside the units' names."""

_PADDING = 0.7
"""What a column is wider than its characters."""


@dataclass(frozen=True, slots=True)
class _Columns:
    """The columns of 单位矩阵: how many indicators it has decides how wide they can be."""

    plan: Plan

    @property
    def share(self) -> int:
        """The column of 达标率, behind the indicators."""
        return len(self.plan.indicators) + 1

    @property
    def width(self) -> float:
        return min(max(_NARROWEST, _ALL_WIDTH / max(self.share - 1, 1)), _WIDEST)

    def across(self, width: float) -> int:
        """How many of the indicators' columns make up that width."""
        return round(width / (self.width + _PADDING))

    def breaks(self) -> list[int]:
        """Before which areas' first columns a sheet of paper ends."""
        found, left, start = [], 1, 1
        for area in self.plan.areas:
            end = left + len(list(area.indicators))
            if (end - start) * (self.width + _PADDING) > _PAPER_WIDTH and left > start:
                found.append(left)
                start = left
            left = end
        return found

    def widths(self) -> Iterator[tuple[float, AnyStyle]]:
        """All columns' widths and styles; a line shows where an area begins."""
        yield _UNIT_WIDTH, "matrix_unit"
        for area in self.plan.areas:
            for place, _ in enumerate(area.indicators):
                yield self.width, "matrix_word" if place else "matrix_first"
        yield _SHARE_WIDTH, "matrix_share"


def matrix_page(standing: Standing) -> Page:
    """单位矩阵: every unit's status in every indicator."""
    columns = _Columns(standing.round.plan)
    extent = 1, columns.share - 1
    conditions = [(extent, equals(word, STATUS_STYLES[status])) for status, word in WORDS.items()]
    rows = [*_units(standing, columns.share), _totals(standing, columns.share)]
    blocks: tuple[Block, ...] = (
        *_legend(columns),
        *_header(columns),
        Highlighted(rows, conditions),
    )
    heads, names = (_TOP, _FIRST - 1), (0, 0)
    breaks = columns.breaks()
    paper = Paper(rows=heads, columns=names, scale=100, column_breaks=breaks)
    return Page(layout.MATRIX, list(columns.widths()), blocks, "#548235", paper, freeze=(_FIRST, 1))


def _legend(columns: _Columns) -> Iterator[Band]:
    yield Band([Tile(0, "单位矩阵：各单位各指标的状态", "title")], 32, "plain")
    tiles, left, step = [way_back("link")], 1, columns.across(_LEGEND_WIDTH)
    for status, word in WORDS.items():
        style = {**STYLES["status"], **STATUS_STYLES[status]}
        tiles.append(Tile(left, f"{word} = {status}", style, left + step - 1))
        left += step
    note = "空白 = 没有这项指标"
    right = left + 1 + columns.across(_NOTE_WIDTH)
    yield Band([*tiles, Tile(left + 1, note, "note", right)], 24, "plain")


def _header(columns: _Columns) -> Iterator[Band]:
    """The areas above their indicators' codes, which lead to 指标汇总."""
    areas = [
        Tile(0, "单位", "matrix_area", down=1),
        Tile(columns.share, "达标率", "matrix_area", down=1),
    ]
    codes: list[Tile] = []
    for area in columns.plan.areas:
        left = len(codes) + 1
        for indicator in area.indicators:
            at = len(codes) + 1
            where = Link(layout.INDICATOR_TOTALS, f"A{HEADER_ROW + at}", indicator.code)
            codes.append(Tile(at, where, "matrix_code"))
        count = len(codes) + 1 - left
        words = layout.area_sheet(area)
        fits = lines_needed(words, count * (columns.width + _PADDING), 9) <= _AREA_LINES
        if count:
            words = words if fits else say_area(area)
            areas.append(Tile(left, words, "matrix_area", left + count - 1))
    yield Band(areas, 34)
    yield Band(codes, 36)


def _units(standing: Standing, share: int) -> Iterator[Block]:
    """The units by kind, with their kind's name above them."""
    rows = _unit_rows(standing)
    for kind in standing.round.plan.kinds:
        units = [total for total in standing.unit_totals if total.unit.kind == kind]
        if units:
            yield _kind(kind, units, share)
            words = Bulk([rows[total.unit.code] for total in units])
            yield Beside([[words], [Band(height=_ROW)] * len(units)])


def _kind(kind: str, units: Sequence[UnitTotal], share: int) -> Band:
    counts = sum((total.counts for total in units), Counter[Status]())
    empty = [Tile(column, None, "matrix_kind") for column in range(1, share)]
    name = Tile(0, f"{kind}（{len(units)} 个）", "matrix_kind")
    return Band([name, *empty, Tile(share, dashed(met_share(counts)), "matrix_kind_share")], _ROW)


def _unit_rows(standing: Standing) -> dict[str, list[Value]]:
    """The units' rows: name, a word for each indicator, 达标率."""
    places = {code: place for place, code in enumerate(standing.round.plan.indicators, 1)}
    empty: list[Value] = [None] * len(places)
    rows: dict[str, list[Value]] = {
        total.unit.code: [total.unit.name, *empty, dashed(met_share(total.counts))]
        for total in standing.unit_totals
    }
    for assessment in standing.assessments:
        place = places[assessment.indicator.code]
        rows[assessment.unit.code][place] = WORDS[assessment.status]
    return rows


def _totals(standing: Standing, share: int) -> Band:
    """达标率 of every indicator, below its column."""
    tiles = [Tile(0, "各指标达标率", "total")]
    for column, total in enumerate(standing.indicators, 1):
        met = met_share(total.counts)
        # a number would show as ### in so narrow a column, even upright
        tiles.append(Tile(column, "—" if met is None else f"{met:.0%}", "matrix_total"))
    return Band([*tiles, Tile(share, dashed(standing.met_share), "total_share")], 40)
