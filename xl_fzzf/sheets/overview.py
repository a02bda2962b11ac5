"""总览 of masters and returns: progress by area with links, what needs attention, units × areas; live formulas."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from xl_fzzf.model.assessment import Assessment
from xl_fzzf.model.plan import Area, Plan
from xl_fzzf.model.rollup import completeness, met_share
from xl_fzzf.model.score import UnitTotal
from xl_fzzf.model.status import Status
from xl_fzzf.office.book import Formula, Lines, Row, Value
from xl_fzzf.office.book_file import FileBook
from xl_fzzf.office.references import column_letter, link, reference
from xl_fzzf.sheets import styles
from xl_fzzf.sheets.area import AreaPlace
from xl_fzzf.sheets.shell import Shell
from xl_fzzf.sheets.spec import OVERVIEW

COUNTED = (
    Status.MISSING,
    Status.INVALID,
    Status.MET,
    Status.UNDER_WAY,
    Status.UNMET,
    Status.NOT_APPLICABLE,
)
"""The statuses in the order of their columns: what needs work comes first."""

_EXPECTED, _FILLED, _COMPLETENESS, _MET, _NEXT = "应填", "已填", "填报率", "达标率", "下一项待填"
_HEADERS = ("领域", _EXPECTED, _FILLED, *COUNTED, _COMPLETENESS, _MET, _NEXT)
_LETTER = {header: column_letter(number) for number, header in enumerate(_HEADERS, 1)}
_TABLE = 8
"""The row of the area table's header."""

_WORST = 5
"""How many tasks and units are listed as what needs attention."""

_RIGHT = 7
"""The column where the units that need attention begin, beside the tasks."""


@dataclass(frozen=True, slots=True)
class Figures:
    """The round's key figures that are not counted from the area sheets."""

    title: str
    subtitle: str
    expected: int
    reported: int


class _Rows(NamedTuple):
    """The rows of the area table's total and of the headings below it."""

    total: int
    worst: int
    heat: int


def _rows(areas: int) -> _Rows:
    total = _TABLE + areas + 1
    return _Rows(total, total + 2, total + 2 + _WORST + 3)


def add_overview(shell: Shell, plan: Plan, with_units: bool) -> None:
    """An empty 总览: column widths and the bars and scales over the places of its figures."""
    rows = _rows(len(plan.areas))
    sheet = shell.sheet(OVERVIEW, "#C00000")
    sheet.set_column(0, 0, 30, shell.style("plain"))
    sheet.set_column(1, len(_HEADERS) - 1, 10.5, shell.style("plain"))
    sheet.set_row(0, 32)
    first, last = _TABLE + 1, rows.total
    shares = f"{_LETTER[_COMPLETENESS]}{first}:{_LETTER[_MET]}{last}"
    sheet.conditional_format(shares, styles.SHARE_BAR)
    trouble = shell.format(styles.STATUS_STYLES[Status.UNMET])
    above_zero = {"type": "cell", "criteria": ">", "value": 0, "format": trouble}
    for status in (Status.INVALID, Status.UNMET):
        sheet.conditional_format(f"{_LETTER[status]}{first}:{_LETTER[status]}{last}", above_zero)
    if with_units:
        last = rows.heat + 1 + max(len(plan.units) * 3, 300)  # room for units to come
        heat = f"B{rows.heat + 2}:{column_letter(len(plan.areas) + 1)}{last}"
        sheet.conditional_format(heat, styles.SHARE_SCALE)


