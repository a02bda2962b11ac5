"""Bad inputs 119–129 and 134–136: mail that can't be sent as it is, and mail that is not what it seems."""

from __future__ import annotations

import base64
import io
import os
import random
import re
import socket
import ssl
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from email.message import EmailMessage
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from fast_mail_parser import parse_email
from imapclient import IMAPClient
from openpyxl import load_workbook

from tests.bad_inputs.payloads import PAYLOADS
from tests.conftest import AS_OF
from tests.jobs.filling import GOOD, fill
from tests.mail.conftest import certificates, dovecot, trusted
from tests.mail.outlook_files import winmail
from tests.mail.rounds import EMAILS, NOW, TODAY, mail, master_of, opened, set_up
from tests.mail.servers import ACCOUNT, PASSWORD, Certificates, Dovecot, Inbox, parsed, smtp_server
from xl_fzzf.archive.journal import COLLECTED, find_journals
from xl_fzzf.archive.storage import write_whole
from xl_fzzf.desk.mail.drafting import Composer, Content, LetterKind
from xl_fzzf.jobs.collect import collect, collect_mailbox
from xl_fzzf.jobs.consolidate import consolidate
from xl_fzzf.jobs.distribute import distribute
from xl_fzzf.jobs.init import init
from xl_fzzf.jobs.letters import write_letters
from xl_fzzf.jobs.send import Dispatch, dispatch, examine, find_drafts
from xl_fzzf.mail.attachment import Attachment
from xl_fzzf.mail.errors import MailError
from xl_fzzf.mail.letter import build_draft, message_id
from xl_fzzf.mail.opening import open_eml
from xl_fzzf.mail.outbox import State
from xl_fzzf.model.building import build_plan
from xl_fzzf.model.collected import Fate
from xl_fzzf.model.period import Period
from xl_fzzf.office.naming import safe_file_name

__all__ = ["certificates", "dovecot", "trusted"]
CONTROL = re.compile(r"[\x00-\x09\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]")


def send(folder: Path, now: datetime = NOW, hurry: bool = False) -> Dispatch:
    master = opened(folder)
    return dispatch(master, find_drafts(master), now, hurry)


def fzzf(folder: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "xl_fzzf", *arguments],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2]), **environment},
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        check=False,
    )


def bodies(draft: bytes) -> tuple[str, str]:
    """A letter's text and HTML, by a reader that is not Python's."""
    mail = parse_email(draft)
    (plain,), (html,) = mail.text_plain, mail.text_html
    return plain, html


def test_bad_119_a_file_above_the_limit_is_named_and_the_mail_goes_all_the_same(
    workspace: Path, trusted: Certificates
) -> None:
    inbox = Inbox()
    with smtp_server(inbox, trusted) as port:
        set_up(workspace, SMTP_服务器=f"127.0.0.1:{port}", 附件上限_MB=1)
        data = random.Random(119).randbytes(1_200_000)
        large = workspace / "分发/2019Q3/金凤镇.xlsx"
        large.write_bytes(data)
        drafts = write_letters(LetterKind.RETURNS, master_of(workspace), TODAY, TODAY)
        assert any("金凤镇.xlsx" in str(note) and "附件上限" in str(note) for note in drafts.notes)
        assert send(workspace).sent == 4
    (letter,) = [data for to, data in inbox.taken if EMAILS["金凤镇"] in to]
    assert "未随本邮件发出" in bodies(letter)[0]
    assert "金凤镇.xlsx（1.1 MB）" in bodies(letter)[0]


def test_bad_119_several_files_are_split_over_several_mails(workspace: Path) -> None:
    set_up(workspace, 附件上限_MB=1)
    master = opened(workspace)
    composer = Composer(master.workspace, master.round, LetterKind.RECEIPTS, TODAY)
    files = tuple(Attachment(f"{n}.pdf", random.Random(n).randbytes(300_000)) for n in range(3))
    facts = dict.fromkeys(
        ("file", "received", "timely", "expected", "filled", "invalid", "note"), "x"
    )
    content = Content("市级", ["a@city.example.gov.cn"], "1", facts, files)
    drafts = composer.write([content])
    found = [open_eml(path.read_bytes()) for path in drafts.written]
    assert [e.name for mail in found for e in mail.attachments] == ["0.pdf", "1.pdf", "2.pdf"]
    assert len(found) == 2 and found[0].subject.endswith("\uff081/2\uff09")
    assert all(path.stat().st_size <= 1 << 20 for path in drafts.written)


