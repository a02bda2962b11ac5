"""Fill in returns as staff would, by header text and indicator code."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from xl_fzzf.desk.master import open_master
from xl_fzzf.model.record import Key, text
from xl_fzzf.office.book import Value
from xl_fzzf.office.book_file import FileBook
from xl_fzzf.office.references import column_number
from xl_fzzf.sheets.area import read_area
from xl_fzzf.sheets.spec import ASSIGNMENTS, LISTS, UNITS

GOOD: dict[str, dict[str, Value]] = {
    "1.1": {"value": 3, "narrative": "召开三次会议"},
    "1.2": {"value": "是", "evidence": "嘉府办〔2019〕1号"},
    "1.3": {"narrative": "推行一窗通办"},
    "2.1": {"numerator": 4, "denominator": 4},
    "2.2": {"denominator": 80, "value": 82.5},
    "保1.1": {"denominator": 100, "value": 100},
}


def fill(source: Path, target: Path, entries: Mapping[str, Mapping[str, Any]]) -> Path:
    """Write entries (by indicator code and field) into a copy of a return."""
    book = FileBook.open(source)
    for sheet in book.sheet_names:
        content = None if sheet in LISTS else read_area(sheet, book.read(sheet))
        for row in content.rows if content else ():
            for field, value in entries.get(row.code, {}).items():
                assert content is not None
                book.write(sheet, row.record.row, column_number(content.letters[field]), [[value]])
    target.parent.mkdir(parents=True, exist_ok=True)
    book.save_as(target)
    return target


def type_in(path: Path, key: Key, field: str, value: Value) -> None:
    """Type into the cell of a record in a master, or clear it, as the coordinator does."""
    sheet, cell = open_master(path, writing=False).cell(key, field)
    letter, row = re.fullmatch(r"([A-Z]+)(\d+)", cell).groups()  # type: ignore[union-attr]
    book = FileBook.open(path)
    book.write(sheet, int(row), column_number(letter), [[value]])
    book.save()


def rename(path: Path, old: str, new: str) -> None:
    """Give a unit of a master another name, the old one becomes its alias, as staff are told to."""
    book = FileBook.open(path)
    grid = book.read(UNITS)
    header = next(at for at, row in enumerate(grid) if "别名" in row)
    name, alias = grid[header].index("单位名称"), grid[header].index("别名")
    row = next(at for at, line in enumerate(grid) if line[name] == old)
    book.write(UNITS, row + 1, name + 1, [[new]])
    book.write(UNITS, row + 1, alias + 1, [[old]])
    book.save()


def remove(path: Path, unit: str) -> None:
    """Take a unit out of 单位 and 责任分工, as staff do: the row is deleted, the ones below move up."""
    book = FileBook.open(path)
    for sheet in (UNITS, ASSIGNMENTS):
        grid = book.read(sheet)
        at = next(at for at, row in enumerate(grid) if unit in map(text, row))
        below: list[list[Any]] = [*map(list, grid[at + 1 :]), [None] * len(grid[at])]
        book.write(sheet, at + 1, 1, below)
    book.save()
