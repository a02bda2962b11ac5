"""report: the summary workbook that says upward where a round stands."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from pathlib import Path

from xl_fzzf.archive.journal import RUNS, find_head
from xl_fzzf.archive.ledger import Ledger
from xl_fzzf.archive.originals import fingerprint
from xl_fzzf.desk.edited import say_edited_since_beginning
from xl_fzzf.desk.editions import corrected
from xl_fzzf.desk.master import open_master
from xl_fzzf.desk.past import read_past
from xl_fzzf.desk.printing import Printed, Printer, write_summary
from xl_fzzf.desk.signing import changing, say_waiting
from xl_fzzf.desk.workspace import Workspace
from xl_fzzf.jobs.status import say_kept, stand
from xl_fzzf.model.edition import Edition
from xl_fzzf.model.round import Standing
from xl_fzzf.sheets.imprint import shown_imprint

_MOST_PERIODS = 3
"""As many earlier periods stand beside the present one."""


@dataclass(frozen=True, slots=True)
class Report:
    """A summary workbook that was written, its PDF if one was asked for, and what it says."""

    summary: Path
    printed: Printed
    standing: Standing

    @property
    def imprint(self) -> str:
        """The summary's imprint, as it stands on its cover."""
        return shown_imprint(self.summary.read_bytes())


def report(path: Path, as_of: date, today: date, printer: Printer | None = None) -> Report:
    """Write the summary workbook into 上报, and with a printer its PDF; a draft until it is approved.

    Raises JobError where the round is approved.
    """
    workspace = Workspace.at(path)
    with changing(workspace) as ledger:
        edition = ledger.course(str(workspace.period)).edition
        return write_edition(path, edition, as_of, today, printer)


def write_edition(
    path: Path, edition: Edition, as_of: date, today: date, printer: Printer | None
) -> Report:
    """Write an edition of the summary of a master, whose workspace is held; raises as `report` does."""
    from xl_fzzf.sheets.summary import build_summary

    master = open_master(path, writing=False)
    standing = stand(master, as_of)
    past = read_past(master, _MOST_PERIODS)
    kept = (
        f"{period} 的台账读不到，按档案里最后一次汇总的记录和本期的方案计算"
        for period in sorted(past.kept, key=str)
    )
    standing = replace(
        standing,
        history=past.periods,
        notices=(
            *say_kept(standing.files),
            *past.notices,
            *say_waiting(master.workspace, Ledger(master.workspace.archive)),
            *kept,
        ),
        edited=say_edited_since_beginning(master),
        master=path.name,
        sha256=fingerprint(path.read_bytes()),
        run=str(find_head(master.workspace.archive, RUNS)),
    )
    standing = replace(standing, edition=corrected(master.workspace, edition, standing))
    title, build = master.round.plan.summary_name, partial(build_summary, standing, today)
    summary, printed = write_summary(master.workspace, title, build, printer)
    return Report(summary, printed, standing)
