"""report and status: where a round stands, and the summary workbook that says so upward."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from pathlib import Path

from xl_fzzf.archive.originals import fingerprint
from xl_fzzf.desk.master import Master, open_master, reported_units
from xl_fzzf.desk.past import read_past
from xl_fzzf.desk.printing import Printed, Printer, write_summary
from xl_fzzf.model.accounting import NOTHING_READ, Account
from xl_fzzf.model.period import Period
from xl_fzzf.model.record import Cell, number, text
from xl_fzzf.model.round import Received, Standing
from xl_fzzf.model.submission import Timeliness, Verdict
from xl_fzzf.office.tables import find_table
from xl_fzzf.sheets import spec as layout
from xl_fzzf.sheets.lists import read_accepted

_MOST_PERIODS = 5
"""As many earlier periods stand beside the present one."""


@dataclass(frozen=True, slots=True)
class Report:
    """A summary workbook that was written, its PDF if one was asked for, and what it says."""

    summary: Path
    printed: Printed
    standing: Standing


def read_standing(path: Path, as_of: date) -> tuple[Master, Standing]:
    """Where a master's round stands as of a date."""
    master = open_master(path, writing=False)
    files = tuple(_received(master))
    good = [
        file for file in files if file.verdict in (Verdict.ACCEPTED.label, Verdict.SUPERSEDED.label)
    ]
    codes = {unit.name: unit.code for unit in master.round.plan.units}
    sent = {codes[file.unit] for file in good if file.unit in codes}
    timely = {codes[f.unit] for f in good if f.unit in codes and f.timely == Timeliness.ON_TIME}
    reported = reported_units(master.records.values()) | sent
    units = master.expected_units
    expected = {unit.code for unit in units}
    return master, Standing(
        master.round,
        as_of,
        master.assess(as_of),
        units,
        frozenset(reported & expected),
        frozenset((sent - timely) & expected),
        files,
        tuple(read_accepted(master.book)),
    )


def _received(master: Master) -> Iterator[Received]:
    if layout.REGISTER not in master.book.sheet_names:
        return
    grid = master.book.read(layout.REGISTER)
    table = find_table(grid, layout.REGISTER_COLUMNS, ("file", "verdict"))
    for _, row in table.rows() if table else ():
        fields = ("file", "unit", "verdict", "reason", "received", "timely", "sha256")
        yield Received(*(text(row.get(field)) for field in fields), account=_account(row))


def _account(row: Mapping[str, Cell]) -> Account:
    """What became of a file's entries, if it counts."""
    if row.get("verdict") != Verdict.ACCEPTED.label:
        return NOTHING_READ
    read, found, ignored = (int(number(row.get(f)) or 0) for f in ("read", "found", "ignored"))
    return Account(read, read - found - ignored, found, ignored)


def report(path: Path, as_of: date, today: date, printer: Printer | None = None) -> Report:
    """Write the summary workbook into 上报, and with a printer its PDF."""
    from xl_fzzf.sheets.summary import build_summary

    master, standing = read_standing(path, as_of)
    past = read_past(master, _MOST_PERIODS)
    standing = replace(
        standing,
        history=past.periods,
        notices=(*past.notices, *map(_say_kept, sorted(past.kept, key=str))),
        master=path.name,
        sha256=fingerprint(path.read_bytes()),
    )
    title, build = master.round.plan.summary_title, partial(build_summary, standing, today)
    summary, printed = write_summary(master.workspace, title, build, printer)
    return Report(summary, printed, standing)


def _say_kept(period: Period) -> str:
    return f"{period} 的台账读不到,按档案里最后一次汇总的记录和本期的方案计算"
