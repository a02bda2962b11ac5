"""报送情况 and 考核得分 of a summary: who reported, and who stands where."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from xl_fzzf.model.district import NOT_REPORTED, REPORTED
from xl_fzzf.model.rollup import UnitTotal
from xl_fzzf.model.round import Standing
from xl_fzzf.model.status import Status
from xl_fzzf.model.submission import Timeliness, Verdict
from xl_fzzf.office.heights import height, lines_needed
from xl_fzzf.office.tables import Column, Columns
from xl_fzzf.sheets import spec as layout
from xl_fzzf.sheets.lists import Line
from xl_fzzf.sheets.shell import HEADER_ROW, Shell
from xl_fzzf.sheets.spec import SCORE_COLUMNS, SUBMISSION_COLUMNS, score_columns
from xl_fzzf.sheets.styles import SHARE_SCALE, STATUS_STYLES
from xl_fzzf.sheets.summary.cells import add_table, put_note, span, write_lines
from xl_fzzf.sheets.summary.method import SCORING
from xl_fzzf.sheets.summary.ranking import say_score_change, score_by_unit
from xl_fzzf.sheets.summary.words import count_statuses, say_date

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

_MARKS = {
    "reported": {REPORTED: STATUS_STYLES[Status.MET], NOT_REPORTED: STATUS_STYLES[Status.UNMET]},
    "timely": {
        Timeliness.ON_TIME.value: STATUS_STYLES[Status.MET],
        Timeliness.LATE.value: STATUS_STYLES[Status.MISSING],
    },
}
_NARROW = {"rank": 6, "unit": 20, "kind": 11, "score": 9}
_FILE_COLUMNS = (("文件", (0, 1)), ("原因和怎么办", (2, 7)), ("收到时间", (8, 9)))
_BAR = {
    "type": "data_bar",
    "bar_color": "#9DC3E6",
    "bar_solid": True,
    "min_type": "num",
    "min_value": 0,
    "max_type": "num",
    "max_value": 100,
}


def add_submissions(shell: Shell, standing: Standing) -> None:
    """Add 报送情况: every unit, those that reported nothing first, and the quarantined files."""
    columns = SUBMISSION_COLUMNS
    lines = list(_submission_lines(standing))
    lines.sort(key=lambda line: (line["reported"] == REPORTED, line["timely"] != Timeliness.LATE))
    sheet = add_table(shell, layout.SUBMISSIONS, columns, len(lines), _MARKS)
    sheet.set_portrait()
    words = (
        f"应报 {len(standing.units)} 个,已报 {len(standing.reported)} 个,"
        f"逾期 {len(standing.late)} 个;报送截止 {say_date(standing.round.settings.deadline)}"
    )
    put_note(shell, sheet, columns, words)
    row = write_lines(shell, sheet, columns, lines)
    _put_quarantined(shell, sheet, standing, row + 1)


def _submission_lines(standing: Standing) -> Iterator[Line]:
    totals = {total.unit.code: total for total in standing.unit_totals}
    for unit in standing.units:
        total, there = totals[unit.code], unit.code in standing.reported
        yield {
            "unit": unit.name,
            "kind": unit.kind,
            "reported": REPORTED if there else NOT_REPORTED,
            "timely": Timeliness.of(unit.code in standing.late).value if there else "—",
            "expected": total.counts.total(),
            "filled": total.counts.total() - total.counts[Status.MISSING],
            "completeness": total.completeness,
            **count_statuses(total.counts),
        }


def _put_quarantined(shell: Shell, sheet: Worksheet, standing: Standing, row: int) -> None:
    files = [file for file in standing.files if file.verdict == Verdict.QUARANTINED.label]
    sheet.set_row(row, 26)
    title = f"已隔离、没有采用的文件:{len(files)} 份"
    span(sheet, row, (0, len(SUBMISSION_COLUMNS) - 1), title, shell.style("section"))
    if not files:
        return
    sheet.set_row(row + 1, 22)
    for header, places in _FILE_COLUMNS:
        span(sheet, row + 1, places, header, shell.style("header"))
    widths = [
        sum(column.width for column in SUBMISSION_COLUMNS[left : right + 1])
        for _, (left, right) in _FILE_COLUMNS
    ]
    for at, file in enumerate(files, row + 2):
        words = (file.file, file.reason, file.received)
        needed = max(map(lines_needed, words, widths))
        sheet.set_row(at, height(needed))
        for text, (_, places) in zip(words, _FILE_COLUMNS, strict=True):
            span(sheet, at, places, text, shell.style("text"))


def add_scores(shell: Shell, standing: Standing) -> None:
    """Add 考核得分: the units by rank, with their attainment in each area."""
    columns = _score_columns(standing)
    ranked = sorted(standing.unit_totals, key=lambda total: total.rank or len(columns) + 10_000)
    sheet = add_table(shell, layout.SCORES, columns, len(ranked), freeze=2)
    sheet.set_portrait()
    sheet.set_row(HEADER_ROW - 1, height(max(lines_needed(c.header, c.width) for c in columns)))
    put_note(shell, sheet, columns, SCORING)
    _color_scores(sheet, len(ranked), [column.field for column in columns])
    before = score_by_unit(standing.before)
    lines = [{**_score_line(total), "change": say_score_change(total, before)} for total in ranked]
    write_lines(shell, sheet, columns, lines)


def _score_columns(standing: Standing) -> Columns:
    """The columns, narrow enough for portrait paper, with 较上期 where there is an earlier period."""
    columns = tuple(
        replace(column, width=_NARROW.get(column.field, 9.5))
        for column in score_columns(standing.round.plan.areas)
    )
    if standing.before is None:
        return columns
    place = len(SCORE_COLUMNS)
    return (*columns[:place], Column("change", "较上期", 9), *columns[place:])


def _score_line(total: UnitTotal) -> Line:
    return {
        "rank": "—" if total.rank is None else total.rank,
        "unit": total.unit.name,
        "kind": total.unit.kind,
        "score": "—" if total.score is None else total.score,
        **{f"area{a}": "—" if part is None else part for a, part in total.by_area.items()},
    }


def _color_scores(sheet: Worksheet, count: int, fields: Sequence[str]) -> None:
    """A bar behind the score, and a scale over the areas; the numbers stand in the cells."""
    first, last = HEADER_ROW, HEADER_ROW + max(count, 1) - 1
    place = fields.index("score")
    sheet.conditional_format(first, place, last, place, _BAR)
    areas = [column for column, field in enumerate(fields) if field.startswith("area")]
    if areas:
        sheet.conditional_format(first, areas[0], last, areas[-1], SHARE_SCALE)
