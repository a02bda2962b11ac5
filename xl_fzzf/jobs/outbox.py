"""Send drafts: to whom 设置 allows, through the outbox, each to each recipient once."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from xl_fzzf.desk.errors import JobError
from xl_fzzf.desk.lock import only_run
from xl_fzzf.desk.mail.drafting import size_words
from xl_fzzf.desk.mail.places import Kind, letters_folder, outbox_file
from xl_fzzf.desk.master import Master
from xl_fzzf.mail.errors import UnreachableError
from xl_fzzf.mail.message import message_id, ready_to_send, recipients
from xl_fzzf.mail.outbox import Delivery, Outbox, State
from xl_fzzf.mail.password import read_password
from xl_fzzf.mail.smtp import Connection, connected
from xl_fzzf.model.address import is_address, is_allowed, split_addresses

_SENT_FOLDER = "已发送"
Allows = Callable[[str], bool]


@dataclass(frozen=True, slots=True)
class Plan:
    """A draft and what sending it would mean.

    `refused` are recipients that aren't allowed, `unsettled` those for whom a person must decide
    first whether it is sent again.
    """

    path: Path
    message_id: str
    recipients: tuple[str, ...]
    refused: tuple[str, ...]
    unsettled: tuple[str, ...] = ()
    fault: str = ""

    @property
    def ready(self) -> bool:
        """Whether sending it now would reach anybody."""
        return not self.fault and len(self.recipients) > len(self.unsettled)


@dataclass(slots=True)
class Dispatch:
    """What was or would be sent. `trouble` says why sending stopped, "" if it did not."""

    plans: list[Plan]
    sent: int = 0
    trouble: str = ""
    open: list[Delivery] = field(default_factory=list)

    @property
    def clean(self) -> bool:
        """Nothing was refused, failed or is in doubt."""
        faulty = any(plan.fault or plan.refused for plan in self.plans)
        waiting = any(delivery.state is not State.SENT for delivery in self.open)
        return not (faulty or waiting or self.trouble)


def find_drafts(master: Master, kind: str = "") -> list[Path]:
    """The period's drafts, of one kind or all, that lie ready; raises JobError for an unknown kind."""
    if kind and kind not in list(Kind):
        raise JobError(f"没有“{kind}”这种邮件,可用:{'、'.join(Kind)}")
    folder = letters_folder(master.workspace)
    return [
        draft
        for name in Kind
        if kind in ("", name)
        for draft in sorted((folder / name).glob("*.eml"))
    ]


def plan_dispatch(master: Master, drafts: Sequence[Path]) -> Dispatch:
    """What sending these drafts would do; nothing is sent."""
    with _opened(master) as outbox:
        return Dispatch(_plans(master, drafts, outbox))


def dispatch(
    master: Master, drafts: Sequence[Path], now: datetime, hurry: bool = False
) -> Dispatch:
    """Queue these drafts and send all that is due, also what earlier runs left.

    Raises JobError where 设置 lacks what sending needs, MailError where no server can be used; then
    everything stays queued.
    """
    mail = master.round.settings.mail
    if not (mail.sender and mail.smtp and mail.allowed):
        raise JobError(
            "要直接发送,先在台账“设置”里填好“发件邮箱”“SMTP 服务器”和“允许收件人”,保存、关闭后再试;"
            "也可以在 Outlook、Foxmail 里打开“发件”文件夹的草稿,人工发送"
        )
    allows = _allowed(master)
    password = read_password(mail.sender)
    with _opened(master) as outbox:
        result = Dispatch(_plans(master, drafts, outbox))
        for plan in result.plans:
            if not plan.fault:
                data = ready_to_send(plan.path.read_bytes(), now)
                title = f"{plan.path.parent.name}/{plan.path.stem}"
                outbox.add(plan.message_id, title, plan.recipients, data, now)
        if hurry:
            outbox.hurry(now)
        sender = _Sender(outbox, allows, mail.sender, now)
        result.trouble = sender.run(lambda: connected(mail.smtp, mail.sender, password))
        result.sent = sender.sent
        _put_away(result.plans, outbox)
        result.open = [d for d in outbox.deliveries() if d.state is not State.SENT]
    return result


