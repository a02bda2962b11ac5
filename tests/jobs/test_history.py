"""history: a unit's or an indicator's figures by period, on the terminal, as JSON and as a chart."""

from __future__ import annotations

import html
import json
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import openpyxl
import pytest
from rich.cells import cell_len

from tests.faces.test_cli import fzzf, json_of
from tests.jobs.filling import GOOD, fill, rename
from xl_fzzf.desk.errors import JobError
from xl_fzzf.faces.words.archive import history_json
from xl_fzzf.faces.words.standing import report_json
from xl_fzzf.faces.words.telling import Json, json_text
from xl_fzzf.jobs.consolidate import consolidate
from xl_fzzf.jobs.distribute import distribute
from xl_fzzf.jobs.history import read_history, write_history
from xl_fzzf.jobs.next import next_period
from xl_fzzf.jobs.report import report
from xl_fzzf.model.period import Period
from xl_fzzf.model.plan import Unit
from xl_fzzf.office.book import Value
from xl_fzzf.office.book_file import FileBook
from xl_fzzf.sheets.spec import ASSIGNMENTS, INDICATORS, UNITS

NEXT = date(2020, 3, 31)
DAYS = {"2019Q3": "2019-09-30", "2019Q4": "2019-12-31"}


@pytest.fixture
def two_periods(workspace: Path) -> Path:
    """Two periods of one unit's return: a better rate in the second."""
    for (period, day), numerator in zip(DAYS.items(), (2, 4), strict=True):
        as_of = date.fromisoformat(day)
        now = datetime(as_of.year, as_of.month, as_of.day, 9)
        master = workspace / f"台账-{period}.xlsx"
        if not master.exists():
            next_period(workspace / "台账-2019Q3.xlsx", Period.parse(period), as_of)
            distribute(master, as_of, now)
        entries: dict[str, dict[str, Value]] = GOOD | {
            "2.1": {"numerator": numerator, "denominator": 4}
        }
        name = f"{period}/区司法局.xlsx"
        fill(workspace / "分发" / name, workspace / "报送" / name, entries)
        consolidate(master, None, as_of, now)
    return workspace


def points(folder: Path, name: str) -> list[Any]:
    history = read_history(folder / "台账-2019Q4.xlsx", name)
    found: list[Any] = plain(history_json(history, None))["points"]
    return found


def plain(shape: Json) -> Any:
    return json.loads(json_text(shape))


def test_an_indicator_and_a_unit_by_period_agree_with_the_reports(two_periods: Path) -> None:
    rate, unit = points(two_periods, "2.1"), points(two_periods, "司法局")
    assert [(p["period"], p["as_of"], p["value"]) for p in rate] == [
        ("2019Q3", "2019-09-30", 0.5),
        ("2019Q4", "2019-12-31", 1.0),
    ]
    for period, point, own in zip(DAYS, rate, unit, strict=True):
        day = date.fromisoformat(DAYS[period])
        reported = plain(report_json(report(two_periods / f"台账-{period}.xlsx", day, day)))
        (total,) = (i for i in reported["indicators"] if i["code"] == "2.1")
        assert (point["value"], point["indicator_status"]) == (total["value"], total["status"])
        (score,) = (u["score"] for u in reported["units"] if u["code"] == "B01")
        assert own["score"] == score and own["completeness"] == 1.0
    shown = fzzf(two_periods, "history", "2.1")
    assert "2019Q3" in shown and "50%" in shown and "100%" in shown
    earlier = json_of(two_periods, "history", "2.1", "--master", "台账-2019Q3.xlsx")["points"]
    assert earlier == rate[:1]


def test_the_change_is_told_and_counts_start_again_with_the_year(two_periods: Path) -> None:
    master = next_period(two_periods / "台账-2019Q4.xlsx", Period.parse("2020Q1"), NEXT).master
    distribute(master, NEXT, datetime(2020, 3, 31, 9))
    name = "2020Q1/区司法局.xlsx"
    entries = GOOD | {"2.1": {"numerator": 3, "denominator": 4}}
    fill(two_periods / "分发" / name, two_periods / "报送" / name, entries)
    consolidate(master, None, NEXT, datetime(2020, 3, 31, 9))

    def changes(name: str) -> list[float | None]:
        return [p["change"] for p in history_json(read_history(master, name), None)["points"]]

    assert changes("2.1") == [None, 0.5, -0.25]
    assert changes("1.1") == [None, 0.0, None] and changes("保1.1") == [None, 0.0, None]
    assert changes("2.2") == [None, 0.0, 0.0] and changes("1.3") == [None, None, None]
    scores = [p["score"] for p in history_json(read_history(master, "B01"), None)["points"]]
    assert changes("B01")[1:] == pytest.approx([scores[1] - scores[0], scores[2] - scores[1]])
    shown = fzzf(two_periods, "history", "2.1")
    assert "▲50" in shown and "▼25" in shown


