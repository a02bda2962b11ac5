"""Driving sheets broken in every way, column by column: refused with the sheet's name, or told; never in silence.

Each break is done to the master of one small round, in which a unit has reported, and is opened by the jobs.
What a status, a target or an expected record becomes without a word is a failure, and so is any fault of ours.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from openpyxl import load_workbook

from tests.conftest import AS_OF, small_plan
from tests.jobs.districts import make_city
from tests.jobs.filling import GOOD, fill
from tests.jobs.test_driving_refusals import MASTER, deleted, edited, merged, renamed
from xl_fzzf.jobs.consolidate import consolidate
from xl_fzzf.jobs.distribute import distribute
from xl_fzzf.jobs.init import init
from xl_fzzf.jobs.status import read_standing
from xl_fzzf.model.errors import UserError
from xl_fzzf.model.period import Period
from xl_fzzf.model.record import Cell, text
from xl_fzzf.model.round import Standing
from xl_fzzf.office.book_file import FileBook
from xl_fzzf.office.references import column_letter
from xl_fzzf.sheets import spec
from xl_fzzf.sheets.lists import LIST_COLUMNS

NOW = datetime(2019, 9, 2, 9)
HEADER, FIRST = 3, 4
SHEETS = (spec.TASKS, spec.INDICATORS, spec.UNITS, spec.ASSIGNMENTS, spec.SETTINGS)
AREAS = ("一、组织领导", "二、依法行政", "保障措施")


class Break(NamedTuple):
    """What is done to a sheet: in words, and how."""

    sheet: str
    what: str
    do: Callable[[Path], Path]


def typed(sheet: str, row: int, column: int, value: Any) -> Callable[[Path], Path]:
    return lambda folder: edited(folder, lambda book: book.write(sheet, row, column, [[value]]))


def filled(sheet: str, row: int, column: int, rows: int, value: Any) -> Callable[[Path], Path]:
    values = [[value]] * rows
    return lambda folder: edited(folder, lambda book: book.write(sheet, row, column, values))


def called_otherwise(folder: Path, sheet: str) -> Path:
    return renamed(folder, sheet, "旧表")


def rewrite(
    sheet: str, change: Callable[[list[list[Cell]]], list[list[Cell]]]
) -> Callable[[Path], Path]:
    """Put a sheet's values down anew, as deleting, inserting and sorting do."""

    def do(folder: Path) -> Path:
        book = FileBook.open(folder / MASTER)
        grid = [list(row) for row in book.read(sheet)]
        new = change([list(row) for row in grid])
        width = max(map(len, [*grid, *new]))
        new += [[] for _ in range(len(grid) - len(new))]
        book.write(sheet, 1, 1, [[*row, *[None] * (width - len(row))] for row in new])
        book.save()
        return folder / MASTER

    return do


def breaks(master: Path) -> Iterator[Break]:
    """Every break of every driving sheet, list and area sheet."""
    book = FileBook.open(master)
    for sheet in SHEETS:
        grid = book.read(sheet)
        words = [text(cell) for cell in grid[HEADER - 1]]
        for column, word in enumerate(words, 1):
            rows = sum(bool(text(line[column - 1])) for line in grid[HEADER:])
            yield from _of_column(sheet, column, word, len(grid) - HEADER, rows)
        yield from _of_rows(sheet, grid)
        yield Break(sheet, "改了名", partial(called_otherwise, sheet=sheet))
        yield Break(sheet, "删掉了", partial(deleted, sheet=sheet))
    for sheet in (*LIST_COLUMNS, *AREAS):
        header = book.read(sheet)[HEADER - 1]
        for column in range(1, len(header) + 1, 3):
            yield Break(sheet, f"表头 {column} 清空", typed(sheet, HEADER, column, None))
        yield Break(sheet, "改了名", partial(called_otherwise, sheet=sheet))
        yield Break(sheet, "删掉了", partial(deleted, sheet=sheet))


def _of_column(sheet: str, column: int, word: str, rows: int, holding: int) -> Iterator[Break]:
    yield Break(sheet, f"表头“{word}”清空", typed(sheet, HEADER, column, None))
    yield Break(sheet, f"表头“{word}”改名", typed(sheet, HEADER, column, f"{word}一览"))
    yield Break(sheet, f"“{word}”整列删掉", rewrite(sheet, lambda grid: _without(grid, column)))
    yield Break(sheet, f"“{word}”一格改成乱写的", typed(sheet, FIRST, column, "?!"))
    if sheet != spec.SETTINGS:
        cells = f"{column_letter(column)}{FIRST}:{column_letter(column)}{FIRST + 1}"
        yield Break(sheet, f"“{word}”合并 {cells}", lambda folder: merged(folder, sheet, cells))
        yield Break(sheet, f"“{word}”表头有两个", typed(sheet, HEADER, column % 4 + 1, word))
    if holding:
        yield Break(sheet, f"“{word}”一格清空", typed(sheet, FIRST, column, None))
        yield Break(sheet, f"“{word}”整列清空", filled(sheet, FIRST, column, rows, None))


