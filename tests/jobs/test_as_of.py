"""The day of a round's figures: that of the last consolidation, whenever somebody asks."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import pytest

import xl_fzzf
from tests.conftest import AS_OF
from tests.faces.test_cli import json_of
from tests.jobs.filling import GOOD, fill
from tests.mail.rounds import set_up
from xl_fzzf.desk.as_of import figures_day
from xl_fzzf.faces.excel.functions import fzzf_score
from xl_fzzf.jobs.consolidate import consolidate
from xl_fzzf.jobs.distribute import distribute
from xl_fzzf.jobs.history import read_history
from xl_fzzf.jobs.mark_unmet import mark_unmet
from xl_fzzf.jobs.restore import read_runs, restore, undo
from xl_fzzf.sheets.stamp import stamp_of

MASTER = "台账-2019Q3.xlsx"
NOW, TODAY = datetime(2019, 10, 8, 9), date(2020, 2, 1)
LATER = date(2019, 12, 31)


@pytest.fixture
def consolidated(workspace: Path) -> Path:
    """Consolidated as of the period's end: 2.1 is due, nothing else is."""
    set_up(workspace)
    half = GOOD | {"1.1": {"value": 1}, "2.1": {"numerator": 1, "denominator": 4}}
    fill(workspace / "分发/2019Q3/区司法局.xlsx", workspace / "报送/2019Q3/区司法局.xlsx", half)
    consolidate(workspace / MASTER, None, AS_OF, NOW)
    return workspace


def day(folder: Path) -> date:
    return figures_day(folder / MASTER, TODAY)


def test_whoever_asks_months_later_is_told_the_same(consolidated: Path) -> None:
    """The clock of this machine is years past the due dates: then 1.1 would be unmet as well."""
    status, report = json_of(consolidated, "status"), json_of(consolidated, "report")
    assert status["as_of"] == report["as_of"] == "2019-09-30"
    assert status["status"] == report["status"]
    assert [item["indicator"] for item in status["unmet"]] == ["2.1"]
    frame = xl_fzzf.read_records(consolidated / MASTER)
    assert frame[frame["status"] == "未达标"]["indicator"].tolist() == ["2.1"]
    (point,) = read_history(consolidated / MASTER, "1.1").points
    assert point.as_of == AS_OF
    told = json_of(consolidated, "status", "--as-of", "2020-02-01")
    assert [item["indicator"] for item in told["unmet"]] == ["1.1", "2.1"]
    assert 0 < fzzf_score("区司法局", str(consolidated)) < 100


def test_before_the_first_consolidation_it_is_today(workspace: Path) -> None:
    assert day(workspace) == TODAY
    assert json_of(workspace, "status")["as_of"] == date.today().isoformat()


def test_the_master_and_the_archive_agree_on_the_day_whatever_was_done(consolidated: Path) -> None:
    master = consolidated / MASTER
    distribute(master, LATER, NOW)
    assert day(consolidated) == AS_OF == stamped(master), "units get returns anew, figures stand"
    mark_unmet(master, LATER, NOW)
    assert day(consolidated) == LATER == stamped(master)
    consolidated_in = read_runs(master).runs[1].number
    restore(master, consolidated_in, False, TODAY, NOW)
    assert day(consolidated) == AS_OF == stamped(master)
    consolidate(master, None, LATER, NOW)
    undo(master, TODAY, NOW)
    assert day(consolidated) == AS_OF == stamped(master)


def test_a_result_beside_an_open_master_does_not_move_the_day(consolidated: Path) -> None:
    (consolidated / f"~${MASTER}").write_bytes(b"x")
    assert consolidate(consolidated / MASTER, None, LATER, NOW).saved.holder
    assert day(consolidated) == AS_OF


def stamped(master: Path) -> date:
    from xl_fzzf.office.book_file import FileBook

    stamp = stamp_of(FileBook.open(master))
    assert stamp
    return date.fromisoformat(stamp["as_of"])
