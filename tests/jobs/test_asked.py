"""What a return was asked for when it was sent out, and what the plan asks for by now."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

from tests.jobs.filling import GOOD, fill
from tests.jobs.test_consolidate import blank, filled, incoming, received, records, run
from tests.jobs.test_driving_sheets import append, edit
from xl_fzzf.jobs.check import check_files
from xl_fzzf.jobs.distribute import distribute
from xl_fzzf.model.finding import Severity
from xl_fzzf.office.book_file import FileBook

__all__ = ["filled"]

MASTER = "台账-2019Q3.xlsx"


def add_indicator(folder: Path) -> None:
    row = {"任务": "1", "指标编号": "1.9", "指标": "专题学习次数", "类型": "计数", "目标": "≥ 1"}
    append(folder, "指标", {**row, "计量单位": "次"})


def test_an_indicator_that_was_added_later_is_no_row_that_the_unit_deleted(filled: Path) -> None:
    run(filled)
    add_indicator(filled)
    result = run(filled)
    told = [f for f in result.findings if f.rule != "edited"]
    assert {(f.rule, f.severity) for f in told} == {("added-row", Severity.WARNING)}
    assert len(told) == 4 and result.clean, "one for each return, nobody is at fault"
    (own,) = (finding for finding in told if finding.unit == "金凤镇")
    assert "又增加了这个单位要报的指标 1.9" in own.message and "没有填错" in own.message
    assert own.remedy.startswith("请再分发一次") and own.value == "2019-09-30 的填报表"
    assert records(filled)["X01", "1.1"][2] == 3 and not records(filled)["X01", "1.9"][2]
    (checked,) = check_files(
        [incoming(filled, "金凤镇.xlsx")], filled / MASTER, filled, result.as_of, False
    )
    assert [f.rule for f in checked.findings] == ["added-row"] and checked.clean


def test_a_row_that_was_asked_for_and_is_gone_is_an_error_still(filled: Path) -> None:
    add_indicator(filled)
    path = incoming(filled, "金凤镇.xlsx")
    book = FileBook.open(path)
    grid = book.read("一、组织领导")
    row = next(at for at, line in enumerate(grid, 1) if "1.2" in line)
    book.write("一、组织领导", row, 1, [[None] * len(grid[row - 1])])
    book.save()
    found = [f for f in run(filled).findings if f.unit == "金凤镇" and f.severity is Severity.ERROR]
    assert [(f.rule, f.indicator) for f in found] == [("missing-row", "1.2")]


def test_an_indicator_that_was_taken_back_is_no_unknown_row(filled: Path) -> None:
    run(filled)
    edit(filled, "指标", "1.3", "适用范围", "区司法局")
    found = [f for f in run(filled).findings if f.rule != "edited"]
    assert {(f.rule, f.severity) for f in found} == {("dropped-row", Severity.INFO)}
    assert {f.unit for f in found} == {"区财政局", "金凤镇", "安福镇"}
    assert all("不再要这个单位报指标 1.3" in f.message for f in found)


def test_a_return_of_the_new_round_of_forms_answers_it(filled: Path) -> None:
    run(filled)
    add_indicator(filled)
    result = run(filled)
    distribute(filled / MASTER, result.as_of, datetime(2019, 9, 25, 9))
    more: dict[str, dict[str, Any]] = {**GOOD, "1.9": {"value": 2, "narrative": "学习两次"}}
    for name in ("区司法局", "区财政局", "金凤镇", "安福镇"):
        received(fill(blank(filled, name), incoming(filled, f"{name}.xlsx"), more), 26)
    result = run(filled)
    assert not [f for f in result.findings if f.severity is not Severity.INFO]
    assert records(filled)["X01", "1.9"][2] == 2
