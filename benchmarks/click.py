"""One click on 汇总, without Excel: xlwings' own engine has the master open and records what is done.

    python benchmarks/click.py MASTER

A fresh interpreter does here what the button does: start, imports, reading, writing. What Excel does
with the recorded rectangles is its own time. Prints how many of them there are.
"""

from __future__ import annotations

import os
import sys
from collections import Counter
from pathlib import Path
from typing import Any

os.environ.setdefault("XLWINGS_LICENSE_KEY", "noncommercial")


def open_in_excel(path: Path) -> Any:
    """The master as Excel's client describes it: no values, as they are read from the file."""
    import xlwings as xw

    from xl_fzzf.office.book_file import FileBook

    names = FileBook.open(path).sheet_names
    sheets = [{"name": name, "values": [[]], "tables": [], "pictures": []} for name in names]
    place = {"active_sheet_index": 0, "selection": "A1", "calculation": "Automatic"}
    json = {"version": xw.__version__, "client": "Office.js", "names": [], "sheets": sheets}
    return xw.Book(json={**json, "book": {"name": str(path), **place}})


def main() -> None:
    """Press the button."""
    book = open_in_excel(Path(sys.argv[1]))
    book.set_mock_caller()
    from xl_fzzf.faces.excel.ribbon import consolidate

    consolidate()
    actions = book.json()["actions"]
    print(Counter(action["func"] for action in actions))
    if not any(action["func"] == "setValues" for action in actions):
        sys.exit(actions[-1]["args"][0])


if __name__ == "__main__":
    main()
