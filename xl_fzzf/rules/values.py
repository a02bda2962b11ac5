"""Rules on one record's values: each a guard, a comparison, a `yield`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from xl_fzzf.model.assessment import YEARS_AHEAD, YEARS_BACK, Assessment
from xl_fzzf.model.dates import parse_date
from xl_fzzf.model.finding import Severity
from xl_fzzf.model.grammar import Refusal, is_none_word, parse_number
from xl_fzzf.model.record import (
    ENTRY_LABELS,
    NO,
    NOT_APPLICABLE,
    VALUE_FIELDS,
    YES,
    Cell,
    ErrorCell,
    blank,
    number,
    text,
)
from xl_fzzf.model.status import Status, valid_number
from xl_fzzf.model.target import format_number
from xl_fzzf.rules.rule import Fault, Rules

_RATE_TOLERANCE = 0.0005
_MEASURED = re.compile(
    r"经费|金额|资金|投资|预算|支出|收入|面积|里程|学时|[小工]时|得分|分[数值]|[元吨亩米里]"
)
"""Words for what is measured, not counted."""

_CLEAR = "请填日期；没有要整改的，请清空这一格"

VALUE_RULES: Rules[Assessment] = Rules()


def _a_date(case: Assessment) -> str:
    return f"日期，例如 {case.due.year}-12-20"


@VALUE_RULES("none-word", Severity.ERROR, "不用“无”“/”“同上”等代替 0 或不适用")
def none_word(case: Assessment) -> Iterator[Fault]:
    """无字: a cell that wants a value says 无, / or 同上, which is neither 0 nor 不适用 nor blank."""
    for field in (*case.indicator.kind.answers, "deadline"):
        cell = getattr(case.record, field)
        if is_none_word(cell):
            yield Fault(
                f"{_label(case, field)}填的是“{text(cell)}”，看不出是 0、是{NOT_APPLICABLE}还是没有填",
                value=text(cell),
                expected=_a_date(case) if field == "deadline" else wanted(case),
                remedy=_CLEAR
                if field == "deadline"
                else f"一次也没有的请填 0 或“{NO}”；没有这类事项的请填“{NOT_APPLICABLE}”，并写明理由",
                field=field,
            )


@VALUE_RULES("number", Severity.ERROR, "数字格只填数字，不填文字、日期、公式错误")
def number_(case: Assessment) -> Iterator[Fault]:
    """数字: a number cell holds text, a date, TRUE or a failed formula."""
    for field, cell in _number_cells(case):
        if number(cell) is None and not is_none_word(cell):
            yield Fault(
                f"{_label(case, field)}应填数字，{_why_no_number(cell, case.indicator.measure)}",
                value=text(cell),
                expected=wanted(case),
                remedy="请只填数字，不要带“次”“%”“约”等字；没有这类事项的填“不适用”",
                field=field,
            )


@VALUE_RULES("whole", Severity.ERROR, "次数、人数等是整数")
def whole(case: Assessment) -> Iterator[Fault]:
    """整数: a count within its range is not a whole number."""
    if not case.indicator.kind.is_whole:
        return
    value = number(case.record.value)
    if value is not None and 0 <= value <= case.indicator.most and not value.is_integer():
        yield Fault(
            "完成值应填整数",
            value=format_number(value),
            expected=wanted(case),
            remedy="次数、人数等请填整数",
            field="value",
        )


@VALUE_RULES("whole-share", Severity.WARNING, "比率的分子、分母是人数、件数等的，是整数")
def whole_share(case: Assessment) -> Iterator[Fault]:
    """分子分母整数: what a rate counts is not a whole number, though nothing says that it is measured."""
    indicator = case.indicator
    said = {"numerator": indicator.numerator, "denominator": indicator.denominator}
    for field, words in said.items() if indicator.kind.is_ratio else ():
        value = number(getattr(case.record, field))
        if value is None or value.is_integer() or not 0 <= value <= indicator.most:
            continue
        if not _MEASURED.search(words or indicator.text):
            yield Fault(
                f"{ENTRY_LABELS[field]} {format_number(value)} 不是整数，人数、件数等应是整数",
                value=format_number(value),
                expected="整数",
                remedy="请核对后改正；确实不是按个数算的，请在“完成情况”说明",
                field=field,
            )


@VALUE_RULES("half-skipped", Severity.WARNING, "填了不适用的，别的数字格不再填数")
def half_skipped(case: Assessment) -> Iterator[Fault]:
    """不适用又有数: one number cell says 不适用 and another one holds a number, which goes unused."""
    if case.status is not Status.NOT_APPLICABLE:
        return
    cells = {field: getattr(case.record, field) for field in case.indicator.kind.numbers}
    skipped = [field for field, cell in cells.items() if text(cell) == NOT_APPLICABLE]
    for field, cell in cells.items():
        if skipped and number(cell) is not None:
            yield Fault(
                f"{_label(case, skipped[0])}填了“{NOT_APPLICABLE}”，{_label(case, field)}却填了 "
                f"{text(cell)}；算作{NOT_APPLICABLE}，这个数没有用",
                value=text(cell),
                expected=f"都填数字，或都填“{NOT_APPLICABLE}”",
                remedy=f"请核对：有这类事项的填数字，没有的把这一格也填“{NOT_APPLICABLE}”",
                field=field,
            )


@VALUE_RULES("range", Severity.ERROR, "数字不小于 0、不超过上限")
def range_(case: Assessment) -> Iterator[Fault]:
    """范围: a number is negative or larger than can be believed."""
    most = case.indicator.most
    for field, cell in _number_cells(case):
        value = number(cell)
        if value is not None and not 0 <= value <= most:
            low = value < 0
            yield Fault(
                f"{_label(case, field)}{'不能小于 0' if low else f'超过上限 {format_number(most)}'}",
                value=format_number(value),
                expected=f"0 至 {format_number(most)}",
                remedy="请核对后改正" if low else "请核对是否多填了位数，或把日期填进了数字格",
                field=field,
            )


@VALUE_RULES("share", Severity.ERROR, "比率的分子不大于分母")
def share(case: Assessment) -> Iterator[Fault]:
    """分子不大于分母: a rate's numerator is larger than its denominator."""
    numerator, denominator = _rate_numbers(case)
    if numerator is not None and denominator is not None and numerator > denominator:
        yield Fault(
            "分子大于分母",
            value=f"{format_number(numerator)}/{format_number(denominator)}",
            expected="分子不大于分母",
            remedy="请核对分子、分母是否填反，或统计范围是否一致",
            field="numerator",
        )


