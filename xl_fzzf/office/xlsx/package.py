"""A package of parts, the zip file that a workbook is: opened with care, its untouched parts kept as they were."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator, Mapping
from copy import copy
from io import BytesIO
from threading import Thread
from typing import Self
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from xl_fzzf.model.errors import UserError

MAX_ENTRIES = 1000
MAX_BYTES = 512 << 20
LEVEL = 4
"""Against level 6 a third of the time for 7 % more bytes."""

_SMALL, _LEAST_SHARE = 8 << 20, 0.01
"""A larger part that deflates below a hundredth is a bomb. Apache POI says so of parts above 100 KiB,
but one cell of 32,767 equal characters makes such a part of a small sheet, in our own master too."""

WORKBOOK = "xl/workbook.xml"
TYPES = "[Content_Types].xml"
RELATIONS = "xl/_rels/workbook.xml.rels"
_ENCRYPTED, _UTF8_NAME = 0x1, 0x800


_NO_ZIP = (BadZipFile, NotImplementedError, ValueError, EOFError, OSError, struct.error)
"""What zipfile raises for bytes that are none."""


class BookError(UserError):
    """A workbook that can't be read or edited; the message tells a clerk what to do."""


class Package:
    """The parts of a zip file by name; names don't distinguish case.

    Opening raises BookError where the file is damaged, or built to harm whoever opens it.
    """

    def __init__(self, name: str, parts: Mapping[str, Part]) -> None:
        self.name = name
        self.parts, self._comment = dict(parts), b""
        self._texts: dict[str, str] = {}
        self._packed: bytes | None = None

    @classmethod
    def open(cls, data: bytes, name: str) -> Self:
        """Open any zip file."""
        package = cls(name, {})
        try:
            with ZipFile(BytesIO(data)) as archive:
                infos, package._comment = archive.infolist(), archive.comment
            package._check(infos, len(data))
            package.parts = {i.filename.lower(): Part(i, _stored(data, i)) for i in infos}
        except _NO_ZIP as error:
            cut = data.startswith(b"PK\3\4")
            raise (package.incomplete() if cut else package.unreadable()) from error
        package._packed = data
        return package

    @classmethod
    def open_workbook(cls, data: bytes, name: str) -> Self:
        """Open an xlsx file."""
        if data.startswith(b"\xd0\xcf\x11\xe0"):
            raise BookError(
                f"“{name}”是旧版 .xls 文件，或者设了打开密码。"
                "请用 Excel 或 WPS 打开它，去掉打开密码，另存为“Excel 工作簿（*.xlsx）”后再试。"
            )
        package = cls.open(data, name)
        if WORKBOOK not in package or RELATIONS not in package:
            raise package.unreadable()
        return package

    def __contains__(self, part: str) -> bool:
        return part.lower() in self.parts

    def __iter__(self) -> Iterator[str]:
        return iter(self.parts)

    def data(self, part: str) -> bytes:
        """A part's bytes; BookError if it is missing or damaged."""
        try:
            return self.parts[part.lower()].data()
        except (KeyError, zlib.error, BadZipFile) as error:
            raise self.damaged(part) from error

    def info(self, part: str) -> ZipInfo:
        """What the file's directory says of a part: its name as written, the size that it declares."""
        return self.parts[part.lower()].info

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
        self._packed = None
        self._texts[part] = text
        self.parts.setdefault(part.lower(), Part.of(part, b"")).replace(text.encode())

    def remove(self, part: str) -> None:
        """Take a part out, if it is there."""
        self._texts.pop(part, None)
        if self.parts.pop(part.lower(), None):
            self._packed = None

    def verify(self) -> None:
        """Inflate every XML part once: a reader that trusts the package must not meet a bomb."""
        for part in self.parts:
            if part.endswith((".xml", ".rels")):
                self.data(part)

    def pack(self) -> bytes:
        """The whole file, same parts in the same order; zipfile writes all but the deflated bytes."""
        if self._packed is not None:
            return self._packed
        made = BytesIO()
        with ZipFile(made, "w") as zipped:
            zipped.comment = self._comment
            for part in self.parts.values():
                raw, info = part.raw(), copy(part.info)
                info.header_offset, info.extra, info.comment = made.tell(), b"", b""
                info.flag_bits &= _UTF8_NAME
                made.write(info.FileHeader(zip64=False))
                made.write(raw)
                zipped.filelist.append(info)
            zipped.start_dir = made.tell()
        self._packed = made.getvalue()
        return self._packed

    def unreadable(self) -> BookError:
        """For what is no xlsx file at all."""
        return BookError(
            f"“{self.name}”不是可以读取的 Excel 工作簿（.xlsx）。"
            "请用 Excel 或 WPS 打开它，另存为“Excel 工作簿（*.xlsx）”后再试；打不开的话，请换一份完好的文件。"
        )

    def incomplete(self) -> BookError:
        """For a zip file without its end."""
        return BookError(
            f"“{self.name}”不完整，可能没有传完或没有同步完。请重新传一份完整的 Excel 工作簿（.xlsx）。"
        )

    def damaged(self, part: str) -> BookError:
        """For a part that is missing or damaged."""
        return BookError(
            f"“{self.name}”已损坏（缺少或读不出 {part}）。"
            "请用 Excel 或 WPS 打开，修复后另存一份再试，或者换一份完好的文件。"
        )

    def abnormal(self, what: str) -> BookError:
        """For what no spreadsheet program writes and what may do harm."""
        return BookError(
            f"“{self.name}”的内部结构不正常（{what}），为安全起见没有打开。"
            "请用 Excel 或 WPS 打开核对内容，另存为新文件后再试。"
        )

    def uncommon(self) -> BookError:
        """For XML that is legal but that no spreadsheet program writes."""
        return BookError(
            f"“{self.name}”是用少见的工具生成的，不能直接修改。"
            "请用 Excel 或 WPS 打开它，保存一次，关闭后再试。"
        )

    def _check(self, infos: list[ZipInfo], size: int) -> None:
        if (
            len(infos) > MAX_ENTRIES
            or sum(info.file_size for info in infos) > MAX_BYTES
            or sum(info.compress_size for info in infos) > size  # entries that overlap
        ):
            raise self.abnormal("内容过多或过大")
        if min((info.header_offset for info in infos), default=0):
            raise self.abnormal("前面有别的内容")
        if len({info.filename.lower() for info in infos}) < len(infos):
            raise self.abnormal("内容重复")
        for info in infos:
            name = (
                info.orig_filename
            )  # it must stay in its folder and mean one thing to all readers
            if name.startswith("/") or ".." in name.split("/") or set(name) & set("\\:\0"):
                raise self.abnormal("内部文件名指向别处")
            if info.file_size > _SMALL and info.compress_size < _LEAST_SHARE * info.file_size:
                raise self.abnormal("压缩得异常小，展开后过大")
            if info.flag_bits & _ENCRYPTED or info.compress_type not in (ZIP_STORED, ZIP_DEFLATED):
                raise self.abnormal("加了密，或压缩方式少见")


