"""A double click runs consolidate and report, for offices without Excel: the launchers, and what they do.

Not yet run on Windows: docs/excel-checklist.md.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

from xl_fzzf.archive.storage import write_whole
from xl_fzzf.desk.errors import JobError
from xl_fzzf.desk.workspace import Workspace, find_master

_RUN = "-P -m xl_fzzf.faces.excel.addin.launch"  # -P: no module is imported from the work folder
_FAILED = 2
_BATCH = """@echo off
chcp 936 >nul
setlocal DisableDelayedExpansion
title 汇总
pushd "%~dp0"
if not exist "{python}" goto missing
"{python}" {run}
goto end
:missing
echo 找不到 Python："{python}"
echo 请在命令提示符里进入这个文件夹，重新运行 fzzf addin launcher
:end
popd
pause
"""
_DESKTOP = """[Desktop Entry]
Type=Application
Name=汇总
Comment=校验并汇总报送的填报表，生成上报表
Exec={python} {run} --wait
Path={folder}
Icon=x-office-spreadsheet
Terminal=true
"""


def write_launchers(folder: Path, python: str) -> list[Path]:
    """Write `汇总.bat` and `汇总.desktop` into a work folder; raises JobError for a path cmd can't read."""
    folder = folder.resolve()
    batch, desktop = folder / "汇总.bat", folder / "汇总.desktop"
    write_whole(batch, build_batch(python))
    write_whole(desktop, build_desktop(python, str(folder)))
    desktop.chmod(0o755)
    return [batch, desktop]


def build_batch(python: str) -> bytes:
    """The Windows launcher, in GBK: it says so to cmd (`chcp 936`), which reads on in that code page.

    It finds its folder by itself (`%~dp0`), so blanks, Chinese and `&` in it are no matter.
    """
    text = _BATCH.format(run=_RUN, python=python.replace("%", "%%"))
    return encode_path(text.replace("\n", "\r\n"), "gbk", python, "命令提示符")


def encode_path(text: str, encoding: str, python: str, reader: str) -> bytes:
    """A text that names this Python; JobError for a character that its reader's code page lacks."""
    try:
        return text.encode(encoding)
    except UnicodeEncodeError as error:
        raise JobError(
            f"Python 的路径“{python}”里有{reader}读不出的字“{error.object[error.start]}”，"
            "请把 Python 装到路径是英文的文件夹，再运行一次"
        ) from None


def build_desktop(python: str, folder: str) -> bytes:
    """The Linux launcher, quoted as the Desktop Entry Specification asks."""
    # An argument of Exec stands in quotes with these escaped; a string has every backslash twice.
    argument = re.sub(r'[\\"`$]', r"\\\g<0>", python).replace("%", "%%")
    python, folder = (text.replace("\\", "\\\\") for text in (f'"{argument}"', folder))
    return _DESKTOP.format(run=_RUN, python=python, folder=folder).encode("utf-8")


def launch(folder: Path) -> int:
    """Run both commands with their progress on the screen; returns the worse exit code."""
    codes = []
    for command in ("consolidate", "report"):
        fzzf = [sys.executable, "-P", "-m", "xl_fzzf", command]
        codes.append(subprocess.run(fzzf, cwd=folder, check=False).returncode)
        if codes[-1] == _FAILED:
            print("没有完成。请按上面的提示处理，然后再双击一次。")
            return _FAILED
    upward = Workspace.at(find_master(None, folder)).upward
    summary = max(upward.glob("*.xlsx"), key=lambda path: path.stat().st_mtime, default=None)
    if summary:
        print(f"正在打开上报表：{summary.name}")
        show(summary)
    return max(codes)


def show(path: Path) -> None:
    """Open a file or folder in the program that the system has for it; none does no harm."""
    if sys.platform == "win32":
        os.startfile(path)
    else:
        with suppress(OSError):  # no desktop: whoever calls says where it lies
            subprocess.Popen(["xdg-open", path])


def main() -> None:
    """Run in the current folder; with `--wait`, keep the window open until Enter is pressed."""
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="replace")  # type: ignore[union-attr]
    code = launch(Path.cwd())
    if "--wait" in sys.argv[1:]:
        with suppress(EOFError):
            input("按回车键关闭窗口")
    sys.exit(code)


if __name__ == "__main__":
    main()
