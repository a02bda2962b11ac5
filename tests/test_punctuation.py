"""Chinese text has the full-width stops of official documents: in the sources, and in all that comes out."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tests.faces.test_cli import fzzf
from tests.jobs.filling import GOOD, fill
from tests.mail.rounds import NOW, TODAY, master_of, set_up
from tests.mail.test_letters import read, text_of
from tests.test_imports import MODULES, PACKAGE, name_of
from xl_fzzf.desk.mail.drafting import LetterKind
from xl_fzzf.jobs.approve import approve
from xl_fzzf.jobs.check import check_files
from xl_fzzf.jobs.consolidate import consolidate
from xl_fzzf.jobs.letters import write_letters
from xl_fzzf.jobs.upward import write_upward
from xl_fzzf.mail.wording import SHIPPED
from xl_fzzf.model.record import ENTRY_LABELS

_CHINESE = "[\u4e00-\u9fff\u201c\u201d\u300a\u300b]"
_HALF = re.compile(f"{_CHINESE}[,;:()]|[,;:()]{_CHINESE}")
_TYPED = ("主题:", "(百分之)", "(未传完)")
"""What staff write, and what looks for it."""

_NOT_TOLD = re.compile(r"[A-Z]\(|\(\?|\.\*|\[<|^\w+: [a-z]")
"""A formula, a pattern, or what a rule is in English."""


def half_width(text: str) -> list[str]:
    """Where half-width stops stand beside Chinese."""
    for typed in _TYPED:
        text = text.replace(typed, "")
    return [text[max(m.start() - 8, 0) : m.end() + 8] for m in _HALF.finditer(text)]


def literals(module: Path) -> Iterator[str]:
    """The texts of a module, with 中 for what is put in; docstrings and formulas are none."""
    tree = ast.parse(module.read_text(encoding="utf-8"))
    inner = {id(part) for node in ast.walk(tree) for part in _inner(node)}
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            yield "".join(
                str(p.value) if isinstance(p, ast.Constant) else "中" for p in node.values
            )
        elif (
            isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in inner
        ):
            yield node.value


def _inner(node: ast.AST) -> Iterable[ast.AST]:
    if isinstance(node, ast.Expr):
        return (node.value,)
    return node.values if isinstance(node, ast.JoinedStr) else ()


@pytest.mark.parametrize("module", MODULES, ids=name_of)
def test_sources(module: Path) -> None:
    chinese = (t for t in literals(module) if re.search(_CHINESE, t.replace("中", "")))
    told = [text for text in chinese if not _NOT_TOLD.search(text)]
    assert [found for text in told for found in half_width(text)] == []


@pytest.mark.parametrize("module", [m for m in MODULES if m.parent.name == "words"], ids=name_of)
def test_what_is_said_is_joined_by_full_width_stops(module: Path) -> None:
    joints = (t for t in literals(module) if "中" in t or not re.search(r"\w", t))
    assert [t for t in joints if re.fullmatch(r"\s*[,;:()]\s*", t) or half_width(t)] == []


def texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for each in value.values() if isinstance(value, dict) else value:
            yield from texts(each)


def test_the_shipped_plan_the_demo_and_the_letters() -> None:
    found: list[str] = []
    for path in PACKAGE.rglob("*.toml"):
        found += texts(tomllib.loads(path.read_text(encoding="utf-8")))
    found += [path.read_text(encoding="utf-8") for path in SHIPPED.glob("*.txt")]
    assert len(found) > 500
    assert [half for text in found for half in half_width(text)] == []


def cells(path: Path) -> Iterator[str]:
    """The texts of a workbook's cells, but for the columns in which units write."""
    book = openpyxl.load_workbook(path)
    for sheet in book:
        own: set[int] = set()
        for row in sheet.iter_rows():
            own |= {c.column for c in row if c.value in {*ENTRY_LABELS.values(), "责任单位"}}
            yield from (str(c.value) for c in row if c.data_type == "s" and c.column not in own)
        for rule in sheet.data_validations.dataValidation:
            yield from filter(None, (rule.prompt, rule.error, rule.promptTitle, rule.errorTitle))


def test_what_a_round_comes_to(workspace: Path) -> None:
    """Master, returns, annotated copies, summary, letters and the screen."""
    set_up(workspace)
    bad = GOOD | {"1.1": {"value": "三次"}, "1.2": {"value": "否"}}
    for unit, entries in {"区司法局": GOOD, "安福镇": bad}.items():
        blank = workspace / f"分发/2019Q3/{unit}.xlsx"
        fill(blank, workspace / f"报送/2019Q3/{unit}.xlsx", entries)
    (workspace / "报送/2019Q3/不明.xlsx").write_bytes(b"PK no workbook")
    master = master_of(workspace)
    consolidate(master, None, date(2019, 9, 30), NOW)
    approve(master, "张三", "李四", NOW)
    check_files([workspace / "报送/2019Q3/安福镇.xlsx"], master, workspace, TODAY, True)
    letters = [*write_upward(master, NOW).written]
    for kind in LetterKind:
        if kind is not LetterKind.UPWARD:
            letters += write_letters(kind, master, TODAY, TODAY).written
    said = [text for letter in letters for text in (text_of(letter), str(read(letter)["Subject"]))]
    commands = ("status", "trace 安福镇 1.1", "history 安福镇", "restore", "plan", "mail outbox")
    said += [fzzf(workspace, *command.split()) for command in commands]
    said += [
        text
        for book in workspace.rglob("*.xlsx")
        if "档案" not in book.parts and book.name != "不明.xlsx"
        for text in cells(book)
    ]
    assert len(letters) >= 7 and len(said) > 1_000
    found = sorted({half for text in said for half in half_width(text)})
    assert not found
