"""Who holds a workbook open: Excel, WPS and LibreOffice leave a small file beside it that says so."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from xl_fzzf.desk.errors import JobError

_ANSI, _WIDE = slice(1, 55), 55
"""Where Excel's owner file has the name in the local encoding, and its length and name in UTF-16."""


@dataclass(frozen=True, slots=True)
class Holder:
    """A program that holds a workbook: its lock file, and the person's name, "" if it isn't known."""

    lock: str = ""
    person: str = ""

    def __str__(self) -> str:
        """Who it is, and what to do where nobody is."""
        who = f"（打开的人：{self.person}）" if self.person else ""
        stale = f"；如果其实没有人打开它，请删除同一文件夹里的“{self.lock}”" if self.lock else ""
        return f"正开着{who}。请保存并关闭它，再运行一次{stale}"


def find_holder(path: Path) -> Holder | None:
    """Who holds a workbook open, by the lock files beside it."""
    readers = {"~${}": _read_owner, ".~{}": _read_owner, ".~lock.{}#": _read_lock}
    for pattern, read in readers.items():
        lock = path.with_name(pattern.format(path.name))
        if lock.exists():
            try:
                name = read(lock.read_bytes())
            except OSError:  # Excel may share it with nobody
                name = ""
            shown = "".join(character for character in name if character.isprintable())
            return Holder(lock.name, shown.strip())
    return None


def refuse_if_open(path: Path) -> None:
    """Raise JobError while a program holds the file open."""
    holder = find_holder(path)
    if holder:
        raise JobError(f"“{path.name}”{holder}")


def refuse_read_only(path: Path) -> None:
    """Raise JobError for a workbook that Excel opened read-only, as somebody else holds it."""
    holder = find_holder(path)
    who = f"打开着它的人：{holder.person}。" if holder and holder.person else "可能别人正开着它。"
    raise JobError(
        f"“{path.name}”是以只读方式打开的，没有改动。{who}请等对方关闭后重新打开，再点按钮。"
    )


def _read_owner(data: bytes) -> str:
    """The name in the owner file (~$) of Excel."""
    length = int.from_bytes(data[_WIDE : _WIDE + 2], "little")
    wide = data[_WIDE + 2 : _WIDE + 2 + 2 * length]
    if wide:
        return wide.decode("utf-16-le", "replace")
    return data[_ANSI][: data[0] if data else 0].decode("gb18030", "replace")


def _read_lock(data: bytes) -> str:
    """The name in LibreOffice's lock file: full name, account, machine, time, profile."""
    person, account, *_ = [*data.decode("utf-8", "replace").split(","), "", ""]
    return person or account
