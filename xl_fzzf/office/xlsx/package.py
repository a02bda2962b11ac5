"""An xlsx file as a package of parts: opened with care, packed with every untouched part as it was."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Mapping
from copy import copy
from io import BytesIO
from zipfile import ZipFile, ZipInfo

from xl_fzzf.office.xlsx.zipped import BookError, Part, Zipped

WORKBOOK = "xl/workbook.xml"
TYPES = "[Content_Types].xml"
RELATIONS = "xl/_rels/workbook.xml.rels"
_UTF8_NAME = 0x800


class Package(Zipped):
    """The parts of one xlsx file, by name; names don't distinguish case."""

    def __init__(self, data: bytes, name: str) -> None:
        if data.startswith(b"\xd0\xcf\x11\xe0"):
            raise BookError(
                f"“{name}”是旧版 .xls 文件,或者设了打开密码。"
                "请用 Excel 或 WPS 打开它,去掉打开密码,另存为“Excel 工作簿(*.xlsx)”后再试。"
            )
        self.share(Zipped(data, name))
        self._data: bytes | None = data
        if WORKBOOK not in self or RELATIONS not in self:
            raise self.unreadable()

    def share(self, zipped: Zipped) -> None:
        """Take over the parts of a zip file that is open already."""
        self.name, self._parts, self._comment = zipped.name, zipped._parts, zipped._comment
        self._texts: dict[str, str] = {}

    def text(self, part: str) -> str:
        """An XML part's text."""
        if part not in self._texts:
            self._texts[part] = self._decoded(part)
        return self._texts[part]

    def _decoded(self, part: str) -> str:
        data = self.data(part)
        try:
            if b"encoding=" in data[:100] and b"utf-8" not in data[:100].lower():
                raise self.uncommon()
            return data.decode()
        except UnicodeDecodeError as error:
            raise self.uncommon() from error

    def replace(self, part: str, text: str) -> None:
        """Give a part a new text; a part that isn't there is added."""
        self._data = None
        self._texts[part] = text
        self._parts.setdefault(part.lower(), _new(part, b""))
        self._parts[part.lower()].replace(text.encode())

    def remove(self, part: str) -> None:
        """Take a part out, if it is there."""
        self._texts.pop(part, None)
        if self._parts.pop(part.lower(), None):
            self._data = None

    def verify(self) -> None:
        """Inflate every XML part once: a reader that trusts the package must not meet a bomb."""
        for part in self._parts:
            if part.endswith((".xml", ".rels")):
                self.data(part)

    def pack(self) -> bytes:
        """The whole file, same parts in the same order."""
        if self._data is None:
            self._data = _pack(self._parts.values(), self._comment)
        return self._data

    def uncommon(self) -> BookError:
        """For XML that is legal but that no spreadsheet program writes."""
        return BookError(
            f"“{self.name}”是用少见的工具生成的,不能直接修改。"
            "请用 Excel 或 WPS 打开它,保存一次,关闭后再试。"
        )


def packed(parts: Mapping[str, bytes]) -> bytes:
    """A package of these parts, not deflated: for a reader in the same process."""
    return _pack([_new(name, data) for name, data in parts.items()], b"")


def _new(name: str, data: bytes) -> Part:
    info = ZipInfo(name)
    info.CRC, info.file_size, info.compress_size = zlib.crc32(data), len(data), len(data)
    return Part(info, data)


def _pack(parts: Iterable[Part], comment: bytes) -> bytes:
    """A zip file of parts, which zipfile writes but for the bytes that are deflated already."""
    made = BytesIO()
    with ZipFile(made, "w") as zipped:
        zipped.comment = comment
        for part in parts:
            raw, info = part.raw(), copy(part.info)
            info.header_offset, info.extra, info.comment = made.tell(), b"", b""
            info.flag_bits &= _UTF8_NAME
            made.write(info.FileHeader(zip64=False))
            made.write(raw)
            zipped.filelist.append(info)
        zipped.start_dir = made.tell()
    return made.getvalue()
