"""What a consolidation brought together, and what it came to, whatever the level."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from xl_fzzf.desk.printing import Printed, Printer
from xl_fzzf.desk.saving import Saved
from xl_fzzf.model.assessment import Assessment
from xl_fzzf.model.city import City
from xl_fzzf.model.finding import Finding
from xl_fzzf.model.judged import Judged
from xl_fzzf.model.plan import Unit


@dataclass(frozen=True, slots=True)
class Brought:
    """Every file that came in, the records that were merged, and all that was found in them."""

    files: Sequence[Judged]
    findings: Sequence[Finding]
    assessments: Sequence[Assessment]
    as_of: date


@dataclass(frozen=True, slots=True)
class Published:
    """A summary that was written with the consolidation: what it says, the workbook, and its PDF."""

    city: City
    summary: Path
    printed: Printed


Publish = Callable[[Saved, date, Printer | None], Published | None]
"""Writes the summary of a master that is saved, dated as of a day, and with a printer its PDF."""


def publish_nothing(saved: Saved, today: date, printer: Printer | None) -> None:
    """For a level whose summary is another job's."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """All records as judged, the units that had to report, and those that did."""

    assessments: Sequence[Assessment]
    expected: Sequence[Unit]
    reported: Sequence[Unit]
    publish: Publish = publish_nothing
