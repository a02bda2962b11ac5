"""Rules on what was typed into the master itself: beside what units sent, its settings, its reasons."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from xl_fzzf.model.driving import Edit
from xl_fzzf.model.finding import Finding, Severity
from xl_fzzf.model.record import ENTRY_LABELS, Record, text
from xl_fzzf.model.round import Round
from xl_fzzf.model.settings import Settings
from xl_fzzf.rules.rule import Fault, Rules


@dataclass(frozen=True, slots=True)
class Conflict:
    """A record of the master, what the unit sent, and the fields in which they contradict each other."""

    master: Record
    submitted: Record
    fields: tuple[str, ...]


MERGE_RULES: Rules[Conflict] = Rules()
MASTER_ROW_RULES: Rules[Record] = Rules()
"""Called as the rule on a return's rows is; 设置 weakens that one only, for here a row goes unread."""

SETTINGS_RULES: Rules[Settings] = Rules()
ROUND_RULES: Rules[Round] = Rules()
EDIT_RULES: Rules[Edit] = Rules()
WAIVER_RULES: Rules[Finding] = Rules()


@MERGE_RULES("conflict", Severity.ERROR, "台账里直接填的与单位报来的一致")
def conflict(case: Conflict) -> Iterator[Fault]:
    """冲突: staff typed one thing into the master and the unit sent another; the master's stays."""
    if not case.fields:
        return
    typed = "；".join(f"{ENTRY_LABELS[f]} {text(getattr(case.master, f))}" for f in case.fields)
    sent = "；".join(f"{ENTRY_LABELS[f]} {text(getattr(case.submitted, f))}" for f in case.fields)
    yield Fault(
        "台账里直接填的与单位报来的不一致，保留了台账里的",
        value=f"台账：{typed}",
        expected=f"填报表：{sent}",
        remedy="请与单位核对；要采用单位报来的，请清空台账里的这些单元格，再汇总一次",
        field=case.fields[0],
        indicator=case.master.indicator,
    )


@MASTER_ROW_RULES("repeated-row", Severity.ERROR, "台账里每个单位每个指标只有一行")
def repeated_row(case: Record) -> Iterator[Fault]:
    """相同的行: the record stands in the master a second time; only its first row counts."""
    yield Fault(
        "台账里这个单位的这个指标有两行，只用第一行",
        expected="每个单位每个指标一行",
        remedy="请删除多余的一行",
    )


@SETTINGS_RULES("deadline", Severity.WARNING, "报送截止不早于报告期末")
def deadline(case: Settings) -> Iterator[Fault]:
    """报送截止: returns are due before their period has ended."""
    if case.deadline < case.period.end:
        yield Fault(
            f"报送截止 {case.deadline} 早于报告期末 {case.period.end}，单位还填不出整期的数",
            value=str(case.deadline),
            expected=f"{case.period.end} 以后",
            remedy="请核对“设置”里的报送截止",
        )


@ROUND_RULES("year", Severity.WARNING, "年度是报告期所在的年")
def year(case: Round) -> Iterator[Fault]:
    """年度: the plan is another year's than the period, so are perhaps its due dates and titles."""
    own, of_period = case.plan.year, case.settings.period.year
    if own != of_period:
        yield Fault(
            f"年度是 {own}，报告期 {case.settings.period} 在 {of_period} 年",
            value=str(own),
            expected=str(of_period),
            remedy="请核对“设置”里的年度，和各指标的完成期限、方案名称、汇总表标题",
        )


@ROUND_RULES("nobody", Severity.WARNING, "每个指标都有单位填报")
def nobody(case: Round) -> Iterator[Fault]:
    """没有单位填报: by 责任分工 and 适用范围 no unit must report on an indicator."""
    asked = {i.code for unit in case.plan.units for i in case.indicators_of(unit)}
    for code, indicator in case.plan.indicators.items():
        if code not in asked:
            yield Fault(
                f"指标 {code} 没有单位填报",
                value=indicator.text,
                expected="至少一个单位",
                remedy=f"请核对“责任分工”里任务 {indicator.task} 一列，和这个指标的适用范围",
                indicator=code,
            )


@ROUND_RULES("line", Severity.WARNING, "责任单位改了的，责任分工跟着改")
def line(case: Round) -> Iterator[Fault]:
    """责任单位改了: a line says something else than cells of 责任分工 that were corrected by hand."""
    for message in case.followed.say_corrected(case.plan):
        yield Fault(
            message,
            value="、".join(f"{unit} {task}" for unit, task in case.followed.corrected),
            expected="与责任单位一行一致，或者是有意不同的",
            remedy="要照新的一行，请在“责任分工”里改；有意不同的，写明接受理由",
            sheet="责任分工",
        )


@EDIT_RULES("edited", Severity.INFO, "驱动表与上次汇总时一样", fixed=True)
def edited(case: Edit) -> Iterator[Fault]:
    """驱动表改了: a target, a due date, a unit, an assignment or a setting is not as it was."""
    if case.before != case.after:
        yield Fault(
            f"驱动表改了：{case}",
            value=case.after,
            expected=f"原来：{case.before or '空白'}",
            remedy="是有意改的，不用处理；不是的，请改回来再汇总",
            sheet=case.sheet,
        )


@WAIVER_RULES("waiver", Severity.INFO, "只有“提醒”可以写理由接受")
def waiver(case: Finding) -> Iterator[Fault]:
    """接受理由: a reason stands beside a finding that can't be accepted; only warnings can."""
    if case.waiver and not case.accepted and case.rule != "waiver":
        yield Fault(
            f"“{case.severity.label}”不能用理由接受，仍按原来处理：{case.message}",
            value=case.waiver,
            expected="只在“提醒”旁边写接受理由",
            remedy="请按提示改正；理由保留在“接受理由”一栏，不需要的请删除",
            indicator=case.indicator,
        )
