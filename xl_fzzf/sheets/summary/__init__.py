"""The summary workbook (汇总表): what the district's leader reads and the city consolidates."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from xl_fzzf.model.round import Standing
from xl_fzzf.office.book_file import FileBook
from xl_fzzf.sheets import spec as layout
from xl_fzzf.sheets.shell import HEADER_ROW, Shell, add_stamp
from xl_fzzf.sheets.stamp import write_summary_stamp
from xl_fzzf.sheets.summary.cover import add_cover
from xl_fzzf.sheets.summary.data import add_data, data_rows
from xl_fzzf.sheets.summary.matrix import add_matrix, write_matrix
from xl_fzzf.sheets.summary.notes import add_notes
from xl_fzzf.sheets.summary.overview import add_figures
from xl_fzzf.sheets.summary.tables import add_indicator_totals, add_unmet, list_unmet, write_unmet
from xl_fzzf.sheets.summary.units import add_scores, add_submissions


def build_summary(standing: Standing, made: date, printed: bool = False) -> bytes:
    """The summary workbook's bytes; `made` is the day that stands on it as 制表日期.

    `printed` leaves out 数据, which is not for paper, and links within the PDF.
    """
    plan, settings = standing.round.plan, standing.round.settings
    shell = Shell(f"{plan.summary_title} {settings.period.label}", protect=False, printed=printed)
    add_cover(shell, standing, made)
    add_figures(shell, standing)
    add_indicator_totals(shell, standing)
    add_matrix(shell, standing)
    unmet = list_unmet(standing)
    add_unmet(shell, standing, len(unmet))
    add_submissions(shell, standing)
    add_scores(shell, standing)
    add_notes(shell, standing)
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
