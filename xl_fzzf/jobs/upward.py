"""The letter to the city: the summary and its PDF, with what they say."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from xl_fzzf.desk.errors import JobError
from xl_fzzf.desk.mail.drafting import Composer, Drafts, day_words, write_drafts
from xl_fzzf.desk.mail.places import Kind
from xl_fzzf.desk.master import open_master
from xl_fzzf.desk.printing import Printer
from xl_fzzf.desk.workspace import Workspace
from xl_fzzf.jobs.report import Report, report
from xl_fzzf.mail.letter import Attachment
from xl_fzzf.model.round import Standing
from xl_fzzf.model.status import Status


def report_upward(path: Path, as_of: date, today: date, printer: Printer | None) -> Report:
    """Make the summary that goes to the city; raises JobError, before any work, without 市级邮箱."""
    if not open_master(path, writing=False).round.settings.mail.city:
        raise JobError("台账“设置”里没有填“市级邮箱”,不知道报到哪里。请填好、保存、关闭,再运行一次")
    return report(path, as_of, today, printer)


def write_upward(path: Path, made: Report, today: date) -> Drafts:
    """Write a draft to the city about a report that `report_upward` made."""
    round_ = made.standing.round
    composer = Composer(Workspace.at(path), round_, Kind.UPWARD, today)
    files = [made.summary, *([made.printed.pdf] if made.printed.pdf else [])]
    attachments = tuple(Attachment(file.name, file.read_bytes()) for file in files)
    # A PDF holds the moment of its making: the summary alone says whether it is the same letter.
    letters = composer.compose(
        round_.plan.district,
        round_.settings.mail.city,
        attachments[0].sha256,
        _facts(made.standing),
        attachments,
    )
    return write_drafts(composer, letters)


def _facts(standing: Standing) -> dict[str, object]:
    counts = standing.statuses
    return {
        "as_of": day_words(standing.as_of),
        "expected": len(standing.units),
        "reported": len(standing.units) - len(standing.missing),
        "missing": len(standing.missing),
        "completeness": f"{standing.completeness:.1%}",
        "timeliness": f"{standing.timeliness:.1%}",
        "records": len(standing.assessments),
        "statuses": "、".join(f"{status}{counts[status]}项" for status in Status),
    }
