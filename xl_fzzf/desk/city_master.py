"""The city's master as jobs see it: made, opened, and taken to the next period."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

from xl_fzzf.archive.storage import make_folder
from xl_fzzf.desk.errors import JobError
from xl_fzzf.desk.lock import only_run
from xl_fzzf.desk.master import Master, read_own_round
from xl_fzzf.desk.workspace import Workspace, master_path
from xl_fzzf.model.city import City, build_city_plan
from xl_fzzf.model.period import Period
from xl_fzzf.model.plan import Plan
from xl_fzzf.model.round import Round
from xl_fzzf.model.settings import GRACE, Settings
from xl_fzzf.office.book import Book, Value
from xl_fzzf.office.book_file import FileBook
from xl_fzzf.rules import SUBMISSION_RULES, setting_rows
from xl_fzzf.sheets import spec as layout
from xl_fzzf.sheets.driving import write_driving
from xl_fzzf.sheets.settings import write_period
from xl_fzzf.sheets.stamp import read_stamp, write_stamp


def init_city(
    folder: Path, plan: Plan, city: str, districts: Sequence[str], period: Period, as_of: date
) -> Workspace:
    """Make a city's workspace with an empty master; raises JobError where there is one already."""
    from xl_fzzf.sheets.city.master import city_shell

    workspace = Workspace(master_path(folder, period), period)
    if workspace.master.exists():
        raise JobError(f"“{workspace.master}”已经有了,没有改动。要重新开始,请换一个文件夹")
    if not districts or len(set(districts)) < len(districts):
        raise JobError("区县没有写,或写重了。例:--districts 嘉陵区,顺庆区,高坪区")
    own = build_city_plan(plan, city, districts)
    round_ = Round(own, {}, Settings(period, period.end + GRACE))
    book = FileBook(workspace.master, city_shell(own))
    stamp: dict[str, Value] = {
        "kind": layout.CITY,
        "plan": own.name,
        "version": layout.VERSION,
        "period": str(period),
        "unit": city,
        "created": as_of,
    }
    write_stamp(book, stamp)
    write_driving(book, round_, [row for row in setting_rows() if row[0] in SUBMISSION_RULES])
    _save_new(workspace, book)
    return workspace


def next_city(path: Path, period: Period, as_of: date) -> Workspace:
    """The next period's master: a copy with the driving sheets, its lists and figures emptied."""
    from xl_fzzf.sheets.city.master import write_city

    workspace = Workspace.at(path)
    with only_run(workspace):
        old = read_city_master(workspace, FileBook.open(path))
        if period.end <= workspace.period.end:
            raise JobError(f"新报告期 {period} 不在 {workspace.period} 之后,请核对 --period")
        target = Workspace(master_path(path.parent, period), period)
        if target.master.exists():
            raise JobError(f"“{target.master.name}”已经有了,没有改动")
        settings = replace(old.round.settings, period=period, deadline=period.end + GRACE)
        write_period(old.book, settings)
        write_stamp(old.book, {"period": str(period), "created": as_of})
        write_city(old.book, City(replace(old.round, settings=settings), as_of, (), ()), (), ())
        _save_new(target, old.book)
    return target


def _save_new(workspace: Workspace, book: FileBook) -> None:
    for place in (workspace.incoming, workspace.upward, workspace.archive):
        make_folder(place)
    book.save_as(workspace.master)


def is_city(path: Path) -> bool:
    """Whether a master is a city's; BookError where the file can't be read."""
    return is_city_book(FileBook.open(path))


def is_city_book(book: Book) -> bool:
    """Whether an open workbook is a city's master."""
    if layout.ASSIGNMENTS in book.sheet_names or layout.STAMP not in book.sheet_names:
        return False
    return read_stamp(book.read(layout.STAMP)).get("kind") == layout.CITY


def read_city_master(workspace: Workspace, book: FileBook) -> Master:
    """Read an open workbook as a city's master; raises JobError, PlanError or BookError."""
    stamp = read_stamp(book.read(layout.STAMP))
    round_ = read_own_round(workspace, book, stamp, assigned=False)
    return Master(workspace, book, round_, stamp)
