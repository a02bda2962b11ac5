"""Faults of mail that the user must know of."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from xl_fzzf.model.errors import UserError

_LIBRARIES = {"jinja2", "imapclient", "oxmsg", "tnefparse", "keyring"}


class MailError(UserError):
    """Mail that can't be written, sent or fetched; the message says, in Chinese, what to do."""


class UnreachableError(MailError):
    """A mail server that does not answer now; it may answer later."""


@contextmanager
def explained() -> Iterator[None]:
    """Raise MailError where a library of the extra `mail` is not installed."""
    try:
        yield
    except ModuleNotFoundError as error:
        if error.name in _LIBRARIES:
            raise MailError(
                f"邮件功能还没有装全（缺少 {error.name}）。请运行 pip install 'xl-fzzf[mail]' 后再试"
            ) from error
        raise
