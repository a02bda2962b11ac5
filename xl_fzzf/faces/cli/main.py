"""The `fzzf` command: parse, run a job, tell what happened, exit 0, 1 or 2.

Heavy imports stand inside the commands, so that `--help` and a click stay fast.
"""

from __future__ import annotations

import re
import sys

import typer

from xl_fzzf.desk.errors import write_log
from xl_fzzf.faces.cli import addin, keeping, mail, opening, rounds, signing
from xl_fzzf.faces.cli.terminal import FAILED
from xl_fzzf.faces.words import say
from xl_fzzf.model.errors import UserError

app = typer.Typer(
    name="fzzf",
    help="工作方案的台账：分发填报表、校验、汇总、上报。",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["--help", "-h"]},
)
for _group in (opening.app, rounds.app, signing.app, keeping.app, addin.app, mail.app):
    app.add_typer(_group)

_UsageError = typer.BadParameter.__mro__[1]
"""What Typer raises for a command line that it can't read; it has no public name."""

_USAGE = {
    r"Missing command\.": "没有写命令",
    r"Missing argument '(.+)'\.": "少了 {0}",
    r"Missing option '(.+)'\.": "少了选项 {0}",
    r"No such command '(.+)'\. Did you mean (.+)\?": "没有命令“{0}”。是不是 {1}",
    r"No such command '(.+)'\.": "没有命令“{0}”",
    r"No such option: (\S+) \(Possible options: (.+)\)": "没有选项“{0}”。是不是 {1}",
    r"No such option: (\S+)": "没有选项“{0}”",
    r"Got unexpected extra argument(?:s|\(s\))? \((.+)\)": "多了 {0}",
    r"Option '(.+)' requires an argument\.": "选项 {0} 后面少了内容",
    r"Option '(.+)' does not take a value\.": "选项 {0} 后面不写内容",
    r"Invalid value for (.+?): '(.*)' is not a valid int(?:eger)?\.": "{0} 应是整数，写的是“{1}”",
    r"Invalid value for (.+?): (.*)": "{0} 不对：{1}",
    r"Invalid value: (.*)": "{0}",
}
"""Mistakes on the command line in Chinese: Typer's own words are English."""


_INTERRUPTED = 130
"""What Typer makes of Ctrl-C."""


def main() -> None:
    """Run the command line; faults in running end with a message and exit code 2, no traceback."""
    for stream in (sys.stdout, sys.stderr):
        # A GBK console can't show every character of a file name: show a ? instead of failing.
        stream.reconfigure(errors="replace")  # type: ignore[union-attr]
    try:
        code = app(standalone_mode=False)
        if code == _INTERRUPTED:
            typer.echo("已中止。写完的文件是完整的，没写完的没有改动；请再运行一次。", err=True)
        sys.exit(code)
    except typer.Abort:
        sys.exit(FAILED)
    except Exception as error:
        typer.echo(_explain(error), err=True)
        sys.exit(FAILED)


def _explain(error: Exception) -> str:
    if isinstance(error, _UsageError):
        return _say_usage(error)
    if isinstance(error, UserError):
        return str(error)
    if isinstance(error, OSError):
        return "\n".join(say.os_error(error))
    return f"程序内部出错，没有完成。详细记录在 {write_log(error)}，请把它发给技术人员。"


def _say_usage(error: Exception) -> str:
    """A usage error, the command's usage and where its help is; "" where help was shown anyway."""
    if type(error).__name__ == "NoArgsIsHelpError":
        return ""
    lines = [_translate(error.format_message())]  # type: ignore[attr-defined]
    if context := getattr(error, "ctx", None):
        lines.append(context.get_usage().replace("Usage: ", "写法：", 1))
        lines.append(f"说明：{context.command_path} --help")
    return "\n".join(lines)


def _translate(message: str) -> str:
    for pattern, words in _USAGE.items():
        if found := re.fullmatch(pattern, message, re.DOTALL):
            return words.format(*found.groups())
    return message
