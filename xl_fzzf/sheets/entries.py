"""Entry cells: their styles and their data validation, made from the indicator."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache

from xl_fzzf.model.kinds import Kind
from xl_fzzf.model.plan import Indicator, Plan
from xl_fzzf.model.record import LONGEST_ANSWER, NO, NOT_APPLICABLE, YES
from xl_fzzf.model.target import format_number
from xl_fzzf.office.book import Validation
from xl_fzzf.office.references import row_ranges
from xl_fzzf.sheets.spec import AREA_COLUMNS, AreaColumn

_VALUES = ("previous", "value")
"""The columns that show a value of the indicator, a ratio's as a percentage."""


@cache
def row_styles(kind: Kind) -> Mapping[str, str]:
    """The style of each column in a row of this kind of indicator, by field."""
    return {column.field: _style(column, kind) for column in AREA_COLUMNS}


def _style(column: AreaColumn, kind: Kind) -> str:
    if kind.is_ratio and column.field in _VALUES:
        return "percent"
    if column.field in kind.values:
        return "entry_choice" if kind.is_choice else "entry_number"
    return column.style or "unused"


def validations(
    plan: Plan, letters: Mapping[str, str], rows: Sequence[tuple[int, Indicator]]
) -> list[Validation]:
    """Validation for all entry cells of these rows, rows of one indicator together."""
    if not rows:
        return []
    every = [row for row, _ in rows]
    found = [_entry_validation(plan, c, letters[c.field], every) for c in AREA_COLUMNS if c.prompt]
    for indicator in {indicator.code: indicator for _, indicator in rows}.values():
        numbers = [row for row, each in rows if each.code == indicator.code]
        for column in AREA_COLUMNS:
            if column.field in indicator.kind.values:
                letter = letters[column.field]
                found.append(_answer_validation(indicator, column, letter, numbers))
    return found


def _entry_validation(plan: Plan, column: AreaColumn, letter: str, rows: list[int]) -> Validation:
    header, ranges = column.header, row_ranges(letter, rows)
    prompt = column.prompt.format(evidence=plan.evidence_example, year=plan.year)
    if column.style == "entry_date":
        error = f"请填日期，例如 {plan.year}-12-20。"
        return Validation(ranges, "date", "DATE(2000,1,1)", header, prompt, error)
    short = f"LEN({letter}{min(rows)})<={LONGEST_ANSWER}"
    error = f"“{header}”太长了，请控制在 {LONGEST_ANSWER} 字以内，详细材料另附。"
    return Validation(ranges, "custom", short, header, prompt, error)


def _answer_validation(
    indicator: Indicator, column: AreaColumn, letter: str, rows: list[int]
) -> Validation:
    title = f"{indicator.code} {column.header}"
    ranges = row_ranges(letter, rows)
    if indicator.kind.is_choice:
        choices = f'"{YES},{NO},{NOT_APPLICABLE}"'
        prompt = f"{indicator.text}。请选：{YES}、{NO}、{NOT_APPLICABLE}。"
        error = f"只能填 {YES}、{NO} 或 {NOT_APPLICABLE}，请从下拉列表中选择。"
        return Validation(ranges, "list", choices, title, prompt, error)
    cell = f"{letter}{min(rows)}"
    whole = f",{cell}=INT({cell})" if indicator.kind.is_whole else ""
    condition = (
        f'OR(TRIM({cell})="{NOT_APPLICABLE}",'
        f"AND(ISNUMBER({cell}),{cell}>=0,{cell}<={format_number(indicator.most)}{whole}))"
    )
    wanted = "不小于 0 的整数" if indicator.kind.is_whole else "不小于 0 的数字"
    return Validation(
        ranges,
        "custom",
        condition,
        title,
        f"{_asked(indicator, column.field)}。填{wanted}；没有这类事项填“{NOT_APPLICABLE}”。",
        f"请填{wanted}，不要带“次”“%”“约”等字；没有这类事项填“{NOT_APPLICABLE}”。",
    )


def _asked(indicator: Indicator, field: str) -> str:
    """What goes into a number cell, in words."""
    measure = f"（{indicator.measure}）" if indicator.measure and indicator.measure != "%" else ""
    if field == "numerator":
        return f"分子：{indicator.numerator or indicator.text}"
    if field == "denominator":
        default = "全部数量" if indicator.kind.is_ratio else "上年值"
        return f"分母：{indicator.denominator or default}{measure}"
    year = "本年值：" if indicator.kind.has_last_year else ""
    return f"{year}{indicator.text}{measure}"
