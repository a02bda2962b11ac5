"""A page: what is to stand on a sheet, as blocks one below the other; `drawing` draws it.

Whoever builds pages needs no workbook. Rows and columns count from 0, heights are in points and
widths in characters.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple

from xl_fzzf.office.book import Rows, Value
from xl_fzzf.office.heights import fitting_height
from xl_fzzf.office.tables import Columns
from xl_fzzf.sheets.styles import STYLES, SUMMARY_STYLES, Style

AnyStyle = str | Style
"""A style's name, or the properties of one that has none."""

Condition = Mapping[str, Any]
"""A conditional format as XlsxWriter has it, but with a style as its `format`."""

Extent = tuple[int, int]
"""The first and the last of some columns, or rows."""


class Link(NamedTuple):
    """Words, or a number, that lead to a cell (`A1`) of a sheet of the same workbook."""

    sheet: str
    cell: str
    words: str | float


class Trend(NamedTuple):
    """Small columns for the numbers in so many cells to the left; the scale ends at `top`."""

    cells: int
    top: float


Filling = Value | Link | Trend
"""What a cell holds."""


class Styled(NamedTuple):
    """What a listing holds in a style of its own, in place of its column's."""

    filling: Filling
    style: AnyStyle | None


@dataclass(frozen=True, slots=True)
class Tile:
    """What stands in a cell; up to column `right` and so many rows `down` the cells become one."""

    left: int
    filling: Filling = None
    style: AnyStyle | None = None
    right: int = 0
    down: int = 0

    @property
    def extent(self) -> Extent:
        """Its first and its last column."""
        return self.left, max(self.left, self.right)


@dataclass(frozen=True, slots=True)
class Band:
    """A row of the page; without a height it is the program's own, "fit" is what its texts need."""

    tiles: Sequence[Tile] = ()
    height: float | Literal["fit"] | None = None
    style: AnyStyle | None = None


@dataclass(frozen=True, slots=True)
class Beside:
    """Stacks of blocks that begin in the same row; the highest says where the page goes on."""

    stacks: Sequence[Sequence[Block]]


@dataclass(frozen=True, slots=True)
class Highlighted:
    """Blocks with conditional formats over columns of their rows."""

    blocks: Sequence[Block]
    conditions: Sequence[tuple[Extent, Condition]]


@dataclass(frozen=True, slots=True)
class Bulk:
    """Rows of values in their columns' formats; they can be thousands."""

    rows: Rows
    heights: Sequence[float] = ()


@dataclass(frozen=True, slots=True)
class Listing:
    """A header row and a line a row below it, with a filter.

    `highlights` has a style for each word of a field's column; `conditions` are conditional formats
    and `validations` XlsxWriter's validations for the columns of the fields from one to another. The
    first columns stay, `frozen` many. `ruled` draws lines between the rows, which are as high as
    their texts need. One that is `bulk` can have thousands of lines, of values only; in an `open` one
    rows come and go.
    """

    columns: Columns
    lines: Sequence[Mapping[str, Filling | Styled]]
    highlights: Mapping[str, Mapping[Any, Style]] = field(default_factory=dict)
    conditions: Sequence[tuple[str, str, Condition]] = ()
    validations: Sequence[tuple[str, str, Mapping[str, Any]]] = ()
    header_height: float = 34
    frozen: int = 1
    ruled: bool = True
    bulk: bool = False
    open: bool = False

    def band(self, line: Mapping[str, Filling | Styled]) -> Band:
        """A line as a row, as high as its texts need."""
        cells = [styled(line.get(column.field)) for column in self.columns]
        texts = (
            (shown(cell), column.width) for cell, column in zip(cells, self.columns, strict=True)
        )
        return Band([Tile(at, *cell) for at, cell in enumerate(cells)], fitting_height(texts))


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart over the rows that follow, from column `left`; it takes none for itself.

    `kind` and `series` are XlsxWriter's, `options` what its chart sets: x_axis, legend …; the title
    is a text, whatever it looks like, and also told to who can't see the chart. The size is in pixels.
    """

    kind: Mapping[str, str]
    series: Sequence[Mapping[str, Any]]
    title: str
    options: Mapping[str, Mapping[str, Any]]
    size: tuple[int, int]
    left: int = 0


Block = Band | Beside | Highlighted | Bulk | Listing | Chart


@dataclass(frozen=True, slots=True)
class Paper:
    """The print set-up: A4 landscape and one page wide, unless it says otherwise.

    `margins` (left, right, top, bottom) are in inches; `area` is the last row and column printed. Of a
    sheet that is not `printed` the print area is an empty cell, until somebody lifts it.
    With a `scale` (percent) it is printed so, whatever its width, and a sheet of paper ends above the
    rows of `breaks` and beside the columns of `column_breaks`.
    """

    portrait: bool = False
    margins: tuple[float, float, float, float] | None = None
    one_page: bool = False
    area: tuple[int, int] | None = None
    printed: bool = True
    scale: int | None = None
    breaks: Sequence[int] = ()
    column_breaks: Sequence[int] = ()
    numbered: bool = True
    rows: Extent | None = None
    columns: Extent | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """A sheet: its columns' widths and styles, its blocks, and the rows and columns that stay.

    The columns before `begins` are hidden. `zoom` is in percent; the workbook `opens` on the page.
    """

    name: str
    columns: Sequence[tuple[float, AnyStyle | None]]
    blocks: Sequence[Block]
    tab: str = "#7F7F7F"
    paper: Paper = Paper()
    freeze: tuple[int, int] | None = None
    begins: int = 0
    zoom: int = 100
    opens: bool = False

    def width(self, extent: Extent) -> float:
        """How wide these columns are together."""
        return sum(width for width, _ in self.columns[extent[0] : extent[1] + 1])

    def height(self, band: Band) -> float | None:
        """A band's height; of one that fits, from the texts that wrap."""
        if band.height != "fit":
            return band.height
        wrapped = (t for t in band.tiles if t.style and _properties(t.style, "text_wrap"))
        return fitting_height((shown(tile.filling), self.width(tile.extent)) for tile in wrapped)


def styled(filling: Filling | Styled, style: AnyStyle | None = None) -> Styled:
    """The filling in its own style, or in this one."""
    return filling if isinstance(filling, Styled) else Styled(filling, style)


def shown(filling: Filling | Styled) -> Value:
    """What is seen of it, as far as it is text or number."""
    if isinstance(filling, Styled):
        filling = filling.filling
    if isinstance(filling, Trend):
        return None
    return filling.words if isinstance(filling, Link) else filling


def dashed(figure: float | None) -> float | str:
    """A figure as it stands in a cell, with a dash for one that there is not."""
    return "—" if figure is None else figure


def _properties(style: AnyStyle, name: str) -> Any:
    style = (STYLES.get(style) or SUMMARY_STYLES[style]) if isinstance(style, str) else style
    return style.get(name)


def depth(blocks: Iterable[Block]) -> int:
    """How many rows the blocks take."""
    return sum(map(_depth, blocks))


def _depth(block: Block) -> int:
    if isinstance(block, Beside):
        return max(map(depth, block.stacks), default=0)
    if isinstance(block, Highlighted):
        return depth(block.blocks)
    if isinstance(block, Bulk):
        return len(block.rows)
    if isinstance(block, Listing):
        return 1 + len(block.lines)
    return 0 if isinstance(block, Chart) else 1
