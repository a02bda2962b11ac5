"""The commands about what is kept: whether it is as it was."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from xl_fzzf.faces.cli.terminal import JsonOption, tell

app = typer.Typer()


@app.command(epilog="例：fzzf verify")
def verify(
    folder: Annotated[
        Path, typer.Argument(metavar="[DIR]", help="工作文件夹；不写就是当前文件夹")
    ] = Path(),
    as_json: JsonOption = False,
) -> None:
    """核验:档案、台账和定稿的文件有没有被改过、少了什么;改在哪里。什么也不写。"""
    from xl_fzzf.faces.words.keeping import verification_json, verification_lines
    from xl_fzzf.jobs.verify import verify as run

    result = run(folder)
    tell(as_json, verification_lines(result), verification_json(result), result.clean)
