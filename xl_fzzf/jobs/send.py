"""mail outbox, settle, --send: send drafts to whom 设置 allows, through the outbox, each to each once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from xl_fzzf.archive.ledger import Ledger
from xl_fzzf.desk.errors import JobError
from xl_fzzf.desk.lock import only_run
from xl_fzzf.desk.mail.drafting import LetterKind
from xl_fzzf.desk.master import Master
from xl_fzzf.desk.signing import record_sent
from xl_fzzf.desk.workspace import Workspace
from xl_fzzf.mail.attachment import size_words
from xl_fzzf.mail.courier import Allows, Courier
from xl_fzzf.mail.letter import attached, message_id, ready_to_send, recipients
from xl_fzzf.mail.outbox import Delivery, Outbox, State
from xl_fzzf.mail.server import read_password
from xl_fzzf.mail.smtp import connected
from xl_fzzf.model.settings import is_address, is_allowed, split_addresses


@dataclass(frozen=True, slots=True)
class Draft:
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
    def title(self) -> str:
        """What people call it: its kind and its file's name."""
        return f"{self.path.parent.name}/{self.path.stem}"

    @property
    def ready(self) -> bool:
        """Whether sending it now would reach anybody."""
        return not self.fault and len(self.recipients) > len(self.unsettled)


@dataclass(slots=True)
class Dispatch:
    """What was or would be sent, and what the outbox holds.

    `sent` counts deliveries, None where nothing was to be sent. `trouble` says why sending stopped, "" if
    it did not.
    """

    drafts: list[Draft]
    deliveries: list[Delivery]
    sent: int | None = None
    trouble: str = ""

    @property
    def open(self) -> list[Delivery]:
        """The deliveries that are not done with."""
        return [delivery for delivery in self.deliveries if delivery.state is not State.SENT]

    @property
    def clean(self) -> bool:
        """Nothing was to be sent; or nothing was refused, failed or is in doubt."""
        faulty = any(draft.fault or draft.refused for draft in self.drafts)
        return self.sent is None or not (faulty or self.open or self.trouble)


def find_drafts(master: Master, kind: str = "") -> list[Path]:
    """The period's drafts, of one kind or all, that lie ready; raises JobError for an unknown kind."""
    if kind and kind not in list(LetterKind):
        raise JobError(f"没有“{kind}”这种邮件，可用：{'、'.join(LetterKind)}")
    folders = [master.workspace.letters / name for name in LetterKind if kind in ("", name)]
    return [draft for folder in folders for draft in sorted(folder.glob("*.eml"))]


def examine(master: Master, paths: Sequence[Path]) -> Dispatch:
    """What sending these drafts would do; nothing is sent."""
    with _opened(master) as outbox:
        return Dispatch(_drafts(master, paths, outbox), outbox.deliveries())


def dispatch(master: Master, paths: Sequence[Path], now: datetime, hurry: bool = False) -> Dispatch:
    """Queue these drafts and send all that is due, also what earlier runs left.

    Raises JobError where 设置 lacks what sending needs, MailError where no server can be used; then
    everything stays queued.
    """
    mail = master.round.settings.mail
    if not (mail.sender and mail.smtp and mail.allowed):
        raise JobError(
            "要直接发送，先在台账“设置”里填好“发件邮箱”“SMTP 服务器”和“允许收件人”，保存、关闭后再试；"
            "也可以在 Outlook、Foxmail 里打开“发件”文件夹的草稿，人工发送"
        )
    password = read_password(mail.sender)
    with _opened(master) as outbox:
        drafts = _drafts(master, paths, outbox)
        for draft in drafts:
            if not draft.fault:
                data = ready_to_send(draft.path.read_bytes(), now)
                outbox.add(data, draft.title, draft.recipients, now)
        if hurry:
            outbox.hurry(now)
        courier = Courier(outbox, mail.sender, _allowed(master), now)
        trouble = courier.run(lambda: connected(mail.smtp, mail.sender, password))
        result = Dispatch(drafts, outbox.deliveries(), courier.sent, trouble)
        _put_away(result, master.workspace, now)
    return result


def _drafts(master: Master, paths: Sequence[Path], outbox: Outbox) -> list[Draft]:
    allows, limit = _allowed(master), master.round.settings.mail.limit << 20
    unsettled = {
        (delivery.message_id, delivery.recipient)
        for delivery in outbox.deliveries(State.FAILED, State.IN_DOUBT)
    }
    approved = _approved(master)
    return [_draft(path, allows, limit, unsettled, approved) for path in paths]


def _approved(master: Master) -> set[str]:
    """The hashes of the files that are approved now."""
    workspace = master.workspace
    approval = Ledger(workspace.archive).course(str(workspace.period)).approval
    return set(approval.outputs.values()) if approval else set()


def _draft(
    path: Path, allows: Allows, limit: int, unsettled: set[tuple[str, str]], approved: set[str]
) -> Draft:
    data = path.read_bytes()
    found = recipients(data)
    faulty = [address for address in found if not is_address(address)]
    refused = tuple(a for a in found if a not in faulty and not allows(a))
    accepted = tuple(a for a in found if a not in faulty and a not in refused)
    fault = ""
    if faulty:
        fault = f"收件人“{faulty[0]}”写法不对"
    elif not found:
        fault = "没有收件人（在“单位”表里填好邮箱，再写一次草稿）"
    elif not accepted:
        fault = "收件人都不在“设置”的“允许收件人”里"
    elif path.parent.name == LetterKind.UPWARD and not attached(data) <= approved:
        fault = "附的不是现在定稿的汇总表，请运行 fzzf mail upward 再写一次"
    elif len(data) > limit:
        fault = f"邮件有 {size_words(len(data))}，超过附件上限"
    identity = message_id(data)
    waiting = tuple(a for a in accepted if (identity, a.lower()) in unsettled)
    return Draft(path, identity, accepted, refused, waiting, fault)


def _allowed(master: Master) -> Allows:
    mail = master.round.settings.mail
    roster = {a for unit in master.round.plan.units for a in split_addresses(unit.email)}
    return lambda address: is_allowed(address, mail.allowed, roster)


def _put_away(result: Dispatch, workspace: Workspace, now: datetime) -> None:
    """Move drafts that went out to all their recipients, so that the folder shows what is left."""
    open_ = {delivery.message_id for delivery in result.open}
    for draft in result.drafts:
        if draft.fault or draft.refused or draft.message_id in open_:
            continue
        folder = draft.path.parent / "已发送"
        folder.mkdir(exist_ok=True)
        draft.path.replace(folder / draft.path.name)
        if draft.path.parent.name == LetterKind.UPWARD:
            record_sent(workspace, "邮件已发出", now)


def decide(master: Master, letter: str, sent: bool, now: datetime) -> int:
    """The coordinator's word on a letter that is in doubt or failed; raises JobError if there is none."""
    with _opened(master) as outbox:
        changed = outbox.decide(letter, sent, now)
    if not changed:
        raise JobError(f"发件箱里没有未了结的邮件“{letter}”，请用 fzzf mail outbox 查看")
    return changed


@contextmanager
def _opened(master: Master) -> Iterator[Outbox]:
    workspace = master.workspace
    with only_run(workspace), Outbox.opened(workspace.outbox) as outbox:
        yield outbox
