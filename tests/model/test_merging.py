"""Merging: what the unit sent fills the master, what staff typed there is never overwritten."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.model.samples import an_indicator, cells, held_cells
from xl_fzzf.model.kinds import Kind
from xl_fzzf.model.merging import NOTHING, Merge, merge, typed_fields
from xl_fzzf.model.plan import Indicator
from xl_fzzf.model.record import ENTRY_FIELDS, Cell, ErrorCell, Record, blank, fit, same

MEETINGS = an_indicator(Kind.COUNT, "≥ 2", "次")
RATE = an_indicator(Kind.RATE, "= 100%", "%")
SENT = st.lists(cells, min_size=7, max_size=7)
HELD = st.lists(held_cells, min_size=7, max_size=7)


def record(**entries: Any) -> Record:
    return Record("B01", "1.1", **entries)


def merged(
    standing: Record,
    submitted: Record,
    written: tuple[Cell, ...] = NOTHING,
    indicator: Indicator = MEETINGS,
) -> tuple[dict[str, Cell], Merge]:
    """The merged entries that are filled in, and the merge."""
    merge_ = merge(indicator, standing, written, submitted)
    filled = zip(ENTRY_FIELDS, merge_.entries, strict=True)
    return {name: cell for name, cell in filled if not blank(cell)}, merge_


def test_an_empty_record_takes_all_that_the_unit_sent() -> None:
    entries, merge_ = merged(record(), record(value=3, narrative="已开会"))
    assert entries == {"value": 3, "narrative": "已开会"}
    assert (merge_.typed, merge_.conflicts) == (False, ())
    assert merge_.given == merge_.entries


def test_what_an_earlier_merge_wrote_gives_way_to_what_is_sent_now() -> None:
    before = record(value=3, narrative="已开会")
    entries, merge_ = merged(before, record(value=4), before.entries())
    assert entries == {"value": 4}
    assert not merge_.typed


def test_what_staff_typed_stays_and_a_contradiction_is_named() -> None:
    entries, merge_ = merged(record(value=5), record(value=3, narrative="已开会"))
    assert entries == {"value": 5, "narrative": "已开会"}
    assert merge_.typed
    assert merge_.conflicts == ("value",)
    assert merge_.given == record(narrative="已开会").entries()


def test_what_staff_typed_over_an_earlier_merge_stays() -> None:
    written = record(value=3, evidence="纪要1号").entries()
    entries, merge_ = merged(
        record(value=5, evidence="纪要1号"), record(value=3, evidence="纪要2号"), written
    )
    assert entries == {"value": 5, "evidence": "纪要2号"}
    assert merge_.conflicts == ("value",)


def test_the_same_typed_and_sent_is_no_conflict() -> None:
    standing = record(value=3.0, deadline=datetime(2019, 12, 20), narrative=" 已开会 ")
    sent = record(value=3, deadline=date(2019, 12, 20), narrative="已开会")
    _, merge_ = merged(standing, sent)
    assert merge_.typed
    assert merge_.conflicts == ()


def test_a_number_typed_over_a_true_that_was_sent_stays() -> None:
    entries, merge_ = merged(record(value=1), record(value=True), record(value=True).entries())
    assert entries["value"] == 1
    assert entries["value"] is not True
    assert merge_.conflicts == ("value",)


def test_what_staff_typed_where_the_unit_sent_nothing_is_no_conflict() -> None:
    entries, merge_ = merged(record(reason="人手不足"), record(value=1))
    assert entries == {"value": 1, "reason": "人手不足"}
    assert merge_.conflicts == ()


def test_a_cell_that_staff_emptied_is_filled_from_the_return_again() -> None:
    entries, merge_ = merged(record(), record(value=3), record(value=3).entries())
    assert entries == {"value": 3}
    assert not merge_.typed


def test_a_rates_computed_value_is_neither_typed_nor_taken_over() -> None:
    standing = record(numerator=9, denominator=10, value=0.9)
    written = record(numerator=9, denominator=10).entries()
    entries, merge_ = merged(
        standing, record(numerator=10, denominator=10, value=1.0), written, RATE
    )
    assert not merge_.typed
    assert (entries["numerator"], entries["denominator"]) == (10, 10)
    assert merge_.given == record(numerator=10, denominator=10).entries()


def test_a_failed_formula_is_taken_over_as_one() -> None:
    entries, _ = merged(record(), record(narrative=ErrorCell("#N/A")))
    assert isinstance(entries["narrative"], ErrorCell)


def test_a_date_in_a_number_cell_becomes_text_and_stays_one_elsewhere() -> None:
    day = date(2019, 9, 1)
    entries, _ = merged(record(), record(value=day, narrative=day, deadline=day))
    assert entries == {"value": "2019-09-01", "narrative": day, "deadline": day}


def test_a_time_of_day_becomes_text() -> None:
    entries, _ = merged(record(), record(value=time(1, 30)))
    assert entries == {"value": "01:30:00"}


@pytest.mark.parametrize("kind", [MEETINGS, RATE])
def test_line_ends_alone_are_not_typing(kind: Indicator) -> None:
    stands = record(narrative="一\n二").entries()
    written = record(narrative="一\r\n二").entries()
    assert typed_fields(kind, stands, written) == frozenset()


@given(HELD, HELD, SENT)
def test_nothing_typed_is_ever_lost_and_all_else_is_what_was_sent(
    stood: list[Cell], was: list[Cell], sent: list[Cell]
) -> None:
    standing, submitted = (
        record(**dict(zip(ENTRY_FIELDS, entries, strict=True))) for entries in (stood, sent)
    )
    merge_ = merge(MEETINGS, standing, tuple(was), submitted)
    assert merge_.typed == any(map(_typed, stood, was))
    for name, result, stands, written, new in zip(
        ENTRY_FIELDS, merge_.entries, stood, was, map(_as_sent, ENTRY_FIELDS, sent), strict=True
    ):
        if _typed(stands, written):
            assert result is stands
            assert (name in merge_.conflicts) == (not blank(new) and not same(stands, new))
        else:
            assert same(result, new)
            assert name not in merge_.conflicts


def _as_sent(name: str, cell: Cell) -> Cell:
    held = fit(cell)
    return held.isoformat() if name in MEETINGS.kind.numbers and isinstance(held, date) else held


def _typed(stands: Cell, written: Cell) -> bool:
    return not blank(stands) and not same(stands, written)


@given(SENT)
def test_merging_the_same_return_twice_changes_nothing(sent: list[Cell]) -> None:
    submitted = record(**dict(zip(ENTRY_FIELDS, sent, strict=True)))
    first = merge(MEETINGS, record(), NOTHING, submitted)
    standing = record(**dict(zip(ENTRY_FIELDS, first.entries, strict=True)))
    second = merge(MEETINGS, standing, first.given, submitted)
    assert not second.typed
    assert all(map(same, second.entries, first.entries))
