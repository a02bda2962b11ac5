"""plan: the round that a master, a plan file or a shipped plan describes."""

from __future__ import annotations

from pathlib import Path

from xl_fzzf.desk.workspace import find_master, find_masters
from xl_fzzf.model.period import Period
from xl_fzzf.model.responsibility import assign
from xl_fzzf.model.round import Round
from xl_fzzf.model.settings import Settings
from xl_fzzf.plans import DEFAULT_PLAN, read_plan
from xl_fzzf.sheets.driving import read_round
from xl_fzzf.sheets.spec import CITY
from xl_fzzf.sheets.stamp import stamp_of


def read_source(source: str, folder: Path) -> Round:
    """A round by master, plan file or name; the folder's latest master, or the shipped plan.

    Raises JobError, PlanError or BookError.
    """
    master = Path(source) if source else folder
    if master.suffix.lower() == ".xlsx" or (master.is_dir() and (source or find_masters(folder))):
        from xl_fzzf.office.book_file import FileBook

        path = find_master(master, folder)
        book = FileBook.open(path)
        return read_round(book, path.name, assigned=(stamp_of(book) or {}).get("kind") != CITY)
    plan = read_plan(source or DEFAULT_PLAN)
    period = Period.parse(plan.period)
    return Round(plan, assign(plan), Settings(period, period.end))
