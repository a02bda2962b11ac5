"""What the mail commands and `collect` tell: drafts, what was sent, the outbox, what came in."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from xl_fzzf.faces.words import say
from xl_fzzf.faces.words.telling import Json, Line, Told, count_json, pick
from xl_fzzf.mail.outbox import State
from xl_fzzf.model.collected import Collected, Fate

if TYPE_CHECKING:
    from xl_fzzf.desk.mail.drafting import Drafts
    from xl_fzzf.jobs.collect import Collection
    from xl_fzzf.jobs.send import Dispatch, Draft

_SHOWN, _NAMES_SHOWN = 40, 8


def drafts_lines(drafts: Drafts) -> Told:
    """What was written."""
    yield Line(f"{drafts.kind}：写了 {len(drafts.written)} 封草稿，在 {drafts.folder}", "bold")
    if drafts.sent_before:
        yield f"以前发过、没有变化的 {len(drafts.sent_before)} 封，没有再写"
    yield from _some_lines(_grouped(drafts.notes))


def sending_lines(stored: int | None, result: Dispatch) -> Told:
    """What became of drafts; `stored` counts those in Outlook, where that was asked."""
    if stored is not None:
        yield f"已存进 Outlook 的“草稿”：{stored} 封"
    yield from _unsent_lines(result.drafts) if result.sent is None else outbox_lines(result)


def drafts_json(drafts: Drafts, stored: int | None, result: Dispatch) -> Json:
    """`mail returns --json` and its like."""
    return {
        "kind": drafts.kind.name.lower(),
        "folder": drafts.folder,
        "drafts": [_draft_json(draft) for draft in result.drafts],
        "sent_before": drafts.sent_before,
        "notes": [{"who": note.who, "note": note.words} for note in drafts.notes],
        "outlook": stored or 0,
        "dispatch": _dispatch_json(result),
    }


def outbox_lines(result: Dispatch) -> Told:
    """What was sent and what the outbox holds; or what sending would do."""
    if result.sent is not None:
        yield Line(f"发出 {result.sent} 封", "bold")
        yield from _refused_lines(result.drafts)
    if result.trouble:
        words = (
            f"没有发完：{result.trouble}。没发的都在发件箱，稍后运行 fzzf mail outbox --send 再发"
        )
        yield Line(words, "red")
    yield from _delivery_lines(result)
    if result.sent is None:
        yield from _unsent_lines(result.drafts)


def outbox_json(result: Dispatch) -> Json:
    """`mail outbox --json`."""
    return {
        "deliveries": result.deliveries,
        "drafts": [_draft_json(draft) for draft in result.drafts],
        "dispatch": _dispatch_json(result),
    }


def settled_lines(again: bool, recipients: int) -> Told:
    """`mail settle`."""
    yield f"已了结 {recipients} 个收件人：{'再发一次' if again else '算作已发'}"


def settled_json(message: str, again: bool, recipients: int) -> Json:
    """`mail settle --json`."""
    return {"message_id": message, "again": again, "recipients": recipients}


def templates_lines(folder: Path, written: Sequence[Path]) -> Told:
    """`mail templates`."""
    yield f"邮件模板在 {folder}，新放入 {len(written)} 个"


def templates_json(folder: Path, written: Sequence[Path]) -> Json:
    """`mail templates --json`."""
    return {"folder": folder, "written": [path.name for path in written]}


def collection_lines(result: Collection) -> Told:
    """`collect`."""
    before = f"，以前收过的 {result.known} 封" if result.known else ""
    files = say.files(Fate, result.counts)
    yield Line(f"收到 {len(result.items)} 件{before}；文件：{files}", "bold")
    yield from say.notices(result.notices)
    for item in result.items:
        yield from _item_lines(item)
    if result.counts[Fate.WAITING]:
        yield "“待确认”里的文件：核实后移到“报送”，再运行 fzzf consolidate；不对的删掉即可"
    if result.trouble:
        yield Line(f"没有收完：{result.trouble}。已收的都存妥了，再运行一次会接着收", "red")


def collection_json(result: Collection) -> Json:
    """`collect --json`."""
    fates = {"fates": count_json(Fate, result.counts)}
    return {**pick(result, "items", "known"), **fates, **pick(result, "trouble", "notices")}


def _item_lines(item: Collected) -> Told:
    who = item.unit or item.sender
    if item.note:
        yield Line(f"  {who} {item.subject}：{item.note}", "yellow")
    for filed in item.files:
        if filed.open or filed.reason:
            words = f"  {filed.fate.label} {who} {filed.name}：{filed.reason}"
            yield Line(words, "red" if filed.open else "dim")


def _unsent_lines(drafts: Sequence[Draft]) -> Told:
    ready = [draft for draft in drafts if draft.ready]
    yield f"没有发送。草稿 {len(drafts)} 封，其中可以直接发送的 {len(ready)} 封"
    yield from _some_lines([f"{p.title} → {'、'.join(p.recipients)}" for p in ready], "dim")
    yield from _refused_lines(drafts)
    if ready:
        yield "看过草稿后，运行 fzzf mail outbox --send 发送；也可以打开草稿人工发送"


def _delivery_lines(result: Dispatch) -> Told:
    """All that is not settled, and how much is."""
    open_ = result.open
    yield f"发件箱：已发 {len(result.deliveries) - len(open_)} 封，未了结 {len(open_)} 封"
    for delivery in open_[:_SHOWN]:
        queued = delivery.state is State.QUEUED
        due = f"，{delivery.due:%m-%d %H:%M} 后再试" if queued else ""
        note = f"：{delivery.note}" if delivery.note else ""
        words = f"  {delivery.state.label} {delivery.title} → {delivery.recipient}{due}{note}"
        yield Line(words, "yellow" if queued else "red")
        yield Line(f"    编号 {delivery.message_id}", "dim")
    if any(delivery.state is State.IN_DOUBT for delivery in open_):
        yield "不能确定是否发出的：请先看邮箱的“已发送”，再运行 fzzf mail settle 编号 --sent（或 --again）"


def _refused_lines(drafts: Sequence[Draft]) -> Told:
    whole = [draft for draft in drafts if not draft.fault]
    lines = [(draft.title, f"没有发送，{draft.fault}") for draft in drafts if draft.fault]
    for draft in (draft for draft in whole if draft.refused):
        words = f"没有发给 {'、'.join(draft.refused)}（不在“允许收件人”里）"
        lines.append((draft.title, words))
    for draft in (draft for draft in whole if draft.unsettled):
        command = f"fzzf mail settle '{draft.message_id}' --again（或 --sent）"
        words = f"发给 {'、'.join(draft.unsettled)} 的要先了结：{command}"
        lines.append((draft.title, words))
    return _some_lines(_grouped(lines))


def _grouped(lines: Iterable[tuple[str, str]]) -> list[str]:
    """One line for all of whom the same is said."""
    groups: dict[str, list[str]] = {}
    for who, words in lines:
        groups.setdefault(words, []).append(who)
    return [f"{say.some(who, _NAMES_SHOWN)}：{words}" for words, who in groups.items()]


def _some_lines(lines: Sequence[str], style: str = "yellow") -> Told:
    yield from (Line(f"  {line}", style) for line in lines[:_SHOWN])
    if len(lines) > _SHOWN:
        yield Line(f"  ……另有 {len(lines) - _SHOWN} 条", style)


def _draft_json(draft: Draft) -> Json:
    own = pick(draft, "message_id", "recipients", "refused", "unsettled", "fault")
    return {"draft": draft.path, **own}


def _dispatch_json(result: Dispatch) -> Json | None:
    return None if result.sent is None else pick(result, "sent", "trouble", "open")
