"""What a city's consolidation shows on a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table

from xl_fzzf.model.rollup import met_share
from xl_fzzf.model.submission import Verdict
from xl_fzzf.screen import plain, print_findings, say_statuses

if TYPE_CHECKING:
    from xl_fzzf.jobs.city import CityConsolidation
    from xl_fzzf.model.city import City


def print_city(result: CityConsolidation) -> None:
    """`consolidate` of a city."""
    console, city = Console(highlight=False, soft_wrap=True), result.city
    counts = result.verdicts
    words = "、".join(f"{v.label} {counts[v]}" for v in Verdict if counts[v]) or "没有"
    console.print(plain(f"收到 {len(result.files)} 个文件:{words}", "bold"))
    for file in result.files:
        if file.verdict is not Verdict.ACCEPTED:
            style = "red" if file.verdict is Verdict.QUARANTINED else "dim"
            line = f"  {file.verdict.label} {file.submission.file}:{file.reason}"
            console.print(plain(line, style))
        own = [f for f in result.findings if f.file == file.submission.file]
        if own and file.verdict is Verdict.ACCEPTED:
            name = file.unit.name if file.unit else ""
            console.print(plain(f"  {name} {file.submission.file}", "bold"))
            print_findings(console, own)
    _print_districts(console, city)
    if city.missing:
        names = "、".join(unit.name for unit in city.missing)
        console.print(plain(f"没有可用汇总表的区县:{names}", "yellow"))
    console.print(plain(f"全市 {city.statuses.total()} 条记录:{say_statuses(city.statuses)}"))
    for notice in result.notices:
        console.print(plain(notice, "yellow"))
    if result.saved.holder:
        console.print(plain(f"“{result.master.name}”{result.saved.holder}", "red"))
        console.print(plain(f"台账没有改动,这次的结果在:{result.saved.output}", "red"))
    else:
        console.print(plain(f"市级台账:{result.master}"))
    console.print(plain(f"市级汇总表:{result.summary}", "bold"))
    if result.printed.pdf:
        console.print(plain(f"PDF:{result.printed.pdf}"))


def _print_districts(console: Console, city: City) -> None:
    table = Table("区县", "单位", "应填", "达标率", "校验错误", title="区县情况")
    for district in city.districts:
        share, counts = met_share(district.statuses), district.statuses
        row = (
            district.unit.name,
            f"{district.sent}/{district.units}",
            counts.total(),
            "—" if share is None else f"{share:.1%}",
            district.errors,
        )
        table.add_row(*(plain(cell) for cell in row))
    console.print(table)
