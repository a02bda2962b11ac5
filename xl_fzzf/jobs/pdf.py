"""PDF through LibreOffice, where it is installed."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from pathlib import Path

from xl_fzzf.jobs.workspace import JobError
from xl_fzzf.storage import write_whole

_PROGRAMS = ("soffice", "libreoffice", r"C:\Program Files\LibreOffice\program\soffice.exe")
_LIMIT = 180
"""Seconds; a summary takes a few."""


def write_pdf(workbook: Path) -> Path:
    """Print a workbook to a PDF beside it; raises JobError without LibreOffice or if it fails."""
    program = next((found for name in _PROGRAMS if (found := shutil.which(name))), None)
    if program is None:
        raise JobError(
            f"没有找到 LibreOffice,不能生成 PDF;汇总表已生成:{workbook}。"
            "请安装 LibreOffice,或用 Excel、WPS 打开汇总表后另存为 PDF"
        )
    with tempfile.TemporaryDirectory() as folder:
        profile = (Path(folder) / "profile").as_uri()
        command = [
            *(program, f"-env:UserInstallation={profile}", "--headless", "--norestore"),
            *("--convert-to", "pdf", "--outdir", folder, str(workbook)),
        ]
        made = Path(folder) / f"{workbook.stem}.pdf"
        try:
            subprocess.run(command, check=True, capture_output=True, timeout=_LIMIT)
            data = made.read_bytes()
        except (OSError, subprocess.SubprocessError) as error:
            raise JobError(f"LibreOffice 没有生成 PDF({error});汇总表已生成:{workbook}") from error
    pdf = workbook.with_suffix(".pdf")
    write_whole(pdf, data)
    return pdf
