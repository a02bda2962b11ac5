"""What was edited in a master's driving sheets since a job last read them, and how it is told."""

from __future__ import annotations

from dataclasses import dataclass

from xl_fzzf.archive.driving import Stood, find_beginning, find_last
from xl_fzzf.desk.master import Master
from xl_fzzf.model.driving import Edit, say_edits
from xl_fzzf.model.run import Job

_TOLD = 8
"""As many kinds of edits are told on a screen; 校验结果 has all."""


@dataclass(frozen=True, slots=True)
class Edited:
    """The edits, and the sentences that tell them in Chinese."""

    edits: list[Edit]
    notices: list[str]


def edited_since_run(master: Master) -> Edited:
    """What was edited since the last run, of whatever job."""
    return _edited(master, master.last)


def edited_since_consolidation(master: Master) -> Edited:
    """What was edited since the last consolidation, told or not by the jobs that ran in between."""
    workspace = master.workspace
    return _edited(master, find_last(workspace.archive, str(workspace.period), {Job.CONSOLIDATE}))


def edited_since_beginning(master: Master) -> Edited:
    """What was edited since the period began."""
    workspace = master.workspace
    return _edited(master, find_beginning(workspace.archive, str(workspace.period)))


def _edited(master: Master, stood: Stood | None) -> Edited:
    if stood is None:
        return Edited(
            [], ["档案里没有本期以前的驱动表，改了目标、单位、分工、设置没有，这次不能比较"]
        )
    edits, round_ = master.edits(stood.driven), master.round
    corrected = round_.followed.say_corrected(round_.plan)
    return Edited(edits, [*say_edits(edits, stood.when, _TOLD), *corrected])
