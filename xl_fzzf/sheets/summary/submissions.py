"""报送情况 of a summary: who reported, or which files came; and 校验结果 of the city's."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from xl_fzzf.model.city import City
from xl_fzzf.model.district import NOT_REPORTED, REPORTED, TYPED
from xl_fzzf.model.finding import Finding
from xl_fzzf.model.round import Standing
from xl_fzzf.model.status import Status
from xl_fzzf.model.submission import NOTHING, Timeliness, Verdict
from xl_fzzf.office.tables import Column
from xl_fzzf.sheets import city_spec
from xl_fzzf.sheets import spec as layout
from xl_fzzf.sheets.common_blocks import (
    UPRIGHT,
    BroadColumn,
    all_but_last,
    list_page,
    section,
)
from xl_fzzf.sheets.lists import Line, finding_lines
from xl_fzzf.sheets.page import Band, Listing, Page
from xl_fzzf.sheets.styles import SEVERITY_STYLES, STATUS_STYLES, VERDICT_STYLES
from xl_fzzf.sheets.summary.phrases import say_date, tally

_HIGHLIGHTS = {
    "reported": {
        REPORTED: STATUS_STYLES[Status.MET],
        TYPED: STATUS_STYLES[Status.MISSING],
        NOT_REPORTED: STATUS_STYLES[Status.UNMET],
    },
    "timely": {
        Timeliness.ON_TIME.value: STATUS_STYLES[Status.MET],
        Timeliness.LATE.value: STATUS_STYLES[Status.MISSING],
    },
}
_QUARANTINED = (
    BroadColumn(0, "文件", right=1),
    BroadColumn(2, "原因和怎么办", right=6),
    BroadColumn(7, "收到时间", right=9),
)
_OF_DISTRICTS = {
    "unit": Column("unit", "区县", 12),
    # a place in the district's file: no link leads there, and it shall not style like one
    "place": Column("where", "定位", 18),
}
_WIDTHS = {"number": 5, "severity": 7, "indicator": 8, "message": 34, "value": 13, "expected": 18}
_FINDING_COLUMNS = tuple(
    _OF_DISTRICTS.get(column.field)
    or replace(column, width=_WIDTHS.get(column.field, min(column.width, 30)))
    for column in layout.FINDING_COLUMNS
    if column.field not in ("waiver", "title", "source")
)


def submissions_page(standing: Standing) -> Page:
    """报送情况 of a district: every unit, the missing ones first, and the quarantined files."""
    lines = list(_unit_lines(standing))
    order = (NOT_REPORTED, TYPED, REPORTED)
    lines.sort(key=lambda line: (order.index(line["reported"]), line["timely"] != Timeliness.LATE))
    kept_out = (Verdict.QUARANTINED.label, Verdict.EXCLUDED.label)
    files = [file for file in standing.files if file.verdict in kept_out]
    note = (
        f"应报 {len(standing.units)} 个，已报 {len(standing.reported)} 个，"
        f"逾期 {len(standing.late)} 个{_say_typed(standing)}{_say_nothing(standing)}；报送截止 {say_date(standing.round.settings.deadline)}"
    )
    quarantined = section(
        f"已隔离、不采用的文件：{len(files)} 份",
        len(layout.SUBMISSION_COLUMNS) - 1,
        _QUARANTINED,
        [(file.file, file.reason, file.received) for file in files],
        22,
    )
    listing = Listing(layout.SUBMISSION_COLUMNS, lines, _HIGHLIGHTS)
    return list_page(layout.SUBMISSIONS, note, listing, [Band(), *quarantined], UPRIGHT)


def _unit_lines(standing: Standing) -> Iterator[Line]:
    totals = {total.unit.code: total for total in standing.unit_totals}
    for unit in standing.units:
        total, there = totals[unit.code], unit.code in standing.reported
        yield {
            "unit": unit.name,
            "kind": unit.kind,
            "reported": REPORTED
            if there
            else TYPED
            if unit.code in standing.typed
            else NOT_REPORTED,
            "timely": Timeliness.of(unit.code in standing.late).value if there else "—",
            **tally(total.counts),
        }


def _say_typed(standing: Standing) -> str:
    count = len(standing.typed)
    return f"，{TYPED} {count} 个（没有采用的填报表，台账里有代填的数，不算已报）" if count else ""


def _say_nothing(standing: Standing) -> str:
    """Whose returns that count say 本期无."""
    units = [file.unit for file in standing.files if file.says_nothing]
    return f"，{NOTHING} {len(units)} 个（{'、'.join(units)}）" if units else ""


def city_submissions_page(city: City, files: Sequence[Line]) -> Page:
    """报送情况 of a city: every file (a line of 报送登记), what became of it, and why."""
    missing = "、".join(unit.name for unit in city.missing) or "没有"
    note = (
        f"收到 {len(files)} 个文件，采用 {len(city.districts)} 份；没有可用汇总表的区县：{missing}"
    )
    listing = Listing(city_spec.CITY_REGISTER_COLUMNS, files, {"verdict": VERDICT_STYLES})
    return list_page(layout.SUBMISSIONS, note, listing, paper=all_but_last(listing, 2))


def findings_page(findings: Sequence[Finding]) -> Page:
    """校验结果 of a city: where a district's summary is wrong by its own 数据."""
    note = "“定位”是区县汇总表中的单元格；与自己的“数据”对不上的，市里按“数据”计算"
    lines = finding_lines(findings, lambda finding: ("", ""))
    moved = [{**line, "where": line["place"]} for line in lines]
    listing = Listing(_FINDING_COLUMNS, moved, {"severity": SEVERITY_STYLES})
    return list_page(layout.FINDINGS, note, listing, paper=all_but_last(listing, 1))
