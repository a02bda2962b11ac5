"""What `trace`, `history` and `restore` tell: where a figure came from, and what was before."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from xl_fzzf.faces.words import say
from xl_fzzf.faces.words.telling import Json, Line, Table, Told, count_json, pick
from xl_fzzf.model.collected import Collected, Fate
from xl_fzzf.model.plan import Unit
from xl_fzzf.model.record import ENTRY_FIELDS, ENTRY_LABELS, text
from xl_fzzf.model.rollup import IndicatorTotal, say_target
from xl_fzzf.model.run import Run, Version
from xl_fzzf.model.score import UnitTotal
from xl_fzzf.model.status import Status

if TYPE_CHECKING:
    from xl_fzzf.desk.upward import GaveWay
    from xl_fzzf.jobs.history import History, Point
    from xl_fzzf.jobs.restore import Restoration, Runs
    from xl_fzzf.jobs.trace import Provenance, Trace

_BAR = 8
_SHOWN = (Status.MET, Status.UNDER_WAY, Status.UNMET, Status.MISSING)


def trace_lines(result: Trace) -> Told:
    """`trace`."""
    unit, indicator = result.unit, result.indicator
    title = f"{unit.name}（{unit.code}）  {indicator.code} {indicator.text}  {result.period}"
    yield Line(title, "bold")
    yield from say.notices(result.notices)
    yield f"台账：{result.master.name} {' '.join(result.place)}"
    if result.standing:
        yield Line("现在（最近一次运行以后在台账里改过，还没有汇总）：", "yellow")
        yield from _entry_lines(result.standing, {})
    for each in result.versions:
        yield Line(_headline(each), "bold")
        yield from (f"  {line}" for line in _source_lines(each))
        yield from _entry_lines(each.version, each.cells)
    if not result.versions and not result.standing:
        yield "还没有填报过。"


def trace_json(result: Trace) -> Json:
    """`trace --json`."""
    return {
        **pick(result, "master", "period"),
        "unit": result.unit.name,
        "indicator": result.indicator.code,
        "sheet": result.place[0],
        "cell": result.place[1],
        "standing": _version_json(result.standing) if result.standing else None,
        "versions": [_step_json(each) for each in result.versions],
        "notices": result.notices,
    }


def _headline(each: Provenance) -> str:
    version, run = each.version, each.run
    replaced = f"，替换第 {version.replaced} 次的" if version.replaced else ""
    return f"第 {run.number} 次运行 {run.at:%Y-%m-%d %H:%M} {run.job.label}{replaced}"


def _source_lines(each: Provenance) -> Iterator[str]:
    file, sha256, sheet, row = each.version.source
    if not file:
        yield "来源：在台账里直接填的"
        return
    if not sheet:
        yield f"来源：{file}（上年的完成值，建立这一期时填入）"
        return
    yield f"来源：{file} {sheet} 第 {row} 行"
    if each.receipt:
        yield f"收到：{each.receipt.received:%Y-%m-%d %H:%M}"
    for item in each.brought:
        yield from _brought_lines(item, sha256)
    if sha256:
        yield f"SHA-256：{sha256}"
    yield f"原件：{each.kept}" if each.kept else "原件：档案里没有找到"


def _brought_lines(item: Collected, sha256: str) -> Iterator[str]:
    filed = next(file for file in item.files if file.sha256 == sha256)
    arrived = f"{item.arrived.astimezone():%Y-%m-%d %H:%M}"
    if item.is_mail:
        unit = f"（{item.unit}）" if item.unit else ""
        yield f"邮件：{item.sender or '没有发件邮箱'}{unit} {arrived} 到，主题“{item.subject}”，附件“{filed.name}”"
        yield f"Message-ID：{item.message_id or '没有'}"
    else:
        yield f"收取：从“{item.key}”，文件时间 {arrived}"
    if filed.fate is Fate.WAITING:
        yield f"当时放进“待确认”：{filed.reason}"


def _entry_lines(version: Version, cells: Mapping[str, str]) -> Iterator[str]:
    for name, cell in zip(ENTRY_FIELDS, version.entries, strict=True):
        if cell is None and name not in version.sent:
            continue
        words = f"  {ENTRY_LABELS[name]}：{text(cell) or '（空）'}"
        if name in version.sent:
            said = text(version.sent[name]) or "空"
            words += f"（在台账里直接填的；文件 {cells.get(name, '')} 里是：{said}）"
        elif older := version.older.get(name):
            where = " ".join(filter(None, (older.sheet, cells.get(name))))
            words += f"（新版留空，保留“{older.file}”{where} 的原值）"
        elif name in cells:
            words += f"（{cells[name]}）"
        elif not version.source.file:
            words += "（在台账里直接填的）"
        if name in version.raw:
            words += f"（原文：{text(version.raw[name])}）"
        yield words


def _step_json(each: Provenance) -> Json:
    version, run = each.version, each.run
    return {
        **_run_json(run),
        **_version_json(version),
        "replaced": version.replaced,
        "received": each.receipt.received if each.receipt else None,
        "kept": each.kept,
        "cells": each.cells,
        "brought_by": each.brought,
    }


def _version_json(version: Version) -> Json:
    entries = dict(zip(ENTRY_FIELDS, version.entries, strict=True))
    filled = {name: cell for name, cell in entries.items() if cell is not None}
    return {
        **pick(version.source, "file", "sha256", "sheet", "row"),
        "entries": filled,
        "typed_in_master": list(version.sent if version.source.file else filled),
        **pick(version, "sent", "raw"),
        "older": {name: each._asdict() for name, each in version.older.items()},
    }


def history_lines(history: History, chart: Path | None, gone: Sequence[GaveWay] = ()) -> Told:
    """`history`: a line a period, with a bar."""
    subject, points = history.subject, history.points
    if isinstance(subject, Unit):
        title = f"{subject.name}（{subject.code}）"
        headers = ["填报率", "得分", "变化", "名次"]
    else:
        target = say_target(subject, subject.target)
        title = f"{subject.code} {subject.text}  目标 {target}"
        headers = ["汇总值", "变化", "状态"]
    yield from say.notices(history.notices)
    most = max(map(_height, points), default=0.0)
    rows = [(*_cells(point), _bar(_height(point), most)) for point in points]
    yield Table(title, ("报告期", *headers, " ".join(_SHOWN), ""), rows, bare=True)
    if any(point.kept for point in points):
        yield "* 这一期的台账不在文件夹里，按“档案”里最后一次运行的记录和本期的方案计算"
    if chart:
        yield Line(f"图表：{chart}", "bold")
    yield from say.gone(gone)


def history_json(history: History, chart: Path | None) -> Json:
    """`history --json`."""
    subject = history.subject
    unit = isinstance(subject, Unit)
    return {
        "unit": subject.code if unit else None,
        "indicator": None if unit else subject.code,
        "name": subject.name if isinstance(subject, Unit) else subject.text,
        "points": [_point_json(point) for point in history.points],
        "chart": chart,
        "notices": history.notices,
    }


def _cells(point: Point) -> list[str]:
    total, head = point.total, [f"{point.period}{'*' if point.kept else ''}"]
    if isinstance(total, UnitTotal):
        score = "—" if total.score is None else f"{total.score:.2f}"
        rank = "—" if total.rank is None else f"{total.rank}"
        head += [f"{total.completeness:.1%}", score, _say_change(point, False), rank]
    elif isinstance(total, IndicatorTotal):
        share = total.indicator.kind.is_share
        head += [total.shown_value, _say_change(point, share), total.shown_status]
    else:
        return [*head, "没有"]
    return [*head, " ".join(f"{total.counts[status]:4}" for status in _SHOWN)]


def _say_change(point: Point, share: bool) -> str:
    """The change since the period before, of a share in points; the arrow needs no colour."""
    if point.change is None:
        return "上期未报" if point.after_silence else "—"
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


def _point_json(point: Point) -> Json:
    total, own = point.total, pick(point, "period", "as_of", "kept", "change")
    if isinstance(total, UnitTotal):
        own |= pick(total, "completeness", "score", "rank")
    elif isinstance(total, IndicatorTotal):
        own |= pick(total, "value", "numerator", "denominator")
        own["indicator_status"] = total.shown_status
    return {**own, "status": count_json(Status, total.counts) if total else None}


def runs_lines(found: Runs) -> Told:
    """`restore` without a run."""
    yield Line(f"{found.master.name} 的各次运行", "bold")
    yield from say.notices(found.notices)
    for run in found.runs:
        yield f"  {_say_run(run)}，变动 {found.changes.get(run.number, 0)} 条记录"
        kept = found.kept.get(run.number, {})
        yield from (Line(f"      {name} 存在 {path}", "dim") for name, path in kept.items())
    if not found.runs:
        yield "  还没有运行记录。"
    else:
        yield "恢复到某次运行之后：fzzf restore --run 编号；之前：再加 --before"


def runs_json(found: Runs) -> Json:
    """`restore --json`."""
    runs = [
        {
            **_run_json(run),
            "changes": found.changes.get(run.number, 0),
            "approved": found.kept.get(run.number, {}),
        }
        for run in found.runs
    ]
    return {**pick(found, "master", "period"), "runs": runs, "notices": found.notices}


def restoration_lines(result: Restoration) -> Told:
    """`restore --run`."""
    yield from say.notices(result.notices)
    run, side = result.run, "之前" if result.before else "之后"
    when = f"{run.at:%Y-%m-%d %H:%M} {run.job.label}"
    yield f"台账已恢复到第 {run.number} 次运行（{when}）{side}：{result.master}"
    yield "恢复以前的台账也在“档案/备份”里；要反悔，再运行一次 fzzf restore 查看编号"


def restoration_json(result: Restoration) -> Json:
    """`restore --run N --json`."""
    return {"master": result.master, "run": result.run.number, **pick(result, "before", "notices")}


def _say_run(run: Run) -> str:
    more = f"（{run.note}）" if run.note else ""
    more += f"（台账正开着，结果另存为 {run.output}）" if run.output else ""
    return f"第 {run.number} 次  {run.at:%Y-%m-%d %H:%M:%S}  {run.job.label}{more}"


def _run_json(run: Run) -> Json:
    at = run.at.isoformat(timespec="seconds")
    return {"run": run.number, "at": at, **pick(run, "job", "note", "output")}
