"""What all commands share: exit codes, options, what is printed, and the progress bar."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer
from rich import box, table
from rich.console import Console
from rich.text import Text

from xl_fzzf.desk.errors import JobError
from xl_fzzf.desk.progress import Progress, silent
from xl_fzzf.desk.workspace import find_master
from xl_fzzf.faces.words.telling import Json, Line, Table, Told, harmless, json_text
from xl_fzzf.model.dates import parse_day
from xl_fzzf.model.grammar import Refusal
from xl_fzzf.model.period import Period

FOUND, FAILED = 1, 2
"""The exit codes beside 0: something for a person to look at, could not run."""

YEAR = date.today().year
"""The year of the examples that commands give."""


def read_date(text: str) -> date:
    """A date as typed; raises typer.BadParameter."""
    day = parse_day(text)
    if isinstance(day, Refusal):
        raise typer.BadParameter(f"日期“{text}”{day.reason}，应像 {YEAR}-09-30")
    return day


def read_period(text: str) -> Period:
    """A period as typed; raises typer.BadParameter."""
    try:
        return Period.parse(text)
    except ValueError as error:
        raise typer.BadParameter(str(error)) from None


_LATEST = "台账；不写就用当前文件夹里最新一期的"
MasterArgument = Annotated[Path | None, typer.Argument(metavar="[MASTER]", help=_LATEST)]
MasterOption = Annotated[Path | None, typer.Option(help=_LATEST)]
JsonOption = Annotated[bool, typer.Option("--json", help="输出 JSON，供其他程序使用")]


def _as_of(otherwise: str) -> Any:
    words = f"统计日期，例如 {YEAR}-09-30；不写就是{otherwise}"
    return typer.Option("--as-of", metavar="DATE", parser=read_date, help=words)


AsOfOption = Annotated[date | None, _as_of("今天")]
FiguresDayOption = Annotated[date | None, _as_of("最近一次汇总的（还没有汇总过就是今天）")]


def master_of(given: Path | None) -> Path:
    """The master given, or the latest of the current folder; raises JobError."""
    return find_master(given, Path.cwd())


def confirm(question: str, yes: bool) -> None:
    """Ask, unless the answer is given; raises JobError where it is no, or nobody is there to ask."""
    if yes:
        return
    if not sys.stdin.isatty():
        raise JobError("没有确认，没有改动。脚本里请加 --yes")
    if not typer.confirm(question):
        raise JobError("没有改动")


def tell(as_json: bool, told: Told, shape: Json, clean: bool = True, trouble: str = "") -> None:
    """Print a result for a person, or its JSON for a program; then raises what it comes to.

    JobError where there was `trouble`, typer.Exit with FOUND where it is not `clean`.
    """
    if as_json:
        typer.echo(json_text(shape))
    else:
        show(told)
    if trouble:
        raise JobError(trouble)
    if not clean:
        raise typer.Exit(FOUND)


def show(told: Told) -> None:
    """Print lines and tables; text from files is shown as it is, never as markup."""
    console = Console(highlight=False, soft_wrap=True)
    for each in told:
        if isinstance(each, Table):
            console.print(_draw(each))
        else:
            line = Line(each) if isinstance(each, str) else each
            parts = (_plain(part.text, part.style) for part in (line, *line.rest))
            console.print(Text.assemble(*parts))


def _draw(told: Table) -> table.Table:
    columns = [table.Column(header, no_wrap=told.bare) for header in told.headers]
    drawn = table.Table(
        *columns,
        title=_plain(told.title, "table.title"),
        box=box.SIMPLE if told.bare else box.HEAVY_HEAD,
        expand=told.wide,
        pad_edge=not told.bare,
    )
    for row in told.rows:
        drawn.add_row(*map(_plain, row))
    return drawn


def _plain(text: object, style: str = "") -> Text:
    return Text(harmless(text), style=style)


@contextmanager
def progress_bar(title: str) -> Iterator[Progress]:
    """A progress bar on a terminal; nothing where the output is read by a program."""
    if not sys.stderr.isatty():
        yield silent
        return
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn
    from rich.progress import Progress as Bar

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Bar(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(title)

        def step(what: str, done: int, total: int) -> None:
            words = _plain(f"{title} {what}").markup
            bar.update(task, description=words, completed=done, total=total)

        yield step
