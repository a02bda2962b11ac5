"""Values count from the year's first day: what is less than at the end of the period before is told."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.jobs.filling import GOOD, fill
from tests.jobs.test_consolidate import filled, run
from xl_fzzf.jobs.check import check_files
from xl_fzzf.jobs.consolidate import consolidate
from xl_fzzf.jobs.distribute import distribute
from xl_fzzf.jobs.next import next_period
from xl_fzzf.model.finding import Finding
from xl_fzzf.model.period import Period

__all__ = ["filled"]

END, NOW = date(2019, 12, 31), datetime(2020, 1, 2, 9)
LATER = Path("2019Q4/区司法局.xlsx")


@pytest.fixture
def later(filled: Path) -> Path:
    """The fourth quarter, after a third in which 区司法局 reported 4 of 4."""
    run(filled)
    workspace = next_period(filled / "台账-2019Q3.xlsx", Period.parse("2019Q4"), END, False)
    distribute(workspace.master, END, NOW)
    return filled


def report(folder: Path, **rate: Any) -> list[Finding]:
    """What is told of 区司法局's rate, by the round and by the check of its file alike."""
    fill(folder / "分发" / LATER, folder / "报送" / LATER, GOOD | {"2.1": rate})
    master = folder / "台账-2019Q4.xlsx"
    (checked,) = check_files([folder / "报送" / LATER], master, folder, END, False)
    findings = consolidate(master, None, END, NOW).findings
    told = [f for f in findings if f.rule == "fallen-part"]
    alike = [f for f in checked.findings if f.rule == "fallen-part"]
    assert [(f.cell, f.message) for f in alike] == [(f.cell, f.message) for f in told]
    return told


def test_a_falling_numerator_and_denominator_are_told_at_their_cells(later: Path) -> None:
    told = report(later, numerator=2, denominator=3)
    assert {(f.unit, f.indicator, f.field, f.value) for f in told} == {
        ("区司法局", "2.1", "numerator", "2"),
        ("区司法局", "2.1", "denominator", "3"),
    }
    assert {f.message for f in told} == {
        "分子比上期少：上期 4，本期 2",
        "分母比上期少：上期 4，本期 3",
    }
    assert all(f.cell and f.severity.value == "warning" for f in told)


def test_what_grows_or_stays_is_not(later: Path) -> None:
    assert report(later, numerator=4, denominator=5) == []
