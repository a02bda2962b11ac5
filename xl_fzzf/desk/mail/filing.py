"""Decide where a received file goes, and put it there under a safe name, nothing ever replaced."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from xl_fzzf.archive.originals import fingerprint
from xl_fzzf.archive.storage import make_folder, write_whole
from xl_fzzf.desk.level import FORMS
from xl_fzzf.desk.mail.places import evidence_folder, waiting_folder
from xl_fzzf.desk.master import Master
from xl_fzzf.desk.readers import Readers
from xl_fzzf.mail.letter import one_line
from xl_fzzf.mail.parcel import Enclosure
from xl_fzzf.model.address import split_addresses
from xl_fzzf.model.collected import Fate, Filed
from xl_fzzf.model.plan import Unit
from xl_fzzf.office.naming import safe_file_name
from xl_fzzf.rules.judge import judge_return

_WORKBOOKS = {".xlsx", ".xlsm", ".xls", ".xlsb", ".et", ".ett", ".xltx", ".ods", ".csv"}
_DOCUMENTS = {".docx", ".doc", ".wps", ".pptx", ".ppt", ".pdf", ".ofd", ".txt", ".jpg", ".png"}
_PICTURES = {".png", ".jpg", ".jpeg", ".gif", ".bmp", ".webp"}
_MAGIC = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
_LONGEST_SUFFIX, _LONGEST_UNIT = 12, 8


@dataclass(frozen=True, slots=True)
class Sender:
    """Who brought a file: `unit` is whose address it is; `vouched` if the coordinator gave it by hand."""

    address: str = ""
    unit: Unit | None = None
    vouched: bool = False
    suspect: str = ""


class Filing:
    """Files what comes in; knows by content hash what is there already."""

    def __init__(self, master: Master, readers: Readers) -> None:
        self._master, self._readers = master, readers
        self._workspace = master.workspace
        self._senders = _senders(master)
        self._there: dict[tuple[Path, str], Path] = {}
        for folder in (self._workspace.incoming, waiting_folder(self._workspace)):
            for file in _files(folder):
                self._there.setdefault((folder, fingerprint(file.read_bytes())), file)
        for file in _files(evidence_folder(self._workspace)):
            self._there.setdefault((file.parent, fingerprint(file.read_bytes())), file)

    def sender(self, address: str, suspect: str) -> Sender:
        """Whose address it is."""
        return Sender(address, self._senders.get(address.lower()), suspect=suspect)

    def put(self, file: Enclosure, sender: Sender, arrived: datetime) -> Filed:
        """Put one file where it belongs."""
        sha256 = fingerprint(file.data)
        name = _safe_name(file.name)
        facts = (one_line(file.name), sha256, len(file.data))
        if file.fault and not file.data:
            return Filed(*facts, "", Fate.LEFT, file.fault)
        fate, folder, reason = self._judge(file, name, sender, sha256, arrived)
        if folder is None:
            return Filed(*facts, "", fate, reason)
        there = self._there.get((folder, sha256))
        if there is None:
            path = _free_path(folder, name, sender, arrived)
            write_whole(path, file.data)
            self._there[folder, sha256] = path
        else:
            path = there
            fate, reason = Fate.REPEATED, reason or f"与“{there.name}”内容相同,没有再存"
            arrived = min(arrived, _moment(path, arrived))
        os.utime(path, (arrived.timestamp(), arrived.timestamp()))
        place = str(path.relative_to(self._workspace.folder))
        return Filed(*facts, place, fate, reason)

    def _judge(
        self, file: Enclosure, name: str, sender: Sender, sha256: str, arrived: datetime
    ) -> tuple[Fate, Path | None, str]:
        """Fate, folder and reason."""
        incoming, waiting = self._workspace.incoming, waiting_folder(self._workspace)
        if not _may_be_return(name, file.data):
            if file.inline and Path(name).suffix.lower() in _PICTURES:
                return Fate.INLINE, None, "正文里的图片,没有另存(原邮件在“档案”)"
            owner = safe_file_name(sender.unit.name) if sender.unit else "单位不明"
            return Fate.EVIDENCE, evidence_folder(self._workspace) / owner, file.fault
        if sender.vouched:
            return Fate.FILED, incoming, file.fault
        if sender.suspect:
            return Fate.WAITING, waiting, sender.suspect
        if sender.unit is None:
            return Fate.WAITING, waiting, _stranger(sender.address)
        unit = self._unit_of(name, file.data, sha256, arrived)
        if unit is not None and unit.code != sender.unit.code:
            return (
                Fate.WAITING,
                waiting,
                f"是“{unit.name}”的填报表,却由“{sender.unit.name}”的邮箱发来",
            )
        return Fate.FILED, incoming, file.fault

    def _unit_of(self, name: str, data: bytes, sha256: str, arrived: datetime) -> Unit | None:
        """The unit that a workbook says it is from, None where it can't be read."""
        submission = self._readers.read(name, data, sha256, arrived.replace(tzinfo=None))()
        return judge_return(submission, self._master.round, FORMS).unit


def _stranger(address: str) -> str:
    if not address:
        return "邮件没有写明唯一的发件邮箱"
    return f"发件邮箱“{address}”不在“单位”表里"


def _files(folder: Path) -> Iterator[Path]:
    for file in sorted(folder.rglob("*")) if folder.is_dir() else ():
        if file.is_file() and not file.is_symlink():
            yield file


def _senders(master: Master) -> dict[str, Unit]:
    """Whose an address is; one that two units share says nothing."""
    found: dict[str, Unit | None] = {}
    for unit in master.round.plan.units:
        for address in split_addresses(unit.email.lower()):
            found[address] = None if address in found else unit
    return {address: unit for address, unit in found.items() if unit}


def _may_be_return(name: str, data: bytes) -> bool:
    """Whether a file is a workbook, by its name, or by its content where the name says nothing."""
    suffix = Path(name).suffix.lower()
    if suffix in _WORKBOOKS:
        return True
    return suffix not in _DOCUMENTS and data.startswith(_MAGIC)


def _safe_name(name: str) -> str:
    """A received name as a file name: no path, nothing that a folder or a terminal acts on."""
    last = re.split(r"[\\/]", one_line(name))[-1].strip(". ")
    stem, dot, suffix = last.rpartition(".")
    if not dot or len(suffix) > _LONGEST_SUFFIX or not suffix.isalnum():
        return safe_file_name(last)
    return f"{safe_file_name(stem)}.{suffix}"


def _free_path(folder: Path, name: str, sender: Sender, arrived: datetime) -> Path:
    """A path that is not taken: the name, or with unit and time behind it."""
    make_folder(folder)
    for candidate in _candidates(Path(name), sender, arrived):
        if not os.path.lexists(folder / candidate):
            return folder / candidate
    raise AssertionError("endless")


def _candidates(name: Path, sender: Sender, arrived: datetime) -> Iterator[str]:
    yield str(name)
    unit = f"{safe_file_name(sender.unit.name)[:_LONGEST_UNIT]} " if sender.unit else ""
    more = f"{name.stem} ({unit}{arrived.astimezone():%Y%m%d-%H%M%S})"
    yield f"{more}{name.suffix}"
    number = 1
    while True:
        number += 1
        yield f"{more} {number}{name.suffix}"


def _moment(path: Path, other: datetime) -> datetime:
    return datetime.fromtimestamp(path.stat().st_mtime, other.tzinfo)
