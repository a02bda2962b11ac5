"""Letters and drafts: what they say, to whom, and that files arrive whole under their names."""

from __future__ import annotations

import hashlib
import io
import re
from datetime import date, timedelta
from email import policy
from email.parser import BytesParser
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from fast_mail_parser import parse_email
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook
from openpyxl.comments import Comment

from tests.jobs.filling import GOOD, fill
from tests.mail.rounds import ADDRESSED, CITY, EMAILS, NOW, TODAY, master_of, set_up
from tests.mail.servers import ACCOUNT
from xl_fzzf.desk.errors import JobError
from xl_fzzf.desk.mail.drafting import Drafts, LetterKind
from xl_fzzf.jobs.approve import approve
from xl_fzzf.jobs.check import check_files
from xl_fzzf.jobs.consolidate import consolidate
from xl_fzzf.jobs.letters import write_letters
from xl_fzzf.jobs.upward import write_upward
from xl_fzzf.mail.attachment import Attachment
from xl_fzzf.mail.errors import MailError
from xl_fzzf.mail.letter import (
    Letter,
    build_draft,
    message_id,
    ready_to_send,
    recipients,
    split_attachments,
    wire_size,
)
from xl_fzzf.mail.opening import open_eml
from xl_fzzf.mail.outlook import save_draft
from xl_fzzf.mail.wording import SHIPPED, Templates, copy_templates
from xl_fzzf.model.settings import is_address, is_allowed, split_addresses
from xl_fzzf.office.book_file import FileBook
from xl_fzzf.office.naming import safe_file_name
from xl_fzzf.sheets.stamp import write_stamp

BAD = GOOD | {"1.1": {"value": "三次"}, "1.2": {"value": "是"}}


def read(path: Path) -> Any:
    return BytesParser(policy=policy.default).parsebytes(path.read_bytes())


def text_of(path: Path) -> str:
    return str(read(path).get_body(("plain",)).get_content())


def files_of(path: Path) -> dict[str, bytes]:
    return {part.get_filename(): part.get_content() for part in read(path).iter_attachments()}


@pytest.fixture
def reported(workspace: Path) -> Path:
    """One good return, one with errors, one that can't be read; one unit has sent nothing."""
    set_up(workspace)
    for unit, entries in {"区司法局": GOOD, "安福镇": BAD}.items():
        fill(
            workspace / f"分发/2019Q3/{unit}.xlsx", workspace / f"报送/2019Q3/{unit}.xlsx", entries
        )
    consolidate(master_of(workspace), None, date(2019, 9, 30), NOW)
    return workspace


def test_each_unit_gets_its_own_return(workspace: Path) -> None:
    set_up(workspace)
    drafts = write_letters(LetterKind.RETURNS, master_of(workspace), TODAY, TODAY)
    assert {path.stem for path in drafts.written} == set(ADDRESSED) and not drafts.notes
    for path in drafts.written:
        mail = read(path)
        assert [a.addr_spec for a in mail["To"].addresses] == EMAILS[path.stem].split("、")
        assert mail["X-Unsent"] == "1" and mail["From"] == ACCOUNT and mail["Date"] is None
        own = (workspace / f"分发/2019Q3/{path.stem}.xlsx").read_bytes()
        assert files_of(path) == {f"{path.stem}.xlsx": own}
        assert hashlib.sha256(own).hexdigest() not in text_of(path), "no clerk compares that"
        assert "你们" not in text_of(path)
        assert "\uff0c请于2019年10月5日前完成填报" in text_of(path)


def test_an_independent_reader_sees_the_same(workspace: Path) -> None:
    """fast-mail-parser is written in Rust and shares nothing with Python's email package."""
    set_up(workspace)
    for path in write_letters(LetterKind.RETURNS, master_of(workspace), TODAY, TODAY).written:
        mail = parse_email(path.read_bytes())
        (file,) = mail.attachments
        assert file.filename == f"{path.stem}.xlsx"
        assert file.content == (workspace / f"分发/2019Q3/{path.stem}.xlsx").read_bytes()
        assert mail.subject == "关于填报2019年第三季度依法行政工作情况的通知"
        assert len(mail.text_plain) == len(mail.text_html) == 1 and path.stem in mail.text_html[0]
        assert mail.headers["X-Unsent"] == ["1"]


def test_returns_need_to_be_distributed(workspace: Path) -> None:
    set_up(workspace)
    (workspace / "分发/2019Q3/金凤镇.xlsx").unlink()
    with pytest.raises(JobError, match="distribute"):
        write_letters(LetterKind.RETURNS, master_of(workspace), TODAY, TODAY)


