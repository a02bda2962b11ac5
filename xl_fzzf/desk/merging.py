"""Units report in returns: those that count become the master's records, and the master is written."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from functools import partial

from xl_fzzf.desk.master import Master, refresh, reported_units
from xl_fzzf.desk.outcome import Brought, Outcome
from xl_fzzf.model.assessment import Assessment
from xl_fzzf.model.finding import Finding, Severity
from xl_fzzf.model.judged import Judged
from xl_fzzf.model.merging import NOTHING, Merge, merge
from xl_fzzf.model.record import ENTRY_FIELDS, Key, Record
from xl_fzzf.rules.judge import Merged
from xl_fzzf.rules.master import Conflict
from xl_fzzf.rules.submissions import Taken
from xl_fzzf.sheets import spec as layout
from xl_fzzf.sheets.lists import (
    clear_lists,
    finding_lines,
    register_line,
    unmet_lines,
    write_list,
)
from xl_fzzf.sheets.origins import Origin, Origins, write_origins

_HINTS_SHOWN = 3


def merge_returns(master: Master, files: Sequence[Judged], as_of: date) -> tuple[Merged, Origins]:
    """Fill the master's records from the files that count, and say where they now come from."""
    origins, sources = dict(master.origins), dict[Key, Judged]()
    conflicts: list[Conflict] = []
    for file, submitted in _counted(files):
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
        taken=tuple(_find_taken(master, files)),
    )
    return merged, origins


def _counted(files: Iterable[Judged]) -> Iterator[tuple[Judged, Record]]:
    """The records that stand in files that count."""
    for file in files:
        for record in file.records.values() if file.counts else ():
            if record.sheet:
                yield file, record


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


def write_records(master: Master, brought: Brought) -> Outcome:
    """Write the records as judged, and the lists of what came in and was found; raises LayoutError."""
    files, findings, assessments = brought.files, brought.findings, brought.assessments
    counted = {file.unit.code for file in files if file.unit and file.counts}
    reported = reported_units(master.records.values()) | counted
    hints = _hints(master, findings)
    refresh(master, assessments, brought.as_of, len(reported), hints)
    lines = [register_line(file, findings, master.round.settings.deadline) for file in files]
    write_list(master.book, layout.REGISTER, lines)
    write_list(master.book, layout.FINDINGS, finding_lines(findings, partial(_locate, master)))
    write_unmet(master, assessments, brought.as_of)
    expected = master.expected_units
    return Outcome(assessments, expected, [unit for unit in expected if unit.code in reported])


def _locate(master: Master, finding: Finding) -> tuple[str, str]:
    """Where a finding's record stands in the master."""
    unit = master.round.plan.find_unit(finding.unit)
    key = (unit.code if unit else "", finding.indicator)
    return master.cell(key, "code") if key in master.records else ("", "")


def write_unmet(master: Master, assessments: Sequence[Assessment], as_of: date) -> None:
    """Write 未达标清单 in place of the one that stands there; raises LayoutError."""
    unmet = unmet_lines(assessments, as_of, lambda a: master.cell(a.record.key, "status"))
    write_list(master.book, layout.UNMET, unmet)


def _hints(master: Master, findings: Iterable[Finding]) -> dict[Key, str]:
    """校验提示 of each record: its findings in short."""
    names = {unit.name: unit.code for unit in master.round.plan.units}
    messages: dict[Key, list[str]] = defaultdict(list)
    for finding in findings:
        open_ = finding.severity is not Severity.INFO and not finding.accepted
        if finding.indicator and open_ and finding.unit in names:
            messages[names[finding.unit], finding.indicator].append(finding.message)
    return {
        key: ";".join(list(dict.fromkeys(found))[:_HINTS_SHOWN]) for key, found in messages.items()
    }


def clear(master: Master, as_of: date) -> None:
    """Write a master in which nothing has been reported: its lists and origins emptied."""
    clear_lists(master.book)
    write_origins(master.book, {}, master.origins)
    refresh(master, master.assess(as_of), as_of, 0, {})
