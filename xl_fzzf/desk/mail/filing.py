"""Decide where a received file goes, and put it there under a safe name, nothing ever replaced."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from datetime import datetime
from itertools import chain, count
from pathlib import Path

from xl_fzzf.archive.originals import fingerprint
from xl_fzzf.archive.storage import make_folder, write_whole
from xl_fzzf.desk.level import FORMS
from xl_fzzf.desk.master import Master
from xl_fzzf.desk.readers import Readers
from xl_fzzf.mail.attachment import Attachment
from xl_fzzf.mail.incoming import Mail
from xl_fzzf.model.characters import one_line
from xl_fzzf.model.collected import Fate, Filed
from xl_fzzf.model.plan import Unit
from xl_fzzf.model.settings import split_addresses
from xl_fzzf.office.naming import safe_file_name
from xl_fzzf.rules.judge import judge_return

_WORKBOOKS = {".xlsx", ".xlsm", ".xls", ".xlsb", ".et", ".ett", ".xltx", ".ods", ".csv"}
_DOCUMENTS = {".docx", ".doc", ".wps", ".pptx", ".ppt", ".pdf", ".ofd", ".txt", ".jpg", ".png"}
_PICTURES = {".png", ".jpg", ".jpeg", ".gif", ".bmp", ".webp"}
_MAGIC = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
_LONGEST_SUFFIX, _LONGEST_UNIT = 12, 8


@dataclass(frozen=True, slots=True)
class _Case:
    """A file that is to be filed under a safe name; `unit` is whose address sent it."""

    file: Attachment
    mail: Mail
    unit: Unit | None
    arrived: datetime
    name: str
    sha256: str


class Filing:
    """Files what comes in; knows by content hash what is there already."""

    def __init__(self, master: Master, readers: Readers) -> None:
        self._master, self._readers = master, readers
        self.workspace = master.workspace
        self._senders = _senders(master)
        self._there: dict[tuple[Path, str], Path] = {}
        evidence = self.workspace.evidence
        for folder in (self.workspace.incoming, self.workspace.doubtful, evidence):
            for file in sorted(folder.rglob("*")):
                if file.is_file() and not file.is_symlink():
                    home = file.parent if folder == evidence else folder
                    self._there.setdefault((home, fingerprint(file.read_bytes())), file)

    def sender(self, mail: Mail) -> Unit | None:
        """The unit whose address a mail is from."""
        return self._senders.get(mail.sender.lower())

    def put(self, file: Attachment, mail: Mail, arrived: datetime) -> Filed:
        """Put a file of a mail where it belongs; for one that was given, whoever gave it vouches."""
        case = _Case(file, mail, self.sender(mail), arrived, _safe_name(file.name), file.sha256)
        facts = (one_line(file.name), case.sha256, len(file.data))
        if file.fault and not file.data:
            return Filed(*facts, "", Fate.LEFT, file.fault)
        fate, folder, reason = self._judge(case)
        if folder is None:
            return Filed(*facts, "", fate, reason)
        path = self._there.get((folder, case.sha256))
        if path is None:
            path = _free_path(folder, case)
            write_whole(path, file.data)
            self._there[folder, case.sha256] = path
        else:
            fate, reason = Fate.REPEATED, reason or f"与“{path.name}”内容相同，没有再存"
            arrived = min(arrived, datetime.fromtimestamp(path.stat().st_mtime, arrived.tzinfo))
        os.utime(path, (arrived.timestamp(), arrived.timestamp()))
        place = str(path.relative_to(self.workspace.folder))
        return Filed(*facts, place, fate, reason)

    def _judge(self, case: _Case) -> tuple[Fate, Path | None, str]:
        """Fate, folder and reason."""
        file, space = case.file, self.workspace
        if not _may_be_return(case.name, file.data):
            if file.inline and Path(case.name).suffix.lower() in _PICTURES:
                return Fate.INLINE, None, "正文里的图片，没有另存（原邮件在“档案”）"
            owner = safe_file_name(case.unit.name) if case.unit else "单位不明"
            return Fate.EVIDENCE, space.evidence / owner, file.fault
        doubt = self._doubt(case) if case.mail.is_mail else ""
        if doubt:
            return Fate.WAITING, space.doubtful, doubt
        return Fate.FILED, space.incoming, file.fault

    def _doubt(self, case: _Case) -> str:
        """Why a return may not be from the unit whose it is, "" if nothing speaks against it."""
        if case.mail.suspect:
            return case.mail.suspect
        if not case.mail.sender:
            return "邮件没有写明唯一的发件邮箱"
        if case.unit is None:
            return f"发件邮箱“{case.mail.sender}”不在“单位”表里"
        received = case.arrived.replace(tzinfo=None)
        reading = self._readers.read(case.name, case.file.data, case.sha256, received)
        unit = judge_return(reading(), self._master.round, FORMS).unit
        if unit is None or unit.code == case.unit.code:  # none: it can't be read, which is no doubt
            return ""
        return f"是“{unit.name}”的填报表，却由“{case.unit.name}”的邮箱发来"


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
    return suffix in _WORKBOOKS or (suffix not in _DOCUMENTS and data.startswith(_MAGIC))


def _safe_name(name: str) -> str:
    """A received name as a file name: no path, nothing that a folder or a terminal acts on."""
    last = re.split(r"[\\/]", one_line(name))[-1].strip(". ")
    stem, dot, suffix = last.rpartition(".")
    if not dot or len(suffix) > _LONGEST_SUFFIX or not suffix.isalnum():
        return safe_file_name(last)
    return f"{safe_file_name(stem)}.{suffix}"


def _free_path(folder: Path, case: _Case) -> Path:
    """A path that is not taken: the name, or with unit and time behind it."""
    make_folder(folder)
    name = Path(case.name)
    whose = f"{safe_file_name(case.unit.name)[:_LONGEST_UNIT]} " if case.unit else ""
    more = f"{name.stem} ({whose}{case.arrived.astimezone():%Y%m%d-%H%M%S})"
    numbered = (f"{more} {number}" for number in count(2))
    paths = (folder / f"{stem}{name.suffix}" for stem in chain([name.stem, more], numbered))
    return next(path for path in paths if not os.path.lexists(path))
