"""总览: progress by area with links, what needs attention, and units × areas; all live formulas."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from xl_fzzf.model.assessment import Assessment
from xl_fzzf.model.plan import Area, Plan
from xl_fzzf.model.rollup import UnitTotal, completeness, met_share
from xl_fzzf.model.status import Status
from xl_fzzf.office.book import Book, Formula, Value
from xl_fzzf.office.references import column_letter, link, reference
from xl_fzzf.office.rows import Lines, Row
from xl_fzzf.sheets.area import AreaPlace
from xl_fzzf.sheets.overview_places import COUNTED, WORST, OverviewPlaces
from xl_fzzf.sheets.spec import OVERVIEW

_WIDTH = 12
_HEADERS = ("领域", "应填", "已填", *COUNTED, "填报率", "达标率", "下一项待填")


@dataclass(frozen=True, slots=True)
class Figures:
    """The round's key figures that are not counted from the area sheets."""

    title: str
    subtitle: str
    expected: int
    reported: int


def write_overview(
    book: Book,
    plan: Plan,
    places: Mapping[int, AreaPlace],
    assessments: Sequence[Assessment],
    figures: Figures,
    units: Sequence[UnitTotal],
) -> None:
    """Write 总览; `places` by area number. With `units` it is a master's, without a return's."""
    areas = [area for area in plan.areas if area.number in places]
    rows = OverviewPlaces(len(areas), len(units))
    lines = Lines(max(_WIDTH, len(areas) + 3))
    lines.put(1, [figures.title], "title")
    lines.put(2, [figures.subtitle], "subtitle")
    _put_areas(lines, rows, plan, areas, places, assessments, bool(units))
    _put_figures(lines, rows, figures, assessments, bool(units))
    if units:
        _put_worst(lines, rows, plan, assessments, units)
        _put_heat(lines, rows, plan, areas, places, assessments, units)
    lines.blank_to(len(book.read(OVERVIEW)))
    book.write(OVERVIEW, 1, 1, lines.values, lines.styles)
    heights = dict.fromkeys(range(3, len(lines.values) + 1), 20.0)
    heights |= {1: 32.0, 2: 20.0, 5: 30.0, rows.table: 22.0}
    if units:
        heights[rows.heat + 1] = 64.0
        heights.update(dict.fromkeys(range(rows.worst + 2, rows.worst + 2 + WORST), 32.0))
    book.set_heights(OVERVIEW, heights)


def _put_areas(
    lines: Lines,
    rows: OverviewPlaces,
    plan: Plan,
    areas: Sequence[Area],
    places: Mapping[int, AreaPlace],
    assessments: Sequence[Assessment],
    master: bool,
) -> None:
    headers = _HEADERS[:-1] if master else _HEADERS
    lines.put(
        rows.table - 1, ["各领域进展(点领域名称进入填报)"] + [None] * (len(headers) - 1), "section"
    )
    lines.put(rows.table, headers, "header")
    groups: dict[int, list[Assessment]] = {area.number: [] for area in areas}
    for assessment in assessments:
        groups[plan.area_of[assessment.indicator.code].number].append(assessment)
    for offset, area in enumerate(areas, 1):
        row, place = rows.table + offset, places[area.number]
        counts = Counter(assessment.status for assessment in groups[area.number])
        line: Row = [link(place.sheet, "A1", place.sheet)]
        total = f'COUNTIF({reference(place.sheet, place.column("status"))},"?*")'
        line += [Formula(total, counts.total()), _filled(row, counts)]
        line += [_count(place, status, counts[status]) for status in COUNTED]
        line += _shares(row, counts)
        if not master:
            line.append(_next_missing(place, groups[area.number]))
        lines.put(row, line, "center", "link")
        _style_shares(lines, row, master)
    everything = Counter(assessment.status for assessment in assessments)
    line = ["合计"]
    for index, cached in enumerate(
        (everything.total(), _done(everything), *(everything[s] for s in COUNTED))
    ):
        letter = column_letter(index + 2)
        line.append(Formula(f"SUM({letter}{rows.table + 1}:{letter}{rows.total - 1})", cached))
    line += _shares(rows.total, everything)
    lines.put(rows.total, line, "label")
    _style_shares(lines, rows.total, True)


def _style_shares(lines: Lines, row: int, master: bool) -> None:
    lines.styles[row - 1][9:11] = ["share", "share"]
    if not master:
        lines.styles[row - 1][11] = "link"


def _done(counts: Counter[Status]) -> int:
    return counts.total() - counts[Status.MISSING]


def _filled(row: int, counts: Counter[Status]) -> Formula:
    return Formula(f"B{row}-D{row}", _done(counts))


def _count(place: AreaPlace, status: Status, cached: int) -> Formula:
    return Formula(f'COUNTIF({reference(place.sheet, place.column("status"))},"{status}")', cached)


def _shares(row: int, counts: Counter[Status]) -> Row:
    """填报率 and 达标率; 不适用 does not count against 达标率."""
    return [
        Formula(f"IF(B{row}>0,C{row}/B{row},0)", completeness(counts)),
        Formula(f'IF(B{row}>I{row},F{row}/(B{row}-I{row}),"—")', _met(counts)),
    ]


def _met(counts: Counter[Status]) -> float | str:
    share = met_share(counts)
    return "—" if share is None else share


