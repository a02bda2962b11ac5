"""The commands about what is kept: whether it is as it was, and which received file does not count."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from xl_fzzf.faces.cli.terminal import JsonOption, MasterOption, master_of, tell

_FILE = typer.Argument(metavar="FILE", help="“报送登记”里的文件名，或文件指纹的前几位（6 位以上）")

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


@app.command(epilog="例：fzzf exclude 财政局.xlsx --reason 报错了期次")
def exclude(
    file: Annotated[str, _FILE],
    reason: Annotated[str, typer.Option(help="为什么不采用；写进“报送登记”和编制说明")],
    master: MasterOption = None,
    as_json: JsonOption = False,
) -> None:
    """不采用：以后汇总不再采用收到的这一份；这个单位以前采用过的重新采用。"""
    from xl_fzzf.faces.words.keeping import exclusion_json, exclusion_lines
    from xl_fzzf.jobs.exclude import exclude as run

    result = run(master_of(master), file, reason, datetime.now())
    tell(as_json, exclusion_lines(result), exclusion_json(result))


@app.command(epilog="例：fzzf include 财政局.xlsx")
def include(
    file: Annotated[str, _FILE], master: MasterOption = None, as_json: JsonOption = False
) -> None:
    """恢复采用：设为不采用的一份，以后汇总照常判定。"""
    from xl_fzzf.faces.words.keeping import exclusion_json, exclusion_lines
    from xl_fzzf.jobs.exclude import include as run

    result = run(master_of(master), file, datetime.now())
    tell(as_json, exclusion_lines(result), exclusion_json(result))
