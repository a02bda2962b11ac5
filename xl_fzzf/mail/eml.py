"""Internet mail (.eml): who sent it, what is attached, and whether a machine wrote it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from email import policy
from email.message import Message
from email.parser import BytesParser
from email.utils import parsedate_to_datetime

from xl_fzzf.mail.header_text import file_name, header_text, raw_header, sender_address
from xl_fzzf.mail.parcel import Bounce, Enclosure, Machine, Parcel, Room

_REPORTERS = ("mailer-daemon@", "postmaster@")
_LISTS = ("bulk", "list", "junk", "auto_reply")
_FORGED = re.compile(r"\bdmarc\s*=\s*fail", re.IGNORECASE)
_MOST_HEADERS = 2000
_BROKEN = "邮件内容不完整或不正常,没有拆开,请人工打开"


def read_eml(data: bytes) -> Parcel:
    """Take a mail apart; a mail that can't be is a parcel with a fault."""
    try:
        mail = BytesParser(policy=policy.compat32).parsebytes(data)
        if not mail.keys() or len(mail.keys()) > _MOST_HEADERS:
            return Parcel(is_mail=True, fault="不是邮件文件")
        machine = machine_of(mail)
        room = Room()
        if machine is not Machine.BOUNCE:
            _add_parts(room, mail, ())
        return Parcel(
            is_mail=True,
            message_id=_text(mail, "Message-ID"),
            sender=sender_address(mail),
            subject=_text(mail, "Subject"),
            sent=_text(mail, "Date"),
            arrived=_arrived(mail),
            machine=machine,
            suspect=suspicion(mail),
            enclosures=tuple(room.enclosures),
            bounces=tuple(_bounces(mail)) if machine is Machine.BOUNCE else (),
        )
    except (RecursionError, ValueError, LookupError, TypeError, AttributeError):
        return Parcel(is_mail=True, fault=_BROKEN)


def add_nested(room: Room, enclosure: Enclosure) -> None:
    """Add the files of a mail that was attached as .eml."""
    try:
        mail = BytesParser(policy=policy.compat32).parsebytes(enclosure.data)
        _add_parts(room, mail, (*enclosure.within, enclosure.name))
    except (RecursionError, ValueError, LookupError, TypeError, AttributeError):
        room.add(Enclosure(enclosure.name, enclosure.data, enclosure.within, fault=_BROKEN))


def _add_parts(room: Room, mail: Message, within: tuple[str, ...]) -> None:
    from xl_fzzf.mail.opening import add_file

    for part in _leaves(mail):
        name = file_name(part)
        if part.get_content_type() == "message/rfc822":
            inner = part.get_payload(0) if part.is_multipart() else None
            title = name or f"{_text(inner, 'Subject') if isinstance(inner, Message) else ''}.eml"
            if isinstance(inner, Message):
                add_file(room, Enclosure(_eml_name(title), inner.as_bytes(), within))
            continue
        disposition = part.get_content_disposition()
        if not name and disposition != "attachment" and part.get_content_maintype() == "text":
            continue  # the body
        payload = part.get_payload(decode=True)
        data = payload if isinstance(payload, bytes) else b""
        inline = disposition == "inline" or ("Content-ID" in part and disposition != "attachment")
        add_file(room, Enclosure(name or _nameless(part), data, within, inline))


def _leaves(mail: Message) -> Iterator[Message]:
    """Every part that holds content; a mail within a mail is one of them."""
    if mail.is_multipart() and mail.get_content_maintype() != "message":
        payload = mail.get_payload()
        for part in payload if isinstance(payload, list) else ():
            if isinstance(part, Message):
                yield from _leaves(part)
    else:
        yield mail


def _eml_name(title: str) -> str:
    return title if title.lower().endswith(".eml") else f"{title}.eml"


def _nameless(part: Message) -> str:
    return f"无名附件.{part.get_content_subtype()}"


def machine_of(mail: Message) -> Machine:
    """Whether a machine wrote a mail (RFC 3834, RFC 3464, and what programs do in their place)."""
    reports = mail.get_content_type() == "multipart/report"
    sender = sender_address(mail).lower()
    if reports or sender.startswith(_REPORTERS):
        return Machine.BOUNCE
    automatic = _text(mail, "Auto-Submitted").partition(";")[0].strip().lower()
    replies = any(name in mail for name in ("X-Autoreply", "X-Autorespond", "X-QQ-Auto-Reply"))
    if automatic not in ("", "no") or replies:
        return Machine.REPLY
    return Machine.LIST if _text(mail, "Precedence").lower() in _LISTS else Machine.NONE


def suspicion(mail: Message) -> str:
    """What our own server found against the sender's name, "" if nothing."""
    results = raw_header(mail, "Authentication-Results")
    forged = _FORGED.search(results)
    return "邮件服务器没有核实发件人(DMARC 不通过),可能是冒名" if forged else ""


def _bounces(mail: Message) -> Iterator[Bounce]:
    """Whom a letter of ours did not reach, as the report says (RFC 3464)."""
    original, failed = "", []
    for part in mail.walk():
        kind = part.get_content_type()
        if kind == "message/rfc822" or kind == "text/rfc822-headers":
            payload = part.get_payload(0) if part.is_multipart() else None
            inner = payload if isinstance(payload, Message) else _headers_of(part)
            original = original or _text(inner, "Message-ID")
        elif "Final-Recipient" in part:
            address = _text(part, "Final-Recipient").rpartition(";")[2].strip()
            reason = _text(part, "Diagnostic-Code") or _text(part, "Status")
            if _text(part, "Action").lower() == "failed":
                failed.append((address, reason[:300]))
    for address, reason in failed:
        yield Bounce(original, address, reason)


def _headers_of(part: Message) -> Message:
    payload = part.get_payload(decode=True)
    data = payload if isinstance(payload, bytes) else b""
    return BytesParser(policy=policy.compat32).parsebytes(data, headersonly=True)


def _arrived(mail: Message) -> datetime | None:
    """When the receiver's server took the mail in: the topmost Received line, which no sender can write."""
    try:
        moment = parsedate_to_datetime(raw_header(mail, "Received").rpartition(";")[2].strip())
    except (ValueError, TypeError, IndexError):
        return None
    return moment if moment.tzinfo else None


def _text(mail: Message, name: str) -> str:
    return header_text(raw_header(mail, name)).strip()
