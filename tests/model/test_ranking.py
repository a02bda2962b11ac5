"""Rankings of units and tasks, with ties and periods before."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from tests.sheets.test_summary import standing
from xl_fzzf.model.plan import Task
from xl_fzzf.model.ranking import MOST, MOST_TASKS, Ranked, rank_tasks, rank_units, unmet_by_task
from xl_fzzf.model.score import UnitTotal
from xl_fzzf.model.status import Status


def names(ranked: Ranked) -> list[str]:
    return [each.unit.name for each in ranked.subjects if isinstance(each, UnitTotal)]


def test_units_that_reported_nothing_are_in_no_ranking_and_scores_have_one_before() -> None:
    first, last = rank_units(replace(standing(), history=[standing()]))
    ranked = [*first, *reversed(last)]
    units = [total for each in ranked for total in each.subjects if isinstance(total, UnitTotal)]
    assert {total.unit.code for total in units} == standing().reported
    assert [[each.before] for each in ranked] == [list(each.subjects) for each in ranked]
    assert all(each.before is None for end in rank_units(standing()) for each in end)


def test_units_that_tie_stand_in_one_line_and_all_of_them() -> None:
    totals = [replace(total, score=100.0, rank=1) for total in standing().unit_totals]
    tied = replace(standing(), reported=frozenset(total.unit.code for total in totals))
    tied.__dict__["unit_totals"] = totals
    (line,), last = rank_units(tied)
    assert len(names(line)) == len(totals) > MOST and line.rank == 1 and not last


def test_tasks_with_the_most_unmet_records_come_first_and_none_is_left_out_that_ties() -> None:
    tasks = rank_tasks(standing())
    counts = Counter(item.indicator.task for item in standing().unmet)
    told = {t.number: each.figure for each in tasks for t in each.subjects if isinstance(t, Task)}
    assert told == dict(counts) and [each.figure for each in tasks] == [3, 2, 2]
    assert [each.rank for each in tasks] == [1, 2, 2] and all(t.before is None for t in tasks)
    compared = rank_tasks(replace(standing(), history=[standing()]))
    assert [each.before for each in compared] == [each.figure for each in compared]
    assert unmet_by_task(standing()) == dict(counts) and len(counts) <= MOST_TASKS
    none = [item for item in standing().assessments if item.status is not Status.UNMET]
    assert rank_tasks(replace(standing(), assessments=none)) == []
