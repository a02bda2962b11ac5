"""Where mail lies in a workspace."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path

from xl_fzzf.desk.workspace import Workspace


class Kind(StrEnum):
    """A kind of letter: the name of its template and of its drafts' folder."""

    UPWARD = "报告"
    RETURNS = "分发"
    REMINDERS = "催报"
    CORRECTIONS = "退回"
    RECEIPTS = "回执"


def letters_folder(workspace: Workspace) -> Path:
    """发件: the period's drafts, a folder for each kind."""
    return workspace.folder / "发件" / str(workspace.period)


def outbox_file(workspace: Workspace) -> Path:
    """The outbox, one for all periods."""
    return workspace.folder / "发件" / "发件箱.sqlite"


def templates_folder(workspace: Workspace) -> Path:
    """模板/邮件: the office's own templates."""
    return workspace.folder / "模板" / "邮件"


def waiting_folder(workspace: Workspace) -> Path:
    """待确认: files that wait for the coordinator's word."""
    return workspace.folder / "待确认" / str(workspace.period)


def evidence_folder(workspace: Workspace) -> Path:
    """附件: what came with the returns."""
    return workspace.folder / "附件" / str(workspace.period)
