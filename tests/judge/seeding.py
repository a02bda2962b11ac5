"""Faults seeded into good returns, each at a known file, sheet and cell."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
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
    columns: dict[str, int] = field(default_factory=dict)
    rows: dict[str, int] = field(default_factory=dict)

    def put(self, code: str, name: str, value: Any) -> str:
        """Type a value; returns the cell's address."""
        cell = self.sheet.cell(self.rows[code], self.columns[name])
        cell.value = value
        return self.at(code, name)

    def at(self, code: str, name: str) -> str:
        return f"{get_column_letter(self.columns[name])}{self.rows[code]}"


@dataclass(frozen=True)
class Seed:
    """A fault: where it stands, and the rules any of which may name it."""

    file: str
    sheet: str
    cell: str
    code: str
    rules: tuple[str, ...]
    way: str
    raw: Any = None
    field: str = ""


Way = Callable[[Sheet, Indicator], tuple[str, Any, tuple[str, ...]]]


def _typed(name: str, value: Any, *rules: str, also: Values | None = None) -> Way:
    def way(sheet: Sheet, indicator: Indicator) -> tuple[str, Any, tuple[str, ...]]:
        for other, what in (also or {}).items():
            sheet.put(indicator.code, other, what)
        sheet.put(indicator.code, name, value)
        return name, value, rules

    return way


_NUMBERS = (
    "约95%",
    "九十五",
    "90-95",
    "nan",
    "1_000",
    "1e5",
    "同上",
    "３次左右",
    "O",
    "1.234,5",
    ">3",
    "٣",
    "0012",
    "inf",
)
WAYS: dict[Kind, dict[str, Way]] = {
    Kind.COUNT: {
        **{f"text {text}": _typed("value", text, "number", "none-word") for text in _NUMBERS},
        "negative": _typed("value", -3, "range"),
        "fraction": _typed("value", 2.5, "whole"),
        "identity number": _typed("value", 511304198001010000, "range"),
        "date": _typed("value", date(2019, 9, 9), "number", "range"),
        "day number": _typed("value", 43717, "range"),
        "true": _typed("value", True, "number"),
        "error": _typed("value", "#DIV/0!", "number", "error-cell"),
        "blank": _typed("value", None, "required"),
        "slash": _typed("value", "/", "none-word"),
        "none": _typed("value", "无", "none-word"),
        "not applicable": _typed("value", "不适用", "not-applicable", also={"narrative": None}),
        "formula": _typed("value", "=1+1", "uncalculated"),
        "deadline words": _typed("deadline", "年底前", "date"),
        "deadline ambiguous": _typed("deadline", "03/04/2019", "date"),
        "deadline impossible": _typed("deadline", "2019-02-30", "date"),
        "grey": _typed("numerator", 5, "unused"),
    },
    Kind.RATE: {
        "more than all": _typed("numerator", 90, "share", also={"denominator": 60}),
        "text": _typed("numerator", "约30", "number"),
        "none": _typed("denominator", "—", "none-word"),
        "blank": _typed("denominator", None, "required"),
        "negative": _typed("denominator", -1, "range"),
        "typed over": _typed("value", 0.5, "rate"),
        "typed 100": _typed("value", 100, "rate"),
        "zero of zero": _typed("denominator", 0, "not-applicable", "zero-denominator", also={"numerator": 0, "narrative": None}),
        "error": _typed("numerator", "#N/A", "number", "error-cell"),
    },
    Kind.YES_NO: {
        "words": _typed("value", "基本完成", "list"),
        "number": _typed("value", 1, "list"),
        "blank": _typed("value", None, "required"),
        "no evidence": _typed("evidence", None, "evidence"),
        "broken words": _typed("evidence", "#REF!", "words", "error-cell"),
        "not applicable": _typed("value", "不适用", "not-applicable", also={"narrative": None}),
        "grey": _typed("denominator", 7, "unused"),
    },
    Kind.SCORE: {"text": _typed("value", "优秀", "number"), "blank": _typed("denominator", None, "required")},
    Kind.AMOUNT: {"text": _typed("value", "¥1,200", "number"), "too much": _typed("value", 1e13, "range")},
    Kind.TEXT: {
        "blank": _typed("narrative", None, "required"),
        "broken": _typed("narrative", "#NAME?", "words", "required", "error-cell", "number"),
        "too short": _typed("narrative", "好", "short-text"),
    },
}  # fmt: skip


def fill_in(path: Path, plan: Plan, unit: Unit, faults: int, seed: int) -> Iterator[Seed]:
    """Fill in a return as a careful office would, then spoil some of its records."""
    chance = random.Random(f"{unit.code} {seed}")
    book: Any = load_workbook(path)
    sheets = [found for sheet in book if (found := _open(sheet))]
    for sheet in sheets:
        for code in sheet.rows:
            for name, value in good_answer(plan.indicators[code], unit, chance).items():
                sheet.put(code, name, value)
    places = [(sheet, code) for sheet in sheets for code in sheet.rows]
    for sheet, code in chance.sample(places, min(faults, len(places))):
        yield _spoil(path, sheet, plan.indicators[code], chance)
    book.save(path)


def _spoil(path: Path, sheet: Sheet, indicator: Indicator, chance: random.Random) -> Seed:
    title, ways = sheet.sheet.title, WAYS[indicator.kind]
    name = chance.choice(sorted(ways))
    spoilt, raw, rules = ways[name](sheet, indicator)
    place = "narrative" if "not-applicable" in rules and "zero-denominator" not in rules else spoilt
    cell = sheet.at(indicator.code, place)
    return Seed(
        path.name, title, cell, indicator.code, rules, f"{indicator.kind} {name}", raw, spoilt
    )


def _open(sheet: Any) -> Sheet | None:
    fields = {
        column.header: column.field
        for column in AREA_COLUMNS
        if column.field in (*ENTRY_LABELS, "code", "unit")
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
            return Sheet(sheet, found, codes)
    return None
