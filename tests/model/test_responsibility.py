"""The grammar of 责任单位 lines: who leads, who must, who may."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.model.samples import UNITS, a_plan, a_task
from xl_fzzf.model.plan import Plan, Role
from xl_fzzf.model.responsibility import assign, assign_task

LEAD, REQUIRED, OPTIONAL = Role.LEAD, Role.REQUIRED, Role.OPTIONAL
TOWNS = {"金凤镇": REQUIRED, "火花街道": REQUIRED}
ENFORCING = {"区财政局": REQUIRED, "区自然资源和规划局": REQUIRED}
DEPARTMENTS = {"区司法局": REQUIRED, "区委办公室": REQUIRED} | ENFORCING

LINES = {
    "区司法局": {"区司法局": LEAD},
    "司法局": {"区司法局": LEAD},
    "嘉陵区 司法局": {"区司法局": LEAD},
    "B01": {"区司法局": LEAD},
    "区财政局、区司法局": {"区财政局": LEAD, "区司法局": REQUIRED},
    "区司法局、司法局": {"区司法局": LEAD},
    "区级各部门": DEPARTMENTS,
    "区级部门": DEPARTMENTS,
    "各级各部门": DEPARTMENTS | TOWNS,
    "区司法局、其他区级部门": DEPARTMENTS | {"区司法局": LEAD},
    "区级各部门、区司法局": DEPARTMENTS | {"区司法局": LEAD},
    "区司法局、其他区级有关部门": (dict.fromkeys(DEPARTMENTS, OPTIONAL) | {"区司法局": LEAD}),
    "区级相关部门": dict.fromkeys(DEPARTMENTS, OPTIONAL),
    "区级相关部门、区级各部门": DEPARTMENTS,
    "有行政执法职责的区级部门": ENFORCING,
    "区司法局、其他有行政执法职责的区级部门": ENFORCING | {"区司法局": LEAD},
    "区司法局、(其他)具有行政执法职责的区级部门": ENFORCING | {"区司法局": LEAD},
    "各乡镇人民政府": {"金凤镇": REQUIRED},
    "各乡镇人民政府<街道办事处>": TOWNS,
    "各乡镇(街道)": TOWNS,
    "各乡镇、街道": TOWNS,
    "各乡镇和街道": TOWNS,
    "乡镇/街道": TOWNS,
    "金凤镇人民政府": {"金凤镇": LEAD},
    "区自然资源和规划局": {"区自然资源和规划局": LEAD},
    "区级各部门,各乡镇人民政府<街道办事处>": DEPARTMENTS | TOWNS,
    "区司法局;区财政局。": {"区司法局": LEAD, "区财政局": REQUIRED},
    "区司法局\n区财政局": {"区司法局": LEAD, "区财政局": REQUIRED},
}
WIDE = str.maketrans(
    {",": "\uff0c", ";": "\uff1b", "(": "\uff08", ")": "\uff09", "<": "\uff1c", ">": "\uff1e"}
)


def roles(line: str) -> dict[str, Role]:
    plan = a_plan((a_task("1", line),))
    return {
        plan.unit_by_code[code].name: role
        for code, role in assign_task(plan, plan.tasks["1"]).items()
    }


@pytest.mark.parametrize("line", LINES)
def test_lines(line: str) -> None:
    assert roles(line) == LINES[line]


@pytest.mark.parametrize("line", [line for line in LINES if line.translate(WIDE) != line])
def test_full_width_punctuation_reads_the_same(line: str) -> None:
    assert roles(line.translate(WIDE)) == LINES[line]


@pytest.mark.parametrize("brackets", ["<>", "()", "〈〉", "《》"])
def test_the_streets_may_stand_in_any_brackets(brackets: str) -> None:
    assert roles(f"各乡镇人民政府{brackets[0]}街道办事处{brackets[1]}") == TOWNS


@pytest.mark.parametrize(
    ("line", "word"),
    [
        *(("区审计局", "区审计局"), ("区司法局、区审计局", "区审计局"), ("市级部门", "市级部门")),
        *(("各乡镇(社区)", "社区"), ("区司法局和区财政局", "区司法局"), ("其他", "其他")),
    ],
)
def test_a_word_that_names_nobody_is_named(line: str, word: str) -> None:
    with pytest.raises(ValueError, match="责任单位") as caught:
        roles(line)
    assert f"“{word}”" in str(caught.value)


def test_units_keep_the_rosters_order_and_every_task_is_assigned_by_its_own_line() -> None:
    plan: Plan = a_plan((a_task("1", "各乡镇、区级各部门"),), (a_task("2", "区司法局"),))
    roles = assign(plan)
    assert [unit for unit, task in roles if task == "1"] == ["B01", "B02", "B03", "B04", "X01"]
    assert [(pair, role) for pair, role in roles.items() if pair[1] == "2"] == [
        (("B01", "2"), LEAD)
    ]


@given(st.permutations([unit.name for unit in UNITS]), st.integers(1, len(UNITS)))
def test_the_first_named_unit_leads_and_all_named_ones_must(names: list[str], count: int) -> None:
    named = names[:count]
    line = "、".join([*named, "其他区级有关部门"])
    found = roles(line)
    assert found[named[0]] is LEAD
    assert all(found[name] is REQUIRED for name in named[1:])
    rest = {name: role for name, role in found.items() if name not in named}
    assert rest == dict.fromkeys(set(DEPARTMENTS) - set(named), OPTIONAL)


@given(st.text(alphabet="区级各部门其他有关乡镇街道(<、,和及司法局 \n", max_size=14))
def test_any_line_gives_roles_or_a_value_error(line: str) -> None:
    try:
        assert set(roles(line)) <= {unit.name for unit in UNITS}
    except ValueError as error:
        assert "责任单位" in str(error)
