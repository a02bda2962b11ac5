"""init: a workspace and the first period's master, empty."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from xl_fzzf.archive.driving import keep_beginning
from xl_fzzf.desk.errors import JobError
from xl_fzzf.desk.level import DISTRICT, Level
from xl_fzzf.desk.master import Master
from xl_fzzf.desk.workspace import Workspace, master_path
from xl_fzzf.desk.writing import refresh
from xl_fzzf.model.city import districts_of
from xl_fzzf.model.period import Period
from xl_fzzf.model.plan import Plan
from xl_fzzf.model.record import Record
from xl_fzzf.model.responsibility import assign
from xl_fzzf.model.round import Round
from xl_fzzf.model.settings import Settings
from xl_fzzf.office.book_file import FileBook
from xl_fzzf.rules import setting_rows
from xl_fzzf.sheets.driven import drive
from xl_fzzf.sheets.driving import write_driving
from xl_fzzf.sheets.stamp import write_new_stamp


def init(
    folder: Path, plan: Plan, period: Period, as_of: date, level: Level = DISTRICT
) -> Workspace:
    """Make a workspace with an empty master; raises JobError where there is one already."""
    workspace = Workspace(master_path(folder, period), period)
    if workspace.master.exists():
        raise JobError(f"“{workspace.master}”已经有了，没有改动。要重新开始，请换一个文件夹")
    districts = [unit.name for unit in districts_of(plan)]
    if not level.records and len(districts) != len(set(districts) or "?"):
        raise JobError("区县没有写，或写重了。例：--districts 甲县，乙县，丙市")
    workspace.create(distributing=level.records)
    master = create_master(workspace, plan, as_of, level)
    master.book.save_as(workspace.master)
    keep_beginning(workspace.archive, str(period), drive(master.round, city=not level.records))
    return workspace


def create_master(workspace: Workspace, plan: Plan, as_of: date, level: Level = DISTRICT) -> Master:
    """An empty master for a plan, not saved yet."""
    rules = [row for row in setting_rows() if row[0] in level.listed]
    severities = {code: severity for code, severity, _ in rules}
    settings = Settings(workspace.period, workspace.period.deadline, severities=severities)
    round_ = Round(plan, assign(plan) if level.records else {}, settings)
    book = FileBook(workspace.master, level.shell(plan))
    write_new_stamp(book, level.kind, round_, as_of, None if level.records else plan.district)
    write_driving(book, round_, rules)
    master = Master(workspace, book, round_, {})
    if level.records:
        master.records = {key: Record(*key) for key in master.expected}
        refresh(master, master.assess(as_of), as_of, 0, {})
    return master
