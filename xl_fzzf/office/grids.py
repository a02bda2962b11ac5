"""A sheet's values as a grid of cells, as calamine reads them, failed formulas included."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, cast

from xl_fzzf.model.record import Cell, ErrorCell
from xl_fzzf.office.references import Spot

if TYPE_CHECKING:
    from python_calamine import CalamineWorkbook

Grid = Sequence[Sequence[Cell]]
"""Rows of values, all of one length, from A1 on."""


def read_grid(book: CalamineWorkbook, sheet: str, errors: Mapping[Spot, str]) -> list[list[Cell]]:
    """A sheet's values, with room for the failed cells that calamine leaves out; raises CalamineError."""
    rows = book.get_sheet_by_name(sheet).to_python(skip_empty_area=False)
    grid = cast(list[list[Cell]], rows)
    bottom = max((row for row, _ in errors), default=0)
    grid += ([] for _ in range(bottom - len(grid)))
    width = max((column for _, column in errors), default=0)
    width = max([width, *map(len, grid)])
    for cells in grid:
        cells += [""] * (width - len(cells))
    for (row, column), shown in errors.items():
        grid[row - 1][column - 1] = ErrorCell(shown)
    return grid
