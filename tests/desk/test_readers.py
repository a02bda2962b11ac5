"""Hostile files are read in limited workers: each gets a verdict, the run goes on."""

from __future__ import annotations

import io
import os
import time
import zipfile
from datetime import datetime
from pathlib import Path

import pytest

from tests.conftest import AS_OF
from tests.jobs.filling import GOOD, fill
from xl_fzzf.desk import readers
from xl_fzzf.desk.readers import Readers
from xl_fzzf.jobs.check import check_files
from xl_fzzf.model.submission import Submission, Verdict

NOW = datetime(2019, 10, 1)


def _abort(*_: object) -> Submission:
    os.abort()


def _hang(*_: object) -> Submission:
    time.sleep(60)
    raise AssertionError


def _eat(*_: object) -> Submission:
    bytearray(4 << 30)
    raise AssertionError


class Panic(BaseException):
    pass


def _panic(*_: object) -> Submission:
    raise Panic


@pytest.mark.parametrize(
    ("fault", "words"),
    [(_abort, "中止"), (_hang, "没有读完"), (_eat, "太大"), (_panic, "中止")],
)
def test_a_reader_that_fails_costs_one_file_and_the_pool_goes_on(
    monkeypatch: pytest.MonkeyPatch, workspace: Path, fault: object, words: str
) -> None:
    monkeypatch.setattr(readers, "SECONDS", 1)
    data = fill(workspace / "分发/2019Q3/金凤镇.xlsx", workspace / "好.xlsx", GOOD).read_bytes()
    monkeypatch.setattr("xl_fzzf.sheets.submission.read_submission", fault)
    with Readers() as pool:
        bad = pool.read("坏.xlsx", data, "", NOW)()
        assert words in bad.unreadable
        monkeypatch.undo()
    with Readers() as pool:
        assert not pool.read("好.xlsx", data, "", NOW)().unreadable


def _rewrite(source: Path, target: Path, part: str, old: bytes, new: bytes) -> None:
    with zipfile.ZipFile(source) as good, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as bad:
        for name in good.namelist():
            data = good.read(name)
            bad.writestr(name, data.replace(old, new, 1) if name == part else data)


def test_a_lone_cell_in_the_last_corner_is_a_verdict_not_an_abort(workspace: Path) -> None:
    """BAD_INPUTS 37: calamine alone aborts the process."""
    good = fill(workspace / "分发/2019Q3/金凤镇.xlsx", workspace / "好.xlsx", GOOD)
    corner = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
    _rewrite(good, workspace / "远.xlsx", "xl/worksheets/sheet3.xml", b"</sheetData>", corner)
    (result,) = check_files([workspace / "远.xlsx"], None, workspace, AS_OF, False)
    assert result.checked.verdict is Verdict.QUARANTINED
    assert "很远的地方" in result.checked.reason


def test_a_zip_bomb_is_not_inflated(workspace: Path) -> None:
    """BAD_INPUTS 16 and 17."""
    memory = io.BytesIO()
    with zipfile.ZipFile(memory, "w", zipfile.ZIP_DEFLATED) as bomb:
        for name in ("[Content_Types].xml", "xl/workbook.xml", "xl/_rels/workbook.xml.rels"):
            bomb.writestr(name, "<x/>")
        bomb.writestr("xl/sharedStrings.xml", b"\0" * (60 << 20))
    (workspace / "炸弹.xlsx").write_bytes(memory.getvalue())
    (result,) = check_files([workspace / "炸弹.xlsx"], None, workspace, AS_OF, False)
    assert result.checked.verdict is Verdict.QUARANTINED


def test_an_error_cell_is_found_where_it_stands(workspace: Path) -> None:
    """BAD_INPUTS 54: calamine reads it as empty."""
    good = fill(workspace / "分发/2019Q3/金凤镇.xlsx", workspace / "好.xlsx", GOOD)
    broken = b'<c r="I4" t="e"><f>1/0</f><v>#DIV/0!</v></c>'
    with zipfile.ZipFile(good) as package:
        sheet = package.read("xl/worksheets/sheet3.xml")
    start = sheet.index(b'<c r="I4"')
    old = sheet[start : sheet.index(b"</c>", start) + 4]
    _rewrite(good, workspace / "错.xlsx", "xl/worksheets/sheet3.xml", old, broken)
    (result,) = check_files([workspace / "错.xlsx"], None, workspace, AS_OF, False)
    (finding,) = [finding for finding in result.findings if finding.rule != "late"]
    assert (finding.rule, finding.cell, finding.value) == ("number", "I4", "#DIV/0!")
