"""What last year's records came to at its end, by the archive: what 上年值 is held against."""

from __future__ import annotations

from collections.abc import Container, Mapping
from pathlib import Path

from xl_fzzf.archive.driving import find_last
from xl_fzzf.archive.ledger import Ledger
from xl_fzzf.model.period import Period
from xl_fzzf.model.plan import Plan
from xl_fzzf.model.record import ENTRY_FIELDS, Key, number
from xl_fzzf.model.round import Round
from xl_fzzf.model.status import valid_number
from xl_fzzf.sheets.spec import INDICATOR_COLUMNS, INDICATORS

_VALUE = ENTRY_FIELDS.index("value")
_TEXT = next(column.header for column in INDICATOR_COLUMNS if column.field == "text")


def find_finals(archive: Path, ledger: Ledger, round_: Round) -> Mapping[Key, float]:
    """The final values of last year's last period of the records that are compared with last year.

    Nothing where the archive knows of no period that ended last year; of an indicator only where it was
    the same, word for word.
    """
    year = round_.settings.period.year - 1
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


def _same_indicators(archive: Path, period: Period, plan: Plan) -> Container[str]:
    """The indicators that are compared with last year, and were the same in a period."""
    stood = find_last(archive, str(period))
    rows = stood.driven.get(INDICATORS, {}) if stood else {}
    return {
        code
        for code, indicator in plan.indicators.items()
        if indicator.kind.has_last_year and rows.get(code, {}).get(_TEXT) == indicator.text
    }
