"""The double-click launchers: what they hold, and what they do where that can be run here."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.jobs.filling import GOOD, fill
from xl_fzzf.desk.errors import JobError
from xl_fzzf.faces.excel.addin.launch import build_batch, build_desktop, write_launchers

ROOT = Path(__file__).parents[3]
ODD = r"C:\Program Files\张三 & 李四 (100%)\python.exe"


def test_the_batch_file_is_gbk_and_says_so_before_its_first_chinese_byte() -> None:
    data = build_batch(ODD)
    assert data.count(b"\n") == data.count(b"\r\n")
    before, _, after = data.partition(b"chcp 936 >nul\r\n")
    assert before == b"@echo off\r\n"
    assert "张三" in after.decode("gbk")


def test_the_batch_file_quotes_every_path() -> None:
    """In quotes & and blanks are plain; a percent sign must be doubled in a batch file."""
    lines = build_batch(ODD).decode("gbk").split("\r\n")
    python = r'"C:\Program Files\张三 & 李四 (100%%)\python.exe"'
    assert f"{python} -P -m xl_fzzf.faces.excel.addin.launch" in lines
    assert f"if not exist {python} goto missing" in lines
    assert 'pushd "%~dp0"' in lines
    assert "setlocal DisableDelayedExpansion" in lines
    for line in lines:
        assert not set(re.sub('"[^"]*"', "", line)) & set("&|<^!") - {">"}, line
    assert lines[-2:] == ["pause", ""]


def test_a_path_that_gbk_has_no_sign_for_is_refused() -> None:
    with pytest.raises(JobError, match="读不出的字“㐂”"):
        build_batch(r"C:\㐂\python.exe")


def exec_of(data: bytes) -> list[str]:
    """The arguments of a desktop entry's Exec, read by the rules of its specification."""
    (line,) = re.findall(r"^Exec=(.*)$", data.decode("utf-8"), re.MULTILINE)
    line = line.replace("\\\\", "\\")
    words = re.findall(r'"((?:[^"\\]|\\.)*)"|(\S+)', line)
    return [re.sub(r"\\(.)", r"\1", quoted).replace("%%", "%") or bare for quoted, bare in words]


@given(st.text(st.characters(exclude_categories=("C", "Zl", "Zp")), min_size=1))
@example('/opt/张 "三" $x `y` \\ 100%/python')
def test_the_desktop_entry_quotes_as_its_specification_asks(python: str) -> None:
    data = build_desktop(python, "/家/工作 & 台账")
    assert exec_of(data) == [python, "-P", "-m", "xl_fzzf.faces.excel.addin.launch", "--wait"]
    assert "\nPath=/家/工作 & 台账\n" in data.decode("utf-8")


@pytest.mark.skipif(not shutil.which("desktop-file-validate"), reason="not installed")
def test_desktop_file_validate_finds_nothing(tmp_path: Path) -> None:
    path = tmp_path / "x.desktop"
    path.write_bytes(build_desktop('/opt/a b/"$/python', str(tmp_path)))
    done = subprocess.run(["desktop-file-validate", str(path)], capture_output=True, check=False)
    assert (done.returncode, done.stdout) == (0, b"")


def double_click(entry: Path, opener: Path) -> subprocess.CompletedProcess[str]:
    """Run a desktop entry as a desktop does; `opener` holds the xdg-open that is found."""
    data = entry.read_bytes()
    (folder,) = re.findall(r"^Path=(.*)$", data.decode("utf-8"), re.MULTILINE)
    environment = {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "PATH": f"{opener}{os.pathsep}{os.environ['PATH']}",
    }
    return subprocess.run(
        exec_of(data), cwd=folder, env=environment, input="\n", capture_output=True, text=True
    )


@pytest.fixture
def opener(tmp_path: Path) -> Path:
    """A folder with an xdg-open that notes what it is to open."""
    folder = tmp_path / "bin"
    folder.mkdir()
    script = folder / "xdg-open"
    script.write_text(f'#!/bin/sh\nprintf %s "$1" > "{tmp_path}/opened"\n')
    script.chmod(0o755)
    return folder


def opened(tmp_path: Path) -> str:
    """What was opened; the launcher doesn't wait for the program that it starts."""
    path = tmp_path / "opened"
    for _ in range(200):
        if path.exists() and (text := path.read_text()):
            return text
        subprocess.run(["sleep", "0.05"], check=True)
    return ""


@pytest.mark.skipif(os.name != "posix", reason="a desktop entry")
def test_a_double_click_consolidates_reports_and_opens_the_summary(
    workspace: Path, tmp_path: Path, opener: Path
) -> None:
    folder = workspace.rename(tmp_path / "工作 & 台账")
    fill(folder / "分发/2019Q3/区司法局.xlsx", folder / "报送/2019Q3/区司法局.xlsx", GOOD)
    (folder / "pandas.py").write_text("raise SystemExit('imported from the work folder')")
    done = subprocess.run(
        [sys.executable, "-P", "-m", "xl_fzzf", "addin", "launcher", str(folder)],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert str(folder / "汇总.desktop") in done.stdout
    entry = folder / "汇总.desktop"
    assert os.access(entry, os.X_OK)
    run = double_click(entry, opener)
    assert run.returncode in (0, 1), run.stdout + run.stderr
    (summary,) = (folder / "上报/2019Q3").glob("*.xlsx")
    assert f"正在打开上报表：{summary.name}" in run.stdout
    assert opened(tmp_path) == str(summary)


@pytest.mark.skipif(os.name != "posix", reason="a desktop entry")
def test_what_goes_wrong_is_told_and_nothing_is_opened(tmp_path: Path, opener: Path) -> None:
    folder = tmp_path / "空文件夹"
    folder.mkdir()
    _, entry = write_launchers(folder, sys.executable)
    run = double_click(entry, opener)
    assert run.returncode == 2
    assert "里没有台账" in run.stderr
    assert "没有完成" in run.stdout
    assert "按回车键关闭窗口" in run.stdout
    assert not (tmp_path / "opened").exists()
