"""next: the following period's master, with the sheets that drive the round moved on where the year is new."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path

from xl_fzzf.archive.driving import keep_beginning
from xl_fzzf.archive.ledger import Ledger
from xl_fzzf.archive.originals import fingerprint
from xl_fzzf.desk.edited import edited_since_consolidation
from xl_fzzf.desk.errors import JobError
from xl_fzzf.desk.holding import refuse_if_open
from xl_fzzf.desk.level import LEVELS
from xl_fzzf.desk.lock import only_run
from xl_fzzf.desk.master import Master, open_master
from xl_fzzf.desk.outcome import Brought
from xl_fzzf.desk.upward import GaveWay, take_away
from xl_fzzf.desk.workspace import Workspace, find_masters, master_path
from xl_fzzf.desk.writing import write_lists
from xl_fzzf.model.assessment import Assessment
from xl_fzzf.model.period import Period
from xl_fzzf.model.record import ENTRY_FIELDS, Key
from xl_fzzf.model.run import Contents, Job, Run
from xl_fzzf.model.status import Status
from xl_fzzf.sheets.new_year import Moved, find_dated, find_moved, write_moved
from xl_fzzf.sheets.origins import Origin, write_origins
from xl_fzzf.sheets.round_reader import read_round
from xl_fzzf.sheets.settings_sheet import write_period
from xl_fzzf.sheets.stamp import write_stamp

_LAST_YEAR = "denominator"
_NOTHING_DONE = frozenset({Job.DISTRIBUTE, Job.MARK, Job.WITHDRAW})
"""Runs after which a period can still be taken back."""


@dataclass(frozen=True, slots=True)
class Opening:
    """What opening a period will change, beside emptying the records.

    In a new year `moved` are the cells of the driving sheets that move on with it, `dated` the tasks and
    indicators whose words name the old one, `last_year` the final values that become last year's, or
    none where the period before did not end its year (`final`). `notices` say what was edited since the
    period before was last consolidated, and goes on.
    """

    before: Period
    period: Period
    moved: Sequence[Moved] = ()
    dated: Sequence[str] = ()
    last_year: Sequence[tuple[str, str, float]] = ()
    final: bool = True
    notices: Sequence[str] = ()

    @property
    def new_year(self) -> bool:
        """Whether the period is of another year."""
        return self.period.year != self.before.year


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """A period that was taken back: the master and its returns, where they are kept, and the run."""

    gone: Sequence[GaveWay]
    run: int


def propose(path: Path, period: Period | None, as_of: date, skip: bool = False) -> Opening:
    """What `next_period` would do, for people to look at; by default the period that follows.

    Raises JobError where the period does not follow, unless one may be skipped, or is there already.
    """
    before = Workspace.at(path).period
    period = period or before.following
    _refuse(path, before, period, skip)
    return _look(open_master(path, writing=False, kinds=LEVELS), period, as_of)


def next_period(path: Path, period: Period, as_of: date, skip: bool = False) -> Workspace:
    """The next round's master: a copy with the driving sheets, emptied, last values as 上期值.

    In a new year the driving sheets move on with it, and the old year's final values become 分母 where
    that is last year's value. Raises JobError as `propose` does.
    """
    workspace = Workspace.at(path)
    with only_run(workspace):
        _refuse(path, workspace.period, period, skip)
        old = open_master(path, writing=False, kinds=LEVELS)
        opening, level = _look(old, period, as_of), LEVELS[old.kind]
        target = Workspace(master_path(path.parent, period), period)
        target.create(distributing=level.records)
        carried = _carry_over(old, opening, as_of)
        write_moved(old.book, list(opening.moved))
        settings = replace(old.round.settings, period=period, deadline=period.deadline)
        write_period(old.book, settings)
        stood = old.last.driven if old.last else {}
        round_ = read_round(old.book, target.master.name, level.records, stood)
        master = replace(old, workspace=target, round=round_)
        write_stamp(master.book, {"period": str(period), "created": as_of})
        nothing = Brought(master.assess(as_of), as_of)
        level.write(master, nothing)
        write_lists(master, nothing)
        write_origins(master.book, carried, master.origins)
        master.book.save_as(target.master)
        keep_beginning(target.archive, str(period), master.driven)
    return target


def withdraw(path: Path, now: datetime) -> Withdrawal:
    """Take back a period that was opened by mistake: its master and its returns go into the archive.

    Raises JobError where it is the only one, or something was received or consolidated for it. The run
    is recorded, so that `restore` can bring the master back.
    """
    workspace = Workspace.at(path)
    with only_run(workspace):
        refuse_if_open(path)
        ledger = Ledger(workspace.archive)
        _refuse_withdrawal(workspace, ledger)
        stood = fingerprint(path.read_bytes())
        files = sorted(workspace.outgoing.glob("*")) if workspace.outgoing.is_dir() else []
        gone = [each for file in (path, *files) for each in take_away(workspace.archive, file)]
        for folder in (workspace.outgoing, workspace.incoming, workspace.upward):
            if folder.is_dir() and not any(folder.iterdir()):
                folder.rmdir()
        period, number = str(workspace.period), ledger.next_number
        run = Run(number, period, Job.WITHDRAW, now, now.date(), before=stood, after="")
        ledger.write_run(run, Contents())
    return Withdrawal(gone, number)


def _refuse(path: Path, before: Period, period: Period, skip: bool) -> None:
    if period.end <= before.end:
        raise JobError(
            f"新报告期 {period} 不在 {before} 之后，请核对 --period；"
            f"{before} 是建错了的，先撤销它：fzzf next --undo"
        )
    if period != before.following and not skip:
        raise JobError(
            f"{before} 的下一期是 {before.following}，不是 {period}，请核对 --period；"
            "确要跳过中间的报告期，或者改用另一种报告期（例如季度改半年），请加 --skip"
        )
    if (target := master_path(path.parent, period)).exists():
        raise JobError(f"“{target.name}”已经有了，没有改动")


def _refuse_withdrawal(workspace: Workspace, ledger: Ledger) -> None:
    period = workspace.period
    if [*find_masters(workspace.folder)] == [workspace.master]:
        raise JobError(f"{period} 是唯一的一期，不能撤销（没有改动）")
    if any(run.job not in _NOTHING_DONE for run in ledger.runs(str(period))):
        raise JobError(
            f"{period} 已经汇总过，不能撤销（没有改动）。各次运行用 fzzf restore 查看和恢复"
        )
    incoming = workspace.incoming
    received = [path for path in incoming.rglob("*") if path.is_file()]
    if received:
        raise JobError(
            f"“{incoming}”里已经有 {len(received)} 个文件，不能撤销 {period}（没有改动）。"
            "请先把它们移到应放的报告期"
        )


def _look(old: Master, period: Period, as_of: date) -> Opening:
    before = old.workspace.period
    notices = [*edited_since_consolidation(old).notices, *_say_unsigned(old.workspace)]
    if period.year == before.year:
        return Opening(before, period, notices=notices)
    final = before.ends_year and before.year == period.year - 1
    names = {unit.code: unit.name for unit in old.round.plan.units}
    values = _last_year(old, as_of) if final else {}
    return Opening(
        before,
        period,
        tuple(find_moved(old.book, before.year, period.year)),
        tuple(find_dated(old.book, before.year)),
        tuple((names[unit], code, value) for (unit, code), value in values.items()),
        final,
        notices,
    )


def _say_unsigned(workspace: Workspace) -> list[str]:
    """That a period was consolidated but is not approved: it can still be, later."""
    course = Ledger(workspace.archive).course(str(workspace.period))
    if course.day is None or course.approval:
        return []
    return [f"{workspace.period.label}{course.words}，还没有定稿；建立下一期以后也可以定稿"]


def _last_year(old: Master, as_of: date) -> Mapping[Key, float]:
    """The values of records that the next year's are compared with."""
    return {
        a.record.key: a.judgement.value
        for a in old.assess(as_of)
        if a.indicator.kind.has_last_year and a.judgement.value is not None
    }


def _carry_over(master: Master, opening: Opening, as_of: date) -> dict[Key, Origin]:
    """Empty the records; what they came to stands beside, and in a new year as last year's value."""
    judged = {a.record.key: a for a in master.assess(as_of)}
    values = _last_year(master, as_of) if opening.new_year and opening.final else {}
    carried = {}
    for key, record in master.records.items():
        record.previous = _carried(judged[key]) if key in judged else None
        for name in ENTRY_FIELDS:
            setattr(record, name, None)
        if key in values:
            record.denominator = values[key]
            entries = tuple(values[key] if n == _LAST_YEAR else None for n in ENTRY_FIELDS)
            carried[key] = Origin(master.workspace.master.name, "", 0, entries)
    return carried


def _carried(assessment: Assessment) -> str | float | None:
    """A record's value as the next period shows it beside the new one; a doubtful one is not."""
    if assessment.status in (Status.INVALID, Status.MISSING):
        return None
    if assessment.judgement.value is not None:
        return assessment.judgement.value
    return assessment.shown_value or None
