"""Links between the sheets of a workbook."""

from __future__ import annotations

import re

from xl_fzzf.office.book import Formula
from xl_fzzf.office.references import reference

_LONGEST = 255
"""Excel refuses a file with a longer text inside a formula."""

_CONTROL = re.compile(r"[\x00-\x1f\ud800-\udfff\ufffe\uffff]")


def link(sheet: str, cell: str, words: str, printed: bool = False) -> Formula:
    """A link to a cell of the same workbook that works in Excel, WPS and LibreOffice.

    A `printed` one leads within the PDF that LibreOffice makes. The words may come from a received file (a sheet's name): what a formula can't hold is left out.
    """
    target = reference(sheet, cell).replace('"', '""')
    if printed:
        target = ".".join(target.rsplit("!", 1))
    words = _CONTROL.sub(" ", words)
    words = words if len(words) <= _LONGEST else words[: _LONGEST - 1] + "…"
    shown = words.replace('"', '""')
    return Formula(f'HYPERLINK("#{target}","{shown}")', words)
