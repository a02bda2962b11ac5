"""A bounded run of the fuzzer; `make fuzz` runs it for as long as you like."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from tests.fuzz.mutations import DAMAGES, damage
from tests.fuzz.run import fuzz, make_round

FILES = 400
pytestmark = pytest.mark.filterwarnings("ignore:Duplicate name")  # that is the damage


def test_each_damaged_return_gets_one_verdict_and_no_made_up_value(tmp_path: Path) -> None:
    round_, good = make_round(tmp_path / "区")
    (tmp_path / "坏").mkdir()
    counts = fuzz(round_, good, range(FILES), tmp_path / "坏")
    assert counts.total() == FILES
    ends = Counter(ending.split()[0] for ending in counts.elements())
    assert ends["accepted"] > FILES / 20 and ends["quarantined"] > FILES / 3


def test_the_damage_is_the_same_for_the_same_seed_and_every_way_is_used(tmp_path: Path) -> None:
    _, good = make_round(tmp_path / "区")
    assert [damage(good, seed) for seed in range(20)] == [damage(good, seed) for seed in range(20)]
    used = {way for seed in range(FILES) for way in damage(good, seed)[0].split("+")}
    assert {way.__name__ for way in DAMAGES} <= used