class _Sender:
    """Empties the outbox as far as the server lets it."""

    def __init__(self, outbox: Outbox, allows: Allows, account: str, now: datetime) -> None:
        self._outbox, self._allows, self._account, self._now = outbox, allows, account, now
        self.sent = 0

    def run(self, connect: Callable[[], AbstractContextManager[Connection]]) -> str:
        """Send what is due; returns why it stopped early, "" if it did not."""
        pending = [
            (letter, [d.recipient for d in deliveries if self._allows(d.recipient)])
            for letter, deliveries in self._outbox.due(self._now).items()
        ]
        pending = [(letter, to) for letter, to in pending if to]
        while pending:
            try:
                with connect() as connection:
                    while pending and self._send(connection, *pending.pop(0)):
                        pass
            except UnreachableError as error:
                for letter, to in pending:
                    results = dict.fromkeys(to, (State.QUEUED, str(error)))
                    self._outbox.settle(letter, results, self._now)
                return str(error)
        return ""

    def _send(self, connection: Connection, letter: str, to: Sequence[str]) -> bool:
        """Send one letter; whether the connection can be used for another."""
        data = self._outbox.data(letter)
        if 0 < connection.largest < len(data):
            reason = (
                f"邮件有 {size_words(len(data))},服务器最大只收 {size_words(connection.largest)}"
            )
            self._outbox.settle(letter, dict.fromkeys(to, (State.FAILED, reason)), self._now)
            return True
        try:
            results = connection.address(self._account, to)
        except UnreachableError as error:
            self._outbox.settle(letter, dict.fromkeys(to, (State.QUEUED, str(error))), self._now)
            return False
        self._outbox.settle(letter, results, self._now)
        accepted = [recipient for recipient in to if recipient not in results]
        if not accepted:
            return True
        self._outbox.begin(letter, accepted, self._now)
        state, note = connection.transmit(data)
        self._outbox.settle(letter, dict.fromkeys(accepted, (state, note)), self._now)
        self.sent += len(accepted) if state is State.SENT else 0
        return state in (State.SENT, State.FAILED)


def _plans(master: Master, drafts: Sequence[Path], outbox: Outbox) -> list[Plan]:
    allows, limit = _allowed(master), master.round.settings.mail.limit << 20
    unsettled = {
        (delivery.message_id, delivery.recipient)
        for delivery in outbox.deliveries(State.FAILED, State.IN_DOUBT)
    }
    return [_plan(path, allows, limit, unsettled) for path in drafts]


def _plan(path: Path, allows: Allows, limit: int, unsettled: set[tuple[str, str]]) -> Plan:
    data = path.read_bytes()
    found = recipients(data)
    faulty = [address for address in found if not is_address(address)]
    refused = tuple(a for a in found if a not in faulty and not allows(a))
    accepted = tuple(a for a in found if a not in faulty and a not in refused)
    fault = ""
    if faulty:
        fault = f"收件人“{faulty[0]}”写法不对"
    elif not found:
        fault = "没有收件人(在“单位”表里填好邮箱,再写一次草稿)"
    elif not accepted:
        fault = "收件人都不在“设置”的“允许收件人”里"
    elif len(data) > limit:
        fault = f"邮件有 {size_words(len(data))},超过附件上限"
    identity = message_id(data)
    waiting = tuple(a for a in accepted if (identity, a.lower()) in unsettled)
    return Plan(path, identity, accepted, refused, waiting, fault)


def _allowed(master: Master) -> Allows:
    mail = master.round.settings.mail
    roster = {a for unit in master.round.plan.units for a in split_addresses(unit.email)}
    return lambda address: is_allowed(address, mail.allowed, roster)


def _put_away(plans: Sequence[Plan], outbox: Outbox) -> None:
    """Move drafts that went out to all their recipients, so that the folder shows what is left."""
    open_ = {
        delivery.message_id for delivery in outbox.deliveries() if delivery.state != State.SENT
    }
    for plan in plans:
        if plan.fault or plan.refused or plan.message_id in open_:
            continue
        folder = plan.path.parent / _SENT_FOLDER
        folder.mkdir(exist_ok=True)
        plan.path.replace(folder / plan.path.name)


def read_outbox(master: Master) -> list[Delivery]:
    """Every delivery that the outbox knows."""
    with _opened(master) as outbox:
        return outbox.deliveries()


def decide(master: Master, message: str, sent: bool, now: datetime) -> int:
    """The coordinator's word on a letter that is in doubt or failed; raises JobError if there is none."""
    with _opened(master) as outbox:
        changed = outbox.decide(message, sent, now)
    if not changed:
        raise JobError(f"发件箱里没有未了结的邮件“{message}”,请用 fzzf mail outbox 查看")
    return changed


@contextmanager
def _opened(master: Master) -> Iterator[Outbox]:
    workspace = master.workspace
    with only_run(workspace), Outbox.opened(outbox_file(workspace)) as outbox:
        yield outbox