def packed(parts: Mapping[str, bytes]) -> bytes:
    """A package of these parts, not deflated: for a reader in the same process."""
    return Package("", {name: Part.of(name, data) for name, data in parts.items()}).pack()


class Part:
    """One entry: its directory record, and its bytes as they stand in the file."""

    def __init__(self, info: ZipInfo, raw: bytes) -> None:
        self.info = info
        self._raw: bytes | None = raw
        self._deflating: Thread | None = None

    @classmethod
    def of(cls, name: str, data: bytes) -> Part:
        """A new entry, not deflated."""
        info = ZipInfo(name)
        info.CRC, info.file_size, info.compress_size = zlib.crc32(data), len(data), len(data)
        return cls(info, data)

    def raw(self) -> bytes:
        """The bytes as packed."""
        if self._deflating:
            self._deflating.join()
            self._deflating = None
        if self._raw is None:
            raise MemoryError(self.info.filename)
        return self._raw

    def data(self) -> bytes:
        """The bytes inflated; BadZipFile or zlib.error where they aren't what the entry declares."""
        data = self.raw()
        if self.info.compress_type == ZIP_DEFLATED:
            data = zlib.decompressobj(-15).decompress(data, self.info.file_size + 1)
        if len(data) != self.info.file_size or zlib.crc32(data) != self.info.CRC:
            raise BadZipFile(self.info.filename)
        return data

    def replace(self, data: bytes) -> None:
        """Begin to deflate other bytes."""
        self.raw()
        self._raw = None
        self._deflating = Thread(target=self._deflate, args=(data,))
        self._deflating.start()

    def _deflate(self, data: bytes) -> None:
        deflate = zlib.compressobj(LEVEL, zlib.DEFLATED, -15)
        raw = deflate.compress(data) + deflate.flush()
        info = self.info
        info.CRC, info.file_size, info.compress_size = zlib.crc32(data), len(data), len(raw)
        info.compress_type, self._raw = ZIP_DEFLATED, raw


def _stored(data: bytes, info: ZipInfo) -> bytes:
    signature, name, extra = struct.unpack_from("<4s22x2H", data, info.header_offset)
    start = info.header_offset + 30 + name + extra
    raw = data[start : start + info.compress_size]
    if signature != b"PK\3\4" or len(raw) != info.compress_size:
        raise BadZipFile(info.filename)
    return raw
