"""What the commands show on a terminal; text from files is shown as it is, never as markup."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import TYPE_CHECKING

from rich.console import Console
from rich.text import Text

from xl_fzzf.model.characters import ACTIVE
from xl_fzzf.model.finding import ACCEPTED, Finding, Severity
from xl_fzzf.model.plan import Unit
from xl_fzzf.model.status import Status
from xl_fzzf.model.submission import Verdict
from xl_fzzf.sheets.spec import area_sheet

if TYPE_CHECKING:
    from rich.table import Table

    from xl_fzzf.jobs.check import CheckResult
    from xl_fzzf.jobs.city import CityConsolidation
    from xl_fzzf.jobs.consolidate import Consolidation
    from xl_fzzf.jobs.report import Report
    from xl_fzzf.model.judged import Judged
    from xl_fzzf.model.round import Round, Standing

_COLOURS = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.INFO: "cyan"}
_CELLS_SHOWN, _GROUPS_SHOWN, _NAMES_SHOWN = 8, 40, 30
_CONTROL = re.compile(f"[{ACTIVE}]")


def plain(text: object, style: str = "") -> Text:
    """A text without terminal escapes, line breaks or direction overrides."""
    return Text(_CONTROL.sub("·", str(text)), style=style)


def print_check(results: Sequence[CheckResult]) -> None:
    """`check`."""
    console = _console()
    for result in results:
        file = result.checked
        unit = file.unit.name if file.unit else "单位不明"
        console.print(plain(f"{result.path.name}({unit}):{file.verdict.label}", "bold"))
        if file.reason:
            console.print(plain(f"  原因:{file.reason}", "red"))
        print_findings(console, result.findings)
        if file.verdict is Verdict.ACCEPTED:
            counts = Counter(a.status for a in result.assessments)
            console.print(plain(f"  {say_statuses(counts)}"))
        if result.copy:
            console.print(plain(f"  带校验意见的副本:{result.copy}"))


def print_consolidation(result: Consolidation) -> None:
    """`consolidate`."""
    console = _console()
    print_received(console, result.files)
    counts_of = Counter(finding.label for finding in result.findings)
    labels = [*(severity.label for severity in Severity), ACCEPTED]
    listed = "、".join(f"{label} {counts_of[label]}" for label in labels)
    console.print(plain(f"校验问题:{listed}(详见台账的“校验结果”)"))
    account = result.account
    console.print(
        plain(
            f"对账:读到 {account.read} 项填报内容 = 采用 {account.recorded} + "
            f"有问题未采用 {account.found} + 说明等不计 {account.ignored}"
        )
    )
    console.print(plain(f"应报 {len(result.expected)} 个单位,已报 {len(result.reported)} 个"))
    _print_names(console, "未报", result.missing)
    _print_names(console, "逾期", result.late)
    console.print(plain(f"{len(result.assessments)} 条记录:{say_statuses(result.statuses)}"))
    print_outcome(console, result)


def print_received(console: Console, files: Sequence[Judged]) -> None:
    """How many files got which verdict, and those that do not count."""
    counts = Counter(file.verdict for file in files)
    words = "、".join(f"{v.label} {counts[v]}" for v in Verdict if counts[v]) or "没有"
    console.print(plain(f"收到 {len(files)} 个文件:{words}", "bold"))
    for file in files:
        if file.verdict is not Verdict.ACCEPTED:
            style = "red" if file.verdict is Verdict.QUARANTINED else "dim"
            line = f"  {file.verdict.label} {file.submission.file}:{file.reason}"
            console.print(plain(line, style))


def print_outcome(console: Console, result: Consolidation | CityConsolidation) -> None:
    """Where the result is, and what is to be known about the archive."""
    for notice in result.notices:
        console.print(plain(notice, "yellow"))
    if result.saved.holder:
        console.print(plain(f"“{result.master.name}”{result.saved.holder}", "red"))
        console.print(plain(f"台账没有改动,这次的结果在:{result.saved.output}", "red"))
    else:
        console.print(plain(f"台账:{result.master}"))


def print_report(result: Report) -> None:
    """`report`."""
    console = _console()
    standing = result.standing
    console.print(
        plain(
            f"填报率 {standing.completeness:.1%},及时率 {_share(standing.timeliness)};"
            f"{say_statuses(standing.statuses)}"
        )
    )
    console.print(plain(f"汇总表:{result.summary}", "bold"))
    if result.printed.pdf:
        console.print(plain(f"PDF:{result.printed.pdf}"))


def print_standing(standing: Standing) -> None:
    """`status`."""
    console = _console()
    settings = standing.round.settings
    title = f"{settings.period.label}(统计日期 {standing.as_of},报送截止 {settings.deadline})"
    console.print(plain(title, "bold"))
    reported = len(standing.units) - len(standing.missing)
    console.print(
        plain(
            f"应报 {len(standing.units)} 个单位,已报 {reported} 个;填报率 {standing.completeness:.1%}"
        )
    )
    _print_names(console, "未报", standing.missing)
    console.print(plain(say_statuses(standing.statuses)))
    unmet = [a for a in standing.assessments if a.status is Status.UNMET]
    if unmet:
        table = _table("单位", "指标", "目标", "完成值", "差距", title=f"未达标 {len(unmet)} 项")
        for a in unmet[:_GROUPS_SHOWN]:
            target = a.target.text(a.indicator.measure)
            row = (
                a.unit.name,
                f"{a.indicator.code} {a.indicator.text}",
                target,
                a.shown_value,
                a.gap,
            )
            table.add_row(*(plain(cell) for cell in row))
        console.print(table)
        if len(unmet) > _GROUPS_SHOWN:
            console.print(plain(f"……另有 {len(unmet) - _GROUPS_SHOWN} 项,见台账的“未达标清单”"))


def print_plan(round_: Round) -> None:
    """`plan`."""
    console = _console()
    plan = round_.plan
    console.print(plain(plan.name, "bold"))
    for area in plan.areas:
        table = _table(
            "任务", "指标", "类型", "目标", "单位数", title=area_sheet(area), expand=True
        )
        for task in area.tasks:
            units = sum(number == task.number for _, number in round_.assignments)
            for place, indicator in enumerate(task.indicators):
                row = (
                    task.number if place == 0 else "",
                    f"{indicator.code} {indicator.text}",
                    indicator.kind.label,
                    indicator.target.text(indicator.measure),
                    units if place == 0 else "",
                )
                table.add_row(*(plain(cell) for cell in row))
        console.print(table)
    kinds = Counter(unit.kind for unit in plan.units)
    words = "、".join(f"{kind} {count}" for kind, count in kinds.items())
    console.print(plain(f"单位 {len(plan.units)} 个({words}),指标 {len(plan.indicators)} 个"))


def print_findings(console: Console, findings: Iterable[Finding]) -> None:
    """Equal findings as one line with their cells."""
    groups = [
        list(group)
        for _, group in groupby(findings, lambda f: (f.severity, f.rule, f.message, f.sheet))
    ]
    for group in groups[:_GROUPS_SHOWN]:
        first = group[0]
        cells = [finding.cell for finding in group if finding.cell]
        more = f" 等 {len(cells)} 处" if len(cells) > _CELLS_SHOWN else ""
        place = f"{first.sheet} {'、'.join(cells[:_CELLS_SHOWN])}{more}".strip()
        line = Text.assemble(
            "  ",
            plain(f"[{first.severity.label}] ", _COLOURS[first.severity]),
            plain(f"{place}:{first.message}" if place else first.message),
            plain(f"(填的是“{first.value}”)" if first.value and len(group) == 1 else ""),
            plain(f" → {first.remedy}", "dim"),
        )
        console.print(line)
    if len(groups) > _GROUPS_SHOWN:
        console.print(plain(f"  ……另有 {len(groups) - _GROUPS_SHOWN} 类问题,用 --annotate 看全部"))


def _print_names(console: Console, label: str, units: Sequence[Unit]) -> None:
    if units:
        names = "、".join(unit.name for unit in units[:_NAMES_SHOWN])
        more = f" 等 {len(units)} 个" if len(units) > _NAMES_SHOWN else ""
        console.print(plain(f"{label}:{names}{more}"))


def say_statuses(counts: Counter[Status]) -> str:
    """How many records have which status, in words."""
    return "、".join(f"{status} {counts[status]}" for status in Status)


def _share(value: float | None) -> str:
    return "—" if value is None else f"{value:.1%}"


def _table(*headers: str, title: str, expand: bool = False) -> Table:
    from rich.table import Table  # most commands show none

    return Table(*headers, title=title, expand=expand)


def _console() -> Console:
    return Console(highlight=False, soft_wrap=True)
