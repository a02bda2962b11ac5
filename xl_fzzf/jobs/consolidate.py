"""consolidate: the returns in a folder become the master's records; what staff typed there stays."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from xl_fzzf.jobs.checking import CheckedFile, find_record_faults, make_finding, sort_findings
from xl_fzzf.jobs.lock import only_run
from xl_fzzf.jobs.master import Master, open_master, refresh, reported_units, save
from xl_fzzf.jobs.progress import Progress, silent
from xl_fzzf.jobs.readers import Readers
from xl_fzzf.jobs.receive import Receiving, settle
from xl_fzzf.jobs.workspace import JobError, Workspace
from xl_fzzf.model.assessment import Assessment
from xl_fzzf.model.finding import Finding, Severity
from xl_fzzf.model.merging import NOTHING, merge
from xl_fzzf.model.plan import Unit
from xl_fzzf.model.record import ENTRY_FIELDS, blank
from xl_fzzf.model.status import Status
from xl_fzzf.model.submission import Verdict
from xl_fzzf.rules import MERGE_RULES, run_rules
from xl_fzzf.rules.merging import Merged
from xl_fzzf.sheets import layout
from xl_fzzf.sheets.area import Key
from xl_fzzf.sheets.lists import Line, finding_lines, unmet_lines, write_list
from xl_fzzf.sheets.origins import Origin, Origins

_HINTS_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Consolidation:
    """What a consolidation did; `files` holds every received file, `assessments` all records."""

    master: Path
    returns: Path
    as_of: date
    files: Sequence[CheckedFile]
    findings: Sequence[Finding]
    assessments: Sequence[Assessment]
    expected: Sequence[Unit]
    reported: Sequence[Unit]
    late: Sequence[Unit]

    @property
    def missing(self) -> list[Unit]:
        """Units of which nothing is there."""
        codes = {unit.code for unit in self.reported}
        return [unit for unit in self.expected if unit.code not in codes]

    @property
    def verdicts(self) -> Counter[Verdict]:
        """How many files got which verdict."""
        return Counter(file.verdict for file in self.files)

    @property
    def statuses(self) -> Counter[Status]:
        """How many records have which status."""
        return Counter(assessment.status for assessment in self.assessments)

    @property
    def clean(self) -> bool:
        """No error among the findings, and no file kept out."""
        errors = any(finding.severity is Severity.ERROR for finding in self.findings)
        return not errors and not self.verdicts[Verdict.QUARANTINED]


def consolidate(
    path: Path,
    returns: Path | None,
    as_of: date,
    now: datetime,
    progress: Progress = silent,
) -> Consolidation:
    """Read all returns, merge them into the master, write it and its lists.

    Raises JobError, PlanError, BookError or LayoutError; the master is then as it was.
    """
    workspace = Workspace.at(path)
    folder = returns or workspace.incoming
    if returns and not folder.is_dir():
        raise JobError(f"找不到报送文件夹“{folder}”,请把各单位交回的填报表放进去再运行")
    with only_run(workspace):
        return _consolidate(workspace, folder, as_of, now, progress)


def _consolidate(
    workspace: Workspace, folder: Path, as_of: date, now: datetime, progress: Progress
) -> Consolidation:
    with Readers() as readers:
        receiving = Receiving(readers, workspace.archive)
        receiving.add_folder(folder)
        master = open_master(workspace.master)
        files = settle(receiving.finish(master.round, progress))
    sources, origins, conflicts = _merge_all(master, files)
    assessments = master.assess(as_of)
    found = [*conflicts, *_repeated(master), *_record_findings(master, sources, assessments)]
    found += [finding for file in files for finding in file.findings]
    findings = sort_findings(found)
    reported = reported_units(master.records.values()) | {
        file.unit.code for file in files if file.unit and file.verdict is Verdict.ACCEPTED
    }
    refresh(master, assessments, as_of, len(reported), _hints(master, findings))
    _write_lists(master, files, findings, assessments, as_of)
    save(master, now, origins)
    expected = master.expected_units
    return Consolidation(
        workspace.master,
        folder,
        as_of,
        files,
        findings,
        assessments,
        expected,
        [unit for unit in expected if unit.code in reported],
        _late(master, files),
    )


def _merge_all(
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


def _repeated(master: Master) -> Iterator[Finding]:
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


def _record_findings(
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


def _hints(master: Master, findings: Sequence[Finding]) -> dict[Key, str]:
    """校验提示 of each record: its findings in short."""
    names = {unit.name: unit.code for unit in master.round.plan.units}
    messages: dict[Key, list[str]] = defaultdict(list)
    for finding in findings:
        if finding.indicator and finding.severity is not Severity.INFO and finding.unit in names:
            messages[names[finding.unit], finding.indicator].append(finding.message)
    return {
        key: ";".join(list(dict.fromkeys(found))[:_HINTS_SHOWN]) for key, found in messages.items()
    }


def _write_lists(
    master: Master,
    files: Sequence[CheckedFile],
    findings: Sequence[Finding],
    assessments: Sequence[Assessment],
    as_of: date,
) -> None:
    names = {unit.name: unit.code for unit in master.round.plan.units}

    def locate(finding: Finding) -> tuple[str, str]:
        key = (names.get(finding.unit, ""), finding.indicator)
        return master.cell(key, "code") if key in master.records else ("", "")

    lines = [_register_line(file, findings, master) for file in files]
    write_list(master.book, layout.REGISTER, lines)
    write_list(master.book, layout.FINDINGS, finding_lines(findings, locate))
    unmet = unmet_lines(assessments, as_of, lambda a: master.cell(a.record.key, "status"))
    write_list(master.book, layout.UNMET, unmet)


def _register_line(file: CheckedFile, findings: Sequence[Finding], master: Master) -> Line:
    submission = file.submission
    own = Counter(f.severity for f in findings if f.file == submission.file)
    return {
        "file": submission.file,
        "unit": file.unit.name if file.unit else "",
        "verdict": file.verdict.label,
        "reason": file.reason,
        "received": f"{submission.received:%Y-%m-%d %H:%M}",
        "timely": _timely(file, master),
        "records": sum(bool(record.sheet) for record in file.records.values()),
        "errors": own[Severity.ERROR],
        "warnings": own[Severity.WARNING],
        "sha256": submission.sha256,
    }


def _timely(file: CheckedFile, master: Master) -> str:
    if file.verdict not in (Verdict.ACCEPTED, Verdict.SUPERSEDED):
        return ""
    return "逾期" if is_late(file, master) else "及时"


def is_late(file: CheckedFile, master: Master) -> bool:
    """Whether a file was received after the deadline's day."""
    return file.submission.received.date() > master.round.settings.deadline


def _late(master: Master, files: Sequence[CheckedFile]) -> list[Unit]:
    """Units whose first good return came after the deadline."""
    good = (Verdict.ACCEPTED, Verdict.SUPERSEDED)
    timely: dict[str, bool] = {}
    for file in files:
        if file.unit and file.verdict in good:
            timely[file.unit.code] = timely.get(file.unit.code, False) or not is_late(file, master)
    return [unit for unit in master.round.plan.units if timely.get(unit.code) is False]
