"""What `collect` took in: from whom, when, and what became of every file in it. The archive keeps it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from xl_fzzf.model.labelled import Labelled


class Fate(Labelled):
    """What became of a file that came in."""

    FILED = "filed", "已收"
    WAITING = "waiting", "待确认"
    EVIDENCE = "evidence", "附件"
    REPEATED = "repeated", "重复"
    INLINE = "inline", "正文图片"
    LEFT = "left", "未取出"


@dataclass(frozen=True, slots=True)
class Filed:
    """A file that came in: its hash, where it was put (below the workspace; "" for nowhere), and why."""

    name: str
    sha256: str
    size: int
    place: str
    fate: Fate
    reason: str = ""

    @property
    def open(self) -> bool:
        """Whether a person has to do something; of what came as evidence only what can't be opened."""
        unopened = self.fate is Fate.EVIDENCE and self.reason != ""
        return unopened or self.fate in (Fate.WAITING, Fate.LEFT)


@dataclass(frozen=True, slots=True, kw_only=True)
class Collected:
    """A mail, or (`is_mail` false) a file that was given. `key` is its place in the mailbox, or its path.

    `unit` is the name of the unit whose address `sender` is. `sent` is what the sender's clock says,
    `arrived` what our own server's says. `note` is what a person should know of it, "" if nothing.
    """

    key: str
    sha256: str
    message_id: str
    sender: str
    unit: str
    subject: str
    sent: str
    arrived: datetime
    collected: datetime
    is_mail: bool
    note: str = ""
    files: tuple[Filed, ...] = ()
