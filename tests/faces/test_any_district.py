"""A county's round about another subject in another year: not a word of another district's anywhere."""

from __future__ import annotations

import html
import re
import subprocess
import zipfile
from collections.abc import Iterator
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from typer.testing import CliRunner

from tests.commands import COMMANDS
from tests.jobs.filling import fill
from tests.mail.rounds import CITY
from xl_fzzf.faces.cli.main import app
from xl_fzzf.office.book_file import FileBook
from xl_fzzf.sheets import spec as layout
from xl_fzzf.sheets.settings_sheet import write_setting

PLAN = Path(__file__).parents[1] / "data/plans/yilong-2027.toml"
OTHERS = re.compile(
    r"法治|依法|嘉陵|嘉府|南充|司法|阆中|(?<![0-9A-Fa-f])2019(?![0-9A-Fa-f])"
    r"|(?<![社地辖])区(?![县域分间别块])"  # 区县 is any district
)
"""What only another district's plan may say: its names, its subject, its year, its level."""

ENTRIES: dict[str, dict[str, Any]] = {
    "1.1": {"numerator": 96, "denominator": 100},
    "1.2": {"value": 1, "narrative": "走访一次", "reason": "人手不足,下月补上"},
    "1.3": {"value": 92, "denominator": 90},
    "2.1": {"value": "是", "evidence": "仪府办〔2027〕3号"},
    "2.2": {"value": "约十万", "denominator": 5},
    "2.3": {"narrative": "一件事一次办"},
}


class County(NamedTuple):
    """A workspace, and all that was said in its rounds, by who said it: commands, workbooks, letters."""

    folder: Path
    said: dict[str, str]

    def run(self, *words: str, code: int = 0) -> None:
        with pytest.MonkeyPatch.context() as patch:
            patch.chdir(self.folder if self.folder.is_dir() else self.folder.parent)
            result = CliRunner().invoke(app, words, env={"COLUMNS": "200"})
        assert result.exit_code == code, (words, result.output, result.exception)
        self.said[f"{len(self.said)} fzzf {' '.join(words)}"] = result.output


@pytest.fixture(scope="module")
def county(tmp_path_factory: pytest.TempPathFactory) -> County:
    """A county's last round of a year, and the opening of the next year's first."""
    county = County(tmp_path_factory.mktemp("县") / "仪陇", {})
    folder, run = county.folder, county.run
    run("plan", str(PLAN))
    run("init", folder.name, "--plan", str(PLAN))
    master = folder / "台账-2027Q4.xlsx"
    book = FileBook.open(master)
    for key, value in (
        ("市级邮箱", CITY),
        ("发件邮箱", "a1@example.cn"),
        ("允许收件人", "@example.cn"),
    ):
        write_setting(book, key, value)
    book.save()
    run("distribute")
    for unit in ("县发展和改革局", "县财政局", "金城镇"):
        fill(folder / f"分发/2027Q4/{unit}.xlsx", folder / f"报送/2027Q4/{unit}.xlsx", ENTRIES)
    (folder / "报送/2027Q4/坏.xlsx").write_bytes(b"x")
    run("consolidate", "--as-of", "2028-01-20", code=1)
    run("status", "--as-of", "2028-01-20")
    run("check", "报送/2027Q4/金城镇.xlsx", "--annotate", code=1)
    run("report", "--as-of", "2028-01-20")
    for kind in ("returns", "reminders", "corrections", "receipts"):
        run("mail", kind, "--as-of", "2028-01-20", code=int(kind == "corrections"))
    run("approve", "--by", "张三", "--no-pdf")
    run("mail", "upward")
    run("trace", "金城镇", "1.2")
    run("history", "1.2", "--chart")
    run("history", "金城镇", "--chart")
    run("restore")
    run("next", "--yes")
    run("distribute")
    for path in sorted(folder.rglob("*")):
        if path.is_file() and "档案" not in path.parts:
            county.said[str(path.relative_to(folder))] = "\n".join(strings(path))
    return county


def strings(path: Path) -> Iterator[str]:
    """Every text in a file, as it is stored: cells, prompts, comments, headers, titles, charts."""
    yield path.name
    if path.suffix == ".xlsx" and zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as package:
            for name in package.namelist():
                if name != "docProps/core.xml":
                    xml = package.read(name).decode("utf-8", "replace")
                    yield html.unescape(re.sub(r'xmlns(:\w+)?="[^"]*"|Type="[^"]*"', "", xml))
    elif path.suffix == ".eml":
        mail = message_from_bytes(path.read_bytes(), policy=policy.default)
        yield from (str(mail["subject"]), str(mail["from"]), str(mail["to"]))
        for part in mail.walk():
            if part.get_content_maintype() == "text":
                yield part.get_content()


def foreign(said: dict[str, str]) -> list[tuple[str, str]]:
    """Where another district's words stand, with what is around them."""
    return [
        (who, words[max(0, found.start() - 20) : found.end() + 20])
        for who, words in said.items()
        for found in OTHERS.finditer(words)
    ]


def test_the_search_finds_what_it_looks_for() -> None:
    assert foreign({"a": "南充市区级部门", "b": "2019年", "c": "报区县汇总、社区"}) == [
        ("a", "南充市区级部门"),
        ("a", "南充市区级部门"),
        ("b", "2019年"),
    ]


def test_nothing_in_a_whole_round_is_another_districts(county: County) -> None:
    kinds = {Path(who).suffix for who in county.said}
    assert {".xlsx", ".eml"} <= kinds and sum("fzzf" in who for who in county.said) > 15
    assert foreign(county.said) == []


def test_what_the_plan_says_is_said(county: County) -> None:
    everything = "\n".join(county.said.values())
    for words in (
        "优化营商环境工作填报表",
        "优化营商环境工作台账",
        "仪陇县优化营商环境工作总体情况",
        "关于填报2027年第四季度优化营商环境工作情况的通知",
        "关于报送仪陇县2027年第四季度优化营商环境工作情况的报告",
        "市优化营商环境工作领导小组办公室：",
        "仪陇县发展和改革局",
        "×府办〔2027〕×号",
    ):
        assert words in everything, words
    letters = [words for who, words in county.said.items() if who.endswith(".eml")]
    assert all("仪陇县发展和改革局" in words for words in letters)


@pytest.mark.parametrize("command", COMMANDS)
def test_no_command_explains_itself_by_another_district(command: str) -> None:
    words = CliRunner().invoke(app, [*command.split(), "--help"], env={"COLUMNS": "200"}).output
    assert foreign({command: words.replace("jialing-2019", "").replace("“法治政府”", "")}) == []


@pytest.mark.slow
def test_nor_on_the_printed_page(county: County) -> None:
    county.run("reopen", "台账-2027Q4.xlsx", "--reason", "换一份打印的")
    county.run("report", "台账-2027Q4.xlsx", "--pdf")
    (pdf,) = county.folder.glob("上报/2027Q4/*.pdf")
    command = ["pdftotext", "-layout", str(pdf), "-"]
    pages = subprocess.run(command, check=True, capture_output=True).stdout.decode("utf-8")
    assert "仪陇县发展和改革局" in pages and "优化营商环境" in pages
    assert foreign({pdf.name: pages}) == []


def test_a_master_says_how_its_own_next_round_is_opened(county: County) -> None:
    for period, following in (("2027Q4", "2028Q1"), ("2028Q1", "2028Q2")):
        grid = FileBook.open(county.folder / f"台账-{period}.xlsx").read(layout.GUIDE)
        (step,) = (str(row[0]) for row in grid if "fzzf next" in str(row[0]))
        assert f"fzzf next --period {following}" in step
