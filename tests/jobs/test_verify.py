"""verify: whatever was changed in the archive, the master or what was approved is found, and placed."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.conftest import AS_OF
from tests.faces.test_cli import fzzf, json_of
from tests.jobs.filling import GOOD, fill
from tests.mail.rounds import mail
from xl_fzzf.archive.ledger import Ledger
from xl_fzzf.archive.originals import fingerprint, keep_original
from xl_fzzf.desk.errors import JobError
from xl_fzzf.jobs.approve import approve, reopen
from xl_fzzf.jobs.collect import collect
from xl_fzzf.jobs.consolidate import consolidate
from xl_fzzf.jobs.verify import Verification, verify
from xl_fzzf.office.altered import find_altered
from xl_fzzf.office.book_file import FileBook
from xl_fzzf.office.xlsx.package import Package

MASTER = "台账-2019Q3.xlsx"
NOW = datetime(2019, 10, 8, 9, 30)


@pytest.fixture(scope="module")
def round_(_distributed: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A round with a return by mail, one by hand, and one that was sent again after the first run."""
    folder = tmp_path_factory.mktemp("核验") / "区"
    shutil.copytree(_distributed, folder)
    returns, incoming = folder / "分发/2019Q3", folder / "报送/2019Q3"
    fill(returns / "区司法局.xlsx", incoming / "区司法局.xlsx", GOOD)
    sent = fill(returns / "区财政局.xlsx", folder / "财.xlsx", GOOD)
    message = mail("czj@units.example.cn", ("区财政局.xlsx", sent.read_bytes()))
    (folder / "一.eml").write_bytes(bytes(message))
    collect(folder / MASTER, [folder / "一.eml"], NOW)
    consolidate(folder / MASTER, None, AS_OF, NOW)
    again = GOOD | {"1.1": {"value": 4, "narrative": "又开了一次"}}
    fill(returns / "区司法局.xlsx", incoming / "区司法局 更正.xlsx", again)
    consolidate(folder / MASTER, None, AS_OF, NOW.replace(day=9))
    return folder


@pytest.fixture
def folder(round_: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(round_, tmp_path / "区"))


def kept(folder: Path) -> list[Path]:
    """Every file whose bytes the archive vouches for, or is."""
    files = [path for path in sorted((folder / "档案").rglob("*")) if path.is_file()]
    return [folder / MASTER, *(path for path in files if path.suffix != ".lock")]


def places(result: Verification) -> set[str]:
    return {each.file for each in result.discrepancies}


@contextmanager
def altered(path: Path, data: bytes) -> Iterator[None]:
    whole = path.read_bytes()
    path.chmod(0o644)
    path.write_bytes(data)
    yield
    path.write_bytes(whole)


def test_a_workspace_that_nobody_touched_is_clean(folder: Path) -> None:
    before = {path: path.stat().st_mtime_ns for path in folder.rglob("*")}
    result = verify(folder)
    assert result.clean and not result.notes
    counts = (result.runs, result.collected, result.originals, result.states, result.masters)
    assert counts == (3, 1, 3, 3, 1)
    assert {path: path.stat().st_mtime_ns for path in folder.rglob("*")} == before
    said = fzzf(folder, "verify")
    assert "没有发现改动" in said and result.run_head.sha256 in said
    told = json_of(folder, "verify")
    assert told["clean"] and told["collected_head"]["number"] == 1 and told["discrepancies"] == []


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    which=st.floats(0, 1, exclude_max=True),
    at=st.floats(0, 1, exclude_max=True),
    bit=st.integers(0, 7),
)
def test_every_byte_that_was_changed_is_found_and_placed(
    folder: Path, which: float, at: float, bit: int
) -> None:
    paths = kept(folder)
    path = paths[int(which * len(paths))]
    data = bytearray(path.read_bytes())
    data[int(at * len(data))] ^= 1 << bit
    name = path.relative_to(folder).as_posix()
    with altered(path, bytes(data)):
        result = verify(folder)
    words = " ".join(each.words for each in result.discrepancies)
    assert name in places(result) or path.name in words
    assert not result.clean


def test_every_file_that_was_deleted_is_missed(folder: Path) -> None:
    for path in kept(folder):
        aside = path.rename(folder / "移走")
        result = verify(folder)
        aside.rename(path)
        assert not result.clean, path.name
    assert verify(folder).clean


def test_what_was_typed_into_the_master_since_is_told_cell_by_cell(folder: Path) -> None:
    book = FileBook.open(folder / MASTER)
    grid = book.read("一、组织领导")
    column = next(row for row in grid if "完成值" in row).index("完成值") + 1
    row = next(at for at, line in enumerate(grid, 1) if line[column - 1] == 4)
    book.write("一、组织领导", row, column, [[9]])
    book.save()
    cells = [each for each in verify(folder).discrepancies if each.cell]
    (typed,) = [each for each in cells if each.sheet == "一、组织领导"]
    assert (typed.file, typed.was, typed.now) == (MASTER, "4", "9")
    assert "第 3 次运行（汇总）以后" in typed.words
    said = fzzf(folder, "verify", code=1)
    assert f"一、组织领导 {typed.cell}：" in said and "（“4” → “9”）" in said


