"""Where mail comes from: files, folders and archives that were given, or a mailbox."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path

from xl_fzzf.desk.errors import JobError
from xl_fzzf.desk.workspace import received_files
from xl_fzzf.mail.imap import LARGEST, Mailbox
from xl_fzzf.model.collected import Collected


def nothing_to_do() -> None:
    """For arrivals that need no mark."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """Something that came in. `key` names it for good; `done` is called when its files are safe.

    `fault` says why there are no bytes; `timed` is true where `arrived` is our own server's time.
    """

    key: str
    name: str
    data: bytes
    arrived: datetime
    fault: str = ""
    done: Callable[[], None] = nothing_to_do
    timed: bool = False


def from_paths(paths: Iterable[Path]) -> Iterator[Arrival]:
    """Files as given, and all files in folders; links and devices are not opened."""
    for path in paths:
        if path.is_dir():
            found = [(file, reason) for file, reason in received_files(path)]
        elif path.exists():
            found = [(path, "")]
        else:
            raise JobError(f"找不到“{path}”,请核对文件名和所在文件夹")
        for file, reason in found:
            yield _from_file(file, reason)


def _from_file(path: Path, reason: str) -> Arrival:
    data, moment = b"", datetime.now(UTC)
    if not reason:
        try:
            found = path.stat()
            moment = datetime.fromtimestamp(found.st_mtime, UTC)
            if found.st_size > LARGEST:
                reason = f"有 {found.st_size >> 20} MB,太大,请人工处理"
            else:
                data = path.read_bytes()
        except OSError as error:
            reason = f"读不出来({error.strerror or error}),可能正被占用,请关闭后再试"
    return Arrival(str(path.absolute()), path.name, data, moment, reason)


def from_mailbox(
    mailbox: Mailbox, since: date, known: Iterable[Collected], marking: bool
) -> Iterator[Arrival]:
    """The mails since a day that were not collected yet, each fetched when it is asked for."""
    keys = {item.key for item in known}
    for mail in mailbox.waiting(since):
        if mail.key in keys:
            if marking:  # a run that ended early may not have come to it
                mailbox.mark(mail)
            continue
        fault = ""
        if mail.size > LARGEST:
            fault = f"有 {mail.size >> 20} MB,太大,没有取,请在邮箱里人工下载附件"
        data = b"" if fault else mailbox.fetch(mail)
        done = partial(mailbox.mark, mail) if marking else nothing_to_do
        yield Arrival(mail.key, f"邮件 {mail.uid}.eml", data, mail.arrived, fault, done, timed=True)
