"""A summary workbook in 上报 and its PDF, printed by LibreOffice or by the Excel that asks for it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from xl_fzzf.desk.errors import JobError
from xl_fzzf.desk.upward import GaveWay, put, take_away
from xl_fzzf.desk.workspace import Workspace
from xl_fzzf.office.naming import safe_file_name

Build = Callable[..., bytes]
"""Makes a summary's bytes: for the screen, or `printed` for paper, with the `imprint` of the first."""

Printer = Callable[[Path, Path], None]
"""Prints a workbook to a PDF (both are paths); raises JobError if it can't."""

_PROGRAMS = ("soffice", "libreoffice", r"C:\Program Files\LibreOffice\program\soffice.exe")
FONTS = Path(__file__).with_name("fonts.conf")
"""What fontconfig, on Linux, takes for a font of official documents that is not installed."""

_BY_HAND = "请用 Excel、WPS 打开汇总表后另存为 PDF"
_LIMIT = 180
"""Seconds; a summary takes a few."""


@dataclass(frozen=True, slots=True)
class Printed:
    """A PDF, or None; `trouble` says why there is none though one was asked for.

    `gone` are the files of 上报 that gave way to the new ones.
    """

    pdf: Path | None = None
    trouble: str = ""
    gone: Sequence[GaveWay] = ()


def write_summary(
    workspace: Workspace, title: str, build: Build, printer: Printer | None
) -> tuple[Path, Printed]:
    """Write a period's summary into 上报, and with a printer its PDF; raises OSError.

    What stood there is kept, and no PDF stays beside a summary that it does not show.
    """
    from xl_fzzf.sheets.imprint import shown_imprint

    summary = workspace.upward / f"{safe_file_name(title)}-{workspace.period}.xlsx"
    pdf, data, archive = summary.with_suffix(".pdf"), build(printed=False), workspace.archive
    gone = []
    if not (summary.is_file() and summary.read_bytes() == data):
        gone = [*take_away(archive, pdf), *put(archive, summary, data)]
    if printer is None:
        return summary, Printed(gone=gone)
    build = partial(build, imprint=shown_imprint(data))
    try:
        gone += put(archive, pdf, _print(build, printer))
    except JobError as error:
        return summary, Printed(trouble=str(error), gone=gone)
    return summary, Printed(pdf, gone=gone)


def _print(build: Build, printer: Printer) -> bytes:
    """A PDF's bytes; raises JobError."""
    # on Windows a program that is still closing holds its files: they stay, the PDF is there
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        # short ASCII names: Excel's export knows no path beyond 218 characters
        source, made = Path(folder) / "summary.xlsx", Path(folder) / "summary.pdf"
        source.write_bytes(build(printed=True))
        printer(source, made)
        return made.read_bytes()


def print_in_office(source: Path, made: Path) -> None:
    """Let LibreOffice print; raises JobError where it is not installed or fails."""
    program = next((found for name in _PROGRAMS if (found := shutil.which(name))), None)
    if program is None:
        raise JobError(
            "没有找到 LibreOffice，不能生成 PDF。"
            "请安装 LibreOffice，或用 Excel、WPS 打开汇总表后另存为 PDF"
        )
    profile = (made.parent / "profile").as_uri()
    command = [
        *(program, f"-env:UserInstallation={profile}", "--headless", "--norestore"),
        *("--convert-to", "pdf", "--outdir", str(made.parent), str(source)),
    ]
    # on Linux, official fonts that are missing get a stand-in with or without serifs as they have
    fonts = {"FONTCONFIG_FILE": str(FONTS)} if sys.platform == "linux" else {}
    env = {**fonts, **os.environ}
    try:
        subprocess.run(command, check=True, capture_output=True, timeout=_LIMIT, env=env)
    except (OSError, subprocess.SubprocessError) as error:
        raise JobError(f"LibreOffice 没有生成 PDF（{type(error).__name__}）。{_BY_HAND}") from error
    if not made.is_file():
        raise JobError(f"LibreOffice 没有生成 PDF。{_BY_HAND}")
