"""The course of a round: what its runs brought it to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from xl_fzzf.model.run import Job, Run

_JUDGING = (Job.CONSOLIDATE, Job.MARK, Job.RESTORE)


@dataclass(frozen=True, slots=True)
class Course:
    """The runs of a period, the first one first."""

    runs: Sequence[Run]

    @property
    def day(self) -> date | None:
        """The day as of which the figures stand; None where nothing was consolidated yet.

        That of the last consolidation, unless the master was marked or brought back since then.
        """
        runs = [run for run in self.runs if not run.output]  # the others did not reach the master
        if all(run.job is not Job.CONSOLIDATE for run in runs):
            return None
        return next(run.as_of for run in reversed(runs) if run.job in _JUDGING)

    def until(self, number: int) -> Course:
        """The course up to a run, that run included."""
        return Course([run for run in self.runs if run.number <= number])