def test_bad_119_the_servers_own_limit_is_said(workspace: Path, trusted: Certificates) -> None:
    with smtp_server(Inbox(), trusted, largest=20_000) as port:
        set_up(workspace, SMTP_服务器=f"127.0.0.1:{port}")
        write_letters(LetterKind.RETURNS, master_of(workspace), TODAY, TODAY)
        result = send(workspace)
    assert result.open and all("服务器最大只收" in delivery.note for delivery in result.open)


def test_bad_120_a_server_that_says_later_is_asked_later_with_the_same_letter(
    workspace: Path, trusted: Certificates
) -> None:
    inbox = Inbox(at_data=lambda: "451 4.3.0 try again")
    with smtp_server(inbox, trusted) as port:
        set_up(workspace, SMTP_服务器=f"127.0.0.1:{port}")
        drafts = write_letters(LetterKind.REMINDERS, master_of(workspace), TODAY, TODAY).written
        identities = {message_id(path.read_bytes()) for path in drafts}
        result = send(workspace)
        assert {delivery.state for delivery in result.open} == {State.QUEUED}
        inbox.at_data = str
        assert send(workspace, NOW + timedelta(hours=1)).sent == 4
    assert Counter(parsed(data)["Message-ID"] for _, data in inbox.taken) == dict.fromkeys(
        identities, 1
    )


def test_bad_121_one_bad_recipient_is_named_and_the_others_get_it(
    workspace: Path, trusted: Certificates
) -> None:
    inbox = Inbox(answers={"afz2@units.example.cn": "550 5.1.1 unknown"})
    with smtp_server(inbox, trusted) as port:
        set_up(workspace, SMTP_服务器=f"127.0.0.1:{port}")
        write_letters(LetterKind.REMINDERS, master_of(workspace), TODAY, TODAY)
        result = send(workspace)
    (refused,) = result.open
    assert refused.recipient == "afz2@units.example.cn" and "unknown" in refused.note
    assert result.sent == 3 and ("afz@units.example.cn",) in {to for to, _ in inbox.taken}


def test_bad_122_no_encryption_no_log_in(workspace: Path, trusted: Certificates) -> None:
    inbox = Inbox()
    with smtp_server(inbox, None) as port:
        set_up(workspace, SMTP_服务器=f"127.0.0.1:{port}")
        write_letters(LetterKind.REMINDERS, master_of(workspace), TODAY, TODAY)
        with pytest.raises(MailError, match="不支持加密"):
            send(workspace)
    assert not inbox.logins and not inbox.taken
    assert {d.state for d in examine(opened(workspace), []).deliveries} == {State.QUEUED}


