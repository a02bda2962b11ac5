"""A tiny return of our own, which the readers must be able to read: what can't has a fault of its own."""

from __future__ import annotations

import io
from datetime import date

from xl_fzzf.sheets.spec import AREA_COLUMNS


def build_sample() -> bytes:
    """A workbook with one of each that is read off a return: texts, numbers, dates, marks, traits."""
    from xlsxwriter import Workbook

    memory = io.BytesIO()
    with Workbook(memory, {"in_memory": True}) as book:
        sheet = book.add_worksheet("样表")
        sheet.write_row(0, 0, [column.header for column in AREA_COLUMNS])
        places = {column.field: place for place, column in enumerate(AREA_COLUMNS)}
        for field, entry in {"unit": "样", "code": "1.1", "narrative": "样", "value": 3}.items():
            sheet.write(1, places[field], entry)
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        sheet.write_datetime(1, places["deadline"], date(2019, 9, 30), day)
        sheet.write_formula(1, places["numerator"], "=1+2", None, 3)
        sheet.write_formula(1, places["denominator"], "=1/0", None, "#DIV/0!")
        book.add_worksheet("草稿").hide()
    return memory.getvalue()
