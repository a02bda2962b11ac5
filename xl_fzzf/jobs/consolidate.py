"""consolidate: the returns in a folder become the master's records; what staff typed there stays."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from xl_fzzf.jobs.checking import CheckedFile, sort_findings
from xl_fzzf.jobs.lock import only_run
from xl_fzzf.jobs.master import Master, open_master, refresh, reported_units, save
from xl_fzzf.jobs.merging import find_faults, find_repeated, merge_files
from xl_fzzf.jobs.progress import Progress, silent
from xl_fzzf.jobs.readers import Readers
from xl_fzzf.jobs.receive import Receiving
from xl_fzzf.jobs.registering import late_units, write_lists
from xl_fzzf.jobs.settling import settle
from xl_fzzf.jobs.workspace import JobError, Workspace
from xl_fzzf.model.assessment import Assessment
from xl_fzzf.model.finding import Finding, Severity
from xl_fzzf.model.plan import Unit
from xl_fzzf.model.status import Status
from xl_fzzf.model.submission import Verdict
from xl_fzzf.sheets.area import Key

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
    sources, origins, conflicts = merge_files(master, files)
    assessments = master.assess(as_of)
    found = [*conflicts, *find_repeated(master), *find_faults(master, sources, assessments)]
    found += [finding for file in files for finding in file.findings]
    findings = sort_findings(found)
    reported = reported_units(master.records.values()) | {
        file.unit.code for file in files if file.unit and file.verdict is Verdict.ACCEPTED
    }
    refresh(master, assessments, as_of, len(reported), _hints(master, findings))
    write_lists(master, files, findings, assessments, as_of)
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
        late_units(master, files),
    )


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
