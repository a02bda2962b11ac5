"""Enums of which staff read one word and programs another."""

from __future__ import annotations

from enum import StrEnum
from typing import Self


class Labelled(StrEnum):
    """Members are written `NAME = value, label`; `label` is the word that staff read."""

    label: str

    def __new__(cls, value: str, label: str = "") -> Self:
        """A member that equals its value."""
        member = str.__new__(cls, value)
        member._value_, member.label = value, label
        return member
