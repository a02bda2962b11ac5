"""distribute: one return (填报表) for every unit that has something to report."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path

from xl_fzzf.archive.ledger import Ledger
from xl_fzzf.archive.storage import make_folder
from xl_fzzf.desk.lock import only_run
from xl_fzzf.desk.master import open_master
from xl_fzzf.desk.progress import Progress, silent, watched
from xl_fzzf.desk.saving import Done, save
from xl_fzzf.desk.workspace import Workspace
from xl_fzzf.desk.writing import refresh_as_of
from xl_fzzf.model.assessment import Assessment
from xl_fzzf.model.plan import Unit
from xl_fzzf.model.round import Round
from xl_fzzf.model.run import Job
from xl_fzzf.office.book_file import FileBook
from xl_fzzf.office.naming import safe_file_name
from xl_fzzf.sheets.area import write_areas
from xl_fzzf.sheets.guide import write_guide
from xl_fzzf.sheets.overview import Figures, Overview
from xl_fzzf.sheets.shell_books import return_shell
from xl_fzzf.sheets.spec import area_sheet
from xl_fzzf.sheets.stamp import write_return_stamp


def distribute(
    path: Path,
    today: date,
    now: datetime,
    progress: Progress = silent,
    book: FileBook | None = None,
) -> list[Path]:
    """Write one return for every unit that has something to report; returns their files.

    The master's figures keep their day. `book` is the master where it is open already, in a running Excel.
    """
    workspace = Workspace.at(path)
    with only_run(workspace):
        ledger = Ledger(workspace.archive)
        master = open_master(path, book=book)
        as_of = ledger.course(str(workspace.period)).day or today
        by_unit: dict[str, list[Assessment]] = defaultdict(list)
        for assessment in refresh_as_of(master, as_of):
            by_unit[assessment.unit.code].append(assessment)
        save(master, ledger, Done(Job.DISTRIBUTE, now, as_of, master.origins))
        make_folder(workspace.outgoing)
        writer, files = ReturnWriter(master.round, today), []
        names = return_names(master.round.plan.units)
        for unit in watched(master.expected_units, progress, lambda unit: unit.name):
            files.append(workspace.outgoing / f"{names[unit.code]}.xlsx")
            writer.write(files[-1], unit, by_unit[unit.code])
        return files


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
        sheets = tuple(area_sheet(area) for area in plan.areas if area.number in numbers)
        if sheets not in self._shells:
            self._shells[sheets] = return_shell(plan, sheets)
        book = FileBook(file, self._shells[sheets])
        write_return_stamp(book, self.round, unit, self.as_of)
        write_guide(book, self.round, unit)
        places = write_areas(book, plan, assessments, {}, None)
        subtitle = f"{unit.name}  ·  {settings.period.label}  ·  报送截止 {settings.deadline}"
        Overview(plan, places, assessments, Figures("填报进度", subtitle, 0, 0)).write(book)
        book.save_as(file)