@dataclass(frozen=True)
class Overview:
    """What 总览 tells; `places` by area number. With `units` it is a master's, without a return's."""

    plan: Plan
    places: Mapping[int, AreaPlace]
    assessments: Sequence[Assessment]
    figures: Figures
    units: Sequence[UnitTotal] = ()

    def write(self, book: FileBook) -> None:
        """Write the whole sheet."""
        self._put_figures()
        self._put_areas()
        if self.units:
            self._put_worst_tasks()
            self._put_worst_units()
            self._put_heat()
        self._lines.blank_to(len(book.read(OVERVIEW)))
        book.write(OVERVIEW, 1, 1, self._lines.values, self._lines.styles)
        book.set_heights(OVERVIEW, self._heights())

    @cached_property
    def _areas(self) -> list[Area]:
        return [area for area in self.plan.areas if area.number in self.places]

    @cached_property
    def _rows(self) -> _Rows:
        return _rows(len(self._areas))

    @cached_property
    def _lines(self) -> Lines:
        return Lines(max(len(_HEADERS), len(self._areas) + 3))

    @cached_property
    def _by_area(self) -> dict[int, list[Assessment]]:
        groups: dict[int, list[Assessment]] = defaultdict(list)
        for assessment in self.assessments:
            groups[self.plan.area_of[assessment.indicator.code].number].append(assessment)
        return groups

    @cached_property
    def _counts(self) -> Counter[Status]:
        return Counter(assessment.status for assessment in self.assessments)

    def _heights(self) -> dict[int, float]:
        heights = dict.fromkeys(range(3, len(self._lines.values) + 1), 20.0)
        heights |= {1: 32.0, 2: 20.0, 5: 30.0, _TABLE: 22.0}
        if self.units:
            first = self._rows.worst + 2
            heights |= dict.fromkeys(range(first, first + _WORST), 32.0)
            heights[self._rows.heat + 1] = 64.0
        return heights

    def _put_section(self, row: int, title: str, width: int) -> None:
        self._lines.put(row, [title] + [None] * (width - 1), "section")

    def _put_figures(self) -> None:
        self._lines.put(1, [self.figures.title], "title")
        self._lines.put(2, [self.figures.subtitle], "subtitle")
        counts, cells = self._counts, list[tuple[str, Value, str]]()
        if self.units:
            cells.append(("应报单位", self.figures.expected, "figure"))
            cells.append(("已报单位", self.figures.reported, "figure"))
        cells += [
            (_EXPECTED, self._from_total(_EXPECTED, counts.total()), "figure"),
            (_COMPLETENESS, self._from_total(_COMPLETENESS, completeness(counts)), _SHARE_FIGURE),
            (_MET, self._from_total(_MET, _met(counts)), _SHARE_FIGURE),
        ]
        for status in (Status.UNMET, Status.INVALID, Status.MISSING):
            cells.append((status, self._from_total(status, counts[status]), "figure"))
        for column, (label, value, style) in enumerate(cells, 1):
            self._lines.put(4, [label], "label", left=column)
            self._lines.put(5, [value], style, left=column)

    def _from_total(self, header: str, cached: float | str) -> Formula:
        return Formula(f"{_LETTER[header]}{self._rows.total}", cached)

    def _put_areas(self) -> None:
        headers = _HEADERS[:-1] if self.units else _HEADERS
        self._put_section(_TABLE - 1, "各领域进展(点领域名称进入填报)", len(headers))
        self._lines.put(_TABLE, headers, "header")
        for row, area in enumerate(self._areas, _TABLE + 1):
            place, group = self.places[area.number], self._by_area[area.number]
            counts = Counter(assessment.status for assessment in group)
            status = reference(place.sheet, place.column("status"))
            line: Row = [link(place.sheet, "A1", place.sheet)]
            line += [Formula(f'COUNTIF({status},"?*")', counts.total()), _filled(row, counts)]
            line += [Formula(f'COUNTIF({status},"{word}")', counts[word]) for word in COUNTED]
            line += _shares(row, counts)
            if not self.units:
                line.append(_next_missing(place, group))
            self._lines.put(row, line, "center", "link")
            self._style_shares(row)
            if not self.units:
                self._lines.styles[row - 1][len(_HEADERS) - 1] = "link"
        self._put_total()

    def _put_total(self) -> None:
        row, counts = self._rows.total, self._counts
        cached = (counts.total(), _done(counts), *(counts[status] for status in COUNTED))
        line: Row = ["合计"]
        for header, value in zip(_HEADERS[1:], cached, strict=False):
            letter = _LETTER[header]
            line.append(Formula(f"SUM({letter}{_TABLE + 1}:{letter}{row - 1})", value))
        self._lines.put(row, [*line, *_shares(row, counts)], "label")
        self._style_shares(row)

    def _style_shares(self, row: int) -> None:
        first = _HEADERS.index(_COMPLETENESS)
        self._lines.styles[row - 1][first : first + 2] = ["share", "share"]

    def _put_worst_tasks(self) -> None:
        top = self._rows.worst
        self._put_section(top, "最需要关注", 11)
        self._lines.put(top + 1, ["任务", *_TROUBLES, _MET], "header")
        tasks: dict[str, Counter[Status]] = defaultdict(Counter)
        for assessment in self.assessments:
            tasks[assessment.indicator.task][assessment.status] += 1
        order = list(self.plan.tasks)
        worst = sorted(tasks, key=lambda number: (-_weight(tasks[number]), order.index(number)))
        for row, number in enumerate(worst[:_WORST], top + 2):
            words = self.plan.tasks[number].name or self.plan.tasks[number].text
            line: Row = [f"{number}. {words[:26]}…", *_troubles(tasks[number]), _met(tasks[number])]
            self._lines.put(row, line, "center", "text")
            self._lines.styles[row - 1][len(line) - 1] = "share"

    def _put_worst_units(self) -> None:
        top = self._rows.worst
        self._lines.put(top + 1, ["单位", *_TROUBLES, "得分"], "header", left=_RIGHT)
        low = sorted(self.units, key=lambda u: (u.score is None, u.score or 0.0, u.unit.code))
        for row, unit in enumerate(low[:_WORST], top + 2):
            line: Row = [unit.unit.name, *_troubles(unit.counts), _score(unit)]
            self._lines.put(row, line, "center", left=_RIGHT)

    def _put_heat(self) -> None:
        """Units × areas: the share of met records, as a formula over the area sheet."""
        top, areas = self._rows.heat, self._areas
        headers = ["单位", *(area.name for area in areas), "得分", "名次"]
        self._put_section(top, "单位 × 领域 达标率", len(headers))
        self._lines.put(top + 1, headers, "header")
        counts: dict[tuple[str, int], Counter[Status]] = defaultdict(Counter)
        for number, group in self._by_area.items():
            for assessment in group:
                counts[assessment.unit.code, number][assessment.status] += 1
        for row, unit in enumerate(self.units, top + 2):
            line: Row = [unit.unit.name]
            for area in areas:
                met = counts[unit.unit.code, area.number]
                line.append(_met_formula(self.places[area.number], row, met))
            self._lines.put(row, [*line, _score(unit), unit.rank], "share", "text")
            self._lines.styles[row - 1][len(line) : len(line) + 2] = ["center", "center"]


