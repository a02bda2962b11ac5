"""next: the master of the period that follows, with the driving sheets of the last one."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

from xl_fzzf.desk.city_master import read_city_master
from xl_fzzf.desk.errors import JobError
from xl_fzzf.desk.lock import only_run
from xl_fzzf.desk.master import Master, open_master, refresh
from xl_fzzf.desk.workspace import Workspace, master_path
from xl_fzzf.model.assessment import Assessment
from xl_fzzf.model.city import City
from xl_fzzf.model.period import Period
from xl_fzzf.model.record import ENTRY_FIELDS
from xl_fzzf.model.settings import GRACE
from xl_fzzf.model.status import Status
from xl_fzzf.office.book_file import FileBook
from xl_fzzf.sheets.lists import clear_lists
from xl_fzzf.sheets.origins import write_origins
from xl_fzzf.sheets.settings import write_period
from xl_fzzf.sheets.stamp import write_stamp


def next_period(path: Path, period: Period, as_of: date) -> Workspace:
    """The next round's master: a copy with the driving sheets, emptied, last values as 上期值."""
    old = open_master(path, writing=False)
    target = _follow(old.workspace, period)
    judged = {a.record.key: a for a in old.assess(as_of)}
    for key, record in old.records.items():
        record.previous = _carried(judged[key]) if key in judged else None
        for name in ENTRY_FIELDS:
            setattr(record, name, None)
    master = _move(old, target, as_of)
    clear_lists(master.book)
    write_origins(master.book, {}, old.origins)
    refresh(master, master.assess(as_of), as_of, 0, {})
    target.create()
    master.book.save_as(target.master)
    return target


def _carried(assessment: Assessment) -> str | float | None:
    """A record's value as the next period shows it beside the new one; a doubtful one is not."""
    if assessment.status in (Status.INVALID, Status.MISSING):
        return None
    if assessment.judgement.value is not None:
        return assessment.judgement.value
    return assessment.shown_value or None


def next_city(path: Path, period: Period, as_of: date) -> Workspace:
    """The next period's master of a city: a copy with the driving sheets, lists and figures emptied."""
    from xl_fzzf.sheets.city.master import write_city

    workspace = Workspace.at(path)
    with only_run(workspace):
        old = read_city_master(workspace, FileBook.open(path))
        target = _follow(workspace, period)
        master = _move(old, target, as_of)
        write_city(master.book, City(master.round, as_of, (), ()), (), ())
        target.create(distributing=False)
        master.book.save_as(target.master)
    return target


def _follow(workspace: Workspace, period: Period) -> Workspace:
    """The workspace of a later period; raises JobError where it is not later, or made already."""
    if period.end <= workspace.period.end:
        raise JobError(f"新报告期 {period} 不在 {workspace.period} 之后,请核对 --period")
    target = Workspace(master_path(workspace.folder, period), period)
    if target.master.exists():
        raise JobError(f"“{target.master.name}”已经有了,没有改动")
    return target


def _move(old: Master, target: Workspace, as_of: date) -> Master:
    """A master taken to another period, which its driving sheets and its stamp say."""
    period = target.period
    settings = replace(old.round.settings, period=period, deadline=period.end + GRACE)
    write_period(old.book, settings)
    write_stamp(old.book, {"period": str(period), "created": as_of})
    return replace(old, workspace=target, round=replace(old.round, settings=settings))
