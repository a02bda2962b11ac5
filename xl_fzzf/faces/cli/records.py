"""The commands that look into the archive: trace, history and restore."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from xl_fzzf.faces.cli.terminal import JsonOption, MasterArgument, master_of, print_json, today


def trace(
    unit: Annotated[str, typer.Argument(metavar="UNIT", help="单位全称、别名或编号")],
    indicator: Annotated[str, typer.Argument(metavar="INDICATOR", help="指标编号,例如 1.1")],
    master: Annotated[Path | None, typer.Option(help="台账;不写就用当前文件夹里最新一期的")] = None,
    as_json: JsonOption = False,
) -> None:
    """一个数从哪里来:哪个文件、哪张表、哪一格,什么时候报的,替换了什么。"""
    from xl_fzzf.faces.words.screen_records import print_trace
    from xl_fzzf.faces.words.shapes_records import trace_json
    from xl_fzzf.jobs.trace import trace as run

    result = run(master_of(master), unit, indicator)
    if as_json:
        print_json(trace_json(result))
    else:
        print_trace(result)


def history(
    name: Annotated[
        str, typer.Argument(metavar="UNIT|INDICATOR", help="单位全称、别名或编号,或者指标编号")
    ],
    master: Annotated[Path | None, typer.Option(help="台账;不写就用当前文件夹里最新一期的")] = None,
    chart: Annotated[
        bool, typer.Option("--chart", help="同时生成带图表的工作簿,放在“上报”文件夹")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """一个单位或一个指标各期的情况:填报率、得分、区级值、状态。"""
    from xl_fzzf.faces.words.screen_history import print_history
    from xl_fzzf.faces.words.shapes_history import history_json
    from xl_fzzf.jobs.history import read_history, write_history

    found = read_history(master_of(master), name)
    path = write_history(found) if chart else None
    if as_json:
        print_json(history_json(found, path))
    else:
        print_history(found, path)


def restore(
    master: MasterArgument = None,
    run: Annotated[
        int | None, typer.Option("--run", metavar="N", help="恢复到第 N 次运行之后;不写就只列出")
    ] = None,
    before: Annotated[bool, typer.Option("--before", help="恢复到那次运行之前,即撤销它")] = False,
    as_json: JsonOption = False,
) -> None:
    """列出本期各次运行;用 --run 把台账恢复到某一次。现在的台账先备份。"""
    from xl_fzzf.faces.words.screen_records import print_restoration, print_runs
    from xl_fzzf.faces.words.shapes_records import restoration_json, runs_json
    from xl_fzzf.jobs.restore import read_runs
    from xl_fzzf.jobs.restore import restore as run_restore

    if run is None:
        if before:
            raise typer.BadParameter("--before 要和 --run 一起用,例如 --run 3 --before")
        found = read_runs(master_of(master))
        if as_json:
            print_json(runs_json(found))
        else:
            print_runs(found)
        return
    result = run_restore(_place(master), run, before, today(), datetime.now())
    if as_json:
        print_json(restoration_json(result))
    else:
        print_restoration(result)


def _place(master: Path | None) -> Path:
    """The master given, which may be gone: that is what restoring is for."""
    return master if master and not master.exists() else master_of(master)
