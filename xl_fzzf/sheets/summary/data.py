"""数据 of a summary: all records in the layout of the area sheets, for the next level up."""

from __future__ import annotations

from collections.abc import Iterable

from xl_fzzf.model.assessment import Assessment
from xl_fzzf.model.record import Cell, fit
from xl_fzzf.model.round import Standing
from xl_fzzf.office.references import column_letter
from xl_fzzf.sheets import spec as layout
from xl_fzzf.sheets import styles
from xl_fzzf.sheets.area import record_line
from xl_fzzf.sheets.shell import Shell, add_header, highlight_words
from xl_fzzf.sheets.spec import AREA_COLUMNS
from xl_fzzf.sheets.summary.cells import bound_table, put_note

_FORMATS = {"deadline": "yyyy-mm-dd"}


def add_data(shell: Shell, standing: Standing) -> None:
    """Add 数据 with its header; `data_rows` go below it."""
    sheet = shell.sheet(layout.DATA, "#7F7F7F")
    add_header(shell, sheet, "数据(全部填报记录)", AREA_COLUMNS)
    for place, column in enumerate(AREA_COLUMNS):
        look = {**styles.STYLES["plain"], "num_format": _FORMATS.get(column.field, "General")}
        sheet.set_column(place, place, column.width, shell.format(look))
    count = len(standing.assessments)
    bound_table(sheet, AREA_COLUMNS, count, freeze=4)
    words = (
        f"共 {count} 条,版式与台账的领域表相同,供上级汇总;打印时只印本页说明,要印明细请清除打印区域"
    )
    put_note(shell, sheet, AREA_COLUMNS, words)
    sheet.print_area(0, 0, 1, len(AREA_COLUMNS) - 1)
    place = [column.field for column in AREA_COLUMNS].index("status") + 1
    highlight_words(shell, sheet, column_letter(place), dict(styles.STATUS_STYLES))


def data_rows(assessments: Iterable[Assessment]) -> list[list[Cell]]:
    """The records as rows of `AREA_COLUMNS`; 校验提示 names those that are no part of a sum."""
    return [_data_row(assessment) for assessment in assessments]


def _data_row(assessment: Assessment) -> list[Cell]:
    line = record_line(assessment)
    line["hint"] = layout.TOTAL_MARK if assessment.is_total else None
    return [fit(line[column.field]) for column in AREA_COLUMNS]
