"""The second look into .xlsb (BIFF12, [MS-XLSB]): a walk over the records of each sheet's part."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from xl_fzzf.model.submission import Trait
from xl_fzzf.office.looks.look import MOST_CELLS, SheetLook, Span, Spot
from xl_fzzf.office.looks.number_formats import BUILT_IN, may_mislead
from xl_fzzf.office.looks.xls_look import ERRORS
from xl_fzzf.office.looks.xlsx_look import package_traits
from xl_fzzf.office.looks.xml_part import MOST_XML, is_xml, plain_xml
from xl_fzzf.office.xlsx.package import packed
from xl_fzzf.office.xlsx.workbook_part import attributes
from xl_fzzf.office.xlsx.zipped import BookError, Zipped

_WORKBOOK, _RELATIONS, _STYLES = "xl/workbook.bin", "xl/_rels/workbook.bin.rels", "xl/styles.bin"
_RELATION = re.compile(r"<Relationship\s[^>]*>")
_ROW, _BLANK, _CELL_ERROR, _LAST_CELL, _FORMULA_TEXT, _FORMULA_ERROR = 0, 1, 3, 11, 8, 11
_COLUMNS, _MERGE, _PROPERTIES, _SHEET = 60, 176, 153, 156
_FORMAT, _STYLE, _STYLES_START, _STYLES_END = 44, 47, 617, 618


class XlsbLook:
    """An .xlsb file, all of its sheets looked through at once."""

    def __init__(self, zipped: Zipped) -> None:
        self._zipped = zipped
        self.traits: dict[Trait, str] = package_traits(zipped)
        if any(name.startswith("xl/macrosheets/") for name in zipped):
            raise zipped.abnormal("有 Excel 4.0 宏表")
        parts = {part: plain_xml(zipped, part) for part in zipped if is_xml(part)}
        own = [part for part in zipped if part.startswith("xl/") and part.endswith(".bin")]
        if sum(map(zipped.size, [*parts, *own])) > MOST_XML:
            raise zipped.abnormal("内容过多或过大")
        parts |= {part: zipped.data(part) for part in own if not part.endswith("vbaproject.bin")}
        if _RELATIONS not in parts:
            raise zipped.damaged(_RELATIONS)
        self._styles = list(_styles(parts.get(_STYLES, b"")))
        targets = dict(_targets(parts[_RELATIONS].decode(errors="replace")))
        self._sheets = {
            name: self._read_sheet(name, parts.get(targets.get(identity, "").lower()))
            for name, identity in self._read_workbook(parts[_WORKBOOK])
        }
        self.data = packed({zipped.written(part): data for part, data in parts.items()})

    def errors(self, sheet: str) -> Mapping[Spot, str]:
        """What the cells with a failed formula show."""
        return self._sheets[sheet].errors if sheet in self._sheets else {}

    def sheet(self, sheet: str, columns: frozenset[int]) -> SheetLook:
        """A sheet beyond its values."""
        return self._sheets.get(sheet, SheetLook())

    def _read_workbook(self, part: bytes) -> Iterator[tuple[str, str]]:
        """The sheets' names and relation ids."""
        for kind, body in _records(part):
            if kind == _PROPERTIES and _unsigned(body, 0, 4) & 1:
                self.traits[Trait.DATES_1904] = "日期从 1904 年算起"
            elif kind == _SHEET:
                identity, end = _text(body, 8)
                yield _text(body, end)[0], identity

    def _read_sheet(self, name: str, part: bytes | None) -> SheetLook:
        if part is None:
            raise self._zipped.damaged(f"工作表“{name}”")
        look, row, last_row, last_column = SheetLook(), 0, 0, 0
        for kind, body in _records(part):
            if kind == _ROW:
                row = _unsigned(body, 0, 4) + 1
                if body[11:12] and body[11] & 0x10:
                    look.hidden_rows.add(row)
            elif _BLANK < kind <= _LAST_CELL:
                column = _unsigned(body, 0, 4) + 1
                last_row, last_column = max(last_row, row), max(last_column, column)
                self._read_cell(look, kind, body, (row, column))
            elif kind == _COLUMNS:
                first, last, width = (_unsigned(body, at, 4) for at in (0, 4, 8))
                if (body[16:17] and body[16] & 1) or not width:
                    look.hidden_columns.update(range(first + 1, min(last, 16_383) + 2))
            elif kind == _MERGE:
                top, bottom, left, right = (_unsigned(body, at, 4) + 1 for at in (0, 4, 8, 12))
                look.merges.append(Span(top, bottom, left, right))
        if last_row * last_column > MOST_CELLS:
            raise BookError(f"工作表“{name}”在离表格很远的地方有内容。请删除多余的行和列后重新报送")
        return look

    def _read_cell(self, look: SheetLook, kind: int, body: bytes, spot: Spot) -> None:
        style = _unsigned(body, 4, 3)
        code = self._styles[style] if style < len(self._styles) else ""
        if code and may_mislead(code):
            look.formats[spot] = code
        if kind in (_CELL_ERROR, _FORMULA_ERROR):
            look.errors[spot] = ERRORS.get(body[8] if len(body) > 8 else 0, "#VALUE!")
        elif kind >= _FORMULA_TEXT:
            look.formulas[spot] = ""


def _records(part: bytes) -> Iterator[tuple[int, bytes]]:
    """Records: type in one or two bytes, size in one to four, seven bits each."""
    at = 0
    while at < len(part):
        kind = part[at]
        at += 1
        if kind & 0x80 and at < len(part):
            kind = kind & 0x7F | (part[at] & 0x7F) << 7
            at += 1
        size = shift = 0
        while at < len(part):
            byte = part[at]
            at += 1
            size |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80 or shift > 21:
                break
        yield kind, part[at : at + size]
        at += size


def _styles(part: bytes) -> Iterator[str]:
    """The number format of every cell style."""
    codes, inside = dict(BUILT_IN), False
    for kind, body in _records(part):
        if kind == _FORMAT:
            codes[_unsigned(body, 0, 2)] = _text(body, 2)[0]
        elif kind in (_STYLES_START, _STYLES_END):
            inside = kind == _STYLES_START
        elif kind == _STYLE and inside:
            yield codes.get(_unsigned(body, 2, 2), "")


def _targets(relations: str) -> Iterator[tuple[str, str]]:
    for relation in map(attributes, _RELATION.findall(relations)):
        target = relation.get("Target", "")
        yield relation.get("Id", ""), target.lstrip("/") if target[:1] == "/" else f"xl/{target}"


def _text(body: bytes, at: int) -> tuple[str, int]:
    """A string of UTF-16 units after their number, and where it ends."""
    end = at + 4 + 2 * _unsigned(body, at, 4)
    return body[at + 4 : end].decode("utf-16-le", "replace"), end


def _unsigned(body: bytes, at: int, size: int) -> int:
    return int.from_bytes(body[at : at + size], "little")
