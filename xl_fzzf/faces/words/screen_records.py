"""What trace and restore show on a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from rich.console import Console

from xl_fzzf.faces.words.screen import plain
from xl_fzzf.model.collected import Collected, Fate
from xl_fzzf.model.record import ENTRY_FIELDS, ENTRY_LABELS, text
from xl_fzzf.model.run import Run, Version

if TYPE_CHECKING:
    from xl_fzzf.jobs.restore import Restoration, Runs
    from xl_fzzf.jobs.trace import Step, Trace


def print_trace(result: Trace) -> None:
    """`trace`."""
    console = _console()
    unit, indicator = result.unit, result.indicator
    title = f"{unit.name}({unit.code})  {indicator.code} {indicator.text}  {result.period}"
    console.print(plain(title, "bold"))
    for notice in result.notices:
        console.print(plain(notice, "yellow"))
    sheet, cell = result.place
    console.print(plain(f"台账:{result.master.name} {sheet} {cell}"))
    if result.standing:
        console.print(plain("现在(最近一次运行以后在台账里改过,还没有汇总):", "yellow"))
        _print_lines(console, _entry_lines(result.standing, {}))
    for step in result.steps:
        console.print(plain(_headline(step), "bold"))
        _print_lines(console, _source_lines(step))
        _print_lines(console, _entry_lines(step.version, step.cells))
    if not result.steps and not result.standing:
        console.print(plain("还没有填报过。"))


def print_runs(found: Runs) -> None:
    """`restore` without a run."""
    console = _console()
    console.print(plain(f"{found.master.name} 的各次运行", "bold"))
    for notice in found.notices:
        console.print(plain(notice, "yellow"))
    for run in found.runs:
        console.print(plain(f"  {_run_words(run)},变动 {found.changes.get(run.number, 0)} 条记录"))
    if not found.runs:
        console.print(plain("  还没有运行记录。"))
    else:
        console.print(plain("恢复到某次运行之后:fzzf restore --run 编号;之前:再加 --before"))


def print_restoration(result: Restoration) -> None:
    """`restore --run`."""
    console = _console()
    for notice in result.notices:
        console.print(plain(notice, "yellow"))
    side = "之前" if result.before else "之后"
    console.print(
        plain(
            f"台账已恢复到第 {result.run.number} 次运行({result.run.at:%Y-%m-%d %H:%M} {result.run.job.label}){side}:{result.master}"
        )
    )
    console.print(plain("恢复以前的台账也在“档案/备份”里;要反悔,再运行一次 fzzf restore 查看编号"))


def _run_words(run: Run) -> str:
    more = f"({run.note})" if run.note else ""
    more += f"(台账正开着,结果另存为 {run.output})" if run.output else ""
    return f"第 {run.number} 次  {run.at:%Y-%m-%d %H:%M:%S}  {run.job.label}{more}"


def _headline(step: Step) -> str:
    version, run = step.version, step.run
    when = f"{run.at:%Y-%m-%d %H:%M} {run.job.label}" if run else ""
    replaced = f",替换第 {version.replaced} 次的" if version.replaced else ""
    return f"第 {version.run} 次运行 {when}{replaced}"


def _source_lines(step: Step) -> Iterator[str]:
    version, receipt = step.version, step.receipt
    if not version.file:
        yield "来源:在台账里直接填的"
        return
    yield f"来源:{version.file} {version.sheet} 第 {version.row} 行"
    if receipt:
        yield f"收到:{receipt.received:%Y-%m-%d %H:%M}"
    for item in step.brought:
        yield from _brought_lines(item, version.sha256)
    if version.sha256:
        yield f"SHA-256:{version.sha256}"
    yield f"原件:{step.kept}" if step.kept else "原件:档案里没有找到"


def _brought_lines(item: Collected, sha256: str) -> Iterator[str]:
    filed = next(file for file in item.files if file.sha256 == sha256)
    arrived = f"{item.arrived.astimezone():%Y-%m-%d %H:%M}"
    if item.is_mail:
        unit = f"({item.unit})" if item.unit else ""
        yield f"邮件:{item.sender or '没有发件邮箱'}{unit} {arrived} 到,主题“{item.subject}”,附件“{filed.name}”"
        yield f"Message-ID:{item.message_id or '没有'}"
    else:
        yield f"收取:从“{item.key}”,文件时间 {arrived}"
    if filed.fate is Fate.WAITING:
        yield f"当时放进“待确认”:{filed.reason}"


def _entry_lines(version: Version, cells: Mapping[str, str]) -> Iterator[str]:
    for name, cell in zip(ENTRY_FIELDS, version.entries, strict=True):
        if cell is None and name not in version.sent:
            continue
        words = f"{ENTRY_LABELS[name]}:{text(cell) or '(空)'}"
        if name in version.sent:
            said = text(version.sent[name]) or "空"
            words += f"(在台账里直接填的;文件 {cells.get(name, '')} 里是:{said})"
        elif name in cells:
            words += f"({cells[name]})"
        elif not version.file:
            words += "(在台账里直接填的)"
        if name in version.raw:
            words += f"(原文:{text(version.raw[name])})"
        yield words


def _print_lines(console: Console, lines: Iterable[str]) -> None:
    for line in lines:
        console.print(plain(f"  {line}"))


def _console() -> Console:
    return Console(highlight=False, soft_wrap=True)
