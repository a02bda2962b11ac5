"""The demo: a whole district over two rounds, through every job."""

from __future__ import annotations

import json
from collections import Counter

from xl_fzzf.desk.master import open_master
from xl_fzzf.faces.words.shapes import consolidation_json, report_json
from xl_fzzf.jobs.consolidate import Consolidation
from xl_fzzf.jobs.report import Report
from xl_fzzf.model.submission import Verdict


def test_two_rounds_with_masters_summaries_and_realistic_faults(
    demo_rounds: list[tuple[Consolidation, Report]],
) -> None:
    assert [str(report.standing.round.settings.period) for _, report in demo_rounds] == [
        "2019Q3",
        "2019Q4",
    ]
    for consolidation, report in demo_rounds:
        verdicts = consolidation.verdicts
        assert all(
            verdicts[v]
            for v in (Verdict.ACCEPTED, Verdict.QUARANTINED, Verdict.DUPLICATE, Verdict.IGNORED)
        )
        assert len({finding.rule for finding in consolidation.findings}) >= 5
        assert all(consolidation.statuses.values()) and len(consolidation.statuses) == 6
        assert consolidation.missing and consolidation.late
        assert report.summary.is_file()
        json.dumps([consolidation_json(consolidation), report_json(report)])


def test_the_second_round_shows_the_firsts_values_beside_and_a_fall_is_found(
    demo_rounds: list[tuple[Consolidation, Report]],
) -> None:
    first, second = (consolidation for consolidation, _ in demo_rounds)
    before = {
        a.record.key: a.judgement.value for a in first.assessments if a.judgement.value is not None
    }
    master = open_master(second.master, writing=False)
    carried = {key: master.records[key].previous for key in before}
    assert carried == before
    fell = {
        (a.unit.name, a.indicator.code)
        for a in second.assessments
        if a.indicator.kind == "count"
        and a.judgement.value is not None
        and a.record.key in before
        and a.judgement.value < before[a.record.key]
    }
    found = {(f.unit, f.indicator) for f in second.findings if f.rule == "fallen"}
    assert len(found) == 1
    assert found == fell


def test_the_rules_across_units_find_what_was_seeded_and_nothing_else(
    demo_rounds: list[tuple[Consolidation, Report]],
) -> None:
    for consolidation, _ in demo_rounds:
        rules = Counter(finding.rule for finding in consolidation.findings)
        last = consolidation.master.name.endswith("Q4.xlsx")
        across = {rule: rules[rule] for rule in ("alike", "outlier", "fallen", "total")}
        assert across == {"alike": 2, "outlier": last, "fallen": last, "total": 0}
        unseeded = {"name", "hidden", "merged", "total-row", "renamed-sheet", "two-files"}
        assert not unseeded & set(rules)


def test_every_entry_that_was_read_went_somewhere(
    demo_rounds: list[tuple[Consolidation, Report]],
) -> None:
    for consolidation, report in demo_rounds:
        account = consolidation.account
        assert account.read > 10_000
        assert account.balanced
        assert report.standing.account == account


def test_report_says_what_consolidate_counted(
    demo_rounds: list[tuple[Consolidation, Report]],
) -> None:
    for consolidation, report in demo_rounds:
        assert report.standing.statuses == consolidation.statuses
        assert {u.code for u in consolidation.missing} == {u.code for u in report.standing.missing}
        assert {u.code for u in consolidation.late} == set(report.standing.late)
