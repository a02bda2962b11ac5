"""approve and reopen: what was signed is fixed, marked and kept, and only opened again for a reason."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import AS_OF
from tests.faces.told import plain, said
from tests.jobs.filling import GOOD, fill
from tests.jobs.test_upward import jam, show
from tests.libreoffice import Office
from xl_fzzf.archive.ledger import Ledger
from xl_fzzf.archive.originals import fingerprint
from xl_fzzf.desk.errors import JobError
from xl_fzzf.faces.words.signing import approved_json, approved_lines, reopened_lines
from xl_fzzf.faces.words.standing import status_json, status_lines
from xl_fzzf.jobs.approve import Approved, approve, reopen
from xl_fzzf.jobs.consolidate import consolidate
from xl_fzzf.jobs.distribute import distribute
from xl_fzzf.jobs.exclude import exclude
from xl_fzzf.jobs.mark_unmet import mark_unmet
from xl_fzzf.jobs.report import report
from xl_fzzf.jobs.restore import restore, undo
from xl_fzzf.jobs.status import read_standing
from xl_fzzf.jobs.verify import verify
from xl_fzzf.model.course import Course
from xl_fzzf.office.book_file import FileBook
from xl_fzzf.sheets import spec as layout
from xl_fzzf.sheets.settings_sheet import write_setting
from xl_fzzf.sheets.stamp import stamp_of

MASTER = "台账-2019Q3.xlsx"
NOW, LATER = datetime(2019, 10, 8, 9), date(2020, 2, 1)
HALF = GOOD | {"1.1": {"value": 1}, "2.1": {"numerator": 1, "denominator": 4}}


def receive(folder: Path, unit: str, entries: Any, name: str = "") -> Path:
    """A return that came in."""
    source = folder / f"分发/2019Q3/{unit}.xlsx"
    return fill(source, folder / f"报送/2019Q3/{name or unit}.xlsx", entries)


def run(folder: Path, as_of: date = AS_OF) -> None:
    consolidate(folder / MASTER, None, as_of, NOW)


def sign(folder: Path, **more: Any) -> Approved:
    return approve(folder / MASTER, "张三", "李四", NOW, **{"printer": show, **more})


def course(folder: Path) -> Course:
    return Ledger(folder / "档案").course("2019Q3")


def texts(book: FileBook, sheet: str) -> list[str]:
    return [str(cell) for row in book.read(sheet) for cell in row if cell is not None]


@pytest.fixture(scope="module")
def _signed(tmp_path_factory: pytest.TempPathFactory, _distributed: Path) -> Path:
    folder = tmp_path_factory.mktemp("定稿") / "测试 区"
    shutil.copytree(_distributed, folder)
    receive(folder, "区司法局", HALF)
    run(folder)
    sign(folder)
    return folder


@pytest.fixture
def consolidated(workspace: Path) -> Path:
    receive(workspace, "区司法局", HALF)
    run(workspace)
    return workspace


@pytest.fixture
def signed(_signed: Path, tmp_path: Path) -> Path:
    """A workspace whose round was approved; one unit reported."""
    folder = tmp_path / "定稿 区"
    shutil.copytree(_signed, folder)
    return folder


def test_what_is_approved_is_recorded_by_names_day_and_hashes(consolidated: Path) -> None:
    made = sign(consolidated)
    approval = course(consolidated).approval
    assert approval and (approval.by, approval.reviewed_by) == ("张三", "李四")
    assert approval.as_of == AS_OF and approval.at == NOW
    summary, pdf = (
        "上报/2019Q3/测试区法治方案汇总表-2019Q3.xlsx",
        "上报/2019Q3/测试区法治方案汇总表-2019Q3.pdf",
    )
    assert {MASTER, summary, pdf} < set(approval.outputs)
    for name, sha256 in approval.outputs.items():
        assert fingerprint((consolidated / name).read_bytes()) == sha256
    assert verify(consolidated).clean
    lines = said(approved_lines(made))
    assert lines[0] == "2019年第三季度已定稿：第 1 版，2019-10-08 张三定稿、李四审核"
    assert any("没有报的" in line and "区财政局" in line for line in lines)
    told = plain(approved_json(made))
    assert (told["edition"], told["by"], told["as_of"]) == (1, "张三", "2019-09-30")


def test_summary_and_master_say_who_approved_which_edition(signed: Path) -> None:
    (summary,) = (signed / "上报/2019Q3").glob("*.xlsx")
    book = FileBook.open(summary)
    for sheet in (layout.COVER, layout.NOTES):
        assert "第 1 版，2019年10月8日张三定稿，李四审核" in texts(book, sheet)
    assert layout.CORRECTIONS not in book.sheet_names
    master = FileBook.open(signed / MASTER)
    (mark,) = [words for words in texts(master, layout.OVERVIEW) if "定稿" in words]
    assert "第 1 版，2019-10-08 张三定稿、李四审核" in mark
    assert (stamp_of(master) or {})["signed"] == mark
    _, standing = read_standing(signed / MASTER, AS_OF)
    assert (
        said(status_lines(standing))[1] == "进度：已定稿（第 1 版，2019-10-08 张三定稿、李四审核）"
    )
    told = plain(status_json(signed / MASTER, standing))
    assert (told["stage"], told["number"], told["notices"]) == ("approved", 1, [])


def test_a_draft_says_that_it_is_one(consolidated: Path) -> None:
    book = FileBook.open(report(consolidated / MASTER, AS_OF, AS_OF).summary)
    assert "第 1 版（未定稿）" in texts(book, layout.COVER)
    _, standing = read_standing(consolidated / MASTER, AS_OF)
    assert said(status_lines(standing))[1] == "进度：进行中"


CHANGING: dict[str, Callable[[Path], object]] = {
    "consolidate": run,
    "report": lambda folder: report(folder / MASTER, AS_OF, AS_OF),
    "mark_unmet": lambda folder: mark_unmet(folder / MASTER, AS_OF, NOW),
    "distribute": lambda folder: distribute(folder / MASTER, AS_OF, NOW),
    "restore": lambda folder: restore(folder / MASTER, 1, False, AS_OF, NOW),
    "restore before": lambda folder: restore(folder / MASTER, 3, True, AS_OF, NOW),
    "undo": lambda folder: undo(folder / MASTER, AS_OF, NOW),
    "approve": sign,
    "exclude": lambda folder: exclude(folder / MASTER, "区司法局.xlsx", "作废", NOW),
}


@pytest.mark.parametrize("job", CHANGING)
def test_nothing_that_is_approved_is_changed(signed: Path, job: str) -> None:
    before = {path: path.read_bytes() for path in signed.rglob("*") if path.is_file()}
    with pytest.raises(JobError) as refused:
        CHANGING[job](signed)
    words = str(refused.value)
    assert (
        "已定稿（第 1 版，2019-10-08 张三定稿、李四审核）" in words
        and "fzzf reopen --reason" in words
    )
    assert {path: path.read_bytes() for path in signed.rglob("*") if path.is_file()} == before


def test_a_file_that_comes_later_waits_and_the_coordinator_is_told(signed: Path) -> None:
    receive(signed, "金凤镇", GOOD)
    with pytest.raises(JobError, match=r"1 个文件是定稿以后才到的（金凤镇.xlsx），没有计入"):
        run(signed)
    _, standing = read_standing(signed / MASTER, AS_OF)
    assert any("金凤镇.xlsx" in line for line in said(status_lines(standing)))
    reopen(signed / MASTER, "金凤镇补报", NOW)
    run(signed)
    _, standing = read_standing(signed / MASTER, AS_OF)
    assert len(standing.reported) == 2 and not standing.notices


def _type(folder: Path) -> None:
    book = FileBook.open(folder / MASTER)
    write_setting(book, "联系方式", "王五")
    book.save()


def _nothing(folder: Path) -> None:
    (folder / "档案/运行").rename(folder / "运行")


def _beside(folder: Path) -> None:
    (folder / f"~${MASTER}").write_bytes(b"x")
    receive(folder, "金凤镇", GOOD)
    run(folder)
    (folder / f"~${MASTER}").unlink()


def _doubtful(folder: Path) -> None:
    (folder / "待确认/2019Q3").mkdir(parents=True)
    (folder / "待确认/2019Q3/x.xlsx").write_bytes(b"x")


UNREADY: dict[str, tuple[Callable[[Path], object], str]] = {
    "never consolidated": (_nothing, "还没有汇总过"),
    "a cell typed": (_type, r"改过（设置!B\d+）.*--as-of 2019-09-30"),
    "a file came": (lambda folder: receive(folder, "金凤镇", GOOD), "金凤镇.xlsx"),
    "a file replaced": (lambda folder: receive(folder, "区司法局", GOOD), "区司法局.xlsx"),
    "a doubtful file": (_doubtful, "“待确认”里有 1 个文件（x.xlsx）"),
    "brought back": (lambda folder: restore(folder / MASTER, 2, False, AS_OF, NOW), "又“恢复”过"),
    "left out since": (
        lambda folder: exclude(folder / MASTER, "区司法局.xlsx", "作废", NOW),
        "又“不采用”过",
    ),
    "result beside the master": (_beside, "金凤镇.xlsx"),
}


@pytest.mark.parametrize("case", UNREADY)
def test_what_is_not_ready_is_not_approved(consolidated: Path, case: str) -> None:
    change, words = UNREADY[case]
    change(consolidated)
    before = (consolidated / MASTER).read_bytes()
    with pytest.raises(JobError, match=words):
        sign(consolidated)
    assert (consolidated / MASTER).read_bytes() == before
    assert course(consolidated).approval is None
    if case != "never consolidated":
        shutil.rmtree(consolidated / "待确认", ignore_errors=True)
        run(consolidated)
        assert sign(consolidated).edition.number == 1


def test_a_master_that_a_program_only_saved_again_is_ready(
    consolidated: Path, office: Office
) -> None:
    master = consolidated / MASTER
    before = master.read_bytes()
    with office.open(master) as book:
        book.save_as(master)
    assert master.read_bytes() != before
    assert sign(consolidated).edition.number == 1


def test_without_names_or_a_pdf_nothing_is_approved(consolidated: Path) -> None:
    master = consolidated / MASTER
    with pytest.raises(JobError, match=r"--by 姓名.*“定稿人”"):
        approve(master, " ", "", NOW)
    with pytest.raises(JobError, match=r"没有纸.*--no-pdf"):
        sign(consolidated, printer=jam)
    assert course(consolidated).approval is None
    assert not (stamp_of(FileBook.open(master)) or {}).get("signed")
    assert sign(consolidated).edition.by == "张三", "what broke off leaves nothing in the way"


def test_the_names_may_stand_in_the_settings(consolidated: Path) -> None:
    book = FileBook.open(consolidated / MASTER)
    write_setting(book, "定稿人", "赵六")
    write_setting(book, "审核人", "钱七")
    book.save()
    run(consolidated)
    made = approve(consolidated / MASTER, "", "", NOW)
    assert (made.edition.by, made.edition.reviewed_by) == ("赵六", "钱七")


def test_the_second_edition_corrects_the_first_figure_by_figure(signed: Path) -> None:
    (first,) = (signed / "上报/2019Q3").glob("*.xlsx")
    before = first.read_bytes()
    told = said(reopened_lines(reopen(signed / MASTER, "会议次数漏报", NOW)))
    assert told[0].startswith("已重新打开：第 1 版不再作数") and "原因：会议次数漏报" in told
    assert not [w for w in texts(FileBook.open(signed / MASTER), layout.OVERVIEW) if "定稿" in w]
    assert course(signed).words == "进行中（第 2 版（更正），原因：会议次数漏报）"
    receive(signed, "区司法局", HALF | {"1.1": {"value": 3}})
    run(signed)
    made = sign(signed)
    assert made.edition.number == 2 and any("更正了" in line for line in said(approved_lines(made)))
    book = FileBook.open(made.summary)
    assert "更正（第 2 版）" in texts(book, layout.COVER)
    lines = [[str(cell) for cell in row[1:7]] for row in book.read(layout.CORRECTIONS)]
    reason = "会议次数漏报"
    assert ["填报记录", "区司法局 1.1", "完成值", "1", "3", reason] in lines
    assert ["填报记录", "区司法局 1.1", "状态", "推进中", "达标", reason] in lines
    assert ["总体", "", "达标", "4", "5", reason] in [
        [cell if cell != "None" else "" for cell in line] for line in lines
    ]
    assert any(line[:3] == ["指标", "1.1 会议次数", "值"] for line in lines)
    assert any(line[:3] == ["单位", "区司法局", "得分"] for line in lines)
    assert not [line for line in lines if "2.1" in line[1] or "区财政局" in line[1]]
    assert before in [path.read_bytes() for path in (signed / "档案/备份").iterdir()]
    assert verify(signed).clean


def test_an_edition_opened_and_signed_again_unchanged_says_that_nothing_changed(
    signed: Path,
) -> None:
    reopen(signed / MASTER, "重新盖章", NOW)
    run(signed)
    book = FileBook.open(sign(signed).summary)
    assert any("各项数字都没有变" in words for words in texts(book, layout.CORRECTIONS))


def test_reopening_needs_a_reason_and_an_approval(signed: Path, consolidated: Path) -> None:
    with pytest.raises(JobError, match="没有写原因"):
        reopen(signed / MASTER, " ", NOW)
    with pytest.raises(JobError, match="没有定稿，不用重新打开"):
        reopen(consolidated / MASTER, "x", NOW)


def test_what_was_approved_comes_back_from_the_archive(signed: Path) -> None:
    approval = course(signed).approval
    assert approval
    before = {name: (signed / name).read_bytes() for name in approval.outputs}
    summary = next(
        signed / name for name in approval.outputs if name.startswith("上报") and "xlsx" in name
    )
    _type(signed)
    summary.write_bytes(b"changed")
    summary.with_suffix(".pdf").unlink()
    _, standing = read_standing(signed / MASTER, AS_OF)
    told = " ".join(standing.notices)
    assert "台账在定稿以后改过（设置!B" in told and f"fzzf restore --run {approval.number}" in told
    assert summary.name in told and summary.with_suffix(".pdf").name in told
    restore(signed / MASTER, approval.number, False, AS_OF, NOW)
    assert {name: (signed / name).read_bytes() for name in approval.outputs} == before
    assert course(signed).approval == approval and verify(signed).clean
    assert b"changed" in [path.read_bytes() for path in (signed / "档案/备份").iterdir()]


def test_an_approved_master_brought_back_into_an_open_round_is_not_marked(signed: Path) -> None:
    approval = course(signed).approval
    assert approval
    reopen(signed / MASTER, "补报", NOW)
    receive(signed, "金凤镇", GOOD)
    run(signed)
    restore(signed / MASTER, approval.number, False, AS_OF, NOW)
    assert not (stamp_of(FileBook.open(signed / MASTER)) or {}).get("signed")
    assert len(read_standing(signed / MASTER, AS_OF)[1].reported) == 1


def test_the_list_of_runs_says_where_an_edition_is_kept(signed: Path) -> None:
    from xl_fzzf.faces.words.archive import runs_json, runs_lines
    from xl_fzzf.jobs.restore import read_runs

    approval = course(signed).approval
    assert approval
    found = read_runs(signed / MASTER)
    (told,) = [item["approved"] for item in plain(runs_json(found))["runs"] if item["approved"]]
    for name, sha256 in approval.outputs.items():
        if "定稿" not in name:
            assert fingerprint(Path(told[name]).read_bytes()) == sha256
            assert any(name in line and told[name] in line for line in said(runs_lines(found)))


def test_a_city_is_approved_opened_and_corrected_by_the_same_verbs(
    district_summaries: list[Path], tmp_path: Path
) -> None:
    from tests.conftest import small_plan
    from tests.jobs.districts import make_city, send

    city = make_city(tmp_path / "南充市", small_plan(), ["南充市嘉陵区", "顺庆区", "高坪区"])
    for summary in district_summaries[:2]:
        send(summary, city)
    run(city)
    made = sign(city)
    book = FileBook.open(made.summary)
    assert "第 1 版，2019年10月8日张三定稿，李四审核" in texts(book, layout.COVER)
    assert any("已定稿" in words for words in texts(FileBook.open(city / MASTER), layout.OVERVIEW))
    late = send(district_summaries[2], city)
    with pytest.raises(JobError, match=late.name):
        run(city)
    reopen(city / MASTER, "高坪区补报", NOW)
    with pytest.raises(JobError, match=late.name):
        sign(city)
    run(city)
    made = sign(city)
    lines = [list(row[1:7]) for row in FileBook.open(made.summary).read(layout.CORRECTIONS)]
    assert ["总体", "", "已报", "2", "3", "高坪区补报"] in lines
    assert any(line[0] == "单位" and line[1] == "高坪区" for line in lines)
    assert any(line[0] == "填报记录" and str(line[1]).startswith("高坪区/") for line in lines)
    assert verify(city).clean and "第 2 版" in course(city).words


def test_opening_the_next_period_says_that_this_one_is_not_approved(
    consolidated: Path, signed: Path
) -> None:
    from xl_fzzf.jobs.next import propose

    told = propose(consolidated / MASTER, None, AS_OF).notices
    assert [line for line in told if "2019年第三季度进行中，还没有定稿" in line]
    assert not [line for line in propose(signed / MASTER, None, AS_OF).notices if "定稿" in line]
