"""The commands that sign a round's figures: `approve` and `reopen`."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import typer

from xl_fzzf.desk.printing import print_in_office
from xl_fzzf.faces.cli.terminal import JsonOption, MasterArgument, master_of, tell

app = typer.Typer()


@app.command(epilog="例：fzzf approve --by 张三 --reviewed-by 李四")
def approve(
    master: MasterArgument = None,
    by: Annotated[str, typer.Option(help="由谁定稿；不写就用“设置”里的“定稿人”")] = "",
    reviewed_by: Annotated[str, typer.Option(help="由谁审核；不写就用“设置”里的“审核人”")] = "",
    pdf: Annotated[bool, typer.Option(help="同时生成 PDF（需要 LibreOffice）")] = True,
    as_json: JsonOption = False,
) -> None:
    """定稿：按最近一次汇总生成汇总表，写上版次和姓名，记下指纹；以后不能再改，除非重新打开。"""
    from xl_fzzf.faces.words.signing import approved_json, approved_lines
    from xl_fzzf.jobs.approve import approve as run

    printer = print_in_office if pdf else None
    result = run(master_of(master), by, reviewed_by, datetime.now(), printer)
    tell(as_json, approved_lines(result), approved_json(result))


@app.command(epilog="例：fzzf reopen --reason 更正经费数字")
def reopen(
    master: MasterArgument = None,
    *,
    reason: Annotated[str, typer.Option(help="为什么要改，写进下一版的“更正说明”")],
    as_json: JsonOption = False,
) -> None:
    """重新打开已经定稿的一期：可以再汇总，下一次定稿是下一版，列出更正了什么。"""
    from xl_fzzf.faces.words.signing import reopened_json, reopened_lines
    from xl_fzzf.jobs.approve import reopen as run

    result = run(master_of(master), reason, datetime.now())
    tell(as_json, reopened_lines(result), reopened_json(result))
