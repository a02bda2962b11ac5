"""What a unit gets back: findings that stand until it corrects them, in a file that every program opens."""

from __future__ import annotations

import re
import shutil
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.comments import Comment
from python_calamine import CalamineWorkbook

from tests.conftest import AS_OF
from tests.jobs.filling import GOOD, fill
from tests.libreoffice import Office
from xl_fzzf.jobs.check import CheckResult, check_files
from xl_fzzf.model.submission import Trait
from xl_fzzf.sheets.spec import BANNER, FINDINGS

pytestmark = pytest.mark.slow

FIRST, SECOND = "一、组织领导", "二、依法行政"
LONG = "研究了全年的工作安排。" * 40
WRONG: dict[str, dict[str, Any]] = GOOD | {
    "1.1": {"value": "三次", "narrative": LONG},
    "1.2": {"value": "是"},
    "2.1": {"numerator": 9, "denominator": 4},
}


@dataclass
class Returned:
    folder: Path
    result: CheckResult
    copy: Path


def check(folder: Path, path: Path) -> Returned:
    (result,) = check_files([path], None, folder, AS_OF, True)
    assert result.copy
    return Returned(folder, result, result.copy)


@pytest.fixture
def returned(workspace: Path) -> Returned:
    source, target = (workspace / f"{name}/2019Q3/区司法局.xlsx" for name in ("分发", "报送"))
    return check(workspace, fill(source, target, WRONG))


def hints(book: Any, sheet: str) -> list[str]:
    return [str(row[10]) for row in book.values(sheet)[3:]]


def test_a_finding_stands_until_its_cells_change(returned: Returned, office: Office) -> None:
    messages = {f.message for f in returned.result.findings}
    assert len(messages) >= 3
    with office.open(returned.copy) as book:
        book.recalculate()
        shown = hints(book, FIRST) + hints(book, SECOND)
        stored: Any = openpyxl.load_workbook(returned.copy, data_only=True)
        cells = [
            row[10].value or "" for s in (FIRST, SECOND) for row in stored[s].iter_rows(min_row=4)
        ]
        assert shown == cells, "LibreOffice says what Python stored"
        assert all(any(message in hint for hint in shown) for message in messages)
        book.type(FIRST, {"I4": "四次"})
        book.recalculate()
        live = "请填不小于 0 的整数；没有这类事项填“不适用”"
        assert hints(book, FIRST)[0] == live
        book.type(FIRST, {"I4": 4, "M5": "嘉府办〔2019〕3号"})
        book.type(SECOND, {"G4": 4})
        book.recalculate()
        assert hints(book, FIRST)[:2] == ["", ""] and hints(book, SECOND)[0] == ""
        assert [row[9] for row in book.values(FIRST)[3:5]] == ["达标", "达标"]
        book.type(FIRST, {"I4": "三次"})
        book.recalculate()
        assert hints(book, FIRST)[0] == shown[0], "the same fault again"


def test_one_character_in_the_middle_of_a_long_text_is_a_change(
    returned: Returned, office: Office
) -> None:
    with office.open(returned.copy) as book:
        book.type(FIRST, {"L4": f"{LONG[:200]}已{LONG[201:]}"})
        book.recalculate()
        assert "现在是文字" not in hints(book, FIRST)[0], "the row's own formula speaks again"


def test_the_other_hints_are_live(returned: Returned, office: Office) -> None:
    with office.open(returned.copy) as book:
        formulas = [row[10] for row in book.formulas(FIRST)[3:]]
        assert all(formula.startswith("=IF") for formula in formulas if formula) and formulas[2]
        book.type(FIRST, {"L6": None})
        book.recalculate()
        assert hints(book, FIRST)[2] == "待填"


def test_it_opens_on_what_was_found_and_says_what_to_do(returned: Returned) -> None:
    book: Any = openpyxl.load_workbook(returned.copy)
    assert book.active.title == FINDINGS
    assert [s.title for s in book if s.sheet_view.tabSelected] == [FINDINGS]
    banner = str(book[FINDINGS].cell(*BANNER).value)
    errors = sum(f.severity.label == "错误" for f in returned.result.findings)
    assert f"错误 {errors} 处" in banner and "这个文件里改" in banner and "发回" in banner


