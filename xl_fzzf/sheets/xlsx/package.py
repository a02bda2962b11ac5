"""An xlsx file as a package of parts: opened with care, packed with every untouched part as it was."""

from __future__ import annotations

import struct
import zlib
from io import BytesIO
from threading import Thread
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

MAX_ENTRIES = 1000
MAX_BYTES = 512 << 20
WORKBOOK = "xl/workbook.xml"
LEVEL = 4
"""Against level 6 a third of the time for 7 % more bytes."""

RELATIONS = "xl/_rels/workbook.xml.rels"
_UTF8_NAME = 0x800
_ENCRYPTED = 0x1


class BookError(Exception):
    """A workbook that can't be read or edited; the message tells a clerk what to do."""


class Package:
    """The parts of one xlsx file, by name; names don't distinguish case."""

    def __init__(self, data: bytes, name: str) -> None:
        self.name = name
        self._data: bytes | None = data
        self._texts: dict[str, str] = {}
        self._parts, self._comment = self._open(data)
        if WORKBOOK not in self or RELATIONS not in self:
            raise self.unreadable()

    def __contains__(self, part: str) -> bool:
        return part.lower() in self._parts

    def data(self, part: str) -> bytes:
        """A part's bytes; BookError if it is missing or damaged."""
        try:
            return self._parts[part.lower()].data()
        except (KeyError, zlib.error, BadZipFile) as error:
            raise self.damaged(part) from error

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
        """Give a part a new text."""
        self._data = None
        self._texts[part] = text
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
            self._data = _pack(list(self._parts.values()), self._comment)
        return self._data

    def unreadable(self) -> BookError:
        """For what is no xlsx file at all."""
        return BookError(
            f"“{self.name}”不是可以读取的 Excel 工作簿(.xlsx)。"
            "请用 Excel 或 WPS 打开它,另存为“Excel 工作簿(*.xlsx)”后再试;打不开的话,请换一份完好的文件。"
        )

    def damaged(self, part: str) -> BookError:
        """For a part that is missing or damaged."""
        return BookError(
            f"“{self.name}”已损坏(缺少或读不出 {part})。"
            "请用 Excel 或 WPS 打开,修复后另存一份再试,或者换用备份。"
        )

    def uncommon(self) -> BookError:
        """For XML that is legal but that no spreadsheet program writes."""
        return BookError(
            f"“{self.name}”是用少见的工具生成的,不能直接修改。"
            "请用 Excel 或 WPS 打开它,保存一次,关闭后再试。"
        )

    def _open(self, data: bytes) -> tuple[dict[str, _Part], bytes]:
        if data.startswith(b"\xd0\xcf\x11\xe0"):
            raise BookError(
                f"“{self.name}”是旧版 .xls 文件,或者设了打开密码。"
                "请用 Excel 或 WPS 打开它,去掉打开密码,另存为“Excel 工作簿(*.xlsx)”后再试。"
            )
        try:
            with ZipFile(BytesIO(data)) as archive:
                infos, comment = archive.infolist(), archive.comment
            self._check(infos, len(data))
            return {
                info.filename.lower(): _Part(info, _stored(data, info)) for info in infos
            }, comment
        except (
            BadZipFile,
            NotImplementedError,
            ValueError,
            EOFError,
            OSError,
            struct.error,
        ) as error:
            raise self.unreadable() from error

    def _check(self, infos: list[ZipInfo], size: int) -> None:
        if (
            len(infos) > MAX_ENTRIES
            or sum(info.file_size for info in infos) > MAX_BYTES
            or sum(info.compress_size for info in infos) > size  # entries that overlap
            or len({info.filename.lower() for info in infos}) < len(infos)
        ):
            raise BookError(
                f"“{self.name}”的内部结构不正常(内容过多、过大或重复),为安全起见没有打开。"
                "请用 Excel 或 WPS 打开核对内容,另存为新文件后再试。"
            )
        for info in infos:
            if info.flag_bits & _ENCRYPTED or info.compress_type not in (ZIP_STORED, ZIP_DEFLATED):
                raise BadZipFile(info.filename)


class _Part:
    """One entry: its directory record, and its bytes as they stand in the file."""

    def __init__(self, info: ZipInfo, raw: bytes) -> None:
        self.info = info
        self._raw: bytes | None = raw
        self._deflating: Thread | None = None

    def raw(self) -> bytes:
        if self._deflating:
            self._deflating.join()
            self._deflating = None
        if self._raw is None:
            raise MemoryError(self.info.filename)
        return self._raw

    def data(self) -> bytes:
        data = self.raw()
        if self.info.compress_type == ZIP_DEFLATED:
            data = zlib.decompressobj(-15).decompress(data, self.info.file_size + 1)
        if len(data) != self.info.file_size or zlib.crc32(data) != self.info.CRC:
            raise BadZipFile(self.info.filename)
        return data

    def replace(self, data: bytes) -> None:
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


def _pack(parts: list[_Part], comment: bytes) -> bytes:
    """By hand, because zipfile can't take over what is deflated already."""
    pieces: list[bytes] = []
    directory: list[bytes] = []
    offset = 0
    for part in parts:
        raw, info = part.raw(), part.info
        utf8 = info.flag_bits & _UTF8_NAME
        name = info.orig_filename.encode("utf-8" if utf8 else "cp437")
        year, month, day, hour, minute, second = info.date_time
        common = struct.pack(
            "<5H3L2H",
            info.extract_version, utf8, info.compress_type,
            hour << 11 | minute << 5 | second // 2, (year - 1980) << 9 | month << 5 | day,
            info.CRC, len(raw), info.file_size, len(name), 0,
        )  # fmt: skip
        made_by = struct.pack("<2B", info.create_version, info.create_system)
        places = struct.pack("<3H2L", 0, 0, info.internal_attr, info.external_attr, offset)
        directory.append(b"PK\1\2" + made_by + common + places + name)
        pieces += (b"PK\3\4", common, name, raw)
        offset += 34 - 4 + len(name) + len(raw)
    count, size = len(directory), sum(map(len, directory))
    end = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, count, count, size, offset, len(comment))
    return b"".join((*pieces, *directory, end, comment))
