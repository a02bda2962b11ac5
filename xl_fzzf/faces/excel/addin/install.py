"""`fzzf addin install | remove | status`: the add-in in a Windows user's folders.

The add-in goes to XLSTART, which Excel opens at start and trusts by default; the path of this
Python goes to `.fzzf/fzzf.conf`, where the add-in's xlwings module looks for it.
Not yet run on Windows: docs/excel-checklist.md.
"""

from __future__ import annotations

import csv
import io
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from xl_fzzf.archive.storage import write_whole
from xl_fzzf.desk.errors import JobError
from xl_fzzf.faces.excel.addin.build import PROJECT_NAME, SHIPPED, find_xlwings_fault
from xl_fzzf.faces.excel.addin.launch import encode_path

INTERPRETER, RESIDENT = "INTERPRETER_WIN", "USE UDF SERVER"
_NEEDED = ("加载项", '"xl-fzzf[excel]"')


@dataclass(frozen=True, slots=True)
class Profile:
    """The folders of a Windows user that Excel and xlwings look into, and what is installed there."""

    roaming: Path
    home: Path
    encoding: str = "mbcs" if sys.platform == "win32" else "gbk"
    """VBA reads files in the machine's ANSI code page."""

    @property
    def addin(self) -> Path:
        """Where the add-in lies."""
        return self.roaming / "Microsoft" / "Excel" / "XLSTART" / f"{PROJECT_NAME}.xlam"

    @property
    def settings(self) -> Path:
        """Where the add-in's xlwings module looks for settings."""
        return self.home / f".{PROJECT_NAME}" / f"{PROJECT_NAME}.conf"

    @property
    def mark(self) -> Path:
        """The NTFS stream of the add-in that says that it came from the internet."""
        return self.addin.with_name(f"{self.addin.name}:Zone.Identifier")

    def read_settings(self) -> dict[str, str]:
        """The settings by key; empty where there are none."""
        if not self.settings.is_file():
            return {}
        text = self.settings.read_text(encoding=self.encoding, errors="replace")
        rows = csv.reader(text.splitlines())
        return {row[0].upper(): row[1] for row in rows if len(row) == 2}

    def problems(self) -> list[str]:
        """What is wrong with an add-in that is installed, in words."""
        interpreter = self.read_settings().get(INTERPRETER)
        found = []
        if self.addin.read_bytes() != SHIPPED.read_bytes():
            found.append("加载项和这个版本的 xl-fzzf 不一致，请重新运行 fzzf addin install")
        if self.mark.exists():
            found.append("加载项带有“来自互联网”的标记，宏会被阻止，请重新运行 fzzf addin install")
        if not interpreter:
            found.append("没有写明用哪个 Python，请重新运行 fzzf addin install")
        elif not Path(interpreter).is_file():
            found.append(f"设置里的 Python“{interpreter}”不存在，请重新运行 fzzf addin install")
        fault = find_xlwings_fault(*_NEEDED)
        return [*found, fault] if fault else found


def read_profile(environment: Mapping[str, str]) -> Profile:
    """The folders of the user; raises JobError on a system without Excel for Windows."""
    roaming, home = environment.get("APPDATA"), environment.get("USERPROFILE")
    if not roaming or not home:
        raise JobError(
            "加载项只用于 Windows 上的 Excel。WPS 或 Linux 请运行 fzzf addin launcher，"
            "生成双击就能运行的“汇总”"
        )
    return Profile(Path(roaming), Path(home))


def install(profile: Profile, interpreter: str, base: str, resident: bool) -> None:
    """Copy the add-in, write the settings; `base` is the prefix of the Python behind a venv.

    Raises JobError where that can't work: xlwings missing, Excel open, a packaged Python, a path
    that VBA can't read.
    """
    if "WindowsApps" in base:
        raise JobError(
            "这个 Python 来自微软应用商店，它写的文件 Excel 看不到。"
            "请改用 python.org 的 Python 安装 xl-fzzf，再运行一次"
        )
    if fault := find_xlwings_fault(*_NEEDED):
        raise JobError(fault)
    settings = _settings_text(profile, interpreter, resident)
    profile.addin.parent.mkdir(parents=True, exist_ok=True)
    profile.settings.parent.mkdir(parents=True, exist_ok=True)
    try:
        write_whole(profile.addin, SHIPPED.read_bytes())
    except PermissionError:
        raise _busy(profile) from None
    profile.mark.unlink(missing_ok=True)
    write_whole(profile.settings, settings)


def remove(profile: Profile) -> list[Path]:
    """Delete the add-in and its settings; returns what was there. Raises JobError while Excel is open."""
    found = [path for path in (profile.addin, profile.settings) if path.exists()]
    try:
        for path in found:
            path.unlink()
    except PermissionError:
        raise _busy(profile) from None
    folder = profile.settings.parent
    if folder.is_dir() and not any(folder.iterdir()):
        folder.rmdir()
    return found


def _busy(profile: Profile) -> JobError:
    return JobError(
        f"不能改动“{profile.addin}”，它多半正被 Excel 使用。请关闭全部 Excel 窗口，再运行一次"
    )


def _settings_text(profile: Profile, interpreter: str, resident: bool) -> bytes:
    """The settings as VBA's `Input #` reads them; other settings of the user are kept."""
    settings = profile.read_settings() | {INTERPRETER: interpreter, RESIDENT: str(resident)}
    buffer = io.StringIO()
    writer = csv.writer(buffer, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerows(settings.items())
    return encode_path(buffer.getvalue(), profile.encoding, interpreter, " Excel 宏")
