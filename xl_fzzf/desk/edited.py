"""What was edited in a master's driving sheets since a job last read them, and how it is told."""

from __future__ import annotations

from dataclasses import dataclass

from xl_fzzf.archive.driving import Stood, find_beginning, find_last
from xl_fzzf.desk.master import Master
from xl_fzzf.model.driving import Edit, count_edits, say_edits
from xl_fzzf.model.run import Job
from xl_fzzf.sheets.driven import is_public

_TOLD, _PRINTED = 8, 40
"""As many kinds of edits are told on a screen, where 校验结果 has all, and in a summary."""

_NOTHING_KEPT = "档案里没有本期以前的驱动表，改了目标、单位、分工、设置没有，这次不能比较"


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


def say_edited_since_beginning(master: Master) -> list[str]:
    """For whoever reads the summary: what was edited since the period began, but for addresses."""
    workspace = master.workspace
    stood = find_beginning(workspace.archive, str(workspace.period))
    if stood is None:
        return [_NOTHING_KEPT]
    edits = [edit for edit in master.edits(stood.driven) if is_public(edit)]
    if not edits:
        return []
    head = f"本期开始以来，台账的指标、单位、分工和设置改了 {count_edits(edits)} 处"
    return [head, *say_edits(edits, _PRINTED, "")]


def _edited(master: Master, stood: Stood | None) -> Edited:
    if stood is None:
        return Edited([], [_NOTHING_KEPT])
    edits, round_ = master.edits(stood.driven), master.round
    notices = []
    if edits:
        notices.append(
            f"驱动表与{stood.when}相比改了 {count_edits(edits)} 处；"
            "是有意改的不用处理，不是的请改回来再运行"
        )
    notices += say_edits(edits, _TOLD, "，见“校验结果”")
    return Edited(edits, [*notices, *round_.followed.say_corrected(round_.plan)])