def test_the_corrected_copy_is_a_return_like_any_other(returned: Returned, office: Office) -> None:
    sent = returned.folder / "报送/2019Q3/区司法局 改.xlsx"
    with office.open(returned.copy) as book:
        book.type(FIRST, {"I4": 4, "M5": "嘉府办〔2019〕3号"})
        book.type(SECOND, {"G4": 4})
        book.save_as(sent)
    again = check(returned.folder, sent)
    assert [f.message for f in again.result.findings] == []
    with office.open(again.copy) as book:
        assert hints(book, FIRST)[:2] == ["", ""]
        assert "没有要改的" in str(book.values(FINDINGS)[BANNER[0] - 1][BANNER[1] - 1])


@pytest.mark.parametrize("suffix", ["xlsx", "xls", "ods"])
def test_our_comments_are_known_whatever_saved_them(
    returned: Returned, office: Office, suffix: str
) -> None:
    saved = returned.folder / f"报送/2019Q3/区司法局 存.{suffix}"
    with office.open(returned.copy) as book:
        book.save_as(saved)
    traits = check(returned.folder, saved).result.checked.submission.traits
    assert Trait.COMMENTS not in traits
    if suffix == "xls":
        return  # openpyxl's boxes are not what LibreOffice writes into .xls
    foreign: Any = openpyxl.load_workbook(returned.copy)
    foreign[FIRST]["L5"].comment = Comment("请示中", "张三")
    mixed = returned.folder / "报送/2019Q3/区司法局 混.xlsx"
    foreign.save(mixed)
    with office.open(mixed) as book:
        book.save_as(saved)
    traits = check(returned.folder, saved).result.checked.submission.traits
    assert Trait.COMMENTS in traits, "a unit's own comment is told beside ours"


def test_every_reader_finds_the_comments(returned: Returned) -> None:
    """Readers know comments by the names that Excel gives their parts, and by relative targets."""
    with zipfile.ZipFile(returned.copy) as package:
        names = package.namelist()
        relations = [package.read(n).decode() for n in names if "worksheets/_rels" in n]
    assert "xl/comments1.xml" in names and "xl/drawings/vmlDrawing1.vml" in names
    targets = re.findall('Target="([^"]*)"', "".join(relations))
    assert {"../comments1.xml", "../drawings/vmlDrawing1.vml"} <= set(targets)
    book: Any = openpyxl.load_workbook(returned.copy)
    comments = {
        cell.coordinate: cell.comment for row in book[FIRST] for cell in row if cell.comment
    }
    assert {"I4", "M5"} <= set(comments) and {c.author for c in comments.values()} == {"校验"}
    assert CalamineWorkbook.from_path(returned.copy).sheet_names == book.sheetnames


def test_a_second_check_of_the_copy_says_everything_once(returned: Returned) -> None:
    target = returned.folder / "报送/2019Q3/区司法局 再.xlsx"
    shutil.copy(returned.copy, target)
    again = check(returned.folder, target)
    assert [f.message for f in again.result.findings] == [
        f.message for f in returned.result.findings
    ]
    first, second = (openpyxl.load_workbook(path) for path in (returned.copy, again.copy))
    notes = [{c.coordinate: c.comment.text for r in book[FIRST] for c in r if c.comment}
             for book in (first, second)]  # fmt: skip
    assert notes[0] == notes[1]


def test_a_file_that_lost_its_stamp_sheet_or_is_old_is_copied_into_a_fresh_return(
    returned: Returned, office: Office
) -> None:
    old = returned.folder / "报送/2019Q3/区司法局.xls"
    with office.open(returned.folder / "报送/2019Q3/区司法局.xlsx") as book:
        book.save_as(old)
    fresh = check(returned.folder, old)
    with office.open(fresh.copy) as book:
        assert "现在是文字" in hints(book, FIRST)[0]
        book.type(FIRST, {"I4": 4})
        book.recalculate()
        assert hints(book, FIRST)[0] == ""