@pytest.mark.parametrize(
    ("days", "subject", "words"),
    [
        (-5, "关于按时报送", "距今5天"),
        (0, "关于按时报送", "即今天"),
        (3, "关于催报", "逾期3天"),
        (4, "关于再次催报", "已逾期4天"),
    ],
)
def test_reminders_grow_firmer(reported: Path, days: int, subject: str, words: str) -> None:
    day = date(2019, 10, 5) + timedelta(days=days)
    drafts = write_letters(LetterKind.REMINDERS, master_of(reported), day, TODAY)
    assert {path.stem for path in drafts.written} == {"区财政局", "金凤镇"}
    assert str(read(drafts.written[0])["Subject"]).startswith(subject)
    assert words in text_of(drafts.written[0])


def test_a_draft_that_is_no_longer_true_is_put_aside(reported: Path) -> None:
    first = write_letters(LetterKind.REMINDERS, master_of(reported), TODAY, TODAY)
    again = write_letters(LetterKind.REMINDERS, master_of(reported), TODAY, TODAY)
    assert again.written == first.written and not (first.folder / "作废").exists()
    fill(reported / "分发/2019Q3/金凤镇.xlsx", reported / "报送/2019Q3/金凤镇.xlsx", GOOD)
    consolidate(master_of(reported), None, date(2019, 9, 30), NOW)
    later = write_letters(LetterKind.REMINDERS, master_of(reported), TODAY, TODAY)
    assert [path.stem for path in later.written] == ["区财政局"]
    assert [path.stem for path in (first.folder / "作废").iterdir()] == ["金凤镇"]


def test_a_correction_says_every_finding_and_brings_the_units_own_file(reported: Path) -> None:
    (draft,) = write_letters(LetterKind.CORRECTIONS, master_of(reported), TODAY, TODAY).written
    assert draft.stem == "安福镇"
    words = text_of(draft)
    result = check_files(
        [reported / "报送/2019Q3/安福镇.xlsx"], master_of(reported), reported, TODAY, False
    )[0]
    for finding in result.findings:
        assert finding.message in words and finding.remedy in words and finding.cell in words
    ((name, data),) = files_of(draft).items()
    assert name == "安福镇.xlsx"
    book: Any = load_workbook(io.BytesIO(data))
    comments = {
        (sheet.title, cell.coordinate): cell.comment.text
        for sheet in book
        for row in sheet.iter_rows()
        for cell in row
        if cell.comment
    }
    assert set(comments) == {(f.sheet, f.cell) for f in result.findings}
    for finding in result.findings:
        assert finding.message in comments[finding.sheet, finding.cell]
    filled = reported / "再报/安福镇.xlsx"
    fill(reported / "退回/2019Q3/安福镇.xlsx", filled, GOOD)
    assert check_files([filled], master_of(reported), reported, TODAY, False)[0].clean


@pytest.mark.parametrize("name", [" 安福镇.xlsx", "安\u202e福\x1b[31m镇\n.xlsx"])
def test_an_odd_file_name_stops_no_letter(reported: Path, name: str) -> None:
    folder = reported / "报送/2019Q3"
    (folder / "安福镇.xlsx").rename(folder / name)
    consolidate(master_of(reported), None, date(2019, 9, 30), NOW)
    (draft,) = write_letters(LetterKind.CORRECTIONS, master_of(reported), TODAY, TODAY).written
    assert draft.stem == "安福镇"
    copies = {path.name for path in (reported / "退回/2019Q3").iterdir()}
    assert safe_file_name(name) in copies


def test_a_file_that_is_gone_is_noted_and_the_other_units_get_their_letters(reported: Path) -> None:
    folder = reported / "报送/2019Q3"
    fill(reported / "分发/2019Q3/金凤镇.xlsx", folder / "金凤镇.xlsx", BAD)
    consolidate(master_of(reported), None, date(2019, 9, 30), NOW)
    (folder / "安福镇.xlsx").unlink()
    drafts = write_letters(LetterKind.CORRECTIONS, master_of(reported), TODAY, TODAY)
    assert [path.stem for path in drafts.written] == ["金凤镇"]
    (note,) = (note for note in drafts.notes if note.who == "安福镇")
    assert "缺少“安福镇.xlsx”" in note.words and "consolidate" in note.words


