"""A county-level city's plan: every line of its 责任单位 in another form, every role as a person reads it."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from xl_fzzf.model.building import build_plan
from xl_fzzf.model.kinds import Kind
from xl_fzzf.model.plan import Plan, Role
from xl_fzzf.model.resolution import expected_indicators
from xl_fzzf.model.responsibility import assign, assign_task
from xl_fzzf.model.target import Op
from xl_fzzf.plans import read_plan

FILE = Path(__file__).parents[1] / "data/plans/langzhong-2023.toml"
DEPARTMENTS = {f"A{n:02d}" for n in range(1, 15)}
TOWNS = {f"B{n:02d}" for n in range(1, 12)}
ENFORCING = {"A03", "A07", "A08", "A09", "A10", "A11", "A12", "A13"}
EVERYONE = DEPARTMENTS | TOWNS
ROLES: dict[str, tuple[str, set[str], set[str]]] = {
    # task: who leads, who must beside the lead, who may
    "1": ("A02", EVERYONE, set()),
    "2": ("A01", EVERYONE, set()),
    "3": ("A01", {"A04", "A05"}, set()),
    "4": ("A14", {"A01", "A05"}, DEPARTMENTS),
    "5": ("A14", {"A04", "A05"}, set()),
    "6": ("A12", {"A13"}, DEPARTMENTS),
    "7": ("A01", EVERYONE, set()),
    "8": ("A01", {"A02"}, set()),
    "9": ("", ENFORCING | TOWNS, set()),
    "10": ("A13", {"A03", "A09", "A10"}, set()),
    "11": ("A04", ENFORCING, set()),
    "12": ("A01", {"A03", "A08"} | TOWNS, set()),
    "13": ("A01", TOWNS, set()),
    "14": ("", {"A06", "A10"} | TOWNS, set()),
    **dict.fromkeys(("保1", "保2", "保3"), ("", EVERYONE, set[str]())),
}


@pytest.fixture(scope="module")
def plan() -> Plan:
    return read_plan(FILE)


def test_it_has_what_a_plan_can_have(plan: Plan) -> None:
    indicators = plan.indicators.values()
    assert (len(plan.units), len(indicators), plan.signature) == (25, 35, "阆中市司法局")
    assert {item.kind for item in indicators} == set(Kind)
    targets = [target for item in indicators for target in (item.target, *item.targets.values())]
    assert {target.op for target in targets} == set(Op)


def test_every_task_has_its_roles(plan: Plan) -> None:
    assert list(ROLES) == list(plan.tasks)
    for number, (lead, required, optional) in ROLES.items():
        roles = dict.fromkeys(optional, Role.OPTIONAL) | dict.fromkeys(required, Role.REQUIRED)
        roles |= {lead: Role.LEAD} if lead else {}
        assert assign_task(plan, plan.tasks[number]) == roles, number


def test_every_unit_has_something_to_report(plan: Plan) -> None:
    counts = {
        unit.name: len(list(expected_indicators(plan, assign(plan), unit, False)))
        for unit in plan.units
    }
    assert counts["市司法局"] == 19 and counts["老观镇"] == 18
    assert min(counts.values()) == 10 and sum(counts.values()) == 408


def test_brackets_of_either_width_name_the_same_kind_and_an_alias_the_same_unit(plan: Plan) -> None:
    """Staff can't see why 乡镇（街道） should be another kind than 乡镇(街道)."""
    text = FILE.read_text(encoding="utf-8")
    head, roster = text.split("[roster]")
    _, rest = head.split("[[areas]]", 1)
    wide = rest.replace('"乡镇(街道)"', '"乡镇\uff08街道\uff09"').replace(
        '"市教育科技和体育局"', '"市教科体局"'
    )
    assert wide != rest
    raw = tomllib.loads(
        text.replace(rest, wide).replace(
            roster, roster.replace('"乡镇(街道)"', '"乡镇 \uff08街道\uff09"')
        )
    )
    assert build_plan(raw, "方案") == plan
