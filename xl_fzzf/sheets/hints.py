"""校验提示 in a return while it is being filled in: the same advice in Python and as a formula."""

from __future__ import annotations

from collections.abc import Mapping

from xl_fzzf.model.kinds import BROKEN
from xl_fzzf.model.plan import Indicator
from xl_fzzf.model.record import YES, Record, blank, text
from xl_fzzf.model.status import Status
from xl_fzzf.model.submission import SHORTEST_EXCUSE
from xl_fzzf.sheets.spec import NOTHING_NAME

_MISSING = Status.MISSING.value
_NO_PLAN = "未达标：请写原因、整改措施和整改时限"
_NO_EVIDENCE = "请填佐证材料"
_NO_REASON = "请在“完成情况”写明不适用的理由"


def hint(record: Record, indicator: Indicator, status: Status) -> str:
    """The one thing to do next in a row; empty when nothing is."""
    if status is Status.MISSING:
        return _MISSING
    if status is Status.INVALID:
        return indicator.kind.traits.advice
    if status is Status.UNMET and (blank(record.reason) or blank(record.deadline)):
        return _NO_PLAN
    if indicator.kind.is_choice and text(record.value) == YES and blank(record.evidence):
        return _NO_EVIDENCE
    if status is Status.NOT_APPLICABLE and blank(record.narrative):
        return _NO_REASON
    return ""


_EXCUSED = f"LEN(TRIM({NOTHING_NAME}))>={SHORTEST_EXCUSE}"


def unless_excused(indicator: Indicator, cells: Mapping[str, str], status: str) -> str:
    """A return's 状态 as a formula: 不适用 where the unit says 本期无 and a row is not answered."""
    blanks = ",".join(f'TRIM({cells[field]})=""' for field in indicator.kind.own_answers)
    excused = f"IFERROR(AND({_EXCUSED},{blanks}),FALSE)"
    return f'IF({excused},"{Status.NOT_APPLICABLE}",{status})'


def hint_formula(indicator: Indicator, cells: Mapping[str, str]) -> str:
    """`hint` as a formula (without `=`) over the row's cell references."""
    status, value = cells["status"], cells["value"]
    evidence = f'AND(TRIM({value})="{YES}",TRIM({cells["evidence"]})="")'
    answered = (
        (f'IF({evidence},"{_NO_EVIDENCE}",%s)' if indicator.kind.is_choice else "%s")
        % f'IF(AND({status}="{Status.NOT_APPLICABLE}",TRIM({cells["narrative"]})="",NOT({_EXCUSED})),"{_NO_REASON}","")'
    )
    unplanned = f'OR(TRIM({cells["reason"]})="",TRIM({cells["deadline"]})="")'
    return (
        f'IFERROR(IF({status}="{Status.MISSING}","{_MISSING}",'
        f'IF({status}="{Status.INVALID}","{indicator.kind.traits.advice}",'
        f'IF(AND({status}="{Status.UNMET}",{unplanned}),"{_NO_PLAN}",{answered}))),'
        f'"{BROKEN}")'
    )
