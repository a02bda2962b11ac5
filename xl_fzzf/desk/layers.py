"""Layers: what a unit's older files say where the one that counts leaves a cell blank."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from xl_fzzf.archive.ledger import Ledger
from xl_fzzf.model.cell_json import storable
from xl_fzzf.model.judged import Judged
from xl_fzzf.model.merging import Older, held
from xl_fzzf.model.plan import Indicator
from xl_fzzf.model.record import ENTRY_FIELDS, Cell, Key, Record, blank, same
from xl_fzzf.model.run import Source
from xl_fzzf.model.submission import Verdict
from xl_fzzf.sheets.origins import Origin

_Order = tuple[datetime, str, str]
_BEFORE_ALL: _Order = (datetime.min, "", "")
_GOOD = (Verdict.ACCEPTED, Verdict.SUPERSEDED)


class Layers:
    """The files of a run, those of a unit above each other: the later received lies on top.

    At the bottom lies what an earlier run left in the master. Files that this run found between that
    and the one that counts fill in before it; the older ones had their turn when it was written.
    """

    def __init__(self, files: Sequence[Judged], ledger: Ledger, period: str) -> None:
        self._ledger, self._latest = ledger, ledger.latest(period)
        good = [file for file in files if file.verdict in _GOOD and file.unit]
        self._good = {file.submission.sha256: file for file in good}
        self._by_name = {file.submission.file: file for file in good}
        self._refused = {file.submission.sha256 for file in files} - self._good.keys()
        self._refused |= ledger.excluded(period).keys()
        self._superseded: dict[str, list[Judged]] = {}
        for file in sorted(good, key=lambda file: file.order, reverse=True):
            if file.unit and file.verdict is Verdict.SUPERSEDED:
                self._superseded.setdefault(file.unit.code, []).append(file)

    def below(
        self, file: Judged, indicator: Indicator, standing: Record, origin: Origin | None
    ) -> dict[str, Older]:
        """What lies under the blank cells of a file that counts, by field, in one of its records.

        `standing` is the record as the master has it, and `origin` whence that came: what staff
        cleared there is not brought back. Nothing comes from a later file that was taken away,
        from one that was left out, or that lies there and is none of the unit's good ones.
        """
        key, code = standing.key, indicator.code
        names = [name for name in ENTRY_FIELDS if blank(getattr(file.records[code], name))]
        stands = _written(standing, origin, names)
        others = self._superseded.get(key[0], [])
        if not stands and not others:
            return {}
        sha256 = self.sha256_of(key, origin)
        place = self._place(origin, sha256)
        if place > file.order and self._ledger.receipt(file.submission.sha256):
            place, stands = _BEFORE_ALL, {}  # a later file was taken away: this one counts again
        found: dict[str, Older] = {}
        for other in others:
            if other.order > place:
                found = {**_of_file(other, indicator, names), **found}
        kept = origin.older if origin else {}
        for name, cell in stands.items():
            source = kept.get(name) or _source(origin, sha256)
            own = place == file.order and name not in kept
            if not own and source.sha256 not in self._refused:
                found.setdefault(name, Older(cell, source))
        return found

    def sha256_of(self, key: Key, origin: Origin | None) -> str:
        """The fingerprint of the file that a record came from; empty where no run knows it."""
        version = self._latest.get(key)
        if origin is None or version is None:
            return ""
        own = version.source
        return own.sha256 if own == _source(origin, own.sha256) else ""

    def _place(self, origin: Origin | None, sha256: str) -> _Order:
        """Where among the unit's files the one lies that a record came from."""
        if origin is None:
            return _BEFORE_ALL
        own = self._good.get(sha256) if sha256 else self._by_name.get(origin.file)
        if own:
            return own.order
        receipt = self._ledger.receipt(sha256)
        return (receipt.received, sha256, receipt.file) if receipt else _BEFORE_ALL


def _written(standing: Record, origin: Origin | None, names: Sequence[str]) -> Mapping[str, Cell]:
    """Of some fields, what an earlier run wrote into the master and still stands there."""
    if origin is None or origin.carried:
        return {}
    both = zip(ENTRY_FIELDS, origin.entries, standing.entries(), strict=True)
    return {n: now for n, was, now in both if n in names and not blank(now) and same(was, now)}


def _of_file(file: Judged, indicator: Indicator, names: Sequence[str]) -> Mapping[str, Older]:
    record = file.records.get(indicator.code)
    if record is None or not record.sheet:
        return {}
    submission = file.submission
    source = Source(storable(submission.file), submission.sha256, record.sheet, record.row)
    both = zip(ENTRY_FIELDS, held(indicator, record), strict=True)
    return {name: Older(cell, source) for name, cell in both if name in names and not blank(cell)}


def _source(origin: Origin | None, sha256: str) -> Source:
    return Source(storable(origin.file), sha256, origin.sheet, origin.row) if origin else Source()