def test_a_program_that_drops_results_hides_no_edit(folder: Path) -> None:
    """openpyxl writes formulas without their results: thousands of cells, among them one figure."""
    book = openpyxl.load_workbook(folder / MASTER)
    sheet: Any = book["一、组织领导"]
    (cell,) = [c for row in sheet.iter_rows() for c in row if c.value == 4 and c.column > 5]
    cell.value = 9
    book.save(folder / MASTER)
    found = [each for each in verify(folder).discrepancies if each.file == MASTER]
    assert [(f.sheet, f.was, f.now) for f in found if f.cell] == [("一、组织领导", "4", "9")]
    lost = [f for f in found if "没有了结果" in f.words]
    assert lost and found[-len(lost) :] == lost


def test_a_run_and_its_master_rolled_back_leave_something_that_nothing_names(folder: Path) -> None:
    """Who removes the last run, its note and its master's state leaves the file that it received."""
    runs = folder / "档案/运行"
    (runs / "末份.json").unlink()
    max(runs.glob("0*.gz")).unlink()
    result = verify(folder)
    assert "档案/运行/末份.json" in places(result) and MASTER in places(result)
    assert any("原件" in note for note in result.notes) and any("备份" in n for n in result.notes)


def test_a_file_that_nothing_names_is_told_and_is_no_fault(folder: Path) -> None:
    keep_original(folder / "档案", fingerprint(b"x"), ".xlsx", b"x")
    (folder / "档案/笔记.txt").write_text("x", "utf-8")
    result = verify(folder)
    assert result.clean and len(result.notes) == 2
    assert "档案/原件：1 个文件没有记录提到" in result.notes[0] and "笔记.txt" in result.notes[1]


def test_what_was_approved_is_held_against_what_lies_there_until_it_is_opened_again(
    folder: Path,
) -> None:
    shutil.rmtree(folder / "待确认")
    summary = approve(folder / MASTER, "张三", "", NOW.replace(day=10)).summary
    name = summary.relative_to(folder).as_posix()
    assert verify(folder).clean
    whole = summary.read_bytes()
    book = FileBook.open(summary)
    row = next(at for at, line in enumerate(book.read("数据"), 1) if "1.1" in line)
    book.write("数据", row, 1, [["改了"]])
    book.save()
    found = verify(folder).discrepancies
    assert {(name, "数据", f"A{row}", "改了")} <= {(d.file, d.sheet, d.cell, d.now) for d in found}
    summary.unlink()
    (gone,) = verify(folder).discrepancies
    assert gone.file == name
    summary.write_bytes(whole)
    (figures,) = (folder / "档案/定稿").iterdir()
    with altered(figures, figures.read_bytes()[:-1] + b"x"):
        assert f"档案/定稿/{figures.name}" in places(verify(folder))
    reopen(folder / MASTER, "改数", NOW.replace(day=11))
    summary.unlink()
    assert verify(folder).clean, "it may be made anew"
    (copy,) = (folder / "档案/备份").glob(f"{summary.stem}_*")
    aside = copy.rename(folder / "移走")
    assert any(name in each.words for each in verify(folder).discrepancies), (
        "what was signed is kept"
    )
    aside.rename(copy)


def test_where_a_pdf_differs_is_told_by_its_bytes() -> None:
    (changed,) = find_altered(b"%PDF-1.7 abd", b"%PDF-1.7 abc", "汇总表.pdf")
    assert "从第 12 个字节起" in changed.words


def test_before_the_first_run_there_is_nothing_to_hold_a_master_against(
    folder: Path, tmp_path: Path
) -> None:
    (tmp_path / "新").mkdir()
    shutil.copy(folder / MASTER, tmp_path / "新" / MASTER)
    result = verify(tmp_path / "新")
    assert result.clean and "还没有运行过" in result.notes[0]
    with pytest.raises(JobError, match="没有可核验的"):
        verify(tmp_path / "没有")


def test_a_run_that_did_not_end_is_told(folder: Path) -> None:
    Ledger(folder / "档案").begin("x", "y")
    assert "没有做完" in verify(folder).notes[0]


def test_what_differs_between_two_workbooks_is_told_once(folder: Path) -> None:
    data = (folder / MASTER).read_bytes()
    assert list(find_altered(data, data, MASTER)) == []
    package = Package.open(data, MASTER)
    package.replace("xl/styles.xml", package.text("xl/styles.xml") + " ")
    (part,) = find_altered(data, package.pack(), MASTER)
    assert "xl/styles.xml" in part.words and not part.cell
    (cut,) = find_altered(data, data[:-100], MASTER)
    assert "不完整" in cut.words
