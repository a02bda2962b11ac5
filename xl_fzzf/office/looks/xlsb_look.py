"""The second look into .xlsb (BIFF12, [MS-XLSB]): a walk over the records of each sheet's part."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from xl_fzzf.model.finding import is_notes
from xl_fzzf.office.looks import traits
from xl_fzzf.office.looks.look import FAILED, Look, SheetLook, Span, strike_runs
from xl_fzzf.office.looks.number_formats import BUILT_IN
from xl_fzzf.office.looks.xls_look import ERRORS, unsigned
from xl_fzzf.office.looks.xlsx_look import package_traits
from xl_fzzf.office.looks.xml_part import plain_parts
from xl_fzzf.office.references import Spot
from xl_fzzf.office.xlsx.package import Package, packed
from xl_fzzf.office.xlsx.workbook_part import attributes

_WORKBOOK, _RELATIONS, _STYLES = "xl/workbook.bin", "xl/_rels/workbook.bin.rels", "xl/styles.bin"
_RELATION = re.compile(r"<Relationship\s[^>]*>")
_ROW, _BLANK, _CELL_ERROR, _LAST_CELL, _FORMULA_TEXT, _FORMULA_ERROR = 0, 1, 3, 11, 8, 11
_COLUMNS, _MERGE, _PROPERTIES, _SHEET = 60, 176, 153, 156
_COMMENT_TEXT = 637
_FORMAT, _STYLE, _STYLES_START, _STYLES_END = 44, 47, 617, 618
_FONT, _STRIKES, _STRING, _SHARED = 43, 0x08, 19, 7
_STRINGS = "xl/sharedstrings.bin"


class XlsbLook(Look):
    """An .xlsb file."""

    def __init__(self, package: Package) -> None:
        super().__init__()
        self.traits = package_traits(package, _foreign_comments)
        own = [part for part in package if part.startswith("xl/") and part.endswith(".bin")]
        parts = plain_parts(package, [part for part in own if not part.endswith("vbaproject.bin")])
        if _RELATIONS not in parts:
            raise package.damaged(_RELATIONS)
        self._fonts = list(_fonts(parts.get(_STYLES, b"")))
        self._styles = list(_styles(parts.get(_STYLES, b""), self._fonts))
        self._strings = dict(_struck_strings(parts.get(_STRINGS, b""), self._fonts))
        targets = dict(_targets(parts[_RELATIONS].decode(errors="replace")))
        for name, identity in self._read_workbook(parts[_WORKBOOK]):
            part = targets.get(identity, "").lower()
            if part not in parts:
                raise package.damaged(f"工作表“{name}”")
            self._sheets[name] = self._read_sheet(name, parts[part])
        self.data = packed({package.info(part).filename: data for part, data in parts.items()})

    def _read_workbook(self, part: bytes) -> Iterator[tuple[str, str]]:
        """The sheets' names and relation ids."""
        for kind, body in _records(part):
            if kind == _PROPERTIES and unsigned(body, 0, 4) & 1:
                self.traits.setdefault(*traits.FROM_1904)
            elif kind == _SHEET:
                identity, end = _text(body, 8)
                yield _text(body, end)[0], identity

    def _read_sheet(self, name: str, part: bytes) -> SheetLook:
        look, row = SheetLook(name), 0
        for kind, body in _records(part):
            if kind == _ROW:
                row = unsigned(body, 0, 4) + 1
                if body[11:12] and body[11] & 0x10:
                    look.hidden_rows.add(row)
            elif _BLANK < kind <= _LAST_CELL:
                self._add_cell(look, kind, body, (row, unsigned(body, 0, 4) + 1))
            elif kind == _COLUMNS:
                first, last, width = (unsigned(body, at, 4) for at in (0, 4, 8))
                if (body[16:17] and body[16] & 1) or not width:
                    look.hide_columns(first + 1, last + 1)
            elif kind == _MERGE:
                top, bottom, left, right = (unsigned(body, at, 4) + 1 for at in (0, 4, 8, 12))
                look.merges.append(Span(top, bottom, left, right))
        return look

    def _add_cell(self, look: SheetLook, kind: int, body: bytes, spot: Spot) -> None:
        look.reach(*spot)
        style = unsigned(body, 4, 3)
        if style < len(self._styles):
            code, struck = self._styles[style]
            look.add_format(spot, code)
            if struck:
                look.struck[spot] = ""
        if kind == _SHARED and (said := self._strings.get(unsigned(body, 8, 4))):
            look.struck[spot] = said
        if kind in (_CELL_ERROR, _FORMULA_ERROR):
            look.errors[spot] = ERRORS.get(body[8] if len(body) > 8 else 0, FAILED)
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


def _foreign_comments(package: Package, part: str) -> bool:
    records = _records(package.data(part))
    return not all(is_notes(_text(body, 1)[0]) for kind, body in records if kind == _COMMENT_TEXT)


def _fonts(part: bytes) -> Iterator[bool]:
    """Whether each font strikes through."""
    return (bool(unsigned(body, 2, 2) & _STRIKES) for kind, body in _records(part) if kind == _FONT)


def _struck_strings(part: bytes, fonts: Sequence[bool]) -> Iterator[tuple[int, str]]:
    """The shared strings in which something is struck, by number, with that said in them."""
    bodies = (body for kind, body in _records(part) if kind == _STRING) if any(fonts) else ()
    for number, body in enumerate(bodies):
        if body[:1] and body[0] & 1:
            text, end = _text(body, 1)
            places = range(end + 4, end + 4 + 4 * unsigned(body, end, 4), 4)
            runs = ((unsigned(body, at, 2), unsigned(body, at + 2, 2)) for at in places)
            if said := strike_runs(
                text, ((at, font < len(fonts) and fonts[font]) for at, font in runs)
            ):
                yield number, said


def _styles(part: bytes, fonts: Sequence[bool]) -> Iterator[tuple[str, bool]]:
    """The number format of every cell style, and whether its font strikes through."""
    codes, inside = dict(BUILT_IN), False
    for kind, body in _records(part):
        if kind == _FORMAT:
            codes[unsigned(body, 0, 2)] = _text(body, 2)[0]
        elif kind in (_STYLES_START, _STYLES_END):
            inside = kind == _STYLES_START
        elif kind == _STYLE and inside:
            font = unsigned(body, 4, 2)
            yield codes.get(unsigned(body, 2, 2), ""), font < len(fonts) and fonts[font]


def _targets(relations: str) -> Iterator[tuple[str, str]]:
    for relation in map(attributes, _RELATION.findall(relations)):
        target = relation.get("Target", "")
        yield relation.get("Id", ""), target.lstrip("/") if target[:1] == "/" else f"xl/{target}"


def _text(body: bytes, at: int) -> tuple[str, int]:
    """A string of UTF-16 units after their number, and where it ends."""
    end = at + 4 + 2 * unsigned(body, at, 4)
    return body[at + 4 : end].decode("utf-16-le", "replace"), end
