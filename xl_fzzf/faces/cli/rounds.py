"""The commands of a round: init, next, distribute, check, consolidate, report, status, plan and demo."""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from xl_fzzf.faces.cli.terminal import (
    CLEAN,
    FOUND,
    AsOfOption,
    JsonOption,
    MasterArgument,
    master_of,
    progress_bar,
    read_period,
    show,
    tell,
    today,
)

if TYPE_CHECKING:
    from xl_fzzf.model.period import Period
    from xl_fzzf.model.plan import Plan

_SEPARATORS = re.compile("[,、;\\s\uff0c\uff1b]+")

app = typer.Typer()


@app.command(epilog="例:fzzf init 嘉陵区 --period 2019Q3")
def init(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="工作文件夹,没有就新建")],
    plan: Annotated[str, typer.Option(help="工作方案:TOML 文件,或自带方案的名称")] = "jialing-2019",
    period: Annotated[str, typer.Option(help="报告期:2019、2019H2、2019Q3 或 2019M09")] = "",
    city: Annotated[str, typer.Option(help="建市级台账时写市名,例如 南充市;另写 --districts")] = "",
    districts: Annotated[
        str, typer.Option(help="市级台账汇总哪些区县,例如 嘉陵区,顺庆区,高坪区")
    ] = "",
) -> None:
    """建立工作文件夹和第一期台账;写了 --city 的是市级台账,汇总各区县的汇总表。"""
    from xl_fzzf.jobs.init import init as run
    from xl_fzzf.plans import read_plan

    read = read_plan(plan)
    wanted = read_period(period or read.period)
    if city or districts:
        _init_city(folder, read, city, districts, wanted)
        return
    workspace = run(folder, read, wanted, today())
    typer.echo(f"已建立台账:{workspace.master}")
    typer.echo("下一步:打开台账核对“单位”“责任分工”“指标”,然后运行 fzzf distribute")


def _init_city(folder: Path, plan: Plan, city: str, districts: str, period: Period) -> None:
    from xl_fzzf.desk.level import CITY
    from xl_fzzf.jobs.init import init as run
    from xl_fzzf.model.city import build_city_plan

    names = [name for name in _SEPARATORS.split(districts) if name]
    if not city or not names:
        raise typer.BadParameter(
            "--city 和 --districts 要一起写,例如 --city 南充市 --districts 嘉陵区,顺庆区"
        )
    own = build_city_plan(plan, city, names)
    workspace = run(folder, own, period, today(), CITY)
    typer.echo(f"已建立市级台账:{workspace.master}(区县 {len(names)} 个)")
    typer.echo(f"下一步:把各区县的汇总表放进 {workspace.incoming},再运行 fzzf consolidate")


@app.command(name="next", epilog="例:fzzf next --period 2019Q4")
def next_(
    master: MasterArgument = None,
    *,
    period: Annotated[str, typer.Option(help="新的报告期,例如 2019Q4")],
) -> None:
    """建立下一期台账:沿用驱动表,上期完成值列在“上期值”。"""
    from xl_fzzf.jobs.next import next_period

    made = next_period(master_of(master), read_period(period), today())
    typer.echo(f"已建立下一期台账:{made.master}")


@app.command(epilog="例:fzzf distribute")
def distribute(master: MasterArgument = None) -> None:
    """给每个单位生成一份填报表,放在“分发”文件夹。"""
    from xl_fzzf.jobs.distribute import distribute as run

    with progress_bar("分发") as step:
        files = run(master_of(master), today(), datetime.now(), step)
    typer.echo(f"已生成 {len(files)} 份填报表,在 {files[0].parent if files else '“分发”文件夹'}")
    typer.echo("下一步:把它们发给各单位;交回的文件放进“报送”文件夹,再运行 fzzf consolidate")


