"""Faults of the ledger that the user must know of."""


class LedgerError(Exception):
    """A ledger that this program must not touch; the message says, in Chinese, what to do."""
