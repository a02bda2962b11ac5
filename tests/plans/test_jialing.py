"""The shipped plan against the notice it was made from, `tests/data/plans/jialing-2019.txt`."""

from __future__ import annotations

import re
from datetime import date
from difflib import SequenceMatcher
from pathlib import Path

import pytest

from xl_fzzf.model.kinds import Kind
from xl_fzzf.model.plan import Plan, Role, Task
from xl_fzzf.model.responsibility import assign_task
from xl_fzzf.model.target import Op
from xl_fzzf.plans import read_plan

NOTICE = Path(__file__).parents[1] / "data" / "plans" / "jialing-2019.txt"
NUMBERED = {
    # code: op, value, value2, due
    "1.1": (Op.GE, 2, None, None),
    "2.1": (Op.BETWEEN, 1, 2, None),
    "2.2": (Op.BETWEEN, 4, 5, None),
    "3.1": (Op.ABOVE_LAST_YEAR, None, None, None),
    "6.1": (Op.EQ, 1, None, date(2019, 12, 31)),
    "11.1": (Op.EQ, 1, None, None),
    "11.2": (Op.EQ, 1, None, None),
    "11.3": (Op.EQ, 1, None, None),
    "16.1": (Op.EQ, 1, None, None),
    "18.1": (Op.GE, 2, None, None),
    "20.1": (Op.EQ, 1, None, None),
    "20.2": (Op.GE, 40, None, None),
    "22.1": (Op.GE, 0.95, None, None),
    "23.1": (Op.EQ, 1, None, None),
    "24.1": (Op.EQ, 1, None, None),
    "25.1": (Op.GE, 0.8, None, None),
    "29.1": (Op.EQ, 1, None, None),
    "29.2": (Op.EQ, 1, None, None),
    "29.3": (Op.EQ, 1, None, None),
    "保3.1": (Op.NOT_BELOW_LAST_YEAR, None, None, None),
}
MEASURES = dict.fromkeys(("1.1", "2.1", "2.2"), "次") | {"18.1": "人", "20.2": "学时"}
MEASURES |= {"3.1": "分", "保3.1": "万元"}
KINDS = {"3.1": Kind.SCORE, "保3.1": Kind.AMOUNT}
_STOPS = str.maketrans(",;:()", "，；：（）")
DEPARTMENTS, TOWNS, STREETS = "区级部门", "乡镇", "街道"


@pytest.fixture(scope="module")
def plan() -> Plan:
    return read_plan()


@pytest.fixture(scope="module")
def notice() -> str:
    return _bare(NOTICE.read_text(encoding="utf-8"))


def _bare(text: str) -> str:
    """Without blanks, and with the full-width stops that the plan writes throughout."""
    return re.sub(r"\s+", "", text).translate(_STOPS)


def _tasks(plan: Plan) -> list[Task]:
    return [task for number, task in plan.tasks.items() if number.isdecimal()]


def _safeguards(plan: Plan) -> list[Task]:
    return [task for number, task in plan.tasks.items() if not number.isdecimal()]


def _roles(plan: Plan, number: str) -> dict[str, Role]:
    """A task's roles by unit name."""
    roles = assign_task(plan, plan.tasks[number])
    return {plan.unit_by_code[code].name: role for code, role in roles.items()}


def _names(plan: Plan, *kinds: str, enforcement: bool = False) -> set[str]:
    return {u.name for u in plan.units if u.kind in kinds and (u.enforcement or not enforcement)}


def test_seven_areas_twenty_nine_tasks_five_safeguards(plan: Plan) -> None:
    assert [area.number for area in plan.areas] == [1, 2, 3, 4, 5, 6, 7, 0]
    assert [task.number for task in _tasks(plan)] == [str(n) for n in range(1, 30)]
    assert [task.number for task in _safeguards(plan)] == [f"保{n}" for n in range(1, 6)]


