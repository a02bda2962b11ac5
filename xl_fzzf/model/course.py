"""The course of a round: what its runs brought it to, from 进行中 over 已定稿 to 已上报, and again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from xl_fzzf.model.edition import Edition
from xl_fzzf.model.labelled import Labelled
from xl_fzzf.model.run import Job, Run


class Stage(Labelled):
    """How far a round is."""

    OPEN = "open", "进行中"
    APPROVED = "approved", "已定稿"
    SENT = "sent", "已上报"


_JUDGING = (Job.CONSOLIDATE, Job.MARK, Job.RESTORE)
_STAGES = {Job.APPROVE: Stage.APPROVED, Job.REOPEN: Stage.OPEN, Job.SEND: Stage.SENT}


@dataclass(frozen=True, slots=True)
class Course:
    """The runs of a period, the first one first."""

    runs: Sequence[Run] = ()

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

    @property
    def stage(self) -> Stage:
        """How far the round is."""
        found = (_STAGES[run.job] for run in reversed(self.runs) if run.job in _STAGES)
        return next(found, Stage.OPEN)

    @property
    def approvals(self) -> list[Run]:
        """The runs that approved an edition, whether it holds or was opened again."""
        return [run for run in self.runs if run.job is Job.APPROVE]

    @property
    def approval(self) -> Run | None:
        """The approval that holds; None in a round that is open."""
        return None if self.stage is Stage.OPEN else self.approvals[-1]

    @property
    def edition(self) -> Edition:
        """The edition that is approved, or else the one that comes next; its corrections aside."""
        approvals, held = self.approvals, self.approval
        number = len(approvals) + (held is None)
        before = approvals[number - 2].number if number > 1 else 0
        notes = [r.note for r in self.runs if r.job is Job.REOPEN and r.number > before]
        reason = "；".join(notes) if number > 1 else ""
        if held is None:
            return Edition(number, reason)
        return Edition(number, reason, held.by, held.reviewed_by, held.at.date())

    @property
    def words(self) -> str:
        """How far the round is, and which edition that is, in Chinese."""
        if self.stage is not Stage.OPEN:
            since = (run for run in reversed(self.runs) if run.job in _STAGES)
            sent = _say_sent(next(since)) if self.stage is Stage.SENT else ""
            return f"{self.stage.label}（{self.edition.words}{sent}）"
        if not self.approvals:
            return self.stage.label
        return f"{self.stage.label}（{self.edition.label}，原因：{self.edition.reason}）"


def _say_sent(run: Run) -> str:
    return f"，{run.at:%Y-%m-%d} {run.note}"


NOT_BEGUN = Course()
"""The course of a round of which no run is known."""
