"""init: a workspace with an empty master, a district's or a city's."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from xl_fzzf.desk.errors import JobError
from xl_fzzf.desk.master import Master, refresh
from xl_fzzf.desk.workspace import Workspace, master_path
from xl_fzzf.model.city import build_city_plan
from xl_fzzf.model.period import Period
from xl_fzzf.model.plan import Plan
from xl_fzzf.model.record import Record
from xl_fzzf.model.responsibility import assign
from xl_fzzf.model.round import Round
from xl_fzzf.model.settings import GRACE, Settings
from xl_fzzf.office.book_file import FileBook
from xl_fzzf.rules import SUBMISSION_RULES, setting_rows
from xl_fzzf.sheets.driving import write_driving
from xl_fzzf.sheets.shell_books import master_shell
from xl_fzzf.sheets.spec import CITY, MASTER
from xl_fzzf.sheets.stamp import write_new_stamp


def init(folder: Path, plan: Plan, period: Period, as_of: date) -> Workspace:
    """Make a workspace with an empty master; raises JobError where there is one already."""
    workspace = _new_workspace(folder, period)
    master = create_master(workspace, plan, as_of)
    workspace.create()
    master.book.save_as(workspace.master)
    return workspace


def create_master(workspace: Workspace, plan: Plan, as_of: date) -> Master:
    """An empty master for a plan, not saved yet."""
    period = workspace.period
    round_ = Round(plan, assign(plan), Settings(period, period.end + GRACE))
    book = FileBook(workspace.master, master_shell(plan))
    write_new_stamp(book, MASTER, round_, as_of)
    write_driving(book, round_, setting_rows())
    master = Master(workspace, book, round_, {})
    master.records = {key: Record(*key) for key in master.expected}
    refresh(master, master.assess(as_of), as_of, 0, {})
    return master


def init_city(
    folder: Path, plan: Plan, city: str, districts: Sequence[str], period: Period, as_of: date
) -> Workspace:
    """Make a city's workspace with an empty master; raises JobError where there is one already."""
    from xl_fzzf.sheets.city.master import city_shell

    workspace = _new_workspace(folder, period)
    if not districts or len(set(districts)) < len(districts):
        raise JobError("区县没有写,或写重了。例:--districts 嘉陵区,顺庆区,高坪区")
    own = build_city_plan(plan, city, districts)
    round_ = Round(own, {}, Settings(period, period.end + GRACE))
    book = FileBook(workspace.master, city_shell(own))
    write_new_stamp(book, CITY, round_, as_of, unit=city)
    write_driving(book, round_, [row for row in setting_rows() if row[0] in SUBMISSION_RULES])
    workspace.create(distributing=False)
    book.save_as(workspace.master)
    return workspace


def _new_workspace(folder: Path, period: Period) -> Workspace:
    workspace = Workspace(master_path(folder, period), period)
    if workspace.master.exists():
        raise JobError(f"“{workspace.master}”已经有了,没有改动。要重新开始,请换一个文件夹")
    return workspace
