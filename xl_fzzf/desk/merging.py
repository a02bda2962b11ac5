"""Merge accepted files into a master's records, and find what is at fault in the merged records."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from xl_fzzf.desk.checking import (
    CheckedFile,
    find_across_faults,
    find_record_faults,
    make_finding,
)
from xl_fzzf.desk.master import Master
from xl_fzzf.model.assessment import Assessment
from xl_fzzf.model.comparison import compare
from xl_fzzf.model.finding import Finding, Severity
from xl_fzzf.model.merging import NOTHING, merge
from xl_fzzf.model.plan import Unit
from xl_fzzf.model.record import ENTRY_FIELDS, blank
from xl_fzzf.model.submission import Verdict
from xl_fzzf.model.waivers import Waivers, apply_waivers
from xl_fzzf.rules import MERGE_RULES, SETTINGS_RULES, TAKEN_RULES, WAIVER_RULES, run_rules
from xl_fzzf.rules.merging import Merged
from xl_fzzf.rules.submissions import Taken
from xl_fzzf.sheets import spec as layout
from xl_fzzf.sheets.area import Key
from xl_fzzf.sheets.origins import Origin, Origins


def merge_files(
    master: Master, files: Sequence[CheckedFile]
) -> tuple[dict[Key, CheckedFile], Origins, list[Finding]]:
    """Merge the accepted files; the file behind each record that nobody typed into, and conflicts."""
    before = master.origins
    sources: dict[Key, CheckedFile] = {}
    origins = dict(before)
    conflicts: list[Finding] = []
    for file in files:
        if file.verdict is not Verdict.ACCEPTED or file.unit is None:
            continue
        for code, submitted in file.records.items():
            if not submitted.sheet:
                continue
            key, indicator = (file.unit.code, code), master.round.plan.indicators[code]
            standing = master.records[key]
            written = before[key].entries if key in before else NOTHING
            merged = merge(indicator, standing, written, submitted)
            if merged.conflicts:
                case = Merged(standing, submitted, merged.conflicts)
                conflicts += _conflicts(master, file.unit, case)
            if not merged.typed:
                sources[key] = file
                standing.sheet, standing.row = submitted.sheet, submitted.row
            for name, entry in zip(ENTRY_FIELDS, merged.entries, strict=True):
                setattr(standing, name, entry)
            origins[key] = Origin(
                file.submission.file, submitted.sheet, submitted.row, merged.given
            )
    return sources, origins, conflicts


def _conflicts(master: Master, unit: Unit, case: Merged) -> Iterator[Finding]:
    file = master.workspace.master.name
    for found in run_rules(MERGE_RULES, case, master.round.settings.severities):
        yield make_finding(found, file, unit.name, master.contents, case.master)


def find_repeated(master: Master) -> Iterator[Finding]:
    """Records that stand in the master twice: only the first row counts."""
    for record in master.repeated:
        yield Finding(
            "repeated-row",
            Severity.ERROR,
            record.unit,
            master.workspace.master.name,
            record.sheet,
            master.contents[record.sheet].cell("code", record.row),
            record.indicator,
            "台账里这个单位的这个指标有两行,只用第一行",
            "",
            "每个单位每个指标一行",
            "请删除多余的一行",
        )


def find_faults(
    master: Master, sources: dict[Key, CheckedFile], assessments: Sequence[Assessment]
) -> Iterator[Finding]:
    """The record rules and those across records, each judged where it can be put right: in its
    file, or here."""
    settings = master.round.settings
    compared = {c.assessment.record.key: c for c in compare(assessments, settings.period)}
    groups: dict[str, list[Assessment]] = defaultdict(list)
    files = {file.submission.file: file for file in sources.values()}
    for assessment in assessments:
        record = assessment.record
        if record.key in sources:
            groups[sources[record.key].submission.file].append(assessment)
        elif any(not blank(entry) for entry in record.entries()):
            groups[""].append(assessment)
    for name, group in groups.items():
        file = name or master.workspace.master.name
        sheets = files[name].submission.sheets if name else master.contents
        yield from find_record_faults(group, settings.severities, file, sheets)
        cases = [compared[a.record.key] for a in group if a.record.key in compared]
        yield from find_across_faults(cases, settings.severities, file, sheets)


def find_settings_faults(master: Master) -> Iterator[Finding]:
    """The rules on 设置."""
    settings = master.round.settings
    for found in run_rules(SETTINGS_RULES, settings, settings.severities):
        finding = make_finding(found, master.workspace.master.name, "")
        yield replace(finding, sheet=layout.SETTINGS)


def accept_findings(master: Master, found: Iterable[Finding], waivers: Waivers) -> list[Finding]:
    """All findings with the reasons for accepting them, and those whose reason is in vain."""
    file, severities = master.workspace.master.name, master.round.settings.severities
    findings = apply_waivers(found, waivers)
    for finding in tuple(findings):
        for fault in run_rules(WAIVER_RULES, finding, severities):
            in_vain = make_finding(fault, file, finding.unit)
            findings.append(replace(in_vain, sheet=layout.FINDINGS))
    return findings


def find_withdrawn(master: Master, files: Sequence[CheckedFile]) -> Iterator[Finding]:
    """Units whose file an earlier run took, and of which no file is there now."""
    present = {file.submission.file for file in files}
    taken = {file.unit.code for file in files if file.unit and file.verdict is Verdict.ACCEPTED}
    earlier = {(u, origin.file) for (u, _), origin in master.origins.items() if u not in taken}
    units, own = master.round.plan.unit_by_code, master.workspace.master.name
    for code, name in sorted(earlier):
        unit, case = units[code].name if code in units else code, Taken(name, name in present)
        for found in run_rules(TAKEN_RULES, case, master.round.settings.severities):
            yield make_finding(found, own, unit)