def test_areas_tasks_and_lines_are_the_notices_own_in_its_order(plan: Plan, notice: str) -> None:
    said = ""
    for area, numeral in zip(plan.areas[:-1], "一二三四五六七", strict=True):
        said += f"（{numeral}）{area.name}"
        for task in area.tasks:
            said += f"{task.number}.{task.text}（责任单位：{task.responsible}）"
    body = notice[notice.index("三、工作重点") : notice.index("四、保障措施")]
    assert _bare(said) == body.removeprefix("三、工作重点")


def test_safeguards_are_the_notices_own_in_its_order(plan: Plan, notice: str) -> None:
    said = "".join(
        f"（{numeral}）{task.name}。{task.text}"
        for task, numeral in zip(_safeguards(plan), "一二三四五", strict=True)
    )
    body = notice[notice.index("四、保障措施") : notice.index("（责任编辑")]
    assert _bare(said) == body.removeprefix("四、保障措施")


def test_no_clause_is_dropped(plan: Plan) -> None:
    """Of every clause at least six tenths stand in the indicators of its task, word for word."""
    clauses = [(t, c) for t in plan.tasks.values() for c in re.split("[，。；]", t.text) if c]
    dropped = [(t.number, clause) for t, clause in clauses if _kept(t, clause) < 0.6]
    assert len(clauses) > 100
    assert dropped == []


def _kept(task: Task, clause: str) -> float:
    kept: set[int] = set()
    for indicator in task.indicators:
        matcher = SequenceMatcher(None, clause, indicator.text, autojunk=False)
        for start, _, size in matcher.get_matching_blocks():
            if size > 1:
                kept.update(range(start, start + size))
    return len(kept) / len(clause)


def test_numbered_targets_are_those_of_the_notice(plan: Plan) -> None:
    found = {
        code: (item.target.op, item.target.value, item.target.value2, item.due)
        for code, item in plan.indicators.items()
        if item.kind not in (Kind.YES_NO, Kind.TEXT)
    }
    assert found == NUMBERED


def test_numbered_indicators_have_the_kind_and_measure_that_their_target_needs(plan: Plan) -> None:
    for code, (_, value, _, _) in NUMBERED.items():
        item = plan.indicators[code]
        rate = value is not None and value <= 1 and code not in MEASURES
        assert item.kind is KINDS.get(code, Kind.RATE if rate else Kind.COUNT), code
        assert item.measure == MEASURES.get(code, "%"), code
        assert item.target.percent is rate, code
        assert bool(item.numerator and item.denominator) is rate, code


def test_everything_else_is_a_yes_or_a_text_that_is_due_at_the_years_end(plan: Plan) -> None:
    for code, item in plan.indicators.items():
        if code not in NUMBERED:
            assert item.target.op is (Op.YES if item.kind is Kind.YES_NO else Op.FILLED), code
            assert item.due_in(plan.year) == date(2019, 12, 31), code


def test_every_named_unit_is_one_unit_of_the_roster(plan: Plan) -> None:
    words = {w for t in _tasks(plan) for w in re.split("[、，]", t.responsible)}
    named = {word for word in words if re.match("区(?!级)", word)}
    assert len(named) == 19
    assert {plan.unit_by_name[word].name for word in named} == named


def test_roster_has_departments_townships_and_streets(plan: Plan) -> None:
    sizes = [len(_names(plan, kind)) for kind in (DEPARTMENTS, TOWNS, STREETS)]
    assert sizes == [50, 40, 6]
    assert _names(plan, TOWNS, STREETS, enforcement=True) == _names(plan, TOWNS, STREETS)


def test_task_1_is_led_by_the_government_office_and_required_of_all_others(plan: Plan) -> None:
    roles = _roles(plan, "1")
    assert roles.pop("区政府办公室") is Role.LEAD
    everyone = _names(plan, DEPARTMENTS, TOWNS, STREETS) - {"区政府办公室"}
    assert roles == dict.fromkeys(everyone, Role.REQUIRED)


