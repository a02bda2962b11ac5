"""Outlook's .msg files."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from xl_fzzf.mail.header_text import sender_address
from xl_fzzf.mail.parcel import Enclosure, Parcel, Room

if TYPE_CHECKING:
    from oxmsg import Message

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_MARK = "__properties_version1.0".encode("utf-16-le")
_SHORT_NAME, _DISPLAY_NAME, _DELIVERED, _SENDER_SMTP = 0x3704, 0x3001, 0x0E06, 0x5D01
_SENDER = 0x0C1F
_EMBEDDED = "__substg1.0_3701000D"


def is_msg(data: bytes) -> bool:
    """Whether bytes are an Outlook message (and no old workbook, which begins alike)."""
    return data.startswith(_OLE) and _MARK in data


def read_msg(data: bytes) -> Parcel:
    """Take a .msg file apart."""
    from oxmsg import Message

    from xl_fzzf.mail.eml import machine_of, suspicion

    room = Room()
    try:
        message = Message.load(data)
        _add_attachments(room, message, ())
        headers = message._message_headers
        return Parcel(
            is_mail=True,
            message_id=str(headers.get("Message-ID", "")).strip(),
            sender=sender_address(headers) if "From" in headers else _sender(message),
            subject=message.subject,
            sent=str(headers.get("Date") or message.sent_date or ""),
            arrived=message.properties.date_prop_value(_DELIVERED),
            machine=machine_of(headers),
            suspect=suspicion(headers),
            enclosures=tuple(room.enclosures),
        )
    except Exception as error:  # the library asserts and unpacks what it finds
        return Parcel(
            is_mail=True,
            fault=f".msg 文件读不出来({type(error).__name__}),请在 Outlook 里另存为 .eml 后再收",
        )


def _sender(message: Message) -> str:
    """From Outlook's own properties; inside Exchange the plain address stands apart."""
    found = (message.properties.str_prop_value(code) for code in (_SENDER_SMTP, _SENDER))
    return next((address for address in found if address and "@" in address), "")


def add_msg(room: Room, enclosure: Enclosure) -> None:
    """Add the files of a mail that was attached as .msg."""
    from oxmsg import Message

    within = (*enclosure.within, enclosure.name)
    try:
        _add_attachments(room, Message.load(enclosure.data), within)
    except Exception as error:
        reason = f"附带的 .msg 邮件读不出来({type(error).__name__}),请人工打开"
        room.add(Enclosure(enclosure.name, enclosure.data, enclosure.within, fault=reason))


def _add_attachments(room: Room, message: Message, within: tuple[str, ...]) -> None:
    from oxmsg import Message as Embedded

    from xl_fzzf.mail.opening import add_file

    for attachment in message.attachments:
        inner = _storage(attachment)
        name = _name(attachment)
        if inner is not None and len(within) < 5:
            _add_attachments(room, Embedded(inner), (*within, name or "转发的邮件"))
            continue
        data = attachment.file_bytes
        fault = "" if data is not None else "附件不在邮件里(只是一个链接),请对方重发"
        enclosure = Enclosure(name, data or b"", within, fault=fault)
        if fault:
            room.add(enclosure)
        else:
            add_file(room, enclosure)


def _storage(attachment: Any) -> Any:
    """A mail that is attached as an object, not as a file."""
    storages = attachment._storage.storages
    return next((storage for storage in storages if storage.name == _EMBEDDED), None)


def _name(attachment: Any) -> str:
    properties = attachment.properties
    names = (properties.str_prop_value(code) for code in (_SHORT_NAME, _DISPLAY_NAME))
    return attachment.file_name or next((name for name in names if name), "")
