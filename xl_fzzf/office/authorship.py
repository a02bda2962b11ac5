"""Who saved a workbook last, as far as it tells (docProps/core.xml)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from xl_fzzf.office.xlsx.package import Package
from xl_fzzf.office.xlsx.workbook_part import unescape
from xl_fzzf.office.xlsx.zipped import BookError

_CORE = "docProps/core.xml"
_PERSON = re.compile(r"<cp:lastModifiedBy[^>]*>([^<]{1,80})")
_TIME = re.compile(r"<dcterms:modified[^>]*>([^<]{1,40})")


@dataclass(frozen=True, slots=True)
class LastSaved:
    """The person's name as Excel knows it, and the local time; None where only the name is there."""

    person: str
    at: datetime | None

    def __str__(self) -> str:
        """In words for a clerk."""
        when = f"于 {self.at:%Y-%m-%d %H:%M} " if self.at else ""
        return f"{self.person} {when}保存"


def read_last_saved(path: Path) -> LastSaved | None:
    """Who saved a workbook last; None where it does not say, or can't be read."""
    try:
        text = Package(path.read_bytes(), path.name).text(_CORE)
    except (OSError, BookError, KeyError):
        return None
    person, time = _PERSON.search(text), _TIME.search(text)
    if not person:
        return None
    name = "".join(c for c in unescape(person[1]) if c.isprintable()).strip()
    return LastSaved(name, _local(time[1])) if name and time else LastSaved(name, None)


def _local(words: str) -> datetime | None:
    try:
        return datetime.fromisoformat(words).astimezone()
    except ValueError:
        return None
