"""The commands of a round, from `distribute` to `demo`, those that look back, and `collect`."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Annotated

import typer

from xl_fzzf.desk.as_of import figures_day
from xl_fzzf.desk.printing import print_in_office
from xl_fzzf.faces.cli.terminal import (
    YEAR,
    AsOfOption,
    FiguresDayOption,
    JsonOption,
    MasterArgument,
    MasterOption,
    master_of,
    progress_bar,
    read_date,
    show,
    tell,
)
from xl_fzzf.mail.errors import explained

app = typer.Typer()


@app.command(epilog="例：fzzf distribute")
def distribute(master: MasterArgument = None) -> None:
    """给每个单位生成一份填报表,放在“分发”文件夹。"""
    from xl_fzzf.faces.words.distributing import distribution_lines
    from xl_fzzf.jobs.distribute import distribute as run

    with progress_bar("分发") as step:
        result = run(master_of(master), date.today(), datetime.now(), step)
    show(distribution_lines(result))


@app.command(epilog=f"例：fzzf check 报送/{YEAR}Q3/财政局.xlsx --annotate")
def check(
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="交回的填报表")],
    master: Annotated[
        Path | None, typer.Option(help="台账；不写就在当前文件夹和文件的上级文件夹里找")
    ] = None,
    as_of: AsOfOption = None,
    annotate: Annotated[
        bool, typer.Option("--annotate", help="把问题写进该单位文件的一份副本，放在“退回”文件夹")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """校验交回的填报表,列出问题和改法。"""
    from xl_fzzf.faces.words.returns import check_json, check_lines
    from xl_fzzf.jobs.check import check_files

    results = check_files(files, master, Path.cwd(), as_of or date.today(), annotate)
    clean = all(result.clean for result in results)
    tell(as_json, check_lines(results), check_json(results), clean)


@app.command(epilog=f"例：fzzf consolidate --as-of {YEAR}-09-30")
def consolidate(
    master: MasterArgument = None,
    returns: Annotated[
        Path | None, typer.Option(help="交回的填报表所在文件夹；不写就是“报送”里本期的文件夹")
    ] = None,
    replace: Annotated[
        list[str] | None,
        typer.Option(metavar="FILE", help="这份新版整份替换以前报的，留空的格清空；可以写几次"),
    ] = None,
    as_of: AsOfOption = None,
    pdf: Annotated[
        bool, typer.Option("--pdf", help="市级台账：同时生成市级汇总表的 PDF（需要 LibreOffice）")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """校验全部填报表并汇总进台账;台账先备份。市级台账汇总各区县的汇总表。"""
    from xl_fzzf.faces.words.returns import consolidation_json, consolidation_lines
    from xl_fzzf.jobs.consolidate import PrintingElsewhereError, Using
    from xl_fzzf.jobs.consolidate import consolidate as run

    path, day = master_of(master), as_of or date.today()
    with progress_bar("汇总") as step:
        printer = print_in_office if pdf else None
        using = Using(step, printer=printer, replacing=replace or ())
        try:
            result = run(path, returns, day, datetime.now(), using)
        except PrintingElsewhereError as error:
            raise typer.BadParameter(str(error)) from None
    trouble = result.published.printed.trouble if result.published else ""
    words, shape = consolidation_lines(result), consolidation_json(result)
    tell(as_json, words, shape, result.clean, trouble)


@app.command(epilog="例：fzzf report --pdf")
def report(
    master: MasterArgument = None,
    as_of: FiguresDayOption = None,
    pdf: Annotated[bool, typer.Option("--pdf", help="同时生成 PDF（需要 LibreOffice）")] = False,
    as_json: JsonOption = False,
) -> None:
    """生成上报的汇总表,放在“上报”文件夹。"""
    from xl_fzzf.faces.words.standing import report_json, report_lines
    from xl_fzzf.jobs.report import report as run

    path, today = master_of(master), date.today()
    day = as_of or figures_day(path, today)
    result = run(path, day, today, print_in_office if pdf else None)
    tell(as_json, report_lines(result), report_json(result), trouble=result.printed.trouble)


@app.command(epilog="例：fzzf status")
def status(
    master: MasterArgument = None, as_of: FiguresDayOption = None, as_json: JsonOption = False
) -> None:
    """本期进行到哪里:谁没有报,什么没有达标。"""
    from xl_fzzf.faces.words.standing import status_json, status_lines
    from xl_fzzf.jobs.status import read_standing

    path = master_of(master)
    _, standing = read_standing(path, as_of or figures_day(path, date.today()))
    tell(as_json, status_lines(standing), status_json(path, standing))


@app.command(epilog="例：fzzf plan --json")
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


@app.command(epilog="例：fzzf demo 演示")
def demo(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="演示文件夹，没有就新建")],
) -> None:
    """演示：一个区县两个报告期，从分发到上报走一遍。"""
    from xl_fzzf.faces.words.returns import consolidation_lines
    from xl_fzzf.faces.words.standing import report_lines
    from xl_fzzf.jobs.demo import demo as run

    with progress_bar("演示") as step:
        rounds = list(run(folder, datetime.now(), step))
    for consolidation, summary in rounds:
        show(consolidation_lines(consolidation))
        show(report_lines(summary))


@app.command(epilog="例：fzzf trace 财政局 1.1")
def trace(
    unit: Annotated[str, typer.Argument(metavar="UNIT", help="单位全称、别名或编号")],
    indicator: Annotated[str, typer.Argument(metavar="INDICATOR", help="指标编号，例如 1.1")],
    master: MasterOption = None,
    as_json: JsonOption = False,
) -> None:
    """一个数从哪里来:哪个文件、哪张表、哪一格,什么时候报的,替换了什么。"""
    from xl_fzzf.faces.words.archive import trace_json, trace_lines
    from xl_fzzf.jobs.trace import trace as run

    result = run(master_of(master), unit, indicator)
    tell(as_json, trace_lines(result), trace_json(result))


@app.command(epilog="例：fzzf history 财政局 --chart")
def history(
    name: Annotated[
        str, typer.Argument(metavar="UNIT|INDICATOR", help="单位全称、别名或编号，或者指标编号")
    ],
    master: MasterOption = None,
    chart: Annotated[
        bool, typer.Option("--chart", help="同时生成带图表的工作簿，放在“上报”文件夹")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """一个单位或一个指标各期的情况:填报率、得分、汇总值、状态。"""
    from xl_fzzf.faces.words.archive import history_json, history_lines
    from xl_fzzf.jobs.history import read_history, write_history

    found = read_history(master_of(master), name)
    path, gone = write_history(found) if chart else (None, ())
    tell(as_json, history_lines(found, path, gone), history_json(found, path))


@app.command(epilog="例：fzzf restore --run 3")
def restore(
    master: MasterArgument = None,
    run: Annotated[
        int | None, typer.Option("--run", metavar="N", help="恢复到第 N 次运行之后；不写就只列出")
    ] = None,
    before: Annotated[bool, typer.Option("--before", help="恢复到那次运行之前，即撤销它")] = False,
    as_json: JsonOption = False,
) -> None:
    """列出本期各次运行;用 --run 把台账恢复到某一次。现在的台账先备份。"""
    from xl_fzzf.faces.words import archive as words
    from xl_fzzf.jobs.restore import read_runs
    from xl_fzzf.jobs.restore import restore as bring_back

    if run is None:
        if before:
            raise typer.BadParameter("--before 要和 --run 一起用，例如 --run 3 --before")
        runs = read_runs(master_of(master))
        tell(as_json, words.runs_lines(runs), words.runs_json(runs))
        return
    # The master given may be gone: that is what restoring is for.
    path = master if master and not master.exists() else master_of(master)
    done = bring_back(path, run, before, date.today(), datetime.now())
    tell(as_json, words.restoration_lines(done), words.restoration_json(done))


@app.command(epilog="例：fzzf collect 收到的邮件/")
def collect(
    paths: Annotated[
        list[Path] | None,
        typer.Argument(metavar="[PATH...]", help=".eml、.msg、zip、文件夹；不写就收邮箱"),
    ] = None,
    master: Annotated[Path | None, typer.Option(help="台账；不写就用最新一期的")] = None,
    since: Annotated[
        date | None,
        typer.Option(
            metavar="DATE", parser=read_date, help="只看这一天以后的邮件；不写就是 60 天内"
        ),
    ] = None,
    mark: Annotated[
        bool, typer.Option("--mark", help="附件存妥以后，把邮箱里的邮件标为已读；不加就什么也不改")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """收取:把邮件里的填报表收进“报送”,记下发件人、时间和指纹。"""
    from xl_fzzf.faces.words.mail import collection_json, collection_lines
    from xl_fzzf.jobs.collect import collect as run
    from xl_fzzf.jobs.collect import collect_mailbox

    path, now = master_of(master), datetime.now()
    with explained():
        result = run(path, paths, now) if paths else collect_mailbox(path, now, since, mark)
    tell(as_json, collection_lines(result), collection_json(result), result.clean)
