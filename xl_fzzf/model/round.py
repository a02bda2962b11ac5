"""A round: what drives it, and where it stands as of a date."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from xl_fzzf.model.accounting import NOTHING_READ, Account
from xl_fzzf.model.assessment import Assessment
from xl_fzzf.model.plan import Plan, Unit
from xl_fzzf.model.responsibility import Assignments
from xl_fzzf.model.rollup import (
    IndicatorTotal,
    UnitTotal,
    completeness,
    total_indicators,
    total_units,
)
from xl_fzzf.model.settings import Settings
from xl_fzzf.model.status import Status


@dataclass(frozen=True, slots=True)
class Round:
    """What drives a round: the plan with its roster, the assignments and the settings.

    `unlisted` are units that 责任分工 does not list yet; their roles come from the tasks' lines.
    """

    plan: Plan
    assignments: Assignments
    settings: Settings
    unlisted: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Received:
    """A line of 报送登记: one received file, as the summary and `status` need it."""

    file: str
    unit: str
    verdict: str
    reason: str
    received: str
    timely: str
    sha256: str
    account: Account = field(default=NOTHING_READ, kw_only=True)


@dataclass(frozen=True, slots=True)
class AcceptedWarning:
    """A line of 校验结果 that the coordinator accepted, and why."""

    unit: str
    indicator: str
    message: str
    value: str
    reason: str


@dataclass(frozen=True)
class Standing:
    """Where a round stands: all its records judged, the units expected and those that reported.

    `units` are those with something to report; `reported` and `late` hold unit codes.
    """

    round: Round
    as_of: date
    assessments: Sequence[Assessment]
    units: Sequence[Unit]
    reported: frozenset[str]
    late: frozenset[str]
    files: Sequence[Received] = ()
    accepted: Sequence[AcceptedWarning] = ()

    @property
    def account(self) -> Account:
        """Where the entries of all files went that count."""
        return sum((file.account for file in self.files), NOTHING_READ)

    @cached_property
    def statuses(self) -> Counter[Status]:
        """How many records have which status."""
        return Counter(assessment.status for assessment in self.assessments)

    @property
    def missing(self) -> list[Unit]:
        """Units of which nothing is there."""
        return [unit for unit in self.units if unit.code not in self.reported]

    @property
    def completeness(self) -> float:
        """填报率: the share of records that are filled in."""
        return completeness(self.statuses)

    @property
    def timeliness(self) -> float:
        """及时率: the share of the expected units that reported by the deadline."""
        timely = self.reported - self.late
        return len(timely) / len(self.units) if self.units else 0.0

    @cached_property
    def indicators(self) -> list[IndicatorTotal]:
        """Every indicator rolled up."""
        return total_indicators(self.round.plan, self.assessments)

    @cached_property
    def unit_totals(self) -> list[UnitTotal]:
        """Every unit scored and ranked."""
        return total_units(self.round.plan, self.assessments)
