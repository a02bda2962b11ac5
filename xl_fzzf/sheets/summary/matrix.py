"""单位矩阵: units × indicators, one word a cell, so that colour is never the only sign."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from xl_fzzf.model.plan import Plan
from xl_fzzf.model.rollup import UnitTotal, met_share
from xl_fzzf.model.round import Standing
from xl_fzzf.model.status import Status
from xl_fzzf.office.book import Book, Value
from xl_fzzf.office.heights import lines_needed
from xl_fzzf.sheets import spec as layout
from xl_fzzf.sheets.shell import HEADER_ROW, Shell
from xl_fzzf.sheets.spec import area_sheet
from xl_fzzf.sheets.styles import STATUS_STYLES, STYLES
from xl_fzzf.sheets.summary.cells import span, write
from xl_fzzf.sheets.summary.words import say_area

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

WORDS = {
    Status.MET: "达",
    Status.UNDER_WAY: "推",
    Status.UNMET: "未",
    Status.MISSING: "待",
    Status.INVALID: "误",
    Status.NOT_APPLICABLE: "免",
}
"""What stands in a cell of the matrix."""

_A3 = 8
_AREA_ROW = HEADER_ROW - 1
_FIRST = HEADER_ROW + 1
_UNIT_WIDTH, _SHARE_WIDTH, _ROW = 20, 7.0, 15.5
_NARROWEST, _WIDEST, _ALL_WIDTH = 1.86, 6.0, 170
_LEGEND_WIDTH, _NOTE_WIDTH, _AREA_LINES = 13, 62, 2
_PADDING = 0.7
"""What a column is wider than its characters."""


@dataclass(frozen=True, slots=True)
class _Frame:
    """The matrix's columns: how many indicators it has decides how wide they can be."""

    indicators: int

    @property
    def share(self) -> int:
        """The column of 达标率, behind the indicators."""
        return self.indicators + 1

    @property
    def width(self) -> float:
        return min(max(_NARROWEST, _ALL_WIDTH / max(self.indicators, 1)), _WIDEST)

    def columns(self, width: float) -> int:
        """How many of the indicators' columns make up that width."""
        return round(width / self.width)


def add_matrix(shell: Shell, standing: Standing) -> None:
    """Add 单位矩阵, for A3: every unit's status in every indicator; see `write_matrix`."""
    plan = standing.round.plan
    frame = _Frame(len(plan.indicators))
    sheet = shell.sheet(layout.MATRIX, "#548235")
    sheet.set_paper(_A3)
    _set_columns(shell, sheet, plan, frame)
    _put_legend(shell, sheet, frame)
    _put_header(shell, sheet, plan, frame)
    last = _put_units(shell, sheet, standing, frame.share)
    _put_totals(shell, sheet, standing, last, frame.share)
    for status, word in WORDS.items():
        rule = {
            "type": "cell",
            "criteria": "==",
            "value": f'"{word}"',
            "format": shell.format(STATUS_STYLES[status]),
        }
        sheet.conditional_format(_FIRST, 1, last, frame.share - 1, rule)
    sheet.freeze_panes(_FIRST, 1)
    sheet.repeat_rows(_AREA_ROW, _FIRST - 1)
    sheet.repeat_columns(0)


def _set_columns(shell: Shell, sheet: Worksheet, plan: Plan, frame: _Frame) -> None:
    sheet.set_column(0, 0, _UNIT_WIDTH, shell.style("matrix_unit"))
    sheet.set_column(1, frame.indicators, frame.width, shell.style("matrix_word"))
    column = 1
    for area in plan.areas:
        sheet.set_column(column, column, frame.width, shell.style("matrix_first"))
        column += len(list(area.indicators))
    sheet.set_column(frame.share, frame.share, _SHARE_WIDTH, shell.style("matrix_share"))


