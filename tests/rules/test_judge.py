"""In what order a file is judged, what stops it, and where each finding stands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from itertools import permutations

from tests.model.samples import FINANCE, JUSTICE, assessed
from tests.rules.cases import FIRST, GOOD_ROWS, MEETINGS, PLAN, SECOND, a_row, a_sheet, a_submission
from xl_fzzf.model.finding import Finding, Severity, WaiverKey
from xl_fzzf.model.judged import Judged
from xl_fzzf.model.period import Period
from xl_fzzf.model.record import Record
from xl_fzzf.model.responsibility import assign
from xl_fzzf.model.round import Round
from xl_fzzf.model.settings import Settings
from xl_fzzf.model.settling import late_units, settle
from xl_fzzf.model.submission import Mark, Marked, SheetContent, Submission, Verdict
from xl_fzzf.rules.judge import Forms, Known, Merged, judge_records, judge_return, judge_round
from xl_fzzf.rules.master import Conflict
from xl_fzzf.rules.rule import Place
from xl_fzzf.rules.submissions import Taken

FORMS = Forms(
    "1",
    lambda area: f"{'一二三'[area.number - 1]}、{area.name}",
    ("汇", "报", "数"),
    "",
    "设",
    "果",
)
DEADLINE = date(2019, 10, 5)
NOTHING_TYPED = Known({})


def a_round(severities: Mapping[str, str] | None = None, deadline: date = DEADLINE) -> Round:
    settings = Settings(Period.parse("2019Q3"), deadline, severities=severities or {})
    return Round(PLAN, assign(PLAN), settings)


def judged(submission: Submission, severities: Mapping[str, str] | None = None) -> Judged:
    return judge_return(submission, a_round(severities), FORMS)


def told(
    *files: Judged,
    merged: Merged | None = None,
    known: Known = NOTHING_TYPED,
    round_: Round | None = None,
) -> list[Finding]:
    return judge_round(
        files, merged or Merged(master="台账.xlsx"), round_ or a_round(), FORMS, known
    )


def rules(findings: list[Finding] | tuple[Finding, ...]) -> list[str]:
    return [finding.rule for finding in findings]


def test_a_good_return_counts_with_its_records() -> None:
    file = judged(a_submission(*GOOD_ROWS))
    assert (file.verdict, file.unit, file.findings) == (Verdict.ACCEPTED, JUSTICE, ())
    assert {code: record.value for code, record in file.records.items()} == {
        "1.1": 2,
        "1.2": "是",
        "2.1": "已开展",
    }
    assert file.account.balanced and file.account.recorded == 3 == file.size


def test_a_fault_of_the_file_keeps_it_out_before_anything_else_is_judged() -> None:
    spoiled = a_submission(a_row("9.9", 9), period="2019Q2")
    file = judged(spoiled)
    assert (file.verdict, rules(file.findings)) == (Verdict.QUARANTINED, ["period"])
    assert file.reason == file.findings[0].message and not file.records
    weakened = judged(spoiled, {"period": "warning"})
    assert weakened.verdict is Verdict.ACCEPTED
    assert rules(weakened.findings) == [
        "period",
        "sheets",
        "missing-row",
        "missing-row",
        "unknown-row",
    ]


def test_what_nobody_sent_is_ignored_without_a_look() -> None:
    junk = replace(a_submission(unreadable="文件打不开"), ignored="临时文件")
    file = judged(junk)
    assert (file.verdict, file.reason, file.findings) == (Verdict.IGNORED, "临时文件", ())


def test_what_was_typed_is_told_at_its_cell_and_kept() -> None:
    file = judged(a_submission(a_row("1.1", value="３次"), *GOOD_ROWS[1:]))
    (finding,) = file.findings
    assert (finding.rule, finding.sheet, finding.cell) == ("normalised", FIRST, "I5")
    assert (finding.unit, finding.indicator, finding.file) == ("区司法局", "1.1", "填报表.xlsx")
    assert file.records["1.1"].value == 3 and file.normalised["1.1", "value"] == "３次"


def test_a_record_is_not_blamed_for_what_could_not_be_read() -> None:
    empty = assessed(MEETINGS)
    empty.record.sheet, empty.record.row = FIRST, 5
    uncalculated = a_sheet(FIRST, [], Marked("value", 5, Mark.UNCALCULATED))
    lacking = SheetContent(FIRST, {"code": "C"})

    def found(sheet: SheetContent) -> list[str]:
        place = Place("填报表.xlsx", sheets={FIRST: sheet})
        return rules(list(judge_records([empty], {}, a_round(), place)))

    assert found(a_sheet(FIRST, [])) == ["required"]
    assert found(uncalculated) == found(lacking) == []


def test_each_record_is_judged_where_it_can_be_put_right() -> None:
    sent, typed = assessed(MEETINGS, value=-1), assessed(MEETINGS, unit=FINANCE, value=-1)
    for item in (sent, typed):
        item.record.sheet, item.record.row = FIRST, 5
    file = judged(a_submission(*GOOD_ROWS))
    merged = Merged(
        master="台账.xlsx",
        sheets={FIRST: a_sheet(FIRST, [])},
        assessments=[sent, typed],
        sources={sent.record.key: file},
    )
    found = told(file, merged=merged)
    assert [(f.rule, f.unit, f.file) for f in found] == [
        ("range", "区司法局", "填报表.xlsx"),
        ("range", "区财政局", "台账.xlsx"),
    ]


def test_a_record_that_stands_in_the_master_twice_is_an_error_whatever_the_settings_say() -> None:
    second = Record("", "", sheet=FIRST, row=9)
    merged = Merged(master="台账.xlsx", sheets={FIRST: a_sheet(FIRST, [])}, repeated=[second])
    (finding,) = told(merged=merged, round_=a_round({"repeated-row": "off"}))
    assert (finding.rule, finding.severity, finding.cell) == ("repeated-row", Severity.ERROR, "C9")


def test_what_staff_typed_and_whose_file_is_gone_is_told_of_the_master() -> None:
    standing, sent = (
        Record("B01", "1.1", value=5, sheet=FIRST, row=7),
        Record("B01", "1.1", value=3),
    )
    merged = Merged(
        master="台账.xlsx",
        sheets={FIRST: a_sheet(FIRST, [])},
        conflicts=[Conflict(standing, sent, ("value",))],
        taken=[Taken("旧.xlsx", there=False, unit="区财政局"), Taken("在.xlsx", there=True)],
    )
    conflict, withdrawn = told(merged=merged)
    assert (conflict.rule, conflict.unit, conflict.cell) == ("conflict", "区司法局", "I7")
    assert (withdrawn.rule, withdrawn.unit, withdrawn.value) == ("withdrawn", "区财政局", "旧.xlsx")
    assert conflict.file == withdrawn.file == "台账.xlsx"


def test_settings_are_judged_where_the_master_lists_the_rule() -> None:
    early = a_round(deadline=date(2019, 9, 1))
    (finding,) = told(round_=early)
    assert (finding.rule, finding.sheet, finding.cell) == ("deadline", "设", "")
    assert told(round_=early, known=Known({}, listed=())) == []


def test_a_reason_accepts_a_warning_and_is_in_vain_beside_an_error() -> None:
    late = replace(judged(a_submission(*GOOD_ROWS)), submission=_received(12))
    broken = judged(a_submission(period="2019Q2"))
    typed: Mapping[WaiverKey, str] = {
        WaiverKey.of(finding): "经同意" for finding in (*told(late), *told(broken))
    }
    error, in_vain, accepted = told(late, broken, known=Known(typed))
    assert (error.rule, error.accepted, error.waiver) == ("period", False, "经同意")
    assert (in_vain.rule, in_vain.sheet, in_vain.severity) == ("waiver", "果", Severity.INFO)
    assert (accepted.rule, accepted.accepted, accepted.label) == ("late", True, "提醒（已接受）")


def _received(day: int, name: str = "填报表.xlsx", sha256: str = "1") -> Submission:
    received = datetime(2019, 10, day, 8)
    return replace(a_submission(*GOOD_ROWS), file=name, sha256=sha256, received=received)


def test_of_equal_files_the_first_counts_and_of_different_ones_the_last() -> None:
    files = [
        judged(_received(3, "甲.xlsx", "1")),
        judged(_received(4, "乙.xlsx", "1")),
        judged(_received(6, "丙.xlsx", "2")),
        judged(replace(_received(7, "丁.xlsx", "3"), stamp={})),
    ]
    expected = {
        "甲.xlsx": Verdict.SUPERSEDED,
        "乙.xlsx": Verdict.DUPLICATE,
        "丙.xlsx": Verdict.ACCEPTED,
        "丁.xlsx": Verdict.QUARANTINED,
    }
    for order in permutations(files):
        settled = settle(order)
        assert [file.submission.file for file in settled] == [f.submission.file for f in order]
        assert {file.submission.file: file.verdict for file in settled} == expected
    settled = settle(files)
    assert late_units([JUSTICE], settled, DEADLINE) == []
    assert late_units([JUSTICE, FINANCE], settled, date(2019, 10, 2)) == [JUSTICE]
    assert rules(told(*settled)) == ["ours", "two-files", "resubmitted", "duplicate"]


def test_what_a_sheet_is_called_is_told_to_the_judge_not_known_by_it() -> None:
    moved = [replace(row, record=replace(row.record, sheet="表")) for row in GOOD_ROWS[2:]]
    (finding,) = judged(a_submission(*GOOD_ROWS[:2], *moved)).findings
    assert (finding.rule, finding.expected) == ("renamed-sheet", SECOND)
