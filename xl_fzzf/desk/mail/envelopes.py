"""What comes in, unopened: files, folders and archives that were given, or a mailbox; and who opens it.

It is opened in a worker process, limited in time and memory like those in which returns are read.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from xl_fzzf.desk.errors import JobError
from xl_fzzf.desk.workers import Cost, WorkerError, Workers
from xl_fzzf.desk.workspace import received_files
from xl_fzzf.mail.attachment import Attachment
from xl_fzzf.mail.imap import LARGEST, Mailbox
from xl_fzzf.mail.incoming import Bounce, Machine, Mail
from xl_fzzf.mail.opening import CRASHED, open_mail
from xl_fzzf.model.collected import Collected

SECONDS = 30
_FAULTS = {
    Cost.SLOW: f"拆了 {SECONDS} 秒还没有拆完，内容不正常，请人工打开",
    Cost.CRASHED: CRASHED,
    Cost.BIG: "展开后太大，请人工打开",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """Something that came in. `key` names it for good.

    `fault` says why there are no bytes; `timed` is true where `arrived` is our own server's time.
    """

    key: str
    name: str
    data: bytes = b""
    arrived: datetime
    fault: str = ""
    timed: bool = False


def from_paths(paths: Iterable[Path]) -> Iterator[Envelope]:
    """Files as given, and all files in folders; links and devices are not opened.

    Raises JobError where one is not there.
    """
    for path in paths:
        if path.is_dir():
            for file, reason in received_files(path):
                yield _from_file(file, reason)
        elif path.exists():
            yield _from_file(path)
        else:
            raise JobError(f"找不到“{path}”，请核对文件名和所在文件夹")


def _from_file(path: Path, reason: str = "") -> Envelope:
    data, moment = b"", datetime.now(UTC)
    if not reason:
        try:
            found = path.stat()
            moment = datetime.fromtimestamp(found.st_mtime, UTC)
            if found.st_size > LARGEST:
                reason = f"有 {found.st_size >> 20} MB，太大，请人工处理"
            else:
                data = path.read_bytes()
        except OSError as error:
            reason = f"读不出来（{error.strerror or error}），可能正被占用，请关闭后再试"
    key = str(path.absolute())
    return Envelope(key=key, name=path.name, data=data, arrived=moment, fault=reason)


def from_mailbox(
    mailbox: Mailbox, since: date, known: Iterable[Collected], marking: bool
) -> Iterator[Envelope]:
    """The mails since a day that were not collected yet, each fetched when it is asked for.

    With `marking` one is flagged as read when the next is asked for: then its files are safe.
    """
    keys = {item.key for item in known}
    for mail in mailbox.waiting(since):
        fault = ""
        if mail.key not in keys:
            if mail.size > LARGEST:
                fault = f"有 {mail.size >> 20} MB，太大，没有取，请在邮箱里人工下载附件"
            yield Envelope(
                key=mail.key,
                name=f"邮件 {mail.uid}.eml",
                data=b"" if fault else mailbox.fetch(mail),
                arrived=mail.arrived,
                fault=fault,
                timed=True,
            )
        if (
            marking and not fault
        ):  # of those known, too: a run that ended early may not have come to it
            mailbox.mark(mail)


class Opener(Workers[Mail]):
    """The worker in which envelopes are opened, one at a time; use it as a context."""

    def __init__(self) -> None:
        super().__init__(Mail, (Attachment, Bounce, Machine), most=1)

    def open(self, name: str, data: bytes) -> Mail:
        """What is in a received file; one that can't be opened is a mail with a fault."""
        try:
            return self.begin(SECONDS, open_mail, name, data)()
        except WorkerError as error:
            if isinstance(error.__cause__, ModuleNotFoundError):
                raise error.__cause__ from error
            return Mail(fault=_FAULTS[error.cost])
