"""A worksheet with its changes: what isn't overwritten stays, byte for byte."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from html import escape, unescape

from xl_fzzf.office.book import Validation
from xl_fzzf.office.references import column_letter, column_number
from xl_fzzf.office.xlsx.cell_values import EMPTY, escaped
from xl_fzzf.office.xlsx.sheet_part import ROW, SheetPart, cells_of_row
from xl_fzzf.office.xlsx.workbook_part import attributes

_HEIGHT = re.compile(r"""\s(?:ht|customHeight)\s*=\s*["'][^"']*["']""")
_STYLE = re.compile(r"""\ss=["'](\d+)""")
_BY_HAND = re.compile(r"""\scustomHeight\s*=\s*["'](?:1|true)["']""")
_SPANS = re.compile(r"""\sspans\s*=\s*["'][^"']*["']""")
_CLOSE = "</c>"
_COLUMN = re.compile(r"<col\s[^>]*>")
_DIMENSION = re.compile(r"""(<dimension\s[^>]*?ref\s*=\s*["'])([A-Z]+\d+)(?::([A-Z]+\d+))?""")
_PLACE = re.compile(r"([A-Z]+)(\d+)")
_SHARED = re.compile(r"""<f\s[^>]*?\bt\s*=\s*["']shared""")
_FORMULA = re.compile(r"\s*(<f(?=[\s/>])([^>]*?)(?:/>|>([^<]*)</f>))")

_RULES = re.compile(r"""<dataValidations((?:\s+\w+\s*=\s*(?:"[^"]*"|'[^']*'))*)\s*(/?)>""")
_RULES_END = "</dataValidations>"
_RULE = re.compile(r"<dataValidation[\s/>]")
_COUNT = re.compile(r"""\s+count\s*=\s*["'][^"']*["']""")
_BEFORE_RULES = (
    "sheetData|sheetCalcPr|sheetProtection|protectedRanges|scenarios|autoFilter|sortState"
    "|dataConsolidate|customSheetViews|mergeCells|phoneticPr|conditionalFormatting"
)
_BEFORE_RULES_END = re.compile(rf"</(?:{_BEFORE_RULES})\s*>|<(?:{_BEFORE_RULES})(?:\s[^>]*)?/>")
_LONGEST_TITLE, _LONGEST_PROMPT = 32, 255
_IN_QUOTES = re.compile(r'["\t\n]')


@dataclass(slots=True)
class Changes:
    """What is to be written to one sheet: tails and style ids by row and column, and the rest.

    `heights` are the attributes that set a row's.
    """

    cells: dict[int, dict[int, str]] = field(default_factory=dict)
    styles: dict[int, dict[int, str]] = field(default_factory=dict)
    heights: dict[int, str] = field(default_factory=dict)
    validations: list[str] = field(default_factory=list)


def patched(part: SheetPart, changes: Changes) -> str:
    """The sheet's XML with its changes."""
    head, rows, tail = part.head, part.rows, part.tail
    if changes.cells:
        if _SHARED.search(rows):
            rows = _unshared(part, changes.cells)
        rows = _patched_rows(rows, changes, _column_styles(head))
        head = _extended(head, changes)
    if changes.validations:
        tail = _validated(tail, changes.validations)
    return head + rows + tail


def _column_styles(head: str) -> dict[int, str]:
    styles: dict[int, str] = {}
    for column in map(attributes, _COLUMN.findall(head)):
        if "style" in column:
            columns = range(int(column["min"]), int(column["max"]) + 1)
            styles.update(dict.fromkeys(columns, column["style"]))
    return styles


def _extended(head: str, changes: Changes) -> str:
    """The text before the rows, its dimension grown to what is written."""
    tag = _DIMENSION.search(head)
    filled = [
        (row, column)
        for row, tails in changes.cells.items()
        for column, tail in tails.items()
        if tail != EMPTY
    ]
    if not tag or not filled:
        return head
    corners = [_PLACE.fullmatch(place) for place in (tag[2], tag[3] or tag[2])]
    filled += [(int(corner[2]), column_number(corner[1])) for corner in corners if corner]
    rows, columns = {row for row, _ in filled}, {column for _, column in filled}
    first = f"{column_letter(min(columns))}{min(rows)}"
    last = f"{column_letter(max(columns))}{max(rows)}"
    place = first if first == last else f"{first}:{last}"
    return head[: tag.end(1)] + place + head[tag.end() :]


