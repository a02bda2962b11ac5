"""Faults of the ledger that the user must know of."""

from __future__ import annotations

from xl_fzzf.model.errors import UserError


class LedgerError(UserError):
    """A ledger that this program must not touch; the message says, in Chinese, what to do."""
