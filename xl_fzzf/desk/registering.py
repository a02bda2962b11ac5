"""Write what a consolidation found into the master's lists: 报送登记, 校验结果, 未达标清单."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date

from xl_fzzf.desk.master import Master
from xl_fzzf.model.assessment import Assessment
from xl_fzzf.model.finding import Finding, Severity
from xl_fzzf.model.judged import Judged
from xl_fzzf.model.plan import Unit
from xl_fzzf.model.submission import Timeliness, Verdict
from xl_fzzf.sheets import spec as layout
from xl_fzzf.sheets.lists import Line, finding_lines, unmet_lines, write_list


def write_lists(
    master: Master,
    files: Sequence[Judged],
    findings: Sequence[Finding],
    assessments: Sequence[Assessment],
    as_of: date,
) -> None:
    """Write the three lists in place of those that stand there; raises LayoutError."""
    names = {unit.name: unit.code for unit in master.round.plan.units}

    def locate(finding: Finding) -> tuple[str, str]:
        key = (names.get(finding.unit, ""), finding.indicator)
        return master.cell(key, "code") if key in master.records else ("", "")

    lines = [register_line(file, findings, master) for file in files]
    write_list(master.book, layout.REGISTER, lines)
    write_list(master.book, layout.FINDINGS, finding_lines(findings, locate))
    write_unmet(master, assessments, as_of)


def write_unmet(master: Master, assessments: Sequence[Assessment], as_of: date) -> None:
    """Write 未达标清单 in place of the one that stands there; raises LayoutError."""
    unmet = unmet_lines(assessments, as_of, lambda a: master.cell(a.record.key, "status"))
    write_list(master.book, layout.UNMET, unmet)


def register_line(file: Judged, findings: Sequence[Finding], master: Master) -> Line:
    """A received file's line of 报送登记."""
    submission = file.submission
    own = Counter(f.severity for f in findings if f.file == submission.file and not f.accepted)
    return {
        "file": submission.file,
        "unit": file.unit_name,
        "verdict": file.verdict.label,
        "reason": file.reason,
        "received": f"{submission.received:%Y-%m-%d %H:%M}",
        "timely": _timely(file, master),
        "records": sum(bool(record.sheet) for record in file.records.values()),
        "errors": own[Severity.ERROR],
        "warnings": own[Severity.WARNING],
        "read": file.account.read,
        "found": file.account.found,
        "ignored": file.account.ignored,
        "sha256": submission.sha256,
    }


def _timely(file: Judged, master: Master) -> str:
    if file.verdict not in (Verdict.ACCEPTED, Verdict.SUPERSEDED):
        return ""
    return Timeliness.of(file.is_late(master.round.settings.deadline)).value


def late_units(master: Master, files: Sequence[Judged]) -> list[Unit]:
    """Units whose first good return came after the deadline."""
    good = (Verdict.ACCEPTED, Verdict.SUPERSEDED)
    timely: dict[str, bool] = {}
    for file in files:
        if file.unit and file.verdict in good:
            on_time = not file.is_late(master.round.settings.deadline)
            timely[file.unit.code] = timely.get(file.unit.code, False) or on_time
    return [unit for unit in master.round.plan.units if timely.get(unit.code) is False]
