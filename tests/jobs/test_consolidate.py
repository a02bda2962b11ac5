"""Consolidation through the public door: returns in a folder become the master's records."""

from __future__ import annotations

import os
import shutil
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import AS_OF
from tests.jobs.filling import GOOD, fill
from xl_fzzf.desk.master import open_master
from xl_fzzf.jobs.consolidate import Consolidation, consolidate
from xl_fzzf.model.status import Status
from xl_fzzf.model.submission import Verdict
from xl_fzzf.office.book_file import FileBook

NOW = datetime(2019, 10, 20, 9)
UNITS = ("区司法局", "区财政局", "金凤镇", "安福镇")


def run(folder: Path, returns: Path | None = None) -> Consolidation:
    return consolidate(folder / "台账-2019Q3.xlsx", returns, AS_OF, NOW)


def blank(folder: Path, unit: str) -> Path:
    return folder / "分发" / "2019Q3" / f"{unit}.xlsx"


def incoming(folder: Path, name: str) -> Path:
    return folder / "报送" / "2019Q3" / name


def received(path: Path, day: int, hour: int = 9) -> Path:
    moment = datetime(2019, 9, day, hour).timestamp()
    os.utime(path, (moment, moment))
    return path


def records(folder: Path) -> dict[tuple[str, str], tuple[Any, ...]]:
    master = open_master(folder / "台账-2019Q3.xlsx", writing=False)
    return {key: record.entries() for key, record in master.records.items()}


def write(folder: Path, sheet: str, cell: tuple[int, int], value: Any) -> None:
    book = FileBook.open(folder / "台账-2019Q3.xlsx")
    book.write(sheet, *cell, [[value]])
    book.save()


@pytest.fixture
def filled(workspace: Path) -> Path:
    for unit in UNITS:
        received(fill(blank(workspace, unit), incoming(workspace, f"{unit}.xlsx"), GOOD), 20)
    return workspace


def test_good_returns_fill_the_master_without_a_finding(filled: Path) -> None:
    result = run(filled)
    assert result.clean
    assert not result.findings
    assert len(result.reported) == 4 and not result.missing and not result.late
    assert result.statuses[Status.MET] == len(result.assessments)
    assert records(filled)["B01", "2.1"][:3] == (4.0, 4.0, 1.0)


def test_input_order_and_reruns_give_identical_data(filled: Path, tmp_path: Path) -> None:
    run(filled)
    first = records(filled)
    sheets = FileBook.open(filled / "台账-2019Q3.xlsx")
    before = {name: sheets.read(name) for name in sheets.sheet_names}
    for _ in range(2):
        run(filled)
    again = FileBook.open(filled / "台账-2019Q3.xlsx")
    assert records(filled) == first
    assert {name: again.read(name) for name in again.sheet_names} == before

    renamed = tmp_path / "乱序"
    shutil.copytree(filled / "报送" / "2019Q3", renamed)
    for number, file in enumerate(sorted(renamed.iterdir(), reverse=True)):
        file.rename(renamed / f"{number}.xlsx")
    run(filled, renamed)
    assert records(filled) == first


def test_the_latest_valid_file_of_a_unit_wins_and_equal_files_count_once(filled: Path) -> None:
    later = fill(
        blank(filled, "区司法局"), incoming(filled, "a更正.xlsx"), GOOD | {"1.1": {"value": 5}}
    )
    received(later, 21)
    shutil.copy2(later, incoming(filled, "z副本.xlsx"))
    incoming(filled, "坏的.xlsx").write_bytes(later.read_bytes()[:5000])
    received(incoming(filled, "坏的.xlsx"), 22)
    result = run(filled)
    verdicts = {file.submission.file: file.verdict for file in result.files}
    assert verdicts["区司法局.xlsx"] is Verdict.SUPERSEDED
    assert verdicts["a更正.xlsx"] is Verdict.ACCEPTED
    assert verdicts["z副本.xlsx"] is Verdict.DUPLICATE
    assert verdicts["坏的.xlsx"] is Verdict.QUARANTINED
    assert sum(result.verdicts.values()) == len(result.files) == 7
    assert records(filled)["B01", "1.1"][2] == 5


def test_a_corrected_return_replaces_what_an_earlier_one_wrote(filled: Path) -> None:
    run(filled)
    corrected = GOOD | {"1.1": {"value": 7, "narrative": "更正"}}
    received(fill(blank(filled, "区司法局"), incoming(filled, "区司法局2.xlsx"), corrected), 25)
    result = run(filled)
    assert records(filled)["B01", "1.1"][2:4] == (7, "更正")
    assert not any(finding.rule == "conflict" for finding in result.findings)


def test_what_staff_typed_into_the_master_is_kept_and_a_contradiction_is_found(
    filled: Path,
) -> None:
    master = open_master(filled / "台账-2019Q3.xlsx", writing=False)
    sheet, cell = master.cell(("B01", "1.1"), "value")
    row = int("".join(c for c in cell if c.isdigit()))
    write(filled, sheet, (row, 9), 9)
    for _ in range(3):
        result = run(filled)
        assert records(filled)["B01", "1.1"][2] == 9
        (conflict,) = result.findings
        assert (conflict.rule, conflict.sheet, conflict.cell) == ("conflict", sheet, cell)
        assert "9" in conflict.value and "3" in conflict.expected
    write(filled, sheet, (row, 9), None)
    assert run(filled).clean
    assert records(filled)["B01", "1.1"][2] == 3


