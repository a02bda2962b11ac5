"""Fetch mail from an IMAP mailbox, encrypted; nothing is changed there unless asked for."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from xl_fzzf.mail.errors import UnreachableError
from xl_fzzf.mail.server import Service

if TYPE_CHECKING:
    from imapclient import IMAPClient

_TLS_PORT = 993
PATIENCE = 60.0
LARGEST = 100 << 20
_SERVICE = Service("收信", "IMAP", _TLS_PORT)
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
            raise UnreachableError("有一封邮件没有取到（可能刚被删除），请再运行一次")
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
        context = trusted if direct else None
        client = IMAPClient(
            host, int(port or _TLS_PORT), ssl=direct, ssl_context=context, timeout=PATIENCE
        )
        try:
            if not direct:
                client.starttls(trusted)
        except BaseException:
            with suppress(Exception):
                client.shutdown()
            raise
    except CapabilityError as error:
        raise _SERVICE.unencrypted(server) from error
    except ssl.SSLCertVerificationError as error:
        raise _SERVICE.untrusted(server, error) from error
    except (OSError, IMAPClientError) as error:
        reason = f"连不上收信服务器“{server}”（{type(error).__name__}）"
        raise UnreachableError(
            f"{reason}。请核对网络和“设置”里的“IMAP 服务器”，稍后再试"
        ) from error
    client.normalise_times = False
    return client


def _log_in(client: IMAPClient, account: str, password: str) -> None:
    from imapclient.exceptions import IMAPClientAbortError, LoginError

    try:
        client.login(account, password)
    except (OSError, IMAPClientAbortError, LoginError) as error:
        cut = isinstance(error.__context__, IMAPClientAbortError)
        if isinstance(error, LoginError) and not cut:
            raise _SERVICE.refused(account) from None
        raise UnreachableError("登录收信服务器时连接断了") from None


@contextmanager
def _cut() -> Iterator[None]:
    from imapclient.exceptions import IMAPClientError

    try:
        yield
    except (OSError, IMAPClientError) as error:
        raise UnreachableError(f"收信时连接断了（{type(error).__name__}）") from error
