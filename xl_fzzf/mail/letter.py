"""Letters: what goes to whom, before it becomes a message, and how attachments are spread over several."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace

from xl_fzzf.mail.attachment import Attachment

_ENCODED = 1.37
"""Bytes on the wire for a byte of an attachment: base64 with its line ends."""
_OTHERS = 64 << 10
"""Bytes that text and headers need at most."""


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
        return hashlib.sha256(words.encode("utf-8", "replace")).hexdigest()[:32]


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
    count = len(groups)
    if count == 1:
        return [replace(letter, attachments=groups[0])]
    return [
        replace(
            letter,
            identity=f"{letter.identity}\n{number}/{count}",
            title=f"{letter.title} {number}",
            subject=f"{letter.subject}\uff08{number}/{count}\uff09",
            attachments=group,
        )
        for number, group in enumerate(groups, 1)
    ]
