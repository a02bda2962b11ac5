"""What the launchers run in the work folder: consolidate, report, open the summary."""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

from xl_fzzf.desk.workspace import Workspace, find_master

_FAILED = 2


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
        _open(summary)
    return max(codes)


def _fzzf(folder: Path, command: str) -> int:
    return subprocess.run(
        [sys.executable, "-P", "-m", "xl_fzzf", command], cwd=folder, check=False
    ).returncode


def _newest_summary(folder: Path) -> Path | None:
    upward = Workspace.at(find_master(None, folder)).upward
    return max(upward.glob("*.xlsx"), key=lambda path: path.stat().st_mtime, default=None)


def _open(path: Path) -> None:
    if sys.platform == "win32":
        os.startfile(path)
    else:
        with suppress(OSError):  # no desktop: the path has been printed
            subprocess.Popen(["xdg-open", str(path)])


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
