"""What a reader that does not calculate sees is what LibreOffice computes afterwards."""

from __future__ import annotations

import shutil
from datetime import date, datetime
from pathlib import Path
from typing import Any

from python_calamine import CalamineWorkbook

from tests.conftest import AS_OF
from tests.jobs.filling import GOOD, fill
from tests.libreoffice import Office
from xl_fzzf.jobs.consolidate import consolidate
from xl_fzzf.jobs.next import next_period
from xl_fzzf.model.period import Period

LIVE = ("总览", "一、组织领导", "二、依法行政", "保障措施")


def _plain(rows: list[list[Any]]) -> dict[tuple[int, int], Any]:
    """Values by place; numbers rounded, dates as numbers, empty cells left out."""
    cells = {}
    for row, line in enumerate(rows):
        for column, value in enumerate(line):
            if isinstance(value, date):
                value = float((date(value.year, value.month, value.day) - date(1899, 12, 30)).days)
            if value not in ("", None):
                number = isinstance(value, (int, float))
                cells[row, column] = round(float(value), 9) if number else value
    return cells


def _agree(path: Path, office: Office) -> None:
    cached = CalamineWorkbook.from_path(str(path))
    with office.open(path) as book:
        book.recalculate()
        for sheet in LIVE:
            seen = cached.get_sheet_by_name(sheet).to_python(skip_empty_area=False)
            assert _plain(seen) == _plain(book.values(sheet)), sheet


def test_a_fresh_master(workspace: Path, office: Office) -> None:
    _agree(workspace / "台账-2019Q3.xlsx", office)


def test_a_consolidated_master_before_and_after_the_due_date(
    workspace: Path, office: Office
) -> None:
    incoming = workspace / "报送/2019Q3"
    mixed: dict[str, Any] = GOOD | {
        "1.1": {"value": 1},
        "1.2": {"value": "否"},
        "2.1": {"numerator": 1, "denominator": 3},
        "2.2": {"denominator": 80, "value": "八十"},
    }
    fill(workspace / "分发/2019Q3/区司法局.xlsx", incoming / "区司法局.xlsx", mixed)
    fill(workspace / "分发/2019Q3/金凤镇.xlsx", incoming / "金凤镇.xlsx", GOOD)
    nothing: dict[str, Any] = {
        "2.1": {"numerator": 0, "denominator": 0},
        "1.1": {"value": "不适用"},
    }
    fill(workspace / "分发/2019Q3/区财政局.xlsx", incoming / "区财政局.xlsx", nothing)
    master = workspace / "台账-2019Q3.xlsx"
    for as_of in (AS_OF, date(2020, 1, 1)):
        consolidate(master, None, as_of, datetime(2019, 10, 1))
        _agree(master, office)


def test_the_next_periods_master(workspace: Path, office: Office) -> None:
    incoming = workspace / "报送/2019Q3"
    fill(workspace / "分发/2019Q3/区司法局.xlsx", incoming / "区司法局.xlsx", GOOD)
    master = workspace / "台账-2019Q3.xlsx"
    consolidate(master, None, AS_OF, datetime(2019, 10, 1))
    following = next_period(master, Period.parse("2019Q4"), AS_OF)
    _agree(following.master, office)


def test_a_master_that_libreoffice_saved_is_consolidated_all_the_same(
    workspace: Path, office: Office
) -> None:
    master = workspace / "台账-2019Q3.xlsx"
    with office.open(master) as book:
        book.type("一、组织领导", {"I4": 2})
        book.save_as(workspace / "另存.xlsx")
    shutil.move(workspace / "另存.xlsx", master)
    fill(workspace / "分发/2019Q3/金凤镇.xlsx", workspace / "报送/2019Q3/金凤镇.xlsx", GOOD)
    result = consolidate(master, None, AS_OF, datetime(2019, 10, 1))
    statuses = {(a.unit.name, a.indicator.code): a.status.value for a in result.assessments}
    assert statuses["区司法局", "1.1"] == statuses["金凤镇", "1.1"] == "达标"
    _agree(master, office)
