"""Sign, then change anything, then send: the city gets the signed figures, or there is a refusal."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tests.conftest import AS_OF, small_plan
from tests.faces.told import said
from tests.jobs.districts import make_city, send
from tests.jobs.filling import GOOD
from tests.jobs.test_approve import HALF, MASTER, NOW, course, receive, run, sign
from tests.mail.rounds import set_up
from tests.mail.test_letters import files_of, read, text_of
from xl_fzzf.archive.originals import find_state
from xl_fzzf.desk.errors import JobError
from xl_fzzf.desk.master import open_master
from xl_fzzf.faces.words.standing import status_lines
from xl_fzzf.jobs.approve import reopen
from xl_fzzf.jobs.consolidate import consolidate
from xl_fzzf.jobs.history import read_history, write_history
from xl_fzzf.jobs.restore import restore
from xl_fzzf.jobs.send import examine, find_drafts
from xl_fzzf.jobs.status import read_standing
from xl_fzzf.jobs.upward import write_upward
from xl_fzzf.office.book_file import FileBook
from xl_fzzf.sheets.settings_sheet import write_setting
from xl_fzzf.sheets.spec import DATA

MUCH_LATER = datetime(2031, 1, 1)


@pytest.fixture(scope="module")
def _signed(tmp_path_factory: pytest.TempPathFactory, _distributed: Path) -> Path:
    folder = tmp_path_factory.mktemp("上报") / "测试 区"
    shutil.copytree(_distributed, folder)
    set_up(folder)
    receive(folder, "区司法局", HALF)
    run(folder)
    sign(folder)
    return folder


@pytest.fixture
def signed(_signed: Path, tmp_path: Path) -> Path:
    """A round that was approved, with one unit in and the city's address in its settings."""
    folder = tmp_path / "上报 区"
    shutil.copytree(_signed, folder)
    return folder


def summary_of(folder: Path) -> Path:
    return next((folder / "上报/2019Q3").glob("*汇总表*.xlsx"))


def edit(path: Path, sheet: str, cell: str, value: Any) -> None:
    """A cell changed as somebody would in a spreadsheet program."""
    book = openpyxl.load_workbook(path)
    book[sheet][cell] = value
    book.save(path)


def test_a_record_that_is_gone_is_told_and_nothing_goes_up(signed: Path) -> None:
    write_upward(signed / MASTER, MUCH_LATER)
    max((signed / "档案/运行").glob("0*")).unlink()
    _, standing = read_standing(signed / MASTER, AS_OF)
    assert any("不在了" in notice for notice in standing.notices)
    with pytest.raises(JobError, match=r"记录不完整.*fzzf verify"):
        write_upward(signed / MASTER, MUCH_LATER)


def test_a_mark_of_which_the_archive_knows_nothing_is_told(signed: Path) -> None:
    """All that tells of the approval was deleted; the master still says that it is signed."""
    max((signed / "档案/运行").glob("0*")).unlink()
    (signed / "档案/运行/末份.json").unlink()
    _, standing = read_standing(signed / MASTER, AS_OF)
    assert any("台账上写着“已定稿" in notice for notice in standing.notices)
    assert any("“末份.json”不在了，请从备份拿回来" in notice for notice in standing.notices)
    result = consolidate(signed / MASTER, None, AS_OF, NOW)
    assert any("没有这次定稿的记录" in notice for notice in result.notices)


def type_figure(folder: Path) -> None:
    edit(folder / MASTER, "一、组织领导", "I4", 99)


def set_contact(folder: Path) -> None:
    book = FileBook.open(folder / MASTER)
    write_setting(book, "联系方式", "王五")
    book.save()


def set_deadline(folder: Path) -> None:
    book = FileBook.open(folder / MASTER)
    write_setting(book, "报送截止", "2019-12-31")
    book.save()


def drop_master_back(folder: Path) -> None:
    """A state of the master from the archive, copied over it by hand."""
    last = next(run for run in course(folder).runs if run.job == "consolidate")
    kept = find_state(folder / "档案", folder / MASTER, last.before)
    assert kept
    (folder / MASTER).unlink()
    shutil.copy(kept, folder / MASTER)


