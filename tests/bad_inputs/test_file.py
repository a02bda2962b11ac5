"""BAD_INPUTS 1 to 15: what a received file is by its content, and what its name may be."""

from __future__ import annotations

import os
import struct
from pathlib import Path

import pytest

from tests.receiving import (
    UNIT,
    Door,
    as_xlsb,
    encrypted,
    fields,
    repacked,
    replaced,
    zipped,
)
from xl_fzzf.desk.intake import LARGEST
from xl_fzzf.desk.workspace import received_files
from xl_fzzf.model.submission import Trait, Verdict

DATA = Path(__file__).parents[1] / "data" / "received"


def refused(door: Door, data: bytes, name: str, *words: str) -> None:
    """The file is quarantined, and the reason says all this and what to do."""
    checked = door(data, name)
    assert checked.verdict is Verdict.QUARANTINED
    for word in (*words, "请"):
        assert word in checked.reason


def test_bad_001_no_bytes(door: Door) -> None:
    refused(door, b"", "空.xlsx", "0 字节", "重新报送")


@pytest.mark.parametrize("percent", [1, 25, 50, 75, 99])
def test_bad_002_cut_off(door: Door, good: bytes, percent: int) -> None:
    refused(door, good[: len(good) * percent // 100], "断.xlsx", "不完整", "重新传")


def test_bad_003_zeros_and_a_tail_of_zeros(door: Door, good: bytes) -> None:
    refused(door, b"\0" * 5000, "零.xlsx", "全是零")
    half = len(good) // 2
    refused(door, good[:half] + b"\0" * half, "尾.xlsx", "没有同步完")


def test_bad_004_an_old_workbook_or_an_encrypted_one_behind_xlsx(door: Door, good: bytes) -> None:
    checked = door((DATA / "旧格式.xls").read_bytes(), "旧.xlsx")
    assert checked.verdict is Verdict.ACCEPTED
    assert "xls" in checked.submission.traits[Trait.FORMAT]
    refused(door, encrypted(good, "secret"), "密.xlsx", "打开密码")


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (b"<html><body><table></table></body></html>", "网页"),
        ("单位,完成值\n金凤镇,3\n".encode("gb18030"), "CSV"),
        ("单位\t完成值\n".encode("utf-16"), "CSV"),
        (
            b'<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?>'
            b'<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>',
            "XML 表格 2003",
        ),
    ],
)
def test_bad_005_text_behind_xls(door: Door, data: bytes, what: str) -> None:
    refused(door, data, "表.xls", what, "另存为 .xlsx")


@pytest.mark.parametrize("start", [b"\x09\x00\x04\x00", b"\x09\x02\x06\x00", b"\x09\x08\x08\x00"])
def test_bad_006_excel_before_97(door: Door, start: bytes) -> None:
    refused(door, start + bytes(range(1, 60)), "老.xls", "Excel 95", "另存为 .xlsx")


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (b"%PDF-1.7", "PDF"),
        (b"\xff\xd8\xff\xe0\0\x10JFIF", "图片"),
        (b"\x89PNG\r\n\x1a\n", "图片"),
        (zipped({"[Content_Types].xml": b"", "word/document.xml": b""}), "Word"),
        (zipped({"Index/Document.iwa": b""}), "Numbers"),
        (zipped({"mimetype": b"application/vnd.oasis.opendocument.text"}), "OpenDocument"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "打不开"),
    ],
)
def test_bad_007_other_documents(door: Door, data: bytes, what: str) -> None:
    refused(door, data, "填报表.xlsx", what, ".xlsx")


@pytest.mark.parametrize("suffix", ["xls", "ods"])
def test_bad_007_other_workbooks_are_read(door: Door, suffix: str) -> None:
    checked = door((DATA / f"旧格式.{suffix}").read_bytes(), f"{UNIT}.{suffix}")
    assert checked.verdict is Verdict.ACCEPTED
    assert (fields(checked).value, fields(checked).narrative) == (3, "召开三次会议")
    assert Trait.FORMAT in checked.submission.traits


