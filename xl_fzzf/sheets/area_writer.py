"""Area sheets written: the records of masters and returns as rows that judge themselves."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from xl_fzzf.model.assessment import Assessment
from xl_fzzf.model.plan import Indicator, Plan
from xl_fzzf.model.record import ENTRY_FIELDS, Cell, Key, blank, same
from xl_fzzf.model.status import rate_formula, rate_value, status_formula
from xl_fzzf.office.book import KEEP, Formula, Value
from xl_fzzf.office.book_file import FileBook
from xl_fzzf.office.heights import fitting_height, height
from xl_fzzf.office.tables import Table, find_table, place_of
from xl_fzzf.sheets.area import AREA_KEYS, LayoutError
from xl_fzzf.sheets.entries import row_styles, validations
from xl_fzzf.sheets.hints import hint, hint_formula, unless_excused
from xl_fzzf.sheets.spec import AREA_COLUMNS, AS_OF_NAME, area_sheet

_ROW = "\x00"
_MASTER_ROW = 34.0
"""The height of a master's row: two lines, so that a dozen records are on the screen."""

_TEXT_WIDTH = AREA_COLUMNS[place_of(AREA_COLUMNS, "text")].width


@dataclass(frozen=True, slots=True)
class AreaPlace:
    """Where an area's records stand: sheet, column letters, first and last row, row of each record."""

    sheet: str
    letters: Mapping[str, str]
    first: int
    last: int
    rows: Mapping[Key, int]

    def column(self, field: str) -> str:
        """A whole column of the records as an absolute range: $N$4:$N$90."""
        letter = self.letters[field]
        return f"${letter}${self.first}:${letter}${self.last}"


def write_area(
    book: FileBook,
    plan: Plan,
    sheet: str,
    assessments: Sequence[Assessment],
    current: Mapping[Key, int],
    hints: Mapping[Key, str] | None = None,
) -> AreaPlace:
    """Write an area's records; a record that stands already (`current`: its row) keeps its place.

    New records follow below. A standing record that is not among the assessments is cleared, or, if
    something was filled in, marked as no longer counted. Rows that the tool doesn't know (staff's
    notes, 合计) are left alone. `hints` are the texts of 校验提示; without them it is a live formula.
    Raises LayoutError where the sheet has lost its table.
    """
    table = (
        find_table(book.read(sheet), AREA_COLUMNS, AREA_KEYS) if sheet in book.sheet_names else None
    )
    if table is None or table.missing:
        lost = "、".join(table.missing) if table else "单位、指标编号"
        raise LayoutError(
            f"工作表“{sheet}”缺少表头：{lost}。请在表头行补上（或从备份复制这张表），保存后再运行。"
        )
    return _AreaWriter(book, plan, sheet, table, assessments, current, hints).write()


