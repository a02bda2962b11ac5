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
from xl_fzzf.model.edition import Edition
from xl_fzzf.model.finding import Finding
from xl_fzzf.model.judged import Judged
from xl_fzzf.model.plan import Unit


@dataclass(frozen=True, slots=True)
class Brought:
    """The records that were merged as of a day, every file that came in, and all that was found."""

    assessments: Sequence[Assessment]
    as_of: date
    files: Sequence[Judged] = ()
    findings: Sequence[Finding] = ()


Publish = Callable[[Saved, Edition, date, Printer | None], "Published"]
"""Writes an edition of the summary of a master that is saved, dated as of a day, and with a printer its PDF."""


@dataclass(frozen=True, slots=True)
class Published:
    """A summary that was written with the consolidation: what it says, the workbook, and its PDF."""

    city: City
    summary: Path
    printed: Printed


@dataclass(frozen=True, slots=True)
class Outcome:
    """All records as judged, the units that had to report, those that did, and those typed for.

    Nothing to `publish` has a level whose summary is another job's.
    """

    assessments: Sequence[Assessment]
    expected: Sequence[Unit]
    reported: Sequence[Unit]
    typed: Sequence[Unit] = ()
    publish: Publish | None = None
