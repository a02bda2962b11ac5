"""What differs between two states of a file: cell by cell, or else part by part."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import zip_longest
from pathlib import Path
from typing import NamedTuple

from xl_fzzf.model.record import blank, text
from xl_fzzf.office.book_file import FileBook
from xl_fzzf.office.references import column_letter
from xl_fzzf.office.xlsx.package import BookError, Package
from xl_fzzf.office.xlsx.workbook_part import sheet_parts


class Altered(NamedTuple):
    """One difference, in Chinese; `sheet` and `cell` say where, `was` and `now` what a cell holds."""

    words: str
    sheet: str = ""
    cell: str = ""
    was: str = ""
    now: str = ""


def find_altered(old: bytes, new: bytes, name: str) -> Iterator[Altered]:
    """Every difference between two states of a file of this name; none only where the bytes are equal.

    Results of formulas that a program left out when it saved are counted, sheet by sheet, at the end.
    """
    if old == new:
        return
    if not old.startswith(b"PK"):
        both = enumerate(zip_longest(old, new), 1)
        first = next(at for at, (was, now) in both if was != now)
        yield Altered(f"从第 {first} 个字节起不同")
        return
    try:
        yield from _find(old, new, name)
    except BookError as error:
        yield Altered(str(error))


def _find(old: bytes, new: bytes, name: str) -> Iterator[Altered]:
    before, after = (Package.open_workbook(data, name) for data in (old, new))
    sheets = {part.lower(): sheet for sheet, part in sheet_parts(before).items()}
    damaged = [part for part in after if _data(after, part) is None]
    found = [Altered(f"部件 {part} 已损坏", sheets.get(part, "")) for part in damaged]
    found = found or list(_find_cells(*(FileBook(Path(name), data) for data in (old, new))))
    found = found or [
        Altered(f"单元格的值没有变，部件 {part} 变了（公式、格式或属性）", sheets.get(part, ""))
        for part in dict.fromkeys([*before, *after])
        if _data(before, part) != _data(after, part)
    ]
    yield from found or [Altered("内容没有变，只有压缩包的附带信息变了")]


def _data(package: Package, part: str) -> bytes | None:
    """A part's bytes; None where it is missing or damaged."""
    try:
        return package.data(part)
    except BookError:
        return None


def _find_cells(before: FileBook, after: FileBook) -> Iterator[Altered]:
    uncalculated: dict[str, int] = {}
    for sheet in dict.fromkeys([*before.sheet_names, *after.sheet_names]):
        if sheet not in after.sheet_names:
            yield Altered("这张表没有了", sheet)
        elif sheet not in before.sheet_names:
            yield Altered("多了这张表", sheet)
        else:
            formulas, lost = after.part(sheet).formulas(), 0
            rows = zip_longest(before.read(sheet), after.read(sheet), fillvalue=())
            for row, cells in enumerate(rows, 1):
                for column, (was, now) in enumerate(zip_longest(*cells), 1):
                    if blank(now) and column in formulas.get(row, ()):
                        lost += not blank(was)
                    elif was != now or type(was) is not type(now):
                        cell = f"{column_letter(column)}{row}"
                        yield Altered("单元格变了", sheet, cell, text(was), text(now))
            if lost:
                uncalculated[sheet] = lost
    for sheet, lost in uncalculated.items():
        yield Altered(f"{lost} 个公式没有了结果（保存它的程序没有计算）", sheet)
