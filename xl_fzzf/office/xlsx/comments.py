"""Cell comments (notes) added to a finished workbook, beside those that are there.

No library does this and leaves the rest of the file as it is. Excel wants each note twice: its text
in a comments part, its box in a VML drawing.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Mapping
from io import BytesIO
from posixpath import basename, dirname, normpath
from xml.sax.saxutils import escape

from xl_fzzf.office.xlsx.package import Package
from xl_fzzf.office.xlsx.workbook_part import attributes, sheet_parts

AUTHOR = "校验"
_LONGEST = 1000
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml.comments+xml"
_VML_KIND = "application/vnd.openxmlformats-officedocument.vmlDrawing"
_UNFIT = re.compile("[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
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


def add_comments(data: bytes, comments: Mapping[str, Mapping[str, str]]) -> bytes:
    """The workbook with comments by sheet and cell, in place of those of an earlier check.

    A cell on which someone else has commented keeps that comment as it is. A sheet whose comments are written in an uncommon way is left as it is.
    """
    places = sheet_parts(Package(data, ""))
    with zipfile.ZipFile(BytesIO(data)) as archive:
        parts = {info.filename: archive.read(info) for info in archive.infolist()}
        infos = {info.filename: info for info in archive.infolist()}
    for sheet, part in places.items():
        texts = comments.get(sheet, {})
        if part in parts:
            _Sheet(parts, part).add({c: text for c, text in texts.items() if _CELL.fullmatch(c)})
    return _packed(parts, infos)


class _Sheet:
    """The parts of one sheet that have to do with comments."""

    def __init__(self, parts: dict[str, bytes], part: str) -> None:
        self.parts, self.part = parts, part
        self.relations = f"{dirname(part)}/_rels/{basename(part)}.rels"

    def add(self, texts: Mapping[str, str]) -> None:
        notes, drawing = self._related("comments"), self._related("vmlDrawing")
        if notes and drawing:
            self._extend(notes, drawing, texts)
        elif texts and not notes and not drawing:
            self._create(texts)

    def _extend(self, notes: str, drawing: str, texts: Mapping[str, str]) -> None:
        known, shapes = self.parts[notes].decode(), self.parts[drawing].decode("utf-8", "replace")
        if "</commentList>" not in known or "</authors>" not in known or "</xml>" not in shapes:
            return
        known, shapes = _without_ours(known, shapes)
        there = {found.get("ref") for found in map(attributes, _OPENING.findall(known))}
        new = {cell: text for cell, text in texts.items() if cell not in there}
        author = len(re.findall("<author[ />]", known))
        known = known.replace("</authors>", f"<author>{AUTHOR}</author></authors>", 1)
        listed = "".join(_comment(cell, text, author) for cell, text in new.items())
        boxes = "".join(_box(cell, number) for number, cell in enumerate(new, 9001))
        self.parts[notes] = known.replace("</commentList>", f"{listed}</commentList>", 1).encode()
        self.parts[drawing] = shapes.replace("</xml>", f"{boxes}</xml>", 1).encode()

    def _create(self, texts: Mapping[str, str]) -> None:
        sheet = self.parts[self.part].decode()
        places = list(_BEFORE.finditer(sheet))
        if not places or "<legacyDrawing" in sheet:
            return
        number = 1 + sum(name.startswith("xl/fzzfComments") for name in self.parts)
        notes, drawing = f"xl/fzzfComments{number}.xml", f"xl/drawings/fzzfNotes{number}.vml"
        listed = "".join(_comment(cell, text, 0) for cell, text in texts.items())
        boxes = "".join(_box(cell, at) for at, cell in enumerate(texts, 9001))
        self.parts[notes] = (
            f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><comments xmlns="{_MAIN}">'
            f"<authors><author>{AUTHOR}</author></authors><commentList>{listed}</commentList></comments>"
        ).encode()
        self.parts[drawing] = f"{_VML_HEAD}{boxes}</xml>".encode()
        at = max(match.end() for match in places)
        link = f'<legacyDrawing xmlns:r="{_OFFICE}" r:id="rIdFzzfNotes"/>'
        self.parts[self.part] = f"{sheet[:at]}{link}{sheet[at:]}".encode()
        self._relate("rIdFzzfNotes", "vmlDrawing", drawing)
        self._relate("rIdFzzfComments", "comments", notes)
        _declare(self.parts, notes)

    def _related(self, kind: str) -> str:
        for tag in re.findall("<Relationship [^>]*>", self.parts.get(self.relations, b"").decode()):
            found = attributes(tag)
            if found.get("Type", "").endswith(f"/relationships/{kind}"):
                target = found.get("Target", "")
                path = target[1:] if target.startswith("/") else f"{dirname(self.part)}/{target}"
                return normpath(path) if normpath(path) in self.parts else "?"
        return ""

    def _relate(self, identity: str, kind: str, part: str) -> None:
        link = f'<Relationship Id="{identity}" Type="{_OFFICE}/{kind}" Target="/{part}"/>'
        empty = f'<Relationships xmlns="{_PACKAGE}/relationships"></Relationships>'
        known = self.parts.get(self.relations, empty.encode()).decode()
        known = re.sub(r"(<Relationships[^>]*)/>", r"\1></Relationships>", known, count=1)
        text = known.replace("</Relationships>", f"{link}</Relationships>")
        self.parts[self.relations] = text.encode()


def _without_ours(known: str, shapes: str) -> tuple[str, str]:
    """Comments and boxes without those that an earlier check wrote."""
    authors = re.findall(r"<author(?:/>|[^>]*>([^<]*)</author>)", known)
    ours = {str(at) for at, author in enumerate(authors) if author == AUTHOR}
    for comment in _COMMENT.findall(known):
        found = attributes(comment)
        match = _CELL.fullmatch(found.get("ref", ""))
        if found.get("authorId") not in ours or not match:
            continue
        known = known.replace(comment, "", 1)
        row, column = int(match[2]) - 1, _column(match[1]) - 1
        place = re.compile(rf"<x:Row>{row}</x:Row>\s*<x:Column>{column}</x:Column>")
        box = next((shape for shape in _SHAPE.findall(shapes) if place.search(shape)), "")
        shapes = shapes.replace(box, "", 1) if box else shapes
    return known, shapes


def _column(letters: str) -> int:
    column = 0
    for letter in letters:
        column = column * 26 + ord(letter) - 64
    return column


def _declare(parts: dict[str, bytes], notes: str) -> None:
    types = parts["[Content_Types].xml"].decode()
    new = f'<Override PartName="/{notes}" ContentType="{_KIND}"/>'
    if not re.search(r'<Default[^>]*Extension="vml"', types):
        new = f'<Default Extension="vml" ContentType="{_VML_KIND}"/>{new}'
    parts["[Content_Types].xml"] = types.replace("</Types>", f"{new}</Types>").encode()


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
    column, row = _column(match[1]), int(match[2])
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


def _packed(parts: Mapping[str, bytes], infos: Mapping[str, zipfile.ZipInfo]) -> bytes:
    """The parts as a file; always the same bytes for the same parts."""
    made = BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            old = infos.get(name)
            info = zipfile.ZipInfo(name, old.date_time if old else (1980, 1, 1, 0, 0, 0))
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, data)
    return made.getvalue()
