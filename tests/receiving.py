"""Received files of every kind for the tests: one good return, and what may become of it on its way."""

from __future__ import annotations

import io
import os
import re
import struct
import warnings
import zipfile
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from html import escape
from pathlib import Path
from typing import Any

from python_calamine import CalamineWorkbook

from xl_fzzf.desk.intake import Intake
from xl_fzzf.desk.level import FORMS
from xl_fzzf.desk.readers import Readers
from xl_fzzf.model.judged import Judged
from xl_fzzf.model.record import Record
from xl_fzzf.model.round import Round
from xl_fzzf.rules.judge import judge_return

UNIT = "金凤镇"
AREA = "一、组织领导"
SHEET = "xl/worksheets/sheet3.xml"
"""The part of that area's sheet."""
IN_TIME = datetime(2019, 9, 20, 9)

Change = Callable[[bytes], bytes] | bytes | None
"""What becomes of a part: other bytes, or nothing."""


def replaced(old: str, new: str) -> Callable[[bytes], bytes]:
    """Replace a text that must be there, once."""

    def change(data: bytes) -> bytes:
        assert old.encode() in data, old
        return data.replace(old.encode(), new.encode(), 1)

    return change


def repacked(
    data: bytes, changes: Mapping[str, Change], method: int = zipfile.ZIP_DEFLATED
) -> bytes:
    """A package with some parts changed, added, or (None) taken out."""
    memory = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(memory, "w", method) as new:
        names = [*old.namelist(), *(name for name in changes if name not in old.namelist())]
        for name in names:
            change: Any = changes.get(name, lambda same: same)
            if callable(change):
                change = change(old.read(name))
            if change is not None:
                new.writestr(name, change)
    return memory.getvalue()


def entered(data: bytes, entry: str, cell: str = "I4") -> bytes:
    """The return with one cell's XML in place of another's."""

    def change(sheet: bytes) -> bytes:
        old = re.compile(rf'<c r="{cell}"(?:[^>]*/>|[^>]*>.*?</c>)'.encode())
        changed, times = old.subn(lambda _: entry.encode(), sheet, count=1)
        assert times
        return changed

    return repacked(data, {SHEET: change})


def with_formats(data: bytes, *codes: str) -> tuple[bytes, int]:
    """A workbook with cell formats of these number formats, and the id of the first."""
    count = 0

    def change(styles: bytes) -> bytes:
        nonlocal count
        (number,) = re.findall(b'<cellXfs count="([0-9]+)">', styles)
        count = int(number)
        numbers = enumerate(codes, 900)
        known = "".join(f'<numFmt numFmtId="{n}" formatCode="{escape(c)}"/>' for n, c in numbers)
        new = "".join(
            f'<xf numFmtId="{900 + at}" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>'
            for at in range(len(codes))
        )
        styles = replaced("</numFmts>", f"{known}</numFmts>")(styles)
        return replaced("</cellXfs>", f"{new}</cellXfs>")(styles)

    return repacked(data, {"xl/styles.xml": change}), count


def zipped(parts: Mapping[str, bytes] | list[tuple[str, bytes]]) -> bytes:
    """A zip file of these entries, double names included."""
    memory = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(memory, "w", zipfile.ZIP_DEFLATED) as archive:
        warnings.simplefilter("ignore")
        for name, data in parts.items() if isinstance(parts, Mapping) else parts:
            archive.writestr(name, data)
    return memory.getvalue()


def encrypted(data: bytes, password: str) -> bytes:
    """A package as Excel encrypts it."""
    from msoffcrypto.format.ooxml import OOXMLFile

    memory = io.BytesIO()
    file: Any = OOXMLFile(io.BytesIO(data))
    file.encrypt(password, memory)
    return memory.getvalue()


def as_xlsb(data: bytes, more: Mapping[str, bytes] | None = None) -> bytes:
    """A workbook's values as .xlsb ([MS-XLSB]); `more` records for the sheets, by name."""
    book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    parts, bundle, relations = {}, b"", ""
    for number, name in enumerate(book.sheet_names, 1):
        grid = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
        extra = (more or {}).get(name, b"")
        parts[f"xl/worksheets/sheet{number}.bin"] = _xlsb_sheet(grid, extra)
        state = 2 if name == "_fzzf" else 0
        bundle += record(156, struct.pack("<2L", state, number) + wide(f"rId{number}") + wide(name))
        kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
        relations += (
            f'<Relationship Id="rId{number}" Type="{kind}/worksheet"'
            f' Target="worksheets/sheet{number}.bin"/>'
        )
    package = "http://schemas.openxmlformats.org/package/2006/relationships"
    root = f'<Relationship Id="rId1" Type="{kind}/officeDocument" Target="xl/workbook.bin"/>'
    return zipped(
        {
            "[Content_Types].xml": b"<Types/>",
            "_rels/.rels": f'<Relationships xmlns="{package}">{root}</Relationships>'.encode(),
            "xl/workbook.bin": record(131)
            + record(153, struct.pack("<2L", 0, 0) + wide(""))
            + record(143)
            + bundle
            + record(144)
            + record(132),
            "xl/_rels/workbook.bin.rels": (
                f'<Relationships xmlns="{package}">{relations}</Relationships>'.encode()
            ),
            **parts,
        }
    )


