"""Write a master: its records as judged and what follows from them, and the lists of what came in."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date

from xl_fzzf.desk.master import Master
from xl_fzzf.desk.outcome import Brought, Outcome
from xl_fzzf.model.assessment import Assessment
from xl_fzzf.model.finding import Finding, Severity
from xl_fzzf.model.record import Key
from xl_fzzf.model.score import total_units
from xl_fzzf.model.submission import SheetContent
from xl_fzzf.sheets import spec as layout
from xl_fzzf.sheets.area_writer import write_areas
from xl_fzzf.sheets.assignments import write_followed
from xl_fzzf.sheets.lists import finding_lines, register_line, unmet_lines, write_list
from xl_fzzf.sheets.overview import Figures, Overview
from xl_fzzf.sheets.shell_books import write_next_step
from xl_fzzf.sheets.stamp import write_stamp

_HINTS_SHOWN = 3


def write_lists(master: Master, brought: Brought) -> None:
    """Write 报送登记 and 校验结果, of any level, once the records are written; raises LayoutError."""
    deadline = master.round.settings.deadline
    lines = [register_line(file, brought.findings, deadline) for file in brought.files]
    write_list(master.book, layout.REGISTER, lines)

    def locate(finding: Finding) -> tuple[str, str]:
        unit = master.round.plan.find_unit(finding.unit)
        key = (unit.code if unit else "", finding.indicator)
        return master.cell(key, finding.field or "code") if key in master.records else ("", "")

    write_list(master.book, layout.FINDINGS, finding_lines(brought.findings, locate))


def write_records(master: Master, brought: Brought) -> Outcome:
    """Write a district's records as judged, and what is unmet; raises LayoutError."""
    assessments = brought.assessments
    counted = {file.unit.code for file in brought.files if file.unit and file.counts}
    reporting = master.reporting(counted)
    hints = _hints(master, brought.findings)
    refresh(master, assessments, brought.as_of, len(reporting.reported), hints)
    write_unmet(master, assessments, brought.as_of)
    return Outcome(assessments, *reporting)


def write_unmet(master: Master, assessments: Sequence[Assessment], as_of: date) -> None:
    """Write 未达标清单 in place of the one that stands there; raises LayoutError."""
    unmet = unmet_lines(assessments, as_of, lambda a: master.cell(a.record.key, "status"))
    write_list(master.book, layout.UNMET, unmet)


def refresh_as_of(master: Master, as_of: date) -> list[Assessment]:
    """Judge a master's records as of a date and write what follows; 校验提示 stays."""
    assessments = master.assess(as_of)
    rows = (row for content in master.contents.values() for row in content.rows)
    hints = {row.record.key: row.hint for row in rows if row.hint}
    refresh(master, assessments, as_of, len(master.reporting(()).reported), hints)
    return assessments


def refresh(
    master: Master,
    assessments: Sequence[Assessment],
    as_of: date,
    reported: int,
    hints: Mapping[Key, str],
) -> None:
    """Write the records as judged and all that follows: area sheets, stamp, 责任分工, 总览."""
    plan, settings = master.round.plan, master.round.settings
    write_followed(master.book, master.round)
    write_next_step(master.book, settings.period)
    write_stamp(master.book, {"as_of": as_of, "deadline": settings.deadline})
    places = write_areas(master.book, plan, assessments, master.rows, hints)
    master.rows = {place.sheet: dict(place.rows) for place in places.values()}
    for place in places.values():
        master.contents[place.sheet] = SheetContent(place.sheet, place.letters)
    figures = Figures(
        f"{plan.district}{plan.subject}工作台账",
        f"{settings.period.label}  ·  统计日期 {as_of}  ·  报送截止 {settings.deadline}",
        len(master.expected_units),
        reported,
    )
    units = total_units(plan, assessments)
    Overview(plan, places, assessments, figures, units).write(master.book)


def _hints(master: Master, findings: Sequence[Finding]) -> dict[Key, str]:
    """校验提示 of each record: its findings in short."""
    names = {unit.name: unit.code for unit in master.round.plan.units}
    messages: dict[Key, list[str]] = defaultdict(list)
    for finding in findings:
        open_ = finding.severity is not Severity.INFO and not finding.accepted
        if finding.indicator and open_ and finding.unit in names:
            messages[names[finding.unit], finding.indicator].append(finding.message)
    return {
        key: "；".join(list(dict.fromkeys(found))[:_HINTS_SHOWN]) for key, found in messages.items()
    }
