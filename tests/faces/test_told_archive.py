"""What trace, history and restore say of real rounds, in lines and as JSON; of an empty round, too."""

from __future__ import annotations

import re
from datetime import date, datetime
from pathlib import Path

import pytest

from tests.conftest import AS_OF
from tests.faces.told import plain, said
from tests.jobs.filling import GOOD, fill
from tests.jobs.test_consolidate import NOW, blank, filled, incoming, received, run, write
from xl_fzzf.archive.journal import find_journals
from xl_fzzf.desk.master import open_master
from xl_fzzf.faces.words.archive import (
    history_json,
    history_lines,
    restoration_json,
    restoration_lines,
    runs_json,
    runs_lines,
    trace_json,
    trace_lines,
)
from xl_fzzf.jobs.collect import collect
from xl_fzzf.jobs.history import read_history
from xl_fzzf.jobs.next import next_period
from xl_fzzf.jobs.restore import read_runs, restore
from xl_fzzf.jobs.trace import trace
from xl_fzzf.model.period import Period
from xl_fzzf.model.status import Status
from xl_fzzf.office.references import column_number

__all__ = ["filled"]

MASTER = "台账-2019Q3.xlsx"


def typed(folder: Path, value: object) -> None:
    """Type a value into the master's cell of B01's 1.1."""
    master = open_master(folder / MASTER, writing=False)
    sheet, cell = master.cell(("B01", "1.1"), "value")
    letters, row = re.fullmatch(r"([A-Z]+)(\d+)", cell).groups()  # type: ignore[union-attr]
    write(folder, sheet, (int(row), column_number(letters)), value)


def test_a_record_that_nobody_filled_in_is_said_to_be_so(workspace: Path) -> None:
    result = trace(workspace / MASTER, "区司法局", "1.1")
    lines = said(trace_lines(result))
    assert lines[0] == "区司法局（B01）  1.1 会议次数  2019Q3"
    assert lines[-1] == "还没有填报过。" and len(lines) == 3
    told = plain(trace_json(result))
    assert (told["standing"], told["versions"], told["notices"]) == (None, [], [])
    assert told["sheet"] == "一、组织领导" and told["cell"]


def test_a_traced_figure_names_its_file_its_cell_and_where_the_original_lies(filled: Path) -> None:
    run(filled)
    result = trace(filled / MASTER, "B01", "2.1")
    lines = said(trace_lines(result))
    (version,) = result.versions
    assert f"  来源：区司法局.xlsx 二、依法行政 第 {version.version.source.row} 行" in lines
    assert "  收到：2019-09-20 09:00" in lines
    assert (
        f"  原件：{version.kept}" in lines
        and f"  SHA-256：{version.version.source.sha256}" in lines
    )
    assert f"  分子：4（{version.cells['numerator']}）" in lines
    assert not any("完成值" in line for line in lines), "what is computed is nobody's entry"
    assert version.kept is not None
    version.kept.unlink()
    assert "  原件：档案里没有找到" in said(trace_lines(trace(filled / MASTER, "B01", "2.1")))


def test_what_was_typed_is_told_before_and_after_the_next_run(filled: Path) -> None:
    run(filled)
    typed(filled, 9)
    waiting = trace(filled / MASTER, "B01", "1.1")
    lines = said(trace_lines(waiting))
    at = next(at for at, line in enumerate(lines) if line.startswith("现在（"))
    assert lines[at + 1].startswith("  完成值：9（在台账里直接填的；文件")
    assert lines[at + 1].endswith("里是：3）")
    assert plain(trace_json(waiting))["standing"]["typed_in_master"] == ["value"]
    run(filled)
    done = trace(filled / MASTER, "B01", "1.1")
    lines = said(trace_lines(done))
    assert not any(line.startswith("现在（") for line in lines)
    assert sum("，替换第" in line for line in lines) == 1
    newest, first = plain(trace_json(done))["versions"]
    assert (newest["entries"]["value"], newest["sent"]) == (9, {"value": 3})
    assert newest["replaced"] == first["run"] and first["sent"] == {}


def test_a_figure_that_no_file_ever_said_was_typed(workspace: Path) -> None:
    typed(workspace, 5)
    run(workspace)
    lines = said(trace_lines(trace(workspace / MASTER, "B01", "1.1")))
    assert "  来源：在台账里直接填的" in lines and "  完成值：5（在台账里直接填的）" in lines
    (version,) = plain(trace_json(trace(workspace / MASTER, "B01", "1.1")))["versions"]
    assert (version["file"], version["received"], version["kept"]) == ("", None, None)
    assert version["typed_in_master"] == ["value"]


