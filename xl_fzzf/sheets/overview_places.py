"""Where things stand on 总览, for whoever writes its values and whoever formats it."""

from __future__ import annotations

from dataclasses import dataclass

from xl_fzzf.model.status import Status
from xl_fzzf.office.references import column_letter

COUNTED = (
    Status.MISSING,
    Status.INVALID,
    Status.MET,
    Status.UNDER_WAY,
    Status.UNMET,
    Status.NOT_APPLICABLE,
)
"""The statuses in the order of their columns: what needs work comes first."""

WORST = 5
"""How many tasks and units are listed as what needs attention."""


@dataclass(frozen=True, slots=True)
class OverviewPlaces:
    """The rows of 总览 for a number of areas and units; `units` is 0 in a return."""

    areas: int
    units: int

    @property
    def table(self) -> int:
        """The row of the area table's header."""
        return 8

    @property
    def total(self) -> int:
        """The row of the area table's total."""
        return self.table + self.areas + 1

    @property
    def worst(self) -> int:
        """The row of the heading over what needs attention."""
        return self.total + 2

    @property
    def heat(self) -> int:
        """The row of the heading over units × areas."""
        return self.worst + WORST + 3

    @property
    def completeness_range(self) -> str:
        """The cells of 填报率 by area."""
        return f"J{self.table + 1}:K{self.total}"

    @property
    def trouble_ranges(self) -> tuple[str, str]:
        """The cells that count what is wrong, and what is unmet."""
        return f"E{self.table + 1}:E{self.total}", f"H{self.table + 1}:H{self.total}"

    @property
    def heat_range(self) -> str:
        """The cells of units × areas, with room for units to come."""
        last = column_letter(self.areas + 1)
        return f"B{self.heat + 2}:{last}{self.heat + 1 + max(self.units * 3, 300)}"
