"""The periods before a master's, as the archive has them, judged by the master's own plan."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from xl_fzzf.jobs.master import Master
from xl_fzzf.jobs.recording import open_ledger
from xl_fzzf.model.assessment import assess
from xl_fzzf.model.period import Period
from xl_fzzf.model.record import ENTRY_FIELDS, Cell, Record
from xl_fzzf.model.round import Assessed, Round
from xl_fzzf.sheets.area import Key

_MOST = 7
"""As many earlier periods as a sparkline shows beside the present one."""


def read_history(master: Master) -> tuple[tuple[Assessed, ...], tuple[str, ...]]:
    """The latest earlier periods, the last one last, and notices of the archive; or LedgerError."""
    workspace = master.workspace
    if not workspace.archive.is_dir():
        return (), ()
    with open_ledger(workspace) as ledger:
        periods = sorted(map(Period.parse, ledger.periods()), key=lambda period: period.end)
        earlier = [period for period in periods if period.end < workspace.period.end]
        values = {period: ledger.values(str(period)) for period in earlier[-_MOST:]}
        notices = tuple(ledger.notices)
    found = (_judge(master.round, master.expected, *item) for item in values.items() if item[1])
    return tuple(found), notices


def _judge(
    round_: Round, expected: Sequence[Key], period: Period, values: Mapping[Key, Sequence[Cell]]
) -> Assessed:
    """A period's records as of its last day; an indicator that nobody answered then did not exist."""
    asked = {code for _, code in values}
    records = [Record(*key) for key in expected if key[1] in asked]
    for record in records:
        for name, cell in zip(ENTRY_FIELDS, values.get(record.key, ()), strict=False):
            setattr(record, name, cell)
    then = replace(round_, settings=replace(round_.settings, period=period))
    judged = assess(round_.plan, records, period.year, period.end)
    return Assessed(then, period.end, judged)
