"""Write what a consolidation found into the master's lists: 报送登记, 校验结果, 未达标清单."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from xl_fzzf.desk.master import Master
from xl_fzzf.model.assessment import Assessment
from xl_fzzf.model.finding import Finding
from xl_fzzf.model.judged import Judged
from xl_fzzf.model.plan import Plan, Unit
from xl_fzzf.model.submission import Verdict
from xl_fzzf.sheets import spec as layout
from xl_fzzf.sheets.lists import finding_lines, register_line, unmet_lines, write_list

_GOOD = (Verdict.ACCEPTED, Verdict.SUPERSEDED)


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

    lines = [register_line(file, findings, master.round.settings.deadline) for file in files]
    write_list(master.book, layout.REGISTER, lines)
    write_list(master.book, layout.FINDINGS, finding_lines(findings, locate))
    write_unmet(master, assessments, as_of)


def write_unmet(master: Master, assessments: Sequence[Assessment], as_of: date) -> None:
    """Write 未达标清单 in place of the one that stands there; raises LayoutError."""
    unmet = unmet_lines(assessments, as_of, lambda a: master.cell(a.record.key, "status"))
    write_list(master.book, layout.UNMET, unmet)


def late_units(plan: Plan, files: Sequence[Judged], deadline: date) -> list[Unit]:
    """Units whose first good return came after the deadline."""
    good = [file for file in files if file.unit and file.verdict in _GOOD]
    reported = {file.unit for file in good}
    timely = {file.unit for file in good if not file.is_late(deadline)}
    return [unit for unit in plan.units if unit in reported and unit not in timely]
