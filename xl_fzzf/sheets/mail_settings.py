"""Read what 设置 says about mail."""

from __future__ import annotations

import re
from collections.abc import Mapping

from xl_fzzf.model.address import ROSTER, is_address, split_addresses
from xl_fzzf.model.settings import MailSettings

_SERVER = re.compile(r"[A-Za-z0-9.-]{1,253}(:\d{1,5})?", re.ASCII)
_MOST_MB = 1000


def read_mail_settings(values: Mapping[str, str]) -> tuple[MailSettings, list[str]]:
    """The mail settings and what is wrong with them; a key that isn't there has its default."""
    faults: list[str] = []
    plain = MailSettings()
    mail = MailSettings(
        city=_addresses(values, "市级邮箱", faults),
        sender=next(iter(_addresses(values, "发件邮箱", faults)), ""),
        allowed=_addresses(values, "允许收件人", faults, domains=True),
        smtp=_server(values, "SMTP 服务器", faults),
        imap=_server(values, "IMAP 服务器", faults),
        limit=_megabytes(values.get("附件上限 MB", ""), plain.limit, faults),
    )
    return mail, faults


def _addresses(
    values: Mapping[str, str], key: str, faults: list[str], domains: bool = False
) -> tuple[str, ...]:
    found = split_addresses(values.get(key, ""))
    for entry in found:
        whole_domain = domains and (entry == ROSTER or is_address(f"x{entry}"))
        if not (is_address(entry) or whole_domain):
            faults.append(f"“{key}”:邮箱“{entry}”写法不对,应像 fzb@example.gov.cn")
    return found


def _server(values: Mapping[str, str], key: str, faults: list[str]) -> str:
    found = values.get(key, "").strip()
    if found and not _SERVER.fullmatch(found):
        faults.append(f"“{key}”:“{found}”写法不对,应像 smtp.example.gov.cn:465")
    return found


def _megabytes(found: str, default: int, faults: list[str]) -> int:
    if not found:
        return default
    if found.isascii() and found.isdecimal() and 0 < int(found) <= _MOST_MB:
        return int(found)
    faults.append(f"“附件上限 MB”:“{found}”不对,要填 1 至 {_MOST_MB} 的整数")
    return default
