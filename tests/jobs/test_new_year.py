"""A new year: the round moves on with it, last year's final values stand ready, and all is shown before."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import small_plan
from tests.faces.test_cli import fzzf, json_of
from tests.faces.told import said
from tests.jobs.filling import GOOD, fill
from xl_fzzf.desk.errors import JobError
from xl_fzzf.desk.master import Master, open_master
from xl_fzzf.faces.words.opening import opening_lines
from xl_fzzf.jobs.consolidate import Consolidation, consolidate
from xl_fzzf.jobs.distribute import distribute
from xl_fzzf.jobs.init import init
from xl_fzzf.jobs.next import next_period, propose, withdraw
from xl_fzzf.jobs.restore import restore
from xl_fzzf.jobs.trace import trace
from xl_fzzf.jobs.verify import verify
from xl_fzzf.model.period import Period
from xl_fzzf.model.record import Cell, blank
from xl_fzzf.model.status import Status
from xl_fzzf.model.submission import Verdict
from xl_fzzf.office.book_file import FileBook
from xl_fzzf.sheets.settings_sheet import write_setting

DAY, NOW = date(2019, 12, 31), datetime(2020, 1, 3, 9)
IN_SPRING = datetime(2020, 4, 1, 9)
OLD, NEW = "台账-2019Q4.xlsx", "台账-2020Q1.xlsx"
FIRST = Period.parse("2020Q1")


@pytest.fixture(scope="module")
def _year_end(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("年末") / "区"
    master = init(folder, small_plan(), Period.parse("2019Q4"), DAY).master
    book = FileBook.open(master)
    write_setting(book, "工作方案", "测试区2019年法治方案")
    write_setting(book, "汇总表标题", "测试区二〇一九年法治方案汇总表")
    write_setting(book, "联系方式", "张三 0817-2019")
    book.save()
    distribute(master, DAY, NOW)
    for unit in ("区司法局", "区财政局", "金凤镇"):
        file = f"{unit}.xlsx"
        fill(folder / "分发/2019Q4" / file, folder / "报送/2019Q4" / file, GOOD)
    consolidate(master, None, DAY, NOW)
    return folder


@pytest.fixture
def year_end(_year_end: Path, tmp_path: Path) -> Path:
    """The last quarter of a year, consolidated; one unit of four did not report."""
    import shutil

    return Path(shutil.copytree(_year_end, tmp_path / "区"))


def opened(folder: Path) -> Master:
    return open_master(next_period(folder / OLD, FIRST, NOW.date()).master, writing=False)


def received(folder: Path) -> Consolidation:
    return consolidate(folder / NEW, None, date(2020, 3, 31), IN_SPRING)


def last_years(master: Master) -> dict[tuple[str, str], Cell]:
    cells = {key: record.denominator for key, record in master.records.items()}
    return {key: cell for key, cell in cells.items() if not blank(cell)}


CARRIED = {
    (unit, code): value
    for unit, codes in {"B01": (2.2, "保1.1"), "B02": (2.2, "保1.1"), "X01": ("保1.1",)}.items()
    for code, value in ((str(each), 82.5 if each == 2.2 else 100.0) for each in codes)
}


def test_titles_year_and_due_dates_move_on_with_the_year(year_end: Path) -> None:
    plan = opened(year_end).round.plan
    assert (plan.year, plan.name) == (2020, "测试区2020年法治方案")
    assert plan.summary_title == "测试区二〇二〇年法治方案汇总表"
    assert plan.indicators["2.1"].due == date(2020, 9, 1), "it was 2019-09-01"
    settings = open_master(year_end / NEW, writing=False).round.settings
    assert settings.deadline == date(2020, 4, 5)
    assert settings.contact == "张三 0817-2019", "a telephone number is no year"


def test_all_that_will_change_is_shown_before(year_end: Path) -> None:
    before = {path: path.read_bytes() for path in year_end.rglob("*.xlsx")}
    told = "\n".join(said(opening_lines(propose(year_end / OLD, None, NOW.date()))))
    assert "2019Q4 → 2020Q1（2020年第一季度），报送截止 2020-04-05" in told
    for row in (
        ("“设置”年度", "2019", "2020"),
        ("“设置”工作方案", "测试区2019年法治方案", "测试区2020年法治方案"),
        ("指标 2.1 的完成期限", "2019-09-01", "2020-09-01"),
    ):
        assert " | ".join(row) in told
    assert "上年值：2019Q4 的完成值填进“分母”，共 5 条：2.2（2 个单位）、保1.1（3 个单位）" in told
    assert "区司法局 2.2：82.5" in told
    assert {path: path.read_bytes() for path in year_end.rglob("*.xlsx")} == before


def test_words_of_the_plan_that_name_the_year_stay_and_are_named(year_end: Path) -> None:
    book = FileBook.open(year_end / OLD)
    grid = book.read("指标")
    row = next(at for at, line in enumerate(grid) if "1.3" in line)
    column = grid[row].index("工作特色")
    book.write("指标", row + 1, column + 1, [["2019年底前的工作特色"]])
    book.save()
    told = "\n".join(said(opening_lines(propose(year_end / OLD, None, NOW.date()))))
    assert "方案原文里还写着 2019，没有改，请核对：指标 1.3" in told
    assert opened(year_end).round.plan.indicators["1.3"].text == "2019年底前的工作特色"


def test_last_years_final_values_stand_ready_and_are_nobodys_report(year_end: Path) -> None:
    master = opened(year_end)
    assert last_years(master) == CARRIED
    assert {a.status for a in master.assess(NOW.date())} == {Status.MISSING}
    result = received(year_end)
    assert not result.findings and not result.reported and not result.typed
    shown = trace(year_end / NEW, "区司法局", "2.2").standing
    assert shown is None or shown.source.file == OLD
    assert "2019Q4.xlsx（上年的完成值，建立这一期时填入）" in fzzf(
        year_end, "trace", "区司法局", "2.2"
    )


def test_a_return_brings_last_years_value_and_sent_back_untouched_it_is_empty(
    year_end: Path,
) -> None:
    opened(year_end)
    distribute(year_end / NEW, date(2020, 3, 1), datetime(2020, 3, 1, 9))
    fresh = year_end / "分发/2020Q1/区司法局.xlsx"
    incoming = year_end / "报送/2020Q1"
    (incoming / "区司法局.xlsx").write_bytes(fresh.read_bytes())
    now: dict[str, dict[str, Any]] = {
        **GOOD,
        "2.2": {"value": 90},
        "保1.1": {"denominator": 120, "value": 130},
    }
    fill(year_end / "分发/2020Q1/区财政局.xlsx", incoming / "区财政局.xlsx", now)
    result = received(year_end)
    verdicts = {file.submission.file: file.verdict for file in result.files}
    assert verdicts == {
        "区司法局.xlsx": Verdict.QUARANTINED,
        "区财政局.xlsx": Verdict.ACCEPTED,
    }
    assert [unit.name for unit in result.reported] == ["区财政局"]
    master = open_master(year_end / NEW, writing=False)
    (told,) = (finding for finding in result.findings if finding.rule == "last-year")
    assert (told.unit, told.indicator, told.value, told.expected) == (
        "区财政局",
        "保1.1",
        "120",
        "100",
    )
    record = master.records["B02", "2.2"]
    assert (record.denominator, record.value) == (82.5, 90)
    assert master.records["B02", "保1.1"].denominator == 120, "what the unit says gives it way"
    assert last_years(master)["B01", "2.2"] == 82.5


def test_from_a_period_that_did_not_end_its_year_nothing_is_final(year_end: Path) -> None:
    (year_end / OLD).rename(year_end / "旧.xlsx")
    folder = year_end.parent / "另一区"
    master = init(folder, small_plan(), Period.parse("2019Q3"), DAY).master
    told = "\n".join(said(opening_lines(propose(master, FIRST, DAY, skip=True))))
    assert "2019Q3 不是 2019 年的最后一期，不填上年值，由单位填" in told
    later = open_master(next_period(master, FIRST, DAY, skip=True).master, writing=False)
    assert not last_years(later) and later.round.plan.year == 2020


def test_within_a_year_nothing_moves(workspace: Path) -> None:
    opening = propose(workspace / "台账-2019Q3.xlsx", None, DAY)
    assert (str(opening.period), opening.moved, opening.last_year) == ("2019Q4", (), ())
    master = next_period(workspace / "台账-2019Q3.xlsx", opening.period, DAY).master
    plan = open_master(master, writing=False).round.plan
    assert plan.year == 2019 and plan.indicators["2.1"].due == date(2019, 9, 1)


def test_the_command_asks_and_a_script_must_say_yes(year_end: Path) -> None:
    told = fzzf(year_end, "next", code=2)
    assert "指标 2.1 的完成期限" in told and "脚本里请加 --yes" in told
    assert not (year_end / NEW).exists()
    assert NEW in fzzf(year_end, "next", "--yes")
    assert json_of(year_end, "plan")["plan"] == "测试区2020年法治方案"


def test_a_period_that_was_opened_by_mistake_is_taken_back(year_end: Path) -> None:
    wrong = next_period(year_end / OLD, Period.parse("2020Q2"), NOW.date(), skip=True)
    distribute(wrong.master, NOW.date(), NOW)
    stood = wrong.master.read_bytes()
    assert "先撤销它：fzzf next --undo" in fzzf(
        year_end, "next", "--yes", "--period", "2020Q1", code=2
    )
    told = fzzf(year_end, "next", "--undo", "--yes")
    assert "已撤销 台账-2020Q2.xlsx" in told and "和 4 份已分发的填报表" in told
    assert "fzzf restore 台账-2020Q2.xlsx --run 4 --before" in told
    assert not wrong.master.exists() and not wrong.outgoing.exists()
    kept = [path.read_bytes() for path in (year_end / "档案/备份").glob("台账-2020Q2_*")]
    assert stood in kept and len(list((year_end / "档案/备份").glob("金凤镇_*"))) == 1
    assert verify(year_end).clean, "that it is gone is on record"
    assert "台账-2020Q1" in fzzf(year_end, "next", "--yes", "--period", "2020Q1")
    restore(wrong.master, 4, True, NOW.date(), datetime(2020, 1, 4))
    assert wrong.master.read_bytes() == stood


def test_a_period_for_which_something_came_in_is_not_taken_back(year_end: Path) -> None:
    with pytest.raises(JobError, match="是唯一的一期"):
        withdraw(year_end / OLD, NOW)
    opened(year_end)
    late = year_end / "报送/2020Q1/区司法局.xlsx"
    late.write_bytes(b"something")
    with pytest.raises(JobError, match="已经有 1 个文件"):
        withdraw(year_end / NEW, NOW)
    received(year_end)
    late.unlink()
    with pytest.raises(JobError, match="已经汇总过"):
        withdraw(year_end / NEW, NOW)
    assert (year_end / NEW).exists()


def test_last_years_value_is_held_against_an_indicator_that_was_the_same_alone(
    year_end: Path,
) -> None:
    opened(year_end)
    book = FileBook.open(year_end / NEW)
    grid = book.read("指标")
    row = next(at for at, line in enumerate(grid) if "保1.1" in line)
    book.write("指标", row + 1, grid[row].index("工作经费") + 1, [["另一项经费"]])
    book.save()
    distribute(year_end / NEW, date(2020, 3, 1), datetime(2020, 3, 1, 9))
    now: dict[str, dict[str, Any]] = {
        **GOOD,
        "2.2": {"denominator": 70, "value": 90},
        "保1.1": {"denominator": 120, "value": 130},
    }
    file = "区财政局.xlsx"
    fill(year_end / "分发/2020Q1" / file, year_end / "报送/2020Q1" / file, now)
    found = [f.indicator for f in received(year_end).findings if f.rule == "last-year"]
    assert found == ["2.2"]
