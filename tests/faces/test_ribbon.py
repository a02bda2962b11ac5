"""The ribbon's buttons, run by xlwings' own engine: they write what the commands write, and say so."""

from __future__ import annotations

import inspect
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlwings as xw
from typer.testing import CliRunner

from tests.excel import Place, actions, alerts, cells_of, do_actions, open_in_excel, rules_of
from tests.faces.addin.test_press import JOBS
from tests.jobs.filling import GOOD, fill
from xl_fzzf.archive.originals import fingerprint
from xl_fzzf.desk.errors import JobError
from xl_fzzf.desk.holding import refuse_read_only
from xl_fzzf.desk.lock import only_run
from xl_fzzf.desk.workspace import Workspace
from xl_fzzf.faces.cli.main import app
from xl_fzzf.faces.excel import boxes, ribbon
from xl_fzzf.jobs.approve import approve
from xl_fzzf.jobs.consolidate import consolidate
from xl_fzzf.jobs.mark_unmet import mark_unmet
from xl_fzzf.jobs.restore import read_runs, undo
from xl_fzzf.model.run import Job
from xl_fzzf.office.book_file import FileBook
from xl_fzzf.sheets.settings_sheet import write_setting

NAME = "台账-2019Q3.xlsx"
UNITS = ("区司法局", "区财政局", "金凤镇", "安福镇")
BUTTONS = {
    "distribute": "分发填报表",
    "check": "校验",
    "consolidate": "汇总",
    "mark_unmet": "标记未达标",
    "report": "生成上报表",
    "approve": "定稿",
    "reopen": "重新打开",
    "mail": "发送邮件",
    "open_incoming": "打开报送文件夹",
    "undo": "撤销上次汇总",
    "help_": "帮助",
}


