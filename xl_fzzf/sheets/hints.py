"""校验提示 in a return while it is being filled in: the same advice in Python and as a formula."""

from __future__ import annotations

from collections.abc import Mapping

from xl_fzzf.model.plan import Indicator, Kind
from xl_fzzf.model.record import Record, blank, text
from xl_fzzf.model.status import YES, Status

_INVALID = {
    Kind.YES_NO: "请选 是、否 或 不适用",
    Kind.COUNT: "请填不小于 0 的整数;没有这类事项填“不适用”",
    Kind.RATE: "请填数字,分子不能大于分母;没有这类事项填“不适用”",
    Kind.SCORE: "请填本年和上年的分值(数字)",
    Kind.AMOUNT: "请填本年和上年的金额(数字)",
    Kind.TEXT: "单元格里的公式出错了,请直接填文字",
}
_MISSING = "待填"
_NO_PLAN = "未达标:请写原因、整改措施和整改时限"
_NO_EVIDENCE = "请填佐证材料"
_NO_REASON = "请在“完成情况”写明不适用的理由"


def hint(record: Record, indicator: Indicator, status: Status) -> str:
    """The one thing to do next in a row; empty when nothing is."""
    if status is Status.MISSING:
        return _MISSING
    if status is Status.INVALID:
        return _INVALID[indicator.kind]
    if status is Status.UNMET and (blank(record.reason) or blank(record.deadline)):
        return _NO_PLAN
    if indicator.kind is Kind.YES_NO and text(record.value) == YES and blank(record.evidence):
        return _NO_EVIDENCE
    if status is Status.NOT_APPLICABLE and blank(record.narrative):
        return _NO_REASON
    return ""


def hint_formula(indicator: Indicator, cells: Mapping[str, str]) -> str:
    """`hint` as a formula (without `=`) over the row's cell references."""
    status, value = cells["status"], cells["value"]
    evidence = f'AND(TRIM({value})="{YES}",TRIM({cells["evidence"]})="")'
    answered = (
        (f'IF({evidence},"{_NO_EVIDENCE}",%s)' if indicator.kind is Kind.YES_NO else "%s")
        % f'IF(AND({status}="{Status.NOT_APPLICABLE}",TRIM({cells["narrative"]})=""),"{_NO_REASON}","")'
    )
    unplanned = f'OR(TRIM({cells["reason"]})="",TRIM({cells["deadline"]})="")'
    return (
        f'IFERROR(IF({status}="{Status.MISSING}","{_MISSING}",'
        f'IF({status}="{Status.INVALID}","{_INVALID[indicator.kind]}",'
        f'IF(AND({status}="{Status.UNMET}",{unplanned}),"{_NO_PLAN}",{answered}))),'
        f'"{_INVALID[Kind.TEXT]}")'
    )
