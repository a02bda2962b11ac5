"""A worksheet's part: what its cells hold beyond values, and the part with its changes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape

from xl_fzzf.office.book import Validation
from xl_fzzf.office.references import column_letter, column_number
from xl_fzzf.office.xlsx.cell_values import EMPTY, escaped
from xl_fzzf.office.xlsx.sheet_cells import (
    Changes,
    patched_rows,
    walk_cells,
)
from xl_fzzf.office.xlsx.workbook_part import attributes, unescape

_THREE_LETTERS = re.compile(r"""=\s*["'][A-Z]{3}\d""")
_TWO_LETTERS, _ALL_COLUMNS = 26 * 27, 16_384
"""How many columns have names of one or two letters, and how many there are."""
_ROW_NUMBER = re.compile(r"""<row\s(?:[^>]*?\s)??r\s*=\s*["'](\d+)""")
_DATA = re.compile(r"<sheetData(?:\s[^>]*?)?(/?)>")
_DATA_END = "</sheetData>"
_OPAQUE = re.compile(r"<!--.*?-->|<!\[CDATA\[(.*?)\]\]>", re.DOTALL)
_COLUMN = re.compile(r"<col\s[^>]*>")
_DIMENSION = re.compile(r"""(<dimension\s[^>]*?ref\s*=\s*["'])([A-Z]+\d+)(?::([A-Z]+\d+))?""")
_PLACE = re.compile(r"([A-Z]+)(\d+)")
_SHARED = re.compile(r"""<f\s[^>]*?\bt\s*=\s*["']shared""")
_FORMULA = re.compile(r"\s*(<f(?=[\s/>])([^>]*?)(?:/>|>([^<]*)</f>))")
_ERROR = re.compile(r"""<c\s[^>]*?\bt\s*=\s*["']e["']""")
_USUAL_FORMULA = re.compile(r'<c r="([A-Z]+)(\d+)"[^>]*><f[ >]')
_AREA = re.compile(r'<f\s[^>]*?\bref="([A-Z]+)(\d+):([A-Z]+)(\d+)"')
_RESULT = re.compile(r"<v(?:\s[^>]*)?>([^<]*)</v>")
_RULES = re.compile(r"""<dataValidations((?:\s+\w+\s*=\s*(?:"[^"]*"|'[^']*'))*)\s*(/?)>""")
_UNNAMED_ERROR = "#VALUE!"
_RULES_END = "</dataValidations>"
_RULE = re.compile(r"<dataValidation[\s/>]")
_COUNT = re.compile(r"""\s+count\s*=\s*["'][^"']*["']""")
_BEFORE_RULES = (
    "sheetData|sheetCalcPr|sheetProtection|protectedRanges|scenarios|autoFilter|sortState"
    "|dataConsolidate|customSheetViews|mergeCells|phoneticPr|conditionalFormatting"
)
_BEFORE_RULES_END = re.compile(rf"</(?:{_BEFORE_RULES})\s*>|<(?:{_BEFORE_RULES})(?:\s[^>]*)?/>")
_KINDS = {
    "any": ("", ""),
    "list": (' type="list"', ""),
    "custom": (' type="custom"', ""),
    "date": (' type="date"', ' operator="greaterThanOrEqual"'),
}
_LONGEST_TITLE, _LONGEST_PROMPT = 32, 255
_IN_QUOTES = re.compile(r'["\t\n]')


def is_worksheet(text: str) -> bool:
    """Whether the text holds rows, and holds them without a namespace prefix."""
    tag = _DATA.search(text)
    return bool(tag and (tag[1] or _DATA_END in text))


def errors(text: str) -> dict[tuple[int, int], str]:
    """What the cells with a failed formula show (#N/A), by row and column."""
    if 't="e"' not in text and "t='e'" not in text:
        return {}
    data = divided(text)[1]
    return {
        (spot.row, spot.column): unescape(result[1]) or _UNNAMED_ERROR
        for spot in walk_cells(data, _ERROR)
        if _ERROR.match(data, spot.tag) and (result := _RESULT.search(data, spot.start, spot.end))
    }