def _put_legend(shell: Shell, sheet: Worksheet, frame: _Frame) -> None:
    sheet.set_row(0, 32, shell.style("plain"))
    sheet.set_row(1, 24, shell.style("plain"))
    sheet.write_string(0, 0, "单位矩阵:各单位各指标的状态", shell.style("title"))
    write(sheet, 1, 0, shell.link(layout.OVERVIEW, "A1", "← 总览"), shell.style("link"))
    left, step = 1, frame.columns(_LEGEND_WIDTH)
    for status, word in WORDS.items():
        look = shell.format({**STYLES["status"], **STATUS_STYLES[status]})
        span(sheet, 1, (left, left + step - 1), f"{word} = {status}", look)
        left += step
    note = "空白 = 没有这项指标;点指标编号看区级值。用 A4 打印的,缩放改为 100%,表头会在每页重复"
    right = max(frame.share, left + frame.columns(_NOTE_WIDTH))
    span(sheet, 1, (left + 1, right), note, shell.style("note"))


def _put_header(shell: Shell, sheet: Worksheet, plan: Plan, frame: _Frame) -> None:
    sheet.set_row(_AREA_ROW, 34)
    sheet.set_row(_AREA_ROW + 1, 36)
    top, code_style = shell.style("matrix_area"), shell.style("matrix_code")
    for column, words in ((0, "单位"), (frame.share, "达标率")):
        sheet.merge_range(_AREA_ROW, column, _AREA_ROW + 1, column, words, top)
    column, row = 1, HEADER_ROW + 1
    for area in plan.areas:
        first = column
        for indicator in area.indicators:
            where = shell.link(layout.INDICATOR_TOTALS, f"D{row}", indicator.code)
            write(sheet, _AREA_ROW + 1, column, where, code_style)
            column, row = column + 1, row + 1
        if column > first:
            words = area_sheet(area)
            room = (column - first) * (frame.width + _PADDING)
            fits = lines_needed(words, room, 9) <= _AREA_LINES
            span(sheet, _AREA_ROW, (first, column - 1), words if fits else say_area(area), top)


def _blocks(standing: Standing) -> Iterator[tuple[int, str, list[UnitTotal]]]:
    """The units by kind, with the row (from 0) of their kind, which stands above them."""
    row = _FIRST
    for kind in standing.round.plan.kinds:
        units = [total for total in standing.unit_totals if total.unit.kind == kind]
        if units:
            yield row, kind, units
            row += 1 + len(units)


def _put_units(shell: Shell, sheet: Worksheet, standing: Standing, share: int) -> int:
    """A row for each kind, and rows for its units; the row that follows."""
    last = _FIRST
    for row, kind, units in _blocks(standing):
        _put_kind(shell, sheet, row, kind, units, share)
        last = row + 1 + len(units)
        for at in range(row, last):
            sheet.set_row(at, _ROW)
    return last


def write_matrix(book: Book, standing: Standing) -> None:
    """Write the units' rows: name, a word for each indicator, 达标率."""
    places = {code: place for place, code in enumerate(standing.round.plan.indicators, 1)}
    empty: list[Value] = [None] * len(places)
    lines: dict[str, list[Value]] = {
        total.unit.code: [total.unit.name, *empty, _share(total.counts)]
        for total in standing.unit_totals
    }
    for assessment in standing.assessments:
        place = places[assessment.indicator.code]
        lines[assessment.unit.code][place] = WORDS[assessment.status]
    for row, _, units in _blocks(standing):
        book.write(layout.MATRIX, row + 2, 1, [lines[total.unit.code] for total in units])


def _share(counts: Counter[Status]) -> Value:
    share = met_share(counts)
    return "—" if share is None else share


def _put_kind(
    shell: Shell, sheet: Worksheet, row: int, kind: str, units: Sequence[UnitTotal], share: int
) -> None:
    style = shell.style("matrix_kind")
    for column in range(1, share):
        sheet.write_blank(row, column, None, style)
    counts = sum((total.counts for total in units), Counter[Status]())
    write(sheet, row, 0, f"{kind}({len(units)} 个)", style)
    write(sheet, row, share, _share(counts), shell.style("matrix_kind_share"))


def _put_totals(shell: Shell, sheet: Worksheet, standing: Standing, row: int, share: int) -> None:
    """达标率 of every indicator, below its column."""
    style = shell.style("matrix_total")
    sheet.set_row(row, 40)
    sheet.write_string(row, 0, "各指标达标率", shell.style("total"))
    for column, total in enumerate(standing.indicators, 1):
        met = met_share(total.counts)
        # a number would show as ### in so narrow a column, even upright
        sheet.write_string(row, column, "—" if met is None else f"{met:.0%}", style)
    write(sheet, row, share, _share(standing.statuses), shell.style("total_share"))
