"""plan: the round that a master, a plan file or a shipped plan describes."""

from __future__ import annotations

from pathlib import Path

from xl_fzzf.desk.workspace import find_master, find_masters
from xl_fzzf.model.period import Period
from xl_fzzf.model.responsibility import assign
from xl_fzzf.model.round import Round
from xl_fzzf.model.settings import Settings
from xl_fzzf.plans import DEFAULT_PLAN, read_plan


def read_source(source: str, folder: Path) -> Round:
    """A round by master, plan file or name; the folder's latest master, or the shipped plan.

    Raises JobError, PlanError or BookError.
    """
    master = Path(source) if source else folder
    if master.suffix.lower() == ".xlsx" or (master.is_dir() and (source or find_masters(folder))):
        from xl_fzzf.desk.level import LEVELS
        from xl_fzzf.desk.master import open_master

        return open_master(find_master(master, folder), writing=False, kinds=LEVELS).round
    plan = read_plan(source or DEFAULT_PLAN)
    period = Period.parse(plan.period)
    return Round(plan, assign(plan), Settings(period, period.end))
