"""Read a received file: what it is by its content, never by its name; values only, nothing is run."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import PurePath

from python_calamine import (
    CalamineError,
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
    SheetVisibleEnum,
)

from xl_fzzf.model.record import text
from xl_fzzf.model.submission import NOTHING, ListContent, SheetContent, Submission, Trait
from xl_fzzf.office.looks.file_formats import PASSWORD, RESAVE, Format, Recognised, recognise
from xl_fzzf.office.looks.look import Look
from xl_fzzf.office.looks.xlsx_look import XlsxLook
from xl_fzzf.office.tables import Grid, find_table, read_grid
from xl_fzzf.office.xlsx.package import BookError, Package
from xl_fzzf.sheets.area import read_area
from xl_fzzf.sheets.imprint import find_imprint
from xl_fzzf.sheets.marks import build_marks
from xl_fzzf.sheets.spec import (
    CITY,
    CITY_SUMMARY,
    COVER,
    GUIDE,
    LISTS,
    MASTER,
    OVERVIEW,
    STAMP,
    SUMMARY,
    SUMMARY_LISTS,
)
from xl_fzzf.sheets.stamp import read_stamp

_UNREAD = LISTS | {GUIDE, OVERVIEW}
"""Sheets of a return that hold no entries; whatever stands there, nothing is taken from them. A
summary has a cover, and is read whole."""

_MOST_ROWS = 10_000
"""No unit reports a tenth of that; every row more costs whoever judges them."""

_SUFFIXES = {
    Format.XLSX: (".xlsx", ".xlsm"),
    Format.XLS: (".xls", ".et"),
    Format.XLSB: (".xlsb",),
    Format.ODS: (".ods",),
}


def read_submission(file: str, data: bytes, sha256: str, received: datetime) -> Submission:
    """Everything that one received file says; a file that can't be read says why."""
    try:
        return _read(Submission(file, sha256, received), data)
    except PasswordError:
        unreadable = PASSWORD
    except BookError as error:
        unreadable = str(error)
    except (CalamineError, OSError, ValueError, LookupError, OverflowError) as error:
        detail = " ".join(str(error).split())[:80]
        unreadable = f"文件打不开，可能损坏或不完整（{detail}）。{RESAVE}"
    return Submission(file, sha256, received, unreadable)


def _read(submission: Submission, data: bytes) -> Submission:
    recognised = recognise(data, submission.file)
    look = _look(recognised.content, recognised.format)
    book = CalamineWorkbook.from_filelike(io.BytesIO(look.data))
    _refuse_sheets(book)
    stamp = (
        read_stamp(read_grid(book, STAMP, look.errors(STAMP))) if STAMP in book.sheet_names else {}
    )
    contents = dict(_read_sheets(book, look))
    if stamp.get("kind") not in (SUMMARY, CITY_SUMMARY, MASTER, CITY):
        _refuse_rows(contents)
    areas = {name: content for name, content in contents.items() if content}
    traits = _format_traits(recognised, submission.file) | look.traits
    if hidden := _hidden_sheets(book):
        traits[Trait.HIDDEN_SHEETS] = "、".join(hidden)
    if others := contents.keys() - areas.keys():
        traits[Trait.EXTRA_SHEETS] = "、".join(name for name in contents if name in others)
    nothing = _read_nothing(book, look) if GUIDE in book.sheet_names else ""
    submission = replace(submission, stamp=stamp, sheets=areas, traits=traits, nothing=nothing)
    if stamp.get("kind") not in (SUMMARY, CITY_SUMMARY):
        return submission

    def read(sheet: str) -> Grid:
        return read_grid(book, sheet, look.errors(sheet))

    sheets = [s.name for s in book.sheets_metadata if s.typ is SheetTypeEnum.WorkSheet]
    imprint = find_imprint(stamp, sheets, read)
    return replace(submission, lists=dict(_read_lists(book, look)), imprint=imprint)


def _read_nothing(book: CalamineWorkbook, look: Look) -> str:
    """What stands to the right of 本期无."""
    for line in read_grid(book, GUIDE, look.errors(GUIDE)):
        words = [text(cell) for cell in line]
        if NOTHING in words:
            return next(filter(None, words[words.index(NOTHING) + 1 :]), "")
    return ""


def _look(content: Package | bytes, format_: Format) -> Look:
    if isinstance(content, bytes):
        from xl_fzzf.office.looks.xls_look import XlsLook

        return XlsLook(content)
    if format_ is Format.ODS:
        from xl_fzzf.office.looks.ods_look import OdsLook

        return OdsLook(content)
    if format_ is Format.XLSB:
        from xl_fzzf.office.looks.xlsb_look import XlsbLook

        return XlsbLook(content)
    return XlsxLook(content, _UNREAD - {GUIDE}, unless=COVER)


def _refuse_sheets(book: CalamineWorkbook) -> None:
    names = [name.lower() for name in book.sheet_names]
    if not names:
        raise BookError(f"工作簿里没有工作表。{RESAVE}")
    if len(set(names)) < len(names):
        raise BookError(f"有同名的工作表，读哪一张不能确定。{RESAVE}")
    if any(sheet.typ is SheetTypeEnum.MacroSheet for sheet in book.sheets_metadata):
        raise BookError(
            f"有 Excel 4.0 宏表，为安全起见没有读取。请删除宏表后{RESAVE.removeprefix('请')}"
        )


def _refuse_rows(contents: Mapping[str, SheetContent | None]) -> None:
    rows = {name: len(content.rows) for name, content in contents.items() if content}
    if sum(rows.values()) > _MOST_ROWS:
        longest = max(rows, key=rows.__getitem__)
        raise BookError(
            f"工作表“{longest}”填了 {rows[longest]} 行，不像填报表。请删除下面多余的行后重新报送"
        )


def _format_traits(recognised: Recognised, file: str) -> dict[Trait, str]:
    traits = {}
    suffix, format_ = PurePath(file).suffix.lower(), recognised.format
    if suffix not in _SUFFIXES[format_]:
        traits[Trait.FORMAT] = f"文件名的后缀与内容不符，内容是 .{format_}"
    elif format_ is not Format.XLSX:
        traits[Trait.FORMAT] = f"是 {suffix} 文件"
    if recognised.decrypted:
        traits[Trait.DEFAULT_PASSWORD] = "用 Excel 的默认密码加了密"
    return traits


def _hidden_sheets(book: CalamineWorkbook) -> list[str]:
    hidden = (s.name for s in book.sheets_metadata if s.visible is not SheetVisibleEnum.Visible)
    return [name for name in hidden if name != STAMP]


def _read_sheets(book: CalamineWorkbook, look: Look) -> Iterator[tuple[str, SheetContent | None]]:
    """The sheets that may hold entries, each with its content if it does hold a table of ours."""
    for sheet in book.sheets_metadata:
        if sheet.name in _UNREAD or sheet.name == STAMP or sheet.typ is not SheetTypeEnum.WorkSheet:
            continue
        content = read_area(sheet.name, read_grid(book, sheet.name, look.errors(sheet.name)))
        yield sheet.name, content and replace(content, marks=build_marks(content, look))


def _read_lists(book: CalamineWorkbook, look: Look) -> Iterator[tuple[str, ListContent]]:
    """The tables of a summary that the next level recomputes."""
    for name, columns in SUMMARY_LISTS.items():
        keys = [column.field for column in columns[:3]]
        found = name in book.sheet_names and find_table(
            read_grid(book, name, look.errors(name)), columns, keys
        )
        if found:
            yield name, ListContent(name, found.letters, tuple(found.rows()), found.missing)
