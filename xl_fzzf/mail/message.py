"""A letter as an RFC 5322 message: a draft that opens unsent, and the same ready to be sent."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from email import encoders, policy
from email.header import Header
from email.mime.base import MIMEBase
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from email.parser import BytesHeaderParser
from email.utils import format_datetime, getaddresses
from hashlib import sha256
from urllib.parse import quote

from xl_fzzf.mail.attachment import Attachment
from xl_fzzf.mail.letter import Letter
from xl_fzzf.model.address import is_address
from xl_fzzf.model.characters import one_line

# No folding of header lines that are folded already: file names must stay in one piece.
_WIRE = policy.compat32.clone(linesep="\r\n", max_line_length=None)
_TYPES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pdf": "application/pdf",
}
_PLAIN = re.compile(r"[A-Za-z0-9()_. -]+")
_UNSAFE = re.compile(r'["\\/;]')
"""Readers disagree on how these are escaped in a file name; some decode first and split at ; then."""
_HOST = "xl-fzzf.invalid"
_NOT_SENT = (b"x-unsent", b"bcc")
_SENT_BY_US = (b"date", b"message-id")


def build_draft(letter: Letter, sender: str) -> bytes:
    """The letter as an .eml file that mail programs open as an unsent draft; always the same bytes.

    Raises ValueError for a recipient or a sender that is no plain address.
    """
    for address in (*letter.to, *([sender] if sender else [])):
        if not is_address(address):
            raise ValueError(f"no address: {address!r}")
    mail = MIMEMultipart("mixed", boundary=f"=_{letter.mark}_m", policy=_WIRE)
    mail["X-Unsent"] = "1"
    if sender:
        mail["From"] = sender
    if letter.to:
        mail["To"] = ", ".join(letter.to)
    mail["Subject"] = Header(one_line(letter.subject), "utf-8").encode(linesep="\r\n")
    mail["Message-ID"] = f"<{letter.mark}@{sender.rpartition('@')[2] or _HOST}>"
    body = MIMEMultipart("alternative", boundary=f"=_{letter.mark}_b", policy=_WIRE)
    body.attach(_text(letter.text, "plain"))
    body.attach(_text(letter.html, "html"))
    mail.attach(body)
    for attachment in letter.attachments:
        mail.attach(_part(attachment))
    return mail.as_bytes()


def _text(text: str, kind: str) -> MIMEText:
    lines = text.encode("utf-8", "replace").decode().splitlines()
    return MIMEText("\r\n".join(lines), kind, "utf-8", policy=_WIRE)


def _part(attachment: Attachment) -> MIMEBase:
    name = _UNSAFE.sub("_", one_line(attachment.name))
    kind = _TYPES.get(name.rpartition(".")[2].lower(), "application/octet-stream")
    part = MIMEBase(*kind.split("/"), policy=_WIRE)
    part.set_payload(attachment.data)
    encoders.encode_base64(part)
    old, new = _file_names(name)
    part.replace_header("Content-Type", f'{kind};\r\n name="{old}"')
    extended = f";\r\n filename*=utf-8''{new}" if new else ""
    part["Content-Disposition"] = f'attachment;\r\n filename="{old}"{extended}'
    return part


def _file_names(name: str) -> tuple[str, str]:
    """A file name for old programs (RFC 2047, as Outlook and Foxmail write it) and by RFC 2231."""
    if _PLAIN.fullmatch(name):
        return name, ""
    words = Header(name, "utf-8", maxlinelen=70).encode(linesep="\r\n")
    return words, quote(name, safe="")


def recipients(data: bytes) -> list[str]:
    """Every address in a message's To, Cc and Bcc."""
    headers = BytesHeaderParser(policy=policy.compat32).parsebytes(data)
    fields = [str(value) for name in ("To", "Cc", "Bcc") for value in headers.get_all(name, [])]
    return list(dict.fromkeys(address for _, address in getaddresses(fields) if address))


def message_id(data: bytes) -> str:
    """A message's Message-ID; one made from its bytes where a mail program took it out."""
    headers = BytesHeaderParser(policy=policy.compat32).parsebytes(data)
    found = str(headers.get("Message-ID", "")).strip()
    if re.fullmatch(r"<[\x21-\x7e]{3,250}>", found):
        return found
    return f"<{sha256(data).hexdigest()[:32]}@{_HOST}>"


def ready_to_send(data: bytes, moment: datetime) -> bytes:
    """A draft as it goes over the wire: dated, no longer unsent, lines ended by CRLF, no Bcc."""
    identity = message_id(data)
    head, gap, body = re.sub(rb"\r\n|\r|\n", b"\r\n", data).partition(b"\r\n\r\n")
    dropped = (*_NOT_SENT, *_SENT_BY_US)
    fields = [
        field for field in _fields(head) if field.partition(b":")[0].strip().lower() not in dropped
    ]
    dated = format_datetime(moment.astimezone()).encode()
    fields += [b"Date: " + dated, b"Message-ID: " + identity.encode()]
    return b"\r\n".join(fields) + gap + body


def _fields(head: bytes) -> Iterator[bytes]:
    """The header's fields, each with the lines on which it goes on."""
    yield from re.split(rb"\r\n(?![ \t])", head.strip(b"\r\n"))
