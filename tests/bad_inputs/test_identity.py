"""BAD_INPUTS 85 to 96: whose file it is, which of several counts, and when it came."""

from __future__ import annotations

import os
import shutil
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import AS_OF
from tests.jobs.filling import GOOD, fill
from tests.jobs.test_consolidate import received
from xl_fzzf.desk.master import open_master
from xl_fzzf.jobs.consolidate import Consolidation, consolidate
from xl_fzzf.model.finding import Finding
from xl_fzzf.model.submission import Verdict
from xl_fzzf.office.book_file import FileBook
from xl_fzzf.sheets import spec as layout

NOW = datetime(2019, 10, 20, 9)
MASTER = "台账-2019Q3.xlsx"


def send(folder: Path, name: str, day: int = 20, unit: str = "区司法局", **values: Any) -> Path:
    """A unit's good return under a name; `values` are 完成值 of 1.1 and the like (i1_1=3)."""
    entries = dict(GOOD)
    for key, value in values.items():
        code = key[1:].replace("_", ".")
        entries[code] = entries[code] | {"value": value}
    blank = folder / "分发" / "2019Q3" / f"{unit}.xlsx"
    return received(fill(blank, folder / "报送" / "2019Q3" / name, entries), day)


def run(folder: Path) -> Consolidation:
    return consolidate(folder / MASTER, None, AS_OF, NOW)


def verdicts(result: Consolidation) -> dict[str, Verdict]:
    return {file.submission.file: file.verdict for file in result.files}


def only(result: Consolidation, rule: str) -> Finding:
    (finding,) = [finding for finding in result.findings if finding.rule == rule]
    return finding


def rules(result: Consolidation) -> list[str]:
    return [finding.rule for finding in result.findings]


def value(folder: Path, unit: str = "B01", code: str = "1.1") -> Any:
    return open_master(folder / MASTER, writing=False).records[unit, code].value


def test_bad_085_the_same_file_twice_counts_once_and_is_told(workspace: Path) -> None:
    first = send(workspace, "区司法局.xlsx")
    shutil.copy2(first, first.with_name("区司法局 (1).xlsx"))
    result = run(workspace)
    assert verdicts(result) == {
        "区司法局.xlsx": Verdict.DUPLICATE,
        "区司法局 (1).xlsx": Verdict.ACCEPTED,
    }
    finding = only(result, "duplicate")
    assert (finding.severity, finding.file) == ("info", "区司法局.xlsx")
    assert "区司法局 (1).xlsx" in finding.message
    assert result.account.read == result.account.recorded


def test_bad_086_of_two_different_files_the_newest_counts_and_both_are_kept(
    workspace: Path,
) -> None:
    old = send(workspace, "区司法局.xlsx", 20, i1_1=3)
    new = send(workspace, "a更正.xlsx", 21, i1_1=4)
    result = run(workspace)
    assert verdicts(result) == {"区司法局.xlsx": Verdict.SUPERSEDED, "a更正.xlsx": Verdict.ACCEPTED}
    finding = only(result, "two-files")
    assert (finding.severity, finding.file, finding.value) == (
        *("warning", "a更正.xlsx", "区司法局.xlsx"),
    )
    assert value(workspace) == 4
    kept = {path.read_bytes() for path in (workspace / "档案" / "原件").rglob("*.xlsx")}
    assert {old.read_bytes(), new.read_bytes()} <= kept


@pytest.mark.parametrize("name", ["区司法局(1).xlsx", "区司法局最终版.xlsx", "终稿2 修改.xlsx"])
def test_bad_087_what_a_file_calls_itself_decides_nothing(workspace: Path, name: str) -> None:
    send(workspace, name, 19, i1_1=9)
    send(workspace, "区司法局.xlsx", 21, i1_1=3)
    result = run(workspace)
    assert verdicts(result)["区司法局.xlsx"] is Verdict.ACCEPTED
    assert value(workspace) == 3


def test_bad_088_a_resend_shows_what_changed(workspace: Path) -> None:
    send(workspace, "区司法局.xlsx", 20, i1_1=3)
    send(workspace, "区司法局2.xlsx", 21, i1_1=4)
    finding = only(run(workspace), "resubmitted")
    assert finding.severity == "info"
    assert finding.value == "1.1 完成值：3 → 4"
    assert "区司法局.xlsx" in finding.message and "1 处" in finding.message


def test_bad_088_a_file_replaced_in_place_is_held_against_the_one_before(workspace: Path) -> None:
    send(workspace, "区司法局.xlsx", 20, i1_1=3)
    assert rules(run(workspace)) == []
    send(workspace, "区司法局.xlsx", 21, i1_1=4)
    for _ in range(2):  # a rerun says the same
        assert only(run(workspace), "resubmitted").value == "1.1 完成值：3 → 4"


def test_bad_088_many_changes_are_counted(workspace: Path) -> None:
    send(workspace, "区司法局.xlsx", 20)
    blank = workspace / "分发" / "2019Q3" / "区司法局.xlsx"
    other = {
        code: dict.fromkeys(GOOD[code], "改了") | {"reason": "改了", "evidence": "改了"}
        for code in GOOD
    }
    received(fill(blank, workspace / "报送" / "2019Q3" / "又报.xlsx", other), 21)
    finding = only(run(workspace), "resubmitted")
    assert finding.value.count("→") == 10
    assert "等共" in finding.value


