"""What the mail commands show on a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rich.console import Console

from xl_fzzf.desk.mail.drafting import Drafts
from xl_fzzf.faces.words.screen import plain
from xl_fzzf.jobs.collect import Collection
from xl_fzzf.jobs.outbox import Dispatch, Plan
from xl_fzzf.mail.outbox import Delivery, State
from xl_fzzf.model.collected import Fate

_SHOWN, _NAMES_SHOWN = 40, 8


def print_drafts(drafts: Drafts) -> None:
    """What was written."""
    console = _console()
    console.print(
        plain(f"{drafts.kind}:写了 {len(drafts.written)} 封草稿,在 {drafts.folder}", "bold")
    )
    if drafts.sent_before:
        console.print(plain(f"以前发过、没有变化的 {len(drafts.sent_before)} 封,没有再写"))
    _lines(console, _grouped(drafts.notes))


def print_plans(plans: Sequence[Plan]) -> None:
    """What sending would do."""
    console = _console()
    ready = [plan for plan in plans if plan.ready]
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
    words = "、".join(f"{fate.label} {counts[fate]}" for fate in Fate if counts[fate])
    before = f",以前收过的 {result.known} 封" if result.known else ""
    console.print(plain(f"收到 {len(result.items)} 件{before};文件:{words or '没有'}", "bold"))
    for notice in result.notices:
        console.print(plain(notice, "yellow"))
    for item in result.items:
        who = item.unit or item.sender
        if item.note:
            console.print(plain(f"  {who} {item.subject}:{item.note}", "yellow"))
        for filed in item.files:
            if filed.open or filed.reason:
                style = "red" if filed.open else "dim"
                line = f"  {filed.fate.label} {who} {filed.name}:{filed.reason}"
                console.print(plain(line, style))
    if counts[Fate.WAITING]:
        console.print(
            plain("“待确认”里的文件:核实后移到“报送”,再运行 fzzf consolidate;不对的删掉即可")
        )
    if result.trouble:
        words = f"没有收完:{result.trouble}。已收的都存妥了,再运行一次会接着收"
        console.print(plain(words, "red"))


def _print_refused(console: Console, plans: Sequence[Plan]) -> None:
    lines = [(_title(plan), f"没有发送,{plan.fault}") for plan in plans if plan.fault]
    lines += [
        (_title(plan), f"没有发给 {'、'.join(plan.refused)}(不在“允许收件人”里)")
        for plan in plans
        if plan.refused and not plan.fault
    ]
    lines += [
        (
            _title(plan),
            f"发给 {'、'.join(plan.unsettled)} 的要先了结:fzzf mail settle '{plan.message_id}' --again(或 --sent)",
        )
        for plan in plans
        if plan.unsettled and not plan.fault
    ]
    _lines(console, _grouped(lines))


def _grouped(lines: Iterable[tuple[str, str]]) -> list[str]:
    """One line for all of whom the same is said."""
    groups: dict[str, list[str]] = {}
    for who, words in lines:
        groups.setdefault(words, []).append(who)
    return [f"{_some(names)}:{words}" for words, names in groups.items()]


def _some(names: Sequence[str]) -> str:
    more = f" 等 {len(names)} 个" if len(names) > _NAMES_SHOWN else ""
    return f"{'、'.join(names[:_NAMES_SHOWN])}{more}"


def _title(plan: Plan) -> str:
    return f"{plan.path.parent.name}/{plan.path.stem}"


def _lines(console: Console, lines: Sequence[str], style: str = "yellow") -> None:
    for line in lines[:_SHOWN]:
        console.print(plain(f"  {line}", style))
    if len(lines) > _SHOWN:
        console.print(plain(f"  ……另有 {len(lines) - _SHOWN} 条", style))


def _console() -> Console:
    return Console(highlight=False, soft_wrap=True)
