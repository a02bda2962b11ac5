"""Empty an outbox through a mail server, as far as the server lets it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from datetime import datetime

from xl_fzzf.mail.attachment import size_words
from xl_fzzf.mail.errors import UnreachableError
from xl_fzzf.mail.outbox import Outbox, State
from xl_fzzf.mail.smtp import Connection

Allows = Callable[[str], bool]
"""Whether mail may go to an address."""


class Courier:
    """Sends what is due in an outbox, from one account, to whom it may; `sent` counts deliveries."""

    def __init__(self, outbox: Outbox, account: str, allows: Allows, now: datetime) -> None:
        self._outbox, self._account, self._allows, self._now = outbox, account, allows, now
        self.sent = 0

    def run(self, connect: Callable[[], AbstractContextManager[Connection]]) -> str:
        """Send what is due; returns why it stopped early, "" if it did not."""
        due = self._outbox.due(self._now).items()
        allowed = ((letter, [to for to in found if self._allows(to)]) for letter, found in due)
        pending = [(letter, to) for letter, to in allowed if to]
        while pending:
            try:
                with connect() as connection:
                    while pending and self._send(connection, *pending.pop(0)):
                        pass
            except UnreachableError as error:
                for letter, to in pending:
                    self._settle(letter, to, State.QUEUED, str(error))
                return str(error)
        return ""

    def _send(self, connection: Connection, letter: str, to: Sequence[str]) -> bool:
        """Send one letter; whether the connection can be used for another."""
        data = self._outbox.data(letter)
        if 0 < connection.largest < len(data):
            most = size_words(connection.largest)
            reason = f"邮件有 {size_words(len(data))}，服务器最大只收 {most}"
            self._settle(letter, to, State.FAILED, reason)
            return True
        try:
            results = connection.address(self._account, to)
        except UnreachableError as error:
            self._settle(letter, to, State.QUEUED, str(error))
            return False
        self._outbox.settle(letter, results, self._now)
        accepted = [recipient for recipient in to if recipient not in results]
        if not accepted:
            return True
        self._settle(letter, accepted, State.SENDING, "")
        state, note = connection.transmit(data)
        self._settle(letter, accepted, state, note)
        self.sent += len(accepted) if state is State.SENT else 0
        return state in (State.SENT, State.FAILED)

    def _settle(self, letter: str, to: Sequence[str], state: State, note: str) -> None:
        self._outbox.settle(letter, dict.fromkeys(to, (state, note)), self._now)