@pytest.fixture(autouse=True)
def shown(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """What the buttons open in other programs, which the tests don't."""
    paths: list[Path] = []
    monkeypatch.setattr(ribbon, "show", paths.append)
    return paths


@pytest.fixture
def filled(workspace: Path) -> Path:
    for unit in UNITS:
        source = workspace / "分发" / "2019Q3" / f"{unit}.xlsx"
        fill(source, workspace / "报送" / "2019Q3" / f"{unit}.xlsx", GOOD)
    return workspace


def press(button: Callable[[], None], path: Path, selection: str = "A1") -> xw.Book:
    book = open_in_excel(path, selection)
    book.set_mock_caller()
    button()
    return book


def finish(book: xw.Book, path: Path) -> Place:
    """What Excel then has, saved over the file."""
    copy = path.with_name("Excel.xlsx")
    place = do_actions(book, path, copy)
    copy.replace(path)
    return place


def other(folder: Path) -> Path:
    """The same workspace once more, for the command."""
    copy = folder.with_name("另一份")
    shutil.copytree(folder, copy)
    return copy


def assert_same(one: Path, two: Path) -> None:
    left, right = cells_of(one), cells_of(two)
    assert left.keys() == right.keys()
    assert {place for place in left if left[place] != right[place]} == set()
    assert rules_of(one) == rules_of(two)


def run(*arguments: str) -> str:
    result = CliRunner().invoke(app, list(arguments))
    assert result.exit_code in (0, 1), result.output
    return result.output


def type_into(path: Path, sheet: str, cells: dict[str, Any]) -> None:
    book = openpyxl.load_workbook(path)
    for place, value in cells.items():
        book[sheet][place] = value
    book.save(path)


def test_consolidate_writes_what_the_command_writes(filled: Path) -> None:
    copy = other(filled)
    for _ in range(2):
        book = press(ribbon.consolidate, filled / NAME)
        finish(book, filled / NAME)
        run("consolidate", str(copy / NAME))
        assert_same(filled / NAME, copy / NAME)
    (words,) = alerts(book)
    assert "收到 4 个文件：已采用 4" in words and "撤销上次汇总" in words and "接下来" in words


def test_consolidate_with_faults_corrections_and_typed_values(filled: Path) -> None:
    run("consolidate", str(filled / NAME))
    source, incoming = filled / "分发" / "2019Q3" / "区司法局.xlsx", filled / "报送" / "2019Q3"
    bad: dict[str, Any] = {
        "1.1": {"value": "约3次", "narrative": "=1+1"},
        "2.1": {"numerator": 5, "denominator": 4},
    }
    fill(source, incoming / "区司法局.xlsx", GOOD | bad)
    (incoming / "坏的.xlsx").write_bytes(b"")
    type_into(
        filled / NAME, "一、组织领导", {"I5": 9, "J6": "'2019", "J20": "=SUM(I4:I9)", "R5": "注"}
    )
    copy = other(filled)
    book = press(ribbon.consolidate, filled / NAME)
    finish(book, filled / NAME)
    said = run("consolidate", str(copy / NAME))
    assert_same(filled / NAME, copy / NAME)
    (words,) = alerts(book)
    assert "坏的.xlsx" in words and "校验结果" in words
    (counted,) = re.findall("^校验问题：错误 [1-9].*$", words, re.MULTILINE)
    assert f"{counted}（详见" in said, "a button counts findings as the command does"
    kept = openpyxl.load_workbook(filled / NAME)["一、组织领导"]
    assert (kept["I5"].value, kept["J20"].value, kept["R5"].value) == (9, "=SUM(I4:I9)", "注")


def test_a_new_unit_gets_rows_formats_and_validation(filled: Path) -> None:
    row = openpyxl.load_workbook(filled / NAME)["单位"].max_row + 1
    new = {f"A{row}": "X09", f"B{row}": "新设镇", f"C{row}": "乡镇", f"D{row}": "否"}
    type_into(filled / NAME, "单位", dict(new))
    copy = other(filled)
    finish(press(ribbon.consolidate, filled / NAME), filled / NAME)
    run("consolidate", str(copy / NAME))
    assert_same(filled / NAME, copy / NAME)
    assert "新设镇" in [cell.value for cell in openpyxl.load_workbook(copy / NAME)["责任分工"]["A"]]


def test_distribute_writes_what_the_command_writes(filled: Path) -> None:
    copy = other(filled)
    for folder in (filled, copy):
        shutil.rmtree(folder / "分发")
    book = press(ribbon.distribute, filled / NAME)
    finish(book, filled / NAME)
    run("distribute", str(copy / NAME))
    assert_same(filled / NAME, copy / NAME)
    for unit in UNITS:
        files = [folder / "分发" / "2019Q3" / f"{unit}.xlsx" for folder in (filled, copy)]
        assert files[0].read_bytes() == files[1].read_bytes()
    assert "已生成 4 份" in alerts(book)[0]


def test_mark_unmet_judges_as_of_today_and_goes_to_the_list(filled: Path) -> None:
    fill(
        filled / "分发" / "2019Q3" / "区司法局.xlsx",
        filled / "报送" / "2019Q3" / "区司法局.xlsx",
        GOOD | {"1.1": {"value": 1}},
    )
    run("consolidate", str(filled / NAME), "--as-of", "2019-09-30")
    copy = other(filled)
    book = press(ribbon.mark_unmet, filled / NAME)
    assert finish(book, filled / NAME).sheet == "未达标清单"
    mark_unmet(copy / NAME, date.today(), datetime.now())
    assert_same(filled / NAME, copy / NAME)
    assert "未达标 1 项" in alerts(book)[0]
    listed = openpyxl.load_workbook(filled / NAME)["未达标清单"]
    assert [listed["B4"].value, listed["D4"].value, listed["B5"].value] == ["区司法局", "1.1", None]


def test_report_writes_what_the_command_writes(filled: Path, shown: list[Path]) -> None:
    run("consolidate", str(filled / NAME))
    copy = other(filled)
    book = press(ribbon.report, filled / NAME)
    run("report", str(copy / NAME))
    name = "测试区法治方案汇总表-2019Q3.xlsx"
    files = [folder / "上报" / "2019Q3" / name for folder in (filled, copy)]
    assert files[0].read_bytes() == files[1].read_bytes()
    assert shown == files[:1] and str(files[0]) in alerts(book)[0]
    assert not actions(book, "setValues")


def test_check_of_a_master_lists_faults_and_writes_nothing(filled: Path) -> None:
    fill(
        filled / "分发" / "2019Q3" / "区司法局.xlsx",
        filled / "报送" / "2019Q3" / "区司法局.xlsx",
        GOOD | {"1.1": {"value": "约3次"}},
    )
    before = (filled / NAME).read_bytes()
    book = press(ribbon.check, filled / NAME)
    assert {action["func"] for action in book.json()["actions"]} == {"alert"}
    assert "校验了 4 个文件" in alerts(book)[0] and "I4" in alerts(book)[0]
    assert (filled / NAME).read_bytes() == before


def test_check_of_a_return_makes_an_annotated_copy(filled: Path) -> None:
    path = filled / "报送" / "2019Q3" / "区司法局.xlsx"
    before = path.read_bytes()
    book = press(ribbon.check, path)
    assert "校验了 1 个文件" in alerts(book)[0]
    assert list((filled / "退回").rglob("*.xlsx")) and path.read_bytes() == before


def test_folders_are_shown_and_named(filled: Path, shown: list[Path]) -> None:
    book = press(ribbon.open_incoming, filled / NAME)
    assert shown.pop() == filled / "报送" / "2019Q3"
    assert str(filled / "报送" / "2019Q3") in alerts(book)[0]
    assert str(filled / NAME) in alerts(press(ribbon.help_, filled / NAME))[0]


def test_mail_writes_a_draft_to_the_city_and_says_that_it_is_not_sent(
    filled: Path, shown: list[Path]
) -> None:
    assert "市级邮箱" in alerts(press(ribbon.mail, filled / NAME))[0]
    book = FileBook.open(filled / NAME)
    write_setting(book, "市级邮箱", "city@example.gov.cn")
    book.save()
    assert "没有定稿" in alerts(press(ribbon.mail, filled / NAME))[0]
    consolidate(filled / NAME, None, date(2019, 9, 30), datetime(2019, 10, 8, 9))
    approve(filled / NAME, "张三", "", datetime(2019, 10, 8, 9))
    (words,) = alerts(press(ribbon.mail, filled / NAME))
    assert "还没有发送" in words and "草稿 1 封" in words
    (draft,) = (filled / "发件").rglob("*.eml")
    assert b"city@example.gov.cn" in draft.read_bytes()
    assert shown == [draft.parent]


def test_approve_asks_shows_what_it_is_about_and_approves(
    filled: Path, monkeypatch: pytest.MonkeyPatch, shown: list[Path]
) -> None:
    asked: list[str] = []

    def agrees(click: ribbon.Click, lines: Iterable[str]) -> bool:
        asked.append("\n".join(lines))
        return len(asked) > 1

    path = filled / NAME
    assert "还没有汇总过" in alerts(press(ribbon.approve, path))[0]
    consolidate(path, None, date(2019, 9, 30), datetime(2019, 10, 8, 9))
    assert "“定稿人”" in alerts(press(ribbon.approve, path))[0], "here nobody can be asked"
    monkeypatch.setattr(ribbon.Click, "ask", lambda click, prompt: "张三")
    monkeypatch.setattr(ribbon.Click, "agrees", agrees)
    before = path.read_bytes()
    book = press(ribbon.approve, path)
    assert alerts(book) == [] and path.read_bytes() == before
    assert "作为第 1 版" in asked[0] and "统计日期 2019-09-30" in asked[0] and "张三" in asked[0]
    book = press(ribbon.approve, path)
    assert "已定稿：第 1 版" in alerts(book)[0] and shown[-1].parent == filled / "上报/2019Q3"
    finish(book, path)
    approval = read_runs(path).runs[-1]
    assert approval.job == Job.APPROVE and approval.by == "张三" and approval.outputs
    assert "已定稿" in alerts(press(ribbon.consolidate, path))[0]
    monkeypatch.setattr(ribbon.Click, "ask", lambda click, prompt: "")
    assert "没有写原因" in alerts(press(ribbon.reopen, path))[0]
    monkeypatch.setattr(ribbon.Click, "ask", lambda click, prompt: "补报")
    book = press(ribbon.reopen, path)
    assert alerts(book)[0].splitlines()[1] == "原因：补报"
    finish(book, path)
    assert [run.job for run in read_runs(path).runs][-2:] == [Job.APPROVE, Job.REOPEN]


def test_the_users_place_is_kept(filled: Path) -> None:
    book = press(ribbon.consolidate, filled / NAME, selection="C7:D9")
    assert finish(book, filled / NAME) == Place("填报说明", "C7:D9")
    updating = [action["args"] for action in actions(book, "setScreenUpdating")]
    assert updating == [[False], [True]]
    assert actions(book, "setCalculation")[-1]["args"] == ["Automatic"]


def test_excel_saves_first_and_the_state_before_is_kept(filled: Path) -> None:
    before = (filled / NAME).read_bytes()
    book = press(ribbon.consolidate, filled / NAME)
    assert book.json()["actions"][0]["func"] == "save"
    assert before in [backup.read_bytes() for backup in (filled / "档案" / "备份").iterdir()]


def test_the_run_is_recorded_with_the_file_that_excel_saved(filled: Path) -> None:
    press(ribbon.consolidate, filled / NAME)
    run_ = read_runs(filled / NAME).runs[-1]
    assert run_.job is Job.CONSOLIDATE
    assert run_.after == fingerprint((filled / NAME).read_bytes())


def test_excels_own_lock_does_not_send_the_result_elsewhere(filled: Path) -> None:
    (filled / f"~${NAME}").write_bytes(owner_file("张三"))
    book = press(ribbon.consolidate, filled / NAME)
    assert actions(book, "setValues") and not list(filled.glob("*汇总结果*"))


def test_whoever_holds_a_master_that_is_read_only_here_is_named(filled: Path) -> None:
    for person, words in (("张三", "打开着它的人：张三"), ("", "可能别人正开着它")):
        (filled / f"~${NAME}").write_bytes(owner_file(person))
        with pytest.raises(JobError, match=words):
            refuse_read_only(filled / NAME)


def owner_file(person: str) -> bytes:
    """What Excel leaves beside a workbook while it is open."""
    ansi, wide = person.encode("gbk"), person.encode("utf-16-le")
    length = len(person).to_bytes(2, "little")
    return (bytes([len(ansi)]) + ansi).ljust(55, b" ") + length + wide.ljust(108, b"\0")


def test_a_rerun_writes_few_rectangles(filled: Path) -> None:
    first = press(ribbon.consolidate, filled / NAME)
    finish(first, filled / NAME)
    again = press(ribbon.consolidate, filled / NAME)
    assert len(actions(first, "setValues")) < 60 and len(actions(again, "setValues")) < 40
    assert not actions(again, "copyFromRange") and not actions(again, "setDataValidationRule")


@pytest.mark.parametrize("name", [n for n in BUTTONS if n not in ("check", "help_")])
def test_a_workbook_that_is_no_master_is_left_alone(filled: Path, name: str) -> None:
    path = filled / "别的表.xlsx"
    shutil.copy(filled / NAME, path)
    book = press(getattr(ribbon, name), path)
    assert {action["func"] for action in book.json()["actions"]} == {"alert"}
    assert "不是台账的文件名" in alerts(book)[0]


def test_a_workbook_never_saved_is_told_so(tmp_path: Path, filled: Path) -> None:
    book = open_in_excel(filled / NAME)
    (filled / NAME).unlink()
    book.set_mock_caller()
    ribbon.consolidate()
    assert "还没有保存过" in alerts(book)[0]


def test_a_failure_is_told_in_words_and_nothing_is_written(filled: Path) -> None:
    with only_run(Workspace.at(filled / NAME)):
        code = "import sys, tests.faces.test_ribbon as t; print(t.press_elsewhere(sys.argv[1]))"
        command = [sys.executable, "-c", code, str(filled / NAME)]
        done = subprocess.run(command, capture_output=True, encoding="utf-8", check=True)
    assert "另一个 fzzf 正在运行" in done.stdout and "setValues" not in done.stdout
    type_into(filled / NAME, "一、组织领导", {"J3": "别的"})
    book = press(ribbon.consolidate, filled / NAME)
    assert "缺少表头“状态”" in alerts(book)[0]
    assert not actions(book, "setValues")


def press_elsewhere(path: str) -> object:
    return press(ribbon.consolidate, Path(path)).json()


def test_an_unforeseen_fault_is_logged_without_a_traceback_on_screen(
    filled: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setattr("xl_fzzf.jobs.mark_unmet.refresh_as_of", lambda *_: 1 / 0)
    book = press(ribbon.mark_unmet, filled / NAME)
    (words,) = alerts(book)
    assert "fzzf.log" in words and "Traceback" not in words and "Esc" in words
    assert "ZeroDivisionError" in (tmp_path / "fzzf.log").read_text(encoding="utf-8")
    assert not actions(book, "setValues")


def test_who_saved_the_master_last_is_told(filled: Path) -> None:
    book = openpyxl.load_workbook(filled / NAME)
    book.properties.lastModifiedBy = "张三"
    book.save(filled / NAME)
    for button in (ribbon.check, ribbon.consolidate):
        assert "最后由 张三 于" in alerts(press(button, filled / NAME))[0]


def test_every_button_is_a_script_of_a_few_lines() -> None:
    for name, label in BUTTONS.items():
        source = inspect.getsource(getattr(ribbon, name))
        assert source.startswith("@xw.script\n") and f'"""{label}: ' in source
        assert len(re.findall(r"^ {4}", source, re.MULTILINE)) <= 10


def test_every_script_is_tried_here_and_tells_what_a_box_says() -> None:
    source = inspect.getsource(ribbon)
    assert re.findall(r"^@xw\.script\ndef (\w+)", source, re.MULTILINE) == list(BUTTONS)
    assert set(BUTTONS) == set(JOBS.values())
    named = set(re.findall(r"\bboxes\.(\w+)", source))
    assert named and all(hasattr(boxes, name) for name in named)
    told = {name for name, each in vars(boxes).items() if inspect.isgeneratorfunction(each)}
    assert {name for name in told if not name.startswith("_")} <= named


def test_a_click_needs_no_pandas(filled: Path) -> None:
    """xlwings loads pandas where it is installed; nothing of ours does, or misses it."""
    code = (
        "import sys; sys.modules['pandas'] = None; import tests.faces.test_ribbon as t;"
        "print('汇总前的台账已备份' in str(t.press_elsewhere(sys.argv[1])))"
    )
    command = [sys.executable, "-c", code, str(filled / NAME)]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", check=True)
    assert done.stdout.strip() == "True"


def test_undo_asks_and_leaves_all_as_it_is_without_an_answer(filled: Path) -> None:
    run("consolidate", str(filled / NAME))
    before = (filled / NAME).read_bytes()
    book = press(ribbon.undo, filled / NAME)
    (action,) = book.json()["actions"]
    assert "恢复到上次汇总之前?" in action["args"][0] and action["args"][2] == "ok_cancel"
    assert (filled / NAME).read_bytes() == before


def test_undo_goes_back_one_consolidation_at_a_time(filled: Path) -> None:
    path, states = filled / NAME, [(filled / NAME).read_bytes()]
    for value in (1, 2):
        source = filled / "分发" / "2019Q3" / "区司法局.xlsx"
        changed = GOOD | {"1.1": {"value": value}}
        fill(source, filled / "报送" / "2019Q3" / "区司法局.xlsx", changed)
        run("consolidate", str(path))
        states.append(path.read_bytes())
    for state in (states[1], states[0]):
        undo(path, date.today(), datetime.now())
        assert path.read_bytes() == state
    with pytest.raises(JobError, match="没有可以撤销的汇总"):
        undo(path, date.today(), datetime.now())
