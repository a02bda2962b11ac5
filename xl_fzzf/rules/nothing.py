"""Rules on a unit that says once that it has nothing to report this period (本期无)."""

from __future__ import annotations

from collections.abc import Iterator

from xl_fzzf.model.finding import Severity
from xl_fzzf.model.record import NOT_APPLICABLE, blank, text
from xl_fzzf.model.structure import Structure
from xl_fzzf.rules.rule import Fault, Rules

_MOST_SHOWN = 8

NOTHING_RULES: Rules[Structure] = Rules()


@NOTHING_RULES("nothing-reason", Severity.ERROR, "“本期无”写的是理由")
def nothing_reason(case: Structure) -> Iterator[Fault]:
    """本期无的理由: what stands beside 本期无 is too short to be a reason; it is not taken."""
    said = case.submission.nothing
    if said and not case.submission.excuse:
        yield Fault(
            f"“本期无”一格写的是“{said}”，看不出理由，没有采用",
            value=said,
            expected="全单位本期没有这类事项的理由；不是这样的留空",
            remedy="全单位本期都没有的，请在“填报说明”的“本期无”写明理由；有要填的，请清空这一格",
        )


@NOTHING_RULES("nothing-filled", Severity.WARNING, "写了“本期无”的，各表不再填")
def nothing_filled(case: Structure) -> Iterator[Fault]:
    """本期无却填了: rows are filled in beside 本期无; they are taken as they are (one fault a return)."""
    if not case.submission.excuse:
        return
    filled = [
        (field, record)
        for record in case.resolution.records.values()
        for field in case.plan.indicators[record.indicator].kind.own_answers
        if not blank(getattr(record, field))
        and not text(getattr(record, field)).startswith(NOT_APPLICABLE)
    ]
    if filled:
        codes = list(dict.fromkeys(record.indicator for _, record in filled))
        more = f" 等 {len(codes)} 项" if len(codes) > _MOST_SHOWN else ""
        (field, first), *_ = filled
        yield Fault(
            f"写了“本期无”，却填了指标 {'、'.join(codes[:_MOST_SHOWN])}{more}，填了的按填的采用，其余算不适用",
            value=case.submission.excuse,
            expected="“本期无”和填报内容只有一样",
            remedy="有要报的，请清空“填报说明”的“本期无”并填全；没有的，请清空各表填的内容",
            field=field,
            sheet=first.sheet,
            row=first.row,
        )
