"""What the mail commands show on a terminal."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console

from xl_fzzf.jobs.mailing.collecting import Collection
from xl_fzzf.jobs.mailing.delivery import Dispatch, Plan
from xl_fzzf.jobs.mailing.drafting import Drafts
from xl_fzzf.jobs.mailing.filing import EVIDENCE, FILED, LEFT, REPEATED, WAITING
from xl_fzzf.mail.outbox import Delivery, State
from xl_fzzf.screen import plain

_SHOWN = 40


def print_drafts(drafts: Drafts) -> None:
    """What was written."""
    console = _console()
    console.print(
        plain(f"{drafts.kind}:写了 {len(drafts.written)} 封草稿,在 {drafts.folder}", "bold")
    )
    if drafts.sent_before:
        console.print(plain(f"以前发过、没有变化的 {len(drafts.sent_before)} 封,没有再写"))
    _lines(console, drafts.notes)


def print_plans(plans: Sequence[Plan]) -> None:
    """What sending would do."""
    console = _console()
    ready = [plan for plan in plans if not plan.fault]
    console.print(plain(f"没有发送。草稿 {len(plans)} 封,其中可以直接发送的 {len(ready)} 封"))
    _lines(console, [f"{_title(p)} → {'、'.join(p.recipients)}" for p in ready], "dim")
    _print_refused(console, plans)
    if ready:
        console.print(plain("看过草稿后,运行 fzzf mail outbox --send 发送;也可以打开草稿人工发送"))


def print_dispatch(result: Dispatch) -> None:
    """What was sent."""
    console = _console()
    console.print(plain(f"发出 {result.sent} 封", "bold"))
    _print_refused(console, result.plans)
    if result.trouble:
        words = f"没有发完:{result.trouble}。没发的都在发件箱,稍后运行 fzzf mail outbox --send 再发"
        console.print(plain(words, "red"))


def print_outbox(deliveries: Sequence[Delivery]) -> None:
    """What the outbox holds: all that is not settled, and how much is."""
    console = _console()
    open_ = [delivery for delivery in deliveries if delivery.state is not State.SENT]
    console.print(plain(f"发件箱:已发 {len(deliveries) - len(open_)} 封,未了结 {len(open_)} 封"))
    for delivery in open_[:_SHOWN]:
        style = "yellow" if delivery.state is State.QUEUED else "red"
        due = f",{delivery.due:%m-%d %H:%M} 后再试" if delivery.state is State.QUEUED else ""
        words = f"  {delivery.state.label} {delivery.title} → {delivery.recipient}{due}"
        console.print(plain(f"{words}:{delivery.note}" if delivery.note else words, style))
        console.print(plain(f"    编号 {delivery.message_id}", "dim"))
    if any(delivery.state is State.IN_DOUBT for delivery in open_):
        words = "不能确定是否发出的:请先看邮箱的“已发送”,再运行 fzzf mail settle 编号 --sent(或 --again)"
        console.print(plain(words))


def print_collection(result: Collection) -> None:
    """What was collected."""
    console = _console()
    counts = result.counts
    kinds = (FILED, WAITING, EVIDENCE, REPEATED, LEFT)
    words = "、".join(f"{kind} {counts[kind]}" for kind in kinds if counts[kind])
    before = f",以前收过的 {result.known} 封" if result.known else ""
    console.print(plain(f"收到 {len(result.entries)} 件{before};文件:{words or '没有'}", "bold"))
    for entry in result.entries:
        who = entry.unit or entry.sender
        if entry.verdict:
            console.print(plain(f"  {who} {entry.subject}:{entry.verdict}", "yellow"))
        for filed in entry.files:
            if filed.verdict in (WAITING, LEFT) or filed.reason:
                style = "red" if filed.verdict in (WAITING, LEFT) else "dim"
                line = f"  {filed.verdict} {who} {filed.name}:{filed.reason}"
                console.print(plain(line, style))
    if counts[WAITING]:
        console.print(
            plain("“待确认”里的文件:核实后移到“报送”,再运行 fzzf consolidate;不对的删掉即可")
        )
    if result.trouble:
        words = f"没有收完:{result.trouble}。已收的都存妥了,再运行一次会接着收"
        console.print(plain(words, "red"))


def _print_refused(console: Console, plans: Sequence[Plan]) -> None:
    lines = [f"{_title(plan)}:没有发送,{plan.fault}" for plan in plans if plan.fault]
    lines += [
        f"{_title(plan)}:没有发给 {'、'.join(plan.refused)}(不在“允许收件人”里)"
        for plan in plans
        if plan.refused and not plan.fault
    ]
    _lines(console, lines)


def _title(plan: Plan) -> str:
    return f"{plan.path.parent.name}/{plan.path.stem}"


def _lines(console: Console, lines: Sequence[str], style: str = "yellow") -> None:
    for line in lines[:_SHOWN]:
        console.print(plain(f"  {line}", style))
    if len(lines) > _SHOWN:
        console.print(plain(f"  ……另有 {len(lines) - _SHOWN} 条", style))


def _console() -> Console:
    return Console(highlight=False, soft_wrap=True)
