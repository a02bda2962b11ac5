"""Settings (设置) of a round, as the coordinator edits them, and the e-mail addresses in them."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from xl_fzzf.model.period import Period

ROSTER = "单位邮箱"
"""In 允许收件人: every address in 邮箱 of the sheet 单位."""

_LABEL = "[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_ADDRESS = re.compile(
    rf"[A-Za-z0-9.!#$%&'*+/=?^_`{{|}}~-]{{1,64}}@(?:{_LABEL}\.)+[A-Za-z][A-Za-z0-9-]*", re.ASCII
)
_BETWEEN = re.compile("[、,;\\s\uff0c\uff1b]+")


@dataclass(frozen=True, slots=True)
class MailSettings:
    """Mail: addresses, servers as `host` or `host:port`; `limit` is the largest mail, in MB."""

    city: tuple[str, ...] = ()
    sender: str = ""
    allowed: tuple[str, ...] = ()
    smtp: str = ""
    imap: str = ""
    limit: int = 20


class Blanks(StrEnum):
    """What becomes of an entry that a unit's newer file leaves blank: it stays, or it goes."""

    KEEP = "保留原值"
    REPLACE = "以新版为准"


@dataclass(frozen=True, slots=True)
class Settings:
    """A round's settings; `severities` maps rule codes to a severity's value or `OFF`."""

    period: Period
    deadline: date
    contact: str = ""
    distribute_optional: bool = False
    blanks: Blanks = Blanks.KEEP
    severities: Mapping[str, str] = field(default_factory=dict)
    mail: MailSettings = MailSettings()
    approver: str = ""
    reviewer: str = ""


def is_address(text: str) -> bool:
    """Whether a text is one plain address, with nothing before or behind it."""
    return bool(_ADDRESS.fullmatch(text)) and len(text) <= 254


def split_addresses(text: str) -> tuple[str, ...]:
    """The parts of a list of addresses as staff type it, checked or not."""
    return tuple(part for part in _BETWEEN.split(text) if part)


def is_allowed(address: str, allowed: Collection[str], roster: Collection[str]) -> bool:
    """Whether 允许收件人 lets mail go to an address: itself, its @domain, or `ROSTER`."""
    folded = address.lower()
    named = {entry.lower() for entry in allowed}
    known = ROSTER in allowed and folded in {entry.lower() for entry in roster}
    return folded in named or folded[folded.rfind("@") :] in named or known
