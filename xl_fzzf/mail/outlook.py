"""Drafts in Outlook itself. Not yet run on Windows: docs/excel-checklist.md."""

from __future__ import annotations

import sys
import tempfile
from email import policy
from email.parser import BytesParser
from pathlib import Path
from typing import Any

from xl_fzzf.mail.errors import MailError

_MAIL_ITEM = 0


def save_in_outlook(drafts: list[Path]) -> int:
    """Save drafts into Outlook's folder 草稿; returns how many. Raises MailError without Outlook."""
    if sys.platform != "win32":
        raise MailError(
            "只有装了 Outlook 的 Windows 电脑才能存为 Outlook 草稿;草稿文件已经生成,可直接打开"
        )
    try:
        from win32com.client import Dispatch

        application = Dispatch("Outlook.Application")
    except Exception as error:  # COM raises its own
        raise MailError("没有找到 Outlook;草稿文件已经生成,可用 Foxmail 等打开") from error
    for draft in drafts:
        save_draft(application, draft.read_bytes())
    return len(drafts)


def save_draft(application: Any, data: bytes) -> None:
    """Save one draft through Outlook's object model."""
    mail = BytesParser(policy=policy.default).parsebytes(data)
    html = mail.get_body(("html",))
    item = application.CreateItem(_MAIL_ITEM)
    item.To = "; ".join(a.addr_spec for a in mail["To"].addresses) if mail["To"] else ""
    item.Subject = str(mail["Subject"])
    item.HTMLBody = html.get_content() if html else ""
    with tempfile.TemporaryDirectory() as folder:
        for number, part in enumerate(mail.iter_attachments()):
            place = Path(folder) / str(number)
            place.mkdir()
            file = place / Path(part.get_filename("附件")).name
            file.write_bytes(part.get_content())
            item.Attachments.Add(str(file))
        item.Save()
