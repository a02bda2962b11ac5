"""What changed between two returns of a unit: every entry that differs, once, with both values."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.model.samples import JUSTICE, cells
from xl_fzzf.model.finding import Finding, Severity
from xl_fzzf.model.judged import Difference, Entries, Judged, find_differences
from xl_fzzf.model.record import ENTRY_FIELDS, Cell, Record, same
from xl_fzzf.model.submission import Submission, Verdict

START = datetime(2019, 10, 5, 23, 59)
rows = st.lists(cells, min_size=len(ENTRY_FIELDS), max_size=len(ENTRY_FIELDS)).map(tuple)
returns = st.dictionaries(st.sampled_from(["1.1", "1.2", "保1.1"]), rows)


def a_row(**entries: Cell) -> tuple[Cell, ...]:
    return Record("B01", "1.1", **entries).entries()  # type: ignore[arg-type]


@given(returns, returns)
def test_exactly_the_entries_that_do_not_say_the_same_are_named(
    before: Entries, after: Entries
) -> None:
    nothing = a_row()
    expected = {
        (code, field)
        for code in before.keys() | after.keys()
        for field, was, now in zip(
            ENTRY_FIELDS, before.get(code, nothing), after.get(code, nothing), strict=True
        )
        if not same(was, now)
    }
    found = find_differences(before, after)
    assert {(each.indicator, each.field) for each in found} == expected
    assert len(found) == len(expected)


@given(returns, returns)
def test_going_back_names_the_same_entries_the_other_way_round(
    before: Entries, after: Entries
) -> None:
    there = {(d.indicator, d.field): (d.before, d.after) for d in find_differences(before, after)}
    back = {(d.indicator, d.field): (d.after, d.before) for d in find_differences(after, before)}
    assert repr(sorted(there.items(), key=repr)) == repr(sorted(back.items(), key=repr))


@given(returns)
def test_a_return_does_not_differ_from_itself_and_differs_from_nothing_in_all_it_says(
    entries: Entries,
) -> None:
    assert find_differences(entries, entries) == []
    said = sum(not same(cell, None) for row in entries.values() for cell in row)
    assert len(find_differences({}, entries)) == len(find_differences(entries, {})) == said


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        (3, 5, "1.1 完成值：3 → 5"),
        (None, 5.0, "1.1 完成值：空 → 5"),
        ("三次", " ", "1.1 完成值：三次 → 空"),
        (True, 1, "1.1 完成值：TRUE → 1"),
        ("字" * 50, date(2019, 9, 1), f"1.1 完成值：{'字' * 20} → 2019-09-01"),
    ],
)
def test_a_difference_is_told_in_a_line(before: Cell, after: Cell, words: str) -> None:
    found = find_differences({"1.1": a_row(value=before)}, {"1.1": a_row(value=after)})
    assert found == [Difference("1.1", "value", before, after)]
    assert str(found[0]) == words


def test_differences_stand_in_the_order_of_the_later_return_and_what_it_left_out_comes_last() -> (
    None
):
    before = {"1.1": a_row(value=1), "1.2": a_row(value=1), "2.1": a_row(numerator=1)}
    after = {"1.2": a_row(value=2, narrative="新"), "1.1": a_row(value=2)}
    places = [(d.indicator, d.field) for d in find_differences(before, after)]
    assert places == [
        *(("1.2", "value"), ("1.2", "narrative"), ("1.1", "value"), ("2.1", "numerator"))
    ]


def test_a_file_is_late_after_the_last_minute_of_the_day_and_only_rows_that_stand_count() -> None:
    records = {
        "1.1": Record("B01", "1.1", value=3, sheet="一", row=4),
        "1.2": Record("B01", "1.2"),
    }
    submission = Submission("a.xlsx", "1", START)
    note = Finding(rule="outlier", severity=Severity.INFO)
    file = Judged(submission, Verdict.ACCEPTED, unit=JUSTICE, findings=(note,), records=records)
    assert not file.is_late(START.date()) and file.is_late(date(2019, 10, 4))
    assert (file.size, list(file.entries()), file.unit_name) == (1, ["1.1"], "区司法局")
    turned = file.turned(Verdict.SUPERSEDED, "后来又报了")
    assert not turned.counts and turned.findings == () and turned.reason == "后来又报了"
    assert turned.size == 1 and file.counts, "the file itself stays as it was"
    assert Judged(submission, Verdict.QUARANTINED).unit_name == ""