@VALUE_RULES("list", Severity.ERROR, "是否类只填 是、否、不适用")
def choice(case: Assessment) -> Iterator[Fault]:
    """选项: a yes_no cell holds none of the choices."""
    cell = case.record.value
    invalid = case.indicator.kind.is_choice and case.status is Status.INVALID
    if invalid and not is_none_word(cell):
        choices = f"{YES}、{NO}、{NOT_APPLICABLE}"
        yield Fault(
            "完成值不在选项里",
            value=text(cell),
            expected=choices,
            remedy=f"请从下拉列表选 {choices}；其他说明写在“完成情况”",
            field="value",
        )


@VALUE_RULES("date", Severity.ERROR, "整改时限是日期，年份合理")
def deadline(case: Assessment) -> Iterator[Fault]:
    """日期: 整改时限 is not a date, or one in a year that can't be meant."""
    cell, year = case.record.deadline, case.due.year
    if blank(cell) or is_none_word(cell):
        return
    if not isinstance(cell, date):
        reading = parse_date(text(cell), case.due)
        why = reading.reason if isinstance(reading, Refusal) else "现在不是日期"
    elif year - YEARS_BACK <= cell.year <= year + YEARS_AHEAD:
        return
    else:
        why = f"年份 {cell.year} 不像"
    yield Fault(
        f"整改时限应填日期，{why}",
        value=text(cell),
        expected=_a_date(case),
        remedy=f"请按 {year}-12-20 的样子填写，并核对年份",
        field="deadline",
    )


