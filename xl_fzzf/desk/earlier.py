"""What records came to in earlier periods, by the archive: last year's final values, this year's last ones."""

from __future__ import annotations

from collections.abc import Container, Mapping
from pathlib import Path

from xl_fzzf.archive.driving import find_last
from xl_fzzf.archive.ledger import Ledger
from xl_fzzf.model.period import Period
from xl_fzzf.model.plan import Plan
from xl_fzzf.model.record import ENTRY_FIELDS, Cell, Key, number
from xl_fzzf.model.round import Round
from xl_fzzf.model.status import valid_number
from xl_fzzf.sheets.spec import INDICATOR_COLUMNS, INDICATORS

_VALUE = ENTRY_FIELDS.index("value")
_TEXT = next(column.header for column in INDICATOR_COLUMNS if column.field == "text")


def find_finals(archive: Path, round_: Round) -> Mapping[Key, float]:
    """The final values of last year's last period of the records that are compared with last year.

    Nothing where the archive knows of no period that ended last year; of an indicator only where it was
    the same, word for word.
    """
    ledger, year = Ledger(archive), round_.settings.period.year - 1
    known = [Period.parse(name) for name in ledger.periods()]
    finals: dict[Key, float] = {}
    for period in known:
        if period.year == year and period.ends_year:
            same = _same_indicators(archive, period, round_.plan)
            latest = ledger.latest(str(period))
            for key in (key for key in latest if key[1] in same):
                cell = latest[key].entries[_VALUE]
                value = number(cell)
                if value is not None and valid_number(cell, round_.plan.indicators[key[1]]):
                    finals[key] = value
    return finals


def entries_before(archive: Path, period: Period) -> Mapping[Key, tuple[Cell, ...]]:
    """What records said at the end of the year's period before; values count from its first day."""
    ledger = Ledger(archive)
    known = [
        each
        for each in map(Period.parse, ledger.periods())
        if each.year == period.year and each.end < period.end
    ]
    if not known:
        return {}
    last = max(known, key=lambda each: (each.end, each.kind != ""))
    return {key: version.entries for key, version in ledger.latest(str(last)).items()}


def _same_indicators(archive: Path, period: Period, plan: Plan) -> Container[str]:
    """The indicators that are compared with last year, and were the same in a period."""
    stood = find_last(archive, str(period))
    rows = stood.driven.get(INDICATORS, {}) if stood else {}
    return {
        code
        for code, indicator in plan.indicators.items()
        if indicator.kind.has_last_year and rows.get(code, {}).get(_TEXT) == indicator.text
    }
