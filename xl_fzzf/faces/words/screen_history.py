"""What `history` shows on a terminal."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from rich.box import SIMPLE
from rich.console import Console
from rich.table import Table

from xl_fzzf.faces.words.screen import plain
from xl_fzzf.model.plan import Unit
from xl_fzzf.model.rollup import IndicatorTotal, UnitTotal
from xl_fzzf.model.status import Status

if TYPE_CHECKING:
    from xl_fzzf.jobs.history import History, Point

_BAR = 8
_SHOWN = (Status.MET, Status.UNDER_WAY, Status.UNMET, Status.MISSING)
_COUNTED = " ".join(_SHOWN)


def print_history(found: History, chart: Path | None) -> None:
    """`history`: a line a period, with a bar."""
    console = Console(highlight=False, soft_wrap=True)
    subject = found.subject
    unit = isinstance(subject, Unit)
    title = (
        f"{subject.name}({subject.code})"
        if isinstance(subject, Unit)
        else f"{subject.code} {subject.text}  目标 {subject.target.text(subject.measure)}"
    )
    for notice in found.notices:
        console.print(plain(notice, "yellow"))
    headers = ("填报率", "得分", "变化", "名次") if unit else ("区级值", "变化", "状态")
    table = Table("报告期", *headers, _COUNTED, "", title=plain(title), box=SIMPLE, pad_edge=False)
    for column in table.columns:
        column.no_wrap = True
    most = max((_height(point) for point in found.points), default=0.0)
    for point in found.points:
        table.add_row(*(plain(cell) for cell in (*_cells(point), _bar(_height(point), most))))
    console.print(table)
    if any(point.kept for point in found.points):
        console.print(
            plain("* 这一期的台账不在文件夹里,按“档案”里最后一次运行的记录和本期的方案计算")
        )
    if chart:
        console.print(plain(f"图表:{chart}", "bold"))


def _cells(point: Point) -> list[str]:
    total, head = point.total, [f"{point.period}{'*' if point.kept else ''}"]
    if isinstance(total, UnitTotal):
        score = "—" if total.score is None else f"{total.score:.2f}"
        rank = "—" if total.rank is None else f"{total.rank}"
        head += [f"{total.completeness:.1%}", score, _say_change(point, False), rank]
    elif isinstance(total, IndicatorTotal):
        share = total.indicator.kind.is_share
        head += [total.shown_value, _say_change(point, share), total.status.value]
    else:
        return [*head, "没有"]
    return [*head, " ".join(f"{total.counts[status]:4}" for status in _SHOWN)]


def _say_change(point: Point, share: bool) -> str:
    """The change since the period before, of a share in points; the arrow needs no colour."""
    if point.change is None:
        return "—"
    change = round(point.change * (100 if share else 1), 2)
    return f"{'▲' if change > 0 else '▼'}{abs(change):g}" if change else "持平"


def _height(point: Point) -> float:
    """What the bar shows: a unit's score, an indicator's value; of a text how many told it."""
    total = point.total
    if isinstance(total, IndicatorTotal) and total.indicator.kind.is_text:
        return float(total.counts[Status.MET])
    return point.figure or 0.0


def _bar(value: float, most: float) -> str:
    return "█" * round(_BAR * value / most) if most > 0 else ""