def test_bad_007_tabs_and_line_breaks_of_ods_are_kept(door: Door) -> None:
    broken = "召开<text:tab/>三<text:line-break/>次会议"
    data = (DATA / "旧格式.ods").read_bytes()
    data = repacked(data, {"content.xml": replaced("召开三次会议", broken)})
    assert fields(door(data, f"{UNIT}.ods")).narrative == "召开\t三\n次会议"


def test_bad_007_a_binary_workbook_is_read(door: Door, good: bytes) -> None:
    checked = door(as_xlsb(good), f"{UNIT}.xlsb")
    assert checked.verdict is Verdict.ACCEPTED
    assert (fields(checked).value, fields(checked).narrative) == (3, "召开三次会议")


def test_bad_008_archives(door: Door, good: bytes) -> None:
    refused(door, zipped({"金凤镇.xlsx": good, "安福镇.xlsx": good}), "全.zip", "解压后逐个报送")
    refused(door, b"Rar!\x1a\x07\x01\0", "全.rar", "RAR")
    refused(door, b"7z\xbc\xaf\x27\x1c", "全.7z", "7z")


def test_bad_009_a_password(door: Door, good: bytes) -> None:
    refused(door, encrypted(good, "123456"), f"{UNIT}.xlsx", "打开密码", "取消密码")


def test_bad_010_the_default_password(door: Door, good: bytes) -> None:
    checked = door(encrypted(good, "VelvetSweatshop"))
    assert checked.verdict is Verdict.ACCEPTED
    assert Trait.DEFAULT_PASSWORD in checked.submission.traits
    assert fields(checked).value == 3


def test_bad_011_an_obfuscated_xls(door: Door) -> None:
    """XOR obfuscation: FILEPASS of type 0 after the first record."""
    data = bytearray((DATA / "旧格式.xls").read_bytes())
    start = data.index(b"\x09\x08\x10\x00\x00\x06\x05\x00")
    data[start + 20 : start + 30] = struct.pack("<5H", 0x2F, 6, 0, 0x1234, 0x5678)
    refused(door, bytes(data), "混.xls", "打开密码")


def test_bad_012_too_large_to_be_opened(door: Door) -> None:
    path = door.folder / "大.xlsx"
    with path.open("wb") as file:
        file.truncate(LARGEST + 1)
    checked = door.take(path)
    assert checked.verdict is Verdict.QUARANTINED
    assert "50 MB" in checked.reason
    assert not checked.submission.sha256


@pytest.mark.parametrize(
    "name",
    [f"{UNIT}.XLSX", UNIT, f"{UNIT}.xlsx.exe", f"{UNIT}.xlsx. ", f"{UNIT}\u202exslx.exe"],
)
def test_bad_013_the_name_decides_nothing(door: Door, good: bytes, name: str) -> None:
    checked = door(good, name)
    assert checked.verdict is Verdict.ACCEPTED
    assert fields(checked).value == 3
    refused(door, b"MZ\x90\0 a program", name, "程序")


def test_bad_014_links_pipes_devices_and_folders_are_never_opened(
    door: Door, good: bytes, tmp_path: Path
) -> None:
    (real := tmp_path / "真.xlsx").write_bytes(good)
    (tmp_path / "连.xlsx").symlink_to(real)
    os.mkfifo(tmp_path / "管.xlsx")
    (tmp_path / "夹.xlsx").mkdir()
    listed = {path.name: ignored for path, ignored in received_files(tmp_path)}
    assert set(listed) == {"真.xlsx", "连.xlsx", "管.xlsx"}
    assert not listed["真.xlsx"]
    assert all("没有打开" in listed[name] for name in ("连.xlsx", "管.xlsx"))
    for name in ("连.xlsx", "管.xlsx", "夹.xlsx"):  # put in place after the folder was listed
        checked = door.take(tmp_path / name)
        assert checked.verdict is Verdict.QUARANTINED
        assert not checked.submission.sha256


@pytest.mark.parametrize(
    "name", ["~$金凤镇.xlsx", ".~lock.金凤镇.xlsx#", "._金凤镇.xlsx", "Thumbs.db", "desktop.ini"]
)
def test_bad_015_what_programs_leave_behind(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b"x")
    ((path, ignored),) = received_files(tmp_path)
    assert path.name == name
    assert "临时文件" in ignored
