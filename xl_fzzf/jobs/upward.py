"""mail upward: the approved summary goes to the city as it was approved, or not at all."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from xl_fzzf.archive.ledger import Ledger
from xl_fzzf.archive.originals import find_state
from xl_fzzf.desk.errors import JobError
from xl_fzzf.desk.lock import only_run
from xl_fzzf.desk.mail.drafting import Composer, Content, Drafts, LetterKind, Note
from xl_fzzf.desk.master import Master, open_master, read_master
from xl_fzzf.desk.signing import find_changed, record_sent, say_since
from xl_fzzf.desk.workspace import Workspace
from xl_fzzf.jobs.status import stand
from xl_fzzf.mail.attachment import Attachment
from xl_fzzf.model.course import Stage
from xl_fzzf.model.round import Standing
from xl_fzzf.model.run import Run
from xl_fzzf.model.status import Status
from xl_fzzf.office.book_file import FileBook
from xl_fzzf.sheets.imprint import shown_imprint
from xl_fzzf.sheets.summary.phrases import say_date


def write_upward(path: Path, now: datetime) -> Drafts:
    """Write a draft to the city with the files that were approved; the round is handed up then.

    What came or was edited since is noted: it is in no figure. Raises JobError where 设置 does not say
    to whom, nothing is approved, or the approved files are no longer what they were.
    """
    master = open_master(path, writing=False)
    workspace = master.workspace
    refuse_without_city(master)
    ledger = Ledger(workspace.archive)
    approval = _approval(workspace, ledger)
    standing = stand(_as_approved(workspace, approval), approval.as_of)
    files = [workspace.folder / n for n in approval.outputs if _goes_up(workspace, n)]
    attachments = tuple(Attachment(file.name, file.read_bytes()) for file in files)
    composer = Composer(workspace, master.round, LetterKind.UPWARD, now.date())
    composer.notes += (Note(workspace.period.label, w) for w in say_since(workspace, ledger))
    to, who = master.round.settings.mail.city, master.round.plan.district
    # A PDF holds the moment of its making: the summary alone says whether it is the same letter.
    content = Content(who, to, attachments[0].sha256, _facts(standing, attachments[0]), attachments)
    drafts = composer.write([content])
    with only_run(workspace):
        if Ledger(workspace.archive).course(str(workspace.period)).stage is Stage.APPROVED:
            record_sent(workspace, "写成邮件草稿", now)
    return drafts


def refuse_without_city(master: Master) -> None:
    """Raise JobError where 设置 does not say to whom the summary goes."""
    if not master.round.settings.mail.city:
        raise JobError(
            "台账“设置”里没有填“市级邮箱”，不知道报到哪里。请填好、保存、关闭，再运行一次"
        )
    if not master.round.plan.addressee:
        raise JobError("台账“设置”里没有填“主送机关”，不知道报给谁。请填好、保存、关闭，再运行一次")


def _approval(workspace: Workspace, ledger: Ledger) -> Run:
    """The approval that holds, whose files are as they were; raises JobError."""
    course = ledger.course(str(workspace.period))
    approval = course.approval
    if approval is None:
        raise JobError(
            f"{workspace.period.label}{course.words}，没有定稿，不能上报。"
            "看过汇总表以后，运行 fzzf approve --by 姓名（Excel 里点“定稿”），再上报"
        )
    if ledger.breaks:
        raise JobError(
            f"档案里的记录不完整，不能确认定稿的就是要报的，没有上报：{ledger.notices[0]}。"
            "请运行 fzzf verify 看缺了什么，从备份拿回来"
        )
    if changed := find_changed(workspace, approval):
        raise JobError(
            f"定稿以后被改过或不在了：{'、'.join(changed)}，没有上报。"
            f"要报定稿的，取回：fzzf restore --run {approval.number}；"
            "要报改过的，先 fzzf reopen --reason 原因，改台账、汇总、再定稿"
        )
    return approval


def _as_approved(workspace: Workspace, approval: Run) -> Master:
    """The master as it was approved, whatever stands in its place now; raises JobError."""
    path = workspace.master
    kept = find_state(workspace.archive, path, approval.after)
    if kept is None:
        raise JobError("“档案/备份”里没有定稿时的台账，或者那份备份已被改动，不能写上报的信")
    return read_master(workspace, FileBook(path, kept.read_bytes()))


def _goes_up(workspace: Workspace, name: str) -> bool:
    return (workspace.folder / name).parent == workspace.upward


def _facts(standing: Standing, summary: Attachment) -> Mapping[str, object]:
    counts, edition = standing.statuses, standing.course.edition
    return {
        "as_of": say_date(standing.as_of),
        "imprint": shown_imprint(summary.data),
        "correcting": f"（更正，第{edition.number}版）" if edition.number > 1 else "",
        "reason": edition.reason,
        "expected": len(standing.units),
        "reported": len(standing.units) - len(standing.missing),
        "missing": len(standing.missing),
        "completeness": f"{standing.completeness:.1%}",
        "timeliness": f"{standing.timeliness:.1%}",
        "records": len(standing.assessments),
        "statuses": "、".join(f"{status}{counts[status]}项" for status in Status),
    }
