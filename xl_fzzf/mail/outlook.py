"""What is Outlook's own: mails as .msg, winmail.dat with the attachments packed in it, drafts in Outlook itself."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import replace
from email import policy
from email.parser import BytesParser
from pathlib import Path
from typing import TYPE_CHECKING, Any

from xl_fzzf.mail.attachment import DEEPEST, Attachment
from xl_fzzf.mail.errors import MailError
from xl_fzzf.mail.header_text import decoded
from xl_fzzf.mail.incoming import Mail, described

if TYPE_CHECKING:
    from oxmsg import Message

TNEF = b"\x78\x9f\x3e\x22"
"""How a winmail.dat begins."""

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_MARK = "__properties_version1.0".encode("utf-16-le")
_SHORT_NAME, _DISPLAY_NAME, _DELIVERED, _SENDER_SMTP = 0x3704, 0x3001, 0x0E06, 0x5D01
_SENDER = 0x0C1F
_EMBEDDED = "__substg1.0_3701000D"
_MAIL_ITEM = 0


def is_msg(data: bytes) -> bool:
    """Whether bytes are an Outlook message (and no old workbook, which begins alike)."""
    return data.startswith(_OLE) and _MARK in data


def load_msg(data: bytes) -> Message:
    """A .msg file opened; raises whatever the library stumbles over in it."""
    from oxmsg import Message

    return Message.load(data)


def msg_described(message: Message) -> Mail:
    """What a .msg tells of itself: by its Internet headers, if it has any, and Outlook's own properties."""
    headers = message._message_headers
    mail = described(headers)
    return replace(
        mail,
        sender=mail.sender if "From" in headers else _sender(message),
        subject=message.subject,
        sent=str(headers.get("Date") or message.sent_date or ""),
        arrived=message.properties.date_prop_value(_DELIVERED),
    )


def _sender(message: Message) -> str:
    """From Outlook's own properties; inside Exchange the plain address stands apart."""
    found = (message.properties.str_prop_value(code) for code in (_SENDER_SMTP, _SENDER))
    return next((address for address in found if address and "@" in address), "")


def msg_attachments(message: Message, within: tuple[str, ...] = ()) -> Iterator[Attachment]:
    """The files in a .msg, with those of mails that are attached as objects, which are no files."""
    from oxmsg import Message as Embedded

    attachment: Any  # of whose parts the library types few
    for attachment in message.attachments:
        storages, name = attachment._storage.storages, _msg_name(attachment)
        inner = next((storage for storage in storages if storage.name == _EMBEDDED), None)
        if inner is not None and len(within) < DEEPEST:
            yield from msg_attachments(Embedded(inner), (*within, name or "转发的邮件"))
            continue
        data = attachment.file_bytes
        fault = "" if data is not None else "附件不在邮件里（只是一个链接），请对方重发"
        yield Attachment(name, data or b"", within, fault=fault)


def _msg_name(attachment: Any) -> str:
    properties = attachment.properties
    names = (properties.str_prop_value(code) for code in (_SHORT_NAME, _DISPLAY_NAME))
    return attachment.file_name or next((name for name in names if name), "")


def tnef_attachments(data: bytes) -> list[Attachment]:
    """The files in a winmail.dat; raises whatever the bytes make the library raise."""
    from tnefparse import TNEF

    found = TNEF(data, do_checksum=False).attachments
    return [Attachment(_tnef_name(file), bytes(file.data)) for file in found]


def _tnef_name(attachment: Any) -> str:
    """The long name; the library keeps the short one as the bytes that Outlook wrote (GBK, say)."""
    try:
        name = attachment.long_filename()
    except UnicodeDecodeError:
        name = attachment._name
    text = decoded(name, "utf-8") if isinstance(name, bytes) else str(name)
    return text.strip("\x00")


def save_in_outlook(drafts: Sequence[Path]) -> int:
    """Save drafts into Outlook's folder 草稿; returns how many. Raises MailError without Outlook.

    Not yet run on Windows: docs/excel-checklist.md.
    """
    if sys.platform != "win32":
        raise MailError(
            "只有装了 Outlook 的 Windows 电脑才能存为 Outlook 草稿；草稿文件已经生成，可直接打开"
        )
    try:
        from win32com.client import Dispatch

        application = Dispatch("Outlook.Application")
    except Exception as error:  # COM raises its own
        raise MailError("没有找到 Outlook；草稿文件已经生成，可用 Foxmail 等打开") from error
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
