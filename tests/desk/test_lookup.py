"""What somebody typed is found by name, alias or code, or answered with what is near; never guessed."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.conftest import small_plan
from xl_fzzf.desk.errors import JobError
from xl_fzzf.desk.lookup import find_indicator, find_subject, find_unit
from xl_fzzf.model.plan import Indicator, Plan, Unit, fold
from xl_fzzf.plans import read_plan

PLAN = small_plan()
WHOLE = read_plan("jialing-2019")
NAMES = [(name, unit) for unit in WHOLE.units for name in (unit.name, *unit.aliases, unit.code)]

Find = Callable[[Plan, str], Unit | Indicator]


def refusal(find: Find, typed: str, plan: Plan = PLAN) -> str:
    """What is said to a text that names nothing."""
    with pytest.raises(JobError) as caught:
        find(plan, typed)
    assert f"“{typed}”" in str(caught.value), "what was typed is repeated"
    return str(caught.value)


@given(st.sampled_from(NAMES), st.sampled_from(["", " ", "\u3000", "\t"]))
def test_every_unit_answers_to_its_name_its_aliases_and_its_code(
    named: tuple[str, Unit], space: str
) -> None:
    name, unit = named
    assert find_unit(WHOLE, f"{space}{name}{space}") == unit
    assert find_subject(WHOLE, f"{name}{space}") == unit


@given(st.sampled_from(list(WHOLE.indicators)), st.sampled_from(["", " ", "\u3000"]))
def test_every_indicator_answers_to_its_code(code: str, space: str) -> None:
    assert find_indicator(WHOLE, f"{space}{code}") == WHOLE.indicators[code]
    assert find_subject(WHOLE, f"{code}{space}") == WHOLE.indicators[code]


@pytest.mark.parametrize(
    ("typed", "near"),
    [("司法", "区司法局"), ("区司法居", "区司法局"), ("金凤", "金凤镇"), ("安福乡", "安福镇")],
)
def test_a_unit_that_is_near_is_offered_and_not_taken(typed: str, near: str) -> None:
    for find in (find_unit, find_subject):
        assert near in refusal(find, typed).partition("是不是：")[2]


def test_a_unit_is_offered_once_however_many_of_its_names_are_near() -> None:
    said = refusal(find_unit, "金凤镇人民")
    assert said.count("金凤镇") == 1 + 1, "once as typed, once as offered"


@pytest.mark.parametrize(
    ("typed", "near"),
    [
        ("会议", "1.1（会议次数）"),
        ("报备", "2.1（报备率）"),
        ("评估分", "2.2（评估分值）"),
        ("1.9", "1."),
    ],
)
def test_an_indicator_that_is_near_is_offered_by_its_words_or_its_code(
    typed: str, near: str
) -> None:
    for find in (find_indicator, find_subject):
        assert near in refusal(find, typed).partition("是不是：")[2]


def test_where_nothing_is_near_the_message_says_where_the_names_stand() -> None:
    assert "台账的“单位”" in refusal(find_unit, "QQQQ")
    said = refusal(find_indicator, "QQQQ")
    assert "台账的“指标”" in said and "是不是" not in said
    said = refusal(find_subject, "QQQQ")
    assert "单位全称、别名、编号或指标编号" in said and "是不是" not in said


@given(st.text(max_size=12))
def test_any_text_is_found_or_refused_and_no_more_than_five_are_offered(typed: str) -> None:
    known = {fold(name) for name, _ in NAMES} | {name for name, _ in NAMES}
    try:
        unit = find_unit(WHOLE, typed)
    except JobError as error:
        offered = re.search("是不是：(.*?)。请写", str(error), re.DOTALL)
        names = offered[1].split("、") if offered else []
        assert len(names) <= 5 and set(names) <= {unit.name for unit in WHOLE.units}
        assert fold(typed) not in known
    else:
        assert {fold(typed), typed.strip()} & known and unit in WHOLE.units
