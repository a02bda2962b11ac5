"""The demo: a whole district over two rounds, through every job."""

from __future__ import annotations

import random
import re
from collections import Counter
from typing import Any, NamedTuple

from xl_fzzf.desk.master import open_master
from xl_fzzf.faces.words.returns import consolidation_json
from xl_fzzf.faces.words.standing import report_json
from xl_fzzf.faces.words.telling import json_text
from xl_fzzf.jobs.consolidate import Consolidation
from xl_fzzf.jobs.demo import Phrases
from xl_fzzf.jobs.report import Report


class CameTo(NamedTuple):
    """What a round of the demo comes to; its returns say the same every time."""

    verdicts: dict[str, int]
    statuses: dict[str, int]
    findings: dict[str, int]
    missing: int
    late: int
    entries: int


CAME_TO = (
    CameTo(
        {"已采用": 90, "已隔离": 3, "重复": 1, "已忽略": 1},
        {"达标": 3994, "推进中": 1301, "待填": 561, "不适用": 250, "未达标": 157, "有误": 31},
        {"required": 196, "list": 16, "evidence": 12, "unmet-plan": 12, "number": 7, "share": 7}
        | {
            "late": 5,
            "readable": 2,
            "alike": 2,
            "empty": 1,
            "whole": 1,
            "duplicate": 1,
            "edited": 1,
        },
        missing=6,
        late=5,
        entries=16338,
    ),
    CameTo(
        {"已采用": 94, "已隔离": 3, "重复": 1, "已忽略": 1},
        {"达标": 5432, "推进中": 310, "待填": 311, "不适用": 179, "未达标": 31, "有误": 31},
        {"required": 190, "list": 20, "evidence": 12, "unmet-plan": 6, "share": 5, "number": 4}
        | {"readable": 2, "whole": 2, "alike": 2, "late": 3, "empty": 1, "fallen": 1}
        | {"outlier": 1, "duplicate": 1},
        missing=2,
        late=3,
        entries=18784,
    ),
)


def test_two_rounds_with_masters_summaries_and_realistic_faults(
    demo_rounds: list[tuple[Consolidation, Report]],
) -> None:
    assert [str(report.standing.round.settings.period) for _, report in demo_rounds] == [
        "2019Q3",
        "2019Q4",
    ]
    for (consolidation, report), came in zip(demo_rounds, CAME_TO, strict=True):
        assert {verdict.label: n for verdict, n in consolidation.verdicts.items()} == came.verdicts
        assert {str(status): n for status, n in consolidation.statuses.items()} == came.statuses
        assert Counter(finding.rule for finding in consolidation.findings) == came.findings
        assert [len(consolidation.missing), len(consolidation.late)] == [came.missing, came.late]
        assert consolidation.account.read == consolidation.account.recorded == came.entries
        assert report.summary.is_file()
        assert json_text(consolidation_json(consolidation)) and json_text(report_json(report))


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


class Counting(random.Random):
    """Counts what is drawn from it."""

    drawn = 0

    def choice(self, options: Any) -> Any:
        self.drawn += 1
        return super().choice(options)


def test_a_thousand_units_never_run_out_of_phrases_nor_look_for_them_long() -> None:
    chance = Counting(1)
    phrases, told, most = Phrases(chance), set(), 0
    for _ in range(63 * 1_000):
        before = chance.drawn
        told.add(re.sub("[0-9]+", "", phrases.tell()))
        most = max(most, chance.drawn - before)
    assert len(told) == 63 * 1_000  # whatever the numbers in them
    assert most <= 2 * Phrases.TRIES * 6
