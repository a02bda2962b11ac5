"""fzzf addin install, status and remove in a made-up profile folder, through the command."""

from __future__ import annotations

import csv
import os
import subprocess
import sys
from pathlib import Path

import pytest

from xl_fzzf.desk.errors import JobError
from xl_fzzf.faces.excel.addin.build import SHIPPED
from xl_fzzf.faces.excel.addin.install import Profile, install, read_profile

ROOT = Path(__file__).parents[3]


@pytest.fixture
def profile(tmp_path: Path) -> Profile:
    home = tmp_path / "用户 张三 & 李四"
    return Profile(home / "AppData" / "Roaming", home, "gbk")


def addin(profile: Profile, *arguments: str, code: int = 0) -> str:
    """Run `fzzf addin …` as the user of a profile; returns what it printed."""
    environment = {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "APPDATA": str(profile.roaming),
        "USERPROFILE": str(profile.home),
    }
    done = subprocess.run(
        [sys.executable, "-m", "xl_fzzf", "addin", *arguments],
        capture_output=True,
        encoding="utf-8",
        env=environment,
        check=False,
    )
    assert done.returncode == code, done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    return done.stdout + done.stderr


def settings(profile: Profile) -> dict[str, str]:
    """The settings as VBA's `Input #` reads them: quoted, two on a line, in the ANSI code page."""
    text = profile.settings.read_bytes().decode("gbk")
    assert text.endswith("\r\n")
    lines = text.removesuffix("\r\n").split("\r\n")
    assert all(line.startswith('"') and line.endswith('"') for line in lines)
    return dict(csv.reader(lines))


def test_install_puts_the_addin_and_this_python_where_excel_looks(profile: Profile) -> None:
    said = addin(profile, "install")
    path = profile.home / "AppData/Roaming/Microsoft/Excel/XLSTART/fzzf.xlam"
    assert path.read_bytes() == SHIPPED.read_bytes()
    assert settings(profile) == {"INTERPRETER_WIN": sys.executable, "USE UDF SERVER": "False"}
    assert profile.settings == profile.home / ".fzzf" / "fzzf.conf"
    assert str(path) in said
    assert "受信任位置" in said
    assert [p.name for p in path.parent.iterdir()] == ["fzzf.xlam"], "Excel opens all that is there"
    assert "没有发现问题" in addin(profile, "status")


def test_a_second_install_changes_only_what_it_must(profile: Profile) -> None:
    addin(profile, "install")
    with profile.settings.open("ab") as file:
        file.write('"SHOW CONSOLE","True"\r\n'.encode("gbk"))
    addin(profile, "install", "--resident")
    assert settings(profile) == {
        "INTERPRETER_WIN": sys.executable,
        "USE UDF SERVER": "True",
        "SHOW CONSOLE": "True",
    }
    assert "（常驻）" in addin(profile, "status")


def test_the_internet_mark_is_told_and_taken_off(profile: Profile) -> None:
    """On NTFS the mark is a stream of the file, which Python names just so."""
    addin(profile, "install")
    mark = profile.addin.with_name("fzzf.xlam:Zone.Identifier")
    mark.write_text("[ZoneTransfer]\nZoneId=3\n")
    assert "来自互联网" in addin(profile, "status", code=1)
    addin(profile, "install")
    assert not mark.exists()


def test_remove_takes_away_the_addin_and_its_settings_and_nothing_else(profile: Profile) -> None:
    addin(profile, "install")
    other = profile.addin.with_name("PERSONAL.XLSB")
    other.write_bytes(b"mine")
    said = addin(profile, "remove")
    assert str(profile.addin) in said
    assert [p.name for p in profile.addin.parent.iterdir()] == ["PERSONAL.XLSB"]
    assert not profile.settings.parent.exists()
    assert "没有安装加载项" in addin(profile, "remove")
    assert "没有安装加载项" in addin(profile, "status", code=1)


def test_status_names_an_old_addin_and_a_python_that_is_gone(profile: Profile) -> None:
    addin(profile, "install")
    profile.addin.write_bytes(b"an older one")
    profile.settings.write_bytes('"INTERPRETER_WIN","D:\\旧的\\python.exe"\r\n'.encode("gbk"))
    said = addin(profile, "status", code=1)
    assert "不一致" in said
    assert "“D:\\旧的\\python.exe”不存在" in said


def test_settings_that_are_gone_are_told(profile: Profile) -> None:
    addin(profile, "install")
    profile.settings.unlink()
    assert profile.problems() == ["没有写明用哪个 Python，请重新运行 fzzf addin install"]


def test_a_path_in_chinese_is_written_for_vba(profile: Profile) -> None:
    install(profile, r"C:\用户\张三\python.exe", sys.base_prefix, resident=False)
    assert settings(profile)["INTERPRETER_WIN"] == r"C:\用户\张三\python.exe"


@pytest.mark.parametrize(
    ("interpreter", "base", "message"),
    [
        (r"C:\㐂\python.exe", "", "读不出的字“㐂”"),
        ("python.exe", r"C:\Program Files\WindowsApps\PythonSoftwareFoundation", "微软应用商店"),
    ],
)
def test_what_can_not_work_is_refused_before_anything_is_written(
    profile: Profile, interpreter: str, base: str, message: str
) -> None:
    with pytest.raises(JobError, match=message):
        install(profile, interpreter, base, resident=False)
    assert not profile.home.exists()


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_can_not_be_written_is_told(profile: Profile) -> None:
    addin(profile, "install")
    profile.addin.parent.chmod(0o500)
    assert "正被 Excel 使用" in addin(profile, "install", code=2)
    assert "正被 Excel 使用" in addin(profile, "remove", code=2)


def test_without_windows_the_launcher_is_named() -> None:
    with pytest.raises(JobError, match="fzzf addin launcher"):
        read_profile({"HOME": "/home/u"})
