"""What `next` shows before it opens a period, and tells when it took one back."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from xl_fzzf.faces.words import say
from xl_fzzf.faces.words.telling import Line, Table, Told
from xl_fzzf.model.record import text
from xl_fzzf.model.target import format_number

if TYPE_CHECKING:
    from xl_fzzf.jobs.next import Opening, Withdrawal

_VALUES_SHOWN, _DATED_SHOWN = 12, 20


def opening_lines(opening: Opening) -> Told:
    """`next`, before it is confirmed."""
    period = opening.period
    yield Line(f"{opening.before} → {period}（{period.label}），报送截止 {period.deadline}", "bold")
    yield "任务、指标、单位、责任分工和设置沿用；填报内容清空，本期完成值列在“上期值”"
    yield from say.notices(opening.notices)
    if not opening.new_year:
        return
    rows = [(each.place.what, text(each.before), text(each.after)) for each in opening.moved]
    yield Table(
        f"跨年：下列 {len(rows)} 处一起改成 {period.year} 年", ("哪里", "原来", "改成"), rows
    )
    yield from _last_year_lines(opening)
    if opening.dated:
        listed = say.some(opening.dated, _DATED_SHOWN, "处")
        words = f"方案原文里还写着 {opening.before.year}，没有改，请核对：{listed}"
        yield Line(words, "yellow")


def _last_year_lines(opening: Opening) -> Told:
    if not opening.final:
        words = (
            f"{opening.before} 不是 {opening.period.year - 1} 年的最后一期，不填上年值，由单位填"
        )
        yield Line(words, "yellow")
        return
    counts = Counter(code for _, code, _ in opening.last_year)
    listed = "、".join(f"{code}（{count} 个单位）" for code, count in counts.items()) or "没有"
    yield f"上年值：{opening.before} 的完成值填进“分母”，共 {counts.total()} 条：{listed}"
    shown = opening.last_year[:_VALUES_SHOWN]
    yield from (f"  {unit} {code}：{format_number(value)}" for unit, code, value in shown)
    if more := len(opening.last_year) - len(shown):
        yield f"  ……另有 {more} 条，建立以后在台账的“分母”一列核对"


def withdrawn_lines(master: Path, done: Withdrawal) -> Told:
    """`next --undo`."""
    yield f"已撤销 {master.name}。它和 {len(done.gone) - 1} 份已分发的填报表没有删除，移进了“档案/备份”"
    yield from say.gone(done.gone[:1])
    yield f"要取回：fzzf restore {master.name} --run {done.run} --before"
