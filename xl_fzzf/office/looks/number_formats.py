"""Number formats that show something else than a cell holds: hidden, as a percentage, scaled, rounded."""

from __future__ import annotations

import re
from functools import lru_cache
from math import isfinite

from xl_fzzf.model.record import Cell, number

BUILT_IN = {
    1: "0", 3: "#,##0", 5: "0", 6: "0", 7: "0.00", 8: "0.00", 9: "0%", 10: "0.00%", 37: "#,##0",
    38: "#,##0", 41: "#,##0", 42: "#,##0",
}  # fmt: skip
"""The numbered formats (ECMA-376 18.8.30) that can show something else; dates are not among them."""

HIDDEN = "（不显示）"

_MOST = 9
"""Scalings in one format; more overflow."""

_HARMLESS = re.compile(r"(?i)general|@|[0#?,]*0?\.[0#?]+|")
_TOKEN = re.compile(r'"([^"]*)"?|\\(.)|[_*].|\[([^\]]*)\]|(.)', re.DOTALL)
_DATE = re.compile(r"(?i)[ymdhs]|上午|AM/PM|A/P")
_SCALED = re.compile(r",+(?![0#?.])")
_MISLEADING = re.compile(r"[\d%‰百千万亿]")


@lru_cache(1024)
def may_mislead(code: str) -> bool:
    """Whether a format can show something else than the value; the common ones can't."""
    if _HARMLESS.fullmatch(code):
        return False
    return any(not section.date for section in _sections(code))


def shown_otherwise(code: str, value: Cell) -> str:
    """What a format makes of a value, if that is something else than the value; else nothing."""
    sections = _sections(code)
    amount = number(value)
    if amount is None:
        hides = isinstance(value, str) and len(sections) > 3 and sections[3].hides
        return HIDDEN if hides else ""
    if amount < 0 and len(sections) > 1:
        return sections[1].show(amount)
    return sections[2 if amount == 0 and len(sections) > 2 else 0].show(amount)


class _Section:
    """One of the parts of a format between semicolons."""

    def __init__(self, code: str) -> None:
        self.literal = self.plain = ""
        for match in _TOKEN.finditer(code):
            self.literal += match[1] or match[2] or ""
            self.plain += match[4] or ""
        self.date = bool(_DATE.search(self.plain)) and "general" not in self.plain.lower()
        self.hides = not self.plain.strip() and not self.literal.strip()

    def show(self, amount: float) -> str:
        plain = self.plain
        if self.date or "general" in plain.lower() or "@" in plain:
            return ""
        if not re.search(r"[0#?]", plain):
            return self.literal.strip() + plain.strip() or HIDDEN
        scaled = amount * 100.0 ** min(plain.count("%"), _MOST)
        if commas := _SCALED.search(plain):
            scaled /= 1000.0 ** min(len(commas[0]), _MOST)
        decimals = re.search(r"\.([0#?]*)", plain)
        if isfinite(scaled) and not decimals and "E" not in plain.upper() and "/" not in plain:
            scaled = float(round(scaled))
        if scaled != amount or _MISLEADING.search(self.literal):
            return f"{scaled:.15g}{'%' * plain.count('%')}{self.literal.strip()}"
        return ""


@lru_cache(1024)
def _sections(code: str) -> tuple[_Section, ...]:
    parts, last = [""], 0
    for match in _TOKEN.finditer(code):
        last = match.end()
        if match[4] == ";":
            parts.append("")
        else:
            parts[-1] += match[0]
    parts[-1] += code[last:]
    return tuple(map(_Section, parts))
