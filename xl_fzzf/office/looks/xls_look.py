"""The second look into .xls (BIFF8, [MS-XLS]): a walk over the workbook stream's records."""

from __future__ import annotations

import io
import struct
from collections.abc import Callable, Iterator, Mapping

from xl_fzzf.model.submission import Trait
from xl_fzzf.office.looks.look import MOST_CELLS, SheetLook, Span, Spot
from xl_fzzf.office.looks.number_formats import BUILT_IN, may_mislead
from xl_fzzf.office.xlsx.zipped import BookError

ERRORS = {
    0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!", 0x1D: "#NAME?",
    0x24: "#NUM!", 0x2A: "#N/A", 0x2B: "#GETTING_DATA",
}  # fmt: skip

_BOF, _EOF, _FORMULA, _BOOLERR, _MERGED, _ROW, _COLINFO = (
    0x809, 0x0A, 0x06, 0x205, 0xE5, 0x208, 0x7D,
)  # fmt: skip
_SHEET, _DATES, _FORMAT, _XF, _BOOKS, _NOTE, _OBJECT = 0x85, 0x22, 0x41E, 0xE0, 0x1AE, 0x1C, 0x5D
_SINGLE = frozenset({_FORMULA, _BOOLERR, 0x203, 0x27E, 0xFD, 0x204})
"""One cell: row, column, style; also NUMBER, RK, LABELSST, LABEL."""
_MANY = 0xBD
"""MULRK: row, first column, then style and number of each."""
_OWN_BOOK = (b"\x01\x04", b"\x01\x3a")
_OBJECTS = {8: "图片", 7: "控件", 11: "控件", 12: "控件", 18: "控件"}


class XlsLook:
    """An .xls file, all of its sheets looked through at once."""

    def __init__(self, data: bytes) -> None:
        import olefile

        self.data = data
        self.traits: dict[Trait, str] = {}
        self._codes: dict[int, str] = dict(BUILT_IN)
        self._styles: list[int] = []
        self._sheets: dict[str, SheetLook] = {}
        with olefile.OleFileIO(io.BytesIO(data)) as ole:
            storages = {path[0].lower() for path in ole.listdir(streams=True, storages=True)}
            stream = ole.openstream("Workbook").read()
        if "_vba_project_cur" in storages:
            self.traits[Trait.MACROS] = "宏"
        if any(name.startswith("mbd") for name in storages):
            self.traits[Trait.EMBEDDED] = "嵌入的文件"
        for name, start in self._read_globals(stream):
            self._sheets[name] = self._read_sheet(name, stream, start)

    def errors(self, sheet: str) -> Mapping[Spot, str]:
        """What the cells with a failed formula show."""
        return self._sheets[sheet].errors if sheet in self._sheets else {}

    def sheet(self, sheet: str, columns: frozenset[int]) -> SheetLook:
        """A sheet beyond its values."""
        return self._sheets.get(sheet, SheetLook())

    def _read_globals(self, stream: bytes) -> list[tuple[str, int]]:
        sheets = []
        for kind, body in _records(stream, 0):
            if kind == _SHEET:
                sheets.append((_text(body[6:], 1), _unsigned(body, 0, 4)))
            elif kind == _DATES and body[:1] == b"\x01":
                self.traits[Trait.DATES_1904] = "日期从 1904 年算起"
            elif kind == _FORMAT:
                self._codes[_unsigned(body, 0, 2)] = _text(body[2:], 2)
            elif kind == _XF:
                self._styles.append(_unsigned(body, 2, 2))
            elif kind == _BOOKS and body[2:4] not in _OWN_BOOK:
                self.traits[Trait.LINKS] = "其他工作簿的链接"
        return sheets

    def _read_sheet(self, name: str, stream: bytes, start: int) -> SheetLook:
        look, last = SheetLook(), (0, 0)
        readers: dict[int, Callable[[SheetLook, bytes], None]] = {
            _ROW: _read_row,
            _COLINFO: _read_columns,
            _MERGED: _read_merges,
        }
        for kind, body in _records(stream, start):
            if kind in _SINGLE:
                row, column, style = struct.unpack_from("<3H", body)
                last = max(last[0], row + 1), max(last[1], column + 1)
                self._read_cell(look, kind, body, (row + 1, column + 1), style)
            elif kind == _MANY:
                row, first, style = struct.unpack_from("<3H", body)
                styles = [_unsigned(body, at, 2) for at in range(4, len(body) - 2, 6)]
                last = max(last[0], row + 1), max(last[1], first + len(styles))
                for column, style in enumerate(styles, first + 1):
                    self._add_format(look, (row + 1, column), style)
            elif kind == _NOTE:
                self.traits[Trait.COMMENTS] = "批注"
            elif kind == _OBJECT and (what := _OBJECTS.get(_unsigned(body, 4, 2))):
                self.traits.setdefault(Trait.EMBEDDED, what)
            elif kind in readers:
                readers[kind](look, body)
        if last[0] * last[1] > MOST_CELLS:
            raise BookError(f"工作表“{name}”在离表格很远的地方有内容。请删除多余的行和列后重新报送")
        return look

    def _read_cell(self, look: SheetLook, kind: int, body: bytes, spot: Spot, style: int) -> None:
        self._add_format(look, spot, style)
        if kind == _BOOLERR and body[7:8] == b"\x01":
            look.errors[spot] = ERRORS.get(body[6], "#VALUE!")
        elif kind == _FORMULA:
            if body[12:14] == b"\xff\xff" and body[6] == 2:
                look.errors[spot] = ERRORS.get(body[8], "#VALUE!")
            else:
                look.formulas[spot] = ""

    def _add_format(self, look: SheetLook, spot: Spot, style: int) -> None:
        number = self._styles[style] if style < len(self._styles) else 0
        code = self._codes.get(number, "")
        if code and may_mislead(code):
            look.formats[spot] = code


def _records(stream: bytes, start: int) -> Iterator[tuple[int, bytes]]:
    """The records of one substream, nested ones (charts) left out."""
    depth, at = 0, start
    while at + 4 <= len(stream):
        kind, size = struct.unpack_from("<2H", stream, at)
        at += 4
        depth += (kind == _BOF) - (kind == _EOF)
        if depth == 1:
            yield kind, stream[at : at + size]
        elif depth < 1:
            return
        at += size


def _read_row(look: SheetLook, body: bytes) -> None:
    if _unsigned(body, 12, 2) & 0x20:
        look.hidden_rows.add(_unsigned(body, 0, 2) + 1)


def _read_columns(look: SheetLook, body: bytes) -> None:
    first, last, width, _, flags = struct.unpack_from("<5H", body)
    if flags & 1 or not width:
        look.hidden_columns.update(range(first + 1, min(last, 255) + 2))


def _read_merges(look: SheetLook, body: bytes) -> None:
    for at in range(2, len(body) - 7, 8):
        top, bottom, left, right = struct.unpack_from("<4H", body, at)
        look.merges.append(Span(top + 1, bottom + 1, left + 1, right + 1))


def _unsigned(body: bytes, at: int, size: int) -> int:
    return int.from_bytes(body[at : at + size], "little")


def _text(body: bytes, size: int) -> str:
    """A string after its length of `size` bytes and its flags."""
    length, wide = _unsigned(body, 0, size), body[size : size + 1] == b"\x01"
    start = size + 1
    if wide:
        return body[start : start + 2 * length].decode("utf-16-le", "replace")
    return body[start : start + length].decode("latin-1")
