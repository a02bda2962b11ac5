"""Resolution: which rows of a return are its unit's records, whatever was moved, copied or added."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.model.samples import JUSTICE, OFFICE, TOWN, a_plan, a_task, an_indicator
from xl_fzzf.model.kinds import Kind
from xl_fzzf.model.plan import Role, Unit
from xl_fzzf.model.record import Cell, Record, blank
from xl_fzzf.model.resolution import Resolution, expected_indicators, resolve
from xl_fzzf.model.responsibility import assign
from xl_fzzf.model.submission import Mark, Marked, Row, SheetContent, Submission

MEETINGS = an_indicator(Kind.COUNT, "≥ 2", "次")
LEADING = an_indicator(Kind.YES_NO, code="1.2", scope=("牵头",))
ENFORCING = an_indicator(Kind.YES_NO, code="1.3", scope=("执法",))
TOWNS = an_indicator(Kind.TEXT, code="2.1", task="2", scope=("乡镇", "区委办公室"))
PLAN = a_plan(
    (a_task("1", "区司法局、其他区级有关部门,各乡镇", MEETINGS, LEADING, ENFORCING),),
    (a_task("2", "区级各部门,各乡镇", TOWNS),),
)
SHEET = "一、领域1"


def a_row(code: str, number: int = 5, unit: str = "区司法局", value: Cell = 2) -> Row:
    return Row(unit, code, Record("", "", value=value, sheet=SHEET, row=number))


def resolved(*rows: Row) -> Resolution:
    """The rows of one sheet, resolved for 区司法局, who must report on 1.1 and 1.2."""
    sheets = {SHEET: SheetContent(SHEET, {"code": "C"}, rows)}
    submission = Submission("填报表.xlsx", "0" * 64, datetime(2019, 9, 20), "", {}, sheets)
    return resolve(PLAN, JUSTICE, [MEETINGS, LEADING], submission)


@pytest.mark.parametrize(
    ("unit", "optional", "codes"),
    [
        (JUSTICE, False, ["1.1", "1.2"]),
        (OFFICE, False, ["2.1"]),
        (OFFICE, True, ["1.1", "2.1"]),
        (TOWN, False, ["1.1", "1.3", "2.1"]),
    ],
)
def test_expected_indicators_follow_role_and_scope(
    unit: Unit, optional: bool, codes: list[str]
) -> None:
    expected = expected_indicators(PLAN, assign(PLAN), unit, optional)
    assert [item.code for item in expected] == codes


def test_a_corrected_assignment_is_what_counts() -> None:
    assignments = {(TOWN.code, "1"): Role.LEAD}
    expected = expected_indicators(PLAN, assignments, TOWN, False)
    assert [item.code for item in expected] == ["1.1", "1.2", "1.3"]


def test_one_row_each_gives_one_record_each_and_nothing_else() -> None:
    found = resolved(a_row("1.1", 5), a_row("1.2", 6, value="是"))
    assert {code: (r.key, r.value, r.row) for code, r in found.records.items()} == {
        "1.1": (("B01", "1.1"), 2, 5),
        "1.2": (("B01", "1.2"), "是", 6),
    }
    rest = (found.missing, found.unknown, found.foreign, found.duplicated, found.repeated)
    assert not any(rest)


@pytest.mark.parametrize("name", ["", "区司法局", "司法局", "嘉陵区 司法局", "B01"])
def test_the_unit_may_be_called_by_any_of_its_names_or_not_at_all(name: str) -> None:
    found = resolved(a_row("1.1", unit=name))
    assert found.records["1.1"].value == 2
    assert not found.foreign


def test_a_missing_row_gives_a_blank_record_that_stands_nowhere() -> None:
    found = resolved(a_row("1.2", value="是"))
    assert found.missing == (MEETINGS,)
    blank = found.records["1.1"]
    assert (blank.key, set(blank.entries()), blank.sheet) == (("B01", "1.1"), {None}, "")


def test_another_units_row_is_foreign_and_not_taken() -> None:
    found = resolved(a_row("1.1", unit="区财政局"), a_row("1.2", unit="区审计局", value="是"))
    assert [row.unit for row in found.foreign] == ["区财政局", "区审计局"]
    assert found.missing == (MEETINGS, LEADING)


@pytest.mark.parametrize("code", ["9.9", "1.3", ""])
def test_a_row_that_the_unit_does_not_report_is_unknown(code: str) -> None:
    found = resolved(a_row("1.1"), a_row("1.2"), a_row(code, 7))
    assert [row.record.row for row in found.unknown] == [7]
    assert not found.missing


@pytest.mark.parametrize("unit", ["", "填表人:张三"])
def test_a_row_without_unit_and_code_is_a_note(unit: str) -> None:
    found = resolved(a_row("1.1"), a_row("1.2"), a_row("", 9, unit=unit, value="审核人:李四"))
    assert [row.record.row for row in found.notes] == [9]
    assert found.unknown == ()


@pytest.mark.parametrize("words", ["合计", "小 计", "总计:", "全区合计", "合计："])
@pytest.mark.parametrize("place", ["unit", "code", "label"])
def test_a_row_of_totals_is_told_by_its_word_in_any_cell(words: str, place: str) -> None:
    changed: dict[str, Any] = {place: words}
    total = replace(a_row("", 9, unit=""), **changed)
    found = resolved(a_row("1.1"), total, a_row("1.2"))
    assert [row.record.row for row in found.totals] == [9]
    assert not (found.unknown or found.notes or found.foreign)


def test_what_lies_under_a_merged_cell_is_not_taken_and_the_reading_stays_as_it_was() -> None:
    row = a_row("1.1", 5)
    marks = (Marked("value", 5, Mark.MERGED), Marked("narrative", 5, Mark.MERGED))
    sheets = {SHEET: SheetContent(SHEET, {"code": "C"}, (row,), marks=marks)}
    submission = Submission("填报表.xlsx", "0" * 64, datetime(2019, 9, 20), "", {}, sheets)
    for _ in range(2):
        found = resolve(PLAN, JUSTICE, [MEETINGS, LEADING], submission)
        assert found.records["1.1"].value is None
        assert [(c.row.record.row, c.field, c.value) for c in found.covered] == [(5, "value", 2)]


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["1.1", "1.2", "9.9", "3.1", "小计", ""]),
            st.sampled_from(["", "区司法局", "区财政局", "区审计局", "填表人:张三"]),
            st.sampled_from([None, "", 1.0, "是", " "]),
            st.sampled_from(["", "合计", "说明"]),
        ),
        max_size=8,
    ),
    st.sets(st.integers(0, 7)),
)
def test_every_entry_is_recorded_found_or_ignored(
    rows: list[tuple[str, str, Cell, str]], under: set[int]
) -> None:
    sent = tuple(
        replace(a_row(code, number, unit=unit, value=value), label=label)
        for number, (code, unit, value, label) in enumerate(rows)
    )
    marks = tuple(Marked("value", number, Mark.MERGED) for number in under)
    answered = sum(not blank(row.record.value) for row in sent)
    sheets = {SHEET: SheetContent(SHEET, {}, sent, marks=marks, answered=answered)}
    submission = Submission("填报表.xlsx", "0" * 64, datetime(2019, 9, 20), "", {}, sheets)
    account = resolve(PLAN, JUSTICE, [MEETINGS, LEADING], submission).account
    assert account.balanced
    assert account.read == answered


def test_rows_that_differ_give_nothing_and_are_all_named() -> None:
    found = resolved(a_row("1.1", 5, value=2), a_row("1.1", 9, value=3), a_row("1.2"))
    assert [row.record.row for row in found.duplicated["1.1"]] == [5, 9]
    assert found.records["1.1"].value is None
    assert not found.missing
    assert not found.repeated


def test_rows_that_are_equal_count_once() -> None:
    found = resolved(a_row("1.1", 5), a_row("1.1", 9), a_row("1.2"))
    assert [row.record.row for row in found.repeated["1.1"]] == [5, 9]
    assert (found.records["1.1"].value, found.records["1.1"].row) == (2, 5)
    assert not found.duplicated


ROWS = [
    ("1.1", "", 2),
    ("1.2", "司法局", "是"),
    ("9.9", "", 1),
    ("1.1", "区财政局", 7),
    ("1.3", "", 1),
]


@given(st.permutations(ROWS))
def test_sorting_the_rows_changes_nothing(order: list[tuple[str, str, Cell]]) -> None:
    found = resolved(*(a_row(c, n, unit=u, value=v) for n, (c, u, v) in enumerate(order, 5)))
    assert [found.records[code].value for code in ("1.1", "1.2")] == [2, "是"]
    assert {row.code for row in found.unknown} == {"9.9", "1.3"}
    assert [row.unit for row in found.foreign] == ["区财政局"]
    assert not (found.missing or found.duplicated or found.repeated)
