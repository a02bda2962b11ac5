"""restore: the runs of a period, and its master as a run left or found it; undo does the last one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path

from xl_fzzf.archive.driving import find_last
from xl_fzzf.archive.ledger import Ledger
from xl_fzzf.archive.originals import find_state, fingerprint
from xl_fzzf.desk.edited import edited_since_run
from xl_fzzf.desk.errors import JobError
from xl_fzzf.desk.holding import refuse_if_open
from xl_fzzf.desk.level import LEVELS
from xl_fzzf.desk.lock import only_run
from xl_fzzf.desk.master import read_master
from xl_fzzf.desk.saving import Done, bring_back
from xl_fzzf.desk.signing import bring_outputs_back, find_kept, refuse_signed
from xl_fzzf.desk.workspace import Workspace
from xl_fzzf.model.run import Job, Run
from xl_fzzf.office.book_file import FileBook
from xl_fzzf.sheets.stamp import write_mark


@dataclass(frozen=True, slots=True)
class Runs:
    """The runs of a master's period, the first one first, and how many records each changed.

    `kept` are the archive's copies of what each run approved, by its name in the workspace.
    """

    master: Path
    period: str
    runs: Sequence[Run]
    changes: Mapping[int, int]
    kept: Mapping[int, Mapping[str, Path]]
    notices: Sequence[str]


@dataclass(frozen=True, slots=True)
class Restoration:
    """A master that was brought back to how a run left it, or found it."""

    master: Path
    run: Run
    before: bool
    notices: Sequence[str]


def read_runs(path: Path) -> Runs:
    """The runs of a master's period."""
    workspace = Workspace.at(path)
    period = str(workspace.period)
    ledger = Ledger(workspace.archive)
    course = ledger.course(period)
    kept = {run.number: find_kept(workspace, run) for run in course.approvals}
    return Runs(path, period, course.runs, ledger.changes(period), kept, ledger.notices)


def restore(path: Path, number: int, before: bool, today: date, now: datetime) -> Restoration:
    """Bring a master back to the state after a run, or before it; what stands there is kept first.

    In an approved round only what was approved comes back, the summary and its PDF as well.
    Raises JobError where there is no such state, and leaves the master as it is.
    """
    workspace = Workspace.at(path)
    with only_run(workspace):
        ledger = Ledger(workspace.archive)
        course = ledger.course(str(workspace.period))
        run = _find_run(course.runs, number)
        signed = run == course.approval and not before
        if not signed:
            refuse_signed(workspace, ledger)
        refuse_if_open(path)
        state = f"第 {number} 次运行{'之前' if before else '之后'}"
        copy = find_state(workspace.archive, path, run.before if before else run.after)
        if copy is None:
            raise JobError(
                f"“档案/备份”里没有{state}的台账，或者那份备份已被改动，不能恢复（台账没有改动）"
            )
        data = copy.read_bytes()
        master = read_master(workspace, FileBook(path, data), LEVELS)
        last = find_last(workspace.archive, str(workspace.period))
        notices = edited_since_run(replace(master, last=last)).notices
        known = ledger.latest(str(workspace.period), number - before)
        if not signed and master.stamp.get("signed"):
            write_mark(master.book, "")  # the round is open
            data = master.book.pack()
        as_of = course.until(number - before).day or today
        done = Done(Job.RESTORE, now, as_of, master.origins, note=f"恢复到{state}", known=known)
        bring_back(master, ledger, data, done)
        brought = bring_outputs_back(workspace, run) if signed else []
        return Restoration(path, run, before, [*ledger.notices, *notices, *brought])


def undo(path: Path, today: date, now: datetime) -> Restoration:
    """Restore the state before the last consolidation that is not undone yet; raises JobError."""
    standing = fingerprint(path.read_bytes())
    runs = [run for run in read_runs(path).runs if run.job is Job.CONSOLIDATE]
    consolidated = [run for run in runs if run.before not in ("", run.after)]
    befores = [run.before for run in consolidated]
    undone = befores.index(standing) if standing in befores else len(befores)
    if not undone:
        raise JobError(
            "这一期没有可以撤销的汇总。其他各次运行前后的台账，用 fzzf restore 查看和恢复"
        )
    return restore(path, consolidated[undone - 1].number, True, today, now)


def _find_run(runs: Sequence[Run], number: int) -> Run:
    if run := next((run for run in runs if run.number == number), None):
        return run
    numbers = "、".join(str(run.number) for run in runs)
    known = f"这一期的运行编号有：{numbers}" if numbers else "这一期还没有运行记录"
    raise JobError(f"没有第 {number} 次运行。{known}（用 fzzf restore 查看）")
