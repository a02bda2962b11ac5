"""collect: take returns out of mails, folders and archives into 报送, each with its sender and time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from xl_fzzf.archive.ledger import Ledger
from xl_fzzf.archive.originals import fingerprint, keep_original
from xl_fzzf.desk.errors import JobError
from xl_fzzf.desk.lock import only_run
from xl_fzzf.desk.mail.arrivals import Arrival, from_mailbox, from_paths
from xl_fzzf.desk.mail.filing import Filing, Sender
from xl_fzzf.desk.mail.opening import Opener, opener
from xl_fzzf.desk.mail.places import outbox_file
from xl_fzzf.desk.master import Master, open_master
from xl_fzzf.desk.readers import Readers
from xl_fzzf.mail.errors import UnreachableError
from xl_fzzf.mail.imap import opened
from xl_fzzf.mail.letter import one_line
from xl_fzzf.mail.outbox import Outbox
from xl_fzzf.mail.parcel import Machine, Parcel
from xl_fzzf.mail.password import read_password
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
        raise JobError("要收邮箱,先在台账“设置”里填好“发件邮箱”和“IMAP 服务器”,保存、关闭后再试")
    password = read_password(mail.sender)
    with (
        _collector(master, now) as collector,
        opened(mail.imap, mail.sender, password, marking) as mailbox,
    ):
        day = since or (now - _BACK).date()
        return collector.run(from_mailbox(mailbox, day, collector.known, marking))


@contextmanager
def _collector(master: Master, now: datetime) -> Iterator[_Collector]:
    with (
        only_run(master.workspace),
        opener() as open_,
        Readers() as readers,
    ):
        ledger = Ledger(master.workspace.archive)
        yield _Collector(master, ledger, open_, readers, now)


class _Collector:
    def __init__(
        self, master: Master, ledger: Ledger, open_: Opener, readers: Readers, now: datetime
    ) -> None:
        self._master, self._opener, self._now = master, open_, now.astimezone()
        self._filing = Filing(master, readers)
        self._ledger = ledger
        self.known = ledger.collected()
        self._hashes = {item.sha256 for item in self.known if item.is_mail}

    def run(self, arrivals: Iterable[Arrival]) -> Collection:
        """Collect all arrivals; where the connection breaks, what came before is safe."""
        collection = Collection()
        try:
            for arrival in arrivals:
                self._take(arrival, collection)
        except UnreachableError as error:
            collection.trouble = str(error)
        collection.notices = tuple(self._ledger.notices)
        return collection

    def _take(self, arrival: Arrival, collection: Collection) -> None:
        sha256 = fingerprint(arrival.data)
        if arrival.fault:
            item = self._item(arrival, "", Parcel(), Sender(), arrival.fault, ())
            collection.items.append(item)
            return
        if sha256 in self._hashes:  # the mail from elsewhere, or a flag that was not set in time
            collection.known += 1
            arrival.done()
            return
        item = self._open(arrival, sha256)
        self._ledger.write_collected(item)
        self._hashes |= {sha256} if item.is_mail else set()
        collection.items.append(item)
        arrival.done()

    def _open(self, arrival: Arrival, sha256: str) -> Collected:
        parcel = self._opener.open(arrival.name, arrival.data)
        if parcel.is_mail:
            suffix = Path(arrival.name).suffix
            keep_original(self._master.workspace.archive, sha256, suffix, arrival.data)
        sender = (
            self._filing.sender(parcel.sender, parcel.suspect)
            if parcel.is_mail
            else Sender(vouched=True)
        )
        files: tuple[Filed, ...] = ()
        if parcel.machine in _IGNORED:
            note = f"{parcel.machine},没有收取附件"
            self._note_bounces(parcel)
        else:
            moment = self._moment(parcel, arrival)
            files = tuple(self._filing.put(file, sender, moment) for file in parcel.enclosures)
            note = parcel.fault or _shortfall(files, parcel.is_mail)
        return self._item(arrival, sha256, parcel, sender, note, files)

    def _item(
        self,
        arrival: Arrival,
        sha256: str,
        parcel: Parcel,
        sender: Sender,
        note: str,
        files: tuple[Filed, ...],
    ) -> Collected:
        return Collected(
            key=arrival.key,
            sha256=sha256,
            message_id=one_line(parcel.message_id),
            sender=sender.address,
            unit=sender.unit.name if sender.unit else "",
            subject=one_line(parcel.subject) or arrival.name,
            sent=one_line(parcel.sent),
            arrived=self._moment(parcel, arrival).replace(microsecond=0),
            collected=self._now.replace(microsecond=0),
            is_mail=parcel.is_mail,
            note=note,
            files=files,
        )

    def _moment(self, parcel: Parcel, arrival: Arrival) -> datetime:
        """When it came in by our server's clock, never the sender's; not later than now."""
        moment = None if arrival.timed else parcel.arrived
        moment = moment or arrival.arrived
        aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        return min(aware, self._now).astimezone()

    def _note_bounces(self, parcel: Parcel) -> None:
        file = outbox_file(self._master.workspace)
        if not (parcel.bounces and file.exists()):
            return
        with Outbox.opened(file) as outbox:
            for bounce in parcel.bounces:
                reason = f"退信:{one_line(bounce.reason)}"
                outbox.bounce(bounce.message_id, bounce.recipient, reason, self._now)


def _shortfall(files: Sequence[Filed], mailed: bool) -> str:
    """What a mail lacks, "" if it brought a return."""
    if not mailed or any(filed.fate is not Fate.LEFT and _is_return(filed) for filed in files):
        return ""
    return "没有附件" if not files else "附件里没有填报表(要 Excel 或 WPS 表格,不要扫描件、照片)"


def _is_return(filed: Filed) -> bool:
    return filed.place.startswith(("报送", "待确认"))
