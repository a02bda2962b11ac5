"""The second look into .xlsx and .xlsm: Transitional and Strict, with or without a namespace prefix."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from html import unescape

from xl_fzzf.model.submission import Trait
from xl_fzzf.office.looks import traits
from xl_fzzf.office.looks.look import MOST_CELLS, Look, SheetLook, Span, vast
from xl_fzzf.office.looks.number_formats import BUILT_IN, may_mislead
from xl_fzzf.office.looks.plain_rows import ambiguous, for_calamine
from xl_fzzf.office.looks.struck import struck_parts, struck_strings, struck_styles
from xl_fzzf.office.looks.xml_part import plain_parts
from xl_fzzf.office.references import LAST_ROW, Spot, column_letter, column_number
from xl_fzzf.office.xlsx.comments import has_foreign
from xl_fzzf.office.xlsx.package import RELATIONS, WORKBOOK, Package, packed
from xl_fzzf.office.xlsx.sheet_part import SheetPart
from xl_fzzf.office.xlsx.workbook_part import (
    attributes,
    related_parts,
    sheet_parts,
    starts_in_1904,
)

_ROOT_RELATIONS = "_rels/.rels"
_ROOT = re.compile(r"<(\w+):(?:worksheet|workbook|sst|styleSheet|Relationships|Types)[\s>]")
_FORMULA = re.compile(r"<f(?=[\s/>])[^>]*?(?:/>|>([^<]*)</f>)")
_RESULT = re.compile(r"<v(?:\s[^>]*)?>[^<]")
_TEXT_RESULT = re.compile(r"""^<c\s[^>]*?\bt\s*=\s*["']str["']""")
_FAILED = re.compile(r"""^<c\s[^>]*?\bt\s*=\s*["']e["']""")
_HIDDEN_ROW = re.compile(
    r"""<row(?=[^>]*?\s(?:hidden=["'](?:1|true)["']|ht=["']0(?:\.0+)?["']))[^>]*>"""
)
_HIDDEN_COLUMN = re.compile(
    r"""<col(?=[^>]*?\s(?:hidden=["'](?:1|true)["']|width=["']0(?:\.0+)?["']))[^>]*>"""
)
_MERGE = re.compile(
    r"""<mergeCell\s[^>]*?ref\s*=\s*["']\$?([A-Z]*)\$?(\d*):\$?([A-Z]*)\$?(\d*)["']"""
)
_FORMATS = re.compile(r"<numFmt\s[^>]*>")
_CELL_STYLES = re.compile(r"<cellXfs[\s>].*?</cellXfs>", re.DOTALL)
_STYLE = re.compile(r"<xf\s[^>]*>")
_FETCHES = (b"WEBSERVICE(", b"RTD(")

_WORKBOOK_NAMED = re.compile(
    r"""<Relationship(?=\s[^>]*/officeDocument["'])[^>]*\sTarget\s*=\s*["']/?xl/workbook\.xml["']"""
)

_LATE_STYLE = re.compile(r"""<c r="\w+"\s(?!s=")[^>]*?\ss=""")
_SHORT = 1 << 16
_MACRO_SHEETS = ("xl/macrosheets/", "xl/intlmacrosheets/", "xl/dialogsheets/")
_COMMENTS = "xl/comments"
_TRAITS = {
    "xl/vbaproject.bin": traits.MACROS,
    "xl/externallinks/": traits.LINKS,
    "xl/connections.xml": (Trait.LINKS, "外部数据连接"),
    "xl/querytables/": (Trait.LINKS, "外部数据查询"),
    "xl/media/": traits.PICTURES,
    "xl/embeddings/": traits.FILES,
    "xl/activex/": traits.CONTROLS,
    "xl/ctrlprops/": traits.CONTROLS,
    _COMMENTS: traits.COMMENTS,
    "xl/threadedcomments/": (Trait.COMMENTS, "批注对话"),
}


class XlsxLook(Look):
    """An .xlsx file whose parts were inflated and checked once; calamine reads those and no others.

    The sheets `unread` are left out, `unless` there is one of that name.
    """

    def __init__(self, package: Package, unread: frozenset[str], unless: str = "") -> None:
        received = _Received(package)
        super().__init__()
        self.traits = package_traits(received, _foreign_comments)
        places = sheet_parts(received)
        left_out = frozenset() if unless in places else unread
        places = {name: place for name, place in places.items() if name not in left_out}
        self._read = {name: _read_sheet(received, name, place) for name, place in places.items()}
        shared, styles = (related_parts(received, kind) for kind in ("sharedStrings", "styles"))
        text = "".join(map(received.text, styles))
        short = len(text) <= _SHORT
        self._styles = (_remembered_styles if short else _misleading_styles)(text)
        self._struck = _remembered_struck(text) if short else struck_styles(text)
        self._strings = struck_strings("".join(map(received.text, shared)))
        if starts_in_1904(received):
            self.traits.setdefault(*traits.FROM_1904)
        sheets = [received.plain(place) for place in places.values()]
        if any(name in sheet for sheet in sheets for name in _FETCHES):
            self.traits.update([traits.FETCHING])
        parts = (_ROOT_RELATIONS, WORKBOOK, RELATIONS, *shared, *styles, *places.values())
        plain = {part: received.plain(part) for part in dict.fromkeys(parts)}
        self.data = packed(plain | {place: for_calamine(plain[place]) for place in places.values()})

    def errors(self, sheet: str) -> Mapping[Spot, str]:
        """What the cells with a failed formula show."""
        return self._read[sheet].errors()

    def sheet(self, sheet: str, columns: frozenset[int]) -> SheetLook:
        """A sheet beyond its values, as far as these columns go."""
        part = self._read[sheet]
        look = SheetLook(sheet)
        _add_shape(look, part)
        for spot, style, cell in _odd_cells(part, columns, self._struck.union(self._styles)):
            if style in self._styles:
                look.formats[spot] = self._styles[style]
            if style in self._struck:
                look.struck[spot] = ""
            if cell:
                _add_formula(look, spot, cell)
        look.struck.update(struck_parts(part, columns, self._strings))
        return look


class _Received(Package):
    """A package of which every XML part was checked, as plain UTF-8 without a namespace prefix."""

    def __init__(self, package: Package) -> None:
        super().__init__(package.name, package.parts)
        self._plain = plain_parts(package)
        for part in (_ROOT_RELATIONS, WORKBOOK, RELATIONS):
            if part not in self:
                raise self.damaged(part)
        if not _WORKBOOK_NAMED.search(self.text(_ROOT_RELATIONS)):
            raise self.abnormal(f"{_ROOT_RELATIONS} 没有指向 {WORKBOOK}")

    def plain(self, part: str) -> bytes:
        """A part's bytes as calamine is to read them."""
        return self._plain[part.lower()] if part in self else self.data(part)

    def _decoded(self, part: str) -> str:
        try:
            text = self.plain(part).decode()
        except UnicodeDecodeError:
            raise self.abnormal(f"{part} 的文字编码有误") from None
        prefix = _ROOT.search(text, 0, 2000)
        if not prefix:
            return text
        for old, new in ((f"<{prefix[1]}:", "<"), (f"</{prefix[1]}:", "</")):
            text = text.replace(old, new)
        return text


def _read_sheet(package: Package, name: str, place: str) -> SheetPart:
    text = package.text(place)
    part = SheetPart.of(text)
    if not part.is_worksheet and "<worksheet" in part.head:
        raise package.damaged(place)
    if part.exceeds(MOST_CELLS):
        raise vast(name)
    if ambiguous(text):
        raise package.abnormal(f"工作表“{name}”里单元格的写法少见，别的程序会读出另外的内容")
    return part


def package_traits(package: Package, foreign: Callable[[Package, str], bool]) -> dict[Trait, str]:
    """What a package's parts tell by their names; BookError where one is what no return needs.

    A part of comments counts where it is `foreign`: where others than a check wrote them.
    """
    if any(name.startswith(_MACRO_SHEETS) for name in package):
        raise package.abnormal("有 Excel 4.0 宏表")
    found: dict[Trait, dict[str, None]] = {}
    for name in package:
        for start, (trait, what) in _TRAITS.items():
            if name.startswith(start) and (start != _COMMENTS or foreign(package, name)):
                found.setdefault(trait, {})[what] = None
    return {trait: "、".join(words) for trait, words in found.items()}


def _foreign_comments(package: Package, part: str) -> bool:
    return has_foreign(package.text(part))


def _odd_cells(
    part: SheetPart, columns: frozenset[int], styles: frozenset[str]
) -> Iterator[tuple[Spot, str, str]]:
    """The filled cells of some columns with one of these styles or a formula.

    Each with its style id, and its text if there is a formula.
    """
    rows = part.rows
    if rows.count('<c r="') < rows.count("<c") or _LATE_STYLE.search(rows):
        # not as all known programs write them
        for place in part.cells():
            if place.column in columns and place.end > place.start:
                cell = rows[place.tag : place.end]
                yield place.spot, place.style or "", cell if "<f" in cell else ""
        return
    for match in _odd_cell(columns, styles).finditer(rows):
        letters, row, style, formula, other_formula = match.groups()
        has_formula = formula or other_formula
        cell = rows[match.start() : rows.find("</c>", match.end())] if has_formula else ""
        yield (int(row), column_number(letters)), style or "", cell


@lru_cache(64)
def _odd_cell(columns: frozenset[int], styles: frozenset[str]) -> re.Pattern[str]:
    letters = "|".join(map(column_letter, sorted(columns))) or "(?!)"
    ids, formula = "|".join(sorted(styles)) or "(?!)", r"(\s*<f(?=[\s/>]))"
    return re.compile(
        rf'<c r="({letters})(\d+)"'
        rf'(?: s="({ids})"[^>]*(?<!/)>{formula}?|[^>]*(?<!/)>{formula})'
    )


def _add_formula(look: SheetLook, spot: Spot, cell: str) -> None:
    formula = _FORMULA.search(cell)
    if formula and not _FAILED.match(cell):
        look.formulas[spot] = unescape(formula[1] or "")
        if not _TEXT_RESULT.match(cell) and not _RESULT.search(cell):
            look.uncalculated.add(spot)


def _add_shape(look: SheetLook, part: SheetPart) -> None:
    """What is said of rows, columns and merged ranges."""
    for tag in map(attributes, _HIDDEN_COLUMN.findall(part.head)):
        first, last = tag.get("min", ""), tag.get("max", "")
        if first.isdecimal() and last.isdecimal():
            look.hide_columns(int(first), int(last))
    if any(word in part.rows for word in ("hidden", 'ht="0', "ht='0")):
        numbers = (attributes(tag).get("r", "") for tag in _HIDDEN_ROW.findall(part.rows))
        look.hidden_rows.update(int(number) for number in numbers if number.isdecimal())
    for left, top, right, bottom in _MERGE.findall(part.tail):
        columns = (column_number(left or "A"), column_number(right or "XFD"))
        span = Span(int(top or 1), int(bottom or LAST_ROW), *columns)
        look.merges.append(span)


def _misleading_styles(styles: str) -> dict[str, str]:
    codes = {str(number): code for number, code in BUILT_IN.items()}
    for tag in map(attributes, _FORMATS.findall(styles)):
        codes[tag.get("numFmtId", "")] = tag.get("formatCode", "")
    block = _CELL_STYLES.search(styles)
    found = {}
    for number, tag in enumerate(map(attributes, _STYLE.findall(block[0] if block else ""))):
        code = codes.get(tag.get("numFmtId", ""), "")
        if code and may_mislead(code):
            found[str(number)] = code
    return found


_remembered_styles = lru_cache(64)(_misleading_styles)
_remembered_struck = lru_cache(64)(struck_styles)
"""Returns of one round have their styles in common."""