def test_bad_122_a_certificate_that_nobody_vouches_for(
    workspace: Path, trusted: Certificates, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SSL_CERT_FILE")
    inbox = Inbox()
    with smtp_server(inbox, trusted) as port:
        set_up(workspace, SMTP_服务器=f"127.0.0.1:{port}")
        write_letters(LetterKind.REMINDERS, master_of(workspace), TODAY, TODAY)
        with pytest.raises(MailError, match="证书不可信"):
            send(workspace)
    assert not inbox.logins and not inbox.taken


def test_bad_122_a_mailbox_without_encryption_is_hung_up_on(
    workspace: Path, trusted: Certificates
) -> None:
    """At once, not when the error that is still being told is forgotten; and no password was sent."""
    heard: list[bytes] = []

    def answer(listener: socket.socket) -> None:
        wire, _ = listener.accept()
        wire.settimeout(5)
        wire.sendall(b"* OK [CAPABILITY IMAP4rev1] ready\r\n")
        while data := wire.recv(4096):
            heard.append(data)
            tag = data.split()[0]
            wire.sendall(b"* CAPABILITY IMAP4rev1\r\n%s OK done\r\n" % tag)
        heard.append(b"hung up")

    with socket.create_server(("127.0.0.1", 0)) as listener:
        server = threading.Thread(target=answer, args=(listener,), daemon=True)
        server.start()
        set_up(workspace, IMAP_服务器=f"127.0.0.1:{listener.getsockname()[1]}")
        with pytest.raises(MailError, match="不支持加密") as error:
            collect_mailbox(master_of(workspace), NOW)
        server.join(10)
    assert error.value and heard[-1] == b"hung up"
    assert PASSWORD.encode() not in b"".join(heard) and b"LOGIN" not in b"".join(heard)


def test_bad_122_an_untrusted_mailbox(
    workspace: Path, trusted: Certificates, dovecot: Dovecot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SSL_CERT_FILE")
    set_up(workspace, IMAP_服务器=f"127.0.0.1:{dovecot.starttls_port}")
    with pytest.raises(MailError, match="证书不可信"):
        collect_mailbox(master_of(workspace), NOW)


def test_bad_122_a_wrong_password(
    workspace: Path, trusted: Certificates, dovecot: Dovecot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FZZF_MAIL_PASSWORD", "wrong")
    inbox = Inbox()
    with smtp_server(inbox, trusted) as port:
        set_up(
            workspace,
            SMTP_服务器=f"127.0.0.1:{port}",
            IMAP_服务器=f"127.0.0.1:{dovecot.starttls_port}",
        )
        write_letters(LetterKind.REMINDERS, master_of(workspace), TODAY, TODAY)
        with pytest.raises(MailError, match="授权码"):
            send(workspace)
    assert set(inbox.logins) == {"bad"} and not inbox.taken
    with pytest.raises(MailError, match="授权码"):
        collect_mailbox(master_of(workspace), NOW)


def test_bad_123_line_breaks_in_a_unit_name_or_file_name_forge_nothing(workspace: Path) -> None:
    set_up(workspace)
    master = opened(workspace)
    composer = Composer(master.workspace, master.round, LetterKind.RETURNS, TODAY)
    evil = "区局\r\nBcc: x@evil.invalid\r\n\r\n<b>"
    files = (Attachment(f"{evil}.xlsx", b"x"),)
    content = Content(evil, ["a@units.example.cn"], "1", {}, files)
    (path,) = composer.write([content]).written
    message = parsed(path.read_bytes())
    assert "Bcc" not in message and sorted(set(message.keys())) == sorted(message.keys())
    (attachment,) = open_eml(path.read_bytes()).attachments
    assert "\n" not in attachment.name and attachment.data == b"x"
    assert path.parent.name == "分发"


def test_bad_124_nothing_is_sent_unless_asked_and_only_to_whom_it_may(
    workspace: Path, trusted: Certificates
) -> None:
    inbox = Inbox()
    with smtp_server(inbox, trusted) as port:
        set_up(
            workspace,
            SMTP_服务器=f"127.0.0.1:{port}",
            允许收件人="czj@units.example.cn、@city.example.gov.cn",
        )
        dry = fzzf(workspace, "mail", "reminders", "--as-of", "2019-10-08")
        assert (
            dry.returncode == 0
            and "没有发送" in dry.stdout
            and not inbox.taken
            and not inbox.logins
        )
        sent = fzzf(workspace, "mail", "outbox", "--send")
        assert sent.returncode == 1 and "不在“设置”的“允许收件人”里" in sent.stdout, (
            sent.stdout + sent.stderr
        )
        set_up(workspace, SMTP_服务器=f"127.0.0.1:{port}", 允许收件人="")
        none = fzzf(workspace, "mail", "outbox", "--send")
        assert none.returncode == 2 and "允许收件人" in none.stderr
    assert [to for to, _ in inbox.taken] == [("czj@units.example.cn",)]


def test_bad_124_a_recipient_struck_from_the_list_gets_nothing_that_was_queued(
    workspace: Path, trusted: Certificates
) -> None:
    inbox = Inbox(at_data=lambda: "451 later")
    with smtp_server(inbox, trusted) as port:
        set_up(workspace, SMTP_服务器=f"127.0.0.1:{port}")
        write_letters(LetterKind.REMINDERS, master_of(workspace), TODAY, TODAY)
        send(workspace)
        inbox.at_data = str
        set_up(workspace, SMTP_服务器=f"127.0.0.1:{port}", 允许收件人="czj@units.example.cn")
        assert send(workspace, hurry=True).sent == 1


@pytest.mark.parametrize("charset", ["utf-8", "gb2312", "gbk", "gb18030"])
def test_bad_125_attachment_names_in_every_writing(charset: str) -> None:
    name = "区财政局填报表.xlsx"
    word = base64.b64encode(name.encode(charset)).decode()
    percent = "".join(f"%{byte:02X}" for byte in name.encode(charset))
    for written in (
        f'filename="=?{charset}?B?{word}?="',
        f"filename*={charset}''{percent}",
        f'filename="{name}"',
    ):
        head = f"From: a@b.cn\r\nContent-Disposition: attachment; {written}\r\n\r\nx".encode(
            charset
        )
        assert [e.name for e in open_eml(head).attachments] == [name]


def test_bad_126_every_file_in_a_mail_is_listed(workspace: Path) -> None:
    set_up(workspace)
    inner = mail("x@units.example.cn", ("里层.pdf", b"%PDF-1"))
    message = mail(
        EMAILS["区财政局"],
        ("winmail.dat", winmail(("外.pdf".encode("gbk"), b"%PDF-2"))),
        *((f"{n}.pdf", f"%PDF-{n}".encode()) for n in range(3, 50)),
    )
    message.add_attachment(inner)
    message.add_attachment(
        b"\x89PNG", maintype="image", subtype="png", disposition="inline", filename="logo.png"
    )
    (workspace / "一.eml").write_bytes(bytes(message))
    (entry,) = collect(master_of(workspace), [workspace / "一.eml"], NOW).items
    names = [file.name for file in entry.files]
    assert names == ["外.pdf", *(f"{n}.pdf" for n in range(3, 50)), "里层.pdf", "logo.png"]
    assert "没有填报表" in entry.note
    (workspace / "二.eml").write_bytes(bytes(mail(EMAILS["区财政局"])))
    (entry,) = collect(master_of(workspace), [workspace / "二.eml"], NOW).items
    assert entry.note == "没有附件"


def bounce(identity: str, recipient: str, draft: bytes) -> bytes:
    report = EmailMessage()
    report["Final-Recipient"], report["Action"] = f"rfc822; {recipient}", "failed"
    report["Status"], report["Diagnostic-Code"] = "5.2.2", "smtp; 552 mailbox full"
    head = (
        b"Received: from mx; Tue, 08 Oct 2019 08:00:00 +0800\r\nFrom: MAILER-DAEMON@units.example.cn\r\n"
        b"Auto-Submitted: auto-replied\r\nSubject: Undelivered\r\n"
        b'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n'
    )
    parts = (
        b"--b\r\nContent-Type: text/plain\r\n\r\nfailed\r\n",
        b"--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; x\r\n\r\n"
        + bytes(report)
        + b"\r\n",
        b"--b\r\nContent-Type: message/rfc822\r\n\r\n" + draft + b"\r\n--b--\r\n",
    )
    return head + b"".join(parts)


def test_bad_127_a_bounce_is_no_return_and_says_who_was_not_reached(
    workspace: Path, trusted: Certificates
) -> None:
    inbox = Inbox()
    with smtp_server(inbox, trusted) as port:
        set_up(workspace, SMTP_服务器=f"127.0.0.1:{port}")
        write_letters(LetterKind.RETURNS, master_of(workspace), TODAY, TODAY)
        send(workspace)
    (data,) = [data for to, data in inbox.taken if EMAILS["金凤镇"] in to]
    (workspace / "退信.eml").write_bytes(bounce(parsed(data)["Message-ID"], EMAILS["金凤镇"], data))
    (entry,) = collect(master_of(workspace), [workspace / "退信.eml"], NOW).items
    assert "退信" in entry.note and not entry.files
    assert not list((workspace / "报送/2019Q3").iterdir())
    (failed,) = [d for d in examine(opened(workspace), []).deliveries if d.state is State.FAILED]
    assert failed.recipient == EMAILS["金凤镇"] and "mailbox full" in failed.note


def test_bad_127_an_automatic_reply_brings_nothing(workspace: Path) -> None:
    set_up(workspace)
    data = fill(workspace / "分发/2019Q3/区财政局.xlsx", workspace / "x.xlsx", GOOD).read_bytes()
    reply = mail(EMAILS["区财政局"], ("区财政局.xlsx", data), Auto_Submitted="auto-replied")
    (workspace / "一.eml").write_bytes(bytes(reply))
    (entry,) = collect(master_of(workspace), [workspace / "一.eml"], NOW).items
    assert "自动回复" in entry.note and not list((workspace / "报送/2019Q3").iterdir())


def test_bad_128_a_mail_is_flagged_only_when_its_files_are_safe(
    workspace: Path, trusted: Certificates, dovecot: Dovecot, monkeypatch: pytest.MonkeyPatch
) -> None:
    from xl_fzzf.desk.mail import filing

    client = IMAPClient("127.0.0.1", dovecot.port, ssl_context=ssl.create_default_context())
    client.login(ACCOUNT, PASSWORD)
    client.select_folder("INBOX")
    client.delete_messages(client.search())
    client.expunge()
    client.append("INBOX", bytes(mail(EMAILS["区财政局"], ("a.pdf", b"%PDF-"))), msg_time=NOW)
    set_up(workspace, IMAP_服务器=f"127.0.0.1:{dovecot.starttls_port}")

    def full(path: Path, data: bytes) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(filing, "write_whole", full)
    with pytest.raises(OSError, match="No space"):
        collect_mailbox(master_of(workspace), NOW, AS_OF, marking=True)
    client.noop()
    (uid,) = client.search()
    assert b"\\Seen" not in client.fetch([uid], ["FLAGS"])[uid][b"FLAGS"]
    monkeypatch.setattr(filing, "write_whole", write_whole)
    assert collect_mailbox(master_of(workspace), NOW, AS_OF, marking=True).counts == {
        Fate.EVIDENCE: 1
    }
    client.noop()
    assert b"\\Seen" in client.fetch([uid], ["FLAGS"])[uid][b"FLAGS"]
    client.logout()


@pytest.mark.parametrize(
    "password", [PASSWORD, "Wr0ng-密钥-pass".encode("ascii", "ignore").decode()]
)
def test_bad_129_the_password_is_written_nowhere(
    workspace: Path, tmp_path: Path, trusted: Certificates, dovecot: Dovecot, password: str
) -> None:
    """Also where the server quotes it; searched for are the password and its base64 forms."""
    inbox = Inbox()
    with smtp_server(inbox, trusted, reply="535 your password is {}") as port:
        set_up(
            workspace,
            SMTP_服务器=f"127.0.0.1:{port}",
            IMAP_服务器=f"127.0.0.1:{dovecot.starttls_port}",
        )
        temporary = tmp_path / "tmp"
        temporary.mkdir()
        environment = {"FZZF_MAIL_PASSWORD": password, "TMPDIR": str(temporary)}
        runs = [
            fzzf(workspace, "mail", "reminders", "--as-of", "2019-10-08", "--send", **environment),
            fzzf(workspace, "mail", "outbox", **environment),
            fzzf(workspace, "collect", "--since", "2019-01-01", **environment),
        ]
    assert set(inbox.logins) == {"good" if password == PASSWORD else "bad"}
    said = "".join(run.stdout + run.stderr for run in runs)
    assert "Traceback" not in said
    forms = [
        password,
        *(
            base64.b64encode(f"{before}{password}".encode()).decode().rstrip("=")
            for before in ("", f"\0{ACCOUNT}\0")
        ),
    ]
    written = [
        path.read_bytes()
        for root in (workspace, temporary)
        for path in root.rglob("*")
        if path.is_file()
    ]
    for form in forms:
        assert form not in said
        assert not any(form.encode() in data for data in written)


# Text from units in every letter


class Structure(HTMLParser):
    """The tags of a page with their attributes."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: Counter[tuple[str, str]] = Counter()
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags[tag, str(attrs)] += 1

    def handle_comment(self, data: str) -> None:
        self.tags["comment", data] += 1

    def handle_decl(self, decl: str) -> None:
        self.tags["declaration", decl] += 1

    def handle_pi(self, data: str) -> None:
        self.tags["instruction", data] += 1


def facts(text: str) -> dict[str, object]:
    """Every fact of every kind of letter."""
    names = (
        "as_of",
        "completeness",
        "timeliness",
        "statuses",
        "file",
        "received",
        "timely",
        "sha256",
        "due",
        "imprint",
        "correcting",
        "reason",
        "note",
    )
    numbers = ("expected", "reported", "missing", "records", "days_late", "filled", "invalid")
    keys = ("severity", "place", "message", "value", "remedy")
    return {
        **dict.fromkeys(names, text),
        **dict.fromkeys(numbers, 4),
        "corrected_here": True,
        "refused": dict.fromkeys(("file", "received", "reason"), text),
        "findings": [dict.fromkeys(keys, text)],
    }


@pytest.mark.parametrize("kind", LetterKind)
def test_bad_134_no_text_acts_in_a_letter(workspace: Path, kind: LetterKind) -> None:
    set_up(workspace)
    master = opened(workspace)
    composer = Composer(master.workspace, master.round, kind, TODAY)

    def made(text: str) -> Iterator[bytes]:
        attachment = Attachment(f"{safe_file_name(text)}.xlsx", b"x")
        content = Content(text, ["a@units.example.cn"], "1", facts(text), (attachment,))
        for letter in composer.compose(content):
            yield build_draft(letter, ACCOUNT)

    (harmless,) = made("普通文字")
    tags, fields = Structure(bodies(harmless)[1]).tags, sorted(parsed(harmless).keys())
    for payload in PAYLOADS:
        (draft,) = made(payload)
        plain, html = bodies(draft)
        assert Structure(html).tags == tags, payload
        assert sorted(parsed(draft).keys()) == fields, payload
        subject = parse_email(draft).subject
        assert not CONTROL.search(plain.replace("\r", "") + html.replace("\r", "") + subject), (
            payload
        )
        assert "://" not in plain.replace("http://www.w3.org", "") and "://" not in html, payload
        (attachment,) = open_eml(draft).attachments
        assert attachment.data == b"x" and not CONTROL.search(attachment.name)
        assert not set("\r\n/\\") & set(attachment.name)


def wide_plan() -> Any:
    """One unit that is asked for a number once for each payload."""
    indicators = [
        {"code": f"1.{n}", "text": "次数", "kind": "count", "measure": "次"}
        for n in range(1, len(PAYLOADS) + 1)
    ]
    task = {"number": 1, "text": "开会。", "responsible": "各级各部门", "indicators": indicators}
    return build_plan(
        {
            "name": "方案", "subject": "法治", "summary_title": "汇总表", "district": "区", "coordinator": "区财政局", "year": 2019,
            "period": "2019Q3", "kinds": {"区级部门": ["区级部门", "各级各部门"]},
            "areas": [{"number": 1, "name": "领导", "tasks": [task]}],
            "roster": {"units": [{"code": "B01", "name": "区司法局", "kind": "区级部门", "email": "a@units.example.cn"}, {"code": "B02", "name": "区财政局", "kind": "区级部门"}]},
        },
        "wide",
    )  # fmt: skip


def test_bad_130_134_no_text_acts_in_a_correction_and_its_comments(tmp_path: Path) -> None:
    folder = tmp_path / "w"
    master = init(folder, wide_plan(), Period.parse("2019Q3"), AS_OF).master
    distribute(master, AS_OF, NOW)
    source = folder / "分发/2019Q3/区司法局.xlsx"
    entries = {f"1.{n}": {"value": text} for n, text in enumerate(PAYLOADS, 1)}
    fill(source, folder / "报送/2019Q3/区司法局.xlsx", entries)
    consolidate(master, None, AS_OF, NOW)
    (draft,) = write_letters(LetterKind.CORRECTIONS, master, AS_OF, TODAY).written
    plain, html = bodies(draft.read_bytes())
    assert {tag for tag, _ in Structure(html).tags} <= {
        "declaration",
        "html",
        "head",
        "meta",
        "title",
        "body",
        "p",
        "br",
    }
    assert not CONTROL.search(plain.replace("\r", "")) and "://" not in plain + html
    (attachment,) = open_eml(draft.read_bytes()).attachments
    sent, original = (load_workbook(data) for data in (io.BytesIO(attachment.data), source))
    new = set(formulas(sent)) - set(formulas(original))  # one shape of guarded hint, and links
    assert len(new) < 6 and not any(p in formula for formula in new for p in PAYLOADS if p[3:])
    comments = [c.comment.text for s in sent for row in s.iter_rows() for c in row if c.comment]
    assert len(comments) > 100


def formulas(book: Any) -> Counter[str]:
    return Counter(
        re.sub(r"\d+", "", str(cell.value))
        for s in book
        for row in s.iter_rows()
        for cell in row
        if cell.data_type == "f" and s.title.startswith("一")
    )


def test_bad_135_136_no_received_name_or_subject_acts_on_screen_or_disk(
    workspace: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from xl_fzzf.faces.cli.terminal import show
    from xl_fzzf.faces.words.mail import collection_lines

    set_up(workspace)
    folder = workspace / "收到"
    folder.mkdir()
    for number in range(0, len(PAYLOADS), 5):
        payloads = PAYLOADS[number : number + 5]
        word = f"=?utf-8?B?{base64.b64encode(' '.join(payloads).encode()).decode()}?="
        parts = [
            "\r\n--b\r\nContent-Disposition: attachment; filename*=utf-8''"
            f"{quote(f'{payload}.pdf', safe='')}\r\n\r\n%PDF-{number + place}"
            for place, payload in enumerate(payloads)
        ]
        head = (
            f"From: {word} <{EMAILS['区财政局']}>\r\nSubject: {word}\r\nMessage-ID: <{number}@x>\r\n"
            "Content-Type: multipart/mixed; boundary=b\r\n"
        )
        data = f"{head}{''.join(parts)}\r\n--b--\r\n".encode()
        (folder / f"{number:03}.eml").write_bytes(data)
    before = set(workspace.parent.rglob("*"))
    collection = collect(master_of(workspace), [folder], NOW)
    show(collection_lines(collection))
    assert not CONTROL.search(capsys.readouterr().out)
    assert (
        collection.counts == {Fate.EVIDENCE: len(PAYLOADS)} and Fate.FILED not in collection.counts
    )
    new = [path for path in set(workspace.parent.rglob("*")) - before if path.is_file()]
    kept = [path for path in new if path.parent == workspace / "附件/2019Q3/区财政局"]
    assert len(kept) == len(PAYLOADS)
    assert all(path.relative_to(workspace).parts[0] in ("附件", "档案") for path in new)
    assert all(
        not set('\\/:*?"<>|') & set(path.name) and not CONTROL.search(path.name) for path in kept
    )
    journals = [path for _, path in find_journals(workspace / "档案", COLLECTED)]
    assert len(journals) == len(collection.items)
    assert not any(CONTROL.search(path.read_text().removesuffix("\n")) for path in journals)