@pytest.mark.parametrize("name", ["2.1", "1.3", "保1.1", "区司法局", "安福镇"])
def test_it_fits_a_terminal_of_80_columns(two_periods: Path, name: str) -> None:
    (two_periods / "台账-2019Q3.xlsx").unlink()  # its mark makes the line longer
    lines = fzzf(two_periods, "history", name, COLUMNS="80").splitlines()
    table = [line for line in lines if line.strip().startswith("2019")]
    assert len(table) == 2 and not any("…" in line for line in table)
    assert max(map(cell_len, table)) <= 80


def test_a_lost_master_is_replaced_by_the_archive(two_periods: Path) -> None:
    before = points(two_periods, "2.1")
    (two_periods / "台账-2019Q3.xlsx").unlink()
    first, second = points(two_periods, "2.1")
    assert first == before[0] | {"kept": True} and second == before[1]
    assert "2019Q3*" in fzzf(two_periods, "history", "区司法局")


def test_an_unreadable_master_is_named_and_replaced_by_the_archive(two_periods: Path) -> None:
    before = points(two_periods, "2.1")
    (two_periods / "台账-2019Q3.xlsx").write_bytes(b"PK\x03\x04 torn")
    assert points(two_periods, "2.1") == [before[0] | {"kept": True}, before[1]]
    assert "以前的台账“台账-2019Q3.xlsx”没有读成" in fzzf(two_periods, "history", "2.1")


def test_a_period_that_nobody_reported_in_is_none(workspace: Path) -> None:
    now = datetime(2019, 12, 31, 9)
    next_period(workspace / "台账-2019Q3.xlsx", Period.parse("2019Q4"), now.date())
    assert [point["period"] for point in points(workspace, "2.1")] == ["2019Q4"]


def test_a_report_compares_with_what_the_report_before_said(two_periods: Path) -> None:
    first, second = (
        plain(report_json(report(two_periods / f"台账-{period}.xlsx", day, day)))
        for period, day in ((p, date.fromisoformat(d)) for p, d in DAYS.items())
    )
    assert first["before"] is None
    assert second["before"] == {
        "period": "2019Q3",
        **{name: first[name] for name in ("completeness", "met_share", "status")},
    }
    assert second["met_share"] > first["met_share"]
    summary = openpyxl.load_workbook(second["summary"])
    header, *lines = summary["指标汇总"].iter_rows(min_row=3, values_only=True)
    (rate,) = (dict(zip(header, line, strict=True)) for line in lines if line[0] == "2.1")
    assert (rate["2019年第三季度"], rate["汇总值"]) == (0.5, 1.0)


def test_an_indicator_that_changed_its_words_is_not_compared(two_periods: Path) -> None:
    master = two_periods / "台账-2019Q4.xlsx"
    book = FileBook.open(master)
    grid = book.read(INDICATORS)
    header = next(at for at, row in enumerate(grid) if "指标编号" in row)
    column, code = grid[header].index("指标"), grid[header].index("指标编号")
    row = next(at for at, line in enumerate(grid) if line[code] == "2.1")
    book.write(INDICATORS, row + 1, column + 1, [["另一件事"]])
    book.save()
    day = date(2019, 12, 31)
    summary: Any = openpyxl.load_workbook(report(master, day, day).summary)
    header, *lines = summary["指标汇总"].iter_rows(min_row=3, values_only=True)
    rates = {line[0]: dict(zip(header, line, strict=True)) for line in lines}
    assert rates["2.1"]["2019年第三季度"] == "—"
    assert rates["2.2"]["2019年第三季度"] == 82.5


def test_a_unit_that_changed_its_name_keeps_its_history(two_periods: Path) -> None:
    before = points(two_periods, "区财政局")
    rename(two_periods / "台账-2019Q4.xlsx", "区财政局", "区财政和国资局")
    for typed in ("区财政和国资局", "区财政局", "B02"):
        assert points(two_periods, typed) == before
    history = read_history(two_periods / "台账-2019Q4.xlsx", "区财政局")
    assert isinstance(history.subject, Unit) and history.subject.name == "区财政和国资局"
    chart, _ = write_history(history)
    assert chart.name == "历史-区财政和国资局.xlsx" and chart.parent == history.workspace.upward
    with pytest.raises(JobError, match="是不是：区财政局"):
        read_history(two_periods / "台账-2019Q3.xlsx", "区财政和国资局")