@app.command(epilog="例:fzzf check 报送/2019Q3/区司法局.xlsx --annotate")
def check(
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="交回的填报表")],
    master: Annotated[
        Path | None, typer.Option(help="台账;不写就在当前文件夹和文件的上级文件夹里找")
    ] = None,
    as_of: AsOfOption = None,
    annotate: Annotated[
        bool, typer.Option("--annotate", help="把问题写进该单位文件的一份副本,放在“退回”文件夹")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """校验交回的填报表,列出问题和改法。"""
    from xl_fzzf.faces.words.returns import check_json, check_lines
    from xl_fzzf.jobs.check import check_files

    results = check_files(files, master, Path.cwd(), as_of or today(), annotate)
    tell(as_json, check_lines(results), check_json(results))
    raise typer.Exit(CLEAN if all(result.clean for result in results) else FOUND)


@app.command(epilog="例:fzzf consolidate --as-of 2019-09-30")
def consolidate(
    master: MasterArgument = None,
    returns: Annotated[
        Path | None, typer.Option(help="交回的填报表所在文件夹;不写就是“报送”里本期的文件夹")
    ] = None,
    as_of: AsOfOption = None,
    pdf: Annotated[
        bool, typer.Option("--pdf", help="市级台账:同时生成市级汇总表的 PDF(需要 LibreOffice)")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """校验全部填报表并汇总进台账;台账先备份。市级台账汇总各区县的汇总表。"""
    from xl_fzzf.desk.errors import JobError
    from xl_fzzf.desk.printing import print_in_office
    from xl_fzzf.faces.words.returns import consolidation_json, consolidation_lines
    from xl_fzzf.jobs.consolidate import PrintingElsewhereError, Using
    from xl_fzzf.jobs.consolidate import consolidate as run

    path, day = master_of(master), as_of or today()
    with progress_bar("汇总") as step:
        using = Using(step, printer=print_in_office if pdf else None)
        try:
            result = run(path, returns, day, datetime.now(), using)
        except PrintingElsewhereError as error:
            raise typer.BadParameter(str(error)) from None
    tell(as_json, consolidation_lines(result), consolidation_json(result))
    if result.published and result.published.printed.trouble:
        raise JobError(result.published.printed.trouble)
    raise typer.Exit(CLEAN if result.clean else FOUND)


@app.command(epilog="例:fzzf report --pdf")
def report(
    master: MasterArgument = None,
    as_of: AsOfOption = None,
    pdf: Annotated[bool, typer.Option("--pdf", help="同时生成 PDF(需要 LibreOffice)")] = False,
    as_json: JsonOption = False,
) -> None:
    """生成上报的汇总表,放在“上报”文件夹。"""
    from xl_fzzf.desk.errors import JobError
    from xl_fzzf.desk.printing import print_in_office
    from xl_fzzf.faces.words.standing import report_json, report_lines
    from xl_fzzf.jobs.report import report as run

    result = run(master_of(master), as_of or today(), today(), print_in_office if pdf else None)
    tell(as_json, report_lines(result), report_json(result))
    if result.printed.trouble:
        raise JobError(result.printed.trouble)


@app.command(epilog="例:fzzf status")
def status(
    master: MasterArgument = None, as_of: AsOfOption = None, as_json: JsonOption = False
) -> None:
    """本期进行到哪里:谁没有报,什么没有达标。"""
    from xl_fzzf.faces.words.standing import status_json, status_lines
    from xl_fzzf.jobs.status import read_standing

    path = master_of(master)
    _, standing = read_standing(path, as_of or today())
    tell(as_json, status_lines(standing), status_json(path, standing))


@app.command(epilog="例:fzzf plan --json")
def plan(
    source: Annotated[
        str, typer.Argument(metavar="[MASTER|PLAN]", help="台账、方案文件或自带方案的名称")
    ] = "",
    as_json: JsonOption = False,
) -> None:
    """显示方案:领域、任务、指标、目标和责任分工。"""
    from xl_fzzf.faces.words.standing import plan_json, plan_lines
    from xl_fzzf.jobs.plan import read_source

    round_ = read_source(source, Path.cwd())
    tell(as_json, plan_lines(round_), plan_json(round_))


@app.command(epilog="例:fzzf demo 演示")
def demo(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="演示文件夹,没有就新建")],
) -> None:
    """演示:一个区两个报告期,从分发到上报走一遍。"""
    from xl_fzzf.faces.words.returns import consolidation_lines
    from xl_fzzf.faces.words.standing import report_lines
    from xl_fzzf.jobs.demo import demo as run

    with progress_bar("演示") as step:
        rounds = list(run(folder, datetime.now(), step))
    for consolidation, summary in rounds:
        show(consolidation_lines(consolidation))
        show(report_lines(summary))
