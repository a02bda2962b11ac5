"""distribute: one return (填报表) for every unit that has something to report."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from xl_fzzf.archive.originals import fingerprint
from xl_fzzf.archive.storage import make_folder, write_whole
from xl_fzzf.desk.edited import edited_since_run
from xl_fzzf.desk.master import open_master
from xl_fzzf.desk.progress import Progress, silent, watched
from xl_fzzf.desk.saving import Done, save
from xl_fzzf.desk.signing import changing
from xl_fzzf.desk.upward import GaveWay, take_away
from xl_fzzf.desk.workspace import Workspace
from xl_fzzf.desk.writing import refresh_as_of
from xl_fzzf.model.assessment import Assessment
from xl_fzzf.model.plan import Unit
from xl_fzzf.model.round import Round
from xl_fzzf.model.run import Job, Run
from xl_fzzf.office.book_file import FileBook
from xl_fzzf.office.naming import safe_file_name
from xl_fzzf.sheets.area_writer import AreaPlace, write_areas
from xl_fzzf.sheets.guide import write_guide
from xl_fzzf.sheets.hints import hint
from xl_fzzf.sheets.overview import Figures, Overview
from xl_fzzf.sheets.readiness import Part, Told, write_readiness
from xl_fzzf.sheets.shell_books import return_shell
from xl_fzzf.sheets.spec import area_sheet
from xl_fzzf.sheets.stamp import write_return_stamp


@dataclass(frozen=True, slots=True)
class Distribution:
    """Every unit's return in the roster's order, and what became of what lay there.

    `kept` are returns that aren't as they were sent out: they stand as they are, for nobody knows what
    was filled in. `gone` are those of units that get none under this name any more; `left` are such that
    were changed, and stay. `notices` say what was edited in the driving sheets since the last run.
    """

    files: Sequence[Path]
    kept: Sequence[Path]
    gone: Sequence[GaveWay]
    left: Sequence[Path]
    notices: Sequence[str] = ()

    @property
    def written(self) -> int:
        """How many returns were written."""
        return len(self.files) - len(self.kept)


def distribute(
    path: Path,
    today: date,
    now: datetime,
    progress: Progress = silent,
    book: FileBook | None = None,
) -> Distribution:
    """Write one return for every unit that has something to report, over none that was filled in.

    The master's figures keep their day. `book` is the master where it is open already, in a running Excel.
    """
    workspace = Workspace.at(path)
    with changing(workspace) as ledger:
        master = open_master(path, book=book)
        notices = edited_since_run(master).notices
        as_of = ledger.course(str(workspace.period)).day or today
        by_unit: dict[str, list[Assessment]] = defaultdict(list)
        for assessment in refresh_as_of(master, as_of):
            by_unit[assessment.unit.code].append(assessment)
        writer, returns = ReturnWriter(master.round, today), dict[Path, bytes]()
        names = return_names(master.round.plan.units)
        for unit in watched(master.expected_units, progress, lambda unit: unit.name):
            file = workspace.outgoing / f"{names[unit.code]}.xlsx"
            returns[file] = writer.make(file, unit, by_unit[unit.code]).pack()
        outgoing = _Outgoing(workspace, ledger.runs(str(workspace.period)))
        kept = [file for file in returns if outgoing.changed(file)]
        fresh = {file: data for file, data in returns.items() if file not in kept}
        outputs = {outgoing.name(file): fingerprint(data) for file, data in fresh.items()}
        save(master, ledger, Done(Job.DISTRIBUTE, now, as_of, master.origins, outputs=outputs))
        make_folder(workspace.outgoing)
        for file, data in fresh.items():
            write_whole(file, data)
        gone, left = outgoing.clear(returns)
    return Distribution(list(returns), kept, gone, left, notices)


class _Outgoing:
    """The returns that earlier runs sent out, and how they lie there now."""

    def __init__(self, workspace: Workspace, runs: Iterable[Run]) -> None:
        self._workspace = workspace
        outputs = [run.outputs for run in runs if run.job is Job.DISTRIBUTE]
        self._names = sorted({name for each in outputs for name in each})
        self._sent = {sha256 for each in outputs for sha256 in each.values()}

    def name(self, file: Path) -> str:
        """A return as a run names it."""
        return file.relative_to(self._workspace.folder).as_posix()

    def changed(self, file: Path) -> bool:
        """Whether a file lies there that is none that was sent out."""
        return file.exists() and fingerprint(file.read_bytes()) not in self._sent

    def clear(self, current: Container[Path]) -> tuple[list[GaveWay], list[Path]]:
        """Put what was sent out and is nobody's now into the archive; what was changed is left."""
        old = [self._workspace.folder / name for name in self._names]
        old = [file for file in old if file not in current and file.is_file()]
        left = [file for file in old if self.changed(file)]
        archive = self._workspace.archive
        return [g for f in old if f not in left for g in take_away(archive, f)], left


def return_names(units: Sequence[Unit]) -> dict[str, str]:
    """What each unit's return is called, by unit code: names that a folder can't tell apart get the code."""
    names = {unit.code: safe_file_name(unit.name) for unit in units}
    uses = Counter(name.casefold() for name in names.values())
    return {
        code: f"{name} {safe_file_name(code)}" if uses[name.casefold()] > 1 else name
        for code, name in names.items()
    }


class ReturnWriter:
    """Makes returns; shells are made once for each set of area sheets."""

    def __init__(self, round_: Round, as_of: date) -> None:
        self.round, self.as_of = round_, as_of
        self._shells: dict[tuple[str, ...], bytes] = {}

    def make(self, file: Path, unit: Unit, assessments: Sequence[Assessment]) -> FileBook:
        """One unit's return with its records as they are, not written yet."""
        plan, settings = self.round.plan, self.round.settings
        numbers = {plan.area_of[a.indicator.code].number for a in assessments}
        sheets = tuple(area_sheet(area) for area in plan.areas if area.number in numbers)
        if sheets not in self._shells:
            self._shells[sheets] = return_shell(plan, sheets)
        book = FileBook(file, self._shells[sheets])
        codes = [a.indicator.code for a in assessments]
        write_return_stamp(book, self.round, unit, self.as_of, codes)
        write_guide(book, self.round, unit)
        places = write_areas(book, plan, assessments, {}, None)
        subtitle = f"{unit.name}  ·  {settings.period.label}  ·  报送截止 {settings.deadline}"
        Overview(plan, places, assessments, Figures("填报进度", subtitle, 0, 0)).write(book)
        write_readiness(book, [_part(place, assessments) for place in places.values()])
        return book


def _part(place: AreaPlace, assessments: Sequence[Assessment]) -> Part:
    own = (a for a in assessments if a.record.key in place.rows)
    told = [Told(hint(a.record, a.indicator, a.status), a.status) for a in own]
    return Part(place.sheet, place.column("hint"), place.column("status"), told)
