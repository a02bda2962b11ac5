"""Returns (填报表) as they go out: what each unit's file is called, and how it is written."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from xl_fzzf.model.assessment import Assessment
from xl_fzzf.model.plan import Unit
from xl_fzzf.model.round import Round
from xl_fzzf.office.book_file import FileBook
from xl_fzzf.office.naming import safe_file_name
from xl_fzzf.sheets.areas import write_areas
from xl_fzzf.sheets.guide import write_guide
from xl_fzzf.sheets.overview import Figures, Overview
from xl_fzzf.sheets.shell_books import return_shell
from xl_fzzf.sheets.spec import area_sheet
from xl_fzzf.sheets.stamp import write_return_stamp


def return_names(units: Sequence[Unit]) -> dict[str, str]:
    """What each unit's return is called, by unit code: names that a folder can't tell apart get the code."""
    names = {unit.code: safe_file_name(unit.name) for unit in units}
    uses = Counter(name.casefold() for name in names.values())
    return {
        code: f"{name} {safe_file_name(code)}" if uses[name.casefold()] > 1 else name
        for code, name in names.items()
    }


class ReturnWriter:
    """Writes returns; shells are made once for each set of area sheets."""

    def __init__(self, round_: Round, as_of: date) -> None:
        self.round, self.as_of = round_, as_of
        self._shells: dict[tuple[str, ...], bytes] = {}

    def write(self, file: Path, unit: Unit, assessments: Sequence[Assessment]) -> None:
        """One unit's return with its records as they are."""
        plan, settings = self.round.plan, self.round.settings
        numbers = {plan.area_of[a.indicator.code].number for a in assessments}
        areas = tuple(area for area in plan.areas if area.number in numbers)
        book = FileBook(file, self.shell(tuple(area_sheet(area) for area in areas)))
        write_return_stamp(book, self.round, unit, self.as_of)
        write_guide(book, self.round, unit)
        places = write_areas(book, plan, assessments, {}, None)
        subtitle = f"{unit.name}  ·  {settings.period.label}  ·  报送截止 {settings.deadline}"
        figures = Figures("填报进度", subtitle, 0, 0)
        Overview(plan, places, assessments, figures).write(book)
        book.save_as(file)

    def shell(self, sheets: tuple[str, ...]) -> bytes:
        """The empty return with these area sheets."""
        if sheets not in self._shells:
            self._shells[sheets] = return_shell(self.round.plan, sheets)
        return self._shells[sheets]
