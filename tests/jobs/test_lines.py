"""A new task, a new unit and a 责任单位 line that changed bring their assignments; what was corrected stays."""

from __future__ import annotations

from pathlib import Path

from tests.conftest import AS_OF, small_plan
from tests.jobs.filling import GOOD, fill
from tests.jobs.test_driving_sheets import append, codes, edit, master_of, run, send_out
from tests.jobs.test_edited import NOW, told
from xl_fzzf.faces.words.opening import opening_lines
from xl_fzzf.jobs.distribute import distribute
from xl_fzzf.jobs.next import next_period, propose
from xl_fzzf.jobs.status import read_standing
from xl_fzzf.model.lines import Stated, follow_lines
from xl_fzzf.model.plan import Role
from xl_fzzf.model.record import text
from xl_fzzf.model.responsibility import assign
from xl_fzzf.office.book_file import FileBook

NEW_TASK = {
    "领域": "二、依法行政",
    "任务": "3",
    "任务原文": "开展普法。",
    "责任单位": "区财政局、各乡镇",
}
NEW_INDICATOR = {"任务": "3", "指标编号": "3.1", "指标": "普法场次", "类型": "计数", "目标": "≥ 1"}


def assignments(folder: Path) -> dict[str, dict[str, str]]:
    """责任分工 as it stands: unit → task → role."""
    _, _, header, *rows = FileBook.open(master_of(folder)).read("责任分工")
    words = [text(cell) for cell in header]
    return {
        text(row[0]): {w: text(c) for w, c in zip(words[1:], row[1:], strict=True) if text(c)}
        for row in rows
    }


def add_task(folder: Path) -> None:
    append(folder, "任务", NEW_TASK)
    append(folder, "指标", NEW_INDICATOR)


def test_a_new_task_gets_its_assignments_from_its_own_line(workspace: Path) -> None:
    add_task(workspace)
    assert "3.1" not in codes(workspace, "金凤镇")
    send_out(workspace)
    assert {unit: roles.get("3") for unit, roles in assignments(workspace).items()} == {
        "区司法局": None,
        "区财政局": "牵头",
        "金凤镇": "责任",
        "安福镇": "责任",
    }
    assert "3.1" in codes(workspace, "金凤镇") and "3.1" not in codes(workspace, "区司法局")
    fill(
        workspace / "分发/2019Q3/金凤镇.xlsx",
        workspace / "报送/2019Q3/金凤镇.xlsx",
        GOOD | {"3.1": {"value": 2}},
    )
    result = run(workspace)
    assert ("金凤镇", "3.1", "达标") in {
        (a.unit.name, a.indicator.code, a.status.value) for a in result.assessments
    }
    assert "“任务”加了：3" in told(result) and "“指标”加了：3.1" in told(result)
    assert "“责任分工”的“任务 3”：区财政局由空白改为“牵头”" in told(result)


def test_who_only_looks_sees_it_before_it_is_written(workspace: Path) -> None:
    add_task(workspace)
    before = master_of(workspace).read_bytes()
    _, standing = read_standing(master_of(workspace), AS_OF)
    assert sum(a.indicator.code == "3.1" for a in standing.assessments) == 3
    assert master_of(workspace).read_bytes() == before


def test_a_new_column_goes_beside_what_staff_put_there(workspace: Path) -> None:
    book = FileBook.open(master_of(workspace))
    book.write("责任分工", 3, 6, [["电话"], ["1234567"]])
    book.save()
    add_task(workspace)
    send_out(workspace)
    stands = assignments(workspace)
    assert stands["区司法局"]["电话"] == "1234567" and stands["区财政局"]["3"] == "牵头"
    assert run(workspace).clean


def test_a_column_that_the_coordinator_filled_in_for_a_new_task_holds(workspace: Path) -> None:
    add_task(workspace)
    book = FileBook.open(master_of(workspace))
    book.write("责任分工", 3, 5, [["3"], ["责任"]])
    book.save()
    send_out(workspace)
    assert {unit for unit, roles in assignments(workspace).items() if "3" in roles} == {"区司法局"}


