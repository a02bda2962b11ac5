"""All area sheets of a workbook at once: a plan has one for each area."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from xl_fzzf.model.assessment import Assessment
from xl_fzzf.model.plan import Plan
from xl_fzzf.model.record import Key
from xl_fzzf.model.submission import SheetContent
from xl_fzzf.office.book import Value
from xl_fzzf.office.book_file import FileBook
from xl_fzzf.office.references import column_number
from xl_fzzf.sheets.area import AreaPlace, read_area, write_area
from xl_fzzf.sheets.spec import area_sheet


def read_areas(book: FileBook, plan: Plan) -> Iterator[SheetContent]:
    """The area sheets that the book has, in the plan's order; one that has lost its table is left out."""
    for area in plan.areas:
        sheet = area_sheet(area)
        content = read_area(sheet, book.read(sheet)) if sheet in book.sheet_names else None
        if content is not None:
            yield content


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
    groups: dict[int, list[Assessment]] = {}
    for assessment in assessments:
        groups.setdefault(plan.area_of[assessment.indicator.code].number, []).append(assessment)
    places = {}
    for area in plan.areas:
        sheet = area_sheet(area)
        if area.number in groups or sheet in book.sheet_names:
            group = groups.get(area.number, [])
            places[area.number] = write_area(book, sheet, group, rows.get(sheet, {}), hints)
    return places


def write_entries(
    book: FileBook, content: SheetContent, row: int, entries: Mapping[str, Value]
) -> None:
    """Write entries, by field, into a row of an area sheet as it was read."""
    for field, entry in entries.items():
        book.write(content.name, row, column_number(content.letters[field]), [[entry]])
