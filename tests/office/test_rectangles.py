"""Rectangles for Excel: every changed cell once, never one that must stay, and few of them."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from xl_fzzf.office.rectangles import Rectangle, covering_rectangles, even_rectangles

PLACES = st.tuples(st.integers(1, 6), st.integers(1, 6))


def cells(rectangle: Rectangle) -> list[tuple[int, int]]:
    rows, columns = (
        range(rectangle.top, rectangle.bottom + 1),
        range(rectangle.left, rectangle.right + 1),
    )
    return [(row, column) for row in rows for column in columns]


def by_row(places: dict[tuple[int, int], str]) -> dict[int, dict[int, str]]:
    rows: dict[int, dict[int, str]] = {}
    for (row, column), word in places.items():
        rows.setdefault(row, {})[column] = word
    return rows


@given(st.dictionaries(PLACES, st.just("x")), st.sets(PLACES))
def test_every_changed_cell_once_and_none_that_must_stay(
    changed: dict[tuple[int, int], str], filled: set[tuple[int, int]]
) -> None:
    columns = {row: {c for r, c in filled if r == row} for row in range(1, 7)}
    covered = [
        place
        for rectangle in covering_rectangles(by_row(changed), columns.__getitem__)
        for place in cells(rectangle)
    ]
    assert len(covered) == len(set(covered))
    assert changed.keys() <= set(covered)
    assert not (set(covered) & filled) - changed.keys()


@given(st.dictionaries(PLACES, st.sampled_from("ab")))
def test_every_cell_is_in_one_rectangle_of_its_word(words: dict[tuple[int, int], str]) -> None:
    found = [
        (place, word)
        for rectangle, word in even_rectangles(by_row(words))
        for place in cells(rectangle)
    ]
    assert sorted(found) == sorted(words.items())


def test_a_table_is_one_rectangle() -> None:
    rows = {row: dict.fromkeys(range(1, 9), "x") for row in range(4, 900)}
    assert covering_rectangles(rows, lambda row: set()) == [Rectangle(4, 1, 899, 8)]
    assert list(even_rectangles(rows)) == [(Rectangle(4, 1, 899, 8), "x")]


def test_a_gap_that_is_empty_is_bridged_and_a_shorter_row_below_joins() -> None:
    rows = {4: {1: "x", 5: "x"}, 5: {5: "x"}, 6: {1: "x", 5: "x"}}
    assert covering_rectangles(rows, lambda row: set()) == [Rectangle(4, 1, 6, 5)]
    assert covering_rectangles(rows, lambda row: {3} if row == 5 else set()) == [
        Rectangle(4, 1, 4, 5),
        Rectangle(5, 5, 5, 5),
        Rectangle(6, 1, 6, 5),
    ]
