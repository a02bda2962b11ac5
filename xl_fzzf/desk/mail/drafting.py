"""Write letters as drafts that people look at before anything is sent."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import NamedTuple

from xl_fzzf.archive.storage import make_folder, write_whole
from xl_fzzf.desk.lock import only_run
from xl_fzzf.desk.mail.places import Kind, letters_folder, outbox_file, templates_folder
from xl_fzzf.desk.workspace import Workspace
from xl_fzzf.mail.letter import Attachment, Letter, split_attachments, split_letter
from xl_fzzf.mail.message import build_draft, message_id
from xl_fzzf.mail.outbox import Outbox, State
from xl_fzzf.mail.wording import Wording
from xl_fzzf.model.address import is_address, split_addresses
from xl_fzzf.model.round import Round
from xl_fzzf.office.naming import safe_file_name

_WITHDRAWN = "作废"


class Note(NamedTuple):
    """What a person should know of a letter, or of a file for which there is none."""

    who: str
    words: str

    def __str__(self) -> str:
        return f"{self.who}:{self.words}"


@dataclass(slots=True)
class Drafts:
    """What was written, and what a person should know of each letter that is not simply there."""

    kind: Kind
    folder: Path
    written: list[Path] = field(default_factory=list)
    sent_before: list[str] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)


class Composer:
    """Makes letters of one kind from its template and the round's facts."""

    def __init__(self, workspace: Workspace, round_: Round, kind: Kind, today: date) -> None:
        self.workspace, self.round, self.kind, self.today = workspace, round_, kind, today
        self._wording = Wording(templates_folder(workspace))
        self.notes: list[Note] = []

    def compose(
        self,
        who: str,
        to: Sequence[str],
        identity: str,
        facts: Mapping[str, object],
        attachments: tuple[Attachment, ...] = (),
    ) -> list[Letter]:
        """The letter, or several where its attachments are too large for one."""
        groups, too_large = split_attachments(attachments, self.round.settings.mail.limit << 20)
        self.notes += [
            Note(who, f"附件“{a.name}”超过附件上限,没有附上,请另行报送") for a in too_large
        ]
        fitting = tuple(attachment for group in groups for attachment in group)
        values = {
            **self._common(),
            **facts,
            "unit": who,
            "files": [_file_facts(attachment) for attachment in fitting],
            "left_out": [_file_facts(attachment) for attachment in too_large],
        }
        words = self._wording.write(self.kind, values)
        period = self.round.settings.period
        letter = Letter(
            identity=f"{self.kind}\n{period}\n{who}\n{identity}",
            title=safe_file_name(who),
            to=tuple(to),
            subject=words.subject,
            text=words.text,
            html=words.html,
        )
        return split_letter(letter, groups)

    def addresses(self, who: str, text: str) -> list[str]:
        """The addresses in a unit's 邮箱; what is none is noted."""
        found = split_addresses(text)
        for entry in found:
            if not is_address(entry):
                self.notes.append(Note(who, f"“单位”表里的邮箱“{entry}”写法不对"))
        good = [entry for entry in found if is_address(entry)]
        if not good:
            self.notes.append(Note(who, "“单位”表里没有可用的邮箱,草稿没有写收件人"))
        return good

    def _common(self) -> dict[str, object]:
        plan, settings = self.round.plan, self.round.settings
        return {
            "plan": plan.name,
            "district": plan.district,
            "coordinator": plan.coordinator,
            "contact": settings.contact,
            "period": settings.period.label,
            "deadline": day_words(settings.deadline),
            "today": day_words(self.today),
        }


def write_drafts(composer: Composer, letters: Iterable[Letter]) -> Drafts:
    """Write the letters' drafts in place of the kind's former ones, which are put aside.

    A letter that was sent before is not written again.
    """
    workspace, sender = composer.workspace, composer.round.settings.mail.sender
    folder = letters_folder(workspace) / composer.kind
    drafts = Drafts(composer.kind, folder)
    contents: dict[str, bytes] = {}
    with only_run(workspace), Outbox.opened(outbox_file(workspace)) as outbox:
        sent = {delivery.message_id for delivery in outbox.deliveries(State.SENT)}
        for letter in letters:
            data = build_draft(letter, sender)
            if message_id(data) in sent:
                drafts.sent_before.append(letter.title)
            else:
                contents[_free_name(letter.title, contents)] = data
        _replace(folder, contents)
    drafts.written = [folder / name for name in contents]
    drafts.notes += composer.notes
    return drafts


def _replace(folder: Path, contents: Mapping[str, bytes]) -> None:
    """Let a folder hold these drafts and no others."""
    make_folder(folder)
    for old in sorted(folder.glob("*.eml")):
        if contents.get(old.name) != old.read_bytes():
            _withdraw(old)
    for name, data in contents.items():
        if not (folder / name).exists():
            write_whole(folder / name, data)


def _free_name(title: str, taken: Iterable[str]) -> str:
    names = {name.casefold() for name in taken}
    name, number = f"{title}.eml", 1
    while name.casefold() in names:
        number += 1
        name = f"{title} {number}.eml"
    return name


def _withdraw(draft: Path) -> None:
    """Put a draft aside that no longer says what is true; someone may have worked on it."""
    folder = draft.parent / _WITHDRAWN
    folder.mkdir(exist_ok=True)
    place, number = folder / draft.name, 1
    while place.exists():
        number += 1
        place = folder / f"{draft.stem} ({number}){draft.suffix}"
    draft.rename(place)


def day_words(day: date) -> str:
    """A day as letters say it: 2019年9月9日."""
    return f"{day.year}年{day.month}月{day.day}日"


def size_words(size: int) -> str:
    """A file's size for people."""
    return f"{size / (1 << 20):.1f} MB" if size >= 1 << 20 else f"{max(1, size >> 10)} KB"


def _file_facts(attachment: Attachment) -> dict[str, object]:
    size = len(attachment.data)
    return {"name": attachment.name, "size": size_words(size), "sha256": attachment.sha256}
