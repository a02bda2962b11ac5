"""Presses the add-in's buttons in LibreOffice: the shipped modules, with stubs for Excel and xlwings.

xlwings' module, the message box and the ribbon's control type are replaced; a stub records every
Python command; FileExists is LibreOffice's own. LibreOffice swallows compile errors of VBA, so every result carries a mark.
"""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Iterable, Sequence
from pathlib import Path

import xlsxwriter

from tests.libreoffice import python_with_uno
from xl_fzzf.faces.excel.addin.build import (
    SOURCES,
    build_macro_workbook,
    build_vba_project,
    read_own_modules,
    read_settings,
)

WORKER = Path(__file__).with_name("press_worker.py")
CONTROL = """VERSION 1.0 CLASS
BEGIN
  MultiUse = -1  'True
END
Attribute VB_Name = "IRibbonControl"
Public Id As String
"""
STUBS = """Attribute VB_Name = "stubs"
Option Explicit
Public Const PROJECT_NAME As String = "fzzf"
Public Recorded As String
Public Told As String
Public Broken As Boolean

Public Function RunPython(PythonCommand As String)
    If Broken Then Err.Raise 1000, , "no Python here"
    Recorded = Recorded & "[" & PythonCommand & "]"
End Function

Public Sub Tell(ByVal text As String)
    Told = Told & "[" & text & "]"
End Sub

Public Function GetDirectoryConfigFilePath() As String
    GetDirectoryConfigFilePath = ActiveWorkbook.Path & "/fzzf.conf"
End Function

Public Function press_without_python() As String
    Broken = True
    press_without_python = press_fzzf_help()
End Function
"""
PRESS = """
Public Function press_{0}() As String
    Dim control As New IRibbonControl
    Recorded = ""
    Told = ""
    {0} control
    press_{0} = "ran:" & Recorded & "told:" & Told
End Function
"""


def callbacks(sources: Path = SOURCES) -> list[str]:
    """The names in every `onAction` of the ribbon, in its order."""
    ribbon = (sources / "customUI14.xml").read_text(encoding="utf-8")
    return re.findall(r'\bonAction="([^"]*)"', ribbon)


def build_test_workbook(names: Iterable[str]) -> bytes:
    """An .xlsm of the add-in's own modules and stubs, with a `press_…` function for every callback."""
    modules = read_own_modules(SOURCES) | {
        "IRibbonControl": CONTROL.replace("\n", "\r\n"),
        "stubs": "".join([STUBS, *map(PRESS.format, names)]).replace("\n", "\r\n"),
    }
    del modules["fzzf_tell"]
    return build_macro_workbook(build_vba_project(modules), read_settings(SOURCES))


def write_book(path: Path, *sheets: str) -> Path:
    """A plain workbook with empty sheets of these names."""
    with xlsxwriter.Workbook(path) as book:
        for sheet in sheets:
            book.add_worksheet(sheet)
    return path


def call_macros(
    folder: Path, macros: Path, plan: Sequence[tuple[Path | None, Sequence[str]]]
) -> list[list[str]]:
    """What `module.function` of a macro workbook returns, for every (active workbook, functions)."""
    steps = [[str(active) if active else None, list(functions)] for active, functions in plan]
    done = subprocess.run(
        [python_with_uno() or "", "-I", str(WORKER)],
        input=json.dumps([str(folder), str(macros), steps]),
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    results: list[list[str]] = json.loads(done.stdout)
    return results
