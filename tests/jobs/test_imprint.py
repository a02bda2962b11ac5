"""The imprint of a summary: whoever changes what its sheets say is seen by the city, whoever saves it isn't."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from datetime import date, datetime
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from tests import libreoffice
from tests.conftest import small_plan
from tests.jobs.districts import AS_OF, IN_TIME, NOW, make_city, row_of, send, tamper
from tests.jobs.test_city import file_of, run, table
from tests.mail.rounds import mail, set_up
from xl_fzzf.faces.words.standing import report_json
from xl_fzzf.jobs.consolidate import consolidate
from xl_fzzf.jobs.report import Report, report
from xl_fzzf.jobs.verify import verify
from xl_fzzf.model.imprint import changed_sheets, imprint_of, short_imprint, state_sheets
from xl_fzzf.model.submission import Submission
from xl_fzzf.office.book import Value
from xl_fzzf.office.book_file import FileBook
from xl_fzzf.sheets.submission import read_submission

pytestmark = pytest.mark.filterwarnings("ignore:.*extension is not supported:UserWarning")
CODE = re.compile("[0-9A-F]{4}(-[0-9A-F]{4}){3}")


@pytest.fixture
def city(district_summaries: list[Path], tmp_path: Path) -> Path:
    folder = make_city(tmp_path / "南充市", small_plan(), ["嘉陵区", "顺庆区", "高坪区"])
    for path in district_summaries:
        send(path, folder)
    return folder


def read(path: Path) -> Submission:
    return read_submission(path.name, path.read_bytes(), "", NOW)


def cover_of(path: Path) -> str:
    """The imprint that stands on a summary's cover."""
    grid = FileBook.open(path).read("封面")
    (row,) = (row for row in grid if "汇总表指纹" in row)
    return str(row[row.index("汇总表指纹") + 1])


def edit(path: Path, *cells: tuple[str, int, int, Value]) -> None:
    """Type into a summary's cells (sheet, row, column), all else as it was."""
    book = FileBook.open(path)
    for sheet, row, column, value in cells:
        book.write(sheet, row, column, [[value]])
    book.save()
    os.utime(path, (IN_TIME, IN_TIME))


def place(path: Path, sheet: str, *wanted: str) -> int:
    """The first row of a sheet whose cells hold all of these."""
    grid = FileBook.open(path).read(sheet)
    return next(at for at, row in enumerate(grid, 1) if set(wanted) <= set(row))


def test_the_cover_bears_the_imprint_of_what_the_sheets_say(district_summaries: list[Path]) -> None:
    for path in district_summaries:
        summary = read(path)
        assert summary.imprint == summary.stamp["imprint"] != ""
        assert cover_of(path) == short_imprint(summary.imprint) and CODE.fullmatch(cover_of(path))
    assert len({cover_of(path) for path in district_summaries}) == 3


def test_a_consistent_edit_of_records_and_totals_keeps_the_summary_out(city: Path) -> None:
    """Both tables say 300 more, so that nothing contradicts anything; only the imprint does."""
    path = file_of(city)
    records = place(path, "数据", "区财政局", "1.1")
    total = place(path, "指标汇总", "1.1")
    grid = FileBook.open(path).read("指标汇总")
    shown = grid[total - 1][3]
    assert isinstance(shown, float)
    column = FileBook.open(path).read("数据")[2].index("完成值") + 1
    edit(path, ("数据", records, column, 303), ("指标汇总", total, 4, shown + 300))
    result = run(city, code=1)
    (finding,) = (f for f in result["findings"] if f["rule"] == "summary-imprint")
    assert "“指标汇总”“数据”" in finding["message"] or "“数据”“指标汇总”" in finding["message"]
    assert finding["expected"] == cover_of(path) != finding["value"]
    (file,) = (f for f in result["files"] if f["verdict"] == "quarantined")
    assert file["reason"] == finding["message"] and result["missing"] == ["顺庆区"]
    assert "汇总表指纹不一致" in str(table(result["summary"], "报送情况"))


def test_an_inconsistent_edit_is_placed_as_well(city: Path) -> None:
    path = file_of(city)
    edit(path, ("指标汇总", place(path, "指标汇总", "2.1"), 4, 0.99))
    result = run(city, code=1)
    rules = {(f["rule"], f["sheet"], f["cell"]) for f in result["findings"]}
    assert {("summary-imprint", "", ""), ("summary-totals", "指标汇总", "D7")} == rules


def test_whoever_forges_the_imprint_too_is_betrayed_by_the_number_that_the_district_names(
    city: Path,
) -> None:
    path = file_of(city)
    named = cover_of(path)

    def more(book: Any) -> None:
        data = book["数据"]
        column = [cell.value for cell in data[3]].index("完成情况") + 1
        data.cell(row_of(data, "区司法局", "1.3"), column).value = "别的内容"

    tamper(path, more)
    result = run(city)
    (line,) = (x for x in table(result["master"], "报送登记") if x["区县"] == "顺庆区")
    (told,) = (file["imprint"] for file in result["files"] if file["district"] == "顺庆区")
    assert line["汇总表指纹"] == told == cover_of(path) != named
    assert line["汇总表指纹"] in str(table(result["summary"], "报送情况"))