def exceeds(text: str, most: int) -> bool:
    """Whether A1 to the last row and column that hold anything are more than `most` cells."""
    numbers = [int(number) for number in _ROW_NUMBER.findall(text)]
    last_row = max(numbers, default=0) + text.count("<row") - len(numbers)
    if last_row * _ALL_COLUMNS <= most:
        return False
    if last_row * _TWO_LETTERS <= most and not _THREE_LETTERS.search(text):
        return False
    spots = [spot for spot in walk_cells(divided(text)[1]) if spot.end > spot.start]
    last = max((s.row for s in spots), default=0), max((s.column for s in spots), default=0)
    return last[0] * last[1] > most


def formulas(text: str) -> dict[int, set[int]]:
    """The columns of the cells that hold a formula, by row."""
    data = divided(text)[1]
    rows: dict[int, set[int]] = {}
    found = _USUAL_FORMULA.findall(data)
    if len(found) == data.count("<f>") + data.count("<f "):
        for letters, row in found:
            rows.setdefault(int(row), set()).add(column_number(letters))
        return rows
    for spot in walk_cells(data, _FORMULA):
        if _FORMULA.match(data, spot.start):
            rows.setdefault(spot.row, set()).add(spot.column)
    return rows


def formula_areas(text: str) -> list[tuple[int, int, int, int]]:
    """The ranges that one formula fills (arrays, spills, shared formulas): top, left, bottom, right."""
    return [
        (int(top), column_number(left), int(bottom), column_number(right))
        for left, top, right, bottom in _AREA.findall(divided(text)[1])
    ]


def styles(text: str) -> dict[tuple[int, int], str]:
    """The style ids of all cells, by row and column."""
    return {(s.row, s.column): s.style or "0" for s in walk_cells(divided(text)[1])}


def empty_styles(text: str, column: int) -> dict[int, str]:
    """The style ids of a column's empty cells, by row."""
    return {
        spot.row: spot.style or "0"
        for spot in walk_cells(divided(text)[1])
        if spot.column == column and spot.end == spot.start
    }


def patched(text: str, changes: Changes) -> str:
    """The sheet with its changes."""
    head, data, tail = divided(text)
    if changes.cells:
        if _SHARED.search(data):
            data = _unshared(data, changes.cells)
        data = patched_rows(data, changes, _column_styles(head))
        head = _extended(head, changes)
    if changes.validations:
        tail = _validated(tail, changes.validations)
    return head + data + tail


def divided(text: str) -> tuple[str, str, str]:
    """Up to the rows, the rows, and from the end of the rows on."""
    tag = _DATA.search(text)
    if not tag:
        return text, "", ""
    if tag[1]:
        return text[: tag.start()] + "<sheetData>", "", _DATA_END + text[tag.end() :]
    end = text.rindex(_DATA_END)
    data = text[tag.end() : end]
    if "<!" in data:  # a comment or CDATA may hold what looks like a cell
        data = _OPAQUE.sub(lambda match: escape(match[1] or "", quote=False), data)
    return text[: tag.end()], data, text[end:]


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


def _unshared(data: str, cells: dict[int, dict[int, str]]) -> str:
    """Own formulas for the cells that share the formula of a cell that is overwritten."""
    lost: dict[str, tuple[str, str]] = {}
    pieces: list[str] = []
    done = 0
    for spot in walk_cells(data, _SHARED):
        formula = _FORMULA.match(data, spot.start)
        shared = attributes(formula[2]) if formula else {}
        if not formula or shared.get("t") != "shared":
            continue
        place, key = f"{column_letter(spot.column)}{spot.row}", shared.get("si", "")
        overwritten = spot.column in cells.get(spot.row, ())
        if "ref" in shared:
            lost.pop(key, None)
            if overwritten:
                lost[key] = (unescape(formula[3] or ""), place)
        elif key in lost and not overwritten:
            own = escape(_translated(*lost[key], place), quote=False)
            pieces += (data[done : formula.start(1)], f"<f>{own}</f>")
            done = formula.end()
    return "".join((*pieces, data[done:]))


def _translated(formula: str, origin: str, place: str) -> str:
    from openpyxl.formula.translate import Translator  # slow to import, seldom needed

    moved: str = Translator("=" + formula, origin=origin).translate_formula(place)
    return moved[1:]


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
    kind, operator = _KINDS[validation.kind]
    texts = (
        ("promptTitle", validation.title[:_LONGEST_TITLE]),
        ("prompt", validation.prompt[:_LONGEST_PROMPT]),
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
