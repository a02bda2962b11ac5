"""Faults in running. A fault in the data is a finding instead, and is never raised."""

from __future__ import annotations


class UserError(Exception):
    """Something that the user can put right; the text says, in Chinese, what is wrong and what to do."""
