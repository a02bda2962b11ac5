"""Entry cells: their styles and their data validation, made from the indicator."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from xl_fzzf.model.plan import Indicator
from xl_fzzf.model.record import LONGEST_ANSWER, NO, NOT_APPLICABLE, YES
from xl_fzzf.model.target import format_number
from xl_fzzf.office.book import Validation
from xl_fzzf.office.references import row_ranges
from xl_fzzf.sheets.spec import AREA_COLUMNS, HEADER_OF

_TEXT_PROMPTS = {
    "narrative": "写清做了什么、什么时候、效果如何;填“不适用”的,在这里写明理由。",
    "evidence": "写佐证材料的名称和文号,例如:关于××的通知(嘉府办〔2019〕12号)。选“是”的必须填写。",
    "reason": "未达标的,写明原因和整改措施。",
}


def row_styles(indicator: Indicator) -> dict[str, str]:
    """The style of each column in a row of this indicator, by field."""
    used = indicator.kind.values
    answer = "entry_choice" if indicator.kind.is_choice else "entry_number"
    styles = {field: answer if field in used else "unused" for field in HEADER_OF}
    if indicator.kind.is_ratio:
        styles["value"] = "percent"
    fixed = {
        "unit": "center",
        "task": "center",
        "code": "center",
        "text": "text",
        "target": "center",
        "previous": "percent" if indicator.kind.is_ratio else "center",
        "narrative": "entry_text",
        "evidence": "entry_text",
        "reason": "entry_text",
        "deadline": "entry_date",
        "status": "status",
        "hint": "hint",
    }
    return {**styles, **fixed}


def validations(
    letters: Mapping[str, str], rows: Iterable[tuple[int, Indicator]]
) -> list[Validation]:
    """Validation for all entry cells of these rows, rows of one indicator together."""
    by_indicator: dict[str, list[int]] = defaultdict(list)
    indicators: dict[str, Indicator] = {}
    every: list[int] = []
    for row, indicator in rows:
        by_indicator[indicator.code].append(row)
        indicators[indicator.code] = indicator
        every.append(row)
    if not every:
        return []
    found = [_text_validation(field, letters[field], every) for field in _TEXT_PROMPTS]
    found.append(_date_validation(letters["deadline"], every))
    for code, numbers in by_indicator.items():
        for column in AREA_COLUMNS:
            if column.field in indicators[code].kind.values:
                letter = letters[column.field]
                found.append(_answer_validation(indicators[code], column.field, letter, numbers))
    return found


def _text_validation(field: str, letter: str, rows: list[int]) -> Validation:
    return Validation(
        row_ranges(letter, rows),
        "custom",
        f"LEN({letter}{min(rows)})<={LONGEST_ANSWER}",
        HEADER_OF[field],
        _TEXT_PROMPTS[field],
        f"“{HEADER_OF[field]}”太长了,请控制在 {LONGEST_ANSWER} 字以内,详细材料另附。",
    )


def _date_validation(letter: str, rows: list[int]) -> Validation:
    return Validation(
        row_ranges(letter, rows),
        "date",
        "DATE(2000,1,1)",
        HEADER_OF["deadline"],
        "未达标的填整改完成日期,例如 2019-12-20。",
        "请填日期,例如 2019-12-20。",
    )


def _answer_validation(
    indicator: Indicator, field: str, letter: str, rows: list[int]
) -> Validation:
    title = f"{indicator.code} {HEADER_OF[field]}"
    ranges = row_ranges(letter, rows)
    if indicator.kind.is_choice:
        choices = f'"{YES},{NO},{NOT_APPLICABLE}"'
        prompt = f"{indicator.text}。请选:{YES}、{NO}、{NOT_APPLICABLE}。"
        error = f"只能填 {YES}、{NO} 或 {NOT_APPLICABLE},请从下拉列表中选择。"
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
        f"{asked(indicator, field)}。填{wanted};没有这类事项填“{NOT_APPLICABLE}”。",
        f"请填{wanted},不要带“次”“%”“约”等字;没有这类事项填“{NOT_APPLICABLE}”。",
    )


def asked(indicator: Indicator, field: str) -> str:
    """What goes into a number cell, in words."""
    measure = f"({indicator.measure})" if indicator.measure and indicator.measure != "%" else ""
    if field == "numerator":
        return f"分子:{indicator.numerator or indicator.text}"
    if field == "denominator":
        default = "全部数量" if indicator.kind.is_ratio else "上年值"
        return f"分母:{indicator.denominator or default}{measure}"
    year = "本年值:" if indicator.kind.has_last_year else ""
    return f"{year}{indicator.text}{measure}"
