"""What is wrong in a text that is no TOML, in Chinese: where it stands, what was found, what to write."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Sequence
from typing import NamedTuple

_MOST, _SHOWN = 20, 60
_AT = re.compile(r" \(at (?:line (\d+), column (\d+)|end of document)\)$")
_OPEN = "列表没有写完", "花括号没有写完"
_WORDS = (
    (r"Invalid statement", "这一行看不懂，要写成 键 = 值，键用英文字母"),
    (r"Invalid initial character for a key part", "“=”前面要写键，键用英文字母，中文的键要加引号"),
    (r"Expected '=' after a key in a key/value pair", "键的后面要有半角的等号 ="),
    (r"Expected newline or end of document after a statement", "值写完了，后面还有多余的字"),
    (r"Expected '\]+' at the end of an? (?:table|array) declaration", "方括号没有写全"),
    (r"Cannot declare \((.+?),?\) twice", "{0} 写了两次，只能写一次"),
    (r"Cannot (?:overwrite a value|redefine namespace .+|mutate immutable .+)", "这个键写了两次"),
    (r"Duplicate inline table key '(.+)'", "键 {0} 写了两次，只能写一次"),
    (r"Unclosed array", _OPEN[0] + "，缺少右方括号 ]，或者两项之间缺少半角逗号"),
    (r"Unclosed inline table", _OPEN[1] + "，缺少 }，或者两项之间缺少半角逗号"),
    (r"Unterminated string|Expected .*['\"]+.*", "文字没有写完，缺少后面的引号"),
    (r"Illegal character '\\n'", "文字没有写完，这一行缺少后面的引号"),
    (r"Illegal character (.+)|Found invalid character (.+)", "有不能用的字符 {0}"),
    (r"Unescaped '\\' in a string", "文字里的 \\ 要写成 \\\\"),
    (r"Invalid date or datetime", "没有这一天，日期写成 年-月-日，例如 {year}-06-30"),
    (
        r"Invalid value",
        "“=”后面的值看不懂：文字要加半角引号，日期写成 年-月-日，是否写 true 或 false",
    ),
)
_STATEMENT = re.compile(r"\s*[^\s#\[=＝][^=＝]*[=＝].*[^\s\[{,，(]\s*")
_WIDE = re.compile("[“”＝，［］｛｝＂＇]")
_STRING = re.compile(r""""(?:[^"\\]|\\.)*"|'[^']*'""")


class _Fault(NamedTuple):
    """A fault in the line of a number from 1, or in the text as a whole."""

    line: int | None
    column: int | None
    words: str


def find_toml_faults(text: str) -> list[str]:
    """Every line of a text at which reading it as TOML stops, each told once; nothing for good TOML.

    A faulty line is passed over to find the next one, if it is a statement of its own.
    """
    whole, found = text.split("\n"), list[str]()
    for fault in _faults(list(whole)):
        place, quoted = "", ""
        if fault.line is not None:
            line = whole[fault.line - 1].strip()
            place = f"第 {fault.line} 行第 {fault.column} 个字："
            quoted = f"。这一行是：{line[:_SHOWN]}{'……' * (len(line) > _SHOWN)}"
            if wide := "".join(dict.fromkeys(_WIDE.findall(_STRING.sub("", line)))):
                quoted = f"（有全角的标点 {wide}，要用半角的）{quoted}"
        found.append(f"{place}{fault.words}{quoted}")
    return found


def _faults(lines: list[str]) -> Iterator[_Fault]:
    reached = 0
    for _ in range(_MOST):
        fault = _first_fault("\n".join(lines))
        if fault is None or (reached and (fault.line or 0) <= reached):
            return
        yield fault
        if not _stands_alone(fault, lines):
            return
        reached = fault.line or 0
        lines[reached - 1] = ""


def _stands_alone(fault: _Fault, lines: Sequence[str]) -> bool:
    """Whether the faulty line is a statement of its own, and what is wrong with it began in it."""
    if fault.line is None or not _STATEMENT.fullmatch(lines[fault.line - 1]):
        return False
    before = lines[fault.line - 1][: (fault.column or 1) - 1]
    return not fault.words.startswith(_OPEN) or bool(re.search(r"[\[{]", before))


def _first_fault(text: str) -> _Fault | None:
    try:
        tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        message = str(error)
        place = _AT.search(message)
        line, column = place.groups() if place else (None, None)
        words = _translated(message[: place.start()] if place else message, text)
        if line is None:
            return _Fault(None, None, f"文件的末尾：{words}")
        return _Fault(int(line), int(column or 1), words)
    except (
        ValueError,
        RecursionError,
    ):  # a number of thousands of digits, brackets a thousand deep
        return _Fault(None, None, "有写得太长的数，或者括号套得太多层，读不了")
    return None


def _translated(message: str, text: str) -> str:
    year = re.search(r"(?m)^year\s*=\s*(\d{4})", text)
    for pattern, words in _WORDS:
        if match := re.fullmatch(pattern, message, re.DOTALL):
            found = next(filter(None, match.groups()), "") if match.groups() else ""
            return words.replace("{0}", found.replace("', '", ".").strip("'")).replace(
                "{year}", year[1] if year else "2024"
            )
    return "这里的写法不对"
