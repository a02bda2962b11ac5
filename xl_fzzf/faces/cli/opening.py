"""The commands that open a period: `init` the first, `next` every other."""

from __future__ import annotations

import re
from datetime import date, datetime
from pathlib import Path
from typing import Annotated

import typer

from xl_fzzf.faces.cli.terminal import YEAR, MasterArgument, confirm, master_of, read_period, show

_SEPARATORS = re.compile("[,、;\\s\uff0c\uff1b]+")

app = typer.Typer()


@app.command(epilog=f"例：fzzf init 甲县 --plan 方案.toml --period {YEAR}Q3")
def init(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="工作文件夹，没有就新建")],
    plan: Annotated[
        str, typer.Option(help="工作方案：TOML 文件，或自带方案的名称")
    ] = "jialing-2019",
    period: Annotated[
        str, typer.Option(help=f"报告期：{YEAR}、{YEAR}H2、{YEAR}Q3 或 {YEAR}M09")
    ] = "",
    city: Annotated[str, typer.Option(help="建市级台账时写市名，例如 甲市；另写 --districts")] = "",
    districts: Annotated[
        str, typer.Option(help="市级台账汇总哪些区县，例如 甲县，乙县，丙市")
    ] = "",
) -> None:
    """建立工作文件夹和第一期台账;写了 --city 的是市级台账,汇总各区县的汇总表。"""
    from xl_fzzf.desk.level import CITY
    from xl_fzzf.jobs.init import init as run
    from xl_fzzf.model.city import build_city_plan
    from xl_fzzf.plans import read_plan

    read = read_plan(plan)
    wanted = read_period(period or read.period)
    if not city and not districts:
        workspace = run(folder, read, wanted, date.today())
        typer.echo(f"已建立台账：{workspace.master}")
        typer.echo(f"工作方案：{read.name}")
        typer.echo("下一步：打开台账核对“单位”“责任分工”“指标”，然后运行 fzzf distribute")
        return
    names = [name for name in _SEPARATORS.split(districts) if name]
    if not city or not names:
        raise typer.BadParameter(
            "--city 和 --districts 要一起写，例如 --city 甲市 --districts 甲县，乙县"
        )
    workspace = run(folder, build_city_plan(read, city, names), wanted, date.today(), CITY)
    typer.echo(f"已建立市级台账：{workspace.master}（区县 {len(names)} 个）")
    typer.echo(f"下一步：把各区县的汇总表放进 {workspace.incoming}，再运行 fzzf consolidate")


@app.command(name="next", epilog=f"例：fzzf next --period {YEAR}Q4")
def next_(
    master: MasterArgument = None,
    *,
    period: Annotated[
        str, typer.Option(help=f"新的报告期，例如 {YEAR}Q4；不写就是紧接着的下一期")
    ] = "",
    skip: Annotated[
        bool, typer.Option("--skip", help="跳过中间的报告期，或者改用另一种报告期")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", help="不再询问（供脚本使用）")] = False,
    undo: Annotated[
        bool, typer.Option("--undo", help="撤销建错了的、还没有收过填报表的最新一期")
    ] = False,
) -> None:
    """建立下一期台账：沿用驱动表，上期完成值列在“上期值”；跨年的改动先列出来确认。"""
    from xl_fzzf.faces.words.opening import opening_lines, withdrawn_lines
    from xl_fzzf.jobs.next import next_period, propose, withdraw

    path, today = master_of(master), date.today()
    if undo:
        confirm(f"撤销 {path.name}？文件移进“档案”，不删除", yes)
        show(withdrawn_lines(path, withdraw(path, datetime.now())))
        return
    opening = propose(path, read_period(period) if period else None, today, skip)
    show(opening_lines(opening))
    confirm(f"建立 {opening.period} 的台账？", yes)
    made = next_period(path, opening.period, today, skip)
    typer.echo(f"已建立下一期台账：{made.master}")
