"""What a city's consolidation shows on a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table

from xl_fzzf.faces.words.screen import (
    plain,
    print_findings,
    print_outcome,
    print_received,
    say_statuses,
)
from xl_fzzf.model.rollup import met_share
from xl_fzzf.model.submission import Verdict

if TYPE_CHECKING:
    from xl_fzzf.jobs.city import CityConsolidation
    from xl_fzzf.model.city import City


def print_city(result: CityConsolidation) -> None:
    """`consolidate` of a city."""
    console, city = Console(highlight=False, soft_wrap=True), result.city
    print_received(console, result.files)
    for file in result.files:
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
    print_outcome(console, result)
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
