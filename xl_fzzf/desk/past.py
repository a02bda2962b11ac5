"""The periods before a master's: from their own masters, or from the archive where one is gone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from xl_fzzf.archive.ledger import Ledger
from xl_fzzf.desk.edited import edited_since_run
from xl_fzzf.desk.master import Master, filled_units, open_master
from xl_fzzf.desk.workspace import Workspace, find_masters
from xl_fzzf.model.assessment import assess
from xl_fzzf.model.driving import count_edits
from xl_fzzf.model.errors import UserError
from xl_fzzf.model.merging import NOTHING
from xl_fzzf.model.period import Period
from xl_fzzf.model.record import ENTRY_FIELDS, Key, Record
from xl_fzzf.model.round import Assessed
from xl_fzzf.model.run import Version


@dataclass(frozen=True, slots=True)
class Past:
    """The earlier periods in which anything was reported, the latest last.

    Each is judged by its own plan, as of the day of its last consolidation: so it says what its own
    report said. `kept` are those whose master can't be read: the archive's record of the last run
    stands in, judged by the present plan. `days` has the day of the last consolidation of every
    period; `notices` are sentences for the coordinator.
    """

    periods: tuple[Assessed, ...]
    kept: frozenset[Period]
    days: Mapping[Period, date]
    notices: tuple[str, ...]


def read_past(master: Master, most: int | None = None) -> Past:
    """The periods before a master's, at most so many; raises LedgerError."""
    masters = {Workspace.at(path).period: path for path in find_masters(master.workspace.folder)}
    ledger = Ledger(master.workspace.archive)
    days = {Period.parse(name): _last_day(ledger, name) for name in ledger.periods()}
    notices = list(ledger.notices)
    found: list[Assessed] = []
    kept = set()
    earlier = [each for each in {*masters, *days} if each.end < master.workspace.period.end]
    for period in sorted(earlier, key=lambda each: (each.end, each.kind != ""), reverse=True):
        day = days.get(period, period.end)
        path = masters.get(period)
        assessed = _judge(path, day, notices) if path else None
        if assessed is None and period in days:
            kept.add(period)
            assessed = _judge_kept(master, ledger.latest(str(period)), period, day)
        records = [item.record for item in assessed.assessments] if assessed else []
        if assessed and filled_units(assessed.round.plan, records):
            found.append(assessed)
        if len(found) == most:
            break
    return Past(tuple(reversed(found)), frozenset(kept), days, tuple(notices))


def _last_day(ledger: Ledger, period: str) -> date:
    """The day of a period's figures; of the last run where nothing was consolidated."""
    return ledger.course(period).day or ledger.runs(period)[-1].as_of


def _judge(path: Path, as_of: date, notices: list[str]) -> Assessed | None:
    """A period as its master has it; None, with a notice, where that can't be read.

    What was edited in it when the period was over changes figures that were reported, and is noticed.
    """
    try:
        master = open_master(path, writing=False)
    except (UserError, OSError) as error:
        notices.append(f"以前的台账“{path.name}”没有读成，改用档案里的记录：{error}")
        return None
    if edits := edited_since_run(master).edits:
        notices.append(
            f"以前的台账“{path.name}”在它最后一次运行以后改过驱动表（{count_edits(edits)} 处），"
            f"这里按改过的判定：{edits[0]}"
        )
    return Assessed(master.round, as_of, master.assess(as_of))


def _judge_kept(
    master: Master, latest: Mapping[Key, Version], period: Period, as_of: date
) -> Assessed:
    """A lost master's records from the archive, by the present plan and assignments."""
    records = []
    for key in master.expected:
        stood = latest[key].entries if key in latest else NOTHING
        entries: dict[str, Any] = dict(zip(ENTRY_FIELDS, stood, strict=True))
        records.append(Record(*key, **entries))
    then = replace(master.round, settings=replace(master.round.settings, period=period))
    return Assessed(then, as_of, assess(then.plan, records, period.year, as_of))
