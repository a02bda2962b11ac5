"""Write letters as drafts that people look at before anything is sent."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import chain, count
from pathlib import Path
from typing import NamedTuple

from xl_fzzf.archive.storage import make_folder, write_whole
from xl_fzzf.desk.lock import only_run
from xl_fzzf.desk.workspace import Workspace
from xl_fzzf.mail.attachment import Attachment, size_words
from xl_fzzf.mail.letter import Letter, build_draft, message_id, split_attachments, split_letter
from xl_fzzf.mail.outbox import Outbox, State
from xl_fzzf.mail.wording import Templates
from xl_fzzf.model.plan import Unit
from xl_fzzf.model.round import Round
from xl_fzzf.model.settings import is_address, split_addresses
from xl_fzzf.office.naming import safe_file_name
from xl_fzzf.sheets.summary.phrases import say_date


class LetterKind(StrEnum):
    """A kind of letter: the name of its template and of its drafts' folder."""

    UPWARD = "报告"
    RETURNS = "分发"
    REMINDERS = "催报"
    CORRECTIONS = "退回"
    RECEIPTS = "回执"


class Content(NamedTuple):
    """What one letter is about: `who` writes or gets it, `facts` are what its template asks for.

    `identity` is what makes it this letter among those of its kind, period and unit.
    """

    who: str
    to: Sequence[str]
    identity: str
    facts: Mapping[str, object]
    attachments: tuple[Attachment, ...] = ()


class Note(NamedTuple):
    """What a person should know of a letter, or of a file for which there is none."""

    who: str
    words: str

    def __str__(self) -> str:
        return f"{self.who}：{self.words}"


@dataclass(frozen=True, slots=True)
class Drafts:
    """What was written, and what a person should know of each letter that is not simply there."""

    kind: LetterKind
    folder: Path
    written: Sequence[Path]
    sent_before: Sequence[str]
    notes: Sequence[Note]


class Composer:
    """Makes letters of one kind from its template and the round's facts."""

    def __init__(self, workspace: Workspace, round_: Round, kind: LetterKind, today: date) -> None:
        self.workspace, self.round, self.kind, self.today = workspace, round_, kind, today
        self._templates = Templates(workspace.letter_templates)
        self.notes: list[Note] = []

    def compose(self, content: Content) -> list[Letter]:
        """The letter, or several where its attachments are too large for one."""
        who, plan, settings = content.who, self.round.plan, self.round.settings
        groups, too_large = split_attachments(content.attachments, settings.mail.limit << 20)
        self.notes += [
            Note(who, f"附件“{a.name}”超过附件上限，没有附上，请另行报送") for a in too_large
        ]
        values = {
            "plan": plan.name,
            "subject": plan.subject,
            "district": plan.district,
            "coordinator": plan.coordinator,
            "signature": plan.signature,
            "addressee": plan.addressee,
            "contact": settings.contact,
            "period": settings.period.label,
            "deadline": say_date(settings.deadline),
            "today": say_date(self.today),
            **content.facts,
            "unit": who,
            "files": [_file_facts(attachment) for group in groups for attachment in group],
            "left_out": [_file_facts(attachment) for attachment in too_large],
        }
        wording = self._templates.fill(self.kind, values)
        letter = Letter(
            identity=f"{self.kind}\n{settings.period}\n{who}\n{content.identity}",
            title=safe_file_name(who),
            to=tuple(content.to),
            subject=wording.subject,
            text=wording.text,
            html=wording.html,
        )
        return split_letter(letter, groups)

    def addressed(self, units: Iterable[Unit]) -> list[Unit]:
        """Those that are written to: the coordinator's own unit writes to no one in its own house."""
        own = self.round.plan.find_unit(self.round.plan.coordinator)
        return [unit for unit in units if unit != own]

    def addresses(self, unit: Unit) -> list[str]:
        """The addresses in a unit's 邮箱; what is none is noted."""
        good = []
        for entry in split_addresses(unit.email):
            if is_address(entry):
                good.append(entry)
            else:
                self.notes.append(Note(unit.name, f"“单位”表里的邮箱“{entry}”写法不对"))
        if not good:
            self.notes.append(Note(unit.name, "“单位”表里没有可用的邮箱，草稿没有写收件人"))
        return good

    def write(self, contents: Iterable[Content]) -> Drafts:
        """Write letters as drafts in place of the kind's former ones, which are put aside.

        A letter that was sent before is not written again.
        """
        letters = [letter for content in contents for letter in self.compose(content)]
        folder, sender = self.workspace.letters / self.kind, self.round.settings.mail.sender
        files: dict[str, bytes] = {}
        sent_before = []
        with only_run(self.workspace), Outbox.opened(self.workspace.outbox) as outbox:
            sent = {delivery.message_id for delivery in outbox.deliveries(State.SENT)}
            for letter in letters:
                data = build_draft(letter, sender)
                if message_id(data) in sent:
                    sent_before.append(letter.title)
                else:
                    files[_free_name(letter.title, " {}", files)] = data
            _replace(folder, files)
        written = [folder / name for name in files]
        return Drafts(self.kind, folder, written, sent_before, self.notes)


def _replace(folder: Path, files: Mapping[str, bytes]) -> None:
    """Let a folder hold these drafts; any other is put aside, for someone may have worked on it."""
    make_folder(folder)
    aside = folder / "作废"
    for old in sorted(folder.glob("*.eml")):
        if files.get(old.name) != old.read_bytes():
            aside.mkdir(exist_ok=True)
            taken = [path.name for path in aside.iterdir()]
            old.rename(aside / _free_name(old.stem, " ({})", taken))
    for name, data in files.items():
        if not (folder / name).exists():
            write_whole(folder / name, data)


def _free_name(stem: str, number: str, taken: Iterable[str]) -> str:
    """A draft's name, numbered if need be; systems disagree on whether case tells names apart."""
    names = {name.casefold() for name in taken}
    found = (f"{stem}{more}.eml" for more in chain([""], map(number.format, count(2))))
    return next(name for name in found if name.casefold() not in names)


def _file_facts(attachment: Attachment) -> dict[str, object]:
    size = len(attachment.data)
    return {"name": attachment.name, "size": size_words(size), "sha256": attachment.sha256}
