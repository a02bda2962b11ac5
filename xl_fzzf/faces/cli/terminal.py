"""What all commands share: their options, JSON, the progress bar and the clock."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from xl_fzzf.model.characters import HIDDEN

if TYPE_CHECKING:
    from xl_fzzf.desk.progress import Progress

_HIDDEN = re.compile(f"[{HIDDEN}]")

MasterArgument = Annotated[
    Path | None, typer.Argument(metavar="[MASTER]", help="台账;不写就用当前文件夹里最新一期的")
]
JsonOption = Annotated[bool, typer.Option("--json", help="输出 JSON,供其他程序使用")]


def read_date(text: str) -> date:
    """A date as typed; raises typer.BadParameter."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(f"日期“{text}”写法不对,应像 2019-09-30") from None


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


def print_json(value: object) -> None:
    """Print a value for other programs."""
    words = json.dumps(value, ensure_ascii=False, indent=1)
    # JSON's own escapes stop at 0x1f; a terminal acts on more than that.
    typer.echo(_HIDDEN.sub(lambda match: f"\\u{ord(match[0]):04x}", words))


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

    from xl_fzzf.faces.words.screen import plain

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Bar(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(title)

        def step(what: str, done: int, total: int) -> None:
            words = plain(f"{title} {what}").markup
            bar.update(task, description=words, completed=done, total=total)

        yield step