def _unshared(part: SheetPart, cells: Mapping[int, Mapping[int, str]]) -> str:
    """Own formulas for the cells that share the formula of a cell that is overwritten."""
    lost: dict[str, tuple[str, str]] = {}
    rows, pieces, done = part.rows, list[str](), 0
    for cell in part.cells(_SHARED):
        formula = _FORMULA.match(rows, cell.start)
        shared = attributes(formula[2]) if formula else {}
        if not formula or shared.get("t") != "shared":
            continue
        place, key = f"{column_letter(cell.column)}{cell.row}", shared.get("si", "")
        overwritten = cell.column in cells.get(cell.row, ())
        if "ref" in shared:
            lost.pop(key, None)
            if overwritten:
                lost[key] = (unescape(formula[3] or ""), place)
        elif key in lost and not overwritten:
            own = escape(_translated(*lost[key], place), quote=False)
            pieces += (rows[done : formula.start(1)], f"<f>{own}</f>")
            done = formula.end()
    return "".join((*pieces, rows[done:]))


def _translated(formula: str, origin: str, place: str) -> str:
    from openpyxl.formula.translate import Translator  # slow to import, seldom needed

    moved: str = Translator("=" + formula, origin=origin).translate_formula(place)
    return moved[1:]


def _patched_rows(rows: str, changes: Changes, columns: Mapping[int, str]) -> str:
    """The rows with the changes; `columns` holds the style ids of whole columns."""
    tokens: list[str] = ROW.split(rows)
    pieces = [tokens[0]]
    waiting = [_RowChange(row, changes, columns) for row in sorted(changes.cells, reverse=True)]
    at = 0
    for tag, number, rest in zip(tokens[1::3], tokens[2::3], tokens[3::3], strict=True):
        at = int(number) if number else at + 1
        while waiting and waiting[-1].row < at:
            pieces.append(waiting.pop().new())
        if waiting and waiting[-1].row == at:
            pieces.append(waiting.pop().patched(tag, rest))
        else:
            pieces += (tag, rest)
    pieces += (row.new() for row in reversed(waiting))
    return "".join(pieces)


