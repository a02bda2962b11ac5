"""A double click runs consolidate and report, for offices without Excel: the launchers, and what they do.

Not yet run on Windows: docs/excel-checklist.md.
"""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

from xl_fzzf.archive.storage import write_whole
from xl_fzzf.desk.errors import JobError
from xl_fzzf.desk.workspace import Workspace, find_master

NAME = "汇总"
_RUN = "-P -m xl_fzzf.faces.excel.addin.launch"  # -P: no module is imported from the work folder
_FAILED = 2
_BATCH = """@echo off
chcp 936 >nul
setlocal DisableDelayedExpansion
title {name}
pushd "%~dp0"
if not exist "{python}" goto missing
"{python}" {run}
goto end
:missing
echo 找不到 Python:"{python}"
echo 请在命令提示符里进入这个文件夹,重新运行 fzzf addin launcher
:end
popd
pause
"""
_DESKTOP = """[Desktop Entry]
Type=Application
Name={name}
Comment=校验并汇总报送的填报表,生成上报表
Exec={python} {run} --wait
Path={folder}
Icon=x-office-spreadsheet
Terminal=true
"""


def write_launchers(folder: Path, python: str) -> list[Path]:
    """Write `汇总.bat` and `汇总.desktop` into a work folder; raises JobError for a path cmd can't read."""
    folder = folder.resolve()
    batch, desktop = folder / f"{NAME}.bat", folder / f"{NAME}.desktop"
    write_whole(batch, build_batch(python))
    write_whole(desktop, build_desktop(python, str(folder)))
    desktop.chmod(0o755)
    return [batch, desktop]


def build_batch(python: str) -> bytes:
    """The Windows launcher, in GBK: it says so to cmd (`chcp 936`), which reads on in that code page.

    It finds its folder by itself (`%~dp0`), so blanks, Chinese and `&` in it are no matter.
    """
    text = _BATCH.format(name=NAME, run=_RUN, python=python.replace("%", "%%"))
    try:
        return text.replace("\n", "\r\n").encode("gbk")
    except UnicodeEncodeError as error:
        raise JobError(
            f"Python 的路径“{python}”里有命令提示符读不出的字“{error.object[error.start]}”,"
            "请把 Python 装到路径是英文的文件夹,再运行一次"
        ) from None


def build_desktop(python: str, folder: str) -> bytes:
    """The Linux launcher, quoted as the Desktop Entry Specification asks."""
    text = _DESKTOP.format(
        name=NAME, run=_RUN, python=_string(_quoted(python)), folder=_string(folder)
    )
    return text.encode("utf-8")


def _quoted(argument: str) -> str:
    """An argument of Exec: in quotes, with ", `, $ and \\ escaped and % doubled."""
    for special in '\\"`$':
        argument = argument.replace(special, f"\\{special}")
    return '"' + argument.replace("%", "%%") + '"'


def _string(text: str) -> str:
    """A value of type string: a backslash is written twice."""
    return text.replace("\\", "\\\\")


def launch(folder: Path) -> int:
    """Run both commands with their progress on the screen; returns the worse exit code."""
    codes = []
    for command in ("consolidate", "report"):
        codes.append(_fzzf(folder, command))
        if codes[-1] == _FAILED:
            print("没有完成。请按上面的提示处理,然后再双击一次。")
            return _FAILED
    summary = _newest_summary(folder)
    if summary:
        print(f"正在打开上报表:{summary.name}")
        show(summary)
    return max(codes)


def _fzzf(folder: Path, command: str) -> int:
    return subprocess.run(
        [sys.executable, "-P", "-m", "xl_fzzf", command], cwd=folder, check=False
    ).returncode


def _newest_summary(folder: Path) -> Path | None:
    upward = Workspace.at(find_master(None, folder)).upward
    return max(upward.glob("*.xlsx"), key=lambda path: path.stat().st_mtime, default=None)


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
