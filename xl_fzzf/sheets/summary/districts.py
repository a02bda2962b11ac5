"""总览 of a city's summary: every district in a line, the sentences, and a bar for each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from xl_fzzf.model.city import City, District
from xl_fzzf.model.district import NOT_REPORTED, REPORTED
from xl_fzzf.model.plan import Unit
from xl_fzzf.model.rollup import met_share
from xl_fzzf.model.status import Status
from xl_fzzf.model.submission import Timeliness
from xl_fzzf.office.heights import lines_needed
from xl_fzzf.sheets import city_spec
from xl_fzzf.sheets import spec as layout
from xl_fzzf.sheets.common_blocks import LISTED, across, list_style, tiles
from xl_fzzf.sheets.lists import Line
from xl_fzzf.sheets.page import (
    Band,
    Beside,
    Block,
    Chart,
    Filling,
    Link,
    Listing,
    Page,
    Styled,
    depth,
    shown,
)
from xl_fzzf.sheets.spec import HEADER_ROW
from xl_fzzf.sheets.styles import SHARE_SCALE, STATUS_STYLES
from xl_fzzf.sheets.summary.charts import Frame, bar_chart, pixels
from xl_fzzf.sheets.summary.district_matrix import district_cell
from xl_fzzf.sheets.summary.phrases import say_date, some, tally
from xl_fzzf.sheets.summary.prose import say_city

KEPT_OUT = "未采用"
"""Of a district that sent something, none of which could be taken."""

_COLUMNS = city_spec.DISTRICT_COLUMNS
_LAST = len(_COLUMNS) - 1
_CHART_LEFT, _LEAST, _RANKED = 4, 6, 22.0
_HIGHLIGHTS = {
    "reported": {
        REPORTED: STATUS_STYLES[Status.MET],
        KEPT_OUT: STATUS_STYLES[Status.MISSING],
        NOT_REPORTED: STATUS_STYLES[Status.UNMET],
    }
}


def city_overview_page(city: City, made: date) -> Page:
    """总览: a district's name leads to its column in 区县矩阵."""
    plan, period = city.round.plan, city.period
    facts = (
        f"统计日期 {say_date(city.as_of)}",
        f"报送截止 {say_date(city.round.settings.deadline)}",
        f"制表日期 {say_date(made)}",
    )
    blocks: list[Block] = [
        across((0, _LAST), f"{plan.summary_title}\uff08{period.label}\uff09", "page_title", 32),
        across((0, _LAST), "  ·  ".join(facts), "page_facts", 22),
        Listing(_COLUMNS, _styled_lines(city), _HIGHLIGHTS, [("share", "share", SHARE_SCALE)]),
        Band(),
        *_sentences(city),
        Band(),
    ]
    blocks += _ranking(city, depth(blocks))
    styles = [(column.width, list_style(column)) for column in _COLUMNS]
    return Page(layout.OVERVIEW, styles, blocks, paper=LISTED, freeze=(HEADER_ROW, 2))


def _styled_lines(city: City) -> list[dict[str, Filling | Styled]]:
    """The lines with the links, and the city's in the style of a total."""
    lines: list[dict[str, Filling | Styled]] = [dict(line) for line in district_lines(city)]
    total = lines[-1]
    there = [district.unit.code for district in city.districts]
    for unit, line in zip(city.expected, lines[:-1], strict=True):
        if unit.code in there:
            cell = district_cell(there.index(unit.code))
            line["unit"] = Styled(Link(layout.DISTRICT_MATRIX, cell, unit.name), "back")
    shares = "completeness", "share"
    for field in (column.field for column in _COLUMNS):
        style = "total_share" if field in shares else "total"
        total[field] = Styled(shown(total.get(field)), style)
    return lines


def _sentences(city: City) -> Iterator[Band]:
    width = sum(column.width for column in _COLUMNS[1:])
    for words in say_city(city):
        yield across((1, _LAST), words, "sentence", 20.0 * lines_needed(words, width, 12) + 4)


def _ranking(city: City, row: int) -> Iterator[Block]:
    """The districts by 达标率 from this row on, the highest first, and beside them a bar for each."""
    there = {district.unit.name: met_share(district.statuses) for district in city.districts}
    shares = sorted(
        ((share, name) for name, share in there.items() if share is not None),
        key=lambda each: -each[0],
    )
    if not shares:
        return
    headers = tiles(("区县", "达标率", "名次"), "narrow_header", 1)
    bands = [
        Band(tiles((name, Styled(share, "one_share"), rank_in(shares, share)), "count", 1), _RANKED)
        for share, name in shares
    ]
    empty = [Band(height=_RANKED)] * max(_LEAST - len(bands), 0)
    yield Beside(([Band(headers, _RANKED), *bands, *empty], [_chart(shares, row)]))


def rank_in(shares: Sequence[tuple[float, str]], share: float) -> int:
    """The rank of a share, that of all that tie with it."""
    return 1 + sum(other > share for other, _ in shares)


def _chart(shares: Sequence[tuple[float, str]], header: int) -> Chart:
    (high, _), (low, _) = shares[0], shares[-1]
    names = [name for share, name in shares if share == low]
    title = f"{some(names, 2, '个区县')}达标率最低：{low:.1%}，最高{high:.1%}"
    if high == low:
        title = f"{some(names, 2, '个区县')}达标率{high:.1%}"
    rows = header + 1, header + len(shares)
    height = int((max(len(shares), _LEAST) + 1) * _RANKED * 4 / 3)
    size = pixels(column.width for column in _COLUMNS[_CHART_LEFT:]) - 4, height
    return bar_chart(Frame(rows, 1, title, size, _CHART_LEFT), 2, high)


def district_lines(city: City) -> list[Line]:
    """Every district expected, in the roster's order, and the city last."""
    there = {district.unit.code: district for district in city.districts}
    lines = [
        {"number": number, **_line(city, unit, there.get(unit.code))}
        for number, unit in enumerate(city.expected, 1)
    ]
    return [*lines, _city_line(city)]


def _line(city: City, unit: Unit, district: District | None) -> Line:
    if district is None:
        sent = any(file.unit == unit.name for file in city.files)
        return {"unit": unit.name, "reported": KEPT_OUT if sent else NOT_REPORTED, "timely": "—"}
    return {
        "unit": unit.name,
        "reported": REPORTED,
        "timely": Timeliness.of(district.late).value,
        "as_of": district.as_of or "没有写",
        "units": district.units,
        "sent": district.sent,
        "stated_unmet": district.stated[Status.UNMET],
        "errors": district.errors,
        **tally(district.statuses),
    }


def _city_line(city: City) -> Line:
    districts = city.districts
    return {
        "unit": city.round.plan.district,
        "reported": f"{len(districts)}/{len(city.expected)}",
        "timely": "—",
        "units": sum(district.units for district in districts),
        "sent": sum(district.sent for district in districts),
        "stated_unmet": sum(district.stated[Status.UNMET] for district in districts),
        "errors": sum(district.errors for district in districts),
        **tally(city.statuses),
    }
