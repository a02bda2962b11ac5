"""Mistakes on the command line, said in Chinese: Typer's own words are English."""

from __future__ import annotations

import re

import typer

UsageError = typer.BadParameter.__mro__[1]
"""What Typer raises for a command line that it can't read; it has no public name."""

_WORDS = {
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
    r"Invalid value for (.+?): '(.*)' is not a valid int(?:eger)?\.": "{0} 应是整数,写的是“{1}”",
    r"Invalid value for (.+?): (.*)": "{0} 不对:{1}",
    r"Invalid value: (.*)": "{0}",
}


def say_usage(error: Exception) -> str:
    """A usage error, the command's usage and where its help is; "" where help was shown anyway."""
    if type(error).__name__ == "NoArgsIsHelpError":
        return ""
    lines = [_translate(error.format_message())]  # type: ignore[attr-defined]
    if context := getattr(error, "ctx", None):
        lines.append(context.get_usage().replace("Usage: ", "写法:", 1))
        lines.append(f"说明:{context.command_path} --help")
    return "\n".join(lines)


def _translate(message: str) -> str:
    for pattern, words in _WORDS.items():
        if found := re.fullmatch(pattern, message, re.DOTALL):
            return words.format(*found.groups())
    return message
