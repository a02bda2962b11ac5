"""Waivers: a reason typed beside a warning accepts it, until what was found changes."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import AS_OF
from tests.jobs.filling import GOOD, fill
from tests.jobs.test_consolidate import received
from xl_fzzf.faces.words.returns import consolidation_json
from xl_fzzf.faces.words.telling import json_text
from xl_fzzf.jobs.consolidate import Consolidation, consolidate
from xl_fzzf.jobs.next import next_period
from xl_fzzf.jobs.report import report
from xl_fzzf.jobs.status import read_standing
from xl_fzzf.model.finding import Finding
from xl_fzzf.model.period import Period
from xl_fzzf.office.book_file import FileBook
from xl_fzzf.office.tables import find_table
from xl_fzzf.rules import ALL_RULES
from xl_fzzf.sheets import spec as layout
from xl_fzzf.sheets.lists import write_list

NOW = datetime(2019, 10, 20, 9)
ALIKE = "三月召开党组会专门研究本项工作,印发任务清单并逐项分解到股室,年内完成归档。"
REASON = "两家联合开展,经核实属实"


def run(folder: Path) -> Consolidation:
    return consolidate(folder / "台账-2019Q3.xlsx", None, AS_OF, NOW)


def send(folder: Path, unit: str, day: int = 20, **narratives: str) -> None:
    texts: dict[str, Any] = {code: {"narrative": text} for code, text in narratives.items()}
    entries = {code: GOOD[code] | texts.get(f"i{code}".replace(".", "_"), {}) for code in GOOD}
    blank = folder / "分发" / "2019Q3" / f"{unit}.xlsx"
    received(fill(blank, folder / "报送" / "2019Q3" / f"{unit}.xlsx", entries), day)


def lines(folder: Path) -> list[dict[str, Any]]:
    grid = FileBook.open(folder / "台账-2019Q3.xlsx").read(layout.FINDINGS)
    table = find_table(grid, layout.FINDING_COLUMNS, ("title", "waiver"))
    assert table is not None
    return [values | {"row": row} for row, values in table.rows()]


def type_reason(folder: Path, rule: str, reason: str | None) -> None:
    """Type into 接受理由 beside the one finding of a rule, as the coordinator does in Excel."""
    book = FileBook.open(folder / "台账-2019Q3.xlsx")
    table = find_table(book.read(layout.FINDINGS), layout.FINDING_COLUMNS, ("title", "waiver"))
    assert table is not None
    (row,) = [row for row, values in table.rows() if values["title"] == ALL_RULES[rule].title]
    book.write(layout.FINDINGS, row, table.columns["waiver"], [[reason]])
    book.save()


def only(result: Consolidation, rule: str) -> Finding:
    (finding,) = [finding for finding in result.findings if finding.rule == rule]
    return finding


@pytest.fixture
def alike(workspace: Path) -> Path:
    """Two units that wrote the same, consolidated once."""
    send(workspace, "区司法局", i1_1=ALIKE)
    send(workspace, "区财政局", i1_1=ALIKE)
    run(workspace)
    return workspace


def test_an_accepted_warning_stays_accepted_and_leaves_the_hints(alike: Path) -> None:
    hint = "完成情况与别的单位的完全相同"
    sheet = "一、组织领导"

    def hints() -> str:
        return str(FileBook.open(alike / "台账-2019Q3.xlsx").read(sheet))

    assert hint in hints()
    type_reason(alike, "alike", REASON)
    for _ in range(2):
        result = run(alike)
        finding = only(result, "alike")
        assert finding.accepted and finding.waiver == REASON
        assert result.findings[-1] == finding, "what is accepted stands last"
        (line,) = [line for line in lines(alike) if line["title"] == "雷同"]
        assert (line["severity"], line["waiver"]) == ("提醒（已接受）", REASON)
        assert hint not in hints()
        said = json.loads(json_text(consolidation_json(result)))
        assert said["accepted_warnings"] == 1
        assert any(f["waiver"] == REASON for file in said["files"] for f in file["findings"])


def test_another_value_is_another_finding(alike: Path) -> None:
    type_reason(alike, "alike", REASON)
    run(alike)
    changed = "又于" + ALIKE
    send(alike, "区司法局", 21, i1_1=changed)
    send(alike, "区财政局", 21, i1_1=changed)
    finding = only(run(alike), "alike")
    assert not finding.accepted
    assert finding.waiver == ""


def test_a_reason_that_is_deleted_opens_the_warning_again(alike: Path) -> None:
    type_reason(alike, "alike", REASON)
    run(alike)
    type_reason(alike, "alike", None)
    assert not only(run(alike), "alike").accepted


def test_a_reason_outlives_a_list_that_was_emptied(alike: Path) -> None:
    type_reason(alike, "alike", REASON)
    run(alike)
    book = FileBook.open(alike / "台账-2019Q3.xlsx")
    write_list(book, layout.FINDINGS, [])
    book.save()
    assert only(run(alike), "alike").waiver == REASON


@pytest.mark.parametrize("rule", ["number", "duplicate"])
def test_errors_and_infos_are_not_accepted_and_the_words_are_kept(
    workspace: Path, rule: str
) -> None:
    send(workspace, "区司法局")
    folder = workspace / "报送" / "2019Q3"
    (folder / "又一份.xlsx").write_bytes((folder / "区司法局.xlsx").read_bytes())
    received(folder / "又一份.xlsx", 21)
    bad = GOOD | {"1.1": {"value": "约3次"}}
    blank = workspace / "分发" / "2019Q3" / "区财政局.xlsx"
    received(fill(blank, folder / "区财政局.xlsx", bad), 20)
    before = run(workspace)
    type_reason(workspace, rule, "先放过")
    for _ in range(2):
        result = run(workspace)
        assert only(result, rule).waiver == "先放过"
        assert not only(result, rule).accepted
        told = only(result, "waiver")
        assert (told.severity, told.sheet, told.value) == ("info", layout.FINDINGS, "先放过")
        assert result.clean == before.clean
        (line,) = [line for line in lines(workspace) if line["title"] == ALL_RULES[rule].title]
        assert (line["severity"], line["waiver"]) == (only(result, rule).severity.label, "先放过")


def test_the_summary_lists_what_was_accepted_and_why(alike: Path) -> None:
    type_reason(alike, "alike", REASON)
    result = run(alike)
    master = alike / "台账-2019Q3.xlsx"
    (warning,) = read_standing(master, AS_OF)[1].accepted
    assert (warning.unit, warning.indicator, warning.reason) == ("区财政局", "1.1", REASON)
    grid = FileBook.open(report(master, AS_OF, AS_OF).summary).read(layout.NOTES)
    words = str(grid)
    assert "接受的提醒 1 条" in words
    assert f"读到填报内容 {result.account.read} 项" in words
    (line,) = [row for row in grid if REASON in row]
    assert line[1:3] == ["区财政局", "1.1"]


def test_the_next_period_starts_without_reasons(alike: Path) -> None:
    type_reason(alike, "alike", REASON)
    run(alike)
    new = next_period(alike / "台账-2019Q3.xlsx", Period.parse("2019Q4"), AS_OF).master
    assert REASON not in str(FileBook.open(new).read(layout.FINDINGS))
    for unit in ("区司法局", "区财政局"):
        source = alike / "报送" / "2019Q3" / f"{unit}.xlsx"
        book = FileBook.open(source)
        stamp = book.read(layout.STAMP)
        row = [line[0] for line in stamp].index("period") + 1
        book.write(layout.STAMP, row, 2, [["2019Q4"]])
        book.save_as(alike / "报送" / "2019Q4" / f"{unit}.xlsx")
    finding = only(consolidate(new, None, AS_OF, datetime(2020, 1, 9)), "alike")
    assert not finding.accepted
    assert finding.waiver == ""


def test_returns_have_no_column_for_reasons(workspace: Path) -> None:
    grid = FileBook.open(workspace / "分发" / "2019Q3" / "区司法局.xlsx").read(layout.FINDINGS)
    assert "接受理由" not in str(grid)
