"""Reporting periods: year, half, quarter and month."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date, timedelta

_PATTERN = re.compile(r"(?P<year>20\d\d)(?:(?P<kind>[HQM])(?P<number>\d{1,2}))?", re.ASCII)
_MONTHS = {"": 12, "H": 6, "Q": 3, "M": 1}
_NUMERALS = "一二三四"

GRACE = timedelta(days=5)
"""A return is due this long after its period's end, unless 设置 says otherwise."""


@dataclass(frozen=True, slots=True)
class Period:
    """A reporting period (报告期). `kind` is "" (year), "H", "Q" or "M"; `number` counts from 1."""

    year: int
    kind: str
    number: int

    @classmethod
    def parse(cls, text: str) -> Period:
        """Read `2019`, `2019H2`, `2019Q3` or `2019M09`; raises ValueError that says what is wanted."""
        match = _PATTERN.fullmatch(text.strip().upper())
        if match:
            kind = match["kind"] or ""
            number = int(match["number"] or 1)
            if 1 <= number <= 12 // _MONTHS[kind]:
                return cls(int(match["year"]), kind, number)
        raise ValueError(
            f"报告期“{text}”写法不对，应写成四位数的年份，后面可以再加 H2（半年）、Q3（季度）、M09（月）"
        )

    @property
    def ends_year(self) -> bool:
        """Whether its last day is the year's: its values, counted from the year's first day, are final."""
        return self.number * _MONTHS[self.kind] == 12

    @property
    def end(self) -> date:
        """The period's last day."""
        month = self.number * _MONTHS[self.kind]
        return date(self.year, month, calendar.monthrange(self.year, month)[1])

    @property
    def deadline(self) -> date:
        """The day until which returns are due, unless 设置 says otherwise."""
        return self.end + GRACE

    @property
    def following(self) -> Period:
        """The next period of the same length."""
        years, before = divmod(self.number, 12 // _MONTHS[self.kind])
        return Period(self.year + years, self.kind, before + 1)

    @property
    def label(self) -> str:
        """The period in Chinese, as it stands on covers: 2019年第三季度."""
        names = {
            "": "度",
            "H": "上半年" if self.number == 1 else "下半年",
            "Q": f"第{_NUMERALS[(self.number - 1) % 4]}季度",
            "M": f"{self.number}月",
        }
        return f"{self.year}年{names[self.kind]}"

    def __str__(self) -> str:
        number = f"{self.number:02d}" if self.kind == "M" else str(self.number)
        return f"{self.year}{self.kind}{number if self.kind else ''}"
