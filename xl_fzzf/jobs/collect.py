"""collect: take returns out of mails, folders and archives into 报送, each with its sender and time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from xl_fzzf.archive.ledger import Ledger
from xl_fzzf.archive.originals import fingerprint, keep_original
from xl_fzzf.desk.errors import JobError
from xl_fzzf.desk.lock import only_run
from xl_fzzf.desk.mail.envelopes import Envelope, Opener, from_mailbox, from_paths
from xl_fzzf.desk.mail.filing import Filing
from xl_fzzf.desk.master import Master, open_master
from xl_fzzf.desk.readers import Readers
from xl_fzzf.mail.errors import UnreachableError
from xl_fzzf.mail.imap import opened
from xl_fzzf.mail.incoming import Machine, Mail
from xl_fzzf.mail.outbox import Outbox
from xl_fzzf.mail.server import read_password
from xl_fzzf.model.characters import one_line
from xl_fzzf.model.collected import Collected, Fate, Filed

_BACK = timedelta(days=60)
"""How far back a mailbox is looked through unless told otherwise."""
_IGNORED = (Machine.REPLY, Machine.BOUNCE)


@dataclass(slots=True)
class Collection:
    """What was collected; `known` counts mails that were collected before.

    `trouble` says why it stopped early, "" if it did not; `notices` are about the archive.
    """

    items: list[Collected] = field(default_factory=list)
    known: int = 0
    trouble: str = ""
    notices: Sequence[str] = ()

    @property
    def counts(self) -> Counter[Fate]:
        """How many files met which fate."""
        return Counter(filed.fate for item in self.items for filed in item.files)

    @property
    def clean(self) -> bool:
        """Nothing waits for a person."""
        asking = any(item.note or any(filed.open for filed in item.files) for item in self.items)
        return not (self.trouble or asking)


def collect(path: Path, paths: Sequence[Path], now: datetime) -> Collection:
    """Collect from files, folders and archives; raises JobError where one is not there."""
    with _collector(open_master(path, writing=False), now) as collector:
        return collector.run(from_paths(paths))


def collect_mailbox(
    path: Path, now: datetime, since: date | None = None, marking: bool = False
) -> Collection:
    """Collect what is new in the mailbox of 设置; with `marking` what is safe is flagged as read.

    Raises JobError without the settings, MailError where the server can't be used.
    """
    master = open_master(path, writing=False)
    mail = master.round.settings.mail
    if not (mail.sender and mail.imap):
        raise JobError("要收邮箱，先在台账“设置”里填好“发件邮箱”和“IMAP 服务器”，保存、关闭后再试")
    password = read_password(mail.sender)
    with (
        _collector(master, now) as collector,
        opened(mail.imap, mail.sender, password, marking) as mailbox,
    ):
        day = since or (now - _BACK).date()
        return collector.run(from_mailbox(mailbox, day, collector.known, marking))


@contextmanager
def _collector(master: Master, now: datetime) -> Iterator[_Collector]:
    with only_run(master.workspace), Opener() as opener, Readers() as readers:
        ledger = Ledger(master.workspace.archive)
        yield _Collector(Filing(master, readers), ledger, opener, now)


class _Collector:
    def __init__(self, filing: Filing, ledger: Ledger, opener: Opener, now: datetime) -> None:
        self._filing, self._ledger, self._opener = filing, ledger, opener
        self._now = now.astimezone()
        self.known = ledger.collected()
        self._hashes = {item.sha256 for item in self.known if item.is_mail}

    def run(self, envelopes: Iterable[Envelope]) -> Collection:
        """Collect all that came in; where the connection breaks, what came before is safe."""
        collection = Collection()
        try:
            for envelope in envelopes:
                self._take(envelope, collection)
        except UnreachableError as error:
            collection.trouble = str(error)
        collection.notices = tuple(self._ledger.notices)
        return collection

    def _take(self, envelope: Envelope, collection: Collection) -> None:
        if envelope.fault:
            item = self._described(envelope, Mail(is_mail=False))
            collection.items.append(replace(item, note=envelope.fault))
            return
        sha256 = fingerprint(envelope.data)
        if sha256 in self._hashes:  # the mail from elsewhere, or a flag that was not set in time
            collection.known += 1
        else:
            item = self._open(envelope, sha256)
            self._ledger.write_collected(item)
            self._hashes |= {sha256} if item.is_mail else set()
            collection.items.append(item)

    def _open(self, envelope: Envelope, sha256: str) -> Collected:
        mail = self._opener.open(envelope.name, envelope.data)
        item = replace(self._described(envelope, mail), sha256=sha256)
        workspace = self._filing.workspace
        if mail.is_mail:
            keep_original(workspace.archive, sha256, Path(envelope.name).suffix, envelope.data)
        if mail.machine in _IGNORED:
            self._note_bounces(mail, workspace.outbox)
            return replace(item, note=f"{mail.machine}，没有收取附件")
        moment = self._moment(envelope, mail)
        files = tuple(self._filing.put(file, mail, moment) for file in mail.attachments)
        return replace(item, note=mail.fault or _shortfall(files, mail.is_mail), files=files)

    def _described(self, envelope: Envelope, mail: Mail) -> Collected:
        """What came in, before anything is known of its files."""
        unit = self._filing.sender(mail)
        return Collected(
            key=envelope.key,
            sha256="",
            message_id=one_line(mail.message_id),
            sender=mail.sender,
            unit=unit.name if unit else "",
            subject=one_line(mail.subject) or envelope.name,
            sent=one_line(mail.sent),
            arrived=self._moment(envelope, mail).replace(microsecond=0),
            collected=self._now.replace(microsecond=0),
            is_mail=mail.is_mail,
        )

    def _moment(self, envelope: Envelope, mail: Mail) -> datetime:
        """When it came in by our server's clock, never the sender's; not later than now."""
        moment = (None if envelope.timed else mail.arrived) or envelope.arrived
        aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        return min(aware, self._now).astimezone()

    def _note_bounces(self, mail: Mail, file: Path) -> None:
        if mail.bounces and file.exists():
            with Outbox.opened(file) as outbox:
                for bounce in mail.bounces:
                    reason = f"退信：{one_line(bounce.reason)}"
                    outbox.bounce(bounce.message_id, bounce.recipient, reason, self._now)


def _shortfall(files: Sequence[Filed], mailed: bool) -> str:
    """What a mail lacks, "" if it brought a return."""
    if not mailed or any(filed.place.startswith(("报送", "待确认")) for filed in files):
        return ""
    return "没有附件" if not files else "附件里没有填报表（要 Excel 或 WPS 表格，不要扫描件、照片）"
