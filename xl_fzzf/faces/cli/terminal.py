"""What all commands share: exit codes, options, what is printed, the progress bar and the clock."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from rich.console import RenderableType
    from rich.text import Text

    from xl_fzzf.desk.progress import Progress
    from xl_fzzf.faces.words.telling import Json, Line, Table, Told
    from xl_fzzf.model.period import Period

CLEAN, FOUND, FAILED = 0, 1, 2
"""The exit codes: nothing found, something for a person to look at, could not run."""


def read_date(text: str) -> date:
    """A date as typed; raises typer.BadParameter."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(f"日期“{text}”写法不对,应像 2019-09-30") from None


def read_period(text: str) -> Period:
    """A period as typed; raises typer.BadParameter."""
    from xl_fzzf.model.period import Period

    try:
        return Period.parse(text)
    except ValueError as error:
        raise typer.BadParameter(str(error)) from None


_LATEST = "台账;不写就用当前文件夹里最新一期的"
MasterArgument = Annotated[Path | None, typer.Argument(metavar="[MASTER]", help=_LATEST)]
MasterOption = Annotated[Path | None, typer.Option(help=_LATEST)]
JsonOption = Annotated[bool, typer.Option("--json", help="输出 JSON,供其他程序使用")]
AsOfOption = Annotated[
    date | None,
    typer.Option(
        "--as-of", metavar="DATE", parser=read_date, help="统计日期,例如 2019-09-30;不写就是今天"
    ),
]


def master_of(given: Path | None) -> Path:
    """The master given, or the latest of the current folder; raises JobError."""
    from xl_fzzf.desk.workspace import find_master

    return find_master(given, Path.cwd())


def today() -> date:
    """The clock's day."""
    return date.today()


def tell(as_json: bool, told: Told, shape: Json) -> None:
    """Print a result: what is told of it to a person, or its JSON shape for a program."""
    from xl_fzzf.faces.words.telling import json_text

    if as_json:
        typer.echo(json_text(shape))
    else:
        show(told)


def show(told: Told) -> None:
    """Print lines and tables; text from files is shown as it is, never as markup."""
    from rich.console import Console

    console = Console(highlight=False, soft_wrap=True)
    for each in told:
        console.print(_drawn(each))


def _drawn(told: str | Line | Table) -> RenderableType:
    from rich.text import Text

    from xl_fzzf.faces.words.telling import Line, Table

    if isinstance(told, Table):
        return _draw_table(told)
    line = Line(told) if isinstance(told, str) else told
    return Text.assemble(*(_plain(part.text, part.style) for part in (line, *line.rest)))


def _draw_table(told: Table) -> RenderableType:
    from rich import box
    from rich.table import Column
    from rich.table import Table as Drawn

    columns = [Column(header, no_wrap=told.bare) for header in told.headers]
    frame = box.SIMPLE if told.bare else box.HEAVY_HEAD
    title = _plain(told.title, "table.title")
    table = Drawn(*columns, title=title, box=frame, expand=told.wide, pad_edge=not told.bare)
    for row in told.rows:
        table.add_row(*map(_plain, row))
    return table


def _plain(text: object, style: str = "") -> Text:
    from rich.text import Text

    from xl_fzzf.faces.words.telling import harmless

    return Text(harmless(text), style=style)


@contextmanager
def progress_bar(title: str) -> Iterator[Progress]:
    """A progress bar on a terminal; nothing where the output is read by a program."""
    from xl_fzzf.desk.progress import silent

    if not sys.stderr.isatty():
        yield silent
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn
    from rich.progress import Progress as Bar

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Bar(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(title)

        def step(what: str, done: int, total: int) -> None:
            words = _plain(f"{title} {what}").markup
            bar.update(task, description=words, completed=done, total=total)

        yield step
