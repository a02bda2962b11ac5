"""可以报送, or what is missing: the line by which a clerk knows; LibreOffice says what Python stored."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tests.conftest import AS_OF
from tests.jobs.filling import GOOD, fill
from tests.libreoffice import Office, Workbook
from xl_fzzf.jobs.check import check_files
from xl_fzzf.sheets.spec import OVERVIEW

pytestmark = pytest.mark.slow

FIRST, SECOND = "一、组织领导", "二、依法行政"


def said(book: Workbook) -> tuple[str, str, str]:
    """What 总览, the first and the second area sheet say."""
    first, second = (str(book.values(sheet, "J1:J1")[0][0]) for sheet in (FIRST, SECOND))
    return str(book.values(OVERVIEW, "A3:A3")[0][0]), first, second


def stored(path: Path) -> tuple[str, str, str]:
    book: Any = openpyxl.load_workbook(path, data_only=True)
    return book[OVERVIEW]["A3"].value, book[FIRST]["J1"].value, book[SECOND]["J1"].value


def test_a_return_says_what_is_missing_until_it_can_be_sent(
    workspace: Path, office: Office
) -> None:
    fresh = workspace / "分发/2019Q3/区司法局.xlsx"
    with office.open(fresh) as book:
        book.recalculate()
        assert said(book) == stored(fresh)
        whole, first, second = said(book)
        assert (first, second) == ("还差 3 项、有误 0 项", "还差 2 项、有误 0 项")
        assert whole == "还差 6 项、有误 0 项"
        book.type(FIRST, {"I4": "三次", "I5": "是", "M5": "嘉府办〔2019〕1号", "L6": "一窗通办"})
        book.type(SECOND, {"G4": 9, "H4": 4, "H5": 80, "I5": 82.5})
        book.recalculate()
        assert said(book) == (
            "还差 1 项、有误 2 项",
            "还差 0 项、有误 1 项",
            "还差 0 项、有误 1 项",
        )
        book.type(FIRST, {"I4": 3, "M5": None})
        book.type(SECOND, {"G4": 3})
        book.type("保障措施", {"H4": 100, "I4": 100})
        book.recalculate()
        assert said(book)[1] == "还差 1 项、有误 0 项", "是 without evidence"
        assert said(book)[2] == "还差 1 项、有误 0 项", "unmet without a plan"
        book.type(FIRST, {"M5": "嘉府办〔2019〕1号"})
        book.type(SECOND, {"N4": "人手不足", "O4": 43830})
        book.recalculate()
        assert said(book) == ("可以报送",) * 3


@pytest.mark.parametrize("wrong", [{}, {"1.1": {"value": -1}, "2.1": {"numerator": 9}}])
def test_an_annotated_copy_says_it_of_what_was_found(
    workspace: Path, office: Office, wrong: dict[str, Any]
) -> None:
    source, target = (workspace / f"{name}/2019Q3/区司法局.xlsx" for name in ("分发", "报送"))
    own = {code: {**GOOD[code], **wrong.get(code, {})} for code in GOOD}
    fill(source, target, own)
    (result,) = check_files([target], None, workspace, AS_OF, True)
    assert result.copy
    with office.open(result.copy) as book:
        book.recalculate()
        assert said(book) == stored(result.copy)
        assert (said(book)[0] == "可以报送") is not bool(wrong)


def test_a_reminder_keeps_nobody_from_sending(workspace: Path, office: Office) -> None:
    source, target = (workspace / f"{name}/2019Q3/区司法局.xlsx" for name in ("分发", "报送"))
    fill(source, target, GOOD | {"1.1": {"value": 3, "numerator": 5, "narrative": "召开三次会议"}})
    (result,) = check_files([target], None, workspace, AS_OF, True)
    assert result.copy and {f.severity.label for f in result.findings} == {"提醒"}
    with office.open(result.copy) as book:
        book.recalculate()
        assert said(book) == stored(result.copy) == ("可以报送",) * 3
        assert str(book.values(FIRST, "K4:K4")[0][0]).startswith("提醒：")
