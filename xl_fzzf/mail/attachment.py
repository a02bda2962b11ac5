"""Files in letters and mails."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

DEEPEST = 5
"""Mails in mails and archives in archives: the most that `within` may name."""


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file in a letter or in a mail; in a letter `name` is a plain file name.

    Of what came in `within` names the mails and archives around it, `inline` says whether the text
    shows it, and `fault` why it, or what is packed in it, is not there.
    """

    name: str
    data: bytes
    within: tuple[str, ...] = ()
    inline: bool = False
    fault: str = ""

    @property
    def sha256(self) -> str:
        """The content hash by which the receiver can check the file."""
        return hashlib.sha256(self.data).hexdigest()


def size_words(size: int) -> str:
    """A file's size for people."""
    return f"{size / (1 << 20):.1f} MB" if size >= 1 << 20 else f"{max(1, size >> 10)} KB"
