"""Rules on what must stand beside an answer: reasons, measures, deadlines, evidence."""

from __future__ import annotations

from collections.abc import Iterator

from xl_fzzf.model.assessment import Assessment
from xl_fzzf.model.finding import Severity
from xl_fzzf.model.plan import Kind
from xl_fzzf.model.record import ENTRY_LABELS, NOT_APPLICABLE, blank, text
from xl_fzzf.model.status import YES, Status
from xl_fzzf.rules.fault import Fault, Rule


def unmet_plan(case: Assessment) -> Iterator[Fault]:
    """未达标: no reason and measures, or no deadline (one fault a record)."""
    if case.status is not Status.UNMET:
        return
    absent = [field for field in ("reason", "deadline") if blank(getattr(case.record, field))]
    if absent:
        names = "、".join(ENTRY_LABELS[field] for field in absent)
        yield Fault(
            f"未达标,但没有写{names}",
            value=case.shown_value,
            expected=f"目标 {case.target.text(case.indicator.measure)}",
            remedy=f"请补填{names}",
            field=absent[0],
        )


def evidence(case: Assessment) -> Iterator[Fault]:
    """佐证: a yes without evidence."""
    answered = case.indicator.kind is Kind.YES_NO and text(case.record.value) == YES
    if answered and blank(case.record.evidence):
        yield Fault(
            "填了“是”,但没有佐证材料",
            value=YES,
            expected="材料名称、文号",
            remedy="请在“佐证材料”写明文件名称和文号,材料另附",
            field="evidence",
        )


def not_applicable_reason(case: Assessment) -> Iterator[Fault]:
    """不适用: no reason is given in 完成情况."""
    if case.status is not Status.NOT_APPLICABLE:
        return
    reason = text(case.record.narrative).removeprefix(NOT_APPLICABLE)
    if not any(character.isalnum() for character in reason):
        yield Fault(
            "填了不适用(或分母为 0),但没有写理由",
            value=NOT_APPLICABLE,
            expected="在“完成情况”写明理由",
            remedy="请在“完成情况”写明为什么不适用,例如:本单位没有行政执法职责",
            field="narrative",
        )


NARRATIVE_RULES: dict[str, Rule[Assessment]] = {
    "unmet-plan": Rule(Severity.ERROR, "未达标的写明原因、整改措施和时限", unmet_plan),
    "evidence": Rule(Severity.ERROR, "填“是”的有佐证材料", evidence),
    "not-applicable": Rule(Severity.ERROR, "不适用的写明理由", not_applicable_reason),
}