def test_task_2_is_led_by_justice_who_alone_reports_the_leading_groups_meetings(plan: Plan) -> None:
    roles = _roles(plan, "2")
    assert [name for name, role in roles.items() if role is Role.LEAD] == ["区司法局"]
    assert roles.keys() == _names(plan, DEPARTMENTS, TOWNS, STREETS)
    district, own = plan.indicators["2.1"], plan.indicators["2.2"]
    asked = [u.name for u in plan.units if district.concerns(u, roles[u.name])]
    assert asked == ["区司法局"]
    assert all(own.concerns(unit, roles[unit.name]) for unit in plan.units)


def test_task_5_requires_the_named_and_leaves_other_departments_optional(plan: Plan) -> None:
    roles = _roles(plan, "5")
    named = {"区行政审批局", "区发改局", "区司法局", "区建设局"}
    assert roles["区行政审批局"] is Role.LEAD
    assert {roles[name] for name in named - {"区行政审批局"}} == {Role.REQUIRED}
    others = _names(plan, DEPARTMENTS) - named
    assert {roles[name] for name in others} == {Role.OPTIONAL}
    assert {roles[name] for name in _names(plan, TOWNS, STREETS)} == {Role.REQUIRED}


@pytest.mark.parametrize(
    ("task", "named"),
    [
        ("7", ["区委编办", "区司法局", "区行政审批局"]),
        ("17", []),
        ("18", ["区综合行政执法局"]),
        ("21", ["区财政局"]),
    ],
)
def test_enforcement_tasks_concern_only_departments_that_enforce(
    plan: Plan, task: str, named: list[str]
) -> None:
    enforcing = _names(plan, DEPARTMENTS, enforcement=True)
    assert "区公安分局" in enforcing
    assert "区委宣传部" not in enforcing
    everyone = enforcing | _names(plan, TOWNS, STREETS)
    expected = dict.fromkeys(everyone, Role.REQUIRED) | dict.fromkeys(named, Role.REQUIRED)
    expected |= dict.fromkeys(named[:1], Role.LEAD)
    assert _roles(plan, task) == expected


def test_task_8_is_not_for_townships_and_streets(plan: Plan) -> None:
    roles = _roles(plan, "8")
    assert roles.keys() == _names(plan, DEPARTMENTS)
    assert roles["区行政审批局"] is Role.LEAD
    assert roles["区发改局"] is roles["区商务局"] is Role.REQUIRED
    assert roles["区公安分局"] is Role.OPTIONAL


def test_task_23_has_no_lead(plan: Plan) -> None:
    everyone = _names(plan, DEPARTMENTS, TOWNS, STREETS)
    assert _roles(plan, "23") == dict.fromkeys(everyone, Role.REQUIRED)


@pytest.mark.parametrize(
    ("task", "named"), [("27", ["区委政法委", "区司法局"]), ("29", ["区司法局"])]
)
def test_tasks_without_other_departments_concern_the_named_and_the_townships(
    plan: Plan, task: str, named: list[str]
) -> None:
    expected = dict.fromkeys((*_names(plan, TOWNS, STREETS), *named), Role.REQUIRED)
    assert _roles(plan, task) == expected | {named[0]: Role.LEAD}


def test_task_28_is_led_by_justice_and_required_of_all_departments(plan: Plan) -> None:
    everyone = _names(plan, DEPARTMENTS, TOWNS, STREETS)
    assert _roles(plan, "28") == dict.fromkeys(everyone, Role.REQUIRED) | {"区司法局": Role.LEAD}


def test_safeguards_concern_everyone_and_have_no_lead(plan: Plan) -> None:
    everyone = _names(plan, DEPARTMENTS, TOWNS, STREETS)
    for safeguard in _safeguards(plan):
        assert _roles(plan, safeguard.number) == dict.fromkeys(everyone, Role.REQUIRED)
    leads = {
        name for t in _tasks(plan) for name, r in _roles(plan, t.number).items() if r is Role.LEAD
    }
    assert set(plan.indicators["保1.2"].scope) == set(plan.indicators["保2.2"].scope) == leads
