"""What a mail brought: who sent it, when it arrived, and every file in it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

MOST_FILES = 500
"""Files in one mail; what comes after them is listed as left out."""
MOST_BYTES = 256 << 20
"""Bytes of all files in one mail, unpacked."""
DEEPEST = 5
"""Mails in mails and archives in archives."""


class Machine(StrEnum):
    """Mail that no person wrote."""

    NONE = ""
    REPLY = "自动回复"
    BOUNCE = "退信"
    LIST = "群发或系统邮件"


@dataclass(frozen=True, slots=True)
class Enclosure:
    """A file in a mail. `within` names the mails and archives around it; `fault` says why it is not there."""

    name: str
    data: bytes
    within: tuple[str, ...] = ()
    inline: bool = False
    fault: str = ""


@dataclass(frozen=True, slots=True)
class Bounce:
    """A recipient whom a letter of ours did not reach."""

    message_id: str
    recipient: str
    reason: str


@dataclass(frozen=True, slots=True)
class Parcel:
    """A mail or another file taken apart. `sent` is what the sender's clock says, `arrived` what our server's says."""

    is_mail: bool = False
    message_id: str = ""
    sender: str = ""
    subject: str = ""
    sent: str = ""
    arrived: datetime | None = None
    machine: Machine = Machine.NONE
    suspect: str = ""
    enclosures: tuple[Enclosure, ...] = ()
    bounces: tuple[Bounce, ...] = ()
    fault: str = ""


@dataclass(slots=True)
class Room:
    """What a mail's files may still take up; `enclosures` are those that were found."""

    files: int = MOST_FILES
    size: int = MOST_BYTES
    enclosures: list[Enclosure] = field(default_factory=list)

    def add(self, enclosure: Enclosure) -> None:
        """Take a file in, or say in its place that there is no room for it."""
        self.files -= 1
        self.size -= len(enclosure.data)
        if self.files >= 0 and self.size >= 0:
            self.enclosures.append(enclosure)
        elif self.files >= -1:
            reason = "邮件里的文件太多或展开后太大,从这个文件起没有取出,请人工处理"
            self.enclosures.append(Enclosure(enclosure.name, b"", enclosure.within, fault=reason))
            self.files = -1
