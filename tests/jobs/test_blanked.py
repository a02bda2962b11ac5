"""A newer version of a return that is blank where the older one was filled takes nothing away in silence."""

from __future__ import annotations

from datetime import datetime
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

import pytest

from tests.faces.test_cli import fzzf, json_of
from tests.jobs.filling import GOOD, fill, type_in
from tests.jobs.test_consolidate import NOW, blank, filled, incoming, received, records, run
from xl_fzzf.archive.ledger import Ledger
from xl_fzzf.desk.errors import JobError
from xl_fzzf.faces.excel.boxes import consolidated
from xl_fzzf.jobs.consolidate import Consolidation, Using, consolidate
from xl_fzzf.jobs.exclude import exclude, include
from xl_fzzf.jobs.report import report
from xl_fzzf.jobs.restore import undo
from xl_fzzf.jobs.trace import trace
from xl_fzzf.model.finding import Finding
from xl_fzzf.model.merging import NOTHING
from xl_fzzf.model.record import text
from xl_fzzf.model.settings import Blanks
from xl_fzzf.model.status import Status
from xl_fzzf.office.book_file import FileBook
from xl_fzzf.sheets.lists import read_register
from xl_fzzf.sheets.settings_sheet import write_setting
from xl_fzzf.sheets.spec import GUIDE, NOTHING_PLACE

__all__ = ["filled"]

MASTER = "台账-2019Q3.xlsx"
ONE_CELL: dict[str, dict[str, Any]] = {"1.1": {"value": 9}}
OLD, NEW = "区司法局.xlsx", "区司法局 新.xlsx"
EMPTIED = 10
"""Of the twelve entries in `GOOD` one is corrected, and one is a formula's."""


def send(folder: Path, name: str = NEW, day: int = 25, entries: Any = ONE_CELL) -> Path:
    """A fresh form with one cell filled, over the old file or beside it."""
    return received(fill(blank(folder, "区司法局"), incoming(folder, name), entries), day)


def own(folder: Path) -> dict[str, tuple[Any, ...]]:
    """What the master says of the unit; an empty cell is None, however it is empty."""
    return {
        code: tuple(None if cell == "" else cell for cell in cells)
        for (unit, code), cells in records(folder).items()
        if unit == "B01"
    }


def the_finding(result: Consolidation) -> Finding:
    (found,) = (finding for finding in result.findings if finding.rule == "blanked")
    return found


def accept(folder: Path, reason: str) -> None:
    """Write a reason beside the finding in 校验结果."""
    book = FileBook.open(folder / MASTER)
    grid = book.read("校验结果")
    header = next(at for at, row in enumerate(grid) if "接受理由" in row)
    row = next(at for at, line in enumerate(grid) if "新版留空" in line)
    book.write("校验结果", row + 1, grid[header].index("接受理由") + 1, [[reason]])
    book.save()


@pytest.mark.parametrize("name", [OLD, NEW], ids=["over-the-old-file", "beside-it"])
@pytest.mark.parametrize("between", [True, False], ids=["run-between", "both-at-once"])
def test_what_a_newer_version_leaves_blank_stays_and_the_run_asks(
    filled: Path, name: str, between: bool
) -> None:
    if between or name == OLD:
        run(filled)
    send(filled, name)
    for _ in range(3):
        result = run(filled)
        found = the_finding(result)
        assert own(filled) == {
            **GOOD_CELLS,
            "1.1": (None, None, 9, *GOOD_CELLS["1.1"][3:]),
        }
        assert found.severity.value == "warning" and found.unit == "区司法局" and found.file == name
        assert f"报过的 {EMPTIED} 格留空了" in found.message
        assert "1.1 完成情况；1.2 完成值、佐证材料" in found.message and "更正" in found.remedy


GOOD_CELLS = {
    "1.1": (None, None, 3, "召开三次会议", None, None, None),
    "1.2": (None, None, "是", None, "嘉府办〔2019〕1号", None, None),
    "1.3": (None, None, None, "推行一窗通办", None, None, None),
    "2.1": (4, 4, 1.0, None, None, None, None),
    "2.2": (None, 80, 82.5, None, None, None, None),
    "保1.1": (None, 100, 100, None, None, None, None),
}


