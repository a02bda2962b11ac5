"""总览 of masters and returns: progress by area with links, what needs attention, units × areas; live formulas."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice, zip_longest
from typing import NamedTuple

from xl_fzzf.model.assessment import Assessment
from xl_fzzf.model.plan import Area, Plan
from xl_fzzf.model.rollup import completeness, met_share
from xl_fzzf.model.score import UnitTotal
from xl_fzzf.model.status import Status
from xl_fzzf.office.book import Formula
from xl_fzzf.office.book_file import FileBook
from xl_fzzf.office.heights import fitting_height
from xl_fzzf.office.references import column_letter, reference
from xl_fzzf.sheets import styles
from xl_fzzf.sheets.area_writer import AreaPlace
from xl_fzzf.sheets.common_blocks import tiles
from xl_fzzf.sheets.drawing import write_bands
from xl_fzzf.sheets.page import (
    Band,
    Block,
    Condition,
    Extent,
    Filling,
    Highlighted,
    Link,
    Page,
    Styled,
    dashed,
)
from xl_fzzf.sheets.readiness import GREEN
from xl_fzzf.sheets.spec import AREA_TOP, OVERVIEW

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

_RIGHT = 6
"""The column, from 0, where the units that need attention begin, beside the tasks."""

_TROUBLES = (Status.UNMET, Status.INVALID, Status.MISSING)
_WIDTHS = 42, *[9.5] * (len(_HEADERS) - 1)
_SHARE_PLACES = _HEADERS.index(_COMPLETENESS), _HEADERS.index(_MET)
_MOST = 34
"""How many characters of a task fit two lines beside its number."""

_HIGH = 20.0
"""The height of most rows."""


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


def overview_page(plan: Plan, with_units: bool) -> Page:
    """An empty 总览: column widths and the bars and scales over the places of its figures."""
    rows = _rows(len(plan.areas))
    trouble = styles.STATUS_STYLES[Status.UNMET]
    above_zero = {"type": "cell", "criteria": ">", "value": 0, "format": trouble}
    conditions: list[tuple[Extent, Condition]] = [(_SHARE_PLACES, styles.bar(1))]
    for place in map(_HEADERS.index, (Status.INVALID, Status.UNMET)):
        conditions.append(((place, place), above_zero))
    table = [Band()] * (rows.total - _TABLE)
    top = Highlighted([Band((), 32), *[Band()] * (_TABLE - 1)], [((0, 0), GREEN)])
    blocks: list[Block] = [top, Highlighted(table, conditions)]
    if with_units:
        room = [Band()] * max(len(plan.units) * 3, 300)  # for units to come
        blocks += [Band()] * (rows.heat + 1 - rows.total)
        blocks.append(Highlighted(room, [((1, len(plan.areas)), styles.SHARE_SCALE)]))
    columns = [(width, "plain") for width in _WIDTHS]
    return Page(OVERVIEW, columns, blocks, tab="#C00000", zoom=90, opens=with_units)


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
        bands = [*self._figure_bands(), *self._area_bands()]
        if self.units:
            bands += [Band((), _HIGH), *self._worst_bands(), Band((), _HIGH), *self._heat_bands()]
        bands += [Band((), _HIGH)] * (len(book.read(OVERVIEW)) - len(bands))
        write_bands(book, OVERVIEW, bands, max(len(_HEADERS), len(self._areas) + 3))

    @cached_property
    def _areas(self) -> list[Area]:
        return [area for area in self.plan.areas if area.number in self.places]

    @cached_property
    def _rows(self) -> _Rows:
        return _rows(len(self._areas))

    @cached_property
    def _by_area(self) -> dict[int, list[Assessment]]:
        groups: dict[int, list[Assessment]] = defaultdict(list)
        for assessment in self.assessments:
            groups[self.plan.area_of[assessment.indicator.code].number].append(assessment)
        return groups

    @cached_property
    def _counts(self) -> Counter[Status]:
        return Counter(assessment.status for assessment in self.assessments)

    def _figure_bands(self) -> Iterator[Band]:
        yield Band(tiles([self.figures.title], "title"), 32)
        yield Band(tiles([self.figures.subtitle], "subtitle"), _HIGH)
        yield Band((), _HIGH)
        counts, figures = self._counts, dict[str, Filling | Styled]()
        if self.units:
            figures = {"应报单位": self.figures.expected, "已报单位": self.figures.reported}
        shares = {_COMPLETENESS: completeness(counts), _MET: dashed(met_share(counts))}
        totals: dict[str, float | str] = {_EXPECTED: counts.total(), **shares}
        totals |= {status: counts[status] for status in _TROUBLES}
        for header, cached in totals.items():
            figure = Formula(f"{_LETTER[header]}{self._rows.total}", cached)
            figures[header] = Styled(figure, "figure_percent" if header in shares else "figure")
        yield Band(tiles(figures, "label"), _HIGH)
        yield Band(tiles(figures.values(), "figure"), 30)
        yield Band((), _HIGH)

    def _area_bands(self) -> Iterator[Band]:
        headers = _HEADERS[:-1] if self.units else _HEADERS
        yield _section("各领域进展（点领域名称进入填报）", len(headers))
        yield Band(tiles(headers, "header"), 22)
        for row, area in enumerate(self._areas, _TABLE + 1):
            place, group = self.places[area.number], self._by_area[area.number]
            counts = Counter(assessment.status for assessment in group)
            status = reference(place.sheet, place.column("status"))
            line: list[Filling | Styled] = [
                Styled(Link(place.sheet, AREA_TOP, place.sheet), "link"),
                Formula(f'COUNTIF({status},"?*")', counts.total()),
                Formula(f"{_LETTER[_EXPECTED]}{row}-{_LETTER[Status.MISSING]}{row}", _done(counts)),
                *(Formula(f'COUNTIF({status},"{word}")', counts[word]) for word in COUNTED),
                *_shares(row, counts),
            ]
            if not self.units:
                line.append(Styled(_next_missing(place, group), "link"))
            yield Band(tiles(line, "center"), fitting_height([(place.sheet, _WIDTHS[0])]))
        yield self._total_band()

    def _total_band(self) -> Band:
        row, counts = self._rows.total, self._counts
        cached = (counts.total(), _done(counts), *(counts[status] for status in COUNTED))
        sums = [
            Formula(f"SUM({letter}{_TABLE + 1}:{letter}{row - 1})", value)
            for letter, value in zip(list(_LETTER.values())[1:], cached, strict=False)
        ]
        return Band(tiles(["合计", *sums, *_shares(row, counts)], "label"), _HIGH)

    def _worst_bands(self) -> Iterator[Band]:
        """The tasks and units that need attention, side by side."""
        yield _section("最需要关注", 11)
        tasks = tiles(["任务", *_TROUBLES, _MET], "header")
        yield Band([*tasks, *tiles(["单位", *_TROUBLES, "得分"], "header", _RIGHT)], _HIGH)
        low = sorted(self.units, key=lambda u: (u.score is None, u.score or 0.0, u.unit.code))
        units = [[u.unit.name, *_troubles(u.counts), dashed(u.score)] for u in low]
        pairs = zip_longest(self._worst_tasks(), units, range(_WORST), fillvalue=())
        for task, unit, _ in islice(pairs, _WORST):
            yield Band([*tiles(task, "center"), *tiles(unit, "center", _RIGHT)], 36)

    def _worst_tasks(self) -> Iterator[list[Filling | Styled]]:
        counts: dict[str, Counter[Status]] = defaultdict(Counter)
        for assessment in self.assessments:
            counts[assessment.indicator.task][assessment.status] += 1
        order = list(self.plan.tasks)
        for number in sorted(counts, key=lambda task: (-_weight(counts[task]), order.index(task))):
            task, own = self.plan.tasks[number], counts[number]
            words = Styled(f"{number}. {_short(task.name or task.text)}", "text")
            yield [words, *_troubles(own), Styled(dashed(met_share(own)), "share")]

    def _heat_bands(self) -> Iterator[Band]:
        """Units × areas: the share of met records, as a formula over the area sheet."""
        headers = ["单位", *(area.name for area in self._areas), "得分", "名次"]
        yield _section("单位 × 领域 达标率", len(headers))
        yield Band(tiles(headers, "header"), 64)
        counts: dict[tuple[str, int], Counter[Status]] = defaultdict(Counter)
        for number, group in self._by_area.items():
            for assessment in group:
                counts[assessment.unit.code, number][assessment.status] += 1
        for row, unit in enumerate(self.units, self._rows.heat + 2):
            met = (
                _met_formula(self.places[area.number], row, counts[unit.unit.code, area.number])
                for area in self._areas
            )
            score = (Styled(dashed(value), "center") for value in (unit.score, unit.rank))
            yield Band(tiles([Styled(unit.unit.name, "text"), *met, *score], "share"), _HIGH)


def _short(words: str) -> str:
    """A task's words as two lines hold them."""
    return words if len(words) <= _MOST else f"{words[: _MOST - 1]}…"