def _without(grid: list[list[Cell]], column: int) -> list[list[Cell]]:
    return [[*row[: column - 1], *row[column:]] for row in grid]


def _of_rows(sheet: str, grid: list[list[Cell]]) -> Iterator[Break]:
    def twice(rows: list[list[Cell]]) -> list[list[Cell]]:
        return [*rows, rows[FIRST - 1]]

    def without(rows: list[list[Cell]]) -> list[list[Cell]]:
        return [*rows[: FIRST - 1], *rows[FIRST:]]

    def exchanged(rows: list[list[Cell]]) -> list[list[Cell]]:
        one, other = FIRST - 1, FIRST
        rows[one][1], rows[other][1] = rows[other][1], rows[one][1]
        return rows

    yield Break(sheet, "一行重复", rewrite(sheet, twice))
    yield Break(sheet, "一行删掉", rewrite(sheet, without))
    yield Break(sheet, "两行错位", rewrite(sheet, exchanged))
    yield Break(
        sheet, "表头行删掉", rewrite(sheet, lambda rows: [*rows[: HEADER - 1], *rows[HEADER:]])
    )


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A round in which one unit has reported."""
    root = tmp_path_factory.mktemp("破") / "区"
    master = init(root, small_plan(), Period.parse("2019Q3"), AS_OF).master
    distribute(master, AS_OF, NOW)
    fill(root / "分发/2019Q3/金凤镇.xlsx", root / "报送/2019Q3/金凤镇.xlsx", GOOD)
    consolidate(master, None, AS_OF, NOW)
    return root


def figures(standing: Standing) -> Mapping[tuple[str, str], tuple[str, ...]]:
    """What anybody would notice of a round: who must report what by when, and where that stands."""
    return {
        a.record.key: (a.status.value, a.target.text(), str(a.due), str(a.indicator.weight))
        for a in standing.assessments
    }


def test_whatever_breaks_the_driving_sheets_is_refused_by_name_or_told(folder: Path) -> None:
    sound = (folder / MASTER).read_bytes()
    before = figures(read_standing(folder / MASTER, AS_OF)[1])
    tried, wrong, outcomes = 0, [], {"refused": 0, "told": 0, "same": 0}
    for each in breaks(folder / MASTER):
        tried += 1
        try:
            _, standing = read_standing(each.do(folder), AS_OF)
        except UserError as error:
            outcomes["refused"] += 1
            if each.sheet not in str(error):
                wrong.append(f"{each.sheet}:{each.what}: refused without the sheet: {error}")
        else:
            told = any("驱动表" in notice for notice in standing.notices)
            outcomes["told" if told else "same"] += 1
            if not told and figures(standing) != before:
                wrong.append(f"{each.sheet}:{each.what}: changed in silence")
        finally:
            (folder / MASTER).write_bytes(sound)
    assert wrong == []
    assert tried >= 250 and outcomes["refused"] >= 150 and outcomes["told"] >= 20, outcomes


def test_what_reading_jobs_accept_is_told_by_the_consolidation_as_well(
    folder: Path, tmp_path: Path
) -> None:
    for number, (sheet, row, column, value) in enumerate(
        [
            (spec.INDICATORS, FIRST, 9, 5),
            (spec.INDICATORS, FIRST, 10, "牵头"),
            (spec.UNITS, FIRST, 4, "是"),
            (spec.ASSIGNMENTS, FIRST, 2, "可选"),
            (spec.TASKS, FIRST, 5, "区财政局、各乡镇"),
        ]
    ):
        own = tmp_path / str(number)
        shutil.copytree(folder, own)
        master = typed(sheet, row, column, value)(own)
        notices = read_standing(master, AS_OF)[1].notices
        result = consolidate(master, None, AS_OF, NOW)
        assert [line for line in notices if line not in result.notices] == []
        assert any(finding.rule == "edited" for finding in result.findings)


def test_a_citys_master_is_held_to_the_same(tmp_path: Path) -> None:
    city = make_city(tmp_path / "南充", small_plan(), ["嘉陵区", "顺庆区"])
    sound, told = (city / MASTER).read_bytes(), 0
    for sheet in (
        spec.OVERVIEW,
        spec.INDICATORS,
        spec.UNITS,
        spec.TASKS,
        spec.SETTINGS,
        spec.FINDINGS,
    ):
        for do in (
            partial(deleted, sheet=sheet),
            partial(called_otherwise, sheet=sheet),
        ):
            with pytest.raises(UserError, match=f"工作表“{sheet}”：不见了"):
                consolidate(do(city), None, AS_OF, NOW)
            (city / MASTER).write_bytes(sound)
            told += 1
    assert told == 12
    typed(spec.INDICATORS, FIRST, 6, "≥ 9")(city)
    result = consolidate(city / MASTER, None, AS_OF, NOW)
    words = "“指标”的“目标”：1.1 由“≥ 2 次”改为“≥ 9 次”"
    assert words in result.notices and result.published
    notes: Any = load_workbook(result.published.summary)["编制说明"]
    assert any(cell.value == words for row in notes.rows for cell in row)