def test_it_is_told_on_the_screen_in_the_box_in_the_register_and_in_the_receipt(
    filled: Path,
) -> None:
    write_setting_and_save(filled, "汇总单位", "区财政局")  # which gets no letter
    run(filled)
    send(filled)
    said = f"新版留空 {EMPTIED} 格，已保留原值"
    told = fzzf(filled, "consolidate", "--as-of", "2019-09-30")
    assert f"已采用 {NEW}：{said}" in told
    asked = (
        "1 份新版留空了以前报过的格：请向单位核实，在“校验结果”的“接受理由”里写“更正”或“以新版为准”"
    )
    assert asked in told
    result = run(filled)
    assert any(asked in line for line in consolidated(result, ""))
    assert any(said in line and NEW in line for line in consolidated(result, ""))
    lines = read_register(FileBook.open(filled / MASTER))
    assert [line.reason[: len(said)] for line in lines if line.file == NEW] == [said]
    assert f"区司法局“{NEW}”：{said}" in fzzf(filled, "status")
    made = report(filled / MASTER, result.as_of, result.as_of)
    notes = [" ".join(map(text, row)) for row in FileBook.open(made.summary).read("编制说明")]
    assert any(said in line for line in notes)
    fzzf(filled, "mail", "receipts", code=1)  # nobody's address is known
    letters = [
        message_from_bytes(path.read_bytes(), policy=policy.default).get_body(("plain",))
        for path in (filled / "发件/2019Q3").rglob("*.eml")
    ]
    texts = [letter.get_content() for letter in letters if letter]
    assert [said in text for text in texts].count(True) == 1 and len(texts) == 3


def write_setting_and_save(folder: Path, key: str, value: str) -> None:
    book = FileBook.open(folder / MASTER)
    write_setting(book, key, value)
    book.save()


def test_trace_leads_a_kept_value_to_the_older_file_s_cell(filled: Path) -> None:
    run(filled)
    send(filled)
    run(filled)
    newest, first = trace(filled / MASTER, "区司法局", "1.1").versions
    older = newest.version.older["narrative"]
    assert (newest.version.source.file, older.file) == (NEW, OLD)
    assert (older.sha256, newest.cells["narrative"]) == (
        first.version.source.sha256,
        first.cells["narrative"],
    )
    assert newest.version.submitted[3] is None, "the new file says nothing there"
    told = fzzf(filled, "trace", "区司法局", "1.1")
    assert (
        f"召开三次会议（新版留空，保留“{OLD}”一、组织领导 {newest.cells['narrative']} 的原值）"
        in told
    )
    (step, _) = json_of(filled, "trace", "区司法局", "1.1")["versions"]
    assert step["older"]["narrative"]["file"] == OLD and step["entries"]["value"] == 9


@pytest.mark.parametrize("way", ["setting", "reason", "option"])
def test_the_coordinator_says_that_a_version_replaces_the_older_ones(
    filled: Path, way: str
) -> None:
    run(filled)
    send(filled)
    result = run(filled)
    if way == "setting":
        write_setting_and_save(filled, "新版留空", "以新版为准")
    elif way == "reason":
        accept(filled, "以新版为准（电话核实）")
    using = Using(replacing=(NEW,) if way == "option" else ())
    only = dict.fromkeys(GOOD_CELLS, NOTHING) | {"1.1": (None, None, 9, *[None] * 4)}
    result = consolidate(filled / MASTER, None, result.as_of, NOW, using)
    assert own(filled) == only
    found = the_finding(result)
    assert f"{EMPTIED} 格留空了，以新版为准，原值已清空" in found.message
    assert found.accepted is (way != "setting")
    for _ in range(2):  # the word holds without being said again, the old file lies there still
        run(filled)
        assert own(filled) == only
    ledger = Ledger(filled / "档案")
    kept = [
        f.waiver for j in ledger.runs("2019Q3") for f in findings_of(ledger, j.number) if f.waiver
    ]
    assert bool(kept) is (way != "setting"), "the ledger keeps the coordinator's word"


def findings_of(ledger: Ledger, number: int) -> list[Finding]:
    own = next(j for j in ledger._journals if j.run.number == number)
    return [finding for finding in own.findings() if finding.rule == "blanked"]


def test_a_version_after_one_that_replaced_brings_nothing_back(filled: Path) -> None:
    run(filled)
    send(filled)
    consolidate(filled / MASTER, None, run(filled).as_of, NOW, Using(replacing=(NEW,)))
    send(filled, "区司法局 三.xlsx", 27, {"1.1": {"value": 8, "narrative": "再更正"}})
    for _ in range(2):
        result = run(filled)
        assert not [f for f in result.findings if f.rule == "blanked"]
        assert own(filled)["1.1"] == (None, None, 8, "再更正", None, None, None)
        assert own(filled)["1.2"] == (None,) * 7