class _RowChange:
    """What is written to one row."""

    def __init__(self, row: int, changes: Changes, columns: Mapping[int, str]) -> None:
        self.row, self.columns = row, columns
        self.tails = changes.cells[row]
        self.styles = changes.styles.get(row, {})
        self.height = changes.heights.get(row)

    def new(self) -> str:
        """The row, where there was none; nothing where no cell is needed."""
        tag = self.high(f'<row r="{self.row}">')
        cells = self.mixed("", tag)
        return f"{tag}{cells}</row>" if cells else ""

    def patched(self, tag: str, rest: str) -> str:
        """The row that starts with a tag, and what follows it."""
        tag = self.high(tag)
        closed = tag.endswith("/>")
        body, _, after = ("", "", rest) if closed else rest.partition("</row>")
        cells = self.replaced(body)
        if cells is None:
            cells = self.mixed(body, tag)
            tag = _SPANS.sub("", tag)
        if closed and not cells:
            return tag + rest
        tag = tag[:-2].rstrip() + ">" if closed else tag
        return f"{tag}{cells}</row>{after}"

    def high(self, tag: str) -> str:
        """A row's tag with its height; one that was set by hand, or fixed before, stays."""
        if self.height is None or _BY_HAND.search(tag):
            return tag
        return _HEIGHT.sub("", tag).replace("<row", f"<row {self.height}", 1)

    def replaced(self, body: str) -> str | None:
        """The cells, if all exist and are written the usual way, `r` first; None if they aren't.

        Most rows are like that, and this takes a fifth of the time.
        """
        tails, styles, row = self.tails, self.styles, self.row
        pieces: list[str] = []
        done = 0
        for column in sorted(tails):
            place = f"{column_letter(column)}{row}"
            start = body.find(f'<c r="{place}"', done)
            if start < 0:
                return None
            end = body.find(">", start) + 1
            style = styles.get(column)
            if style is None:
                kept = _STYLE.search(body, start, end)
                style = kept[1] if kept else None
            pieces += (body[done:start], _cell(place, style, tails[column]))
            done = end if body[end - 2] == "/" else body.find(_CLOSE, end) + len(_CLOSE)
        return "".join((*pieces, body[done:]))

    def mixed(self, body: str, tag: str) -> str:
        """The old cells and the new ones in order; what follows the last cell stays last."""
        pieces: list[str] = []
        waiting = sorted(self.tails, reverse=True)
        row, done, last = attributes(tag), 0, 0
        own = row.get("s") if row.get("customFormat") in ("1", "true") else None
        for cell in cells_of_row(body, self.row, 0, len(body)):
            before = []
            while waiting and waiting[-1] < cell.column:
                before.append(self.new_cell(waiting.pop(), own))
            pieces += (body[done : cell.tag], *before)
            done, last = cell.tag, cell.end
            if body.startswith(_CLOSE, last):
                last += len(_CLOSE)
            if waiting and waiting[-1] == cell.column:
                pieces.append(self.cell(waiting.pop(), cell.style))
                done = last
        pieces.append(body[done:last])
        pieces += (self.new_cell(column, own) for column in reversed(waiting))
        return "".join((*pieces, body[last:]))

    def new_cell(self, column: int, row_style: str | None) -> str:
        """A cell that doesn't exist yet; without content or style of its own it isn't needed."""
        if self.tails[column] == EMPTY and column not in self.styles:
            return ""
        return self.cell(column, row_style or self.columns.get(column))

    def cell(self, column: int, style: str | None) -> str:
        """A cell's XML; `style` is for one that gets none of its own."""
        place = f"{column_letter(column)}{self.row}"
        return _cell(place, self.styles.get(column) or style, self.tails[column])


def _cell(place: str, style: str | None, tail: str) -> str:
    return f'<c r="{place}" s="{style}"{tail}' if style else f'<c r="{place}"{tail}'


def _validated(tail: str, rules: Sequence[str]) -> str:
    """The text after the rows, with more data validation."""
    new = "".join(rules)
    tag = _RULES.search(tail)
    if not tag:
        end = max(match.end() for match in _BEFORE_RULES_END.finditer(tail))
        block = f'<dataValidations count="{len(rules)}">{new}{_RULES_END}'
        return tail[:end] + block + tail[end:]
    old, after = "", tail[tag.end() :]
    if not tag[2]:
        old, _, after = after.partition(_RULES_END)
    count = len(_RULE.findall(old)) + len(rules)
    kept = _COUNT.sub("", tag[1])
    start = f'{tail[: tag.start()]}<dataValidations{kept} count="{count}">'
    return f"{start}{old}{new}{_RULES_END}{after}"


def rule_of(validation: Validation) -> str:
    """A `dataValidation` element; texts are cut to what Excel allows."""
    kind = "" if validation.kind == "any" else f' type="{validation.kind}"'
    operator = ' operator="greaterThanOrEqual"' if validation.kind == "date" else ""
    texts = (
        ("promptTitle", validation.title[:_LONGEST_TITLE]),
        ("prompt", validation.prompt[:_LONGEST_PROMPT]),
        ("errorTitle", validation.title[:_LONGEST_TITLE]),
        ("error", validation.error[:_LONGEST_PROMPT]),
        ("sqref", " ".join(validation.ranges)),
    )
    shown = "".join(f' {name}="{_quoted(text)}"' for name, text in texts if text)
    formula = f"<formula1>{escaped(validation.formula)}</formula1>" if kind else ""
    return (
        f'<dataValidation{kind}{operator} allowBlank="1" showInputMessage="1"'
        f' showErrorMessage="1"{shown}>{formula}</dataValidation>'
    )


def _quoted(text: str) -> str:
    return _IN_QUOTES.sub(lambda match: f"&#{ord(match[0])};", escaped(text))
