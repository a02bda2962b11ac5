"""`import xl_fzzf`: the consolidated records as a pandas DataFrame."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import pytest

import xl_fzzf
from tests.conftest import AS_OF
from tests.jobs.filling import GOOD, fill


def test_consolidate_returns_the_records_as_a_data_frame(workspace: Path) -> None:
    bad = GOOD | {"1.1": {"value": "约3次"}, "2.1": {"numerator": 3, "denominator": 4}}
    fill(workspace / "分发/2019Q3/区司法局.xlsx", workspace / "报送/2019Q3/区司法局.xlsx", bad)
    frame: Any = xl_fzzf.consolidate(workspace / "台账-2019Q3.xlsx", as_of=AS_OF)
    assert len(frame) == 4 * 3 + 2 * 2 + 4
    own = frame[frame["unit"] == "区司法局"].set_index("indicator")
    assert math.isnan(own.loc["1.1", "value"]) and own.loc["1.1", "typed_value"] == "约3次"
    assert own.loc["2.1", "value"] == 0.75 and own.loc["2.1", "status"] == "未达标"
    assert own.loc["1.1", ["file", "sheet", "row"]].tolist() == ["区司法局.xlsx", "一、组织领导", 4]
    assert frame["value"].dtype == float

    again = xl_fzzf.read_records(workspace / "台账-2019Q3.xlsx", AS_OF)
    assert again.drop(columns=["deadline"]).equals(frame.drop(columns=["deadline"]))


def test_a_round_is_approved_and_opened_again_from_python(workspace: Path) -> None:
    from xl_fzzf.desk.errors import JobError

    master = workspace / "台账-2019Q3.xlsx"
    fill(workspace / "分发/2019Q3/区司法局.xlsx", workspace / "报送/2019Q3/区司法局.xlsx", GOOD)
    xl_fzzf.consolidate(master, as_of=AS_OF)
    summary = xl_fzzf.approve(master, "张三")
    assert summary.is_file() and summary.parent == workspace / "上报/2019Q3"
    with pytest.raises(JobError, match="已定稿"):
        xl_fzzf.consolidate(master, as_of=AS_OF)
    xl_fzzf.reopen(master, "补报")
    xl_fzzf.consolidate(master, as_of=AS_OF)
    assert xl_fzzf.approve(master, "张三") == summary
