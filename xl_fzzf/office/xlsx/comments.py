"""Cell comments (notes) added to a workbook, beside those that are there.

No library does this and leaves the rest of the file as it is. Excel wants each note twice: its text
in a comments part, its box in a VML drawing.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping
from html import escape, unescape
from itertools import count

from xl_fzzf.model.finding import is_notes
from xl_fzzf.office.references import column_number
from xl_fzzf.office.xlsx.package import TYPES, BookError, Package
from xl_fzzf.office.xlsx.workbook_part import attributes, related_parts, relations_of

_AUTHOR = "校验"
"""Who writes the comments of a check, in programs that keep it."""

_LONGEST = 1000
_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATIONSHIPS = "http://schemas.openxmlformats.org/package/2006/relationships"
_KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml.comments+xml"
_VML_KIND = "application/vnd.openxmlformats-officedocument.vmlDrawing"
_IDENTITIES = {"vmlDrawing": "rIdFzzfNotes", "comments": "rIdFzzfComments"}
_CLOSED = re.compile(r"(<Relationships[^>]*)/>")
_UNFIT = re.compile("[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_WORDS = re.compile(r"<t(?:\s[^>]*)?>([^<]*)</t>")
_ANY_OPENING = re.compile(r"<(?:\w+:)?comment[\s/>]")
_OPENING = re.compile("<comment [^>]*>")
_COMMENT = re.compile("<comment [^>]*>.*?</comment>", re.DOTALL)
_SHAPE = re.compile("<v:shape .*?</v:shape>", re.DOTALL)
_CELL = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")
# What may stand in a worksheet just before legacyDrawing, by CT_Worksheet's order.
_BEFORE = re.compile(
    r"</sheetData>|<sheetData/>|</conditionalFormatting>|</dataValidations>|</hyperlinks>|</autoFilter>"
    r"|<autoFilter[^>]*/>|</mergeCells>|<sheetProtection[^>]*/>|<printOptions[^>]*/>|<pageMargins[^>]*/>"
    r"|<pageSetup[^>]*/>|</headerFooter>|</rowBreaks>|</colBreaks>|</ignoredErrors>|<drawing [^>]*/>"
)


def add_comments(package: Package, sheet: str, texts: Mapping[str, str]) -> None:
    """Give a sheet's part comments by cell, in place of those of an earlier check.

    A cell on which someone else has commented keeps that comment as it is. A sheet whose comments are
    written in an uncommon way is left as it is.
    """
    texts = {cell: text for cell, text in texts.items() if _CELL.fullmatch(cell)}
    notes, drawings = (related_parts(package, kind, sheet) for kind in ("comments", "vmlDrawing"))
    if texts and not notes and not drawings:
        notes, drawings = _create(package, sheet)
    if notes and drawings:
        _extend(package, notes[0], drawings[0], texts)


def _extend(package: Package, notes: str, drawing: str, texts: Mapping[str, str]) -> None:
    try:
        known, shapes = package.text(notes), package.text(drawing)
    except BookError:
        return
    if "</commentList>" not in known or "</authors>" not in known or "</xml>" not in shapes:
        return
    known, shapes = _without_ours(known, shapes)
    there = {found.get("ref") for found in map(attributes, _OPENING.findall(known))}
    new = {cell: text for cell, text in texts.items() if cell not in there}
    author = len(re.findall("<author[ />]", known))
    known = known.replace("</authors>", f"<author>{_AUTHOR}</author></authors>", 1)
    listed = "".join(_comment(cell, text, author) for cell, text in new.items())
    package.replace(notes, known.replace("</commentList>", f"{listed}</commentList>", 1))
    boxes = "".join(_box(cell, number) for number, cell in enumerate(new, 9001))
    package.replace(drawing, shapes.replace("</xml>", f"{boxes}</xml>", 1))


def _create(package: Package, sheet: str) -> tuple[list[str], list[str]]:
    """The two parts of a sheet that has no comments yet, without any; none if there is no place."""
    xml = package.text(sheet)
    at = max((match.end() for match in _BEFORE.finditer(xml)), default=0)
    if not at or "<legacyDrawing" in xml:
        return [], []
    free = (both for both in map(_names, count(1)) if not any(part in package for part in both))
    notes, drawing = next(free)
    lists = "<authors></authors><commentList></commentList>"
    package.replace(notes, f'{_XML}<comments xmlns="{_MAIN}">{lists}</comments>')
    package.replace(drawing, f"{_VML_HEAD}</xml>")
    link = f'<legacyDrawing xmlns:r="{_OFFICE}" r:id="rIdFzzfNotes"/>'
    package.replace(sheet, f"{xml[:at]}{link}{xml[at:]}")
    _relate(package, sheet, {"vmlDrawing": drawing, "comments": notes})
    _declare(package, notes)
    return [notes], [drawing]


def _names(number: int) -> tuple[str, str]:
    """The parts of a sheet's comments as Excel calls them: some readers know no other names."""
    return f"xl/comments{number}.xml", f"xl/drawings/vmlDrawing{number}.vml"


