"""Who reported: a unit whose file was taken, and no other; who is no longer on the roster is nobody."""

from __future__ import annotations

import os
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import AS_OF
from tests.faces.test_cli import fzzf, json_of
from tests.jobs.filling import GOOD, fill, remove, type_in
from tests.jobs.test_consolidate import blank, filled, incoming, received, run
from xl_fzzf.jobs.report import report
from xl_fzzf.jobs.status import read_standing
from xl_fzzf.model.record import text
from xl_fzzf.office.book_file import FileBook

__all__ = ["filled"]

MASTER = "台账-2019Q3.xlsx"
TYPED_FOR = "安福镇"


@pytest.fixture
def typed(workspace: Path) -> Path:
    """Three units report; of the fourth the file can't be taken, and staff type one cell for it."""
    for unit in ("区司法局", "区财政局", "金凤镇"):
        received(fill(blank(workspace, unit), incoming(workspace, f"{unit}.xlsx"), GOOD), 20)
    broken = blank(workspace, TYPED_FOR).read_bytes()[:4000]
    incoming(workspace, f"{TYPED_FOR}.xlsx").write_bytes(broken)
    type_in(workspace / MASTER, ("X02", "1.1"), "value", 3)
    return workspace


def overview(folder: Path) -> dict[str, Any]:
    """The key figures of 总览 by their words."""
    grid = FileBook.open(folder / MASTER).read("总览")
    row = next(at for at, line in enumerate(grid) if "已报单位" in map(text, line))
    return dict(zip(map(text, grid[row]), grid[row + 1], strict=False))


def test_one_cell_typed_into_the_master_does_not_make_a_unit_reported_nor_timely(
    typed: Path,
) -> None:
    result = run(typed)
    names = [unit.name for unit in result.reported]
    assert TYPED_FOR not in names and len(names) == 3 and len(result.expected) == 4
    assert [unit.name for unit in result.typed] == [TYPED_FOR]
    assert [unit.name for unit in result.missing] == [TYPED_FOR]
    assert (overview(typed)["应报单位"], overview(typed)["已报单位"]) == (4, 3)
    _, standing = read_standing(typed / MASTER, AS_OF)
    assert standing.timeliness == 0.75 and standing.typed == {"X02"}
    assert "X02" not in standing.reported | standing.late


def test_it_is_called_typed_by_the_coordinator_wherever_units_are_listed(typed: Path) -> None:
    run(typed)
    words = f"其中台账代填（没有采用的填报表，不算已报）：{TYPED_FOR}"
    assert words in fzzf(typed, "consolidate", "--as-of", "2019-09-30", code=1)
    assert words in fzzf(typed, "status")
    assert json_of(typed, "status")["units"]["typed_in_master"] == [TYPED_FOR]
    made = report(typed / MASTER, AS_OF, AS_OF)
    book = FileBook.open(made.summary)
    lines = [row for row in book.read("报送情况") if TYPED_FOR in row]
    assert [line[2:4] for line in lines] == [["台账代填", "—"]]
    prose = "".join(text(cell) for row in book.read("总览") for cell in row)
    assert "未报1个（其中台账代填1个）" in prose


def test_a_file_that_was_taken_and_is_gone_makes_its_unit_reported_still(filled: Path) -> None:
    run(filled)
    incoming(filled, "金凤镇.xlsx").unlink()
    result = run(filled)
    assert len(result.reported) == 4 and not result.typed


def test_a_unit_that_was_removed_from_the_roster_is_counted_nowhere(filled: Path) -> None:
    run(filled)
    late = received(incoming(filled, "安福镇.xlsx"), 20)
    late.rename(late.with_name("旧 安福镇.xlsx"))
    remove(filled / MASTER, "安福镇")
    result = run(filled)
    counted = (result.expected, result.reported, result.missing, result.late, result.typed)
    assert [len(each) for each in counted] == [3, 3, 0, 0, 0]
    assert (overview(filled)["应报单位"], overview(filled)["已报单位"]) == (3, 3)
    _, standing = read_standing(filled / MASTER, AS_OF)
    assert len(standing.units) == 3 and standing.reported == {"B01", "B02", "X01"}
    assert standing.timeliness == 1.0
    made = report(filled / MASTER, AS_OF, AS_OF)
    for sheet in ("报送情况", "考核得分", "单位矩阵", "未达标清单", "数据"):
        rows = [row for row in FileBook.open(made.summary).read(sheet) if "安福镇" in row]
        assert not rows, sheet


def test_a_correction_after_the_deadline_makes_no_unit_late_that_reported_in_time(
    filled: Path,
) -> None:
    run(filled)
    path = incoming(filled, "金凤镇.xlsx")
    fill(blank(filled, "金凤镇"), path, GOOD | {"1.1": {"value": 7, "narrative": "更正"}})
    moment = datetime(2019, 10, 9, 8).timestamp()
    os.utime(path, (moment, moment))
    for _ in range(2):
        result = run(filled)
        assert not result.late and not [f for f in result.findings if f.rule == "late"]
        _, standing = read_standing(filled / MASTER, AS_OF)
        assert not standing.late and standing.timeliness == 1.0


def test_a_unit_that_was_late_stays_so_when_its_file_is_taken_away(filled: Path) -> None:
    path = incoming(filled, "金凤镇.xlsx")
    moment = datetime(2019, 10, 9, 8).timestamp()
    os.utime(path, (moment, moment))
    for _ in range(2):
        assert [unit.name for unit in run(filled).late] == ["金凤镇"]
        _, standing = read_standing(filled / MASTER, AS_OF)
        assert standing.late == {"X01"} and standing.timeliness == 0.75
        path.unlink(missing_ok=True)