def test_without_an_imprint_a_summary_is_kept_out(city: Path) -> None:
    path = file_of(city)
    edit(path, ("_fzzf", place(path, "_fzzf", "imprint"), 2, None))
    (file,) = (f for f in run(city, code=1)["files"] if f["verdict"] == "quarantined")
    assert "没有汇总表指纹" in file["reason"]


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_every_cell_that_was_changed_is_seen_on_its_sheet(
    district_summaries: list[Path], tmp_path: Path, data: st.DataObject
) -> None:
    whole = FileBook.open(district_summaries[0])
    sheet = data.draw(st.sampled_from(whole.sheet_names))
    grid = whole.read(sheet)
    row = data.draw(st.integers(1, len(grid)))
    column = data.draw(st.integers(1, min(len(grid[row - 1]), 20)))
    was = grid[row - 1][column - 1]
    now = data.draw(st.sampled_from(["改", 7, -1.25, date(2019, 1, 2), None]))
    assume(sheet != "_fzzf" or (column == 2 and row > 1 and grid[row - 1][0] != "imprint"))
    assume(not (now is None and was in (None, "")) and now != was)
    path = Path(shutil.copy(district_summaries[0], tmp_path / "改.xlsx"))
    edit(path, (sheet, row, column, now))
    summary = read(path)
    changed = changed_sheets(summary.stamp["imprint"], summary.imprint)
    assert changed == ["" if sheet == "_fzzf" else sheet]


def test_rows_may_be_sorted_and_texts_broken_elsewhere() -> None:
    rows: list[list[Any]] = [["甲", 1.0, date(2019, 9, 30)], ["乙 乙\n乙", 1 / 3, None]]
    saved: list[list[Any]] = [
        ["乙乙\r\n 乙", 0.333333333333333, ""],
        ["甲", 1, datetime(2019, 9, 30)],
    ]
    one, other = (state_sheets([("数据", grid)], {"a": "b"}) for grid in (rows, saved))
    assert one == other and imprint_of(one) == imprint_of(other)
    for wrong in ([["甲", "1", date(2019, 9, 30)]], [["甲", None, 1.0, date(2019, 9, 30)]]):
        assert state_sheets([("数据", [*wrong, rows[1]])], {"a": "b"}) != one
    assert short_imprint("") == imprint_of("") == ""


@pytest.mark.parametrize("suffix", ["xlsx", "xls", "ods"])
def test_what_another_program_saved_bears_the_same_imprint(
    district_summaries: list[Path], tmp_path: Path, office: libreoffice.Office, suffix: str
) -> None:
    path = tmp_path / f"另存.{suffix}"
    with office.open(district_summaries[0]) as book:
        book.save_as(path)
    summary = read(path)
    assert not summary.unreadable and summary.stamp["imprint"]
    assert changed_sheets(summary.stamp["imprint"], summary.imprint) == []


def test_the_printed_edition_and_the_letter_name_the_imprint(workspace: Path) -> None:
    from tests.faces.test_cli import fzzf, json_of
    from xl_fzzf.desk.printing import print_in_office

    master = set_up(workspace)
    made = report(master, AS_OF, AS_OF, print_in_office)
    command = ["pdftotext", "-layout", str(made.printed.pdf), "-"]
    pages = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    assert f"汇总表指纹 {made.imprint}" in re.sub(" +", " ", pages)
    assert report_json(made)["imprint"] == made.imprint == cover_of(made.summary)
    told = json_of(workspace, "report", "--as-of", "2019-09-30")["imprint"]
    assert told in fzzf(workspace, "report", "--as-of", "2019-09-30")
    consolidate(master, None, AS_OF, NOW)
    signed = json_of(workspace, "approve", "--by", "张三", "--no-pdf")["imprint"]
    drafts = json_of(workspace, "mail", "upward")
    (letter,) = (workspace / "发件/2019Q3").rglob("*.eml")
    body = message_from_bytes(letter.read_bytes(), policy=default).get_body(("plain",))
    assert drafts and body and signed in body.get_content()


def test_verify_holds_a_summary_against_its_imprint_and_the_runs_against_what_it_knows(
    workspace: Path,
) -> None:
    made: Report = report(workspace / "台账-2019Q3.xlsx", AS_OF, AS_OF)
    assert verify(workspace).clean
    name = made.summary.relative_to(workspace).as_posix()
    edit(made.summary, ("总览", 1, 2, "改了"))
    (changed,) = verify(workspace).discrepancies
    assert (changed.file, changed.sheet) == (name, "总览")
    report(workspace / "台账-2019Q3.xlsx", AS_OF, AS_OF)
    runs = workspace / "档案/运行"
    (journal,) = runs.glob("0*.gz")
    journal.unlink()
    (runs / "末份.json").unlink()
    words = [each.words for each in verify(workspace).discrepancies]
    assert any("运行记录第 1 份不在了" in said and name in said for said in words)


def test_letters_from_units_are_no_summaries() -> None:
    assert read_submission("a.eml", bytes(mail("a@b.cn")), "", NOW).imprint == ""