@dataclass(frozen=True)
class _AreaWriter:
    book: FileBook
    plan: Plan
    sheet: str
    table: Table
    assessments: Sequence[Assessment]
    current: Mapping[Key, int]
    hints: Mapping[Key, str] | None

    @cached_property
    def rows(self) -> dict[int, Assessment]:
        """The assessments by row, new ones below everything that stands on the sheet."""
        bottom = self.table.bottom
        rows = {}
        for assessment in self.assessments:
            row = self.current.get(assessment.record.key)
            if row is None:
                row = bottom = bottom + 1
            rows[row] = assessment
        return rows

    @cached_property
    def standing(self) -> frozenset[int]:
        return frozenset(self.current.values())

    @cached_property
    def known_formulas(self) -> dict[Key, Mapping[str, str]]:
        """What rows have in common, by indicator and kind of unit."""
        return {}

    def write(self) -> AreaPlace:
        retired = self.standing - self.rows.keys()
        touched = [*self.rows, *retired]
        if touched:
            top, bottom = min(touched), max(touched)
            lines = [self.line(row, row in retired) for row in range(top, bottom + 1)]
            looks = [self.looks(row) for row in range(top, bottom + 1)]
            for run in self.table.runs():
                values = [[line.get(field, KEEP) for field in run] for line in lines]
                styles = [[look.get(field) for field in run] for look in looks]
                self.book.write(self.sheet, top, self.table.columns[run[0]], values, styles)
        fresh = [(row, a.indicator) for row, a in self.rows.items() if row not in self.standing]
        heights = {row: self.height(indicator) for row, indicator in fresh}
        self.book.set_heights(self.sheet, heights, fixed=True)
        self.book.validate(self.sheet, validations(self.plan, self.table.letters, fresh))
        rows = {assessment.record.key: row for row, assessment in self.rows.items()}
        first = self.table.first
        return AreaPlace(
            self.sheet, self.table.letters, first, max(rows.values(), default=first), rows
        )

    def height(self, indicator: Indicator) -> float:
        """The height of a new row, which long answers don't change: of a return's, to read what is asked."""
        if self.hints is not None:
            return _MASTER_ROW
        return min(max(fitting_height([(indicator.text, _TEXT_WIDTH)]), height(3)), height(6))

    def looks(self, row: int) -> Mapping[str, str]:
        fresh = row in self.rows and row not in self.standing
        return row_styles(self.rows[row].indicator.kind) if fresh else {}

    def line(self, row: int, retired: bool) -> Mapping[str, Value]:
        """What to write into a row, by field; nothing for a row that isn't the tool's."""
        if row in self.rows:
            values = self.values(row, self.rows[row])
            return self.changed(row, values) if row in self.standing else values
        if not retired:
            return {}
        grid_row = self.table.grid[row - 1]
        places = [self.table.columns[field] - 1 for field in ENTRY_FIELDS]
        if all(blank(grid_row[place]) for place in places if place < len(grid_row)):
            return dict.fromkeys(self.table.columns, None)
        return {"status": None, "hint": "已不在责任分工内，不计入汇总"}

    def changed(self, row: int, values: Mapping[str, Cell | Formula]) -> dict[str, Cell | Formula]:
        """Of a row's values those that its cells don't say yet; formulas always."""
        cells = self.table.grid[row - 1]
        return {
            field: value
            for field, value in values.items()
            if isinstance(value, Formula) or not same(value, cells[self.table.columns[field] - 1])
        }

    def values(self, row: int, assessment: Assessment) -> dict[str, Cell | Formula]:
        """All cells of a record's row, by field."""
        record, indicator = assessment.record, assessment.indicator
        formulas = self.formulas(assessment)

        def formula(field: str, cached: Cell) -> Formula:
            shown = cached if isinstance(cached, (str, float)) else ""
            return Formula(formulas[field].replace(_ROW, str(row)), shown)

        line = record_line(assessment)
        values: dict[str, Cell | Formula] = {**line}
        values["status"] = formula("status", assessment.status.value)
        for field in indicator.kind.computed:
            values[field] = formula(field, line[field])
        if self.hints is None:
            values["hint"] = formula("hint", hint(record, indicator, assessment.status))
        else:
            values["hint"] = self.hints.get(record.key)
        return values

    def formulas(self, assessment: Assessment) -> Mapping[str, str]:
        """The formulas of a row by field, with a mark for the row's number."""
        indicator, target, due = assessment.indicator, assessment.target, assessment.due
        key = (indicator.code, assessment.unit.kind)
        if key not in self.known_formulas:
            cells = {field: f"{letter}{_ROW}" for field, letter in self.table.letters.items()}
            status = status_formula(indicator, target, due, cells, AS_OF_NAME)
            if self.hints is None:
                status = unless_excused(indicator, cells, status)
            self.known_formulas[key] = {
                "status": status,
                "value": rate_formula(cells["numerator"], cells["denominator"]),
                "hint": hint_formula(indicator, cells),
            }
        return self.known_formulas[key]


def record_line(assessment: Assessment) -> dict[str, Cell]:
    """A record's cells by field of the area sheets, as values; a ratio's 完成值 is computed."""
    record, indicator = assessment.record, assessment.indicator
    line: dict[str, Cell] = {
        "unit": assessment.unit.name,
        "task": float(indicator.task) if indicator.task.isdigit() else indicator.task,
        "code": indicator.code,
        "text": indicator.text,
        "target": assessment.target.text(indicator.measure),
        "previous": record.previous,
        **dict(zip(ENTRY_FIELDS, record.entries(), strict=True)),
        "status": assessment.status.value,
    }
    if indicator.kind.is_ratio:
        line["value"] = rate_value(record)
    return line


def write_areas(
    book: FileBook,
    plan: Plan,
    assessments: Sequence[Assessment],
    rows: Mapping[str, Mapping[Key, int]],
    hints: Mapping[Key, str] | None,
) -> dict[int, AreaPlace]:
    """Write every area sheet that the book has or that records need; places by area number.

    `rows` says by sheet where records stand already, `hints` what 校验提示 says, as for `write_area`.
    """
    groups: dict[int, list[Assessment]] = defaultdict(list)
    for assessment in assessments:
        groups[plan.area_of[assessment.indicator.code].number].append(assessment)
    places = {}
    for area in plan.areas:
        sheet = area_sheet(area)
        if area.number in groups or sheet in book.sheet_names:
            standing = rows.get(sheet, {})
            places[area.number] = write_area(
                book, plan, sheet, groups[area.number], standing, hints
            )
    return places
