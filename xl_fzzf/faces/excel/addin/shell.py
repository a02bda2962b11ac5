"""The workbook around the add-in's macros: one sheet of settings and texts, written by XlsxWriter."""

from __future__ import annotations

import io
from collections.abc import Mapping
from datetime import datetime

_CREATED = datetime(2019, 9, 9)


def build_addin_shell(vba_project: bytes, sheet: str, settings: Mapping[str, str]) -> bytes:
    """A macro workbook (.xlsm) whose only sheet holds keys in column A and texts in column B.

    The code names are those of the VBA project: ThisWorkbook and Sheet1.
    """
    import xlsxwriter

    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True})
    book.set_properties({"title": sheet, "created": _CREATED})
    book.add_vba_project(io.BytesIO(vba_project), is_stream=True)
    book.set_vba_name("ThisWorkbook")
    page = book.add_worksheet(sheet)
    page.set_vba_name("Sheet1")
    for row, (key, text) in enumerate(settings.items()):
        page.write_string(row, 0, key)
        page.write_string(row, 1, text)
    book.close()
    return buffer.getvalue()
