"""Rankings of areas, units and tasks, with ties and periods before."""

from __future__ import annotations

from dataclasses import replace

from tests.sheets.test_summary import AS_OF, standing
from xl_fzzf.model.assessment import assess
from xl_fzzf.model.plan import Task
from xl_fzzf.model.ranking import MOST, rank_areas, rank_tasks, rank_units
from xl_fzzf.model.record import Record
from xl_fzzf.model.rollup import met_share
from xl_fzzf.model.score import UnitTotal


def test_areas_that_tie_share_a_rank() -> None:
    best, behind = rank_areas(standing())
    places = [*best, *reversed(behind)]
    shares = [place.figure for place in places]
    assert shares == sorted(shares, reverse=True) and len(places) == len(standing().areas)
    assert [place.mark for place in places] == [1 + shares.index(share) for share in shares]
    records = [Record("X02", code) for code in ("1.1", "保1.1")]
    silent = replace(standing(), assessments=assess(standing().round.plan, records, 2019, AS_OF))
    assert [place.mark for places in rank_areas(silent) for place in places] == [1, 1]


def test_units_that_reported_nothing_are_in_no_ranking_and_scores_have_one_before() -> None:
    first, last = rank_units(replace(standing(), history=[standing()]))
    ranked = [*first, *reversed(last)]
    units = [each.subject for each in ranked if isinstance(each.subject, UnitTotal)]
    assert {total.unit.code for total in units} == standing().reported
    assert [each.figure for each in ranked] == [each.before for each in ranked]
    assert all(each.before is None for end in rank_units(standing()) for each in end)


def test_tasks_with_the_lowest_share_come_first() -> None:
    tasks = rank_tasks(standing())
    assert 0 < len(tasks) <= MOST
    totals = {total.indicator.code: total.counts for total in standing().indicators}
    for each in tasks:
        assert isinstance(each.subject, Task)
        (first, *others) = [totals[item.code] for item in each.subject.indicators]
        assert each.figure == met_share(sum(others, first)) and each.mark == each.subject.number
    assert [each.figure for each in tasks] == sorted(each.figure for each in tasks)
