"""Pages as blocks, and what the drawer makes of them."""

from __future__ import annotations

import io
from datetime import date
from zipfile import ZipFile

import openpyxl
import pytest

from tests.sheets.test_summary import MADE, standing
from xl_fzzf.office.tables import Column
from xl_fzzf.sheets.common_blocks import BroadColumn, across, equals, list_page, section
from xl_fzzf.sheets.drawing import draw, finish
from xl_fzzf.sheets.page import (
    Band,
    Beside,
    Block,
    Bulk,
    Filling,
    Highlighted,
    Link,
    Listing,
    Page,
    Styled,
    Tile,
    Trend,
    depth,
    shown,
)
from xl_fzzf.sheets.shell import Shell
from xl_fzzf.sheets.summary.cover import cover_page
from xl_fzzf.sheets.summary.notes import notes_page
from xl_fzzf.sheets.summary.overview import overview_page
from xl_fzzf.sheets.summary.unmet import unmet_page

COLUMNS = (Column("code", "编号", 10), Column("note", "说明", 8), Column("day", "日期", 12))


def drawn(page: Page) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(finish(Shell("页"), [page]).pack()))


def words_of(blocks: tuple[Block, ...] | list[Block]) -> list[object]:
    """What the bands say, from top to bottom."""
    bands = (block for block in blocks if isinstance(block, Band))
    return [shown(tile.filling) for band in bands for tile in band.tiles]


def test_blocks_stand_one_below_the_other_and_side_by_side() -> None:
    stacks = [Band([Tile(0, "左")]), Band([Tile(0, "左下")])], [Band([Tile(2, "右")])]
    blocks: list[Block] = [
        across((0, 2), "题", "title", 30),
        Beside(stacks),
        Band([Tile(0, "末", down=1)]),
    ]
    assert depth(blocks) == 4
    sheet = drawn(Page("页", [(8, None)] * 3, blocks, freeze=(1, 1)))["页"]
    assert [sheet["A1"].value, sheet["A2"].value, sheet["C2"].value] == ["题", "左", "右"]
    assert (sheet["A3"].value, sheet["A4"].value, sheet.freeze_panes) == ("左下", "末", "B2")
    assert {str(cells) for cells in sheet.merged_cells.ranges} == {"A1:C1", "A4:A5"}


def test_a_band_that_fits_is_as_high_as_what_wraps() -> None:
    page = Page("页", [(10, None), (30, None)], ())
    long = "很长的文字" * 10
    assert page.height(Band([Tile(0, long, "text")], "fit")) > page.height(  # type: ignore[operator]
        Band([Tile(0, long, "text", right=1)], "fit")
    )
    unwrapped = Band([Tile(0, long, "points"), Tile(1, "短", "text")], "fit")
    assert page.height(unwrapped) == page.height(Band([Tile(1, "短", "text")], "fit"))
    assert page.height(Band()) is None and page.height(Band(height=8)) == 8


def test_a_listing_has_filter_header_marks_and_its_own_heights() -> None:
    lines: list[dict[str, Filling | Styled]] = [
        {"code": "1.1", "note": Styled("很长的文字" * 5, "bold"), "day": date(2020, 1, 2)},
        {"code": Link("页", "A1", "1.2"), "note": "错", "day": None},
    ]
    styles = {"note": {"错": {"bg_color": "#FF0000"}}}
    book = drawn(list_page("页", "说明一句", Listing(COLUMNS, lines, styles)))
    sheet = book["页"]
    assert [cell.value for cell in sheet[3]] == ["编号", "说明", "日期"]
    assert sheet["B4"].font.b and sheet["A5"].value.startswith("=HYPERLINK")
    assert sheet.auto_filter.ref == "A3:C5" and sheet.print_title_rows == "$3:$3"
    assert sheet.row_dimensions[4].height > sheet.row_dimensions[5].height
    ranges = [str(each.sqref) for each in sheet.conditional_formatting]
    assert ranges == ["B4:B20000", "A4:C20000"]


def test_many_lines_are_written_as_few_are() -> None:
    lines = [{"code": "1.1", "note": "很长的文字" * 5}, {"code": "1.2", "note": "坏\x00字"}]
    few, many = (
        drawn(list_page("页", "", Listing(COLUMNS, lines, bulk=bulk)))["页"]
        for bulk in (False, True)
    )
    assert [[c.value for c in row] for row in few] == [[c.value for c in row] for row in many]
    heights = [[sheet.row_dimensions[row].height for row in (4, 5)] for sheet in (few, many)]
    assert heights[0] == pytest.approx(heights[1], abs=0.5)  # XlsxWriter counts in pixels


def test_rows_that_wait_say_where_they_belong() -> None:
    shell = Shell("页")
    page = Page("页", [(8, None)], [Band(), Bulk([["甲"], ["乙"]]), Band([Tile(0, "丙")])])
    assert [(item.sheet, item.row) for item in draw(shell, page)] == [("页", 1)]
    assert depth(page.blocks) == 4


def test_marks_cover_the_rows_of_their_blocks() -> None:
    rows: list[Block] = [Band([Tile(0, "达")]), Band([Tile(0, "未")])]
    highlighted = Highlighted(rows, [((0, 1), equals("未", {"bold": True}))])
    sheet = drawn(Page("页", [(8, None)] * 2, [Band(), highlighted]))["页"]
    (cells,) = sheet.conditional_formatting
    assert str(cells.sqref) == "A2:B3" and cells.rules[0].formula == ['"未"']


@pytest.mark.parametrize("filling", ["=1+1", "<r>&</r>", 1.5, True, None])
def test_a_section_says_its_lines_below_their_headers(filling: str | float | None) -> None:
    columns = BroadColumn(0, "甲", right=1), BroadColumn(2, "乙", "center")
    bands = section("题", 2, columns, [(filling, Styled("x", "bold"))])
    assert words_of(list(bands)) == ["题", "甲", "乙", filling, "x"]
    assert words_of(list(section("题", 2, columns))) == ["题"]
    sheet = drawn(Page("页", [(8, None)] * 3, bands))["页"]
    value = sheet["A3"].value
    assert (value.rstrip() if isinstance(value, str) else value) == filling
    assert sheet["A3"].data_type != "f"


def test_a_trend_shows_the_cells_to_its_left() -> None:
    page = Page("页", [(8, None)] * 3, [Band([Tile(0, 1.0), Tile(1, 2.0), Tile(2, Trend(2, 3.0))])])
    data = finish(Shell("页"), [page]).pack()
    part = ZipFile(io.BytesIO(data)).read("xl/worksheets/sheet1.xml").decode()
    assert "<xm:f>'页'!A1:B1</xm:f>" in part


def test_pages_of_a_summary_can_be_read_without_a_workbook() -> None:
    cover = cover_page(standing(), MADE, [("数据", "全部记录")], printed=True)
    assert {"测试区司法局", "2020年1月16日", "1. 数据"} < set(words_of([*cover.blocks]))
    *_, data = (tile for block in cover.blocks if isinstance(block, Band) for tile in block.tiles)
    assert not isinstance(data.filling, Link)
    assert "四、没有采用的文件 1 份" in words_of([*notes_page(standing()).blocks])
    listing = next(block for block in unmet_page(standing()).blocks if isinstance(block, Listing))
    assert [line["code"] for line in listing.lines] == [
        item.indicator.code for item in standing().unmet
    ]
    overview = overview_page(standing())
    assert overview.paper.area == (depth(overview.blocks) - 1, len(overview.columns) - 1)
