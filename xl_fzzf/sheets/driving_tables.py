"""The driving sheets' tables as staff left them: found by their headers, and what is wrong with their form.

What only a mistake does is a problem: a sheet or a header that is gone, a header that stands twice, merged
cells, a failed formula. Nothing is read as blank because it could not be found.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from xl_fzzf.model.problems import Place, Problems
from xl_fzzf.model.record import Cell, ErrorCell, text
from xl_fzzf.office.book_file import FileBook
from xl_fzzf.office.references import column_letter
from xl_fzzf.office.tables import Column, Columns, Grid, Table, find_table

_NO_NEED = "note"
"""The field of a column that only explains."""


def say_sheet(sheet: str) -> str:
    """A sheet as problems name it."""
    return f"工作表“{sheet}”"


def add_lost(problems: Problems, sheet: str, alike: Iterable[str] = (), more: str = "") -> None:
    """Add that a sheet is gone; `alike` are sheets that may be it under another name."""
    found = "、".join(f"“{name}”" for name in alike)
    renamed = f"（{found}像是它，是改了名的，请改回来）" if found else ""
    problems.add(
        Place(say_sheet(sheet)),
        "",
        f"不见了{renamed}。请运行 fzzf restore 看以前各次运行，加 --run 恢复台账；"
        f"或者从“档案/备份”里最近的一份台账把这张表复制回来{more}",
    )


def open_table(
    book: FileBook, sheet: str, columns: Columns, problems: Problems, known: Iterable[str] = ()
) -> Table | None:
    """A sheet's table; every header that is gone or doubled is a problem, and muted from then on.

    None where there is no such sheet, or no row that holds at least half of the headers; `known` are the
    sheets that are what they are called, and so not this one renamed.
    """
    if sheet not in book.sheet_names:
        others = (name for name in book.sheet_names if name not in known)
        add_lost(problems, sheet, [name for name in others if _find(book.read(name), columns)])
        return None
    table = _find(book.read(sheet), columns)
    if table is None:
        headers = "".join(f"“{column.header}”" for column in columns)
        problems.add(
            Place(say_sheet(sheet)), "", f"找不到表头{headers}。请从“档案/备份”里的台账复制回来"
        )
        return None
    needed = {column.header for column in columns if column.field != _NO_NEED}
    add_headers(problems, sheet, table, [each for each in table.missing if each in needed])
    return table


def add_headers(problems: Problems, sheet: str, table: Table, missing: Sequence[str]) -> None:
    """Add the headers of a table that are gone, and those that stand twice."""
    place = Place(say_sheet(sheet), table.header)
    if missing:
        headers = "".join(f"“{header}”" for header in missing)
        own = {column - 1 for column in table.columns.values()}
        line = enumerate(table.grid[table.header - 1])
        strange = "".join(f"“{text(cell)}”" for at, cell in line if at not in own and text(cell))
        hint = f"；这一行里不认识的是{strange}" if strange else ""
        problems.add(
            place,
            "",
            f"缺少表头{headers}，那一列的内容读不到{hint}。表头改了的请改回来；整列删掉的，"
            "请从“档案/备份”里最近的一份台账复制回来，没有要填的就留空",
        )
    for header in table.duplicated:
        problems.add(place, header, "有两列，不知道该读哪一列，请只留一列")
    for header in (*missing, *table.duplicated):
        problems.mute(say_sheet(sheet), header)


def _find(grid: Grid, columns: Columns) -> Table | None:
    table = find_table(grid, columns, ())
    return table if table and 2 * len(table.columns) >= len(columns) else None


def add_form(problems: Problems, book: FileBook, sheet: str, table: Table) -> None:
    """Add the merged cells and the failed formulas in a table's own columns."""
    columns = [*table.columns.values()]
    add_merged(problems, book, sheet, range(table.header, table.bottom + 1), columns)
    for row, values in table.rows():
        add_failed(problems, Place(say_sheet(sheet), row), _shown(values, table))


def _shown(values: dict[str, Cell], table: Table) -> Iterator[tuple[str, Cell]]:
    """A row's cells by header, as the sheet shows it."""
    line = table.grid[table.header - 1]
    for field, cell in values.items():
        yield text(line[table.columns[field] - 1]), cell


def add_merged(
    problems: Problems, book: FileBook, sheet: str, rows: range, columns: Iterable[int]
) -> None:
    """Add the merged ranges that reach into some rows and columns."""
    own = set(columns)
    for top, left, bottom, right in book.part(sheet).merged():
        if range(max(top, rows.start), min(bottom + 1, rows.stop)) and own & {
            *range(left, right + 1)
        }:
            cells = f"{column_letter(left)}{top}:{column_letter(right)}{bottom}"
            message = f"合并了单元格 {cells}，只有左上角一格有内容。请取消合并，每一格各填各的"
            problems.add(Place(say_sheet(sheet), top), "", message)


def add_failed(problems: Problems, place: Place, cells: Iterable[tuple[str, Cell]]) -> None:
    """Add the failed formulas among a row's cells, each by what staff call it."""
    for name, cell in cells:
        if isinstance(cell, ErrorCell):
            problems.add(place, name, f"公式出错，显示 {cell}。请改成要填的内容")
            problems.mute(place.words, name, place.row)


def headers_of(columns: Sequence[Column]) -> dict[str, str]:
    """What staff call the fields of a table."""
    return {column.field: column.header for column in columns}