def test_bad_089_one_unit_in_two_folders_is_one_unit(workspace: Path) -> None:
    send(workspace, "邮箱甲/区司法局.xlsx", 20, i1_1=3)
    send(workspace, "邮箱乙/区司法局.xlsx", 21, i1_1=4)
    result = run(workspace)
    assert [unit.name for unit in result.reported] == ["区司法局"]
    assert sorted(result.verdicts.elements()) == [Verdict.ACCEPTED, Verdict.SUPERSEDED]
    assert value(workspace) == 4


def test_bad_090_a_late_return_is_kept_and_flagged(workspace: Path) -> None:
    late = send(workspace, "区司法局.xlsx")
    os.utime(late, (datetime(2019, 10, 6, 0, 1).timestamp(),) * 2)
    result = run(workspace)
    finding = only(result, "late")
    assert (finding.severity, finding.value) == ("warning", "2019-10-06")
    assert [unit.name for unit in result.late] == ["区司法局"]
    assert value(workspace) == 3


def test_bad_090_the_deadline_day_itself_and_a_late_correction_are_in_time(workspace: Path) -> None:
    first = send(workspace, "区司法局.xlsx", i1_1=3)
    os.utime(first, (datetime(2019, 10, 5, 23, 59).timestamp(),) * 2)
    assert "late" not in rules(run(workspace))
    second = send(workspace, "更正.xlsx", i1_1=4)
    os.utime(second, (datetime(2019, 10, 8).timestamp(),) * 2)
    result = run(workspace)
    assert "late" not in rules(result) and result.late == []


def test_bad_091_another_periods_return_is_kept_out(workspace: Path) -> None:
    file = send(workspace, "区司法局.xlsx")
    book = FileBook.open(file)
    row = [line[0] for line in book.read(layout.STAMP)].index("period") + 1
    book.write(layout.STAMP, row, 2, [["2019Q2"]])
    book.save()
    result = run(workspace)
    assert verdicts(result)["区司法局.xlsx"] is Verdict.QUARANTINED
    assert only(result, "period").value == "2019Q2"


def test_bad_092_a_files_clock_can_run_back_but_not_ahead(workspace: Path) -> None:
    """The time of receipt is when the archive first saw the bytes, or the file's own if earlier."""
    file = send(workspace, "区司法局.xlsx")
    assert "late" not in rules(run(workspace))
    os.utime(file, (datetime(2031, 1, 1).timestamp(),) * 2)
    result = run(workspace)
    assert "late" not in rules(result)
    assert result.files[0].submission.received <= NOW


@pytest.mark.parametrize(
    "name", ["区财政局.xlsx", "财政局 填报表(终稿).xlsx", "安福镇/金凤镇.xlsx"]
)
def test_bad_093_a_file_that_names_another_unit_is_kept_out_until_cleared(
    workspace: Path, name: str
) -> None:
    file = send(workspace, name)
    result = run(workspace)
    assert verdicts(result)[name] is Verdict.QUARANTINED
    finding = only(result, "name")
    assert (finding.severity, finding.unit) == ("error", "区司法局")
    assert value(workspace) in (None, "")
    file.rename(file.with_name("区司法局.xlsx"))
    assert rules(run(workspace)) == []
    assert value(workspace) == 3


@pytest.mark.parametrize(
    "name",
    [
        "区司法局.xlsx",
        "测试区司法局(盖章).xlsx",
        "区财政局转交/区司法局.xlsx",
        "区司法局、区财政局联合填报.xlsx",
        "关于金凤镇调研情况 填报表.xlsx",
        "填报表(1).xlsx",
        "区 司 法 局.xlsx",
    ],
)
def test_bad_093_other_names_are_no_reason(workspace: Path, name: str) -> None:
    send(workspace, name)
    assert rules(run(workspace)) == []


def test_bad_094_rows_of_other_units_are_not_taken(workspace: Path) -> None:
    file = send(workspace, "区司法局.xlsx")
    book = FileBook.open(file)
    book.write("一、组织领导", 4, 1, [["区财政局"]])
    book.save()
    received(file, 20)
    result = run(workspace)
    finding = only(result, "foreign-row")
    assert (finding.severity, finding.value, finding.cell) == ("error", "区财政局", "A4")
    assert value(workspace, "B02") in (None, "") and value(workspace, "B01") in (None, "")
    assert result.account.balanced and result.account.found == 2


def test_bad_095_a_rerun_on_the_same_files_gives_the_same_master(workspace: Path) -> None:
    send(workspace, "区司法局.xlsx", 20, i1_1=3)
    send(workspace, "区司法局2.xlsx", 21, i1_1="约4次")
    send(workspace, "区财政局.xlsx", 20, "区财政局")
    first = run(workspace)
    before = FileBook.open(workspace / MASTER)
    again = run(workspace)
    after = FileBook.open(workspace / MASTER)
    assert again.findings == first.findings
    for sheet in before.sheet_names:
        assert after.read(sheet) == before.read(sheet), sheet


def test_bad_096_a_withdrawn_file_leaves_its_values_and_a_trail(workspace: Path) -> None:
    file = send(workspace, "区司法局.xlsx")
    run(workspace)
    file.unlink()
    result = run(workspace)
    finding = only(result, "withdrawn")
    assert (finding.severity, finding.unit) == ("info", "区司法局")
    assert value(workspace) == 3
