"""What a rule is and what it yields. Rules never raise, and know neither file nor clock."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Generic, TypeVar

from xl_fzzf.model.finding import Severity

Subject = TypeVar("Subject", contravariant=True)


@dataclass(frozen=True, slots=True)
class Fault:
    """A fault that a rule found. Where it stands follows from `field`, `sheet` and `row`."""

    message: str
    value: str = ""
    expected: str = ""
    remedy: str = ""
    field: str = ""
    indicator: str = ""
    sheet: str = ""
    row: int = 0


@dataclass(frozen=True, slots=True)
class Rule(Generic[Subject]):
    """A rule: its severity unless 设置 says otherwise, what it checks (in words), and the check."""

    severity: Severity
    checks: str
    check: Callable[[Subject], Iterator[Fault]]
