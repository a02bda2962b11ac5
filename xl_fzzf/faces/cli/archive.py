"""The commands that look into the archive: trace, history and restore."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import typer

from xl_fzzf.faces.cli.terminal import (
    JsonOption,
    MasterArgument,
    MasterOption,
    master_of,
    tell,
    today,
)

app = typer.Typer()


@app.command(epilog="例:fzzf trace 区司法局 1.1")
def trace(
    unit: Annotated[str, typer.Argument(metavar="UNIT", help="单位全称、别名或编号")],
    indicator: Annotated[str, typer.Argument(metavar="INDICATOR", help="指标编号,例如 1.1")],
    master: MasterOption = None,
    as_json: JsonOption = False,
) -> None:
    """一个数从哪里来:哪个文件、哪张表、哪一格,什么时候报的,替换了什么。"""
    from xl_fzzf.faces.words.archive import trace_json, trace_lines
    from xl_fzzf.jobs.trace import trace as run

    result = run(master_of(master), unit, indicator)
    tell(as_json, trace_lines(result), trace_json(result))


@app.command(epilog="例:fzzf history 区司法局 --chart")
def history(
    name: Annotated[
        str, typer.Argument(metavar="UNIT|INDICATOR", help="单位全称、别名或编号,或者指标编号")
    ],
    master: MasterOption = None,
    chart: Annotated[
        bool, typer.Option("--chart", help="同时生成带图表的工作簿,放在“上报”文件夹")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """一个单位或一个指标各期的情况:填报率、得分、区级值、状态。"""
    from xl_fzzf.faces.words.archive import history_json, history_lines
    from xl_fzzf.jobs.history import read_history, write_history

    found = read_history(master_of(master), name)
    path = write_history(found) if chart else None
    tell(as_json, history_lines(found, path), history_json(found, path))


@app.command(epilog="例:fzzf restore --run 3")
def restore(
    master: MasterArgument = None,
    run: Annotated[
        int | None, typer.Option("--run", metavar="N", help="恢复到第 N 次运行之后;不写就只列出")
    ] = None,
    before: Annotated[bool, typer.Option("--before", help="恢复到那次运行之前,即撤销它")] = False,
    as_json: JsonOption = False,
) -> None:
    """列出本期各次运行;用 --run 把台账恢复到某一次。现在的台账先备份。"""
    from xl_fzzf.faces.words import archive as words
    from xl_fzzf.jobs.restore import read_runs
    from xl_fzzf.jobs.restore import restore as bring_back

    if run is None:
        if before:
            raise typer.BadParameter("--before 要和 --run 一起用,例如 --run 3 --before")
        runs = read_runs(master_of(master))
        tell(as_json, words.runs_lines(runs), words.runs_json(runs))
        return
    # The master given may be gone: that is what restoring is for.
    path = master if master and not master.exists() else master_of(master)
    done = bring_back(path, run, before, today(), datetime.now())
    tell(as_json, words.restoration_lines(done), words.restoration_json(done))
