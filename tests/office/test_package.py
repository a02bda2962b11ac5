"""Files that are no workbook, or a damaged or a dangerous one, are refused with advice."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable
from pathlib import Path

import pytest
import xlsxwriter

from xl_fzzf.office.book_file import FileBook
from xl_fzzf.office.xlsx.package import MAX_ENTRIES, WORKBOOK, BookError, Package

PART = "xl/worksheets/sheet1.xml"


def zipped(names: Iterable[str]) -> bytes:
    with zipfile.ZipFile(memory := io.BytesIO(), "w") as archive:
        for name in names:
            archive.writestr(name, "")
    return memory.getvalue()


def workbook() -> bytes:
    with xlsxwriter.Workbook(memory := io.BytesIO(), {"in_memory": True}) as book:
        book.add_worksheet("表").write(0, 0, "值")
    return memory.getvalue()


def with_part(text: str) -> FileBook:
    package = Package.open_workbook(workbook(), "台账.xlsx")
    package.replace(PART, text)
    return FileBook(Path("台账.xlsx"), package.pack())


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"text",
        b"\xd0\xcf\x11\xe0old",
        zipped(["a"]),
        zipped(map(str, range(MAX_ENTRIES + 1))),
        zipped([WORKBOOK, WORKBOOK.upper()]),
        workbook()[:-30],
    ],
    ids=["nothing", "text", "xls", "other zip", "many entries", "double names", "cut off"],
)
def test_no_workbook(tmp_path: Path, data: bytes) -> None:
    (path := tmp_path / "坏表.xlsx").write_bytes(data)
    with pytest.raises(BookError, match=r"坏表.xlsx.*请"):
        FileBook.open(path)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(BookError, match=r"没有.xlsx.*请"):
        FileBook.open(tmp_path / "没有.xlsx")


def test_a_part_larger_than_allowed_or_than_it_says() -> None:
    data = workbook()
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        info = archive.getinfo(PART)
    directory = data.rindex(PART.encode()) - 46
    for size in (1 << 30, info.file_size - 1):
        lying = bytearray(data)
        lying[directory + 24 : directory + 28] = size.to_bytes(4, "little")
        with pytest.raises(BookError, match="请"):
            FileBook(Path("台账.xlsx"), bytes(lying)).read("表")


def test_a_damaged_part() -> None:
    data = bytearray(workbook())
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        at = archive.getinfo(PART).header_offset + 80
    data[at : at + 4] = b"\0\0\0\0"
    with pytest.raises(BookError, match="已损坏"):
        FileBook(Path("台账.xlsx"), bytes(data)).write("表", 1, 1, [[1]])


def test_a_value_too_far_away_or_a_namespace_prefix() -> None:
    far = '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    with pytest.raises(BookError, match="Ctrl"):
        with_part(f"<worksheet><sheetData>{far}</sheetData></worksheet>").read("表")
    prefixed = "<x:worksheet><x:sheetData/></x:worksheet>"
    with pytest.raises(BookError, match="保存一次"):
        with_part(prefixed).read("表")
    with pytest.raises(BookError, match="保存一次"):
        with_part(prefixed).write("表", 1, 1, [[1]])
