"""Merge what units report: the files that count become the master's records."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from xl_fzzf.desk.master import Master
from xl_fzzf.model.judged import Judged
from xl_fzzf.model.merging import NOTHING, Merge, merge
from xl_fzzf.model.record import ENTRY_FIELDS, Key, Record
from xl_fzzf.rules.judge import Merged
from xl_fzzf.rules.master import Conflict
from xl_fzzf.rules.submissions import Taken
from xl_fzzf.sheets.origins import Origin, Origins


def merge_returns(
    master: Master, files: Sequence[Judged], as_of: date, whole: bool
) -> tuple[Merged, Origins]:
    """Fill the master's records from the files that count, and say where they now come from.

    A master that sums up holds no records, its files none for it: there is nothing to merge. Of files
    that aren't the `whole` of what came in nobody can tell which were taken away.
    """
    origins, sources = dict(master.origins), dict[Key, Judged]()
    conflicts: list[Conflict] = []
    counted = [file for file in files if file.counts]
    for file, submitted in ((f, r) for f in counted for r in f.records.values() if r.sheet):
        key, standing = submitted.key, master.records[submitted.key]
        filled = _fill(master, standing, submitted)
        origins[key] = Origin(file.submission.file, submitted.sheet, submitted.row, filled.given)
        if not filled.typed:
            sources[key] = file
            standing.sheet, standing.row = submitted.sheet, submitted.row
        elif filled.conflicts:
            conflicts.append(Conflict(standing, submitted, filled.conflicts))
    merged = Merged(
        master=master.workspace.master.name,
        sheets=master.contents,
        assessments=master.assess(as_of),
        sources=sources,
        conflicts=conflicts,
        repeated=master.repeated,
        taken=tuple(_find_taken(master, files)) if whole else (),
    )
    return merged, origins


def _fill(master: Master, standing: Record, submitted: Record) -> Merge:
    before = master.origins.get(standing.key)
    written = before.entries if before else NOTHING
    indicator = master.round.plan.indicators[standing.indicator]
    merged = merge(indicator, standing, written, submitted)
    for name, entry in zip(ENTRY_FIELDS, merged.entries, strict=True):
        setattr(standing, name, entry)
    return merged


def _find_taken(master: Master, files: Sequence[Judged]) -> Iterator[Taken]:
    """The files that an earlier run took, of units of which none counts now."""
    present = {file.submission.file for file in files}
    counted = {file.unit.code for file in files if file.unit and file.counts}
    earlier = {(u, origin.file) for (u, _), origin in master.origins.items() if u not in counted}
    units = master.round.plan.unit_by_code
    for code, name in sorted(earlier):
        yield Taken(name, name in present, units[code].name if code in units else code)
