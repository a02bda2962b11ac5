"""A round: what drives it, and where it stands as of a date."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from xl_fzzf.model.assessment import Alert, Assessment, alert
from xl_fzzf.model.course import NOT_BEGUN, Course
from xl_fzzf.model.edition import FIRST, Edition
from xl_fzzf.model.lines import Followed
from xl_fzzf.model.period import Period
from xl_fzzf.model.plan import Area, Indicator, Plan, Unit
from xl_fzzf.model.resolution import NOTHING_READ, Account, expected_indicators
from xl_fzzf.model.responsibility import Assignments
from xl_fzzf.model.rollup import IndicatorTotal, completeness, met_share, total_indicators
from xl_fzzf.model.score import UnitTotal, total_units
from xl_fzzf.model.settings import Settings
from xl_fzzf.model.status import Status
from xl_fzzf.model.submission import NOTHING, Verdict


@dataclass(frozen=True, slots=True)
class Round:
    """What drives a round: the plan with its roster, the assignments and the settings.

    `followed` is what 责任分工 does not say yet, and the assignments have from the tasks' lines.
    """

    plan: Plan
    assignments: Assignments
    settings: Settings
    followed: Followed = field(default_factory=Followed)

    def indicators_of(self, unit: Unit) -> Iterator[Indicator]:
        """The indicators on which a unit reports."""
        optional = self.settings.distribute_optional
        return expected_indicators(self.plan, self.assignments, unit, optional)


@dataclass(frozen=True, slots=True)
class Registered:
    """A line of 报送登记: one received file, as the summary and `status` need it."""

    file: str
    unit: str
    verdict: str
    reason: str
    received: str
    timely: str
    sha256: str
    account: Account = field(default=NOTHING_READ, kw_only=True)

    @property
    def says_nothing(self) -> bool:
        """Whether it counts and says that its unit has nothing to report this period."""
        return self.verdict == Verdict.ACCEPTED.label and self.reason.startswith(NOTHING)


@dataclass(frozen=True, slots=True)
class AcceptedWarning:
    """A line of 校验结果 that the coordinator accepted, and why."""

    unit: str
    indicator: str
    message: str
    value: str
    reason: str


@dataclass(frozen=True)
class Assessed:
    """All records of a round, judged as of a date, and what they come to."""

    round: Round
    as_of: date
    assessments: Sequence[Assessment]

    @property
    def period(self) -> Period:
        """The reporting period."""
        return self.round.settings.period

    @cached_property
    def statuses(self) -> Counter[Status]:
        """How many records have which status."""
        return Counter(assessment.status for assessment in self.assessments)

    @property
    def completeness(self) -> float:
        """填报率: the share of records that are filled in."""
        return completeness(self.statuses)

    @property
    def met_share(self) -> float | None:
        """达标率: met records among those that apply; None where none does."""
        return met_share(self.statuses)

    @cached_property
    def areas(self) -> list[tuple[Area, Counter[Status]]]:
        """The statuses in every area of the plan, in its order."""
        area_of = self.round.plan.area_of
        counts = {area.number: Counter[Status]() for area in self.round.plan.areas}
        for assessment in self.assessments:
            counts[area_of[assessment.indicator.code].number][assessment.status] += 1
        return [(area, counts[area.number]) for area in self.round.plan.areas]

    @cached_property
    def indicators(self) -> list[IndicatorTotal]:
        """Every indicator rolled up."""
        return total_indicators(self.round.plan, self.assessments)

    def total_of(self, indicator: Indicator) -> IndicatorTotal | None:
        """The total of another period's indicator; None where it was not the same."""
        asked = (indicator.code, indicator.text)
        own = (t for t in self.indicators if (t.indicator.code, t.indicator.text) == asked)
        return next(own, None)

    @cached_property
    def unit_totals(self) -> list[UnitTotal]:
        """Every unit scored and ranked."""
        return total_units(self.round.plan, self.assessments)


@dataclass(frozen=True)
class Standing(Assessed):
    """Where a round stands: all its records judged, the units expected and those that reported.

    `units` are those with something to report; `reported` and `late` hold unit codes, and so does
    `typed`: no file of these was taken, but staff typed figures of theirs into the master. `history` are
    the earlier periods, the latest last, and `notices` what is to be known about them; `edited` says what
    was edited of the plan since the period began. `master` and
    `sha256` say which file it was read from, `run` number and hash of the last run's journal. `course` is
    how far the round is, `edition` which edition of the summary this is.
    """

    units: Sequence[Unit]
    reported: frozenset[str]
    late: frozenset[str]
    files: Sequence[Registered] = ()
    accepted: Sequence[AcceptedWarning] = ()
    typed: frozenset[str] = frozenset()
    history: Sequence[Assessed] = ()
    notices: Sequence[str] = ()
    edited: Sequence[str] = ()
    master: str = ""
    sha256: str = ""
    run: str = ""
    course: Course = NOT_BEGUN
    edition: Edition = FIRST

    @property
    def before(self) -> Assessed | None:
        """The period before, if it is of the same year: values count from the year's first day."""
        last = self.history[-1] if self.history else None
        return last if last and last.period.year == self.period.year else None

    @property
    def account(self) -> Account:
        """Where the entries of all files went that count."""
        return sum((file.account for file in self.files), NOTHING_READ)

    @property
    def missing(self) -> list[Unit]:
        """Units of which no file was taken."""
        return [unit for unit in self.units if unit.code not in self.reported]

    @property
    def timeliness(self) -> float:
        """及时率: the share of the expected units that reported by the deadline."""
        timely = self.reported - self.late
        return len(timely) / len(self.units) if self.units else 0.0

    @cached_property
    def unmet(self) -> list[Assessment]:
        """The records that are unmet, by unit in the roster's order."""
        order = {unit.code: place for place, unit in enumerate(self.round.plan.units)}
        unmet = [item for item in self.assessments if item.status is Status.UNMET]
        return sorted(unmet, key=lambda assessment: order[assessment.unit.code])

    @property
    def alerts(self) -> Counter[Alert]:
        """How many unmet records have which 预警."""
        return Counter(alert(item, self.as_of) for item in self.unmet)