def test_a_unit_that_a_period_did_not_know_has_no_total_there(two_periods: Path) -> None:
    third = two_periods / "台账-2019Q3.xlsx"
    book = FileBook.open(third)
    for sheet in (UNITS, ASSIGNMENTS):
        for at, row in enumerate(book.read(sheet), 1):
            if "区财政局" in row:
                book.write(sheet, at, 1, [[None] * len(row)])
    book.save()
    first, second = read_history(two_periods / "台账-2019Q4.xlsx", "区财政局").points
    assert first.total is None and first.figure is None and not first.kept
    assert second.total is not None and second.change is None, "nothing to compare with"
    (point, _) = points(two_periods, "区财政局")
    assert point["status"] is None and "score" not in point
    shown = fzzf(two_periods, "history", "区财政局")
    assert "没有" in next(
        line for line in shown.splitlines() if "2019Q3" in line and "台账-" not in line
    )


def test_the_chart_shows_the_same_figures(two_periods: Path) -> None:
    result = json_of(two_periods, "history", "2.1", "--chart")
    sheet: Any = openpyxl.load_workbook(result["chart"])["历史"]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=4)]
    assert [(row[0], *row[2:4]) for row in rows] == [
        ("2019年第三季度", 0.5, "—"),
        ("2019年第四季度", 1, 50),
    ], "a share changes by percentage points"
    assert sheet["D3"].value == "比前一期（百分点）" and sheet["G3"].value == "目标"
    (chart,) = sheet._charts
    assert [series.val.numRef.f for series in chart.series] == [
        "历史!$C$4:$C$5",
        "历史!$G$4:$G$5",
    ], "the value, and the target that it is held against"
    assert {row[6] for row in rows} == {1}
    assert "2.1 报备率：2019年第四季度100.0%，比前一期提高50个百分点" in chart_xml(result["chart"])


def chart_xml(path: str) -> str:
    with ZipFile(path) as package:
        return package.read("xl/charts/chart1.xml").decode()


def test_a_period_without_a_report_is_nothing_to_compare_with(two_periods: Path) -> None:
    name = "2019Q4/安福镇.xlsx"
    fill(two_periods / "分发" / name, two_periods / "报送" / name, GOOD)
    day = datetime(2019, 12, 31, 9)
    consolidate(two_periods / "台账-2019Q4.xlsx", None, day.date(), day)
    first, second = read_history(two_periods / "台账-2019Q4.xlsx", "安福镇").points
    assert first.silent and second.after_silence and second.change is None
    assert "上期未报" in fzzf(two_periods, "history", "安福镇")
    result = json_of(two_periods, "history", "安福镇", "--chart")
    sheet: Any = openpyxl.load_workbook(result["chart"])["历史"]
    assert sheet["E5"].value == "上期未报"
    summary: Any = openpyxl.load_workbook(
        report(two_periods / "台账-2019Q4.xlsx", day.date(), day.date()).summary
    )
    header, *lines = summary["考核得分"].iter_rows(min_row=3, values_only=True)
    changes = {line[1]: dict(zip(header, line, strict=True))["较上期"] for line in lines}
    assert changes["安福镇"] == "上期未报" and changes["金凤镇"] in ("上期未报", "—")


@pytest.mark.parametrize("name", ["完成附表1!B2", "=cmd|'/c calc'!A1", "=1+1", "<r>&"])
def test_a_title_that_looks_like_a_reference_stays_a_text(two_periods: Path, name: str) -> None:
    master = two_periods / "台账-2019Q4.xlsx"
    rename(master, "区财政局", name)
    path, _ = write_history(read_history(master, name))
    title, _, rest = chart_xml(str(path)).partition("</c:title>")
    assert "<c:f>" not in title and "<a:t>" in title and rest
    assert html.escape(name, quote=False) in title
    assert name in str(openpyxl.load_workbook(path)["历史"]["A1"].value)


@pytest.mark.parametrize(("typed", "near"), [("司法", "区司法局"), ("会议", "1.1（会议次数）")])
def test_an_unknown_name_tells_what_is_near(workspace: Path, typed: str, near: str) -> None:
    assert near in fzzf(workspace, "history", typed, code=2)
