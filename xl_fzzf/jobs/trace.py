"""trace: where a record's figures came from, when, and what they replaced."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from xl_fzzf.archive.ledger import Ledger
from xl_fzzf.archive.originals import find_original
from xl_fzzf.desk.errors import JobError
from xl_fzzf.desk.lookup import find_indicator, find_unit
from xl_fzzf.desk.master import Master, open_master
from xl_fzzf.desk.record_versions import build_version
from xl_fzzf.model.collected import Collected
from xl_fzzf.model.merging import NOTHING
from xl_fzzf.model.plan import Indicator, Unit
from xl_fzzf.model.record import ENTRY_FIELDS, Key
from xl_fzzf.model.run import Receipt, Run, Version


@dataclass(frozen=True, slots=True)
class Provenance:
    """Whence a version of a record came: the run that wrote it, and the file behind it, if any.

    `kept` is where the archive keeps the file, `cells` the addresses of its entries by field (in the
    older file where that one's entry stands), `brought` what the file came in by (mails, or files that were collected), the first one first.
    """

    version: Version
    run: Run
    receipt: Receipt | None
    kept: Path | None
    cells: Mapping[str, str]
    brought: Sequence[Collected]


@dataclass(frozen=True, slots=True)
class Trace:
    """A record's versions, the newest first. `standing` is what the master says now, if that is
    newer than any run; `place` is its sheet and cell there."""

    master: Path
    period: str
    unit: Unit
    indicator: Indicator
    standing: Version | None
    place: tuple[str, str]
    versions: Sequence[Provenance]
    notices: Sequence[str]


def trace(path: Path, unit_name: str, code: str) -> Trace:
    """Trace one record of a master; JobError, with what is near, for an unknown unit or indicator."""
    master = open_master(path, writing=False)
    plan, period = master.round.plan, str(master.workspace.period)
    unit, indicator = find_unit(plan, unit_name), find_indicator(plan, code)
    key = (unit.code, indicator.code)
    if key not in master.records:
        raise JobError(f"“{unit.name}”本期不用报指标 {indicator.code}（见台账的“责任分工”）")
    ledger = Ledger(master.workspace.archive)
    versions = ledger.versions(period, *key)
    return Trace(
        master=path,
        period=period,
        unit=unit,
        indicator=indicator,
        standing=_standing(master, key, versions[0] if versions else None),
        place=master.cell(key, "code"),
        versions=[_provenance(ledger, master, version) for version in versions],
        notices=ledger.notices,
    )


def _provenance(ledger: Ledger, master: Master, version: Version) -> Provenance:
    _, sha256, sheet, row = version.source
    receipt = ledger.receipt(sha256) if sha256 else None
    cells = _cells(receipt, sheet, row)
    for name, older in version.older.items():
        own = _cells(ledger.receipt(older.sha256), older.sheet, older.row)
        cells[name] = own.get(name, "")
    return Provenance(
        version,
        ledger.run(version.run),
        receipt,
        find_original(master.workspace.archive, sha256),
        cells,
        ledger.collected(sha256) if sha256 else (),
    )


def _cells(receipt: Receipt | None, sheet: str, row: int) -> dict[str, str]:
    letters = receipt.letters.get(sheet, {}) if receipt else {}
    return {name: f"{letters[name]}{row}" for name in ENTRY_FIELDS if name in letters}


def _standing(master: Master, key: Key, newest: Version | None) -> Version | None:
    """The record as the master has it, unless the newest version says the same."""
    known = {key: newest} if newest else {}
    now = build_version(master, master.records[key], master.origins.get(key), known)
    then = newest or Version(*key, NOTHING)
    return None if now[:-2] == then[:-2] else now