def test_the_comments_of_an_earlier_check_give_way_and_staffs_own_stay(reported: Path) -> None:
    write_letters(LetterKind.CORRECTIONS, master_of(reported), TODAY, TODAY)
    again = reported / "再报/安福镇.xlsx"
    fixed = GOOD | {"1.1": {"value": "两次"}}
    fill(reported / "退回/2019Q3/安福镇.xlsx", again, fixed)
    book: Any = load_workbook(again)
    book["一、组织领导"]["A1"].comment = Comment("自己的批注", "安福镇")
    book.save(again)
    (result,) = check_files([again], master_of(reported), reported, TODAY, True)
    assert result.copy
    book = load_workbook(result.copy)
    texts = sorted(c.comment.text for s in book for row in s.iter_rows() for c in row if c.comment)
    assert len(texts) == 2 and "数字" in texts[0] and texts[1] == "自己的批注"


def test_a_file_that_can_not_be_read_goes_back_as_it_came(reported: Path) -> None:
    other_period = reported / "报送/2019Q3/金凤镇.xlsx"
    book = FileBook.open(reported / "分发/2019Q3/金凤镇.xlsx")
    write_stamp(book, {"period": "2019Q2"})
    book.save_as(other_period)
    (reported / "报送/2019Q3/不明.xlsx").write_bytes(b"PK no workbook")
    consolidate(master_of(reported), None, date(2019, 9, 30), NOW)
    drafts = write_letters(LetterKind.CORRECTIONS, master_of(reported), TODAY, TODAY)
    assert {path.stem for path in drafts.written} == {"安福镇", "金凤镇"}
    draft = drafts.folder / "金凤镇.eml"
    assert files_of(draft) == {"金凤镇.xlsx": other_period.read_bytes()}
    assert "填报表的报告期不对" in text_of(draft) and "重新填报" in text_of(draft)
    assert any("不明.xlsx" in str(note) and "人工联系" in str(note) for note in drafts.notes)


def test_receipts_give_time_and_how_much_is_filled_in(reported: Path) -> None:
    drafts = write_letters(LetterKind.RECEIPTS, master_of(reported), TODAY, TODAY)
    (path,) = drafts.written
    assert path.stem == "安福镇"
    data = (reported / "报送/2019Q3/安福镇.xlsx").read_bytes()
    assert hashlib.sha256(data).hexdigest() not in text_of(path)
    assert "收到时间" in text_of(path) and "应填4项，已填4项，其中1项有误" in text_of(path)


def test_a_unit_whose_return_was_refused_is_not_told_that_it_sent_none(reported: Path) -> None:
    (reported / "报送/2019Q3/金凤镇.xlsx").write_bytes(b"PK no workbook")
    consolidate(master_of(reported), None, date(2019, 9, 30), NOW)
    drafts = write_letters(LetterKind.REMINDERS, master_of(reported), TODAY, TODAY)
    words = {path.stem: text_of(path) for path in drafts.written}
    assert "报来的《金凤镇.xlsx》未能采用" in words["金凤镇"] and "仍未报送" not in words["金凤镇"]
    assert "尚未收到改正后的填报表" in words["金凤镇"] and "如已重新报送" in words["金凤镇"]
    assert "尚未收到贵单位的填报表" in words["区财政局"] and "未能采用" not in words["区财政局"]


def test_whom_a_text_resembles_the_coordinator_is_told_and_the_unit_is_not(reported: Path) -> None:
    told = "三月召开党组会专门研究本项工作，印发任务清单并逐项分解到股室，年底前完成归档。"
    for unit in ("金凤镇", "安福镇"):
        copied = GOOD | {"1.1": {"value": 3, "narrative": told}}
        blank, sent = (reported / f"{folder}/2019Q3/{unit}.xlsx" for folder in ("分发", "报送"))
        fill(
            blank,
            sent,
            copied | ({"1.2": {"value": "是", "evidence": None}} if unit == "安福镇" else {}),
        )
    consolidate(master_of(reported), None, date(2019, 9, 30), NOW)
    found = FileBook.open(master_of(reported)).read("校验结果")
    assert any("“金凤镇”指标 1.1" in str(row) and "安福镇" in str(row) for row in found)
    (draft,) = write_letters(LetterKind.CORRECTIONS, master_of(reported), TODAY, TODAY).written
    ((_, data),) = files_of(draft).items()
    assert draft.stem == "安福镇" and "与别的单位的完全相同" in text_of(draft)
    package = ZipFile(io.BytesIO(data))
    said = [package.read(name).decode() for name in package.namelist() if name.endswith("xml")]
    assert not any("金凤镇" in text for text in (text_of(draft), *said))


@pytest.mark.parametrize("kind", [LetterKind.RECEIPTS, LetterKind.CORRECTIONS])
def test_letters_about_files_need_a_consolidation(workspace: Path, kind: LetterKind) -> None:
    set_up(workspace)
    with pytest.raises(JobError, match="consolidate"):
        write_letters(kind, master_of(workspace), TODAY, TODAY)


