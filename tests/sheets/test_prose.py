"""What a summary says in sentences and in short: ties, dates, and periods without a report."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date

import pytest

from tests.sheets.test_summary import standing
from xl_fzzf.model.assessment import assess
from xl_fzzf.model.score import UnitTotal
from xl_fzzf.model.status import Status
from xl_fzzf.sheets.summary.phrases import say_count_change, say_score_change, some
from xl_fzzf.sheets.summary.prose import _most, say_standing


@pytest.mark.parametrize(
    ("counts", "words"),
    [
        ({"甲": 3}, "即甲"),
        ({"甲": 2, "乙": 2}, "每个单位各2项"),
        ({"甲": 3, "乙": 1}, "较多的是甲（3项）"),
        (
            {"甲": 3, **dict.fromkeys("乙丙丁戊己庚辛", 2), "壬": 1},
            "较多的是甲（3项）、乙、丙、丁、戊、己等7个单位（各2项）",
        ),
        ({"甲": 9, "乙": 8, "丙": 7, "丁": 6, "戊": 1}, "较多的是甲（9项）、乙（8项）、丙（7项）"),
    ],
)
def test_those_that_tie_are_all_told(counts: dict[str, int], words: str) -> None:
    assert _most(Counter(counts)) == words


def test_names_are_all_there_or_counted() -> None:
    assert some(["甲", "乙"], 2, "个单位") == "甲、乙"
    assert some(["甲", "乙", "丙"], 2, "个单位") == "甲、乙等3个单位"


def test_what_is_judged_as_of_a_day_and_what_came_after_the_deadline_have_their_own_dates() -> None:
    early = replace(standing(), as_of=date(2019, 9, 30))  # before the deadline, 5 October
    reporting, attainment, *_ = say_standing(early)
    assert "其中1个在2019年10月5日截止后报送" in reporting and "截至" not in reporting
    assert attainment.startswith("截至2019年9月30日，应填事项")


def silent(total: UnitTotal) -> UnitTotal:
    missing = Counter({Status.MISSING: total.counts.total()})
    return replace(total, counts=missing, score=0.0)


def test_a_period_without_a_report_is_nothing_to_compare_with() -> None:
    total = standing().unit_totals[0]
    assert say_score_change(total, silent(total)) == "上期未报"
    assert say_score_change(silent(total), total) == "本期未报"
    assert say_score_change(total, replace(total, score=(total.score or 0) + 1.5)) == "▼1.50"
    assert say_score_change(total, total) == "持平" and say_score_change(total, None) == "—"
    assert [say_count_change(3, n) for n in (None, 3, 1, 5)] == ["—", "持平", "▲2", "▼2"]


def test_areas_that_tie_at_an_end_are_all_named() -> None:
    met = [item for item in standing().assessments if item.status is Status.MET]
    plan = standing().round.plan
    again = assess(plan, [item.record for item in met], 2019, standing().as_of)
    assert not any(
        "最高" in words for words in say_standing(replace(standing(), assessments=again))
    )
