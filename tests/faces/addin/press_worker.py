"""Presses buttons in LibreOffice: a JSON plan in, results out; runs under a Python with `uno`.

In: [folder for the profile, macro workbook, [[active workbook or null, [function, ...]], ...]].
Out: for every active workbook, what the functions of the macro workbook returned.
"""

from __future__ import annotations

import json
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
from libreoffice_worker import connect, props  # type: ignore[import-not-found]  # run by Debian's Python

RUN_MACROS, NO_MACROS = 4, 0  # document.MacroExecMode


def load(desktop: Any, path: str, **how: Any) -> Any:
    """Open a workbook in a window: a hidden one is never the active one."""
    return desktop.loadComponentFromURL(Path(path).as_uri(), "_blank", 0, props(**how))


def call(desktop: Any, macros: Any, active: str | None, functions: list[str]) -> list[Any]:
    """With another workbook active, or none, call functions of the macro workbook."""
    book = load(desktop, active, MacroExecutionMode=NO_MACROS) if active else None
    scripts, results = macros.getScriptProvider(), []
    for function in functions:
        name = f"vnd.sun.star.script:VBAProject.{function}?language=Basic&location=document"
        results.append(scripts.getScript(name).invoke((), (), ())[0])
    if book:
        book.close(True)
    return results


def main() -> None:
    """Start LibreOffice, do what stdin says, end it."""
    profile, macro_book, plan = json.load(sys.stdin)
    process, desktop = connect(Path(profile))
    try:
        how = {"FilterName": "Calc MS Excel 2007 VBA XML", "MacroExecutionMode": RUN_MACROS}
        macros = load(desktop, macro_book, **how)
        print(json.dumps([call(desktop, macros, *step) for step in plan]))
        with suppress(Exception):
            desktop.terminate()
        process.wait(8)
    finally:
        process.kill()


if __name__ == "__main__":
    main()