def _relate(package: Package, sheet: str, parts: Mapping[str, str]) -> None:
    relations = relations_of(sheet)
    known = f'<Relationships xmlns="{_RELATIONSHIPS}"></Relationships>'
    if relations in package:
        known = _CLOSED.sub(r"\1></Relationships>", package.text(relations), count=1)
    links = "".join(
        f'<Relationship Id="{_IDENTITIES[kind]}" Type="{_OFFICE}/{kind}"'
        f' Target="{posixpath.relpath(part, posixpath.dirname(sheet))}"/>'
        for kind, part in parts.items()
    )
    package.replace(relations, known.replace("</Relationships>", f"{links}</Relationships>"))


def _declare(package: Package, notes: str) -> None:
    types = package.text(TYPES)
    new = f'<Override PartName="/{notes}" ContentType="{_KIND}"/>'
    if not re.search(r'<Default[^>]*Extension="vml"', types):
        new = f'<Default Extension="vml" ContentType="{_VML_KIND}"/>{new}'
    package.replace(TYPES, types.replace("</Types>", f"{new}</Types>"))


def has_foreign(known: str) -> bool:
    """Whether a comments part holds any comment that no check wrote, or is not as programs write it."""
    comments = _COMMENT.findall(known)
    read = "commentList" in known and len(comments) == len(_ANY_OPENING.findall(known))
    return not read or not all(map(_is_ours, comments))


def _is_ours(comment: str) -> bool:
    return is_notes("".join(map(unescape, _WORDS.findall(comment))))


def _without_ours(known: str, shapes: str) -> tuple[str, str]:
    """Comments and boxes without those that an earlier check wrote."""
    for comment in _COMMENT.findall(known):
        found = attributes(comment)
        match = _CELL.fullmatch(found.get("ref", ""))
        if not match or not _is_ours(comment):
            continue
        known = known.replace(comment, "", 1)
        row, column = int(match[2]) - 1, column_number(match[1]) - 1
        place = re.compile(rf"<x:Row>{row}</x:Row>\s*<x:Column>{column}</x:Column>")
        box = next((shape for shape in _SHAPE.findall(shapes) if place.search(shape)), "")
        shapes = shapes.replace(box, "", 1) if box else shapes
    return known, shapes


def _comment(cell: str, text: str, author: int) -> str:
    short = text if len(text) <= _LONGEST else f"{text[:_LONGEST]}……"
    words = escape(_UNFIT.sub(" ", short)).replace("_x", "_x005F_x")
    return (
        f'<comment ref="{cell}" authorId="{author}"><text><r><t xml:space="preserve">{words}</t></r>'
        "</text></comment>"
    )


def _box(cell: str, number: int) -> str:
    match = _CELL.fullmatch(cell)
    assert match
    column, row = column_number(match[1]), int(match[2])
    return (
        f'<v:shape id="_x0000_s{number}" type="#_x0000_t202" fillcolor="#ffffe1" o:insetmode="auto" '
        'style="position:absolute;width:220pt;height:80pt;visibility:hidden"><v:fill color2="#ffffe1"/>'
        '<v:shadow on="t" color="black" obscured="t"/><v:textbox style="mso-direction-alt:auto"/>'
        '<x:ClientData ObjectType="Note"><x:MoveWithCells/><x:SizeWithCells/>'
        f"<x:Anchor>{column},15,{row},10,{column + 4},15,{row + 4},4</x:Anchor><x:AutoFill>False</x:AutoFill>"
        f"<x:Row>{row - 1}</x:Row><x:Column>{column - 1}</x:Column></x:ClientData></v:shape>"
    )


_VML_HEAD = (
    '<xml xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" '
    'xmlns:x="urn:schemas-microsoft-com:office:excel"><v:shapetype id="_x0000_t202" coordsize="21600,21600" '
    'o:spt="202" path="m,l,21600r21600,l21600,xe"><v:stroke joinstyle="miter"/>'
    '<v:path gradientshapeok="t" o:connecttype="rect"/></v:shapetype>'
)