def flip(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.chmod(0o644)
    path.write_bytes(data)


def reopened(folder: Path) -> None:
    reopen(folder / MASTER, "金凤镇补报", NOW)


def corrected(folder: Path) -> None:
    reopened(folder)
    receive(folder, "金凤镇", GOOD)
    run(folder)


def lose_archive(folder: Path) -> None:
    for path in (folder / "档案/备份").iterdir():
        path.unlink()


STAYS: dict[str, tuple[Callable[[Path], object], str]] = {
    "nothing": (lambda folder: None, ""),
    "a cell of the master": (type_figure, "一、组织领导!I4"),
    "a setting of the master": (set_contact, "设置!"),
    "the deadline": (set_deadline, "设置!"),
    "an older master in its place": (drop_master_back, "台账在定稿以后改过"),
    "a file that came": (lambda f: receive(f, "金凤镇", GOOD), "金凤镇.xlsx"),
    "a file replaced": (lambda f: receive(f, "区司法局", GOOD), "区司法局.xlsx"),
    "a file removed": (lambda f: (f / "报送/2019Q3/区司法局.xlsx").unlink(), ""),
    "a chart beside it": (lambda f: write_history(read_history(f / MASTER, "1.1")), ""),
    "brought back": (
        lambda f: restore(f / MASTER, course(f).runs[-1].number, False, AS_OF, NOW),
        "",
    ),
}
REFUSED: dict[str, tuple[Callable[[Path], object], str]] = {
    "a figure of the summary": (
        lambda f: edit(summary_of(f), "指标汇总", "F5", 99),
        "汇总表-2019Q3.xlsx",
    ),
    "a record of the summary": (
        lambda f: edit(summary_of(f), DATA, "H5", 99),
        "汇总表-2019Q3.xlsx",
    ),
    "a byte of the summary": (lambda f: flip(summary_of(f)), "汇总表-2019Q3.xlsx"),
    "the summary gone": (lambda f: summary_of(f).unlink(), "汇总表-2019Q3.xlsx"),
    "a byte of the PDF": (lambda f: flip(summary_of(f).with_suffix(".pdf")), "汇总表-2019Q3.pdf"),
    "the PDF gone": (lambda f: summary_of(f).with_suffix(".pdf").unlink(), "汇总表-2019Q3.pdf"),
    "opened again": (reopened, "没有定稿，不能上报"),
    "opened again and consolidated": (corrected, "没有定稿，不能上报"),
    "the copies gone": (lose_archive, "没有定稿时的台账"),
    "the addresses gone": (lambda f: set_up(f, 市级邮箱=""), "市级邮箱"),
}


@pytest.mark.parametrize("change", STAYS)
def test_the_city_gets_what_was_signed_and_the_coordinator_is_told(
    signed: Path, change: str
) -> None:
    approval = course(signed).approval
    assert approval
    fixed = {Path(n).name: (signed / n).read_bytes() for n in approval.outputs if "上报" in n}
    do, told = STAYS[change]
    do(signed)
    drafts = write_upward(signed / MASTER, MUCH_LATER)
    (draft,) = drafts.written
    assert files_of(draft) == fixed
    words = text_of(draft)
    assert "统计日期2019年9月30日" in words and "应报单位4个，已报1个" in words
    assert "达标4项" in words and "未达标1项" in words
    assert told in " ".join(map(str, drafts.notes)) and bool(told) == bool(drafts.notes)
    for name, data in fixed.items():
        assert (signed / "上报/2019Q3" / name).read_bytes() == data


@pytest.mark.parametrize("change", REFUSED)
def test_what_is_not_as_it_was_signed_is_not_sent(signed: Path, change: str) -> None:
    do, told = REFUSED[change]
    do(signed)
    with pytest.raises(JobError) as refused:
        write_upward(signed / MASTER, MUCH_LATER)
    assert told in str(refused.value)
    assert not list((signed / "发件").rglob("*.eml"))
    assert course(signed).stage != "sent"


def test_what_was_changed_comes_back_and_is_sent(signed: Path) -> None:
    approval = course(signed).approval
    assert approval
    before = summary_of(signed).read_bytes()
    flip(summary_of(signed))
    with pytest.raises(JobError, match=f"fzzf restore --run {approval.number}"):
        write_upward(signed / MASTER, NOW)
    restore(signed / MASTER, approval.number, False, AS_OF, NOW)
    (draft,) = write_upward(signed / MASTER, NOW).written
    assert before in files_of(draft).values()


def test_a_round_that_was_handed_up_says_so_and_stays_as_it_is(signed: Path) -> None:
    write_upward(signed / MASTER, NOW)
    assert course(signed).stage == "sent"
    _, standing = read_standing(signed / MASTER, AS_OF)
    line = "进度：已上报（第 1 版，2019-10-08 张三定稿、李四审核，2019-10-08 写成邮件草稿）"
    assert line in said(status_lines(standing)) and not standing.notices
    with pytest.raises(JobError, match="已上报"):
        run(signed)
    runs = len(course(signed).runs)
    write_upward(signed / MASTER, NOW)
    assert len(course(signed).runs) == runs


def test_a_correction_says_so_and_the_draft_before_it_is_not_sent(signed: Path) -> None:
    (first,) = write_upward(signed / MASTER, NOW).written
    data = first.read_bytes()
    corrected(signed)

    def faults() -> list[str]:
        master = open_master(signed / MASTER, writing=False)
        return [draft.fault for draft in examine(master, find_drafts(master, "报告")).drafts]

    assert faults() == ["附的不是现在定稿的汇总表，请运行 fzzf mail upward 再写一次"]
    sign(signed)
    assert faults() == ["附的不是现在定稿的汇总表，请运行 fzzf mail upward 再写一次"]
    (second,) = write_upward(signed / MASTER, NOW).written
    assert faults() == [""] and second.read_bytes() != data
    assert str(read(second)["Subject"]).endswith("（更正，第2版）")
    assert "原因：金凤镇补报" in text_of(second) and "已报2个" in text_of(second)


def test_the_city_reads_the_signed_figures_and_the_corrected_ones(
    signed: Path, tmp_path: Path
) -> None:
    city = make_city(tmp_path / "南充市", small_plan(), ["测试区"])

    def hand_over() -> int:
        (draft,) = write_upward(signed / MASTER, NOW).written
        file = tmp_path / "汇总表.xlsx"
        name = summary_of(signed).name
        file.write_bytes(files_of(draft)[name])
        number = course(signed).edition.number
        send(file, city, f"{number} {name}", after=number)
        done = consolidate(city / MASTER, None, AS_OF, NOW)
        assert not [f for f in done.findings if f.severity == "error"], done.findings
        assert done.published
        (district,) = done.published.city.districts
        return district.sent

    type_figure(signed)
    assert hand_over() == 1
    restore(signed / MASTER, course(signed).approvals[-1].number, False, AS_OF, NOW)
    corrected(signed)
    sign(signed)
    assert hand_over() == 2
