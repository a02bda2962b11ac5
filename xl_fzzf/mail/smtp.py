"""Hand letters to a mail server: encrypted or not at all, and with an answer for every recipient."""

from __future__ import annotations

import re
import smtplib
import ssl
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress

from xl_fzzf.mail.errors import MailError, UnreachableError
from xl_fzzf.mail.outbox import State
from xl_fzzf.mail.server import Service
from xl_fzzf.model.characters import one_line

_TLS_PORT = 465
PATIENCE = 60.0
"""Seconds to wait for a server's answer."""

_SERVICE = Service("发信", "SMTP", _TLS_PORT, "，邮件都留在发件箱")


class Connection:
    """An open, encrypted and authenticated connection to the server that sends."""

    def __init__(self, smtp: smtplib.SMTP) -> None:
        self._smtp = smtp

    @property
    def largest(self) -> int:
        """The largest message that the server takes, in bytes; 0 if it doesn't say."""
        size = self._smtp.esmtp_features.get("size", "")
        return int(size) if size.isascii() and size.isdecimal() else 0

    def address(self, sender: str, recipients: Sequence[str]) -> dict[str, tuple[State, str]]:
        """Begin a letter: what the server says against recipients; those not named it accepts.

        Raises UnreachableError where the connection breaks; then nothing was sent.
        """
        with _unsent():
            self._smtp.rset()
            code, answer = self._smtp.mail(sender)
            if code != 250:
                return dict.fromkeys(recipients, _verdict(code, answer))
            answers = {recipient: self._smtp.rcpt(recipient) for recipient in recipients}
        return {
            recipient: _verdict(code, answer)
            for recipient, (code, answer) in answers.items()
            if code not in (250, 251)
        }

    def transmit(self, data: bytes) -> tuple[State, str]:
        """Send the letter itself to those whom the server accepted; never raises for the network.

        Where the whole letter went out and no answer came, it is in doubt.
        """
        try:
            with _unsent():
                code, answer = self._smtp.docmd("DATA")
                if code != 354:
                    return _verdict(code, answer)
                self._smtp.send(_quoted(data))
        except UnreachableError as error:  # the last line did not go out: it was not accepted
            return State.QUEUED, str(error)
        try:
            code, answer = self._smtp.getreply()
        except (OSError, smtplib.SMTPException):
            self._smtp.close()
            return State.IN_DOUBT, "邮件已传完，没有等到服务器的答复，连接就断了"
        if 200 <= code < 300:
            return State.SENT, ""
        if 400 <= code < 600:
            return _verdict(code, answer)
        self._smtp.close()
        return State.IN_DOUBT, "邮件已传完，看不懂服务器的答复"


@contextmanager
def connected(server: str, account: str, password: str) -> Iterator[Connection]:
    """A connection to `host[:port]`; 465 is encrypted from the start, others by STARTTLS.

    Raises UnreachableError where nobody answers, MailError where encryption or log-in fails.
    """
    smtp = _open(server)
    try:
        _log_in(smtp, account, password)
        yield Connection(smtp)
        with suppress(OSError, smtplib.SMTPException):
            smtp.quit()
    finally:
        smtp.close()


def _open(server: str) -> smtplib.SMTP:
    host, _, port = server.partition(":")
    trusted = ssl.create_default_context()
    try:
        if int(port or _TLS_PORT) == _TLS_PORT:
            return smtplib.SMTP_SSL(host, _TLS_PORT, timeout=PATIENCE, context=trusted)
        smtp = smtplib.SMTP(host, int(port), timeout=PATIENCE)
        try:
            smtp.starttls(context=trusted)
        except BaseException:
            smtp.close()
            raise
        return smtp
    except smtplib.SMTPNotSupportedError as error:
        raise _SERVICE.unencrypted(server) from error
    except ssl.SSLCertVerificationError as error:
        raise _SERVICE.untrusted(server, error) from error
    except (OSError, smtplib.SMTPException) as error:
        raise UnreachableError(f"连不上发信服务器“{server}”（{_reason(error)}）") from error


def _log_in(smtp: smtplib.SMTP, account: str, password: str) -> None:
    try:
        smtp.login(account, password)
    except smtplib.SMTPAuthenticationError as error:
        if 400 <= error.smtp_code < 500:
            raise UnreachableError(f"发信服务器暂时不能登录（{error.smtp_code}）") from None
        raise _SERVICE.refused(account, f"（{error.smtp_code}）") from None
    except smtplib.SMTPNotSupportedError:
        raise MailError("发信服务器不支持用密码登录，请向邮箱管理员核对服务器名称和端口") from None
    except (OSError, smtplib.SMTPException) as error:
        raise UnreachableError(f"登录发信服务器时连接断了（{type(error).__name__}）") from None


@contextmanager
def _unsent() -> Iterator[None]:
    try:
        yield
    except (OSError, smtplib.SMTPException) as error:
        raise UnreachableError(f"发信时连接断了（{_reason(error)}）") from error


def _verdict(code: int, answer: bytes) -> tuple[State, str]:
    state = State.FAILED if 500 <= code < 600 and code != 521 else State.QUEUED
    return state, one_line(f"{code} {answer.decode('utf-8', 'replace')}")[:300]


def _reason(error: Exception) -> str:
    return one_line(str(getattr(error, "strerror", None) or error))[:200] or type(error).__name__


def _quoted(data: bytes) -> bytes:
    """A message as DATA sends it: dots at line starts doubled, a lone dot at the end."""
    lines = re.sub(rb"(?m)^\.", b"..", data)
    return lines.removesuffix(b"\r\n") + b"\r\n.\r\n"
