"""`fzzf mail …`: letters as drafts, sending them, and the outbox."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from xl_fzzf.desk.workspace import Workspace
from xl_fzzf.faces.cli.terminal import (
    FiguresDayOption,
    JsonOption,
    MasterArgument,
    master_of,
    show,
    tell,
)
from xl_fzzf.mail.errors import explained

if TYPE_CHECKING:
    from xl_fzzf.desk.mail.drafting import Drafts

app = typer.Typer(
    name="mail",
    help="邮件：给单位和上级写草稿、发送、查看发件箱。不加 --send 就不发送。",
    no_args_is_help=True,
)

SendOption = Annotated[
    bool, typer.Option("--send", help="直接发送；不加就只写草稿。只发给“设置”里“允许收件人”")
]
OutlookOption = Annotated[
    bool, typer.Option("--outlook", help="同时存进 Outlook 的“草稿”（Windows）")
]
_LETTERS = {
    "returns": "分发：给每个单位写草稿，附它自己的填报表。",
    "reminders": "催报：给没有报的单位写草稿，语气随逾期天数加重。",
    "corrections": "退回：给有错误的单位写草稿，列出问题，附写有批注的原表。",
    "receipts": "回执：给已采用的单位写草稿，写明收到时间和文件指纹。",
}


@app.command(epilog="例：fzzf mail upward")
def upward(
    master: MasterArgument = None,
    send: SendOption = False,
    outlook: OutlookOption = False,
    as_json: JsonOption = False,
) -> None:
    """报告：给市级写草稿，附定稿的汇总表和 PDF；没有定稿、或定稿以后改过的不写。"""
    from xl_fzzf.jobs.upward import write_upward

    path = master_of(master)
    with explained():
        drafts = write_upward(path, datetime.now())
    _finish(path, drafts, send, outlook, as_json)


def _letters(kind: str) -> Callable[..., None]:
    """The command that writes this kind of letters to the units."""

    def write(
        master: MasterArgument = None,
        as_of: FiguresDayOption = None,
        send: SendOption = False,
        outlook: OutlookOption = False,
        as_json: JsonOption = False,
    ) -> None:
        from xl_fzzf.desk.mail.drafting import LetterKind
        from xl_fzzf.jobs.letters import write_letters

        path, today = master_of(master), date.today()
        with explained():
            drafts = write_letters(LetterKind[kind.upper()], path, as_of, today)
        _finish(path, drafts, send, outlook, as_json)

    return write


for _kind, _words in _LETTERS.items():
    app.command(_kind, help=_words, epilog=f"例：fzzf mail {_kind}")(_letters(_kind))


@app.command(epilog="例：fzzf mail outbox --send")
def outbox(
    master: MasterArgument = None,
    send: Annotated[bool, typer.Option("--send", help="发送看过的草稿和上次没发完的")] = False,
    only: Annotated[
        str, typer.Option(help="只看、只发一种草稿：报告、分发、催报、退回、回执")
    ] = "",
    now: Annotated[bool, typer.Option("--now", help="不等重试时间，立即再试")] = False,
    as_json: JsonOption = False,
) -> None:
    """发件箱:哪些草稿待发、发给谁、哪些没有发成;加 --send 就发送。"""
    from xl_fzzf.desk.master import open_master
    from xl_fzzf.faces.words.mail import outbox_json, outbox_lines
    from xl_fzzf.jobs.send import dispatch, examine, find_drafts

    opened = open_master(master_of(master), writing=False)
    drafts = find_drafts(opened, only)
    result = dispatch(opened, drafts, datetime.now(), now) if send else examine(opened, drafts)
    tell(as_json, outbox_lines(result), outbox_json(result), result.clean)


@app.command(epilog="例：fzzf mail settle '<…@…>' --again")
def settle(
    message: Annotated[str, typer.Argument(metavar="ID", help="邮件编号，fzzf mail outbox 里列着")],
    master: MasterArgument = None,
    again: Annotated[
        bool | None, typer.Option("--again/--sent", help="再发一次；或算作已经发了，不再发")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """了结一封不能确定是否发出、或被拒收的邮件(先看邮箱的“已发送”)。"""
    from xl_fzzf.desk.master import open_master
    from xl_fzzf.faces.words.mail import settled_json, settled_lines
    from xl_fzzf.jobs.send import decide

    if again is None:
        raise typer.BadParameter("请写明 --sent（已经发了，不再发）或 --again（再发一次）")
    opened = open_master(master_of(master), writing=False)
    changed = decide(opened, message, not again, datetime.now())
    tell(as_json, settled_lines(again, changed), settled_json(message, again, changed))


@app.command(epilog="例：fzzf mail templates")
def templates(master: MasterArgument = None, as_json: JsonOption = False) -> None:
    """把邮件模板放进“模板/邮件”,可以用记事本修改;已有的不动。"""
    from xl_fzzf.faces.words.mail import templates_json, templates_lines
    from xl_fzzf.mail.wording import copy_templates

    folder = Workspace.at(master_of(master)).letter_templates
    written = copy_templates(folder)
    tell(as_json, templates_lines(folder, written), templates_json(folder, written))


def _finish(path: Path, drafts: Drafts, send: bool, outlook: bool, as_json: bool) -> None:
    from xl_fzzf.desk.master import open_master
    from xl_fzzf.faces.words.mail import drafts_json, drafts_lines, sending_lines
    from xl_fzzf.jobs.send import dispatch, examine
    from xl_fzzf.mail.outlook import save_in_outlook

    if not as_json:  # before anything that may fail: the drafts are there
        show(drafts_lines(drafts))
    stored = save_in_outlook(drafts.written) if outlook else None
    master = open_master(path, writing=False)
    files = drafts.written
    result = dispatch(master, files, datetime.now()) if send else examine(master, files)
    clean = result.clean and not drafts.notes
    tell(as_json, sending_lines(stored, result), drafts_json(drafts, stored, result), clean)
