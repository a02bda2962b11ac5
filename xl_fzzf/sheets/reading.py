"""Read a received file: what it is by its content, never by its name; values only, nothing is run."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import datetime
from typing import cast

from python_calamine import CalamineError, CalamineWorkbook, PasswordError

from xl_fzzf.model.record import Cell, ErrorCell
from xl_fzzf.model.submission import SheetContent, Submission
from xl_fzzf.sheets.area import read_area
from xl_fzzf.sheets.layout import GUIDE, LISTS, OVERVIEW, STAMP
from xl_fzzf.sheets.stamp import read_stamp
from xl_fzzf.sheets.xlsx.package import BookError, Package
from xl_fzzf.sheets.xlsx.sheet_part import errors, exceeds
from xl_fzzf.sheets.xlsx.workbook_part import sheet_parts

_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OTHER_FORMATS = {
    b"%pdf": "PDF",
    b"\xff\xd8\xff": "图片",
    b"\x89png": "图片",
    b"rar!": "RAR 压缩包",
    b"7z\xbc\xaf": "7z 压缩包",
    b"<?xml": "XML 文本",
    b"<html": "网页",
}
_RESAVE = "请用 Excel 或 WPS 打开原填报表,另存为 .xlsx 后重新报送"
_MOST_CELLS = 2_000_000
"""A return has some thousand cells; calamine keeps a sheet's whole rectangle in memory."""

_NOT_AREAS = LISTS | {STAMP, GUIDE, OVERVIEW}


def read_submission(file: str, data: bytes, sha256: str, received: datetime) -> Submission:
    """Everything that one received file says; a file that can't be read says why."""
    unreadable = _refuse(data)
    if unreadable:
        return Submission(file, sha256, received, unreadable)
    try:
        failed = _failed_cells(data, file) if _is_xlsx(data) else {}
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        stamp = read_stamp(_grid(book, STAMP)) if STAMP in book.sheet_names else {}
        sheets = dict(_read_areas(book, failed))
    except PasswordError:
        unreadable = f"文件加了打开密码。请取消密码后{_RESAVE.removeprefix('请')}"
    except BookError as error:
        unreadable = str(error)
    except (CalamineError, OSError, ValueError, KeyError) as error:
        detail = " ".join(str(error).split())[:80]
        unreadable = f"文件打不开,可能损坏或不完整({detail})。{_RESAVE}"
    if unreadable:
        return Submission(file, sha256, received, unreadable)
    return Submission(file, sha256, received, "", stamp, sheets)


def _refuse(data: bytes) -> str:
    """Why bytes can't be a workbook, or nothing."""
    if not data:
        return "文件是空的(0 字节),可能没有传完。请重新报送"
    if not data.strip(b"\0"):
        return "文件内容全是零,可能没有同步完。请重新报送"
    head = data[:64].lstrip().lower()
    for magic, name in _OTHER_FORMATS.items():
        if head.startswith(magic):
            return f"这是{name},不是填报表。{_RESAVE}"
    if not data.startswith((_ZIP, _OLE)):
        return f"这不是 Excel 工作簿。{_RESAVE}"
    return ""


def _is_xlsx(data: bytes) -> bool:
    """A zip that isn't an OpenDocument, whose first entry is `mimetype`."""
    return data.startswith(_ZIP) and data[30:38] != b"mimetype"


def _failed_cells(data: bytes, file: str) -> dict[str, dict[tuple[int, int], str]]:
    """The cells whose formula failed, by sheet: calamine reads them as empty."""
    package = Package(data, file)
    failed = {}
    for name, part in sheet_parts(package).items():
        if name in _NOT_AREAS and name != STAMP:  # these are never read
            continue
        text = package.text(part)
        if exceeds(text, _MOST_CELLS):
            raise BookError(f"工作表“{name}”在离表格很远的地方有内容。请删除多余的行和列后重新报送")
        if found := errors(text):
            failed[name] = found
    return failed


def _read_areas(
    book: CalamineWorkbook, failed: dict[str, dict[tuple[int, int], str]]
) -> Iterator[tuple[str, SheetContent]]:
    for name in book.sheet_names:
        if name in _NOT_AREAS:
            continue
        grid = _grid(book, name)
        for (row, column), shown in failed.get(name, {}).items():
            grid[row - 1][column - 1] = ErrorCell(shown)
        content = read_area(name, grid)
        if content is not None:
            yield name, content


def _grid(book: CalamineWorkbook, name: str) -> list[list[Cell]]:
    return cast(list[list[Cell]], book.get_sheet_by_name(name).to_python(skip_empty_area=False))
