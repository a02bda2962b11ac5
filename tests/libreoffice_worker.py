"""Drives one headless LibreOffice for ``tests/libreoffice.py``: JSON lines on stdin and stdout.

Runs under a Python with ``uno``, leading a process group.  Its first line tells that LibreOffice
is up; it ends with LibreOffice, and both end when stdin closes or the parent dies in mid-call.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any

import uno  # type: ignore[import-not-found]

CONNECT_SECONDS, GRACE_SECONDS = 30, 5
CONTENT = 1 | 2 | 4 | 16  # sheet.CellFlags: VALUE, DATETIME, STRING, FORMULA
DATE, TEXT, LOGICAL = 2, 256, 1024  # util.NumberFormat
XL_A1, XL_ENGLISH, ALL_GROUPS = 1, 4, 0x7FFFFFFF  # AddressConvention, FormulaLanguage, -MapGroup
FILTERS = {
    ".xlsx": "Calc MS Excel 2007 XML",
    ".xls": "MS Excel 97",
    ".ods": "calc8",
    ".pdf": "calc_pdf_Export",
}
# No lock files beside the workbooks: several test processes may open one file.
SETTINGS = """<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Common/Misc"><prop oor:name="UseLocking" oor:op="fuse">
<value>false</value></prop></item></oor:items>"""


def struct(kind: str, **fields: Any) -> Any:
    """Return a struct of LibreOffice."""
    item = uno.createUnoStruct("com.sun.star." + kind)
    for name, value in fields.items():
        setattr(item, name, value)
    return item


def props(**values: Any) -> tuple[Any, ...]:
    """Return named arguments as LibreOffice takes them."""
    return tuple(struct("beans.PropertyValue", Name=n, Value=v) for n, v in values.items())


def unprotect(thing: Any) -> Any:
    """Return a sheet or a workbook, unprotected if it was protected without a password."""
    if thing.isProtected():
        with suppress(Exception):  # LibreOffice gives no message
            thing.unprotect("")
        if thing.isProtected():
            raise PermissionError("protected with a password")
    return thing


def area(sheet: Any, rng: str | None) -> Any:
    """Return a range by its name, or else from A1 to the last content (None if empty)."""
    if rng is not None:
        try:
            return sheet.getCellRangeByName(rng)
        except Exception as error:  # LibreOffice gives no message
            raise ValueError(f"no such range: {rng!r}") from error
    used = sheet.queryContentCells(CONTENT).RangeAddresses
    return (
        sheet.getCellRangeByPosition(
            0, 0, max(a.EndColumn for a in used), max(a.EndRow for a in used)
        )
        if used
        else None
    )


class Book:
    """An open workbook with its formula parsers (LibreOffice's own and Excel's notation)."""

    def __init__(self, desktop: Any, path: str) -> None:
        how = props(Hidden=True, MacroExecutionMode=0, UpdateDocMode=0)  # no macros, no links
        self.doc = desktop.loadComponentFromURL(uno.systemPathToFileUrl(path), "_blank", 0, how)
        if not hasattr(self.doc, "Sheets"):
            raise OSError(f"LibreOffice cannot open {path} as a workbook")
        self.sheets, create = self.doc.Sheets, self.doc.createInstance
        self.formats = self.doc.NumberFormats
        self.kinds: dict[int, int] = {}  # number format -> util.NumberFormat
        self.own, self.excel = (create("com.sun.star.sheet.FormulaParser") for _ in range(2))
        self.own.CompileEnglish = self.excel.CompileEnglish = True
        self.excel.FormulaConvention = XL_A1
        mapper = create("com.sun.star.sheet.FormulaOpCodeMapper")
        self.excel.OpCodeMap = mapper.getAvailableMappings(XL_ENGLISH, ALL_GROUPS)

    def sheet(self, name: str) -> Any:
        """Return a sheet by name."""
        if not self.sheets.hasByName(name):
            raise ValueError(f"no sheet {name!r}; there are {list(self.sheets.ElementNames)}")
        return self.sheets.getByName(name)

    def enter(self, cell: Any, value: Any) -> None:
        """Put one typed value into a cell; a cell with the text format keeps it as text."""
        formats, key = self.formats, cell.NumberFormat
        if key not in self.kinds:
            self.kinds[key] = formats.getByKey(key).Type
        kind, number, wanted, code = self.kinds[key], value, 0, ""
        if isinstance(value, dict):  # {"date": ISO text}
            value, null = value["date"], self.doc.NullDate
            gap = datetime.fromisoformat(value) - datetime(null.Year, null.Month, null.Day)
            number = gap.days + gap.seconds / 86400
            wanted, code = DATE, "YYYY-MM-DD HH:MM:SS" if "T" in value else "YYYY-MM-DD"
        elif isinstance(value, bool):
            value, wanted, code = str(value).upper(), LOGICAL, "BOOLEAN"
        if value is None:
            cell.clearContents(CONTENT)
        elif kind == TEXT or (isinstance(number, str) and not number.startswith("=")):
            cell.setString(str(value))
        elif isinstance(number, str):
            cell.setTokens(self.excel.parseFormula(number[1:], cell.CellAddress))
        else:
            cell.setValue(float(number))
            if code and not kind & wanted:
                english = struct("lang.Locale", Language="en")
                key = formats.queryKey(code, english, False)
                cell.NumberFormat = key if key != -1 else formats.addNew(code, english)

    def op_save(self, path: str, pages: str = "") -> None:
        how = {"FilterName": FILTERS[Path(path).suffix.lower()], "Overwrite": True}
        if pages:
            which = uno.Any("[]com.sun.star.beans.PropertyValue", props(PageRange=pages))
            how["FilterData"] = which
        self.doc.storeToURL(uno.systemPathToFileUrl(path), props(**how))

    def op_sheet_names(self) -> list[str]:
        return list(self.sheets.ElementNames)

    def op_type(self, sheet: str, cells: dict[str, Any]) -> None:
        target = self.sheet(sheet)
        protected, found = target.isProtected(), {name: area(target, name) for name in cells}
        for name, cell in found.items():
            if not hasattr(cell, "setFormula"):
                raise ValueError(f"not one cell: {name!r}")
            if protected and cell.CellProtection.IsLocked:
                raise PermissionError(f"{sheet}!{name} is locked and the sheet is protected")
        for name, cell in found.items():
            self.enter(cell, cells[name])

    def op_key_in(self, sheet: str, cells: dict[str, str]) -> None:
        for name, text in cells.items():
            area(self.sheet(sheet), name).setFormula(text)

    def op_values(self, sheet: str, rng: str | None) -> list[list[Any]]:
        block = area(self.sheet(sheet), rng)
        return [
            [
                value
                if isinstance(value, (float, str))  # None stands for an error
                else block.getCellByPosition(x, y).getString()
                for x, value in enumerate(row)
            ]
            for y, row in enumerate(block.getDataArray() if block else ())
        ]

    def op_formulas(self, sheet: str, rng: str | None) -> list[list[str]]:
        block = area(self.sheet(sheet), rng)
        if not block:
            return []
        place = struct("table.CellAddress", Sheet=block.RangeAddress.Sheet)
        texts = zip(block.getFormulaArray(), block.getDataArray(), strict=True)
        return [
            [
                self.excel_notation(text, place) if text != value else ""  # text "=x" is both
                for text, value in zip(*pair, strict=True)
            ]
            for pair in texts
        ]

    def excel_notation(self, text: str, place: Any) -> str:
        """Return a formula of LibreOffice as Excel writes it, "" for anything else."""
        text = text[1:-1] if text.startswith("{=") else text  # an array formula
        tokens = self.own.parseFormula(text[1:], place) if text.startswith("=") else ()
        return "=" + str(self.excel.printFormula(tokens, place)) if tokens else ""

    def op_recalculate(self) -> None:
        self.doc.calculateAll()

    def op_sort(self, sheet: str, rng: str, column: int, descending: bool) -> None:
        block = area(unprotect(self.sheet(sheet)), rng)
        if not 0 <= column < block.Columns.Count:
            raise ValueError(f"no column {column} in {rng}; the first is 0")
        field = struct(
            "table.TableSortField",
            Field=column,
            IsAscending=not descending,
            CollatorLocale=struct("lang.Locale", Language="zh", Country="CN"),
        )
        fields = uno.Any("[]com.sun.star.table.TableSortField", (field,))
        block.sort(props(SortFields=fields, IsSortColumns=False, ContainsHeader=False))

    def op_lines(self, sheet: str, axis: str, method: str, at: int, count: int) -> None:
        getattr(getattr(unprotect(self.sheet(sheet)), axis), method)(at, count)

    def op_move_range(self, sheet: str, source: str, target: str) -> None:
        where = unprotect(self.sheet(sheet))
        where.moveRange(area(where, target).CellAddress, area(where, source).RangeAddress)

    def op_set_hidden(self, sheet: str, rows: list[int], hidden: bool) -> None:
        lines = unprotect(self.sheet(sheet)).Rows
        for row in rows:
            lines.getByIndex(row).IsVisible = not hidden

    def op_rename_sheet(self, old: str, new: str) -> None:
        unprotect(self.doc)
        self.sheet(old).setName(new)
        if old != new and self.sheets.hasByName(old):  # LibreOffice says nothing
            raise ValueError(f"{new!r} is no name for a sheet, or another's")

    def op_print_whole(self, name: str) -> None:
        cursor = self.sheet(name).createCursor()
        cursor.gotoEndOfUsedArea(True)
        self.sheet(name).setPrintAreas((cursor.RangeAddress,))

    def op_move_sheet(self, name: str, index: int) -> None:
        unprotect(self.doc)
        here = self.sheet(name).RangeAddress.Sheet
        self.sheets.moveByName(name, index + (index > here))


def connect(scratch: Path) -> tuple[subprocess.Popen[bytes], Any]:
    """Start LibreOffice with a profile of its own; return its process and its desktop."""
    user = scratch / "profile" / "user"
    user.mkdir(parents=True)
    (user / "registrymodifications.xcu").write_text(SETTINGS, "utf-8")
    pipe = f"pipe,name=office_{os.getpid()}_{os.urandom(4).hex()};urp;"
    process = subprocess.Popen(
        [
            "soffice",
            f"-env:UserInstallation={user.parent.as_uri()}",
            "--headless",
            "--norestore",
            "--nologo",
            "--nodefault",
            f"--accept={pipe}",
        ],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    create = uno.getComponentContext().ServiceManager.createInstance
    resolver, end = create("com.sun.star.bridge.UnoUrlResolver"), time.monotonic() + CONNECT_SECONDS
    while True:
        try:
            manager = resolver.resolve(f"uno:{pipe}StarOffice.ServiceManager")
            return process, manager.createInstance("com.sun.star.frame.Desktop")
        except Exception as error:  # not there yet
            if process.poll() is not None or time.monotonic() > end:
                raise RuntimeError("LibreOffice does not answer") from error
            time.sleep(0.1)


def serve(desktop: Any) -> None:
    """Answer requests until stdin closes or LibreOffice is gone."""
    books: dict[int, Book] = {}
    for number, line in enumerate(sys.stdin):
        reply: dict[str, Any] = {"result": number}
        op, args = json.loads(line)
        try:
            if op == "open":
                books[number] = Book(desktop, **args)
            elif op == "close":
                books.pop(args["book"]).doc.close(True)
            else:
                reply["result"] = getattr(books[args.pop("book")], "op_" + op)(**args)
        except Exception as error:
            desktop.getCurrentFrame()  # raises when LibreOffice has died
            reply = {"error": f"{type(error).__name__}: {getattr(error, 'Message', error)}"}
        print(json.dumps(reply), flush=True)


def main() -> None:
    """Start LibreOffice, serve, end LibreOffice."""
    watch = 'tail --pid="$0" -f /dev/null; sleep 7; rm -rf "$1"; kill -9 0'
    subprocess.Popen(["sh", "-c", watch, str(os.getppid()), sys.argv[1]], stdout=sys.stderr)
    process, desktop = connect(Path(sys.argv[1]))
    print("{}", flush=True)
    with suppress(Exception):  # LibreOffice or the parent is gone
        serve(desktop)
        desktop.terminate()
        process.wait(GRACE_SECONDS)
    shutil.rmtree(sys.argv[1], ignore_errors=True)
    os.killpg(0, signal.SIGKILL)


if __name__ == "__main__":
    main()
