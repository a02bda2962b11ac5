"""Rules on texts: what must stand beside an answer, and what a text must be to say anything."""

from __future__ import annotations

from collections.abc import Iterator

from xl_fzzf.model.assessment import Assessment
from xl_fzzf.model.finding import Severity
from xl_fzzf.model.grammar import is_none_word
from xl_fzzf.model.record import (
    ENTRY_LABELS,
    LONGEST_ANSWER,
    NOT_APPLICABLE,
    TEXT_FIELDS,
    YES,
    Cell,
    ErrorCell,
    blank,
    is_cut,
    number,
    text,
)
from xl_fzzf.model.status import Status
from xl_fzzf.rules.rule import Fault, Rules

_SHORTEST, _SHOWN = 4, 20
_STOPS = "：:，,。；;（( "
_SAYS_NOTHING = frozenset({"详见附件", "请见附件", "正在推进", "按要求完成", "已按要求完成"})
_SPECIFICS = {
    "narrative": "做了什么、什么时候、效果如何",
    "evidence": "材料名称和文号",
    "reason": "原因和整改措施",
}

NARRATIVE_RULES: Rules[Assessment] = Rules()


@NARRATIVE_RULES("unmet-plan", Severity.ERROR, "未达标的写明原因、整改措施和时限")
def unmet_plan(case: Assessment) -> Iterator[Fault]:
    """未达标: no reason and measures, or no deadline (one fault a record)."""
    if case.status is not Status.UNMET:
        return
    reason, deadline = _absent(case.record.reason), blank(case.record.deadline)
    absent = [field for field, gone in (("reason", reason), ("deadline", deadline)) if gone]
    if absent:
        names = "、".join(ENTRY_LABELS[field] for field in absent)
        yield Fault(
            f"未达标，但没有写{names}",
            value=case.shown_value,
            expected=f"目标 {case.target.text(case.indicator.measure)}",
            remedy=f"请补填{names}",
            field=absent[0],
        )


@NARRATIVE_RULES("evidence", Severity.ERROR, "填“是”的有佐证材料")
def evidence(case: Assessment) -> Iterator[Fault]:
    """佐证: a yes without evidence."""
    answered = case.indicator.kind.is_choice and text(case.record.value) == YES
    if answered and _absent(case.record.evidence):
        yield Fault(
            "填了“是”，但没有佐证材料",
            value=YES,
            expected="材料名称、文号",
            remedy="请在“佐证材料”写明文件名称和文号，材料另附",
            field="evidence",
        )


@NARRATIVE_RULES("not-applicable", Severity.ERROR, "不适用的写明理由")
def not_applicable_reason(case: Assessment) -> Iterator[Fault]:
    """不适用: no reason is given in 完成情况."""
    if case.status is Status.NOT_APPLICABLE and not _empty_rate(case) and _unexplained(case):
        yield Fault(
            "填了不适用，但没有写理由",
            value=NOT_APPLICABLE,
            expected="在“完成情况”写明理由",
            remedy="请在“完成情况”写明为什么不适用，例如：本单位没有行政执法职责",
            field="narrative",
        )


@NARRATIVE_RULES("zero-denominator", Severity.ERROR, "分母为 0 的写明理由")
def zero_denominator(case: Assessment) -> Iterator[Fault]:
    """分母为零: a rate of nothing, and no reason is given in 完成情况."""
    if _empty_rate(case) and _unexplained(case):
        yield Fault(
            "分母为 0，算作不适用，但没有写理由",
            value="0",
            expected="在“完成情况”写明理由",
            remedy="请核对分母；确实没有这类事项的，请在“完成情况”写明理由",
            field="denominator",
        )


@NARRATIVE_RULES("words", Severity.ERROR, "文字格里没有出错的公式，台账放得下")
def words(case: Assessment) -> Iterator[Fault]:
    """文字: a text cell is a failed formula, or holds more than a cell can."""
    for field in TEXT_FIELDS:
        cell = getattr(case.record, field)
        failed = isinstance(cell, ErrorCell)
        if failed or is_cut(cell):
            yield Fault(
                f"{ENTRY_LABELS[field]}的单元格出错了"
                if failed
                else f"{ENTRY_LABELS[field]}太长，台账放不下，后面的没有收进来（原件里有全文）",
                value=text(cell)[:_SHOWN],
                expected="文字说明",
                remedy="请删除公式，直接填写文字"
                if failed
                else f"请缩短到 {LONGEST_ANSWER} 字以内，详细材料另附",
                field=field,
            )


@NARRATIVE_RULES("long-text", Severity.WARNING, "文字不超过填报表的字数限制")
def long_text(case: Assessment) -> Iterator[Fault]:
    """过长: a text is longer than the form allows."""
    for field in TEXT_FIELDS:
        cell = getattr(case.record, field)
        if isinstance(cell, str) and len(cell) > LONGEST_ANSWER and not is_cut(cell):
            yield Fault(
                f"{ENTRY_LABELS[field]}有 {len(cell)} 字，太长了",
                value=text(cell)[:_SHOWN],
                expected=f"{LONGEST_ANSWER} 字以内",
                remedy=f"请缩短到 {LONGEST_ANSWER} 字以内，详细材料另附",
                field=field,
            )


@NARRATIVE_RULES("short-text", Severity.WARNING, "文字说明、佐证、原因写得具体")
def short_text(case: Assessment) -> Iterator[Fault]:
    """过短: a text that answers, proves or explains is too short or too general to say anything."""
    for field in _wanted_texts(case):
        cell = getattr(case.record, field)
        if _absent(cell) or isinstance(cell, ErrorCell):
            continue
        said = "".join(sign for sign in text(cell) if sign.isalnum())
        if len(said) < _SHORTEST or said in _SAYS_NOTHING:
            yield Fault(
                f"{ENTRY_LABELS[field]}只写了“{text(cell)[:_SHOWN]}”，看不出具体内容",
                value=text(cell)[:_SHOWN],
                expected=_SPECIFICS[field],
                remedy=f"请写具体：{_SPECIFICS[field]}",
                field=field,
            )


def _wanted_texts(case: Assessment) -> Iterator[str]:
    """The texts on which a record's status rests."""
    kind = case.indicator.kind
    if kind.is_text and case.status is Status.MET:
        yield "narrative"
    if kind.is_choice and text(case.record.value) == YES:
        yield "evidence"
    if case.status is Status.UNMET:
        yield "reason"


def _absent(cell: Cell) -> bool:
    return blank(cell) or is_none_word(cell)


def _empty_rate(case: Assessment) -> bool:
    record = case.record
    nothing = number(record.denominator) == 0 and number(record.numerator) == 0
    return case.indicator.kind.is_ratio and nothing


def _unexplained(case: Assessment) -> bool:
    reason = text(case.record.narrative).removeprefix(NOT_APPLICABLE).lstrip(_STOPS)
    return is_none_word(reason) or not any(sign.isalnum() for sign in reason)
