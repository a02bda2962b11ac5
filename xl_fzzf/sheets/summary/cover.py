"""封面 of a summary: title, who reports what and when, signatures, seal, and the contents."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from xl_fzzf.model.round import Standing
from xl_fzzf.sheets import layout
from xl_fzzf.sheets.links import link
from xl_fzzf.sheets.shell import Shell
from xl_fzzf.sheets.summary.cells import span, write
from xl_fzzf.sheets.summary.words import say_date, say_reporter

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

CONTENTS = (
    (layout.OVERVIEW, "关键数字、各领域进展、靠前和靠后的任务与单位"),
    (layout.INDICATOR_TOTALS, "每个指标的区级值、目标和各状态单位数"),
    (layout.MATRIX, "每个单位、每个指标的状态,一张图看全(A3)"),
    (layout.UNMET, "逐条列出差距、原因、整改措施和时限"),
    (layout.SUBMISSIONS, "各单位是否报送、是否及时,未采用的文件和原因"),
    (layout.SCORES, "各单位得分、名次和各领域完成度"),
    (layout.NOTES, "填报内容的去向,经核实接受的提醒和理由"),
    (layout.DATA, "全部填报记录,供上级汇总"),
)

_WIDTHS = (4, 18, 20, 18, 18, 14, 6, 10, 10, 10, 4)
_LABEL, _VALUE, _SEAL, _ALL = 1, (2, 5), (7, 9), (1, 9)
_SIGNATURES = ("填表人", "审核人", "负责人")


def add_cover(shell: Shell, standing: Standing, made: date) -> None:
    """Add 封面: one page, laid out as official documents are."""
    sheet = shell.sheet(layout.COVER, "#C00000")
    for column, width in enumerate(_WIDTHS):
        sheet.set_column(column, column, width, shell.style("plain"))
    sheet.fit_to_pages(1, 1)
    plan = standing.round.plan
    sheet.set_row(0, 30)
    _put_row(sheet, 1, 48, _ALL, plan.summary_title, shell.style("cover_title"))
    period = f"({standing.round.settings.period.label})"
    _put_row(sheet, 2, 32, _ALL, period, shell.style("cover_period"))
    sheet.set_row(3, 18)
    row = _put_facts(shell, sheet, standing, made)
    row = _put_signatures(shell, sheet, row + 1)
    _put_contents(shell, sheet, row + 1)


def _put_row(
    sheet: Worksheet, row: int, height: float, columns: tuple[int, int], words: str, style: Format
) -> None:
    sheet.set_row(row, height)
    span(sheet, row, columns, words, style)


def _put_facts(shell: Shell, sheet: Worksheet, standing: Standing, made: date) -> int:
    plan = standing.round.plan
    facts = (
        ("报送单位", say_reporter(plan)),
        ("工作方案", plan.name),
        ("统计日期", say_date(standing.as_of)),
        ("制表日期", say_date(made)),
    )
    first = 4
    for row, (label, words) in enumerate(facts, first):
        sheet.set_row(row, 34)
        sheet.write_string(row, _LABEL, label, shell.style("cover_label"))
        span(sheet, row, _VALUE, words, shell.style("cover_value"))
    last = first + len(facts) - 1
    seal = shell.style("cover_seal")
    sheet.merge_range(first, _SEAL[0], last, _SEAL[1], "", seal)
    sheet.write_string(first, _SEAL[0], "(公章)", seal)
    return last + 1


def _put_signatures(shell: Shell, sheet: Worksheet, row: int) -> int:
    """填表人 · 审核人 · 负责人, each with a line to sign on."""
    sheet.set_row(row, 40)
    places = ((1, (2, 2)), (3, (4, 4)), (5, (6, 9)))
    for name, (label, (left, right)) in zip(_SIGNATURES, places, strict=True):
        sheet.write_string(row, label, f"{name}:", shell.style("cover_label"))
        for column in range(left, right + 1):
            sheet.write_blank(row, column, None, shell.style("cover_signature"))
    return row + 1


def _put_contents(shell: Shell, sheet: Worksheet, row: int) -> None:
    sheet.set_row(row, 28)
    span(sheet, row, _ALL, "目  录", shell.style("section"))
    for offset, (name, words) in enumerate(CONTENTS, 1):
        sheet.set_row(row + offset, 22)
        where = link(name, "A1", f"{offset}. {name}")
        write(sheet, row + offset, _ALL[0], where, shell.style("cover_link"))
        span(sheet, row + offset, (2, 9), words, shell.style("cover_note"))