def test_what_was_normalised_is_told_as_it_was_typed(filled: Path) -> None:
    wide = GOOD | {"1.1": {"value": "1２次"}}
    received(fill(blank(filled, "区司法局"), incoming(filled, "区司法局.xlsx"), wide), 21)
    run(filled)
    result = trace(filled / MASTER, "B01", "1.1")
    assert any(
        "完成值：12" in line and "（原文：1２次）" in line for line in said(trace_lines(result))
    )
    assert plain(trace_json(result))["versions"][0]["raw"] == {"value": "1２次"}


def test_a_file_that_was_collected_says_from_where(filled: Path, tmp_path: Path) -> None:
    given = tmp_path / "收到的" / "区司法局.xlsx"
    given.parent.mkdir()
    incoming(filled, "区司法局.xlsx").rename(given)
    collect(filled / MASTER, [given], NOW)
    run(filled)
    result = trace(filled / MASTER, "B01", "1.1")
    assert any(line.startswith(f"  收取：从“{given}”") for line in said(trace_lines(result)))
    (brought,) = plain(trace_json(result))["versions"][0]["brought_by"]
    assert brought["key"] == str(given) and not brought["is_mail"]


def test_an_empty_round_has_a_history_without_a_figure(workspace: Path) -> None:
    for name, key in (("区司法局", "score"), ("2.1", "value")):
        history = read_history(workspace / MASTER, name)
        (point,) = plain(history_json(history, None))["points"]
        assert point["change"] is None and not point[key]
        assert point["status"][Status.MISSING] == sum(point["status"].values()) > 0
        lines = said(history_lines(history, None))
        assert not any("█" in line or "档案" in line for line in lines)
        assert lines[1].split(" | ")[0] == "2019Q3"


def test_a_change_is_said_with_an_arrow_and_a_share_in_points(filled: Path) -> None:
    run(filled)
    next_period(filled / MASTER, Period.parse("2019Q4"), AS_OF)
    later = filled / "台账-2019Q4.xlsx"
    rate, unit = (read_history(later, name) for name in ("2.1", "区司法局"))
    assert [line.split(" | ")[0] for line in said(history_lines(rate, None))[1:]] == [
        *("2019Q3", "2019Q4")
    ]
    assert said(history_lines(rate, None))[2].split(" | ")[2] == "—", "nothing to compare"
    assert "▼100" in said(history_lines(unit, None))[2], "from all to nothing"
    assert said(history_lines(unit, Path("图.xlsx")))[-1] == "图表：图.xlsx"
    (filled / MASTER).unlink()
    kept = said(history_lines(read_history(later, "2.1"), None))
    assert kept[1].startswith("2019Q3*") and "档案" in kept[-1]


def test_a_master_without_runs_says_so(tmp_path: Path) -> None:
    found = read_runs(tmp_path / MASTER)
    assert said(runs_lines(found)) == [f"{MASTER} 的各次运行", "  还没有运行记录。"]
    told = plain(runs_json(found))
    assert (told["runs"], told["notices"], told["period"]) == ([], [], "2019Q3")


@pytest.mark.parametrize("before", [True, False])
def test_a_restoration_says_which_state_stands_there_now(filled: Path, before: bool) -> None:
    run(filled)
    number = read_runs(filled / MASTER).runs[-1].number
    result = restore(filled / MASTER, number, before, date(2019, 9, 30), datetime(2019, 10, 21, 9))
    side = "之前" if before else "之后"
    lines = said(restoration_lines(result))
    assert f"第 {number} 次运行（2019-10-20 09:00 汇总）{side}" in lines[0]
    told = plain(restoration_json(result))
    assert (told["run"], told["before"], told["notices"]) == (number, before, [])
    runs = said(runs_lines(read_runs(filled / MASTER)))
    assert f"恢复（恢复到第 {number} 次运行{side}）" in runs[-2]
    assert "变动 20 条记录" in next(line for line in runs if "汇总，" in line)


def test_a_damaged_journal_is_told_and_the_others_are_listed(filled: Path) -> None:
    run(filled)
    run(filled)
    *_, (_, journal) = find_journals(filled / "档案")
    journal.chmod(0o644)
    journal.write_bytes(b"torn")
    found = read_runs(filled / MASTER)
    assert any(journal.name in line for line in said(runs_lines(found)))
    assert len(plain(runs_json(found))["runs"]) == 2
    (notice,) = plain(runs_json(found))["notices"]
    assert journal.name in notice
    traced = trace(filled / MASTER, "B01", "1.1")
    assert notice in said(trace_lines(traced)) and len(traced.versions) == 1
