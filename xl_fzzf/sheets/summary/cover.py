"""封面 of a summary: title, who reports what and when, signatures, seal, and the contents."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from xl_fzzf.model.city import City
from xl_fzzf.model.round import Standing
from xl_fzzf.office.heights import lines_needed
from xl_fzzf.sheets import spec as layout
from xl_fzzf.sheets.shell import Shell
from xl_fzzf.sheets.summary.cells import span, write
from xl_fzzf.sheets.summary.words import say_date, say_reporter

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

Contents = Sequence[tuple[str, str]]
"""The sheets that follow the cover, and what each is for."""

CONTENTS: Contents = (
    (layout.OVERVIEW, "关键数字、文字说明、各领域进展、靠前和靠后的单位"),
    (layout.INDICATOR_TOTALS, "每个指标的区级值、目标、状态和各状态单位数"),
    (layout.MATRIX, "每个单位、每个指标的状态,一张图看全(A3)"),
    (layout.UNMET, "逐条列出差距、原因、整改措施、时限和三色预警"),
    (layout.SUBMISSIONS, "各单位是否报送、是否及时,未采用的文件和原因"),
    (layout.SCORES, "各单位得分、名次、各领域完成度和计算办法"),
    (layout.NOTES, "统计口径、填报内容的去向、文件指纹"),
    (layout.DATA, "全部填报记录,供上级汇总(只在电子表格里)"),
)

_WIDTHS = (3, 18, 24, 4, 12, 12, 16, 3)
_ALL = (1, 6)
_TITLE_SIZE, _TITLE_LINE = 26, 42.0
_SIGNATURES = ("填 表 人", "审 核 人", "负 责 人")


def add_cover(
    shell: Shell, standing: Standing | City, made: date, contents: Contents = CONTENTS
) -> None:
    """Add 封面: one portrait page, laid out as official documents are."""
    sheet = shell.sheet(layout.COVER, "#C00000")
    sheet.set_portrait()
    # the margins of GB/T 9704: 37 mm above, 28 mm to the left
    sheet.set_margins(left=1.1, right=1.02, top=1.46, bottom=1.2)
    for column, width in enumerate(_WIDTHS):
        sheet.set_column(column, column, width, shell.style("plain"))
    sheet.fit_to_pages(1, 1)
    plan = standing.round.plan
    lines = lines_needed(plan.summary_title, sum(_WIDTHS[1:7]), _TITLE_SIZE)
    sheet.set_row(0, 60)
    _put_row(sheet, 1, _TITLE_LINE * lines, _ALL, plan.summary_title, shell.style("cover_title"))
    period = f"\uff08{standing.period.label}\uff09"
    _put_row(sheet, 2, 36, _ALL, period, shell.style("cover_period"))
    sheet.set_row(3, 60)
    row = _put_facts(shell, sheet, standing, made, 4)
    sheet.set_row(row, 48)
    row = _put_signatures(shell, sheet, standing, made, row + 1)
    sheet.set_row(row, 48)
    _put_contents(shell, sheet, row + 1, contents)


def _put_row(
    sheet: Worksheet, row: int, height: float, columns: tuple[int, int], words: str, style: Format
) -> None:
    sheet.set_row(row, height)
    span(sheet, row, columns, words, style)


def _put_facts(
    shell: Shell, sheet: Worksheet, standing: Standing | City, made: date, row: int
) -> int:
    plan = standing.round.plan
    facts = (
        ("报送单位", say_reporter(plan)),
        ("工作方案", plan.name),
        ("统计日期", say_date(standing.as_of)),
        ("制表日期", say_date(made)),
    )
    for label, words in facts:
        sheet.set_row(row, 40)
        sheet.write_string(row, 1, label, shell.style("cover_label"))
        span(sheet, row, (2, 6), words, shell.style("cover_value"))
        row += 1
    return row


def _put_signatures(
    shell: Shell, sheet: Worksheet, standing: Standing | City, made: date, row: int
) -> int:
    """填表人 · 审核人 · 负责人 with lines to sign on; beside them who seals, and the date."""
    seal = (
        (say_reporter(standing.round.plan), "cover_seal_top"),
        ("\uff08公章\uff09", "cover_seal"),
        (say_date(made), "cover_seal_bottom"),
    )
    for name, (words, style) in zip(_SIGNATURES, seal, strict=True):
        sheet.set_row(row, 44)
        sheet.write_string(row, 1, name, shell.style("cover_label"))
        sheet.write_blank(row, 2, None, shell.style("cover_signature"))
        span(sheet, row, (4, 6), words, shell.style(style))
        row += 1
    return row


def _put_contents(shell: Shell, sheet: Worksheet, row: int, contents: Contents) -> None:
    sheet.set_row(row, 28)
    span(sheet, row, _ALL, "目    录", shell.style("section"))
    for offset, (name, words) in enumerate(contents, 1):
        sheet.set_row(row + offset, 25)
        title = f"{offset}. {name}"
        if shell.printed and name == layout.DATA:  # not in print
            write(sheet, row + offset, _ALL[0], title, shell.style("cover_note"))
        else:
            where = shell.link(name, "A1", title)
            write(sheet, row + offset, _ALL[0], where, shell.style("cover_link"))
        span(sheet, row + offset, (2, _ALL[1]), words, shell.style("cover_note"))
