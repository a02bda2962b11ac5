"""Hostile files are read in limited workers: each gets a verdict, the run goes on."""

from __future__ import annotations

import faulthandler
import io
import os
import time
import typing
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import is_dataclass
from datetime import date, datetime
from pathlib import Path

import pytest

from tests.conftest import AS_OF
from tests.jobs.filling import GOOD, fill
from tests.receiving import troubled
from xl_fzzf.desk import readers
from xl_fzzf.desk.errors import JobError
from xl_fzzf.desk.readers import Readers
from xl_fzzf.faces.cli import main as cli
from xl_fzzf.jobs.check import check_files
from xl_fzzf.jobs.consolidate import consolidate
from xl_fzzf.model.record import ErrorCell
from xl_fzzf.model.submission import Mark, Submission, Trait, Verdict
from xl_fzzf.sheets.sample import build_sample
from xl_fzzf.sheets.submission import read_submission

NOW = datetime(2019, 10, 1)
READ = "xl_fzzf.sheets.submission.read_submission"


def _abort(*_: object) -> Submission:
    faulthandler.disable()  # this crash is meant
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


def _nonsense(*_: object) -> Submission:
    return "garbage"  # type: ignore[return-value]


def _failing_on(bad: str, fault: Callable[..., Submission]) -> Callable[..., Submission]:
    """A reader that fails on the files of this name."""

    def read(file: str, *rest: object) -> Submission:
        chosen = fault if file == bad else read_submission
        return chosen(file, *rest)  # type: ignore[arg-type]

    return read


@pytest.mark.parametrize(
    ("fault", "words"),
    [(_abort, "中止"), (_hang, "没有读完"), (_eat, "太大"), (_panic, "中止")],
)
def test_a_reader_that_fails_costs_one_file_and_the_pool_goes_on(
    monkeypatch: pytest.MonkeyPatch,
    workspace: Path,
    fault: Callable[..., Submission],
    words: str,
) -> None:
    monkeypatch.setattr(readers, "SECONDS", 2)
    data = fill(workspace / "分发/2019Q3/金凤镇.xlsx", workspace / "好.xlsx", GOOD).read_bytes()
    monkeypatch.setattr(READ, _failing_on("坏.xlsx", fault))
    with Readers() as pool:
        bad = pool.read("坏.xlsx", data, "", NOW)()
        assert words in bad.unreadable
        assert not pool.read("好.xlsx", data, "", NOW)().unreadable


def _bytes_below(folder: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in sorted(folder.rglob("*.xlsx"))}


@pytest.mark.parametrize("fault", [_abort, _hang, _eat, _panic, _nonsense])
def test_a_reader_that_fails_on_everything_stops_the_run_and_blames_no_file(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    workspace: Path,
    fault: Callable[..., Submission],
) -> None:
    for unit in ("金凤镇", "安福镇"):
        blank = workspace / "分发/2019Q3" / f"{unit}.xlsx"
        fill(blank, workspace / "报送/2019Q3" / f"{unit}.xlsx", GOOD)
    before = _bytes_below(workspace)
    monkeypatch.setattr(readers, "SECONDS", 1)
    monkeypatch.setattr(READ, fault)
    monkeypatch.setattr("sys.argv", ["fzzf", "consolidate", str(workspace / "台账-2019Q3.xlsx")])
    with pytest.raises(SystemExit) as exit_:
        cli.main()
    said = capsys.readouterr()
    assert exit_.value.code == 2
    assert "这是程序的问题，不是报送文件的问题" in said.err
    assert "重新安装" in said.err
    assert "已隔离" not in said.out + said.err
    after = _bytes_below(workspace)
    assert {path: after[path] for path in before} == before  # the archive keeps what came in


def test_check_stops_as_well(monkeypatch: pytest.MonkeyPatch, workspace: Path) -> None:
    monkeypatch.setattr(READ, _nonsense)
    with pytest.raises(JobError, match="程序的问题"):
        check_files([workspace / "分发/2019Q3/金凤镇.xlsx"], None, workspace, AS_OF, False)


def test_a_round_of_one_hostile_file_quarantines_it(
    monkeypatch: pytest.MonkeyPatch, workspace: Path
) -> None:
    blank = workspace / "分发/2019Q3/金凤镇.xlsx"
    fill(blank, workspace / "报送/2019Q3/金凤镇.xlsx", GOOD)
    monkeypatch.setattr(READ, _failing_on("金凤镇.xlsx", _abort))
    done = consolidate(workspace / "台账-2019Q3.xlsx", None, AS_OF, NOW)
    assert [file.verdict for file in done.files] == [Verdict.QUARANTINED]


def _sample() -> Submission:
    return read_submission("样表.xlsx", build_sample(), "", NOW)


def test_the_sample_holds_one_of_each_that_is_sent() -> None:
    sample = _sample()
    (sheet,) = sample.sheets.values()
    (row,) = sheet.rows
    assert sample.traits and sheet.marks
    assert {str, float, ErrorCell, date} <= {type(entry) for entry in row.record.entries()}


def _classes(kind: object) -> Iterator[type]:
    """The classes of ours that an object of this type may hold, however deep."""
    if isinstance(kind, type) and kind.__module__.startswith("xl_fzzf."):
        yield kind
    inner = typing.get_type_hints(kind).values() if is_dataclass(kind) else typing.get_args(kind)
    for other in inner:
        yield from _classes(other)


def test_every_class_that_a_submission_holds_may_be_sent() -> None:
    # an error cell is one of the texts
    assert set(_classes(Submission)) | {ErrorCell} == {Submission, *readers.PARTS}


def test_a_submission_arrives_as_it_was_read_whatever_python_would_send(
    monkeypatch: pytest.MonkeyPatch, workspace: Path
) -> None:
    for kind in (Mark, Trait):  # as Python 3.11.2 does
        monkeypatch.setattr(kind, "__reduce_ex__", lambda m, _: (getattr, (type(m), m.name)))
    filled = fill(workspace / "分发/2019Q3/金凤镇.xlsx", workspace / "好.xlsx", GOOD)
    data = troubled(filled.read_bytes())
    sent = read_submission("看.txt", data, "", NOW)
    assert sent.traits and any(sheet.marks for sheet in sent.sheets.values())
    with Readers() as pool:
        assert pool.read("看.txt", data, "", NOW)() == sent


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
