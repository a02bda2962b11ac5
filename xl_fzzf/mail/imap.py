"""Fetch mail from an IMAP mailbox, encrypted; nothing is changed there unless asked for."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from xl_fzzf.mail.errors import MailError, UnreachableError

if TYPE_CHECKING:
    from imapclient import IMAPClient

_TLS_PORT = 993
PATIENCE = 60.0
LARGEST = 100 << 20
_WHO = {"name": "xl_fzzf", "vendor": "xl_fzzf"}
"""Some Chinese mailboxes call a client that does not introduce itself unsafe and refuse it."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A mail in the mailbox. `key` names it for good; `arrived` is the server's own time."""

    uid: int
    key: str
    size: int
    arrived: datetime


class Mailbox:
    """An open INBOX."""

    def __init__(self, client: IMAPClient, account: str, marking: bool) -> None:
        self._client = client
        with _cut():
            found: dict[bytes, Any] = client.select_folder("INBOX", readonly=not marking)
        self._prefix = f"{account.lower()}/INBOX/{found.get(b'UIDVALIDITY', 0)}"

    def waiting(self, since: date) -> list[Waiting]:
        """The mails that came in since a day, the oldest first."""
        with _cut():
            uids = self._client.search(["SINCE", since])
            found = self._client.fetch(uids, ["RFC822.SIZE", "INTERNALDATE"]) if uids else {}
        return [
            Waiting(uid, f"{self._prefix}/{uid}", int(mail[b"RFC822.SIZE"]), mail[b"INTERNALDATE"])
            for uid, mail in sorted(found.items())
            if b"INTERNALDATE" in mail and b"RFC822.SIZE" in mail
        ]

    def fetch(self, mail: Waiting) -> bytes:
        """A mail's bytes; it stays unread."""
        with _cut():
            found: dict[int, Any] = self._client.fetch([mail.uid], ["BODY.PEEK[]"])
        data = found.get(mail.uid, {}).get(b"BODY[]")
        if not isinstance(data, bytes):
            raise UnreachableError("有一封邮件没有取到(可能刚被删除),请再运行一次")
        return data

    def mark(self, mail: Waiting) -> None:
        """Flag a mail as read."""
        with _cut():
            self._client.add_flags([mail.uid], [b"\\Seen"], silent=True)


@contextmanager
def opened(server: str, account: str, password: str, marking: bool) -> Iterator[Mailbox]:
    """The INBOX at `host[:port]`; 993 is encrypted from the start, others by STARTTLS.

    Raises UnreachableError where nobody answers, MailError where encryption or log-in fails.
    """
    client = _open(server)
    try:
        _log_in(client, account, password)
        with suppress(Exception):
            client.id_(_WHO)
        yield Mailbox(client, account, marking)
        with suppress(Exception):
            client.logout()
    finally:
        with suppress(Exception):
            client.shutdown()


def _open(server: str) -> IMAPClient:
    from imapclient import IMAPClient
    from imapclient.exceptions import CapabilityError, IMAPClientError

    host, _, port = server.partition(":")
    trusted = ssl.create_default_context()
    direct = int(port or _TLS_PORT) == _TLS_PORT
    try:
        client = IMAPClient(
            host,
            int(port or _TLS_PORT),
            ssl=direct,
            ssl_context=trusted if direct else None,
            timeout=PATIENCE,
        )
        if not direct:
            client.starttls(trusted)
    except CapabilityError as error:
        raise MailError(
            f"收信服务器“{server}”不支持加密,为了不泄露密码没有登录。"
            "请向邮箱管理员要加密的端口(一般是 993),写进“设置”的“IMAP 服务器”"
        ) from error
    except ssl.SSLCertVerificationError as error:
        raise MailError(
            f"收信服务器“{server}”的证书不可信({error.verify_message}),没有登录。"
            "请核对服务器名称;单位自建邮箱请让管理员在本机安装证书"
        ) from error
    except (OSError, IMAPClientError) as error:
        reason = f"连不上收信服务器“{server}”({type(error).__name__})"
        raise UnreachableError(f"{reason}。请核对网络和“设置”里的“IMAP 服务器”,稍后再试") from error
    client.normalise_times = False
    return client


def _log_in(client: IMAPClient, account: str, password: str) -> None:
    from imapclient.exceptions import IMAPClientAbortError, LoginError

    try:
        client.login(account, password)
    except LoginError as error:
        if isinstance(error.__context__, IMAPClientAbortError):
            raise UnreachableError("登录收信服务器时连接断了") from None
        # The server's words and the exception's context stay out of sight: they may quote the password.
        raise MailError(
            f"收信服务器不让“{account}”登录。请核对邮箱和密码;"
            "很多邮箱要用单独的授权码,并先在网页上开通 IMAP"
        ) from None
    except (OSError, IMAPClientAbortError):
        raise UnreachableError("登录收信服务器时连接断了") from None


@contextmanager
def _cut() -> Iterator[None]:
    from imapclient.exceptions import IMAPClientError

    try:
        yield
    except (OSError, IMAPClientError) as error:
        raise UnreachableError(f"收信时连接断了({type(error).__name__})") from error
