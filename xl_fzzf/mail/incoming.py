"""Mail that came in (.eml): who sent it, what is attached, and whether a machine wrote it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from email import policy
from email.message import Message
from email.parser import BytesParser
from email.utils import parsedate_to_datetime
from enum import StrEnum

from xl_fzzf.mail.attachment import Attachment
from xl_fzzf.mail.header_text import file_name, header_text, raw_header, sender_address

_REPORTERS = ("mailer-daemon@", "postmaster@")
_LISTS = ("bulk", "list", "junk", "auto_reply")
_FORGED = re.compile(r"\bdmarc\s*=\s*fail", re.IGNORECASE)
_UNVERIFIED = "邮件服务器没有核实发件人（DMARC 不通过），可能是冒名"


class Machine(StrEnum):
    """Mail that no person wrote."""

    NONE = ""
    REPLY = "自动回复"
    BOUNCE = "退信"
    LIST = "群发或系统邮件"


@dataclass(frozen=True, slots=True)
class Bounce:
    """A recipient whom a letter of ours did not reach."""

    message_id: str
    recipient: str
    reason: str


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail, or (`is_mail` false) a file that was given in its place, taken apart.

    `sent` is what the sender's clock says, `arrived` what our server's says.
    """

    is_mail: bool = True
    message_id: str = ""
    sender: str = ""
    subject: str = ""
    sent: str = ""
    arrived: datetime | None = None
    machine: Machine = Machine.NONE
    suspect: str = ""
    attachments: tuple[Attachment, ...] = ()
    bounces: tuple[Bounce, ...] = ()
    fault: str = ""


def parse(data: bytes, headers_only: bool = False) -> Message:
    """A mail's headers and parts as they stand in it, nothing decoded."""
    return BytesParser(policy=policy.compat32).parsebytes(data, headersonly=headers_only)


def described(message: Message) -> Mail:
    """What a mail's headers tell, and, where it is one, its bounces; no attachments."""
    machine = _machine(message)
    # What our own server found against the sender's name.
    forged = _FORGED.search(raw_header(message, "Authentication-Results"))
    return Mail(
        message_id=_text(message, "Message-ID"),
        sender=sender_address(message),
        subject=_text(message, "Subject"),
        sent=_text(message, "Date"),
        arrived=_arrived(message),
        machine=machine,
        suspect=_UNVERIFIED if forged else "",
        bounces=tuple(_bounces(message)) if machine is Machine.BOUNCE else (),
    )


def attachments(message: Message) -> Iterator[Attachment]:
    """The files in a mail as they are attached; one that holds others is not opened."""
    for part in _leaves(message):
        name, disposition = file_name(part), part.get_content_disposition()
        if part.get_content_type() == "message/rfc822":
            inner = _inner(part)
            if inner is not None:
                name = name or f"{_text(inner, 'Subject')}.eml"
                ending = "" if name.lower().endswith(".eml") else ".eml"
                yield Attachment(f"{name}{ending}", inner.as_bytes())
        elif name or disposition == "attachment" or part.get_content_maintype() != "text":
            shown = "Content-ID" in part and disposition != "attachment"
            name = name or f"无名附件.{part.get_content_subtype()}"
            yield Attachment(name, _payload(part), inline=disposition == "inline" or shown)


def _leaves(message: Message) -> Iterator[Message]:
    """Every part that holds content; a mail within a mail is one of them."""
    if message.is_multipart() and message.get_content_maintype() != "message":
        payload = message.get_payload()
        for part in payload if isinstance(payload, list) else ():
            if isinstance(part, Message):
                yield from _leaves(part)
    else:
        yield message


def _inner(part: Message) -> Message | None:
    inner = part.get_payload(0) if part.is_multipart() else None
    return inner if isinstance(inner, Message) else None


def _payload(part: Message) -> bytes:
    payload = part.get_payload(decode=True)
    return payload if isinstance(payload, bytes) else b""


def _machine(message: Message) -> Machine:
    """Whether a machine wrote a mail (RFC 3834, RFC 3464, and what programs do in their place)."""
    reports = message.get_content_type() == "multipart/report"
    if reports or sender_address(message).lower().startswith(_REPORTERS):
        return Machine.BOUNCE
    automatic = _text(message, "Auto-Submitted").partition(";")[0].strip().lower()
    replies = any(name in message for name in ("X-Autoreply", "X-Autorespond", "X-QQ-Auto-Reply"))
    if automatic not in ("", "no") or replies:
        return Machine.REPLY
    return Machine.LIST if _text(message, "Precedence").lower() in _LISTS else Machine.NONE


def _bounces(message: Message) -> Iterator[Bounce]:
    """Whom a letter of ours did not reach, as the report says (RFC 3464)."""
    original, failed = "", []
    for part in message.walk():
        if part.get_content_type() in ("message/rfc822", "text/rfc822-headers"):
            inner = _inner(part) or parse(_payload(part), headers_only=True)
            original = original or _text(inner, "Message-ID")
        elif _text(part, "Action").lower() == "failed" and "Final-Recipient" in part:
            address = _text(part, "Final-Recipient").rpartition(";")[2].strip()
            failed.append((address, _text(part, "Diagnostic-Code") or _text(part, "Status")))
    for address, reason in failed:
        yield Bounce(original, address, reason[:300])


def _arrived(message: Message) -> datetime | None:
    """When the receiver's server took the mail in: the topmost Received line, which no sender can write."""
    try:
        line = raw_header(message, "Received").rpartition(";")[2].strip()
        moment = parsedate_to_datetime(line)
    except (ValueError, TypeError, IndexError):
        return None
    return moment if moment.tzinfo else None


def _text(message: Message, name: str) -> str:
    return header_text(raw_header(message, name)).strip()