def test_an_indicator_that_nobody_must_report_is_a_finding(workspace: Path) -> None:
    for unit in ("区司法局", "区财政局"):
        edit(workspace, "责任分工", unit, "2", None)
    found = [f for f in run(workspace).findings if f.rule == "nobody"]
    assert [(f.indicator, f.severity.label) for f in found] == [("2.1", "提醒"), ("2.2", "提醒")]
    assert "没有单位填报" in found[0].message and "责任分工" in found[0].remedy


def test_a_line_that_changed_takes_along_the_cells_that_nobody_corrected(workspace: Path) -> None:
    edit(workspace, "责任分工", "金凤镇", "2", "责任")
    run(workspace)
    edit(workspace, "任务", "2", "责任单位", "区财政局、各乡镇")
    sent = distribute(master_of(workspace), AS_OF, NOW)
    assert {unit: roles.get("2") for unit, roles in assignments(workspace).items()} == {
        "区司法局": None,
        "区财政局": "牵头",
        "金凤镇": "责任",
        "安福镇": "责任",
    }
    lines = told(run(workspace))
    assert "“责任分工”的“任务 2”：区财政局由“责任”改为“牵头”" in lines
    assert "“责任分工”的“任务 2”：安福镇由空白改为“责任”" in lines
    assert set(lines[1:]) <= set(sent.notices)


def test_cells_that_were_corrected_by_hand_stay_and_are_told(workspace: Path) -> None:
    edit(workspace, "责任分工", "区财政局", "2", "可选")
    run(workspace)
    edit(workspace, "任务", "2", "责任单位", "区财政局、各乡镇")
    result = run(workspace)
    assert assignments(workspace)["区财政局"]["2"] == "可选"
    assert assignments(workspace)["金凤镇"]["2"] == "责任"
    words = (
        "任务 2 的责任单位改了，按新的一行应为：区财政局（牵头）；"
        "“责任分工”里这几格手工改过，没有动，请核对"
    )
    assert words in result.notices
    assert [f.message for f in result.findings if f.rule == "line"] == [words]
    assert not [f for f in run(workspace).findings if f.rule == "line"], "told once"


def test_a_line_that_could_not_be_read_before_changes_no_cell() -> None:
    plan = small_plan()
    stated, listed = assign(plan), [unit.code for unit in plan.units]
    before = Stated(dict.fromkeys(plan.tasks, "区水务局"), plan.units)
    del stated["X01", "1"]
    followed = follow_lines(plan, stated, listed, before)
    assert followed.roles == {} and followed.corrected == {("X01", "1"): Role.REQUIRED}
    assert follow_lines(plan, stated, listed, Stated()).corrected == {}


def test_a_renamed_unit_is_no_change_of_a_line_that_names_it_by_its_new_name(
    workspace: Path,
) -> None:
    edit(workspace, "单位", "B02", "单位名称", "区财政金融局")
    edit(workspace, "单位", "B02", "别名", "区财政局")
    edit(workspace, "任务", "2", "责任单位", "区司法局、区财政金融局")
    result = run(workspace)
    assert not [line for line in told(result) if "责任分工" in line]
    assert [text(row[0]) for row in FileBook.open(master_of(workspace)).read("责任分工")[3:]] == [
        *("区司法局", "区财政局", "金凤镇", "安福镇")
    ]


def test_a_task_that_was_added_before_the_next_period_begins_is_told_and_assigned_there(
    workspace: Path,
) -> None:
    run(workspace)
    add_task(workspace)
    opening = propose(master_of(workspace), None, AS_OF)
    assert any("“任务”加了：3" in str(line) for line in opening_lines(opening))
    opened = next_period(master_of(workspace), opening.period, AS_OF).master
    assert text(FileBook.open(opened).read("责任分工")[2][4]) == "3"
    _, standing = read_standing(opened, AS_OF)
    assert sum(a.indicator.code == "3.1" for a in standing.assessments) == 3
    assert not standing.notices, "the new period begins with it"
