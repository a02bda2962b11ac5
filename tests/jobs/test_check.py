"""Checking single files: whatever wrote them, each against its own period's master."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tests.conftest import AS_OF
from tests.jobs.filling import GOOD, fill
from xl_fzzf.jobs.check import check_files
from xl_fzzf.jobs.next import next_period
from xl_fzzf.model.period import Period
from xl_fzzf.sheets.spec import AREA_COLUMNS


# openpyxl drops every cached formula result, as any library does that writes formulas.
@pytest.mark.filterwarnings("ignore::UserWarning")
def test_a_return_filled_in_with_openpyxl_is_read_right(workspace: Path) -> None:
    headers = {column.field: column.header for column in AREA_COLUMNS}
    book: Any = openpyxl.load_workbook(workspace / "分发/2019Q3/区司法局.xlsx")
    for sheet in ("一、组织领导", "二、依法行政", "保障措施"):
        words = [cell.value for cell in book[sheet][3]]
        for row in book[sheet].iter_rows(min_row=4):
            for field, value in GOOD.get(row[words.index("指标编号")].value, {}).items():
                row[words.index(headers[field])].value = value
    target = workspace / "报送/2019Q3/区司法局.xlsx"
    book.save(target)
    (result,) = check_files([target], None, workspace, AS_OF, False)
    assert result.clean and not result.findings
    assert {a.status.value for a in result.assessments} == {"达标"}


def test_a_file_is_held_against_its_own_periods_master(workspace: Path) -> None:
    file = fill(workspace / "分发/2019Q3/金凤镇.xlsx", workspace / "报送/2019Q3/金凤镇.xlsx", GOOD)
    next_period(workspace / "台账-2019Q3.xlsx", Period.parse("2019Q4"), AS_OF)
    (result,) = check_files([file], None, workspace, AS_OF, False)
    assert result.clean
    later = workspace / "台账-2019Q4.xlsx"
    (result,) = check_files([file], later, workspace, AS_OF, False)
    assert [finding.rule for finding in result.findings] == ["period"]
