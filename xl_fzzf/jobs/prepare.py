"""init, next and distribute: what happens before units fill in their returns."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

from xl_fzzf.archive.ledger import Ledger
from xl_fzzf.archive.storage import make_folder
from xl_fzzf.desk.errors import JobError
from xl_fzzf.desk.lock import only_run
from xl_fzzf.desk.master import Master, open_master, refresh, reported_units, write_areas
from xl_fzzf.desk.progress import Progress, silent, watched
from xl_fzzf.desk.saving import Done, save
from xl_fzzf.desk.workspace import Workspace, master_path
from xl_fzzf.model.assessment import Assessment
from xl_fzzf.model.period import Period
from xl_fzzf.model.plan import Plan, Unit
from xl_fzzf.model.record import ENTRY_FIELDS, Record
from xl_fzzf.model.responsibility import assign
from xl_fzzf.model.round import Round
from xl_fzzf.model.run import Job
from xl_fzzf.model.settings import GRACE, Settings
from xl_fzzf.model.status import Status
from xl_fzzf.office.book import Formula, Value
from xl_fzzf.office.book_file import FileBook
from xl_fzzf.office.naming import safe_file_name
from xl_fzzf.rules import setting_rows
from xl_fzzf.sheets import spec as layout
from xl_fzzf.sheets.driving import write_driving
from xl_fzzf.sheets.guide import write_guide
from xl_fzzf.sheets.lists import LIST_COLUMNS, write_list
from xl_fzzf.sheets.origins import write_origins
from xl_fzzf.sheets.overview import Figures, Overview
from xl_fzzf.sheets.settings import write_period
from xl_fzzf.sheets.shell_books import master_shell, return_shell
from xl_fzzf.sheets.spec import area_sheet
from xl_fzzf.sheets.stamp import write_stamp

_DAY_ZERO = date(1899, 12, 30)


def init(folder: Path, plan: Plan, period: Period, as_of: date) -> Workspace:
    """Make a workspace with an empty master; raises JobError where there is one already."""
    workspace = Workspace(master_path(folder, period), period)
    if workspace.master.exists():
        raise JobError(f"“{workspace.master}”已经有了,没有改动。要重新开始,请换一个文件夹")
    workspace.create()
    create_master(workspace, plan, as_of).book.save_as(workspace.master)
    return workspace


def create_master(workspace: Workspace, plan: Plan, as_of: date) -> Master:
    """An empty master for a plan, not saved yet."""
    settings = Settings(workspace.period, workspace.period.end + GRACE)
    round_ = Round(plan, assign(plan), settings)
    book = FileBook(workspace.master, master_shell(plan))
    stamp: dict[str, Value] = {
        "kind": layout.MASTER,
        "plan": plan.name,
        "version": layout.VERSION,
        "period": str(workspace.period),
        "created": as_of,
    }
    write_stamp(book, stamp)
    write_driving(book, round_, setting_rows())
    master = Master(workspace, book, round_, {})
    master.records = {key: Record(*key) for key in master.expected}
    refresh(master, master.assess(as_of), as_of, 0, {})
    return master


def next_period(path: Path, period: Period, as_of: date) -> Workspace:
    """The next round's master: a copy with the driving sheets, emptied, last values as 上期值."""
    old = open_master(path, writing=False)
    if period.end <= old.workspace.period.end:
        raise JobError(f"新报告期 {period} 不在 {old.workspace.period} 之后,请核对 --period")
    target = Workspace(master_path(path.parent, period), period)
    if target.master.exists():
        raise JobError(f"“{target.master.name}”已经有了,没有改动")
    target.create()
    settings = replace(old.round.settings, period=period, deadline=period.end + GRACE)
    judged = {a.record.key: a for a in old.assess(as_of)}
    for key, record in old.records.items():
        record.previous = _carried(judged[key]) if key in judged else None
        for name in ENTRY_FIELDS:
            setattr(record, name, None)
    master = replace(old, workspace=target, round=replace(old.round, settings=settings))
    write_period(master.book, settings)
    write_stamp(master.book, {"period": str(period), "created": as_of})
    for sheet in LIST_COLUMNS:
        write_list(master.book, sheet, [])
    write_origins(master.book, {}, old.origins)
    refresh(master, master.assess(as_of), as_of, 0, {})
    master.book.save_as(target.master)
    return target


