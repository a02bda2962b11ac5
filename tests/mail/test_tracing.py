"""A figure is traced to the mail that brought its file: sender, time, subject, Message-ID, hash."""

from __future__ import annotations

import os
from datetime import date, datetime
from pathlib import Path

import pytest

from tests.faces.test_cli import fzzf, json_of
from tests.jobs.filling import GOOD, fill
from tests.mail.rounds import NOW, mail, master_of, set_up
from xl_fzzf.archive.originals import fingerprint
from xl_fzzf.jobs.collect import Collection, collect
from xl_fzzf.jobs.consolidate import Consolidation, consolidate
from xl_fzzf.jobs.trace import trace

SENDER = "czj@units.example.cn"


@pytest.fixture
def finished(workspace: Path) -> Path:
    """A filled-in return of 区财政局."""
    set_up(workspace)
    return fill(workspace / "分发/2019Q3/区财政局.xlsx", workspace / "填.xlsx", GOOD)


def take(folder: Path, name: str, data: bytes) -> Collection:
    (folder / name).write_bytes(data)
    return collect(master_of(folder), [folder / name], NOW)


def run(folder: Path) -> Consolidation:
    return consolidate(master_of(folder), None, date(2019, 9, 30), NOW)


def test_trace_names_the_mail_also_when_the_ledger_was_lost(
    workspace: Path, finished: Path
) -> None:
    data = finished.read_bytes()
    message = mail(SENDER, ("财政局 三季度.xlsx", data), Message_ID="<42@units.example.cn>")
    take(workspace, "一.eml", bytes(message))
    run(workspace)
    (step,) = trace(master_of(workspace), "区财政局", "1.1").versions
    (item,) = step.brought
    assert (item.sender, item.unit, item.subject) == (SENDER, "区财政局", "报送填报表")
    assert item.message_id == "<42@units.example.cn>"
    assert item.arrived == datetime.fromisoformat("2019-10-08T08:00+08:00")
    assert (
        [file.sha256 for file in item.files] == [fingerprint(data)] == [step.version.source.sha256]
    )
    shown = fzzf(workspace, "trace", "区财政局", "1.1")
    assert f"邮件：{SENDER}（区财政局）" in shown and "“报送填报表”" in shown
    assert "<42@units.example.cn>" in shown and "附件“财政局 三季度.xlsx”" in shown
    (version,) = json_of(workspace, "trace", "区财政局", "1.1")["versions"]
    (brought,) = version["brought_by"]
    assert brought["sender"] == SENDER and brought["files"][0]["fate"] == "filed"
    assert brought["files"][0]["sha256"] == version["sha256"]


def test_a_return_that_waited_is_traced_to_its_mail_and_to_why_it_waited(
    workspace: Path, finished: Path
) -> None:
    message = mail("jfz@units.example.cn", ("区财政局.xlsx", finished.read_bytes()))
    take(workspace, "一.eml", bytes(message))
    waiting = workspace / "待确认/2019Q3/区财政局.xlsx"
    waiting.rename(workspace / "报送/2019Q3/财政局(已核实).xlsx")
    run(workspace)
    shown = fzzf(workspace, "trace", "区财政局", "1.1")
    assert "jfz@units.example.cn（金凤镇）" in shown and "财政局(已核实).xlsx" in shown
    assert "“待确认”：是“区财政局”的填报表，却由“金凤镇”的邮箱发来" in shown


def test_all_that_brought_the_same_file_is_named(workspace: Path, finished: Path) -> None:
    data = finished.read_bytes()
    take(workspace, "区财政局.xlsx", data)
    take(workspace, "一.eml", bytes(mail(SENDER, ("再报.xlsx", data))))
    run(workspace)
    first, second = trace(master_of(workspace), "区财政局", "1.1").versions[0].brought
    assert not first.is_mail and second.is_mail and second.sender == SENDER
    assert f"收取：从“{workspace / '区财政局.xlsx'}”" in fzzf(workspace, "trace", "区财政局", "1.1")


def test_the_mails_time_counts_whatever_becomes_of_the_files_own(
    workspace: Path, finished: Path
) -> None:
    message = mail(
        SENDER, ("区财政局.xlsx", finished.read_bytes()), received="Sun, 29 Sep 2019 08:00:00 +0800"
    )
    take(workspace, "一.eml", bytes(message))
    os.utime(workspace / "报送/2019Q3/区财政局.xlsx")  # as a copy or a sync service does it
    (file,) = run(workspace).files
    moment = datetime.fromisoformat("2019-09-29T08:00+08:00").astimezone().replace(tzinfo=None)
    assert file.submission.received == moment
