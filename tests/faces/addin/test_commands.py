"""What the buttons hand to Python, as LibreOffice recorded it, run against a workbook of xlwings' own engine."""

from __future__ import annotations

import re
import sys
from datetime import datetime
from pathlib import Path

import pytest

from tests.conftest import AS_OF
from tests.excel import actions, open_in_excel
from xl_fzzf.faces.excel import ribbon
from xl_fzzf.jobs.approve import approve
from xl_fzzf.jobs.consolidate import consolidate
from xl_fzzf.office.book_file import FileBook
from xl_fzzf.sheets.settings_sheet import write_setting

_RECORDED = re.compile(r"ran:\[(.*)\]told:", re.DOTALL)
NOW = datetime(2019, 10, 8, 9)
TITLES = {
    "fzzf_distribute": "分发填报表",
    "fzzf_check": "校验",
    "fzzf_consolidate": "汇总",
    "fzzf_mark_unmet": "标记未达标",
    "fzzf_report": "生成上报表",
    "fzzf_approve": "定稿",
    "fzzf_reopen": "重新打开",
    "fzzf_mail": "发送邮件",
    "fzzf_open_incoming": "打开报送文件夹",
    "fzzf_undo": "撤销上次汇总",
    "fzzf_help": "帮助",
}


def prepare(path: Path, callback: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a button needs: a round that is consolidated, or approved, and the user's answers."""
    monkeypatch.setattr(ribbon.Click, "ask", lambda click, prompt: "张三")
    if callback in ("fzzf_approve", "fzzf_reopen", "fzzf_mail"):
        consolidate(path, None, AS_OF, NOW)
    if callback in ("fzzf_reopen", "fzzf_mail"):
        approve(path, "张三", "", NOW)
    if callback == "fzzf_approve":
        monkeypatch.setattr(ribbon.Click, "agrees", lambda click, lines: True)


def test_every_button_is_pressed(recorded: dict[str, str]) -> None:
    assert set(recorded) == set(TITLES)


@pytest.mark.parametrize("callback", TITLES)
def test_a_buttons_command_runs_its_job_on_the_calling_workbook(
    recorded: dict[str, str], workspace: Path, callback: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ribbon, "show", lambda path: None)
    monkeypatch.setattr(sys, "path", list(sys.path))
    command = _RECORDED.fullmatch(recorded[callback])
    assert command, recorded[callback]
    master = FileBook.open(workspace / "台账-2019Q3.xlsx")
    write_setting(master, "市级邮箱", "city@example.gov.cn")
    master.save()
    prepare(workspace / "台账-2019Q3.xlsx", callback, monkeypatch)
    book = open_in_excel(workspace / "台账-2019Q3.xlsx")
    book.set_mock_caller()
    exec(command[1], {})
    (alert,) = actions(book, "alert")
    assert alert["args"][1] == TITLES[callback] and alert["args"][3] != "critical"
