"""A master's other sheets: that each is there with its headers, before anything is read from it as blank."""

from __future__ import annotations

from collections.abc import Iterable

from xl_fzzf.model.plan import Plan
from xl_fzzf.model.problems import Place, Problems
from xl_fzzf.office.book_file import FileBook
from xl_fzzf.office.tables import find_table
from xl_fzzf.sheets import spec as layout
from xl_fzzf.sheets.driving_tables import add_headers, add_lost, open_table, say_sheet
from xl_fzzf.sheets.lists import CITY_LIST_COLUMNS, LIST_COLUMNS
from xl_fzzf.sheets.spec import AREA_COLUMNS, area_sheet

_KEYS = ("unit", "code")
_OWN = frozenset(
    {layout.GUIDE, layout.OVERVIEW, layout.STAMP, layout.ORIGINS, *LIST_COLUMNS}
    | {layout.TASKS, layout.INDICATORS, layout.UNITS, layout.ASSIGNMENTS, layout.SETTINGS}
)
_HIDDEN = "；它是隐藏的，复制不了，只能用 fzzf restore"


def find_lost(book: FileBook, plan: Plan | None, records: bool, problems: Problems) -> None:
    """Add every sheet that is gone and every header that is, of a master that holds `records` or not."""
    if layout.OVERVIEW not in book.sheet_names:
        add_lost(problems, layout.OVERVIEW)
    if records and layout.ORIGINS not in book.sheet_names:
        add_lost(problems, layout.ORIGINS, more=_HIDDEN)
    for sheet, columns in (LIST_COLUMNS if records else CITY_LIST_COLUMNS).items():
        open_table(book, sheet, columns, problems, _OWN)
    if plan and records:
        _find_lost_areas(book, [area_sheet(area) for area in plan.areas if area.name], problems)


def _find_lost_areas(book: FileBook, sheets: Iterable[str], problems: Problems) -> None:
    known = {*sheets, *_OWN}
    strays = [name for name in book.sheet_names if name not in known]
    for sheet in sheets:
        if sheet not in book.sheet_names:
            alike = [name for name in strays if find_table(book.read(name), AREA_COLUMNS, _KEYS)]
            add_lost(problems, sheet, alike, _new_area(sheet))
            continue
        table = find_table(book.read(sheet), AREA_COLUMNS, _KEYS)
        if table is None:
            message = "找不到表头“单位”“指标编号”。请从“档案/备份”里最近的一份台账复制回来"
            problems.add(Place(say_sheet(sheet)), "", message)
        else:
            add_headers(problems, sheet, table, table.missing)


def _new_area(sheet: str) -> str:
    return f"；新加的领域，请复制一张领域表，改名为“{sheet}”，清空表头以下的行"
