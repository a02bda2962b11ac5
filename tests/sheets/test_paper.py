"""Paper: what is printed of a summary can be read, and what is for machines is not printed."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections import defaultdict
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from tests.sheets.test_summary import MADE, standing
from xl_fzzf.desk.printing import print_in_office
from xl_fzzf.jobs.consolidate import Consolidation
from xl_fzzf.jobs.report import Report
from xl_fzzf.model.round import Registered
from xl_fzzf.sheets.summary import build_summary

SMALLEST = 9.0
"""Points; as small as it gets, once scaled."""

_ZOOM = 3


def printed(workbook: bytes, folder: Path) -> Path:
    source, made = folder / "summary.xlsx", folder / "summary.pdf"
    source.write_bytes(workbook)
    print_in_office(source, made)
    return made


def sizes(pdf: Path) -> dict[int, dict[float, str]]:
    """The sizes of the letters on every page, in points, each with a text written in it."""
    assert shutil.which("pdftohtml"), "apt-get install poppler-utils"
    command = ["pdftohtml", "-xml", "-zoom", str(_ZOOM), "-i", "-stdout", str(pdf)]
    xml = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    fonts: dict[str, float] = {}
    found: dict[int, dict[float, str]] = defaultdict(dict)
    page = 0
    for line in xml.splitlines():
        if match := re.search(r'<page number="(\d+)"', line):
            page = int(match[1])
        elif match := re.search(r'<fontspec id="(\d+)" size="(\d+)"', line):
            fonts[match[1]] = int(match[2]) / _ZOOM
        elif match := re.search(r'<text .*font="(\d+)">(.*?)</text>', line):
            found[page].setdefault(fonts[match[1]], re.sub("<.*?>", "", match[2]))
    return found


def words(pdf: Path) -> str:
    return subprocess.run(
        ["pdftotext", "-layout", str(pdf), "-"], check=True, capture_output=True, text=True
    ).stdout


@pytest.mark.slow
def test_nothing_is_printed_too_small_and_nothing_that_machines_read(tmp_path: Path) -> None:
    digits = "0123456789abcdef" * 4
    file = Registered("区司法局.xlsx", "区司法局", "已采用", "", "2019-10-01 09:00", "及时", digits)
    round_ = replace(standing(), files=(file,), master="台账-2019Q3.xlsx", sha256=digits)
    pdf = printed(build_summary(round_, MADE, printed=True), tmp_path)
    small = {
        (page, size, text)
        for page, found in sizes(pdf).items()
        for size, text in found.items()
        if size < SMALLEST
    }
    assert small == set()
    told = words(pdf)
    assert digits not in told and digits[:12] in told and "###" not in told
    assert "第 1 页" not in told and "第 2 页" in told, "the cover has no number"


@pytest.mark.slow
def test_a_whole_district_fits_its_paper(
    demo_rounds: list[tuple[Consolidation, Report]], tmp_path: Path
) -> None:
    _, made = demo_rounds[-1]
    pdf = printed(build_summary(made.standing, date(2020, 1, 6), printed=True), tmp_path)
    found = sizes(pdf)
    assert min(size for page in found.values() for size in page) >= SMALLEST
    assert len(found) < 40 and "###" not in words(pdf)
