"""Merge what units report: the files that count become the master's records."""

from __future__ import annotations

from collections.abc import Container, Iterator, Sequence
from dataclasses import replace
from datetime import date

from xl_fzzf.archive.ledger import Ledger
from xl_fzzf.desk.layers import Layers
from xl_fzzf.desk.master import Master
from xl_fzzf.model.finding import Waivers
from xl_fzzf.model.judged import Blanked, Judged
from xl_fzzf.model.merging import NOTHING, Merge, merge
from xl_fzzf.model.record import ENTRY_FIELDS, Key, Record, same
from xl_fzzf.model.settings import Blanks
from xl_fzzf.rules.judge import Merged
from xl_fzzf.rules.master import Conflict
from xl_fzzf.rules.submissions import Taken, replaces
from xl_fzzf.sheets.origins import Origin, Origins


def merge_returns(
    master: Master,
    ledger: Ledger,
    files: Sequence[Judged],
    as_of: date,
    waivers: Waivers,
    *,
    whole: bool,
) -> tuple[Merged, Origins]:
    """Fill the master's records from the files that count, and say where they now come from.

    What such a file leaves blank is filled from the unit's older ones, unless 设置, the unit (本期无)
    or the coordinator's word, among the `waivers`, says that it replaces them. A master that sums up holds no
    records, its files none for it: there is nothing to merge. Of files that aren't the `whole` of what
    came in nobody can tell which were taken away.
    """
    period = str(master.workspace.period)
    merging = _Merging(master, Layers(files, ledger, period))
    merging.withdraw(ledger.excluded(period))
    always = master.round.settings.blanks is Blanks.REPLACE
    for file in files:
        if file.counts:
            replacing = always or file.submission.excuse or replaces(file, waivers)
            merging.take(file, keeping=not replacing)
    merged = Merged(
        master=master.workspace.master.name,
        sheets=master.contents,
        assessments=master.assess(as_of),
        sources=merging.sources,
        conflicts=merging.conflicts,
        repeated=master.repeated,
        taken=tuple(_find_taken(master, merging.origins, files)) if whole else (),
        blanked=merging.blanked,
    )
    return merged, merging.origins


class _Merging:
    """What the files that are taken one by one come to."""

    def __init__(self, master: Master, layers: Layers) -> None:
        self._master, self._layers = master, layers
        self.origins = dict(master.origins)
        self.sources = dict[Key, Judged]()
        self.conflicts: list[Conflict] = []
        self.blanked = dict[str, Blanked]()

    def withdraw(self, excluded: Container[str]) -> None:
        """Take out what files gave that are left out; what staff typed over it stays."""
        for key, origin in [*self.origins.items()] if excluded else ():
            record = self._master.records.get(key)
            own = not origin.carried and self._layers.sha256_of(key, origin) in excluded
            older = {n for n, source in origin.older.items() if source.sha256 in excluded}
            if record is None or not (own or older):
                continue
            indicator = self._master.round.plan.indicators.get(key[1])
            computed = indicator.kind.computed if indicator else ()
            left = dict(zip(ENTRY_FIELDS, origin.entries, strict=True))
            for name in ENTRY_FIELDS if own else older:
                if name in computed or same(getattr(record, name), left[name]):
                    setattr(record, name, None)
                left[name] = None
            if own:
                del self.origins[key]
                self._master.withdrawn.add(key)
            else:
                kept = {n: source for n, source in origin.older.items() if n not in older}
                self.origins[key] = replace(origin, entries=tuple(left.values()), older=kept)

    def take(self, file: Judged, keeping: bool) -> None:
        """Fill the records of a file, older entries kept or not where it is blank."""
        entries: list[tuple[str, str]] = []
        older: dict[str, None] = {}
        name = file.submission.file
        for submitted in (record for record in file.records.values() if record.sheet):
            merged = self._fill(file, submitted, keeping)
            entries += ((submitted.indicator, field) for field in merged.lacking)
            older |= dict.fromkeys(source.file for source in merged.lacking.values())
        if entries:
            self.blanked[name] = Blanked(tuple(entries), tuple(older), keeping)

    def _fill(self, file: Judged, submitted: Record, keeping: bool) -> Merge:
        key, name = submitted.key, file.submission.file
        standing, before = self._master.records[key], self.origins.get(key)
        indicator = self._master.round.plan.indicators[submitted.indicator]
        older = self._layers.below(file, indicator, standing, before)
        written = before.entries if before else NOTHING
        merged = merge(indicator, standing, written, submitted, older, keeping)
        for field, entry in zip(ENTRY_FIELDS, merged.entries, strict=True):
            setattr(standing, field, entry)
        kept = merged.lacking if keeping else {}
        self.origins[key] = Origin(name, submitted.sheet, submitted.row, merged.given, kept)
        if not merged.typed:
            self.sources[key] = file
            standing.sheet, standing.row = submitted.sheet, submitted.row
        elif merged.conflicts:
            self.conflicts.append(Conflict(standing, submitted, merged.conflicts))
        return merged


def _find_taken(master: Master, origins: Origins, files: Sequence[Judged]) -> Iterator[Taken]:
    """The files that an earlier run took, of units of which none counts now."""
    present = {file.submission.file for file in files}
    counted = {file.unit.code for file in files if file.unit and file.counts}
    brought = ((u, origin) for (u, _), origin in origins.items() if not origin.carried)
    earlier = {(unit, origin.file) for unit, origin in brought if unit not in counted}
    units = master.round.plan.unit_by_code
    for code, name in sorted(earlier):
        yield Taken(name, name in present, units[code].name if code in units else code)
