"""区县矩阵 of a city's summary: indicators × districts, each with its value and status."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from xl_fzzf.model.city import City
from xl_fzzf.model.rollup import IndicatorTotal, met_share
from xl_fzzf.office.heights import fitting_height
from xl_fzzf.office.references import column_letter
from xl_fzzf.sheets import spec as layout
from xl_fzzf.sheets.common_blocks import across, equals, tiles, way_back
from xl_fzzf.sheets.page import Band, Filling, Highlighted, Link, Page, Paper, Styled, Tile, dashed
from xl_fzzf.sheets.spec import HEADER_ROW
from xl_fzzf.sheets.styles import STATUS_STYLES, STYLES, SUMMARY_STYLES
from xl_fzzf.sheets.summary.data import FirstRows
from xl_fzzf.sheets.summary.phrases import say_targets
from xl_fzzf.sheets.summary.totals import number_format

_FIXED = (("指标编号", 8.0), ("指标", 40.0), ("目标", 13.0))
_VALUE, _STATUS = 8.5, 7.5
_TOP, _FIRST = HEADER_ROW - 1, HEADER_ROW + 1
_SCALE, _A_PAGE = 83, 5
"""Percent in print, and how many districts (or the city) stand on a sheet of paper."""

_AREA = {**SUMMARY_STYLES["matrix_kind"], "font_size": 11}


def district_cell(place: int) -> str:
    """Where a district stands in 区县矩阵: the first one that counts has place 0."""
    return f"{column_letter(_left(place + 1) + 1)}{_TOP + 1}"


def _left(number: int) -> int:
    """The column of a district's value; the city's is the first, with number 0."""
    return len(_FIXED) + 2 * number


def district_matrix_page(city: City, rows: FirstRows) -> Page:
    """区县矩阵: the city's and every district's value and status in every indicator.

    A code leads to 指标汇总, a district's value to the records behind it, if `rows` has them.
    """
    names = [f"{city.round.plan.district}\uff08全市\uff09", *(d.unit.name for d in city.districts)]
    right = _left(len(names)) - 1
    extent = len(_FIXED), right
    conditions = [(extent, equals(status, style)) for status, style in STATUS_STYLES.items()]
    note = "值由“数据”重新计算，状态按市里的目标和期限判定；点编号看全市，点区县的值看逐条记录"
    blocks = (
        Band([Tile(0, "区县矩阵：各区县各指标的值和状态", "title")], 32),
        Band([way_back("back"), Tile(1, note, "subtitle")], 22),
        *_header(names),
        Highlighted([*_areas(city, rows, right)], conditions),
        _shares(city),
    )
    widths = *(width for _, width in _FIXED), *(_VALUE, _STATUS) * len(names)
    paper = Paper(
        rows=(_TOP, _FIRST - 1),
        columns=(0, len(_FIXED) - 1),
        scale=_SCALE,
        column_breaks=[_left(n) for n in range(_A_PAGE, len(names), _A_PAGE)],
    )
    columns = [(width, None) for width in widths]
    return Page(layout.DISTRICT_MATRIX, columns, blocks, "#548235", paper, freeze=(_FIRST, 2))


def _header(names: Sequence[str]) -> tuple[Band, Band]:
    fixed = [Tile(at, words, "header", down=1) for at, (words, _) in enumerate(_FIXED)]
    above = [Tile(_left(n), name, "header", _left(n) + 1) for n, name in enumerate(names)]
    below = tiles(("值", "状态") * len(names), "label", len(_FIXED))
    return Band([*fixed, *above], 24), Band(below, 20)


def _areas(city: City, rows: FirstRows, right: int) -> Iterator[Band]:
    """A band for each area and a row for each indicator."""
    place = 0
    for area in city.round.plan.areas:
        yield across((0, right), layout.area_sheet(area), _AREA)
        for _ in area.indicators:
            yield _indicator(city, rows, place)
            place += 1


def _indicator(city: City, rows: FirstRows, place: int) -> Band:
    """The row of the indicator that has this place in the plan."""
    total = city.indicators[place]
    indicator = total.indicator
    texts = (indicator.code, indicator.text, say_targets(indicator))
    code = Link(layout.INDICATOR_TOTALS, f"A{HEADER_ROW + 1 + place}", indicator.code)
    fillings: list[Filling | Styled] = [code, Styled(texts[1], "text"), texts[2]]
    fillings += [_value(total), total.shown_status]
    for district in city.districts:
        own, at = district.indicators[place], rows.get((district.unit.code, indicator.code))
        fillings += [_value(own, at), own.shown_status]
    widths = (width for _, width in _FIXED)
    return Band(tiles(fillings, "center"), fitting_height(zip(texts, widths, strict=True)))


def _value(total: IndicatorTotal, row: int | None = None) -> Styled:
    """A value as a number, in its format; from it to the records behind it where they have a row."""
    value = dashed(total.value)
    style = {
        **STYLES["center"],
        "num_format": number_format(total.indicator, total.value),
    }
    return Styled(Link(layout.DATA, f"A{row}", value) if row else value, style)


def _shares(city: City) -> Band:
    """达标率 of the city and of every district: met among the records that apply."""
    counts = [city.statuses, *(district.statuses for district in city.districts)]
    shares = [
        Tile(_left(number), dashed(met_share(statuses)), "total_share", _left(number) + 1)
        for number, statuses in enumerate(counts)
    ]
    label = Tile(0, "达标率（达标 ÷ 应填中除不适用以外的）", "total", len(_FIXED) - 1)
    return Band([label, *shares], 22)