def _xlsb_sheet(grid: Sequence[Sequence[object]], more: bytes) -> bytes:
    rows = b""
    for row, cells in enumerate(grid):
        rows += record(0, struct.pack("<2LHBBBL", row, 0, 300, 0, 0, 0, 0))
        for column, value in enumerate(cells):
            place = struct.pack("<2L", column, 0)
            if isinstance(value, float):
                rows += record(5, place + struct.pack("<d", value))
            elif value != "":
                rows += record(6, place + wide(str(value)))
    size = struct.pack("<4L", 0, max(len(grid) - 1, 0), 0, max(map(len, grid), default=1) - 1)
    start = record(129) + record(148, size) + record(145)
    return start + rows + more + record(146) + record(130)


def record(kind: int, body: bytes = b"") -> bytes:
    """A BIFF12 record."""
    head = bytes([kind]) if kind < 0x80 else bytes([kind & 0x7F | 0x80, kind >> 7])
    size, rest = b"", len(body)
    while rest >= 0x80:
        size += bytes([rest & 0x7F | 0x80])
        rest >>= 7
    return head + size + bytes([rest]) + body


def wide(text: str) -> bytes:
    """A BIFF12 string."""
    return struct.pack("<L", len(text)) + text.encode("utf-16-le")


class Door:
    """The way of a received file: from a folder through a reader to its verdict."""

    def __init__(self, readers: Readers, round_: Round, folder: Path) -> None:
        self.readers, self.round, self.folder = readers, round_, folder

    def __call__(self, data: bytes, name: str = f"{UNIT}.xlsx") -> Judged:
        """The verdict on one file of this content."""
        path = self.folder / name
        path.write_bytes(data)
        os.utime(path, (IN_TIME.timestamp(), IN_TIME.timestamp()))
        return self.take(path)

    def take(self, path: Path) -> Judged:
        """The verdict on a file that is there, or not."""
        intake = Intake(self.readers)
        intake.add(path, path.name)
        (submission,) = intake.submissions()
        return judge_return(submission, self.round, FORMS)


def troubled(data: bytes) -> bytes:
    """The return with one of everything that values don't show.

    I4 3 shown as a percentage, I5 a failed formula, G4 a formula never calculated, H4 shown as nothing,
    M4:M6 merged with a value in M4 and M5, L6 in a hidden row, a comment at L4.
    """
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    relations = "http://schemas.openxmlformats.org/package/2006/relationships"
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/comments"
    data, shown = with_formats(data, "0%", ";;;")
    data = repacked(
        data,
        {
            "xl/comments1.xml": (
                f'<comments xmlns="{main}"><authors><author>a</author></authors><commentList>'
                '<comment ref="L4" authorId="0"><text><t>其实是四次</t></text></comment>'
                "</commentList></comments>"
            ).encode(),
            "xl/worksheets/_rels/sheet3.xml.rels": (
                f'<Relationships xmlns="{relations}"><Relationship Id="rId9" Type="{kind}"'
                ' Target="../comments1.xml"/></Relationships>'
            ).encode(),
            "[Content_Types].xml": replaced(
                "</Types>",
                '<Override PartName="/xl/comments1.xml" ContentType="application/vnd.openxmlformats'
                '-officedocument.spreadsheetml.comments+xml"/></Types>',
            ),
            SHEET: replaced(' r="6"', ' r="6" hidden="1"'),
        },
    )
    data = repacked(data, {SHEET: replaced(
        "</sheetData>", '</sheetData><mergeCells count="1"><mergeCell ref="M4:M6"/></mergeCells>'
    )})  # fmt: skip
    for cell, entry in {
        "I4": f'<c r="I4" s="{shown}"><v>3</v></c>',
        "I5": '<c r="I5" s="21" t="e"><f>1/0</f><v>#DIV/0!</v></c>',
        "G4": '<c r="G4" s="5"><f>1+1</f></c>',
        "H4": f'<c r="H4" s="{shown + 1}"><v>5</v></c>',
        "M4": '<c r="M4" s="4" t="inlineStr"><is><t>台账</t></is></c>',
        "M5": '<c r="M5" s="4" t="inlineStr"><is><t>藏着的</t></is></c>',
    }.items():
        data = entered(data, entry, cell)
    return data


def marks(checked: Judged, sheet: str = AREA) -> dict[tuple[str, int], str]:
    """The marks of a sheet's cells, by field and row."""
    found = checked.submission.sheets[sheet].marks
    return {(mark.field, mark.row): mark.mark.value for mark in found}


def fields(checked: Judged, row: int = 4, sheet: str = AREA) -> Record:
    """What was read from one row."""
    (record,) = [r.record for r in checked.submission.sheets[sheet].rows if r.record.row == row]
    return record
