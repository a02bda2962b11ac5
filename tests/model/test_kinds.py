"""The table of kinds: what each entry must say for the code that asks it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import xl_fzzf
from xl_fzzf.jobs.demo import CARELESS
from xl_fzzf.model.kinds import KIND_OF_LABEL, Kind, RollUp, read_kind, read_target
from xl_fzzf.model.record import ENTRY_FIELDS
from xl_fzzf.model.target import Op

PACKAGE = Path(xl_fzzf.__file__).parent
NAMED = {"model/kinds.py", "model/building.py", "jobs/demo.py"}
"""Where members are named: the table, what an unknown kind is read as, the demo's typical mistakes."""


@pytest.mark.parametrize("kind", Kind)
def test_every_kind_says_what_it_is(kind: Kind) -> None:
    traits = kind.traits
    assert KIND_OF_LABEL[traits.label] is kind and read_kind(kind.value) is kind
    assert kind.answers and set(kind.answers) <= set(ENTRY_FIELDS)
    assert traits.wanted and traits.advice and traits.total and traits.most > 0
    assert CARELESS[kind]


@pytest.mark.parametrize("kind", Kind)
def test_the_traits_of_a_kind_agree(kind: Kind) -> None:
    assert (kind.answers == ("narrative",)) is kind.is_text is (kind.rolls_up is RollUp.NONE)
    assert kind.is_choice is (kind.rolls_up is RollUp.SHARE)
    assert kind.has_last_year is ("denominator" in kind.answers and not kind.is_ratio)
    assert bool(kind.numbers) is bool(kind.size) is not (kind.is_choice or kind.is_text)
    assert not set(kind.computed) & set(kind.answers)
    assert set(kind.addends) <= set(kind.numbers)
    assert kind.default_target.op is (Op.YES if kind.is_choice else Op.FILLED)


def test_a_kind_that_nobody_knows_is_answered_with_the_list() -> None:
    with pytest.raises(
        ValueError, match=r"指标类型“share”不对，可用：yes_no（是否）、count（计数）"
    ):
        read_kind("share")


@pytest.mark.parametrize(
    ("kind", "target", "words"),
    [
        (Kind.COUNT, "是", "只能用于“是否”类指标"),
        (Kind.COUNT, "高于上年", "只能用于“分值”“金额”类指标"),
        (Kind.COUNT, "≥ 95%", "只有“比率”类指标的目标才带百分号"),
        (Kind.RATE, "≥ 95", "比率的目标要带百分号"),
        (Kind.TEXT, "≥ 2", "“文字”类指标不能设目标"),
    ],
)
def test_a_target_that_its_kind_cannot_have_is_refused(kind: Kind, target: str, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        read_target(target, "", kind)


def test_elsewhere_a_trait_is_asked_and_no_kind_named() -> None:
    members = "|".join(kind.name for kind in Kind)
    named = {
        str(file.relative_to(PACKAGE))
        for file in PACKAGE.rglob("*.py")
        if re.search(rf"\bKind\.({members})\b", file.read_text("utf-8"))
    }
    assert named <= NAMED
