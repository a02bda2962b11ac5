"""Another district's plan, of another year, subject and wording, needs a file and no code."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.model.samples import assessed
from xl_fzzf.model.building import build_plan
from xl_fzzf.model.city import build_city_plan
from xl_fzzf.model.kinds import Kind
from xl_fzzf.model.plan import Plan, Role
from xl_fzzf.model.resolution import expected_indicators
from xl_fzzf.model.responsibility import assign, assign_task
from xl_fzzf.model.status import Status
from xl_fzzf.model.target import Op, Target
from xl_fzzf.plans import read_plan

FILE = Path(__file__).parents[1] / "data" / "plans" / "xinhe-2024.toml"
YEAR_END = date(2024, 12, 31)
LEAD, REQUIRED, OPTIONAL = Role.LEAD, Role.REQUIRED, Role.OPTIONAL


@pytest.fixture(scope="module")
def plan() -> Plan:
    return read_plan(FILE)


def test_head_areas_tasks_and_safeguard(plan: Plan) -> None:
    assert (plan.district, plan.year, plan.period) == ("新河区", 2024, "2024H1")
    assert [(area.number, area.name) for area in plan.areas] == [
        (1, "数据开放"),
        (2, "校园安全"),
        (3, "教育质量"),
        (0, "保障措施"),
    ]
    assert list(plan.tasks) == ["1", "2", "3", "4", "5", "6", "7", "8", "保1"]


def test_indicators_have_their_kinds_targets_and_days(plan: Plan) -> None:
    assert {
        code: (item.kind, item.target, item.due_in(2024)) for code, item in plan.indicators.items()
    } == {
        "A-1": (Kind.COUNT, Target(Op.GE, 20.0), date(2024, 6, 30)),
        "A-2": (Kind.RATE, Target(Op.LE, 0.05, percent=True), YEAR_END),
        "A-3": (Kind.COUNT, Target(Op.LT, 3.0), YEAR_END),
        "A-4": (Kind.COUNT, Target(Op.GT, 1.0), YEAR_END),
        "A-5": (Kind.TEXT, Target(Op.FILLED), YEAR_END),
        "B-1": (Kind.COUNT, Target(Op.EQ, 2.0), date(2024, 8, 31)),
        "B-2": (Kind.RATE, Target(Op.GE, 0.985, percent=True), YEAR_END),
        "B-3": (Kind.COUNT, Target(Op.BETWEEN, 3.0, 6.0), YEAR_END),
        "B-4": (Kind.YES_NO, Target(Op.YES), YEAR_END),
        "B-5": (Kind.AMOUNT, Target(Op.NOT_BELOW_LAST_YEAR), YEAR_END),
        "C-1": (Kind.SCORE, Target(Op.ABOVE_LAST_YEAR), YEAR_END),
        "C-2": (Kind.YES_NO, Target(Op.YES), YEAR_END),
        "保1.1": (Kind.YES_NO, Target(Op.YES), YEAR_END),
    }


def test_weights_limits_and_descriptions(plan: Plan) -> None:
    weights = {code: item.weight for code, item in plan.indicators.items() if item.weight != 1}
    assert weights == {"A-1": 3.0, "B-4": 0.5}
    assert plan.indicators["A-3"].most == 100
    assert plan.indicators["A-4"].most == 39_999
    assert plan.indicators["A-2"].denominator == "抽查的数据条数"


@pytest.mark.parametrize(("unit", "bound"), [("区文联", 20), ("白沙镇", 5), ("青石小学", 1)])
def test_the_target_differs_by_kind_of_unit(plan: Plan, unit: str, bound: float) -> None:
    found = plan.find_unit(unit)
    assert found is not None
    assert plan.indicators["A-1"].target_for(found) == Target(Op.GE, bound)


def test_units_keep_what_the_file_says_of_them(plan: Plan) -> None:
    assert [unit.code for unit in plan.units if unit.enforcement] == ["Q2", "Q3"]
    assert [unit.code for unit in plan.units if not unit.confirmed] == ["Q4"]
    town = plan.find_unit("青石镇人民政府")
    assert town is not None
    assert (town.code, town.kind, town.email) == ("Z1", "镇", "qingshi@example.cn")
    assert plan.unit_by_code["Q3"].contact == "陈老师 0817-0000000"


@pytest.mark.parametrize(
    ("task", "roles"),
    [
        ("1", {"Q1": LEAD} | dict.fromkeys(["Q2", "Q3", "Q4", "Z1", "Z2", "S1", "S2"], REQUIRED)),
        ("2", {"Q1": LEAD, "Q2": REQUIRED, "Q3": OPTIONAL, "Q4": OPTIONAL}),
        ("3", {"Q1": LEAD}),
        ("4", {"Q3": LEAD, "S1": REQUIRED, "S2": REQUIRED}),
        ("5", {"Q2": LEAD} | dict.fromkeys(["Q3", "Z1", "Z2", "S1", "S2"], REQUIRED)),
        ("6", {"S1": REQUIRED, "S2": REQUIRED}),
        ("7", {"Q3": LEAD, "Q1": REQUIRED, "Q2": REQUIRED, "Q4": REQUIRED}),
        ("8", {"S1": REQUIRED, "S2": REQUIRED}),
        ("保1", dict.fromkeys(["Q1", "Q2", "Q3", "Q4", "Z1", "Z2", "S1", "S2"], REQUIRED)),
    ],
)
def test_lines_in_other_words_are_understood(plan: Plan, task: str, roles: dict[str, Role]) -> None:
    assert assign_task(plan, plan.tasks[task]) == roles


@pytest.mark.parametrize(
    ("unit", "optional", "codes"),
    [
        ("Q1", False, ["A-1", "A-2", "A-3", "A-4", "A-5", "保1.1"]),
        ("Q2", False, ["A-1", "A-2", "A-3", "A-4", "B-3", "B-4", "保1.1"]),
        ("Q3", False, ["A-1", "A-2", "B-2", "B-3", "B-4", "C-1", "保1.1"]),
        ("Q4", False, ["A-1", "A-2", "保1.1"]),
        ("Q4", True, ["A-1", "A-2", "A-3", "保1.1"]),
        ("Z2", False, ["A-1", "A-2", "B-4", "保1.1"]),
        ("S1", False, ["A-1", "A-2", "B-1", "B-2", "B-4", "B-5", "C-2", "保1.1"]),
    ],
)
def test_scopes_decide_who_reports_on_what(
    plan: Plan, unit: str, optional: bool, codes: list[str]
) -> None:
    expected = expected_indicators(plan, assign(plan), plan.unit_by_code[unit], optional)
    assert [item.code for item in expected] == codes


@pytest.mark.parametrize(
    ("code", "entries", "status"),
    [
        ("A-2", {"numerator": 5, "denominator": 100}, Status.MET),
        ("A-2", {"numerator": 6, "denominator": 100}, Status.UNDER_WAY),
        ("A-3", {"value": 2}, Status.MET),
        ("A-3", {"value": 3}, Status.UNDER_WAY),
        ("A-4", {"value": 1}, Status.UNDER_WAY),
        ("A-4", {"value": 2}, Status.MET),
        ("B-1", {"value": 3}, Status.UNMET),
        ("B-2", {"numerator": 197, "denominator": 200}, Status.MET),
        ("B-2", {"numerator": 1969, "denominator": 2000}, Status.UNDER_WAY),
    ],
)
def test_records_are_judged_by_its_targets(
    plan: Plan, code: str, entries: dict[str, Any], status: Status
) -> None:
    case = assessed(plan.indicators[code], as_of=date(2024, 9, 30), year=2024, **entries)
    assert case.status is status


@pytest.mark.parametrize("called", ["Q1", "区大数据局", "新河区数据局", " 区数据局"])
def test_the_coordinator_may_be_called_by_code_or_alias_and_signs_in_full(called: str) -> None:
    raw = tomllib.loads(FILE.read_text(encoding="utf-8")) | {"coordinator": called}
    plan = build_plan(raw, "方案")
    assert (plan.coordinator, plan.signature) == ("区数据局", "新河区数据局")


@pytest.mark.parametrize(
    ("district", "name", "signature"),
    [
        ("南充市嘉陵区", "区司法局", "南充市嘉陵区司法局"),
        ("阆中市", "市司法局", "阆中市司法局"),
        ("仪陇县", "县发展和改革局", "仪陇县发展和改革局"),
        ("仪陇县", "仪陇县司法局", "仪陇县司法局"),
        ("阿荣旗", "旗司法局", "阿荣旗司法局"),
        ("新河园", "管委会办公室", "新河园管委会办公室"),
    ],
)
def test_the_signature_is_the_coordinator_in_full(
    plan: Plan, district: str, name: str, signature: str
) -> None:
    there = replace(plan, district=district, coordinator=name)
    assert there.signature == signature
    assert replace(there, signer="县优化营商环境工作专班").signature == "县优化营商环境工作专班"


def test_the_example_of_evidence_is_the_plans_own_or_of_its_year(plan: Plan) -> None:
    assert "2024" in plan.evidence_example
    assert replace(plan, evidence="新府发〔2024〕1号").evidence_example == "新府发〔2024〕1号"


def test_the_citys_own_unit_is_the_districts_one_level_up(plan: Plan) -> None:
    """Whatever the subject: no plan is run by 司法局 unless it says so."""
    city = build_city_plan(plan, "江州市", ("新河区", "青石县"))
    assert (city.coordinator, city.signature) == ("市数据局", "江州市数据局")
    assert (city.subject, city.name) == (plan.subject, "江州市数据开放和校园安全工作方案")
    assert (city.addressee, city.evidence, city.signer) == ("", "", "")
