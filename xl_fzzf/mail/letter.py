"""A letter to a unit or to the city, and what it becomes: a draft that opens unsent, a message ready to go."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import datetime
from email import encoders, policy
from email.header import Header
from email.mime.base import MIMEBase
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from email.parser import BytesHeaderParser, BytesParser
from email.utils import format_datetime, getaddresses
from hashlib import sha256
from urllib.parse import quote

from xl_fzzf.mail.attachment import Attachment
from xl_fzzf.model.characters import one_line
from xl_fzzf.model.settings import is_address

_ENCODED = 1.37
"""Bytes on the wire for a byte of an attachment: base64 with its line ends."""
_OTHERS = 64 << 10
"""Bytes that text and headers need at most."""
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
_DROPPED = (b"x-unsent", b"bcc", b"date", b"message-id")
"""Headers that are not sent, or that sending writes anew."""


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter to one unit or to the city.

    `identity` is what makes it this letter and no other: two letters with the same one are never
    both sent. `title` names its draft.
    """

    identity: str
    title: str
    to: tuple[str, ...]
    subject: str
    text: str
    html: str
    attachments: tuple[Attachment, ...] = ()

    @property
    def mark(self) -> str:
        """A hash of the identity and the recipients: the left part of the Message-ID."""
        words = "\n".join((self.identity, *sorted(address.lower() for address in self.to)))
        return sha256(words.encode("utf-8", "replace")).hexdigest()[:32]


def wire_size(attachment: Attachment) -> int:
    """About how many bytes an attachment takes in a message."""
    return int(len(attachment.data) * _ENCODED) + 1024


def split_attachments(
    attachments: tuple[Attachment, ...], limit: int
) -> tuple[list[tuple[Attachment, ...]], tuple[Attachment, ...]]:
    """The attachments in groups that fit into messages of `limit` bytes, and those that fit into none."""
    room = limit - _OTHERS
    too_large = tuple(a for a in attachments if wire_size(a) > room)
    groups: list[list[Attachment]] = [[]]
    for attachment in attachments:
        if attachment in too_large:
            continue
        if sum(map(wire_size, groups[-1])) + wire_size(attachment) > room:
            groups.append([])
        groups[-1].append(attachment)
    return [tuple(group) for group in groups], too_large


def split_letter(letter: Letter, groups: list[tuple[Attachment, ...]]) -> list[Letter]:
    """One letter for each group of attachments, numbered where there are several."""
    if len(groups) == 1:
        return [replace(letter, attachments=groups[0])]
    return [
        replace(
            letter,
            identity=f"{letter.identity}\n{number}/{len(groups)}",
            title=f"{letter.title} {number}",
            subject=f"{letter.subject}\uff08{number}/{len(groups)}\uff09",
            attachments=group,
        )
        for number, group in enumerate(groups, 1)
    ]


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
    old, extended = name, ""
    if not _PLAIN.fullmatch(name):
        # For old programs by RFC 2047, as Outlook and Foxmail write it, and by RFC 2231.
        old = Header(name, "utf-8", maxlinelen=70).encode(linesep="\r\n")
        extended = f";\r\n filename*=utf-8''{quote(name, safe='')}"
    part.replace_header("Content-Type", f'{kind};\r\n name="{old}"')
    part["Content-Disposition"] = f'attachment;\r\n filename="{old}"{extended}'
    return part


def recipients(data: bytes) -> list[str]:
    """Every address in a message's To, Cc and Bcc."""
    headers = BytesHeaderParser(policy=policy.compat32).parsebytes(data)
    fields = [str(value) for name in ("To", "Cc", "Bcc") for value in headers.get_all(name, [])]
    return list(dict.fromkeys(address for _, address in getaddresses(fields) if address))


def attached(data: bytes) -> set[str]:
    """The hashes of the files that a draft carries."""
    parts = BytesParser(policy=policy.default).parsebytes(data).iter_attachments()
    return {sha256(part.get_content()).hexdigest() for part in parts}


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
    fields = re.split(rb"\r\n(?![ \t])", head.strip(b"\r\n"))  # a field may go on on further lines
    kept = [field for field in fields if field.partition(b":")[0].strip().lower() not in _DROPPED]
    dated = format_datetime(moment.astimezone()).encode()
    kept += [b"Date: " + dated, b"Message-ID: " + identity.encode()]
    return b"\r\n".join(kept) + gap + body