def _carried(assessment: Assessment) -> str | float | None:
    """A record's value as the next period shows it beside the new one; a doubtful one is not."""
    if assessment.status in (Status.INVALID, Status.MISSING):
        return None
    if assessment.judgement.value is not None:
        return assessment.judgement.value
    return assessment.shown_value or None


def distribute(
    path: Path,
    as_of: date,
    now: datetime,
    progress: Progress = silent,
    book: FileBook | None = None,
) -> list[Path]:
    """Write one return for every unit that has something to report; returns their files.

    `book` is the master where it is open already, in a running Excel.
    """
    workspace = Workspace.at(path)
    with only_run(workspace):
        ledger = Ledger(workspace.archive)
        return _distribute(open_master(path, book=book), ledger, as_of, now, progress)


def _distribute(
    master: Master, ledger: Ledger, as_of: date, now: datetime, progress: Progress
) -> list[Path]:
    assessments = refresh_as_of(master, as_of)
    save(master, ledger, Done(Job.DISTRIBUTE, now, as_of, master.origins))
    make_folder(master.workspace.outgoing)
    by_unit: dict[str, list[Assessment]] = {}
    for assessment in assessments:
        by_unit.setdefault(assessment.unit.code, []).append(assessment)
    files = []
    writer = ReturnWriter(master.round, as_of)
    names = return_names(master.round.plan.units)
    for unit in watched(master.expected_units, progress, lambda unit: unit.name):
        file = master.workspace.outgoing / f"{names[unit.code]}.xlsx"
        writer.write(file, unit, by_unit[unit.code])
        files.append(file)
    return files


def return_names(units: Sequence[Unit]) -> dict[str, str]:
    """What each unit's return is called, by unit code: names that a folder can't tell apart get the code."""
    names = {unit.code: safe_file_name(unit.name) for unit in units}
    uses = Counter(name.casefold() for name in names.values())
    return {
        code: f"{name} {safe_file_name(code)}" if uses[name.casefold()] > 1 else name
        for code, name in names.items()
    }


def refresh_as_of(master: Master, as_of: date) -> list[Assessment]:
    """Judge a master's records as of a date and write what follows; 校验提示 stays."""
    assessments = master.assess(as_of)
    reported = len(reported_units(master.records.values()))
    refresh(master, assessments, as_of, reported, _hints(master))
    return assessments


def _hints(master: Master) -> dict[tuple[str, str], str]:
    """校验提示 as it stands, so that a refresh keeps it."""
    hints: dict[tuple[str, str], str] = {}
    for content in master.contents.values():
        hints.update({r.record.key: r.hint for r in content.rows if r.hint})
    return hints


class ReturnWriter:
    """Writes returns; shells are made once for each set of area sheets."""

    def __init__(self, round_: Round, as_of: date) -> None:
        self.round, self.as_of = round_, as_of
        self._shells: dict[tuple[str, ...], bytes] = {}

    def write(self, file: Path, unit: Unit, assessments: list[Assessment]) -> None:
        """One unit's return with its records as they are."""
        plan, settings = self.round.plan, self.round.settings
        numbers = {plan.area_of[a.indicator.code].number for a in assessments}
        areas = tuple(area for area in plan.areas if area.number in numbers)
        book = FileBook(file, self.shell(tuple(area_sheet(area) for area in areas)))
        write_stamp(
            book,
            {
                "kind": layout.RETURN,
                "plan": plan.name,
                "version": layout.VERSION,
                "period": str(settings.period),
                "unit": unit.code,
                "created": self.as_of,
                "as_of": Formula("TODAY()", (self.as_of - _DAY_ZERO).days),
                "deadline": settings.deadline,
            },
        )
        write_guide(book, self.round, unit)
        places = write_areas(book, self.round, assessments, {}, None)
        subtitle = f"{unit.name}  ·  {settings.period.label}  ·  报送截止 {settings.deadline}"
        figures = Figures("填报进度", subtitle, 0, 0)
        Overview(plan, places, assessments, figures).write(book)
        book.save_as(file)

    def shell(self, sheets: tuple[str, ...]) -> bytes:
        """The empty return with these area sheets."""
        if sheets not in self._shells:
            self._shells[sheets] = return_shell(self.round.plan, sheets)
        return self._shells[sheets]
