"""What the result boxes say of real rounds: what happened, what to do next, and no more than fits."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import pytest

from tests.conftest import AS_OF
from tests.jobs.filling import GOOD, fill
from tests.jobs.test_consolidate import UNITS, blank, filled, incoming, run
from xl_fzzf.desk.errors import JobError
from xl_fzzf.faces.excel import boxes
from xl_fzzf.faces.words.telling import box_text
from xl_fzzf.jobs.check import check_active
from xl_fzzf.jobs.distribute import Distribution, distribute
from xl_fzzf.jobs.mark_unmet import mark_unmet
from xl_fzzf.jobs.report import report
from xl_fzzf.jobs.restore import undo
from xl_fzzf.model.problems import PlanError
from xl_fzzf.model.status import Status
from xl_fzzf.office.book import Value
from xl_fzzf.office.book_file import FileBook

__all__ = ["filled"]

MASTER = "台账-2019Q3.xlsx"
NOW = datetime(2019, 10, 21, 9)
FAULTY: dict[str, dict[str, Value]] = {
    code: {"value": "三次", "narrative": "开会"} for code in ("1.1", "1.2", "2.2", "保1.1")
}


def faulty(folder: Path, *units: str) -> None:
    """Returns in which most values are words."""
    for unit in units:
        fill(blank(folder, unit), incoming(folder, f"{unit}.xlsx"), GOOD | FAULTY)


def test_distributing_says_how_many_and_where(workspace: Path) -> None:
    first, folder, then = boxes.distributed(distribute(workspace / MASTER, AS_OF, NOW))
    assert first == "已生成 4 份填报表，放在：" and folder == str(workspace / "分发" / "2019Q3")
    assert then.startswith("接下来：")
    (nobody,) = boxes.distributed(Distribution([], [], [], []))
    assert "责任分工" in nobody


def test_checking_before_anything_came_says_where_to_put_it(workspace: Path) -> None:
    (line,) = boxes.checked(check_active(workspace / MASTER, AS_OF), "", False)
    assert "“报送”里还没有文件" in line


def test_a_clean_check_sends_on_to_consolidating(filled: Path) -> None:
    lines = list(boxes.checked(check_active(filled / MASTER, AS_OF), "张三 保存", True))
    assert lines[0] == "校验了 4 个文件：已采用 4"
    assert "接下来：点“汇总”。" in lines and any("没有保存的改动" in line for line in lines)
    assert lines[-1] == "（运行以前，台账最后由 张三 保存）"
    assert not any(line.startswith("·") for line in lines)


def test_many_faults_are_shown_errors_first_and_the_rest_counted(filled: Path) -> None:
    faulty(filled, *UNITS)
    results = check_active(filled / MASTER, AS_OF)
    findings = [finding for result in results for finding in result.findings]
    lines = list(boxes.checked(results, "", False))
    shown = [line for line in lines if line.startswith("· ")]
    assert len(shown) == 8 < len(findings)
    assert f"……另有 {len(findings) - 8} 处，汇总后见“校验结果”。" in lines
    errors = {finding.message for finding in findings if finding.severity.value == "error"}
    assert all(any(message in line for message in errors) for line in shown)
    assert all(line.startswith(tuple(f"· {unit} " for unit in UNITS)) for line in shown)
    assert all(" → " in line for line in shown), "each says what to do"
    assert "接下来：请有问题的单位改正后重新报送。" in lines


def test_checking_a_return_names_its_annotated_copy(filled: Path) -> None:
    faulty(filled, "区司法局")
    results = check_active(incoming(filled, "区司法局.xlsx"), AS_OF)
    lines = list(boxes.checked(results, "", False))
    assert f"带校验意见的副本：{results[0].copy}" in lines


def test_consolidating_says_what_comes_next_by_what_it_found(filled: Path) -> None:
    lines = list(boxes.consolidated(run(filled), ""))
    assert "接下来：点“生成上报表”。" in lines and "应报 4 个单位，已报 4 个" in lines
    assert "达标 20" in lines, "what there is none of is not named"
    incoming(filled, "坏的.xlsx").write_bytes(b"x")
    result = run(filled)
    lines = list(boxes.consolidated(result, "张三"))
    (why,) = [line for line in lines if line.startswith("· 没有采用 坏的.xlsx：")]
    assert len(why) > len("· 没有采用 坏的.xlsx：")
    assert any("“校验结果”" in line for line in lines) and "张三" in lines[-1]


def test_consolidating_an_incomplete_round_tells_to_remind(filled: Path) -> None:
    for unit in UNITS[1:]:
        incoming(filled, f"{unit}.xlsx").unlink()
    lines = list(boxes.consolidated(run(filled), ""))
    assert "接下来：催报还没有报的 3 个单位，或点“生成上报表”。" in lines


def test_marking_counts_what_is_unmet_as_of_the_day(filled: Path) -> None:
    run(filled)
    met = list(boxes.marked(mark_unmet(filled / MASTER, AS_OF, NOW)))
    assert met[0].startswith("截至 2019-09-30：") and met[-1] == "没有未达标的事项。"
    low = GOOD | {"1.1": {"value": 1}}
    for unit in UNITS:
        fill(blank(filled, unit), incoming(filled, f"{unit}.xlsx"), low)
    run(filled)
    early, late = (mark_unmet(filled / MASTER, day, NOW) for day in (AS_OF, date(2020, 1, 1)))
    assert early.statuses[Status.UNMET] == 0 and late.statuses[Status.UNMET] == 4
    assert list(boxes.marked(late))[1] == "未达标 4 项，列在“未达标清单”。"


def test_undoing_says_which_run_was_undone(filled: Path) -> None:
    run(filled)
    lines = list(boxes.undone(undo(filled / MASTER, AS_OF, NOW)))
    assert lines[0] == "台账已恢复到 2019-10-20 09:00 那次汇总之前。"
    with pytest.raises(JobError) as caught:
        undo(filled / MASTER, AS_OF, NOW)
    assert boxes.failed(caught.value) == str(caught.value)


def test_a_report_names_the_summary_and_why_there_is_no_pdf(filled: Path) -> None:
    def broken(workbook: Path, pdf: Path) -> None:
        raise JobError("没有打印成：缺少字体")

    run(filled)
    made = report(filled / MASTER, AS_OF, AS_OF, broken)
    lines = list(boxes.reported(made))
    assert lines[0] == f"汇总表已生成：{made.summary}" and made.summary.is_file()
    assert made.printed.pdf is None and "缺少字体" in lines[1]
    assert "填报率 100.0%；达标 20" in lines


def test_what_failed_is_told_in_words_and_that_nothing_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(OSError) as caught:
        (tmp_path / "没有" / "文件").read_bytes()
    said = boxes.failed(caught.value)
    assert "没有/文件" in said and said.endswith("台账没有改动。") and "Traceback" not in said
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    said = boxes.failed(ZeroDivisionError("division by zero"))
    assert "按 Esc" in said and "ZeroDivisionError" not in said
    assert said.endswith(f"{tmp_path / 'fzzf.log'}")
    assert "ZeroDivisionError: division by zero" in (tmp_path / "fzzf.log").read_text("utf-8")


def test_a_name_from_outside_breaks_no_line_of_a_box(filled: Path) -> None:
    incoming(filled, "坏\n的\u202e.xlsx").write_bytes(b"x")
    lines = list(boxes.consolidated(run(filled), ""))
    text = box_text(*lines)
    assert "\u202e" not in text and text.count("\n") == len([line for line in lines if line]) - 1


def test_many_mistakes_fit_into_a_box_and_the_command_tells_all(workspace: Path) -> None:
    book = FileBook.open(workspace / MASTER)
    for row in range(4, 10):
        book.write("指标", row, 9, [[f"重{row}"]])
        book.write("指标", row, 11, [[f"多{row}"]])
    book.save()
    with pytest.raises(PlanError) as caught:
        distribute(workspace / MASTER, AS_OF, NOW)
    head, *lines, more = boxes.failed(caught.value).split("\n")
    assert head == f"台账有误，没有改动：{MASTER}" and len(lines) == 8
    assert more == "……另有 4 处，改好这些再点一次；fzzf status 一次列全。"
    assert len(caught.value.problems) == 12
