"""A bounded run of the fuzzer; `make fuzz` runs it for as long as you like."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.fuzz.mutations import DAMAGES, damage
from tests.fuzz.run import fuzz, make_round

FILES = 400
ALWAYS_REFUSED = {"add_doctype", "cut", "double_part", "flip_bits", "swap_blocks", "zero_tail"}
HARMLESS_AT_TIMES = {way.__name__ for way in DAMAGES} - ALWAYS_REFUSED
"""Damage that may fall where no value stands: the return is then what it was."""
pytestmark = pytest.mark.filterwarnings("ignore:Duplicate name")  # that is the damage


def test_each_damaged_return_gets_one_verdict_and_no_made_up_value(tmp_path: Path) -> None:
    round_, good = make_round(tmp_path / "区")
    (tmp_path / "坏").mkdir()
    counts = fuzz(round_, good, range(FILES), tmp_path / "坏")
    assert counts.total() == FILES
    ends = [ending.split() for ending in counts]
    assert {way for end, way in ends if end == "quarantined"} >= ALWAYS_REFUSED
    assert {way for end, way in ends if end == "accepted"} == HARMLESS_AT_TIMES


def test_the_damage_is_the_same_for_the_same_seed_and_every_way_is_used(tmp_path: Path) -> None:
    _, good = make_round(tmp_path / "区")
    assert [damage(good, seed) for seed in range(20)] == [damage(good, seed) for seed in range(20)]
    used = {way for seed in range(FILES) for way in damage(good, seed)[0].split("+")}
    assert {way.__name__ for way in DAMAGES} <= used
