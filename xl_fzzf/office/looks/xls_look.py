"""The second look into .xls (BIFF8, [MS-XLS]): a walk over the workbook stream's records."""

from __future__ import annotations

import io
import struct
from collections.abc import Iterator

from xl_fzzf.model.finding import is_notes
from xl_fzzf.office.looks import traits
from xl_fzzf.office.looks.look import FAILED, Look, SheetLook, Span
from xl_fzzf.office.looks.number_formats import BUILT_IN
from xl_fzzf.office.references import Spot

ERRORS = {
    0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!", 0x1D: "#NAME?",
    0x24: "#NUM!", 0x2A: "#N/A", 0x2B: "#GETTING_DATA",
}  # fmt: skip
"""What a failed cell shows, by its code; .xlsb has the same."""

_BOF, _EOF, _FORMULA, _BOOLERR, _MERGED, _ROW, _COLINFO = (
    0x809, 0x0A, 0x06, 0x205, 0xE5, 0x208, 0x7D,
)  # fmt: skip
_SHEET, _DATES, _FORMAT, _XF, _BOOKS, _OBJECT, _MORE = 0x85, 0x22, 0x41E, 0xE0, 0x1AE, 0x5D, 0x3C
_FONT, _STRIKES, _NO_FONT = 0x31, 0x08, 4
"""A font, the flag of one that strikes through, and the number that none has."""
_SINGLE = frozenset({_FORMULA, _BOOLERR, 0x203, 0x27E, 0xFD, 0x204})
"""One cell: row, column, style; also NUMBER, RK, LABELSST, LABEL."""
_MANY = 0xBD
"""MULRK: row, first column, then style and number of each."""
_OWN_BOOK = (b"\x01\x04", b"\x01\x3a")
_OBJECTS = {8: traits.PICTURES} | dict.fromkeys((7, 11, 12, 18), traits.CONTROLS)
_COLUMNS, _NOTE = 256, 25


class XlsLook(Look):
    """An .xls file."""

    def __init__(self, data: bytes) -> None:
        import olefile

        super().__init__(data)
        self._codes: dict[int, str] = dict(BUILT_IN)
        self._styles: list[int] = []
        self._struck: set[int] = set()
        with olefile.OleFileIO(io.BytesIO(data)) as ole:
            storages = {path[0].lower() for path in ole.listdir(streams=True, storages=True)}
            stream = ole.openstream("Workbook").read()
        if "_vba_project_cur" in storages:
            self.traits.setdefault(*traits.MACROS)
        if any(name.startswith("mbd") for name in storages):
            self.traits.setdefault(*traits.FILES)
        for name, start in self._read_globals(stream):
            self._sheets[name] = self._read_sheet(name, _records(stream, start))

    def _read_globals(self, stream: bytes) -> list[tuple[str, int]]:
        sheets, fonts = [], list[bool]()
        for kind, body in _records(stream, 0):
            if kind == _SHEET:
                sheets.append((_text(body[6:], 1), unsigned(body, 0, 4)))
            elif kind == _DATES and body[:1] == b"\x01":
                self.traits.setdefault(*traits.FROM_1904)
            elif kind == _FORMAT:
                self._codes[unsigned(body, 0, 2)] = _text(body[2:], 2)
            elif kind == _FONT:
                fonts.append(bool(unsigned(body, 2, 2) & _STRIKES))
            elif kind == _XF:
                self._styles.append(unsigned(body, 2, 2))
                font = unsigned(body, 0, 2)
                font -= font >= _NO_FONT
                if font < len(fonts) and fonts[font]:
                    self._struck.add(len(self._styles) - 1)
            elif kind == _BOOKS and body[2:4] not in _OWN_BOOK:
                self.traits.setdefault(*traits.LINKS)
        return sheets

    def _read_sheet(self, name: str, records: Iterator[tuple[int, bytes]]) -> SheetLook:
        look, shape = SheetLook(name), 0
        for kind, body in records:
            if kind in _SINGLE:
                row, column, style = struct.unpack_from("<3H", body)
                self._add_cell(look, (row + 1, column + 1), style)
                _add_result(look, kind, body, (row + 1, column + 1))
            elif kind == _MANY:
                row, first = struct.unpack_from("<2H", body)
                for column, at in enumerate(range(4, len(body) - 2, 6), first + 1):
                    self._add_cell(look, (row + 1, column), unsigned(body, at, 2))
            elif kind == _OBJECT:
                shape = unsigned(body, 4, 2)
                if shape in _OBJECTS:
                    self.traits.setdefault(*_OBJECTS[shape])
            elif kind == _MORE and shape == _NOTE:  # its words, then how they look
                shape = 0
                if not is_notes(_characters(body)):
                    self.traits.setdefault(*traits.COMMENTS)
            else:
                _add_shape(look, kind, body)
        return look

    def _add_cell(self, look: SheetLook, spot: Spot, style: int) -> None:
        look.reach(*spot)
        if style < len(self._styles):
            look.add_format(spot, self._codes.get(self._styles[style], ""))
        if style in self._struck:
            look.struck[spot] = ""


def _add_result(look: SheetLook, kind: int, body: bytes, spot: Spot) -> None:
    if kind == _BOOLERR and body[7:8] == b"\x01":
        look.errors[spot] = ERRORS.get(body[6], FAILED)
    elif kind == _FORMULA and body[12:14] == b"\xff\xff" and body[6] == 2:
        look.errors[spot] = ERRORS.get(body[8], FAILED)
    elif kind == _FORMULA:
        look.formulas[spot] = ""


def _add_shape(look: SheetLook, kind: int, body: bytes) -> None:
    """What a record says of rows, columns and merged ranges."""
    if kind == _ROW and unsigned(body, 12, 2) & 0x20:
        look.hidden_rows.add(unsigned(body, 0, 2) + 1)
    elif kind == _COLINFO:
        first, last, width, _, flags = struct.unpack_from("<5H", body)
        if flags & 1 or not width:
            look.hide_columns(first + 1, last + 1, _COLUMNS)
    elif kind == _MERGED:
        for at in range(2, len(body) - 7, 8):
            top, bottom, left, right = struct.unpack_from("<4H", body, at)
            look.merges.append(Span(top + 1, bottom + 1, left + 1, right + 1))


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


def unsigned(body: bytes, at: int, size: int) -> int:
    """A number of `size` bytes; what is missing counts as zero."""
    return int.from_bytes(body[at : at + size], "little")


def _characters(body: bytes) -> str:
    """A string after its flags."""
    return body[1:].decode("utf-16-le" if body[:1] == b"\x01" else "latin-1", "replace")


def _text(body: bytes, size: int) -> str:
    """A string after its length of `size` bytes and its flags."""
    length, wide = unsigned(body, 0, size), body[size : size + 1] == b"\x01"
    start = size + 1
    if wide:
        return body[start : start + 2 * length].decode("utf-16-le", "replace")
    return body[start : start + length].decode("latin-1")