_SHARE_FIGURE = "figure_percent"
_TROUBLES = (Status.UNMET, Status.INVALID, Status.MISSING)


def _troubles(counts: Counter[Status]) -> Row:
    return [counts[status] for status in _TROUBLES]


def _weight(counts: Counter[Status]) -> float:
    return counts[Status.UNMET] + counts[Status.INVALID] + counts[Status.MISSING] / 1000


def _score(unit: UnitTotal) -> Value:
    return "—" if unit.score is None else unit.score


def _done(counts: Counter[Status]) -> int:
    return counts.total() - counts[Status.MISSING]


def _filled(row: int, counts: Counter[Status]) -> Formula:
    return Formula(f"{_LETTER[_EXPECTED]}{row}-{_LETTER[Status.MISSING]}{row}", _done(counts))


def _shares(row: int, counts: Counter[Status]) -> Row:
    """填报率 and 达标率; 不适用 does not count against 达标率."""
    expected, filled = f"{_LETTER[_EXPECTED]}{row}", f"{_LETTER[_FILLED]}{row}"
    met, exempt = (f"{_LETTER[status]}{row}" for status in (Status.MET, Status.NOT_APPLICABLE))
    return [
        Formula(f"IF({expected}>0,{filled}/{expected},0)", completeness(counts)),
        Formula(f'IF({expected}>{exempt},{met}/({expected}-{exempt}),"—")', _met(counts)),
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


def _met_formula(place: AreaPlace, row: int, counts: Counter[Status]) -> Formula:
    unit, status = (reference(place.sheet, place.column(name)) for name in ("unit", "status"))
    own = f"{unit},${_LETTER['领域']}{row},{status}"
    applicable = f'(COUNTIFS({own},"?*")-COUNTIFS({own},"{Status.NOT_APPLICABLE}"))'
    return Formula(f'IFERROR(COUNTIFS({own},"{Status.MET}")/{applicable},"—")', _met(counts))