def _section(title: str, width: int) -> Band:
    return Band(tiles([title, *[None] * (width - 1)], "section"), _HIGH)


def _troubles(counts: Counter[Status]) -> list[int]:
    return [counts[status] for status in _TROUBLES]


def _weight(counts: Counter[Status]) -> float:
    return counts[Status.UNMET] + counts[Status.INVALID] + counts[Status.MISSING] / 1000


def _done(counts: Counter[Status]) -> int:
    return counts.total() - counts[Status.MISSING]


def _shares(row: int, counts: Counter[Status]) -> list[Styled]:
    """填报率 and 达标率; 不适用 does not count against 达标率."""
    expected, filled = f"{_LETTER[_EXPECTED]}{row}", f"{_LETTER[_FILLED]}{row}"
    met, exempt = (f"{_LETTER[status]}{row}" for status in (Status.MET, Status.NOT_APPLICABLE))
    done = f"IF({expected}>0,{filled}/{expected},0)"
    share = f'IF({expected}>{exempt},{met}/({expected}-{exempt}),"—")'
    figures = Formula(done, completeness(counts)), Formula(share, dashed(met_share(counts)))
    return [Styled(figure, "share") for figure in figures]


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
    share = f'IFERROR(COUNTIFS({own},"{Status.MET}")/{applicable},"—")'
    return Formula(share, dashed(met_share(counts)))