@VALUE_RULES("rate", Severity.ERROR, "比率的完成值等于分子除以分母")
def rate(case: Assessment) -> Iterator[Fault]:
    """比率: 完成值 was typed over and is not 分子 / 分母."""
    numerator, denominator = _rate_numbers(case)
    stated = case.record.value
    if numerator is None or not denominator or numerator > denominator or blank(stated):
        return
    value, computed = number(stated), numerator / denominator
    if value is None or abs(value - computed) > _RATE_TOLERANCE:
        yield Fault(
            "完成值与分子、分母算出的不一致",
            value=text(stated),
            expected=f"{computed:.2%}",
            remedy="完成值由分子、分母自动计算，请核对分子、分母，不要改完成值",
            field="value",
        )


@VALUE_RULES("required", Severity.ERROR, "必填的单元格都填了")
def required(case: Assessment) -> Iterator[Fault]:
    """必填: an answer cell is empty (one fault a record)."""
    if case.status is not Status.MISSING:
        return
    fields = [f for f in case.indicator.kind.answers if blank(getattr(case.record, f))]
    names = "、".join(_label(case, field) for field in fields)
    yield Fault(
        f"{names}没有填",
        expected=wanted(case),
        remedy=f"请填写{names}；本期没有这类事项的，填“{NOT_APPLICABLE}”并写明理由",
        field=fields[0],
    )


@VALUE_RULES("unused", Severity.WARNING, "灰色单元格不填内容")
def unused(case: Assessment) -> Iterator[Fault]:
    """灰色单元格: something was typed where this kind of indicator has no entry."""
    kind = case.indicator.kind
    used = (*kind.answers, *kind.computed)
    for field in VALUE_FIELDS:
        cell = getattr(case.record, field)
        if field not in used and not blank(cell):
            yield Fault(
                f"{ENTRY_LABELS[field]}是灰色单元格，填的内容不会采用",
                value=text(cell),
                expected="空白",
                remedy="请把内容移到黄色单元格，并清空这一格",
                field=field,
            )


def _number_cells(case: Assessment) -> Iterator[tuple[str, Cell]]:
    """The filled number cells of a record, unless it says 不适用."""
    fields = case.indicator.kind.numbers
    cells = [(field, getattr(case.record, field)) for field in fields]
    if case.status is not Status.NOT_APPLICABLE:
        yield from ((field, cell) for field, cell in cells if not blank(cell))


def _rate_numbers(case: Assessment) -> tuple[float | None, float | None]:
    """Numerator and denominator of a rate where each is valid by itself."""
    if not case.indicator.kind.is_ratio:
        return None, None
    record, indicator = case.record, case.indicator
    return (
        number(record.numerator) if valid_number(record.numerator, indicator) else None,
        number(record.denominator) if valid_number(record.denominator, indicator) else None,
    )


def _label(case: Assessment, field: str) -> str:
    last_year = field == "denominator" and case.indicator.kind.has_last_year
    return "分母（上年值）" if last_year else ENTRY_LABELS[field]


def _why_no_number(cell: Cell, measure: str) -> str:
    if isinstance(cell, ErrorCell):
        return "现在是出错的公式"
    if isinstance(cell, bool):
        return "现在是逻辑值（TRUE 或 FALSE）"
    if isinstance(cell, date):
        return "现在是日期"
    reading = parse_number(cell, measure) if isinstance(cell, str) else None
    return reading.reason if isinstance(reading, Refusal) else "现在是文字"


def wanted(case: Assessment) -> str:
    """What an indicator wants, in words."""
    kind = case.indicator.kind
    if not kind.numbers:
        return kind.traits.wanted
    measure = case.indicator.measure if kind.is_whole else ""
    return f"{kind.traits.wanted}，目标 {case.target.text(measure)}"