def test_the_report_says_what_the_summary_says(reported: Path) -> None:
    approve(master_of(reported), "张三", "", NOW)
    (draft,) = write_upward(master_of(reported), NOW).written
    (summary,) = (reported / "上报/2019Q3").glob("*.xlsx")
    assert files_of(draft) == {summary.name: summary.read_bytes()}
    assert str(read(draft)["To"]) == CITY
    words = text_of(draft)
    assert "应报单位4个\uff0c已报2个\uff0c未报2个" in words and "特此报告" in words
    before = draft.read_bytes()
    write_upward(master_of(reported), NOW)
    assert draft.read_bytes() == before, "the same letter is the same bytes"
    assert (
        words.startswith("市工作专班\uff1a") and "测试区司法局" in words and "按照《" not in words
    )
    set_up(reported, 主送机关="")
    with pytest.raises(JobError, match="主送机关"):
        write_upward(master_of(reported), NOW)
    set_up(reported, 市级邮箱="")
    with pytest.raises(JobError, match="市级邮箱"):
        write_upward(master_of(reported), NOW)


def test_units_without_a_usable_address_are_named(workspace: Path) -> None:
    set_up(workspace, emails=EMAILS | {"金凤镇": "", "安福镇": "x@y@z"})
    drafts = write_letters(LetterKind.RETURNS, master_of(workspace), TODAY, TODAY)
    assert len(drafts.written) == 3
    assert sum("金凤镇" in str(note) for note in drafts.notes) == 1
    assert any("“x@y@z”写法不对" in str(note) for note in drafts.notes)
    assert read(drafts.folder / "金凤镇.eml")["To"] is None


# Templates


def test_the_office_edits_the_templates(workspace: Path) -> None:
    set_up(workspace)
    folder = workspace / "模板/邮件"
    assert {path.name for path in copy_templates(folder)} == {p.name for p in SHIPPED.iterdir()}
    own = (folder / "催报.txt").read_text(encoding="utf-8").replace("安排专人", "马上")
    (folder / "催报.txt").write_bytes(own.encode("gbk"))  # as an old 记事本 saves it
    assert copy_templates(folder) == []
    drafts: Drafts = write_letters(
        LetterKind.REMINDERS, master_of(workspace), date(2019, 10, 1), TODAY
    )
    assert "请马上按时填报" in text_of(drafts.written[0])


def test_paragraphs_are_indented_in_html_as_in_the_text(tmp_path: Path) -> None:
    body = "单位:\n\n\u3000\u3000正文\n\n\n\u3000另起\n\n附件"  # a blank line too many
    (tmp_path / "催报.txt").write_text(f"主题:x\n{body}", encoding="utf-8")
    html = Templates(tmp_path).fill("催报", {}).html
    indented = re.findall(r'text-indent: 2em">(?:<br>)?(.*?)</p>', html)
    assert indented == ["正文", "另起"] and html.count("<p ") == 4


@pytest.mark.parametrize(
    ("template", "reason"),
    [
        ("主题:x\n\n{{ unheard_of }}", "unheard_of"),
        ("主题:x\n\n{% if %}", "第 3 行"),
        ("没有主题\n\n正文", "第一行"),
        ("主题:x\n{{ ''.__class__.__mro__[1].__subclasses__() }}", "unsafe"),
    ],
)
def test_a_faulty_template_is_named(tmp_path: Path, template: str, reason: str) -> None:
    (tmp_path / "催报.txt").write_text(template, encoding="utf-8")
    with pytest.raises(MailError, match=reason) as caught:
        Templates(tmp_path).fill("催报", {})
    assert "催报.txt" in str(caught.value)


# Messages


def letter(name: str = "a.xlsx", data: bytes = b"x", **changes: Any) -> Letter:
    facts: dict[str, Any] = {
        "identity": "1", "title": "t", "to": ("a@units.example.cn",), "subject": "题", "text": "文\n.\n..\n", "html": "<p>文</p>",
    }  # fmt: skip
    return Letter(**{**facts, "attachments": (Attachment(name, data),), **changes})


@given(
    st.text(
        st.characters(blacklist_categories=("Cs", "Cc", "Zl", "Zp", "Cf")), min_size=1, max_size=80
    ),
    st.binary(max_size=300),
)
def test_any_name_and_content_arrive_by_two_readers(name: str, data: bytes) -> None:
    name = "x" + re.sub(r'["/\\;]', "_", name.strip()) + ".xlsx"
    made = build_draft(letter(name, data), ACCOUNT)
    (attachment,) = open_eml(made).attachments
    assert (attachment.name, attachment.data) == (name, data)
    (file,) = parse_email(made).attachments
    assert (file.filename, file.content) == (name, data)
    assert max(map(len, made.split(b"\r\n"))) < 998


