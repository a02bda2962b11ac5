"""What `init` and `consolidate` do one level up, where districts report to a city."""

from __future__ import annotations

import re
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from xl_fzzf.faces.cli.terminal import print_json, progress_bar, today

if TYPE_CHECKING:
    from xl_fzzf.model.period import Period
    from xl_fzzf.model.plan import Plan

_SEPARATORS = re.compile("[,、;\\s\uff0c\uff1b]+")


def init_city(folder: Path, plan: Plan, city: str, districts: str, period: Period) -> None:
    """Make a city's workspace, and say what to do next."""
    from xl_fzzf.desk.city_master import init_city as run

    names = [name for name in _SEPARATORS.split(districts) if name]
    if not city or not names:
        raise typer.BadParameter(
            "--city 和 --districts 要一起写,例如 --city 南充市 --districts 嘉陵区,顺庆区"
        )
    workspace = run(folder, plan, city, names, period, today())
    typer.echo(f"已建立市级台账:{workspace.master}(区县 {len(names)} 个)")
    typer.echo(f"下一步:把各区县的汇总表放进 {workspace.incoming},再运行 fzzf consolidate")


def next_city(master: Path, period: Period) -> Path:
    """Make the city's master of the next period."""
    from xl_fzzf.desk.city_master import next_city as run

    return run(master, period, today()).master


def is_city(master: Path) -> bool:
    """Whether a master is a city's."""
    from xl_fzzf.desk.city_master import is_city as run

    return run(master)


def consolidate_city(
    master: Path, returns: Path | None, as_of: date, pdf: bool, as_json: bool
) -> bool:
    """Consolidate the districts' summaries and show it; whether all is clean."""
    from xl_fzzf.desk.errors import JobError
    from xl_fzzf.desk.printing import print_in_office
    from xl_fzzf.faces.words.screen_city import print_city
    from xl_fzzf.faces.words.shapes_city import city_json
    from xl_fzzf.jobs.city import consolidate_city as run

    with progress_bar("汇总") as step:
        result = run(master, returns, as_of, datetime.now(), step, print_in_office if pdf else None)
    if as_json:
        print_json(city_json(result))
    else:
        print_city(result)
    if result.printed.trouble:
        raise JobError(result.printed.trouble)
    return result.clean
