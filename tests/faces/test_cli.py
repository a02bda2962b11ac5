"""The commands as a user types them: output, JSON shapes and exit codes."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.commands import COMMANDS
from tests.jobs.filling import GOOD, fill
from xl_fzzf.faces.cli.terminal import YEAR

FINDING = {
    "rule",
    "title",
    "severity",
    "unit",
    "file",
    "sheet",
    "cell",
    "indicator",
    "field",
    "message",
    "value",
    "expected",
    "remedy",
    "aside",
    "waiver",
}
FILE = {"file", "sha256", "unit", "period", "verdict", "reason", "records", "findings"}
STATUSES = ["达标", "推进中", "未达标", "待填", "有误", "不适用"]


def fzzf(folder: Path, *arguments: str, code: int = 0, **environment: str) -> str:
    """Run the command in a process of its own; returns what it printed."""
    done = subprocess.run(
        [sys.executable, "-m", "xl_fzzf", *arguments],
        cwd=folder,
        capture_output=True,
        env={
            **os.environ,
            "PYTHONPATH": str(Path(__file__).parents[2]),
            "COLUMNS": "160",
            **environment,
        },
        check=False,
    )
    out, err = done.stdout.decode("utf-8", "replace"), done.stderr.decode("utf-8", "replace")
    assert done.returncode == code, out + err
    assert "Traceback" not in out + err
    return out if code != 2 else out + err


def json_of(folder: Path, *arguments: str, code: int = 0) -> Any:
    return json.loads(fzzf(folder, *arguments, "--json", code=code))


@pytest.fixture
def sent(workspace: Path) -> Path:
    """Three good returns, one with faults."""
    for unit in ("区司法局", "区财政局", "金凤镇"):
        fill(
            workspace / "分发/2019Q3" / f"{unit}.xlsx",
            workspace / "报送/2019Q3" / f"{unit}.xlsx",
            GOOD,
        )
    bad = GOOD | {"1.1": {"value": "三次"}, "1.2": {"value": "是"}}
    fill(workspace / "分发/2019Q3/安福镇.xlsx", workspace / "报送/2019Q3/安福镇.xlsx", bad)
    return workspace


@pytest.mark.parametrize("group", ["", "mail", "addin"])
def test_help_lists_every_command(tmp_path: Path, group: str) -> None:
    listing = fzzf(tmp_path, *group.split(), "--help")
    below = [name.removeprefix(f"{group} ") for name in COMMANDS if name.startswith(group)]
    assert below and all(name.split()[0] in listing for name in below)


@pytest.mark.parametrize("command", COMMANDS)
def test_help_shows_every_command_with_an_example(tmp_path: Path, command: str) -> None:
    assert f"例：fzzf {command}" in fzzf(tmp_path, *command.split(), "--help")


def test_init_makes_the_workspace_and_never_overwrites_one(tmp_path: Path) -> None:
    fzzf(tmp_path, "init", "嘉陵 区")
    folder = tmp_path / "嘉陵 区"
    assert {path.name for path in folder.iterdir()} == {
        "台账-2019Q3.xlsx",
        "分发",
        "报送",
        "上报",
        "档案",
    }
    assert (folder / "报送" / "2019Q3").is_dir()
    assert "已经有了" in fzzf(tmp_path, "init", "嘉陵 区", code=2)
    fzzf(tmp_path, "init", "嘉陵 区", "--period", "2019M11")
    assert (folder / "台账-2019M11.xlsx").is_file()


def test_check_json(sent: Path) -> None:
    good, bad = json_of(
        sent,
        "check",
        "报送/2019Q3/金凤镇.xlsx",
        "报送/2019Q3/安福镇.xlsx",
        "--as-of",
        "2019-09-30",
        code=1,
    )["files"]
    assert set(good) == FILE and good["verdict"] == "accepted" and good["findings"] == []
    assert good["unit"] == "金凤镇" and good["period"] == "2019Q3" and good["records"] == 4
    assert re.fullmatch("[0-9a-f]{64}", good["sha256"])
    assert [set(finding) for finding in bad["findings"]] == [FINDING] * 2
    found = {
        (f["rule"], f["sheet"], f["cell"], f["indicator"], f["value"]) for f in bad["findings"]
    }
    assert found == {
        ("number", "一、组织领导", "I4", "1.1", "三次"),
        ("evidence", "一、组织领导", "M5", "1.2", "是"),
    }


def test_consolidate_json(sent: Path) -> None:
    (sent / "报送/2019Q3/坏.xlsx").write_bytes(b"x")
    (sent / "报送/2019Q3/~$坏.xlsx").write_bytes(b"x")
    said = json_of(sent, "consolidate", "--as-of", "2019-09-30", code=1)
    verdicts = ["accepted", "quarantined", "superseded", "duplicate", "excluded", "ignored"]
    assert [said[verdict] for verdict in verdicts] == [4, 1, 0, 0, 0, 1]
    assert said["received"] == sum(said[verdict] for verdict in verdicts) == len(said["files"])
    assert {file["verdict"] for file in said["files"]} <= set(verdicts)
    assert said["units"]["expected"] == 4 and said["units"]["reported"] == 4
    assert said["units"]["missing"] == []
    assert (
        list(said["status"]) == STATUSES and sum(said["status"].values()) == said["records"] == 20
    )
    assert Path(said["returns"]).samefile(sent / "报送/2019Q3")
    assert Path(said["master"]).samefile(sent / "台账-2019Q3.xlsx")
    assert all(set(file) == FILE for file in said["files"])


def test_a_clean_round_exits_with_0(workspace: Path) -> None:
    for unit in ("区司法局", "区财政局", "金凤镇", "安福镇"):
        fill(
            workspace / "分发/2019Q3" / f"{unit}.xlsx",
            workspace / "报送/2019Q3" / f"{unit}.xlsx",
            GOOD,
        )
    said = json_of(workspace, "consolidate", "--as-of", "2019-09-30", code=0)
    assert said["status"]["达标"] == said["records"]


def test_plan_json_of_plan_and_master_agree(workspace: Path, tmp_path: Path) -> None:
    shipped = json_of(tmp_path, "plan")
    assert [area["number"] for area in shipped["areas"]] == [1, 2, 3, 4, 5, 6, 7]
    assert [t["number"] for a in shipped["areas"] for t in a["tasks"]] == list(range(1, 30))
    assert len(shipped["safeguards"]) == 5 and len(shipped["units"]) > 90
    first = shipped["areas"][0]["tasks"][0]["indicators"][0]
    assert first["target"] == {
        "op": ">=",
        "value": 2,
        "value2": None,
        "text": "≥ 2 次",
        "due": "2019-12-31",
    }
    assert {"unit": "B01", "task": 1, "role": "lead"} in shipped["assignments"]

    fzzf(tmp_path, "init", "区")
    assert json_of(tmp_path, "plan", "区/台账-2019Q3.xlsx") == shipped
    assert json_of(tmp_path / "区", "plan") == shipped


def test_report_and_status_json(sent: Path) -> None:
    fzzf(sent, "consolidate", "--as-of", "2019-09-30", code=1)
    said = json_of(sent, "report", "--as-of", "2019-09-30")
    assert Path(said["summary"]).is_file() and said["pdf"] is None and said["period"] == "2019Q3"
    assert Path(said["summary"]).parent == (sent / "上报/2019Q3")
    rate = next(item for item in said["indicators"] if item["code"] == "2.1")
    assert (rate["value"], rate["numerator"], rate["denominator"], rate["met"]) == (1.0, 8, 8, 2)
    assert {"code": "X02", "score": 75.0, "rank": 4} in said["units"]
    assert said["completeness"] == 1.0
    status = json_of(sent, "status", "--as-of", "2019年9月30日")
    assert status["as_of"] == "2019-09-30" and sum(status["status"].values()) == 20
    assert json_of(sent, "status") == status, "the day is that of the consolidation"


def test_annotate_writes_findings_into_a_copy_and_leaves_the_original(sent: Path) -> None:
    from xl_fzzf.office.book_file import FileBook

    original = (sent / "报送/2019Q3/安福镇.xlsx").read_bytes()
    out = fzzf(
        sent, "check", "报送/2019Q3/安福镇.xlsx", "--annotate", "--as-of", "2019-09-30", code=1
    )
    assert "退回" in out
    assert (sent / "报送/2019Q3/安福镇.xlsx").read_bytes() == original
    book = FileBook.open(sent / "退回/2019Q3/安福镇.xlsx")
    hints = [row[10] for row in book.read("一、组织领导")[3:]]
    assert "应填数字" in str(hints[0]) and "佐证材料" in str(hints[1])
    assert [row[1] for row in book.read("校验结果")[3:5]] == ["错误", "错误"]


def test_a_next_round_keeps_the_plan_and_shows_last_values(sent: Path) -> None:
    from xl_fzzf.desk.master import open_master

    fzzf(sent, "consolidate", "--as-of", "2019-09-30", code=1)
    fzzf(sent, "next", "--yes", "--period", "2019Q4")
    master = open_master(sent / "台账-2019Q4.xlsx", writing=False)
    assert master.records["B01", "1.1"].previous == 3
    assert master.records["B01", "1.2"].previous == "是"
    assert master.records["B01", "2.1"].previous == 1.0
    assert master.records["X02", "1.1"].previous in (None, ""), "三次 is no value to carry on"
    assert all(cell in (None, "") for cell in master.records["B01", "1.1"].entries())
    assert not [row for row in master.book.read("报送登记")[3:] if any(row)]
    out = json_of(sent, "consolidate", code=0)
    assert out["master"].endswith("台账-2019Q4.xlsx") and out["status"]["待填"] == out["records"]
    assert "核对 --period" in fzzf(sent, "next", "--yes", "--period", "2019Q4", code=2)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["consolidate"], "fzzf init"),
        (["consolidate", "没有.xlsx"], "找不到台账"),
        (["check", "没有.xlsx"], "找不到文件"),
        (["plan", "没有.toml"], "找不到"),
        (["init", "x", "--period", "2019Q5"], "Q3（季度）"),
        (["report", "--as-of", "9月30日"], "没有写年份"),
        (["report", "--as-of", "30/9/2019"], f"{YEAR}-09-30"),
        (["init", "x", "--plan", "没有的方案"], "自带的方案"),
        (["trace"], "少了 UNIT"),
        (["reprot"], "没有命令“reprot”。是不是 'report'"),
        (["写错"], "没有命令“写错”"),
        (["report", "--pfd"], "没有选项“--pfd”。是不是 --pdf"),
        (["restore", "--wat"], "没有选项“--wat”"),
        (["restore", "--run", "三"], "应是整数，写的是“三”"),
        (["report", "--as-of"], "选项 --as-of 后面少了内容"),
        (["report", "--pdf=1"], "选项 --pdf 后面不写内容"),
        (["status", "a", "b"], "多了 b"),
        (["mail"], "fzzf mail"),
    ],
)
def test_what_can_not_run_says_why_and_exits_with_2(
    tmp_path: Path, arguments: list[str], words: str
) -> None:
    assert words in fzzf(tmp_path, *arguments, code=2)


def test_a_master_that_is_no_workbook_of_ours(tmp_path: Path) -> None:
    import xlsxwriter

    (tmp_path / "台账-2019Q3.xlsx").write_bytes(b"PK\x03\x04 broken")
    assert "台账-2019Q3.xlsx" in fzzf(tmp_path, "consolidate", code=2)
    book = xlsxwriter.Workbook(tmp_path / "台账-2019Q3.xlsx")
    book.add_worksheet("别的")
    book.close()
    assert "不是本系统的台账" in fzzf(tmp_path, "consolidate", code=2)


@pytest.mark.parametrize("encoding", ["gbk", "ascii", "utf-8"])
def test_any_console_shows_any_file_name(sent: Path, encoding: str) -> None:
    name = "报送/2019Q3/\U0001f600\u202e绝密[red].xlsx"
    (sent / name).write_bytes(b"x")
    fzzf(sent, "consolidate", code=1, PYTHONIOENCODING=encoding, LANG="C", LC_ALL="C")
    fzzf(sent, "check", name, code=1, PYTHONIOENCODING=encoding)


def test_text_from_files_is_never_markup_or_an_escape(sent: Path) -> None:
    bad = GOOD | {"1.1": {"value": "[bold]\x1b[31m三次"}}
    fill(sent / "分发/2019Q3/安福镇.xlsx", sent / "报送/2019Q3/安福镇.xlsx", bad)
    out = fzzf(sent, "check", "报送/2019Q3/安福镇.xlsx", code=1)
    assert "[bold]" in out and "\x1b[31m" not in out