def test_a_reason_for_a_correction_settles_the_question_and_keeps_the_values(filled: Path) -> None:
    run(filled)
    send(filled)
    run(filled)
    accept(filled, "更正，其余不变")
    for _ in range(2):
        assert the_finding(run(filled)).accepted
        assert own(filled)["1.2"] == GOOD_CELLS["1.2"]
    send(filled, "区司法局 三.xlsx", 27, {"1.1": {"value": 8}})
    assert not the_finding(run(filled)).accepted, "a further version is asked about again"
    assert own(filled)["1.2"] == GOOD_CELLS["1.2"]


def test_a_kept_cell_that_is_cleared_in_the_master_stays_clear(filled: Path) -> None:
    run(filled)
    send(filled)
    run(filled)
    type_in(filled / MASTER, ("B01", "1.1"), "narrative", None)
    for _ in range(2):
        assert f"{EMPTIED - 1} 格" in the_finding(run(filled)).message
        assert own(filled)["1.1"] == (None, None, 9, *[None] * 4)


def test_an_older_version_counts_again_whole_when_the_newer_one_is_taken_away(filled: Path) -> None:
    short = {"1.1": {"value": 2}}
    send(filled, OLD, 20, short)
    run(filled)
    first = own(filled)
    newer = send(filled, entries=GOOD)
    run(filled)
    assert own(filled) == GOOD_CELLS
    newer.unlink()
    for _ in range(2):
        run(filled)
        assert own(filled) == first


def test_what_the_coordinator_typed_is_neither_kept_nor_cleared(filled: Path) -> None:
    run(filled)
    type_in(filled / MASTER, ("B01", "1.1"), "narrative", "核实后改的")
    send(filled, entries={"1.1": {"value": 9}})
    for _ in range(2):
        result = run(filled)
        assert own(filled)["1.1"][2:4] == (9, "核实后改的")
        assert f"{EMPTIED - 1} 格" in the_finding(result).message


def test_undoing_the_run_undoes_the_version_as_well(filled: Path) -> None:
    run(filled)
    before = own(filled)
    send(filled)
    run(filled)
    undo(filled / MASTER, NOW.date(), datetime(2019, 10, 21))
    assert own(filled) == before
    run(filled)
    assert own(filled)["1.2"] == before["1.2"] and own(filled)["1.1"][2] == 9


def test_only_a_file_that_counts_can_be_said_to_replace(filled: Path) -> None:
    before = records(filled)
    with pytest.raises(JobError, match=r"“没有\.xlsx”不在这次采用的文件里"):
        consolidate(filled / MASTER, None, NOW.date(), NOW, Using(replacing=("没有.xlsx",)))
    assert records(filled) == before
    fzzf(filled, "consolidate", "--replace", OLD)


def test_the_setting_takes_only_its_two_words(filled: Path) -> None:
    write_setting_and_save(filled, "新版留空", "随便")
    told = fzzf(filled, "consolidate", code=2)
    assert "要填 保留原值 或 以新版为准，现在是“随便”" in told
    assert {each.value for each in Blanks} == {"保留原值", "以新版为准"}


def test_of_a_file_that_is_left_out_nothing_is_kept(filled: Path) -> None:
    run(filled)
    send(filled)
    run(filled)
    exclude(filled / MASTER, OLD, "报错了单位", NOW)
    only = dict.fromkeys(GOOD_CELLS, NOTHING) | {"1.1": (None, None, 9, *[None] * 4)}
    for _ in range(2):
        result = run(filled)
        assert own(filled) == only and not [f for f in result.findings if f.rule == "blanked"]
    include(filled / MASTER, OLD, NOW)
    exclude(filled / MASTER, NEW, "是空表", NOW)
    for _ in range(2):
        run(filled)
        assert own(filled) == GOOD_CELLS


def test_a_unit_that_says_it_has_nothing_to_report_replaces_what_it_sent(filled: Path) -> None:
    run(filled)
    book = FileBook.open(send(filled, entries={}))
    book.write(GUIDE, *NOTHING_PLACE, [["机构改革，职能已划转区市场监管局"]])
    book.save()
    received(incoming(filled, NEW), 25)
    for told in (True, False):
        result = run(filled)
        assert {a.status for a in result.assessments if a.unit.code == "B01"} == {
            Status.NOT_APPLICABLE
        }
        found = [finding for finding in result.findings if finding.rule == "blanked"]
        assert bool(found) is told and all("原值已清空" in each.message for each in found)
