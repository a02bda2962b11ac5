"""Links between the sheets of a workbook."""

from __future__ import annotations

from xl_fzzf.sheets.book import Formula
from xl_fzzf.sheets.layout import reference


def link(sheet: str, cell: str, words: str) -> Formula:
    """A link to a cell of the same workbook that works in Excel, WPS and LibreOffice."""
    target = reference(sheet, cell).replace('"', '""')
    shown = words.replace('"', '""')
    return Formula(f'HYPERLINK("#{target}","{shown}")', words)
