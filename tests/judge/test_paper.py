"""Printed by LibreOffice: nothing is too small to read, and a master prints what a meeting looks at."""

from __future__ import annotations

import re
import subprocess
from datetime import datetime
from pathlib import Path

import pytest

from tests.conftest import AS_OF
from tests.jobs.filling import GOOD, fill
from tests.libreoffice import Office
from xl_fzzf.jobs.check import check_files
from xl_fzzf.jobs.consolidate import consolidate

pytestmark = pytest.mark.slow

LEAST = 9.0
"""Points."""


def printed(office: Office, path: Path) -> tuple[list[float], str]:
    """The sizes of all letters on paper, in points, and the words."""
    pdf = path.with_suffix(".pdf")
    with office.open(path) as book:
        book.recalculate()
        book.to_pdf(pdf)
    command = ["pdftohtml", "-xml", "-i", "-stdout", "-zoom", "3", str(pdf)]
    xml = subprocess.run(command, check=True, capture_output=True, encoding="utf-8").stdout
    sizes = {font: int(size) / 3 for font, size in re.findall(r'id="(\d+)" size="(\d+)"', xml)}
    used = re.findall(r'<text [^>]*font="(\d+)"[^>]*>(.*?)</text>', xml)
    words = "".join(re.sub("<[^>]*>", "", text) for _, text in used)
    return sorted(sizes[font] for font, text in used if text.strip()), words


def test_a_return_and_its_annotated_copy_can_be_read_on_paper(
    workspace: Path, office: Office
) -> None:
    wrong = GOOD | {"1.1": {"value": "三次", "narrative": "已经召开会议研究。" * 20}}
    source, target = (workspace / f"{name}/2019Q3/区司法局.xlsx" for name in ("分发", "报送"))
    fill(source, target, wrong)
    (result,) = check_files([target], None, workspace, AS_OF, True)
    assert result.copy
    sizes, words = printed(office, result.copy)
    assert len(sizes) > 100 and "完成值应填数字" in words and "整改时限" in words
    assert sizes[0] >= LEAST


def test_a_master_prints_its_overview_only(workspace: Path, office: Office) -> None:
    source, target = (workspace / f"{name}/2019Q3/区司法局.xlsx" for name in ("分发", "报送"))
    fill(source, target, GOOD)
    master = workspace / "台账-2019Q3.xlsx"
    consolidate(master, None, AS_OF, datetime(2019, 10, 1, 9))
    sizes, words = printed(office, master)
    assert "最需要关注" in words and "各领域进展" in words
    assert not {"校验提示", "单位名录", "报送登记", "文件指纹"} & set(re.findall(r"[\w]+", words))
    assert sizes[0] >= LEAST
    info = subprocess.run(
        ["pdfinfo", str(master.with_suffix(".pdf"))], check=True, capture_output=True, text=True
    )
    assert re.search(r"Pages:\s+[12]\n", info.stdout)
