"""Faults seeded into good returns, each at a known file, sheet and cell."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from openpyxl import load_workbook
from openpyxl.utils import get_column_letter

from xl_fzzf.model.kinds import Kind
from xl_fzzf.model.plan import Indicator, Plan, Unit
from xl_fzzf.model.record import ENTRY_LABELS
from xl_fzzf.model.target import Op
from xl_fzzf.sheets.spec import AREA_COLUMNS

_ACTS = (
    "召开",
    "印发",
    "修订",
    "检查",
    "走访",
    "培训",
    "公示",
    "整改",
    "督办",
    "评查",
    "清理",
    "备案",
    "宣讲",
    "评估",
    "回访",
)
_THINGS = ("专题会", "实施方案", "权责清单", "执法案卷", "村居点位", "骨干人员", "办事指南", "历史遗留事项", "合同文本",
           "行政决定", "听证程序", "调解案件", "信访事项", "窗口服务", "普法活动")  # fmt: skip
Values = dict[str, Any]


def good_answer(indicator: Indicator, unit: Unit, chance: random.Random) -> Values:
    """What a careful office fills in: the target met, evidence given, words of its own."""
    target = indicator.target_for(unit)
    words = "、".join(
        f"{chance.choice(_ACTS)}{chance.choice(_THINGS)}{chance.randint(2, 99)}项" for _ in range(7)
    )
    answer: Values = {
        "narrative": f"{unit.name}{words}",
        "evidence": f"嘉{unit.code}发〔2019〕{chance.randint(1, 300)}号",
    }
    if indicator.kind is Kind.YES_NO:
        answer["value"] = "是"
    elif indicator.kind is Kind.COUNT:
        answer["value"] = int((target.value or 1) + (target.op is Op.GT) + chance.randint(0, 1))
    elif indicator.kind is Kind.RATE:
        below = chance.randint(20, 60)
        answer |= {"numerator": below, "denominator": below}
    elif indicator.kind in (Kind.SCORE, Kind.AMOUNT):
        last_year = 80 + chance.randint(0, 9)
        answer |= {"denominator": last_year, "value": last_year + 3}
    return answer


@dataclass
class Sheet:
    """An area sheet of a return that is open in openpyxl: its columns by field, its rows by code."""

    sheet: Any
    header: int
    columns: dict[str, int] = field(default_factory=dict)
    rows: dict[str, int] = field(default_factory=dict)

    def cell(self, code: str, name: str) -> Any:
        return self.sheet.cell(self.rows[code], self.columns[name])

    def put(self, code: str, name: str, value: Any) -> str:
        """Type a value; returns the cell's address."""
        self.cell(code, name).value = value
        return self.at(code, name)

    def at(self, code: str, name: str) -> str:
        return f"{get_column_letter(self.columns[name])}{self.rows[code]}"

    @property
    def below(self) -> int:
        """The second row below the table."""
        return max(self.rows.values()) + 2


@dataclass(frozen=True)
class Return:
    """A return that a careful office filled in, open in openpyxl."""

    path: Path
    plan: Plan
    unit: Unit
    chance: random.Random

    @cached_property
    def book(self) -> Any:
        return load_workbook(self.path, rich_text=True)

    @cached_property
    def sheets(self) -> list[Sheet]:
        return [found for sheet in self.book if (found := _open(sheet))]

    @property
    def places(self) -> list[tuple[Sheet, str]]:
        return [(sheet, code) for sheet in self.sheets for code in sheet.rows]

    def fill_in(self) -> None:
        for sheet, code in self.places:
            for name, value in good_answer(
                self.plan.indicators[code], self.unit, self.chance
            ).items():
                sheet.put(code, name, value)

    def save(self) -> None:
        self.book.save(self.path)


@dataclass(frozen=True)
class Seed:
    """A fault: its kind, whose records it spoils, where any of the `rules` may name it.

    `cells` are sheet and cell; where there are none the whole file is spoilt, and any place will do,
    or, with `sheet`, any on that sheet. Without `rules` it is no fault: nothing may be found. `never`
    says that the field holds nothing that may become a number.
    """

    kind: str
    file: str
    codes: tuple[str, ...] = ()
    rules: tuple[str, ...] = ()
    cells: frozenset[tuple[str, str]] = frozenset()
    sheet: str = ""
    field: str = ""
    never: bool = False


@dataclass
class Deck:
    """Kinds of fault in a mixed order, dealt one after the other, so that each comes up."""

    chance: random.Random
    piles: dict[str, list[str]] = field(default_factory=dict)

    def deal(self, of: str, names: Mapping[str, Any]) -> str:
        if not self.piles.get(of):
            self.piles[of] = sorted(names)
            self.chance.shuffle(self.piles[of])
        return self.piles[of].pop()


def _open(sheet: Any) -> Sheet | None:
    fields = {
        column.header: column.field
        for column in AREA_COLUMNS
        if column.field in (*ENTRY_LABELS, "code", "unit", "text")
    }
    for row in sheet.iter_rows(max_row=20):
        found = {fields[cell.value]: cell.column for cell in row if cell.value in fields}
        if {"unit", "code", "value"} <= set(found):
            rows = range(row[0].row + 1, sheet.max_row + 1)
            codes = {
                str(sheet.cell(at, found["code"]).value): at
                for at in rows
                if sheet.cell(at, found["code"]).value
            }
            return Sheet(sheet, row[0].row, found, codes)
    return None
