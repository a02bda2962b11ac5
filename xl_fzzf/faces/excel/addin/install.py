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

INTERPRETER, RESIDENT = "INTERPRETER_WIN", "USE UDF SERVER"
_MARK = ":Zone.Identifier"  # the NTFS stream that says that a file came from the internet


@dataclass(frozen=True, slots=True)
class Profile:
    """The folders of a Windows user that Excel and xlwings look into."""

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


@dataclass(frozen=True, slots=True)
class Installation:
    """What is installed, and what is wrong with it, in words."""

    installed: bool
    interpreter: str
    resident: bool
    problems: tuple[str, ...]


def read_profile(environment: Mapping[str, str]) -> Profile:
    """The folders of the user; raises JobError on a system without Excel for Windows."""
    roaming, home = environment.get("APPDATA"), environment.get("USERPROFILE")
    if not roaming or not home:
        raise JobError(
            "加载项只用于 Windows 上的 Excel。WPS 或 Linux 请运行 fzzf addin launcher,"
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
            "这个 Python 来自微软应用商店,它写的文件 Excel 看不到。"
            "请改用 python.org 的 Python 安装 xl-fzzf,再运行一次"
        )
    if fault := _xlwings_fault():
        raise JobError(fault)
    settings = _settings_text(profile, interpreter, resident)
    profile.addin.parent.mkdir(parents=True, exist_ok=True)
    profile.settings.parent.mkdir(parents=True, exist_ok=True)
    try:
        write_whole(profile.addin, SHIPPED.read_bytes())
    except PermissionError:
        raise _busy(profile) from None
    _mark(profile).unlink(missing_ok=True)
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


def read_installation(profile: Profile) -> Installation:
    """What is installed for a user, and what is wrong with it."""
    settings = _read_settings(profile)
    interpreter = settings.get(INTERPRETER, "")
    installed = profile.addin.is_file()
    return Installation(
        installed=installed,
        interpreter=interpreter,
        resident=settings.get(RESIDENT, "").lower() == "true",
        problems=tuple(_problems(profile, interpreter)) if installed else (),
    )


def _problems(profile: Profile, interpreter: str) -> list[str]:
    problems = []
    if profile.addin.read_bytes() != SHIPPED.read_bytes():
        problems.append("加载项和这个版本的 xl-fzzf 不一致,请重新运行 fzzf addin install")
    if _mark(profile).exists():
        problems.append("加载项带有“来自互联网”的标记,宏会被阻止,请重新运行 fzzf addin install")
    if not interpreter or not Path(interpreter).is_file():
        problems.append(
            f"设置里的 Python“{interpreter}”不存在,请重新运行 fzzf addin install"
            if interpreter
            else "没有写明用哪个 Python,请重新运行 fzzf addin install"
        )
    return [*problems, *filter(None, [_xlwings_fault()])]


def _xlwings_fault() -> str:
    return find_xlwings_fault("加载项", '"xl-fzzf[excel]"')


def _busy(profile: Profile) -> JobError:
    return JobError(
        f"不能改动“{profile.addin}”,它多半正被 Excel 使用。请关闭全部 Excel 窗口,再运行一次"
    )


def _mark(profile: Profile) -> Path:
    return profile.addin.with_name(profile.addin.name + _MARK)


def _read_settings(profile: Profile) -> dict[str, str]:
    if not profile.settings.is_file():
        return {}
    text = profile.settings.read_text(encoding=profile.encoding, errors="replace")
    rows = csv.reader(text.splitlines())
    return {row[0].upper(): row[1] for row in rows if len(row) == 2}


def _settings_text(profile: Profile, interpreter: str, resident: bool) -> bytes:
    """The settings as VBA's `Input #` reads them; other settings of the user are kept."""
    settings = _read_settings(profile) | {INTERPRETER: interpreter, RESIDENT: str(resident)}
    buffer = io.StringIO()
    writer = csv.writer(buffer, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerows(settings.items())
    try:
        return buffer.getvalue().encode(profile.encoding)
    except UnicodeEncodeError as error:
        raise JobError(
            f"Python 的路径“{interpreter}”里有 Excel 宏读不出的字“{error.object[error.start]}”,"
            "请把 Python 装到路径是英文的文件夹,再运行一次"
        ) from None
