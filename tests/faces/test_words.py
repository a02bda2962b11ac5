"""What is told of a result: JSON's keys are documented, texts from files neither act nor break a line."""

from __future__ import annotations

import ast
import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import fields
from datetime import date, datetime
from pathlib import Path

import pytest

from xl_fzzf.desk.upward import GaveWay
from xl_fzzf.faces.cli.terminal import show
from xl_fzzf.faces.words import say
from xl_fzzf.faces.words.telling import Line, Table, box_text, json_text, pick
from xl_fzzf.mail.outbox import Delivery
from xl_fzzf.model.assessment import Alert
from xl_fzzf.model.collected import Collected, Fate, Filed
from xl_fzzf.model.finding import Finding, Severity
from xl_fzzf.model.period import Period
from xl_fzzf.model.resolution import Account
from xl_fzzf.model.status import Status
from xl_fzzf.model.submission import Verdict

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs/json.md").read_text(encoding="utf-8")
WHOLE = (Finding, Collected, Filed, Delivery, Account, GaveWay)
"""What stands in JSON with all its fields."""


def told_keys() -> Iterator[str]:
    """The keys that the code writes: of its dicts, and those that it picks."""
    for module in (ROOT / "xl_fzzf/faces/words").glob("*.py"):
        for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef) and node.name.endswith(("_json", "_progress")):
                yield from keys_in(node)
    yield from (field.name for kind in WHOLE for field in fields(kind))
    yield from (str(kind) for kinds in (Verdict, Fate, Status, Alert) for kind in kinds)


def keys_in(function: ast.FunctionDef) -> Iterator[str]:
    for node in ast.walk(function):
        found: list[ast.expr | None] = []
        if isinstance(node, ast.Dict):
            found = list(node.keys)
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            found = list(node.args[1:]) if node.func.id == "pick" else []
        elif isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Store):
            found = [node.slice]
        for key in found:
            if isinstance(key, ast.Constant) and isinstance(key.value, str):
                yield key.value.rpartition(".")[2]


def test_every_key_is_documented_and_every_key_documented_is_told() -> None:
    told, documented = set(told_keys()), set(re.findall(r'"([^"]+)"', PAGE))
    assert len(told) > 100
    assert told - documented == set()
    assert documented - told == set()


def test_json_holds_dates_paths_periods_and_whole_dataclasses() -> None:
    filed = Filed("a.xlsx", "00", 3, "", Fate.LEFT, "坏的")
    shape = {"day": date(2019, 9, 30), "at": datetime(2019, 9, 30, 8, 5), "filed": [filed]}
    shape |= {"path": Path("台账"), "period": Period.parse("2019Q3"), "none": None}
    said = json.loads(json_text(shape))
    assert said["filed"] == [
        {"name": "a.xlsx", "sha256": "00", "size": 3, "place": "", "fate": "left", "reason": "坏的"}
    ]
    assert (said["day"], said["at"]) == ("2019-09-30", "2019-09-30T08:05:00")
    assert (said["path"], said["period"], said["none"]) == ("台账", "2019Q3", None)
    with pytest.raises(TypeError):
        json_text({"set": {1}})


def test_json_escapes_what_a_terminal_acts_on() -> None:
    text = "a\x9b31m\u202eb\x1b[0m"
    said = json_text({"text": text})
    assert json.loads(said) == {"text": text} and not set(said) & {"\x9b", "\u202e", "\x1b"}


def test_an_attribute_of_an_attribute_is_told_under_its_own_name() -> None:
    assert pick(Period.parse("2019Q3"), "number", "year.real") == {"number": 3, "real": 2019}


def test_lines_and_tables_show_texts_as_they_are(capsys: pytest.CaptureFixture[str]) -> None:
    table = Table("[b]标题[/b]", ("甲", "乙"), [("[red]a", "\x1b[31m"), (1, "x\ny")])
    show(iter(["[bold]一\u202e二", Line("三", "red", (Line("\x07四", "dim"),)), table]))
    out = capsys.readouterr().out
    assert out.startswith("[bold]一·二\n三·四\n") and "[b]标题[/b]" in out
    assert "[red]a" in out and "·[31m" in out and "x·y" in out and "\x1b" not in out


def test_a_box_shows_what_says_something_a_line_each() -> None:
    assert box_text("一\n二", "", "三" * 400) == f"一·二\n{'三' * 300}"


def test_findings_statuses_and_files_are_counted_in_words() -> None:
    def found(severity: Severity, waiver: str = "") -> Finding:
        return Finding(rule="x", severity=severity, waiver=waiver)

    findings = [found(Severity.ERROR), found(Severity.INFO), found(Severity.WARNING, "据实")]
    words = "校验问题：错误 1、提醒 0、说明 1、提醒（已接受） 1"
    assert say.findings(findings) == words
    counts = Counter({Status.MET: 2, Status.INVALID: 1})
    whole = "达标 2、推进中 0、未达标 0、待填 0、有误 1、不适用 0"
    assert say.statuses(counts) == whole
    assert say.statuses(counts, absent=False) == "达标 2、有误 1"
    assert say.files(Verdict, Counter()) == "没有"
    assert say.files(Verdict, Counter({Verdict.QUARANTINED: 2})) == "已隔离 2"
    assert say.some(["甲", "乙", "丙"], 2) == "甲、乙 等 3 个"
    assert say.share(None) == "—" and say.share(0.256) == "25.6%"