def test_values_typed_directly_are_validated_like_those_sent(workspace: Path) -> None:
    master = open_master(workspace / "台账-2019Q3.xlsx", writing=False)
    sheet, cell = master.cell(("X01", "1.1"), "value")
    write(workspace, sheet, (int(cell[1:]), 9), "三次")
    result = run(workspace)
    (finding,) = result.findings
    assert (finding.rule, finding.unit, finding.cell, finding.value) == (
        "number",
        "金凤镇",
        cell,
        "三次",
    )
    assert not result.reported and [unit.name for unit in result.typed] == ["金凤镇"]


def test_a_doubtful_value_stays_text_and_never_becomes_a_number(filled: Path) -> None:
    bad = GOOD | {"1.1": {"value": "约3次"}, "2.1": {"numerator": 5, "denominator": 4}}
    received(fill(blank(filled, "区司法局"), incoming(filled, "区司法局.xlsx"), bad), 20)
    result = run(filled)
    assert {(f.rule, f.file, f.cell) for f in result.findings} == {
        ("number", "区司法局.xlsx", "I4"),
        ("share", "区司法局.xlsx", "G4"),
    }
    assert records(filled)["B01", "1.1"][2] == "约3次"
    assert result.statuses[Status.INVALID] == 2


def test_a_date_in_a_number_cell_is_kept_as_text(filled: Path) -> None:
    bad = GOOD | {"保1.1": {"denominator": 100, "value": date(2019, 9, 9)}}
    fill(blank(filled, "区司法局"), incoming(filled, "区司法局.xlsx"), bad)
    book = FileBook.open(incoming(filled, "区司法局.xlsx"))
    book.write("保障措施", 4, 9, [[date(2019, 9, 9)]], [["entry_date"]])
    book.save()
    received(incoming(filled, "区司法局.xlsx"), 20)
    result = run(filled)
    assert [(f.rule, f.indicator) for f in result.findings] == [("number", "保1.1")]
    assert records(filled)["B01", "保1.1"][2] == "2019-09-09"


def test_a_withdrawn_file_does_not_take_its_values_along(filled: Path) -> None:
    run(filled)
    incoming(filled, "区司法局.xlsx").unlink()
    run(filled)
    assert records(filled)["B01", "1.1"][2] == 3


def test_late_missing_and_junk_are_told_apart(filled: Path) -> None:
    incoming(filled, "安福镇.xlsx").unlink()
    late = datetime(2019, 10, 9, 8).timestamp()
    os.utime(incoming(filled, "金凤镇.xlsx"), (late, late))
    for name in ("~$区司法局.xlsx", ".~lock.区司法局.xlsx#", "Thumbs.db"):
        incoming(filled, name).write_bytes(b"x")
    result = run(filled)
    assert [unit.name for unit in result.missing] == ["安福镇"]
    assert [unit.name for unit in result.late] == ["金凤镇"]
    assert result.verdicts[Verdict.IGNORED] == 3
    assert result.clean


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("空.xlsx", b"", "0 字节"),
        ("零.xlsx", b"\0" * 900, "全是零"),
        ("扫描.xlsx", b"%PDF-1.4 scan", "PDF"),
        ("图.xlsx", b"\xff\xd8\xff\xe0JFIF", "图片"),
        ("网页.xls", b"<html><table></table></html>", "网页"),
        ("文本.xlsx", b"unit,value\n1,2\n", "CSV"),
        ("压缩.zip", b"PK\x03\x04broken", "“压缩.zip”"),
    ],
)
def test_what_is_no_workbook_is_quarantined_with_the_reason(
    filled: Path, name: str, data: bytes, words: str
) -> None:
    incoming(filled, name).write_bytes(data)
    result = run(filled)
    (bad,) = [file for file in result.files if file.verdict is Verdict.QUARANTINED]
    assert words in bad.reason
    assert not result.clean
    assert incoming(filled, name).read_bytes() == data
    assert result.statuses[Status.MET] == len(result.assessments)


def test_every_received_file_is_archived_as_it_came_and_the_master_backed_up(filled: Path) -> None:
    before = (filled / "台账-2019Q3.xlsx").read_bytes()
    result = run(filled)
    for file in result.files:
        (kept,) = (filled / "档案" / "原件").glob(f"*/{file.submission.sha256}*")
        assert kept.read_bytes() == incoming(filled, file.submission.file).read_bytes()
    backups = list((filled / "档案" / "备份").iterdir())
    assert before in [backup.read_bytes() for backup in backups]


def test_links_and_devices_are_refused_and_never_followed(filled: Path) -> None:
    """BAD_INPUTS 14."""
    incoming(filled, "链接.xlsx").symlink_to(incoming(filled, "金凤镇.xlsx"))
    incoming(filled, "断链.xlsx").symlink_to("/nowhere")
    os.mkfifo(incoming(filled, "管道.xlsx"))
    incoming(filled, "文件夹.xlsx").mkdir()
    result = run(filled)
    ignored = [f for f in result.files if f.verdict is Verdict.IGNORED]
    assert {f.submission.file for f in ignored} == {"链接.xlsx", "断链.xlsx", "管道.xlsx"}
    assert all("没有打开" in file.reason for file in ignored)
    assert result.clean
