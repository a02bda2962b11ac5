"""Merge accepted files into a master's records, and find what is at fault in the merged records."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from xl_fzzf.jobs.checking import CheckedFile, find_record_faults, make_finding
from xl_fzzf.jobs.master import Master
from xl_fzzf.model.assessment import Assessment
from xl_fzzf.model.finding import Finding, Severity
from xl_fzzf.model.merging import NOTHING, merge
from xl_fzzf.model.plan import Unit
from xl_fzzf.model.record import ENTRY_FIELDS, blank
from xl_fzzf.model.submission import Verdict
from xl_fzzf.rules import MERGE_RULES, run_rules
from xl_fzzf.rules.merging import Merged
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
    """The record rules, each record judged where it can be put right: in its file, or here."""
    groups: dict[str, list[Assessment]] = defaultdict(list)
    files = {file.submission.file: file for file in sources.values()}
    for assessment in assessments:
        record = assessment.record
        if record.key in sources:
            groups[sources[record.key].submission.file].append(assessment)
        elif any(not blank(entry) for entry in record.entries()):
            groups[""].append(assessment)
    severities = master.round.settings.severities
    for name, group in groups.items():
        if name:
            yield from find_record_faults(group, severities, name, files[name].submission.sheets)
        else:
            own = master.workspace.master.name
            yield from find_record_faults(group, severities, own, master.contents)