def _next_missing(place: AreaPlace, group: Sequence[Assessment]) -> Formula:
    status = reference(place.sheet, place.column("status"))
    code = reference(place.sheet, place.column("code"))
    match = f'MATCH("{Status.MISSING}",{status},0)'
    target = reference(place.sheet, place.letters["value"]).replace('"', '""')
    formula = f'IFERROR(HYPERLINK("#{target}"&({match}+{place.first - 1}),INDEX({code},{match})),"已填完")'
    missing = [a for a in group if a.status is Status.MISSING]
    missing.sort(key=lambda a: place.rows[a.record.key])
    return Formula(formula, missing[0].indicator.code if missing else "已填完")


def _put_figures(
    lines: Lines,
    rows: OverviewPlaces,
    figures: Figures,
    assessments: Sequence[Assessment],
    master: bool,
) -> None:
    counts = Counter(assessment.status for assessment in assessments)
    total = rows.total
    cells: list[tuple[str, Value, str]] = [
        ("应填", Formula(f"B{total}", counts.total()), "figure"),
        ("填报率", Formula(f"J{total}", completeness(counts)), "figure_percent"),
        ("达标率", Formula(f"K{total}", _met(counts)), "figure_percent"),
        ("未达标", Formula(f"H{total}", counts[Status.UNMET]), "figure"),
        ("有误", Formula(f"E{total}", counts[Status.INVALID]), "figure"),
        ("待填", Formula(f"D{total}", counts[Status.MISSING]), "figure"),
    ]
    if master:
        cells[:0] = [
            ("应报单位", figures.expected, "figure"),
            ("已报单位", figures.reported, "figure"),
        ]
    for offset, (label, value, style) in enumerate(cells):
        lines.put(4, [label], "label", left=offset + 1)
        lines.put(5, [value], style, left=offset + 1)


def _put_worst(
    lines: Lines,
    rows: OverviewPlaces,
    plan: Plan,
    assessments: Sequence[Assessment],
    units: Sequence[UnitTotal],
) -> None:
    lines.put(rows.worst, ["最需要关注"] + [None] * 10, "section")
    lines.put(rows.worst + 1, ["任务", "未达标", "有误", "待填", "达标率"], "header")
    lines.put(rows.worst + 1, ["单位", "未达标", "有误", "待填", "得分"], "header", left=7)
    tasks: dict[str, Counter[Status]] = {}
    for assessment in assessments:
        tasks.setdefault(assessment.indicator.task, Counter())[assessment.status] += 1
    worst = sorted(
        tasks.items(), key=lambda item: (-_weight(item[1]), list(plan.tasks).index(item[0]))
    )
    for offset, (number, counts) in enumerate(worst[:WORST], 2):
        words = plan.tasks[number].name or plan.tasks[number].text
        line: Row = [f"{number}. {words[:26]}…", *_troubles(counts), _met(counts)]
        lines.put(rows.worst + offset, line, "center", "text")
        lines.styles[rows.worst + offset - 1][4] = "share"
    low = sorted(units, key=lambda unit: (unit.score is None, unit.score or 0.0, unit.unit.code))
    for offset, unit in enumerate(low[:WORST], 2):
        line = [unit.unit.name, *_troubles(unit.counts), "—" if unit.score is None else unit.score]
        lines.put(rows.worst + offset, line, "center", left=7)


def _weight(counts: Counter[Status]) -> float:
    return counts[Status.UNMET] + counts[Status.INVALID] + counts[Status.MISSING] / 1000


def _troubles(counts: Counter[Status]) -> Row:
    return [counts[Status.UNMET], counts[Status.INVALID], counts[Status.MISSING]]


def _put_heat(
    lines: Lines,
    rows: OverviewPlaces,
    plan: Plan,
    areas: Sequence[Area],
    places: Mapping[int, AreaPlace],
    assessments: Sequence[Assessment],
    units: Sequence[UnitTotal],
) -> None:
    """Units × areas: the share of met records, as a formula over the area sheet."""
    headers = ["单位", *(area.name for area in areas), "得分", "名次"]
    lines.put(rows.heat, ["单位 × 领域 达标率"] + [None] * (len(headers) - 1), "section")
    lines.put(rows.heat + 1, headers, "header")
    counts: dict[tuple[str, int], Counter[Status]] = defaultdict(Counter)
    for assessment in assessments:
        area_number = plan.area_of[assessment.indicator.code].number
        counts[assessment.unit.code, area_number][assessment.status] += 1
    for offset, unit in enumerate(units, 2):
        row = rows.heat + offset
        line: Row = [unit.unit.name]
        for area in areas:
            place = places[area.number]
            line.append(_met_formula(place, row, counts[unit.unit.code, area.number]))
        line += ["—" if unit.score is None else unit.score, unit.rank]
        lines.put(row, line, "share", "text")
        lines.styles[row - 1][len(areas) + 1 : len(areas) + 3] = ["center", "center"]


def _met_formula(place: AreaPlace, row: int, counts: Counter[Status]) -> Formula:
    unit, status = (reference(place.sheet, place.column(name)) for name in ("unit", "status"))
    met = f'COUNTIFS({unit},$A{row},{status},"{Status.MET}")'
    applicable = f'(COUNTIFS({unit},$A{row},{status},"?*")-COUNTIFS({unit},$A{row},{status},"{Status.NOT_APPLICABLE}"))'
    return Formula(f'IFERROR({met}/{applicable},"—")', _met(counts))
