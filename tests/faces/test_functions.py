"""The functions in cells, called as Excel calls them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import get_type_hints

import pytest
from xlwings.conversion import accessors

from tests.conftest import small_plan
from tests.faces.test_cli import fzzf
from tests.jobs.filling import GOOD, fill
from xl_fzzf.desk.errors import JobError
from xl_fzzf.faces.excel.functions import find_indicator, fzzf_score, fzzf_status, fzzf_target

MASTER = "台账-2019Q3.xlsx"


@pytest.mark.parametrize(
    ("code", "target"),
    [("1.1", "≥ 2次"), (2.1, "= 100%"), ("2.2", "高于上年"), ("9.9", "没有指标“9.9”")],
)
def test_target(workspace: Path, code: object, target: str) -> None:
    assert fzzf_target(code, str(workspace)).replace(" 次", "次") == target


@pytest.mark.parametrize(
    ("code", "value", "last_year", "status"),
    [
        ("1.1", 2.0, None, "达标"),
        ("1.1", 1.0, None, "未达标"),
        ("1.1", "约3次", None, "有误"),
        ("1.1", None, None, "待填"),
        ("1.1", "#DIV/0!", None, "有误"),
        ("1.1", True, None, "有误"),
        ("1.2", "是", None, "达标"),
        ("1.3", "推行一窗通办", None, "达标"),
        (2.1, 1.0, None, "达标"),
        ("2.1", 0.99, None, "未达标"),
        ("2.1", 1.5, None, "有误"),
        ("2.1", "不适用", None, "不适用"),
        ("2.2", 82.0, 80.0, "达标"),
        ("2.2", 80.0, 80.0, "未达标"),
        ("2.2", 80.0, None, "待填"),
    ],
)
def test_status(
    workspace: Path, code: object, value: object, last_year: object, status: str
) -> None:
    assert fzzf_status(code, value, last_year, str(workspace)) == status


def test_score_is_that_of_the_master(workspace: Path) -> None:
    assert fzzf_score("司法局", str(workspace)) == 0.0
    blank = workspace / "分发" / "2019Q3" / "区司法局.xlsx"
    fill(blank, workspace / "报送" / "2019Q3" / "区司法局.xlsx", GOOD)
    fzzf(workspace, "consolidate")
    assert fzzf_score("B01", str(workspace)) == fzzf_score("区司法局", str(workspace)) == 100.0
    assert fzzf_score("不认识", str(workspace)) == "单位名录里没有“不认识”"


def test_without_a_master_the_shipped_plan_answers(tmp_path: Path) -> None:
    for folder in ("", str(tmp_path)):
        assert fzzf_target("1.1", folder).startswith("≥ 2")
        assert fzzf_score("区司法局", folder) == "这个文件夹里没有台账"


def test_a_master_that_cannot_be_read_is_told_in_words(tmp_path: Path) -> None:
    (tmp_path / MASTER).write_bytes(b"broken")
    for answer in (
        fzzf_target("1.1", str(tmp_path)),
        fzzf_status("1.1", 3.0, None, str(tmp_path)),
        fzzf_score("区司法局", str(tmp_path)),
    ):
        assert MASTER in answer


def test_a_code_that_excel_took_for_a_number_is_not_guessed() -> None:
    plan = small_plan()
    area, *others = plan.areas
    (task,) = area.tasks
    more = (*task.indicators, replace(task.indicators[0], code="1.10"))
    area = replace(area, tasks=(replace(task, indicators=more),))
    longer = replace(plan, areas=(area, *others))
    with pytest.raises(JobError, match="请写成文本"):
        find_indicator(1.1, longer)
    assert find_indicator("1.10", longer) == longer.indicators["1.10"]
    assert find_indicator(1.1, plan) == plan.indicators["1.1"]


@pytest.mark.parametrize("function", [fzzf_target, fzzf_status, fzzf_score])
def test_xlwings_can_convert_by_the_annotations(function: Callable[..., object]) -> None:
    assert set(get_type_hints(function).values()) <= accessors.keys()
