"""Settling under any order: whatever came in, every unit counts once and every file is accounted for."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date, datetime

from hypothesis import given
from hypothesis import strategies as st

from tests.model.samples import FINANCE, JUSTICE, TOWN, UNITS
from xl_fzzf.model.finding import Finding, Severity
from xl_fzzf.model.judged import Judged
from xl_fzzf.model.settling import late_units, settle
from xl_fzzf.model.submission import Submission, Verdict

START = datetime(2019, 10, 1, 9)
NOTE = Finding(rule="outlier", severity=Severity.INFO)
CAN_COME = (Verdict.ACCEPTED, Verdict.QUARANTINED, Verdict.IGNORED)


def a_file(
    name: str,
    sha256: str = "",
    day: int = 1,
    verdict: Verdict = Verdict.ACCEPTED,
    unit: int | None = 0,
) -> Judged:
    """A judged file; a quarantined one may be from nobody knows whom."""
    submission = Submission(name, sha256 or name, START.replace(day=day))
    whose = None if unit is None else UNITS[unit]
    return Judged(submission, verdict, "原因", whose, (NOTE,))


@st.composite
def folders(draw: st.DrawFn) -> list[Judged]:
    """What a folder may hold: files of a few units, some with the same bytes, some broken."""
    units = {sha256: draw(st.integers(0, 2)) for sha256 in "abcdef"}
    verdicts = {sha256: draw(st.sampled_from(CAN_COME)) for sha256 in "abcdef"}
    kept = draw(st.lists(st.tuples(st.sampled_from("abcdef"), st.integers(1, 5)), max_size=8))
    return [
        a_file(f"{place}.xlsx", sha256, day, verdicts[sha256], units[sha256])
        for place, (sha256, day) in enumerate(kept)
    ]


def verdicts(files: list[Judged]) -> dict[str, Verdict]:
    return {file.submission.file: file.verdict for file in files}


def test_a_copy_under_another_units_name_does_not_make_the_right_file_its_duplicate() -> None:
    wrong = a_file("区财政局.xlsx", "同", 1, Verdict.QUARANTINED)
    right = a_file("区司法局.xlsx", "同", 2)
    again = a_file("区司法局(1).xlsx", "同", 3)
    assert verdicts(settle([wrong, right, again])) == {
        "区财政局.xlsx": Verdict.QUARANTINED,
        "区司法局.xlsx": Verdict.ACCEPTED,
        "区司法局(1).xlsx": Verdict.DUPLICATE,
    }


@given(folders(), st.randoms())
def test_the_order_in_which_files_lie_changes_nothing(files: list[Judged], random: object) -> None:
    mixed = files.copy()
    random.shuffle(mixed)  # type: ignore[attr-defined]
    settled = {file.submission.file: file for file in settle(files)}
    assert {file.submission.file: file for file in settle(mixed)} == settled
    assert [file.submission.file for file in settle(mixed)] == [f.submission.file for f in mixed]


@given(folders())
def test_every_unit_with_a_good_file_counts_once_with_its_last_one(files: list[Judged]) -> None:
    settled = settle(files)
    good = [file for file in files if file.verdict is Verdict.ACCEPTED]
    counted = Counter(file.unit for file in settled if file.counts)
    assert set(counted) == {file.unit for file in good} and set(counted.values()) <= {1}
    first = {}
    for file in sorted(good, key=lambda file: file.order, reverse=True):
        first[file.submission.sha256] = file
    for file in settled:
        if file.counts:
            others = [other for other in first.values() if other.unit == file.unit]
            assert file.order == max(other.order for other in others)


@given(folders())
def test_what_was_kept_out_stays_out_and_what_is_turned_down_says_why(files: list[Judged]) -> None:
    for before, after in zip(files, settle(files), strict=True):
        assert before.submission == after.submission and before.unit == after.unit
        if before.verdict is not Verdict.ACCEPTED:
            assert after.verdict in (before.verdict, Verdict.DUPLICATE)
        if after.verdict is Verdict.IGNORED:
            assert after == before, "what nobody sent is nobody's copy"
        if after.verdict is not before.verdict:
            assert after.findings == () and not after.counts
            named = [f for f in files if f"“{f.submission.file}”" in after.reason]
            assert len(named) == 1 and named[0].submission.file != after.submission.file
        else:
            assert after == before


@given(folders())
def test_settling_what_is_settled_changes_nothing(files: list[Judged]) -> None:
    settled = settle(files)
    assert settle(settled) == settled


def test_files_that_came_at_once_are_told_apart_by_their_bytes() -> None:
    files = [a_file("z.xlsx", "1"), a_file("a.xlsx", "2")]
    assert verdicts(settle(files)) == {"z.xlsx": Verdict.SUPERSEDED, "a.xlsx": Verdict.ACCEPTED}
    twins = [a_file("z.xlsx", "1"), a_file("a.xlsx", "1")]
    assert verdicts(settle(twins)) == {"z.xlsx": Verdict.DUPLICATE, "a.xlsx": Verdict.ACCEPTED}


def test_what_could_not_be_read_has_no_bytes_and_is_nobodys_copy() -> None:
    unread = [
        replace(
            a_file(name, verdict=Verdict.QUARANTINED, unit=None),
            submission=Submission(name, "", START, "读不出来"),
        )
        for name in ("甲.xlsx", "乙.xlsx")
    ]
    assert settle(unread) == unread


def test_a_unit_is_late_only_where_its_first_good_file_was() -> None:
    files = [
        a_file("甲.xlsx", day=3, unit=0),
        a_file("乙.xlsx", day=9, unit=0),
        a_file("丙.xlsx", day=9, unit=1),
        a_file("丁.xlsx", day=2, unit=1, verdict=Verdict.QUARANTINED),
    ]
    everyone = [JUSTICE, FINANCE, TOWN]
    assert late_units(everyone, settle(files), date(2019, 10, 5)) == [FINANCE]
    assert late_units(everyone, settle(files), date(2019, 10, 9)) == []
    assert late_units(everyone, settle(files), date(2019, 10, 1)) == [JUSTICE, FINANCE]
    assert late_units([TOWN], settle(files), date(2019, 10, 1)) == [], "it sent nothing at all"


@given(folders(), st.integers(1, 6))
def test_an_earlier_deadline_never_makes_fewer_units_late(files: list[Judged], day: int) -> None:
    settled = settle(files)
    late = late_units(UNITS, settled, date(2019, 10, day))
    assert set(late_units(UNITS, settled, date(2019, 10, day + 1))) <= set(late)
    assert [UNITS.index(unit) for unit in late] == sorted(UNITS.index(unit) for unit in late)
