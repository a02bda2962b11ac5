"""Settings (设置) of a round, as the coordinator edits them in the master."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from xl_fzzf.model.period import Period


@dataclass(frozen=True, slots=True)
class MailSettings:
    """Mail: addresses, servers as `host` or `host:port`; `limit` is the largest mail, in MB."""

    city: tuple[str, ...] = ()
    sender: str = ""
    allowed: tuple[str, ...] = ()
    smtp: str = ""
    imap: str = ""
    limit: int = 20


@dataclass(frozen=True, slots=True)
class Settings:
    """A round's settings; `severities` maps rule codes to a severity's value or `OFF`."""

    period: Period
    deadline: date
    contact: str = ""
    distribute_optional: bool = False
    severities: Mapping[str, str] = field(default_factory=dict)
    mail: MailSettings = MailSettings()
