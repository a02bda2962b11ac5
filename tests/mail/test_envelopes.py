"""Mail is taken apart in a limited worker, and what it sends is plain data whatever the mail holds."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.mail.outlook_files import msg_file, winmail
from tests.mail.rounds import mail
from tests.mail.test_opening import DATA, FACTS, HEADERS, NAME, archive, nested
from xl_fzzf.desk.mail import envelopes
from xl_fzzf.desk.mail.envelopes import Opener
from xl_fzzf.mail.errors import MailError, explained
from xl_fzzf.mail.incoming import Mail
from xl_fzzf.mail.opening import open_mail

BOUNCE = (
    b"From: MAILER-DAEMON@mx\r\nContent-Type: multipart/report; boundary=b\r\n\r\n"
    b"--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx\r\n\r\n"
    b"Final-Recipient: rfc822; a@units.example.cn\r\nAction: failed\r\nStatus: 5.1.1\r\n\r\n"
    b"--b\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: <1@x>\r\n--b--\r\n"
)
RECEIVED = {
    "信.eml": bytes(mail("a@units.example.cn", (NAME, DATA), Auto_Submitted="no")),
    "回.eml": bytes(mail("a@units.example.cn", Auto_Submitted="auto-replied")),
    "转.eml": bytes(nested(2)),
    "退.eml": BOUNCE,
    "包.eml": bytes(mail("a@x.cn", ("winmail.dat", winmail(("表.xlsx".encode("gbk"), DATA))))),
    "信.msg": msg_file({**FACTS, 0x007D: HEADERS}, [(NAME, DATA)]),
    "旧.msg": msg_file(FACTS, [(NAME, DATA)]),
    "包.zip": archive(("一.xlsx", DATA), ("夹/二.xlsx", b"2")),
    "表.xlsx": DATA,
    "坏.eml": b"",
}


class Harmful:
    """Makes a folder wherever it is unpickled without a filter."""

    def __init__(self, folder: Path) -> None:
        self.folder = str(folder)

    def __reduce__(self) -> tuple[Callable[[str], object], tuple[str]]:
        return os.mkdir, (self.folder,)


@pytest.mark.parametrize("name", RECEIVED)
def test_what_is_opened_arrives_as_it_was_taken_apart(name: str) -> None:
    with Opener() as open_:
        opened = open_.open(name, RECEIVED[name])
    assert opened == open_mail(name, RECEIVED[name])


def test_the_samples_hold_one_of_each_that_is_sent() -> None:
    openeds = [open_mail(name, data) for name, data in RECEIVED.items()]
    assert any(opened.bounces for opened in openeds)
    assert any(opened.arrived for opened in openeds)
    assert len({opened.machine for opened in openeds}) > 1


def _opened(monkeypatch: pytest.MonkeyPatch, act: Callable[[bytes], object]) -> Mail:
    """What a mail comes to whose taking apart does this."""
    monkeypatch.setattr("xl_fzzf.mail.opening.open_eml", act)
    monkeypatch.setattr(envelopes, "SECONDS", 1)
    with Opener() as open_:
        return open_.open("信.eml", b"")


def test_a_harmful_answer_is_told_as_unreadable_and_nothing_of_it_runs(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    harm = Harmful(tmp_path / "harm")
    for answer in (harm, Mail(subject=harm), Mail(attachments=(harm,))):  # type: ignore[arg-type]
        opened = _opened(monkeypatch, lambda _, answer=answer: answer)  # type: ignore[misc]
        assert opened.is_mail and "人工打开" in opened.fault
    assert not (tmp_path / "harm").exists()


def _abort(_: bytes) -> Mail:
    os.abort()


def _hang(_: bytes) -> Mail:
    time.sleep(60)
    raise AssertionError


def _eat(_: bytes) -> Mail:
    return Mail(subject="x" * (4 << 30))


def _fail(_: bytes) -> Mail:
    raise KeyError


@pytest.mark.parametrize(
    ("act", "words"),
    [
        (_abort, "中止"),
        (_hang, "没有拆完"),
        (_eat, "太大"),
        (_fail, "中止了，请人工打开（KeyError）"),
    ],
)
def test_a_mail_that_costs_its_worker_has_a_fault(
    monkeypatch: pytest.MonkeyPatch, act: Callable[[bytes], Mail], words: str
) -> None:
    opened = _opened(monkeypatch, act)
    assert opened.is_mail and words in opened.fault


def test_a_library_that_is_missing_is_no_fault_of_the_mail(monkeypatch: pytest.MonkeyPatch) -> None:
    def lack(_: bytes) -> Mail:
        raise ModuleNotFoundError("No module named 'oxmsg'", name="oxmsg")

    with pytest.raises(MailError, match="oxmsg"), explained():
        _opened(monkeypatch, lack)
