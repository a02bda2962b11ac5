"""Build workbooks/template.xlsx: the shipped plan's master, empty. `make template` runs this."""

from __future__ import annotations

from pathlib import Path

from xl_fzzf.desk.workspace import Workspace
from xl_fzzf.jobs.init import create_master
from xl_fzzf.model.period import Period
from xl_fzzf.plans import read_plan

TEMPLATE = Path(__file__).parent / "template.xlsx"


def build(path: Path = TEMPLATE) -> None:
    """Write the template; the same sources always give the same parts."""
    plan = read_plan()
    period = Period.parse(plan.period)
    master = create_master(Workspace(path, period), plan, period.end)
    master.book.save_as(path)


if __name__ == "__main__":
    build()
