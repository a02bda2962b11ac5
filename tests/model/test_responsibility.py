"""The grammar of 责任单位 lines: who leads, who must, who may."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

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
    "区司法局和区财政局": {"区司法局": LEAD, "区财政局": REQUIRED},
    "区司法局会同区自然资源和规划局": {"区司法局": LEAD, "区自然资源和规划局": REQUIRED},
    "区自然资源和规划局和区司法局、区财政局": {
        "区自然资源和规划局": LEAD,
        "区司法局": REQUIRED,
        "区财政局": REQUIRED,
    },
    "区司法局(各乡镇、街道)": {"区司法局": LEAD} | TOWNS,
}
JUSTICE_LEADS = {"区司法局": LEAD, "区财政局": REQUIRED}
TWO_LEAD = {"区司法局": LEAD, "区财政局": LEAD, "区委办公室": REQUIRED}
OTHERS_MAY = dict.fromkeys(DEPARTMENTS, OPTIONAL)
LINES |= dict.fromkeys(
    (
        "牵头单位:区司法局;配合单位:区财政局",
        "牵头单位:区司法局 配合单位:区财政局",
        "牵头单位:区司法局。责任单位:区财政局。",
        "牵头:区司法局,配合:区财政局",
        "牵头(责任)单位:区司法局\n配合单位:区财政局",
        "配合单位:区财政局;牵头单位:区司法局",
        "(牵头单位:区司法局;责任单位:区财政局)",
        "【牵头单位】:区司法局;【配合单位】:区财政局",
        "(责任单位:区司法局、区财政局)",
        "主办单位:区司法局;协办单位:区财政局",
        "责任单位:区司法局(牵头)、区财政局",
        "区财政局、区司法局(牵头)",
        "区司法局(牵头单位)、区财政局(配合单位)",
        "区司法局(牵头)区财政局",
        "区司法局牵头、区财政局配合",
        "区司法局牵头,区财政局配合。",
        "区司法局牵头;区财政局配合",
        "区司法局牵头\n区财政局参与",
        "由区司法局牵头,区财政局具体落实",
        "区司法局为牵头单位,区财政局协助",
        "区财政局配合,区司法局牵头负责",
        "区司法局牵头,区财政局按职责分工负责",
        "区司法局负责,区财政局配合",
        "区司法局负责牵头,区财政局负责配合",
        "区司法局总牵头,区财政局统一实施",
        "区司法局会同区财政局",
        "区司法局牵头,会同区财政局",
        "区司法局、区财政局按照各自职责分工负责",
    ),
    JUSTICE_LEADS,
)
LINES |= dict.fromkeys(
    (
        "牵头单位:区司法局、区财政局;配合单位:区委办公室",
        "区司法局、区财政局牵头,区委办公室配合",
        "区司法局(牵头)、区财政局(牵头)、区委办公室",
        "区委办公室配合,区司法局和区财政局牵头",
    ),
    TWO_LEAD,
)
LINES |= {
    "区司法局牵头,区财政局、区委办公室配合": JUSTICE_LEADS | {"区委办公室": REQUIRED},
    "区司法局牵头,区委办公室,区财政局配合": JUSTICE_LEADS | {"区委办公室": REQUIRED},
    "区司法局会同区财政局,各乡镇(街道)": JUSTICE_LEADS | TOWNS,
    "牵头单位:区司法局;配合单位:区级有关部门,各乡镇<街道>": OTHERS_MAY | TOWNS | {"区司法局": LEAD},
    "牵头单位:区司法局;责任单位:区司法局、区财政局": JUSTICE_LEADS,
    "配合单位:区财政局": {"区财政局": REQUIRED},
    "各乡镇(街道)牵头,区财政局配合": dict.fromkeys(TOWNS, LEAD) | {"区财政局": REQUIRED},
    "各乡镇(街道)负责": TOWNS,
    "区司法局、区财政局等部门": OTHERS_MAY | JUSTICE_LEADS,
    "区司法局、区财政局等": OTHERS_MAY | JUSTICE_LEADS,
    "区司法局、区财政局等有关部门按职责分工负责": OTHERS_MAY | JUSTICE_LEADS,
    "区司法局等区级部门": OTHERS_MAY | {"区司法局": LEAD},
    "区司法局等部门牵头,区财政局配合": OTHERS_MAY | JUSTICE_LEADS,
    "区司法局、区财政局等2个部门": JUSTICE_LEADS,
    "区司法局、区财政局等两个部门": JUSTICE_LEADS,
    "区司法局、区财政局等几个部门": OTHERS_MAY | JUSTICE_LEADS,
    "区司法局、区财政局等4个部门": OTHERS_MAY | JUSTICE_LEADS,
    "金凤镇等乡镇": {"金凤镇": LEAD},
}
WIDE = str.maketrans(
    {",": "\uff0c", ";": "\uff1b", ":": "\uff1a"}
    | {"(": "\uff08", ")": "\uff09", "<": "\uff1c", ">": "\uff1e"}
)


def roles(line: str, **changes: Any) -> dict[str, Role]:
    plan = replace(a_plan((a_task("1", line),)), **changes)
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


@pytest.mark.parametrize("called", [("乡镇(街道)",), ("镇街",)])
@pytest.mark.parametrize("line", ["各乡镇(街道)", "乡镇(街道)", "各乡镇\uff08街道\uff09负责"])
def test_a_kind_may_be_named_with_brackets(line: str, called: tuple[str, ...]) -> None:
    towns = [replace(unit, kind="乡镇(街道)") for unit in UNITS if unit.name in TOWNS]
    assert roles(line, units=(*UNITS[:4], *towns), kinds={"乡镇(街道)": called}) == TOWNS


def test_a_unit_is_known_by_its_name_before_a_word_in_it_is_read() -> None:
    """会同县 is a place, 配合 and 等 may stand in a name."""
    names = ["会同县司法局", "县落实", "县高等学校", "县发展和改革局", "县医院(配合)"]
    units = tuple(replace(UNITS[0], code=f"H{n}", name=name) for n, name in enumerate(names))
    found = roles("、".join(names), units=tuple(replace(unit, aliases=()) for unit in units))
    assert found == dict.fromkeys(names, REQUIRED) | {names[0]: LEAD}


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("区审计局", ["“区审计局”"]),
        ("区司法局、区审计局", ["里的“区审计局”"]),
        ("市级部门", ["“市级部门”", "区级部门"]),
        ("各乡镇(社区)", ["里的“社区”"]),
        ("其他", ["里的“其他”"]),
        ("区审计和监督局", ["里的“区审计和监督局”"]),
        ("区司法局和区审计和监督局", ["里的“区审计和监督局”"]),
        ("区审计局会同区司法局与区统计局", ["里的“区审计局”“区统计局”"]),
        ("区司法局和区审计局", ["里的“区审计局”", "顿号"]),
        ("牵头单位:区审计局;配合单位:区司法局、区文联", ["里的“区审计局”“区文联”"]),
        ("区审计局牵头,区司法局配合", ["里的“区审计局”"]),
        ("区司法局、区审计局等部门", ["里的“区审计局等部门”"]),
        ("区司法局等群团组织", ["里的“区司法局等群团组织”"]),
        ("区级部门(不含区司法局)", ["里的“不含区司法局”"]),
        ("区自然资源局", ["相近的有：区自然资源和规划局"]),
        ("、", ["里的“、”"]),
    ],
)
def test_a_word_that_names_nobody_is_told_with_the_line_and_what_to_write(
    line: str, words: list[str]
) -> None:
    with pytest.raises(ValueError, match=re.escape(f"责任单位“{line}”")) as caught:
        roles(line)
    assert [word for word in words if word not in str(caught.value)] == []


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


NAMES = [unit.name for unit in UNITS]
COMMA, STOP = st.sampled_from([",", "\uff0c"]), st.sampled_from([";", "\uff1b", "\n", "。"])


@given(st.data())
def test_whoever_leads_and_supports_is_read_from_every_form(data: st.DataObject) -> None:
    names = data.draw(st.permutations(NAMES))
    first = data.draw(st.integers(1, 3))
    leads, supports = names[:first], names[first : data.draw(st.integers(first + 1, 6))]
    comma, stop = data.draw(COMMA), data.draw(STOP)
    leading, supporting = "、".join(leads), "、".join(supports)
    lines = (
        f"牵头单位:{leading}{stop}配合单位:{supporting}",
        f"配合单位:{supporting}{stop}牵头单位:{leading}",
        f"{leading}牵头{comma}{supporting}配合",
        f"{leading}牵头、{supporting}配合",
        f"{supporting}参与{stop}{leading}牵头",
        f"{leading}共同牵头{comma}{supporting}",
        "、".join([*supports, *(f"{name}(牵头)" for name in leads)]),
        "、".join([*(f"{name}(牵头)" for name in leads), *(f"{n}(配合)" for n in supports)]),
    )
    line = data.draw(st.sampled_from(lines))
    if data.draw(st.booleans()):
        line = line.translate(WIDE)
    assert roles(line) == dict.fromkeys(supports, REQUIRED) | dict.fromkeys(leads, LEAD)


@given(
    st.lists(
        st.sampled_from(
            [
                "区司法局",
                "区财政局",
                "金凤镇",
                "区级",
                "各",
                "部门",
                "其他",
                "有关",
                "乡镇",
                "街道",
                "审计",
                "牵头",
                "配合",
                "负责",
                "单位",
                "等",
                "3个",
                "会同",
                "和",
                "及",
                "由",
                "(",
                ")",
                "<",
                "、",
                ",",
                ";",
                ":",
                "：",
                "\n",
            ]
        ),
        max_size=12,
    ).map("".join)
)
def test_any_line_gives_roles_or_a_value_error(line: str) -> None:
    try:
        assert set(roles(line)) <= set(NAMES)
    except ValueError as error:
        assert f"责任单位“{line}”" in str(error)


@given(st.lists(st.sampled_from(NAMES), min_size=1, max_size=4), st.integers(0, 9), st.data())
def test_no_word_is_dropped_in_silence(names: list[str], seed: int, data: st.DataObject) -> None:
    """A unit that nobody knows is told wherever it stands in a line, however that is written."""
    at = data.draw(st.integers(0, len(names)))
    words = [*names[:at], "区审计局", *names[at:]]
    marks = ("", "牵头", "配合", "(牵头)", "(配合)", "等部门", "负责", "按职责分工负责")
    between = data.draw(st.sampled_from(["、", ",", ";", "会同", "和"]))
    line = between.join(word + data.draw(st.sampled_from(marks)) for word in words)
    with pytest.raises(ValueError, match="区审计局"):
        roles(line)
