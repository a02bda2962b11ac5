"""What both mail servers ask for and refuse: encryption, a certificate, a password."""

from __future__ import annotations

import os
import ssl
from dataclasses import dataclass

from xl_fzzf.mail.errors import MailError

VARIABLE = "FZZF_MAIL_PASSWORD"
SERVICE = "xl_fzzf"


@dataclass(frozen=True, slots=True)
class Service:
    """A server as people are told of it: what it does, its protocol, and what became of the letters."""

    name: str
    protocol: str
    port: int
    letters: str = ""

    def unencrypted(self, server: str) -> MailError:
        """Of a server that offers no encryption."""
        return MailError(
            f"{self.name}服务器“{server}”不支持加密，为了不泄露密码没有登录{self.letters}。"
            f"请向邮箱管理员要加密的端口（一般是 {self.port}），写进“设置”的“{self.protocol} 服务器”"
        )

    def untrusted(self, server: str, error: ssl.SSLCertVerificationError) -> MailError:
        """Of a server whose certificate nobody vouches for."""
        return MailError(
            f"{self.name}服务器“{server}”的证书不可信（{error.verify_message}），没有登录{self.letters}。"
            "请核对服务器名称；单位自建邮箱请让管理员在本机安装证书"
        )

    def refused(self, account: str, code: str = "") -> MailError:
        """Of a log-in that failed; what the server said stays out of sight: it may quote the password."""
        return MailError(
            f"{self.name}服务器不让“{account}”登录{code}{self.letters}。请核对邮箱和密码；"
            f"很多邮箱要用单独的授权码，并先在网页上开通 {self.protocol}"
        )


def read_password(account: str) -> str:
    """The password of a mailbox, from the environment or the system's keyring, never from a file.

    Raises MailError that says how to give it.
    """
    password = os.environ.get(VARIABLE) or _from_keyring(account)
    if not password:
        raise MailError(
            f"没有“{account}”的邮箱密码（有的邮箱叫授权码）。请设环境变量 {VARIABLE}，"
            f"或运行 keyring set {SERVICE} {account} 存入系统钥匙串，然后再试"
        )
    if not (password.isascii() and password.isprintable()):
        raise MailError(
            f"“{account}”的邮箱密码里有邮件服务器不认的字符，请核对是否多了空格、换行或汉字"
        )
    return password


def _from_keyring(account: str) -> str:
    """Not yet run on Windows: docs/excel-checklist.md."""
    try:
        import keyring
        from keyring.errors import KeyringError
    except ModuleNotFoundError:
        return ""
    try:
        return keyring.get_password(SERVICE, account) or ""
    except KeyringError:
        return ""
