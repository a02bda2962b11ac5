"""The `fzzf` command: parse, run a job, show what happened, exit 0, 1 or 2.

Heavy imports stand inside the commands, so that `--help` and a click stay fast.
"""

from __future__ import annotations

import sys
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from xl_fzzf.faces.cli import addin as cli_addin
from xl_fzzf.faces.cli import mail as cli_mail
from xl_fzzf.faces.cli.city import consolidate_city, init_city, is_city, next_city
from xl_fzzf.faces.cli.records import history, restore, trace
from xl_fzzf.faces.cli.terminal import (
    AsOfOption,
    JsonOption,
    MasterArgument,
    master_of,
    print_json,
    progress_bar,
    today,
)
from xl_fzzf.faces.cli.usage import UsageError, say_usage

if TYPE_CHECKING:
    from xl_fzzf.jobs.consolidate import Consolidation
    from xl_fzzf.model.period import Period

CLEAN, FOUND, FAILED = 0, 1, 2

app = typer.Typer(
    name="fzzf",
    help="法治政府建设工作台账:分发填报表、校验、汇总、上报。",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["--help", "-h"]},
)
app.add_typer(cli_addin.app)


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
    from xl_fzzf.jobs.prepare import init as run
    from xl_fzzf.plans import read_plan

    read = read_plan(plan)
    if city or districts:
        init_city(folder, read, city, districts, _period(period or read.period))
        return
    workspace = run(folder, read, _period(period or read.period), today())
    typer.echo(f"已建立台账:{workspace.master}")
    typer.echo("下一步:打开台账核对“单位”“责任分工”“指标”,然后运行 fzzf distribute")


@app.command(name="next", epilog="例:fzzf next --period 2019Q4")
def next_(
    master: MasterArgument = None,
    *,
    period: Annotated[str, typer.Option(help="新的报告期,例如 2019Q4")],
) -> None:
    """建立下一期台账:沿用驱动表,上期完成值列在“上期值”。"""
    from xl_fzzf.jobs.prepare import next_period

    path, wanted = master_of(master), _period(period)
    made = next_city(path, wanted) if is_city(path) else next_period(path, wanted, today()).master
    typer.echo(f"已建立下一期台账:{made}")


@app.command(epilog="例:fzzf distribute")
def distribute(master: MasterArgument = None) -> None:
    """给每个单位生成一份填报表,放在“分发”文件夹。"""
    from xl_fzzf.jobs.prepare import distribute as run

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
    from xl_fzzf.faces.words.screen import print_check
    from xl_fzzf.faces.words.shapes import check_json
    from xl_fzzf.jobs.check import check_files

    results = check_files(files, master, Path.cwd(), as_of or today(), annotate)
    if as_json:
        print_json(check_json(results))
    else:
        print_check(results)
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
    from xl_fzzf.faces.words.screen import print_consolidation
    from xl_fzzf.faces.words.shapes import consolidation_json

    path, day = master_of(master), as_of or today()
    if is_city(path):
        raise typer.Exit(CLEAN if consolidate_city(path, returns, day, pdf, as_json) else FOUND)
    if pdf:
        raise typer.BadParameter("区县台账的 PDF 用 fzzf report --pdf 生成")
    result = _consolidate(path, returns, day)
    if as_json:
        print_json(consolidation_json(result))
    else:
        print_consolidation(result)
    raise typer.Exit(CLEAN if result.clean else FOUND)


def _consolidate(master: Path, returns: Path | None, as_of: date) -> Consolidation:
    from xl_fzzf.jobs.consolidate import consolidate as run

    with progress_bar("汇总") as step:
        return run(master, returns, as_of, datetime.now(), step)


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
    from xl_fzzf.faces.words.screen import print_report
    from xl_fzzf.faces.words.shapes import report_json
    from xl_fzzf.jobs.report import report as run

    result = run(master_of(master), as_of or today(), today(), print_in_office if pdf else None)
    if as_json:
        print_json(report_json(result))
    else:
        print_report(result)
    if result.printed.trouble:
        raise JobError(result.printed.trouble)


@app.command(epilog="例:fzzf status")
def status(
    master: MasterArgument = None, as_of: AsOfOption = None, as_json: JsonOption = False
) -> None:
    """本期进行到哪里:谁没有报,什么没有达标。"""
    from xl_fzzf.faces.words.screen import print_standing
    from xl_fzzf.faces.words.shapes import standing_json
    from xl_fzzf.jobs.report import read_standing

    path = master_of(master)
    _, standing = read_standing(path, as_of or today())
    if as_json:
        print_json(standing_json(path, standing))
    else:
        print_standing(standing)


@app.command(epilog="例:fzzf plan --json")
def plan(
    source: Annotated[
        str, typer.Argument(metavar="[MASTER|PLAN]", help="台账、方案文件或自带方案的名称")
    ] = "",
    as_json: JsonOption = False,
) -> None:
    """显示方案:领域、任务、指标、目标和责任分工。"""
    from xl_fzzf.faces.words.screen import print_plan
    from xl_fzzf.faces.words.shapes import plan_json
    from xl_fzzf.jobs.plan import read_source

    round_ = read_source(source, Path.cwd())
    if as_json:
        print_json(plan_json(round_))
    else:
        print_plan(round_)


@app.command(epilog="例:fzzf demo 演示")
def demo(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="演示文件夹,没有就新建")],
) -> None:
    """演示:一个区两个报告期,从分发到上报走一遍。"""
    from xl_fzzf.faces.words.screen import print_consolidation, print_report
    from xl_fzzf.jobs.demo import demo as run

    with progress_bar("演示") as step:
        rounds = list(run(folder, datetime.now(), step))
    for consolidation, summary in rounds:
        print_consolidation(consolidation)
        print_report(summary)


app.command(epilog="例:fzzf trace 区司法局 1.1")(trace)
app.command(epilog="例:fzzf history 区司法局 --chart")(history)
app.command(epilog="例:fzzf restore --run 3")(restore)
app.add_typer(cli_mail.app, name="mail")
app.command(epilog="例:fzzf collect 收到的邮件/")(cli_mail.collect)


def _period(text: str) -> Period:
    from xl_fzzf.model.period import Period

    try:
        return Period.parse(text)
    except ValueError as error:
        raise typer.BadParameter(str(error)) from None


def main() -> None:
    """Run the command line; faults in running end with a message and exit code 2, no traceback."""
    for stream in (sys.stdout, sys.stderr):
        # A GBK console can't show every character of a file name: show a ? instead of failing.
        stream.reconfigure(errors="replace")  # type: ignore[union-attr]
    try:
        sys.exit(app(standalone_mode=False))
    except typer.Abort:
        sys.exit(FAILED)
    except Exception as error:
        _explain(error)
        sys.exit(FAILED)


def _explain(error: Exception) -> None:
    from xl_fzzf.desk.errors import write_log
    from xl_fzzf.model.errors import UserError

    if isinstance(error, UsageError):
        typer.echo(say_usage(error), err=True)
    elif isinstance(error, UserError):
        typer.echo(str(error), err=True)
    elif isinstance(error, OSError):
        name = error.filename or ""
        typer.echo(f"文件读写出错:{error.strerror or error} {name}", err=True)
        typer.echo("请确认文件没有被占用、磁盘没有满、文件夹可以写入,然后再试。", err=True)
    else:
        log = write_log(error)
        typer.echo(f"程序内部出错,没有完成。详细记录在 {log},请把它发给技术人员。", err=True)
