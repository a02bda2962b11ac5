"""The mailbox's password: from the environment or the system's keyring, never from a file."""

from __future__ import annotations

import os

from xl_fzzf.mail.errors import MailError

VARIABLE = "FZZF_MAIL_PASSWORD"
SERVICE = "xl_fzzf"


def read_password(account: str) -> str:
    """The password of a mailbox; raises MailError that says how to give it."""
    password = os.environ.get(VARIABLE) or _from_keyring(account)
    if not password:
        raise MailError(
            f"没有“{account}”的邮箱密码(有的邮箱叫授权码)。请设环境变量 {VARIABLE},"
            f"或运行 keyring set {SERVICE} {account} 存入系统钥匙串,然后再试"
        )
    if not (password.isascii() and password.isprintable()):
        raise MailError(
            f"“{account}”的邮箱密码里有邮件服务器不认的字符,请核对是否多了空格、换行或汉字"
        )
    return password


def _from_keyring(account: str) -> str:
    try:
        import keyring
        from keyring.errors import KeyringError
    except ModuleNotFoundError:
        return ""
    try:
        return keyring.get_password(SERVICE, account) or ""
    except KeyringError:
        return ""
