"""trace: every figure back to file, sheet and cell, what it replaced, and what staff typed."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.faces.test_cli import fzzf, json_of
from tests.jobs.filling import GOOD, fill, rename
from tests.jobs.test_consolidate import blank, filled, incoming, received, run, write
from xl_fzzf.desk.errors import JobError
from xl_fzzf.desk.master import open_master
from xl_fzzf.jobs.trace import trace

__all__ = ["filled"]

MASTER = "台账-2019Q3.xlsx"


def type_value(folder: Path, unit: str, code: str, value: object) -> None:
    master = open_master(folder / MASTER, writing=False)
    sheet, cell = master.cell((unit, code), "value")
    write(folder, sheet, (int(cell[1:]), 9), value)


def test_a_figure_is_traced_to_its_cell_and_to_the_bytes_that_came(filled: Path) -> None:
    run(filled)
    corrected = GOOD | {"1.1": {"value": 7, "narrative": "更正"}}
    file = fill(blank(filled, "区司法局"), incoming(filled, "更正.xlsx"), corrected)
    received(file, 25)
    run(filled)
    newest, first = trace(filled / MASTER, "司法局", "1.1").versions
    assert (newest.version.source.file, newest.version.source.sheet) == (
        "更正.xlsx",
        "一、组织领导",
    )
    assert (newest.version.entries[2], newest.cells["value"]) == (7, "I4")
    assert (newest.version.run, newest.version.replaced) == (
        first.version.run + 1,
        first.version.run,
    )
    assert newest.kept is not None and newest.kept.read_bytes() == file.read_bytes()
    assert newest.receipt is not None and f"{newest.receipt.received:%m-%d %H}" == "09-25 09"
    assert (first.version.source.file, first.version.entries[2], first.cells["value"]) == (
        "区司法局.xlsx",
        3,
        "I4",
    )
    assert first.kept is not None and first.kept != newest.kept


def test_a_run_that_changes_nothing_adds_no_version(filled: Path) -> None:
    for _ in range(2):
        run(filled)
    assert len(trace(filled / MASTER, "B01", "2.1").versions) == 1


def test_every_entry_of_every_unit_can_be_traced_to_the_cell_that_holds_it(filled: Path) -> None:
    from xl_fzzf.office.book_file import FileBook
    from xl_fzzf.office.references import column_number

    run(filled)
    master = open_master(filled / MASTER, writing=False)
    for (unit, code), record in master.records.items():
        (step,) = trace(filled / MASTER, unit, code).versions
        assert step.kept is not None
        grid = FileBook.open(step.kept).read(step.version.source.sheet)
        letters = {name: cell.rstrip("0123456789") for name, cell in step.cells.items()}
        for name in GOOD[code]:
            cell = grid[step.version.source.row - 1][column_number(letters[name]) - 1]
            assert getattr(record, name) == cell == GOOD[code][name]


def test_what_staff_typed_is_shown_as_typed_beside_what_the_file_says(filled: Path) -> None:
    type_value(filled, "X01", "1.1", 8)
    typed = trace(filled / MASTER, "金凤镇", "1.1")
    assert typed.versions == [] and typed.standing is not None and typed.standing.entries[2] == 8
    run(filled)
    result = trace(filled / MASTER, "金凤镇", "1.1")
    assert result.standing is None
    (step,) = result.versions
    assert step.version.entries[2] == 8 and step.version.sent == {"value": 3}
    assert step.version.source.file == "金凤镇.xlsx"

    type_value(filled, "X01", "1.1", 9)
    later = trace(filled / MASTER, "金凤镇", "1.1")
    assert later.standing is not None and later.standing.entries[2] == 9
    out = fzzf(filled, "trace", "金凤镇人民政府", "1.1")
    assert "还没有汇总" in out and "文件 I4 里是：3" in out


def test_a_withdrawn_file_stays_the_origin_and_is_told(filled: Path) -> None:
    """BAD_INPUTS 96."""
    run(filled)
    incoming(filled, "金凤镇.xlsx").unlink()
    for _ in range(2):
        result = run(filled)
        (finding,) = result.findings
        assert (finding.rule, finding.unit, finding.value) == ("withdrawn", "金凤镇", "金凤镇.xlsx")
        (step,) = trace(filled / MASTER, "X01", "1.1").versions
        assert step.version.source.sha256 and step.kept is not None
    assert result.clean


def test_the_same_figures_sent_again_do_not_differ(filled: Path) -> None:
    run(filled)
    again = fill(blank(filled, "区司法局"), incoming(filled, "又一份.xlsx"), GOOD)
    again.write_bytes(again.read_bytes()[:-2] + b"\x01\x00!")  # a package comment: other bytes
    received(again, 25)
    incoming(filled, "区司法局.xlsx").unlink()
    messages = [f.message for f in run(filled).findings if f.rule == "resubmitted"]
    assert len(messages) == 1 and "相同" in messages[0]
    assert len(trace(filled / MASTER, "B01", "2.1").versions) == 2


@pytest.mark.parametrize(
    ("unit", "code", "words"),
    [
        ("司法", "1.1", "区司法局"),
        ("金風鎮", "1.1", "金凤镇"),
        ("区司法局", "1.9", "1.1"),
        ("区司法局", "会议", "会议次数"),
        ("金凤镇", "2.1", "不用报"),
    ],
)
def test_the_unknown_is_refused_with_what_is_near(
    workspace: Path, unit: str, code: str, words: str
) -> None:
    with pytest.raises(JobError, match=words):
        trace(workspace / MASTER, unit, code)


def test_trace_json(filled: Path) -> None:
    run(filled)
    said = json_of(filled, "trace", "区司法局", "2.1", "--master", MASTER)
    assert set(said) == {
        *("master", "period", "unit", "indicator", "sheet", "cell"),
        *("standing", "versions", "notices"),
    }
    (version,) = said["versions"]
    assert version["entries"] == {"numerator": 4, "denominator": 4}
    assert version["cells"]["numerator"] == "G4" and version["typed_in_master"] == []
    assert (filled / version["kept"]).is_file() and version["job"] == "consolidate"


def test_a_unit_that_changed_its_name_is_traced_under_both(filled: Path) -> None:
    run(filled)
    before = trace(filled / MASTER, "区财政局", "1.1")
    rename(filled / MASTER, "区财政局", "区财政和国资局")
    for typed in ("区财政局", "区财政和国资局", "B02"):
        now = trace(filled / MASTER, typed, "1.1")
        assert (now.unit.code, now.unit.name) == ("B02", "区财政和国资局")
        assert now.versions == before.versions and now.standing is None
        assert now.place == before.place
    run(filled)
    again = trace(filled / MASTER, "B02", "1.1")
    assert again.versions == before.versions, "the same file says the same of the same unit"
