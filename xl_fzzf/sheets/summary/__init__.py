"""The summary workbook (汇总表): what the district's leader reads and the city consolidates."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from xl_fzzf.model.round import Standing
from xl_fzzf.office.book_file import FileBook
from xl_fzzf.sheets import spec as layout
from xl_fzzf.sheets.drawing import draw
from xl_fzzf.sheets.shell import HEADER_ROW, Shell, add_stamp
from xl_fzzf.sheets.stamp import write_summary_stamp
from xl_fzzf.sheets.summary.cover import cover_page
from xl_fzzf.sheets.summary.data import add_data, data_rows
from xl_fzzf.sheets.summary.matrix import add_matrix, write_matrix
from xl_fzzf.sheets.summary.notes import notes_page
from xl_fzzf.sheets.summary.overview import add_figures
from xl_fzzf.sheets.summary.tables import add_indicator_totals, add_unmet, list_unmet, write_unmet
from xl_fzzf.sheets.summary.units import add_scores, add_submissions

CONTENTS = (
    (layout.OVERVIEW, "关键数字、文字说明、各领域进展、靠前和靠后的单位"),
    (layout.INDICATOR_TOTALS, "每个指标的区级值、目标、状态和各状态单位数"),
    (layout.MATRIX, "每个单位、每个指标的状态,一张图看全(A3)"),
    (layout.UNMET, "逐条列出差距、原因、整改措施、时限和三色预警"),
    (layout.SUBMISSIONS, "各单位是否报送、是否及时,未采用的文件和原因"),
    (layout.SCORES, "各单位得分、名次、各领域完成度和计算办法"),
    (layout.NOTES, "统计口径、填报内容的去向、文件指纹"),
    (layout.DATA, "全部填报记录,供上级汇总(只在电子表格里)"),
)


def build_summary(standing: Standing, made: date, printed: bool = False) -> bytes:
    """The summary workbook's bytes; `made` is the day that stands on it as 制表日期.

    `printed` leaves out 数据, which is not for paper, and links within the PDF.
    """
    plan, settings = standing.round.plan, standing.round.settings
    shell = Shell(f"{plan.summary_title} {settings.period.label}", protect=False, printed=printed)
    draw(shell, cover_page(standing, made, CONTENTS, printed))
    add_figures(shell, standing)
    add_indicator_totals(shell, standing)
    add_matrix(shell, standing)
    unmet = list_unmet(standing)
    add_unmet(shell, standing, len(unmet))
    add_submissions(shell, standing)
    add_scores(shell, standing)
    draw(shell, notes_page(standing))
    if not printed:
        add_data(shell, standing)
    add_stamp(shell)
    # thousands of cells take XlsxWriter twice as long as the file adapter
    book = FileBook(Path("summary.xlsx"), shell.close())
    if not printed:
        book.write(layout.DATA, HEADER_ROW + 1, 1, data_rows(standing.assessments))
    write_matrix(book, standing)
    write_unmet(book, unmet)
    write_summary_stamp(book, layout.SUMMARY, standing.round, standing.as_of, made)
    return book.pack()
