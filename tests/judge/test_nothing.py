"""本期无: a unit that has nothing to report says so once; Python and the return's formulas agree."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tests.conftest import AS_OF
from tests.jobs.filling import fill
from tests.libreoffice import Office
from xl_fzzf.desk.master import open_master
from xl_fzzf.jobs.check import check_files
from xl_fzzf.jobs.consolidate import consolidate
from xl_fzzf.jobs.report import report
from xl_fzzf.model.status import Status
from xl_fzzf.sheets.spec import GUIDE, NOTHING_PLACE, OVERVIEW, SUBMISSIONS

pytestmark = pytest.mark.slow

WHY = "机构改革，职能已划转区市场监管局"
CELL = f"B{NOTHING_PLACE[0]}"
AREAS = ("一、组织领导", "二、依法行政", "保障措施")


def send(folder: Path, words: str, entries: dict[str, dict[str, Any]] | None = None) -> Path:
    source, target = (folder / f"{name}/2019Q3/区司法局.xlsx" for name in ("分发", "报送"))
    fill(source, target, entries or {})
    from xl_fzzf.office.book_file import FileBook

    book = FileBook.open(target)
    book.write(GUIDE, *NOTHING_PLACE, [[words]])
    book.save()
    return target


def statuses(book: Any) -> list[str]:
    return [str(row[9]) for sheet in AREAS for row in book.values(sheet)[3:] if row[2]]


def test_every_blank_row_is_exempt_and_every_kind_alike(workspace: Path, office: Office) -> None:
    with office.open(workspace / "分发/2019Q3/区司法局.xlsx") as book:
        assert book.values(GUIDE, f"A{NOTHING_PLACE[0]}:A{NOTHING_PLACE[0]}") == [["本期无"]]
        book.recalculate()
        before = statuses(book)
        assert set(before) == {"待填"}
        book.type(GUIDE, {CELL: "无"})
        book.recalculate()
        assert statuses(book) == before, "无 is no reason"
        book.type(GUIDE, {CELL: WHY})
        book.recalculate()
        assert set(statuses(book)) == {"不适用"} and len(before) == 6
        assert book.values(OVERVIEW, "A3:A3") == [["可以报送"]]
        book.type(AREAS[0], {"I4": 3})
        book.recalculate()
        assert statuses(book) == ["达标", *["不适用"] * 5]
        sent = workspace / "报送/2019Q3/区司法局.xlsx"
        book.save_as(sent)
    (result,) = check_files([sent], None, workspace, AS_OF, True)
    assert [a.status.value for a in result.assessments] == ["达标", *["不适用"] * 5]
    assert [f.rule for f in result.findings] == ["nothing-filled"]
    assert result.copy
    with office.open(result.copy) as book:
        book.recalculate()
        assert statuses(book) == ["达标", *["不适用"] * 5]
        assert book.values(GUIDE, f"{CELL}:{CELL}") == [[WHY]]


def test_the_master_and_the_summary_say_it(workspace: Path) -> None:
    send(workspace, WHY)
    master = workspace / "台账-2019Q3.xlsx"
    result = consolidate(master, None, AS_OF, datetime(2019, 10, 1, 9))
    assert result.clean and not result.findings
    own = [a for a in result.assessments if a.unit.name == "区司法局"]
    assert {a.status for a in own} == {Status.NOT_APPLICABLE}
    assert all(WHY in str(a.record.narrative) for a in own)
    assert [unit.name for unit in result.reported] == ["区司法局"]
    book: Any = openpyxl.load_workbook(master)
    register = [[c.value for c in row] for row in book["报送登记"].iter_rows(min_row=4)]
    assert f"本期无：{WHY}" in register[0]
    again = consolidate(master, None, AS_OF, datetime(2019, 10, 2, 9))
    assert not again.findings and open_master(master).records["B01", "1.2"].value == "不适用"
    summary: Any = openpyxl.load_workbook(report(master, AS_OF, AS_OF).summary)
    said = [str(c.value) for row in summary[SUBMISSIONS].iter_rows(max_row=3) for c in row]
    assert any("本期无 1 个（区司法局）" in words for words in said)


def test_no_reason_is_told_and_exempts_nothing(workspace: Path) -> None:
    sent = send(workspace, "无", {"1.1": {"value": 3}})
    (result,) = check_files([sent], None, workspace, AS_OF, False)
    assert "nothing-reason" in {f.rule for f in result.findings}
    assert Status.NOT_APPLICABLE not in {a.status for a in result.assessments}
    empty = send(workspace, "")
    (result,) = check_files([empty], None, workspace, AS_OF, False)
    assert [f.rule for f in result.findings] == ["empty"]
