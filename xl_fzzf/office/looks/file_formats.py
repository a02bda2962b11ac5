"""Which format a received file has, by its content; what is no workbook is refused with advice."""

from __future__ import annotations

import io
import re
from dataclasses import dataclass, replace
from enum import StrEnum

from xl_fzzf.office.xlsx.package import BookError, Package

_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
RESAVE = "请用 Excel 或 WPS 打开原填报表，另存为 .xlsx 后重新报送"
_AGAIN = "请重新报送"
PASSWORD = f"文件加了打开密码。请取消密码后{RESAVE.removeprefix('请')}"
_OLD_EXCEL = f"这是 Excel 95 或更早的格式，不能读取。{RESAVE}"
_OTHER = {
    b"%pdf": "PDF",
    b"\xff\xd8\xff": "图片",
    b"\x89png": "图片",
    b"gif8": "图片",
    b"ii*\0": "图片",
    b"mm\0*": "图片",
    b"rar!": "RAR 压缩包",
    b"7z\xbc\xaf": "7z 压缩包",
    b"\x1f\x8b": "压缩包",
    b"bzh": "压缩包",
    b"{\\rtf": "文字文档（RTF）",
    b"mz\x90": "程序",
    b"<html": "网页",
    b"<!doctype html": "网页",
    b"mime-version": "网页（MHT）",
}
_EARLY_BIFF = (b"\x09\x00\x04\x00", b"\x09\x02\x06\x00", b"\x09\x04\x06\x00", b"\x09\x08")
_BOOKS = re.compile(r"\.(?:xlsx?|xlsm|xlsb|et|ods|csv|pdf|docx?)$")
_SMALLEST_TAIL = 64


class Format(StrEnum):
    """The formats that are read."""

    XLSX = "xlsx"
    XLS = "xls"
    XLSB = "xlsb"
    ODS = "ods"


@dataclass(frozen=True, slots=True)
class Recognised:
    """A format, what is to be read, and whether it was encrypted with the default password."""

    format: Format
    content: Package | bytes
    decrypted: bool = False


def recognise(data: bytes, file: str) -> Recognised:
    """What a file is; BookError says why it can't be read and what to do."""
    if not data:
        raise BookError(f"文件是空的（0 字节），可能没有传完。{_AGAIN}")
    if not data.strip(b"\0"):
        raise BookError(f"文件内容全是零，可能没有同步完。{_AGAIN}")
    if data.startswith(_ZIP):
        if len(data.rstrip(b"\0")) < len(data) - _SMALLEST_TAIL:
            raise BookError(f"文件后面一段全是零，可能没有同步完。{_AGAIN}")
        package = Package.open(data, file)
        return Recognised(_zip_format(package), package)
    if data.startswith(_OLE):
        return _recognise_ole(data, file)
    raise BookError(_other(data))


def _other(data: bytes) -> str:
    """Why a file that is neither a zip nor an OLE file can't be read."""
    if data.startswith(_EARLY_BIFF):
        return _OLD_EXCEL
    head = data[:4096].removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    found = next((name for magic, name in _OTHER.items() if head.startswith(magic)), "")
    if head.startswith(b"<?xml"):
        found = "XML 表格 2003" if b"office:spreadsheet" in head else "XML 文本"
        found = "网页" if b"<html" in head else found
    elif not found and (b"<html" in head or b"<table" in head):
        found = "网页"
    utf16 = data.startswith((b"\xff\xfe", b"\xfe\xff"))
    if not found and (utf16 or not re.search(rb"[\0-\x08\x0e-\x1a]", data[:4096])):
        found = "文本（如 CSV）"
    what = f"这是{found}，不是填报表" if found else "这不是 Excel 工作簿"
    return f"{what}。{RESAVE}"


def _zip_format(package: Package) -> Format:
    if "xl/workbook.bin" in package:
        return Format.XLSB
    if "mimetype" in package:
        if b"opendocument.spreadsheet" in package.data("mimetype"):
            return Format.ODS
        raise BookError(f"这是 OpenDocument 文档，不是填报表。{RESAVE}")
    names = list(package)
    for start, what in (("word/", "Word 文档"), ("ppt/", "演示文稿"), ("index/", "Numbers 表格")):
        if any(name.startswith(start) for name in names):
            raise BookError(f"这是{what}，不是填报表。{RESAVE}")
    if any(name.startswith("xl/") for name in names):
        return Format.XLSX
    if any(_BOOKS.search(name) for name in names):
        raise BookError("这是压缩包。请解压后逐个报送里面的填报表（.xlsx）")
    raise BookError(f"这是压缩包，里面没有工作簿。{RESAVE}")


def _recognise_ole(data: bytes, file: str) -> Recognised:
    streams = _streams(data)
    if "encryptedpackage" in streams:
        return replace(recognise(_decrypted(data), file), decrypted=True)
    if "workbook" in streams:
        head = streams["workbook"]
        if head[:2] != b"\x09\x08" or head[4:6] != b"\x00\x06":
            raise BookError(_OLD_EXCEL)
        if b"\x2f\x00" in (head[20:22], head[24:26]):  # FILEPASS follows BOF, or WRITEPROTECT
            return Recognised(Format.XLS, _decrypted(data), True)
        return Recognised(Format.XLS, data)
    for stream, what in (("worddocument", "Word 文档"), ("powerpoint document", "演示文稿")):
        if stream in streams:
            raise BookError(f"这是{what}，不是填报表。{RESAVE}")
    raise BookError(_OLD_EXCEL if "book" in streams else f"这不是 Excel 工作簿。{RESAVE}")


def _streams(data: bytes) -> dict[str, bytes]:
    """The top streams of an OLE file by name, with their first bytes."""
    import olefile

    try:
        with olefile.OleFileIO(io.BytesIO(data)) as ole:
            names = [path[0] for path in ole.listdir() if len(path) == 1]
            return {name.lower(): ole.openstream(name).read(32) for name in names}
    except (OSError, ValueError, IndexError, TypeError) as error:
        raise BookError(f"文件打不开，可能损坏或不完整。{RESAVE}") from error


def _decrypted(data: bytes) -> bytes:
    """The content, if the password is the one that Excel tries by itself; none is ever asked for."""
    import msoffcrypto

    try:
        office = msoffcrypto.OfficeFile(io.BytesIO(data))
        office.load_key(password="VelvetSweatshop")
        office.decrypt(plain := io.BytesIO())
    except Exception as error:  # it raises whatever its parsers meet, AssertionError too
        raise BookError(PASSWORD) from error
    return plain.getvalue()