@given(st.text(max_size=120), st.text(max_size=60))
def test_no_text_forges_a_header(subject: str, name: str) -> None:
    made = build_draft(
        letter(f"{name}\r\nBcc: x@evil.invalid.xlsx", subject=f"{subject}\r\nBcc: x@evil.invalid"),
        ACCOUNT,
    )
    mail = BytesParser(policy=policy.compat32).parsebytes(made)
    assert sorted(mail.keys()) == sorted(
        ["Content-Type", "MIME-Version", "X-Unsent", "From", "To", "Subject", "Message-ID"]
    )
    for part in mail.walk():
        assert set(part.keys()) <= {
            *mail.keys(),
            "Content-Transfer-Encoding",
            "Content-Disposition",
        }
    assert recipients(made) == ["a@units.example.cn"]


@pytest.mark.parametrize(
    "address",
    [
        "a@b.cn\r\nBcc: x@evil.invalid",
        "a b@c.cn",
        "a@b",
        "a@b.cn,c@d.cn",
        "<a@b.cn>",
        "",
        "区@b.cn",
        "a@-b.cn",
    ],
)
def test_what_is_no_address_is_refused(address: str) -> None:
    assert not is_address(address)
    with pytest.raises(ValueError, match="no address"):
        build_draft(letter(to=(address,)), ACCOUNT)


def test_addresses_as_staff_write_them() -> None:
    assert split_addresses(" a@b.cn\uff0cc@d.cn、 e@f.cn;\n") == ("a@b.cn", "c@d.cn", "e@f.cn")
    roster = ["U@units.example.cn"]
    assert is_allowed("x@CITY.cn", ["@city.cn"], []) and is_allowed("x@y.cn", ["X@y.cn"], [])
    assert not is_allowed("x@evil.city.cn", ["@city.cn"], []) and not is_allowed(
        "x@y.cn", [], ["x@y.cn"]
    )
    assert is_allowed("u@units.example.cn", ["单位邮箱"], roster)


def test_a_draft_becomes_a_mail() -> None:
    draft = build_draft(letter(), ACCOUNT)
    sent = ready_to_send(draft.replace(b"\r\n", b"\n"), NOW)
    mail = BytesParser(policy=policy.default).parsebytes(sent)
    assert mail["X-Unsent"] is None and mail["Message-ID"] == message_id(draft)
    assert mail["Date"].datetime == NOW.astimezone()
    assert b"\n" not in sent.replace(b"\r\n", b"") and sent == ready_to_send(draft, NOW)
    bare = ready_to_send(b"From: a@b.cn\nTo: c@d.cn\nBcc: e@f.cn\n\nhi\n", NOW)
    assert b"Bcc" not in bare and bare.count(b"Message-ID: <") == 1


def test_the_same_letter_to_someone_else_is_another() -> None:
    assert letter().mark == letter(subject="改", to=("A@units.example.cn",)).mark
    assert letter().mark != letter(to=("b@units.example.cn",)).mark != letter(identity="2").mark


@given(st.lists(st.integers(0, 400_000), max_size=8))
def test_attachments_are_split_and_none_is_lost(sizes: list[int]) -> None:
    files = tuple(Attachment(f"{n}.xlsx", bytes(size)) for n, size in enumerate(sizes))
    groups, too_large = split_attachments(files, 500_000)
    assert sorted(f.name for group in (*groups, too_large) for f in group) == sorted(
        f.name for f in files
    )
    for group in groups:
        assert len(build_draft(letter(attachments=group), ACCOUNT)) <= 500_000
    assert all(wire_size(f) > 400_000 for f in too_large)


def test_outlook_gets_the_same_letter() -> None:
    class Item:
        def __init__(self) -> None:
            self.files: dict[str, bytes] = {}
            self.saved = False
            self.Attachments = self

        def Add(self, path: str) -> None:  # noqa: N802
            self.files[Path(path).name] = Path(path).read_bytes()

        def Save(self) -> None:  # noqa: N802
            self.saved = True

    class Application:
        item = Item()

        def CreateItem(self, kind: int) -> Item:  # noqa: N802
            assert kind == 0
            return self.item

    application = Application()
    save_draft(application, build_draft(letter("区财政局.xlsx", b"data"), ACCOUNT))
    item: Any = application.item
    assert (item.To, item.Subject, item.saved) == ("a@units.example.cn", "题", True)
    assert item.files == {"区财政局.xlsx": b"data"} and "<p>文</p>" in item.HTMLBody
