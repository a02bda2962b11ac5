"""next: the following period's master, with the sheets that drive the round as they are."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

from xl_fzzf.desk.errors import JobError
from xl_fzzf.desk.level import LEVELS
from xl_fzzf.desk.lock import only_run
from xl_fzzf.desk.master import Master, open_master
from xl_fzzf.desk.outcome import Brought
from xl_fzzf.desk.workspace import Workspace, master_path
from xl_fzzf.desk.writing import write_lists
from xl_fzzf.model.assessment import Assessment
from xl_fzzf.model.period import Period
from xl_fzzf.model.record import ENTRY_FIELDS
from xl_fzzf.model.status import Status
from xl_fzzf.sheets.origins import write_origins
from xl_fzzf.sheets.settings_sheet import write_period
from xl_fzzf.sheets.stamp import write_stamp


def next_period(path: Path, period: Period, as_of: date) -> Workspace:
    """The next round's master: a copy with the driving sheets, emptied, last values as 上期值."""
    workspace = Workspace.at(path)
    with only_run(workspace):
        old = open_master(path, writing=False, kinds=LEVELS)
        if period.end <= workspace.period.end:
            raise JobError(f"新报告期 {period} 不在 {workspace.period} 之后，请核对 --period")
        target = Workspace(master_path(path.parent, period), period)
        if target.master.exists():
            raise JobError(f"“{target.master.name}”已经有了，没有改动")
        level = LEVELS[old.kind]
        target.create(distributing=level.records)
        _carry_over(old, as_of)
        settings = replace(old.round.settings, period=period, deadline=period.deadline)
        master = replace(old, workspace=target, round=replace(old.round, settings=settings))
        write_period(master.book, settings)
        write_stamp(master.book, {"period": str(period), "created": as_of})
        nothing = Brought(master.assess(as_of), as_of)
        level.write(master, nothing)
        write_lists(master, nothing)
        write_origins(master.book, {}, master.origins)
        master.book.save_as(target.master)
    return target


def _carry_over(master: Master, as_of: date) -> None:
    """Empty the records; what they came to stands beside."""
    judged = {a.record.key: a for a in master.assess(as_of)}
    for key, record in master.records.items():
        record.previous = _carried(judged[key]) if key in judged else None
        for name in ENTRY_FIELDS:
            setattr(record, name, None)


def _carried(assessment: Assessment) -> str | float | None:
    """A record's value as the next period shows it beside the new one; a doubtful one is not."""
    if assessment.status in (Status.INVALID, Status.MISSING):
        return None
    if assessment.judgement.value is not None:
        return assessment.judgement.value
    return assessment.shown_value or None
