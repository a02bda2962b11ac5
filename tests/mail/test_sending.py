"""Sending through a real server: each letter once, whatever breaks on the way."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections import Counter
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.mail.rounds import ADDRESSED, NOW, TODAY, master_of, opened, set_up
from tests.mail.servers import (
    ACCOUNT,
    Certificates,
    Inbox,
    Wire,
    free_port,
    parsed,
    smtp_server,
)
from xl_fzzf.desk.errors import JobError
from xl_fzzf.desk.mail.drafting import LetterKind
from xl_fzzf.jobs.letters import write_letters
from xl_fzzf.jobs.send import Dispatch, decide, dispatch, examine, find_drafts
from xl_fzzf.mail import smtp
from xl_fzzf.mail.errors import MailError
from xl_fzzf.mail.outbox import State

UNITS = {address for text in ADDRESSED.values() for address in text.split("、")}


def prepare(folder: Path, port: int, **settings: Any) -> None:
    set_up(folder, SMTP_服务器=f"127.0.0.1:{port}", **settings)
    write_letters(LetterKind.REMINDERS, master_of(folder), TODAY, TODAY)


def send(folder: Path, now: datetime = NOW, hurry: bool = False) -> Dispatch:
    master = opened(folder)
    return dispatch(master, find_drafts(master), now, hurry)


def states(folder: Path) -> Counter[State]:
    return Counter(delivery.state for delivery in examine(opened(folder), []).deliveries)


def test_every_unit_gets_its_letter_over_starttls(workspace: Path, trusted: Certificates) -> None:
    inbox = Inbox()
    with smtp_server(inbox, trusted) as port:
        prepare(workspace, port)
        result = send(workspace)
        assert (result.sent, result.trouble, result.clean) == (4, "", True)
        again = send(workspace)
    assert again.sent == 0 and len(inbox.taken) == 3
    assert {to for recipients, _ in inbox.taken for to in recipients} == UNITS
    for _, data in inbox.taken:
        mail = parsed(data)
        assert mail["X-Unsent"] is None and mail["Date"] and mail["From"] == ACCOUNT
    assert not find_drafts(opened(workspace))
    assert len(list((workspace / "发件/2019Q3/催报/已发送").glob("*.eml"))) == 3


def test_tls_from_the_start(
    workspace: Path, trusted: Certificates, monkeypatch: pytest.MonkeyPatch
) -> None:
    inbox = Inbox()
    with smtp_server(inbox, trusted, implicit=True) as port:
        monkeypatch.setattr(smtp, "_TLS_PORT", port)
        prepare(workspace, port)
        assert send(workspace).sent == 4


def test_a_letter_that_was_sent_is_not_written_again(
    workspace: Path, trusted: Certificates
) -> None:
    with smtp_server(Inbox(), trusted) as port:
        prepare(workspace, port)
        send(workspace)
    again = write_letters(LetterKind.REMINDERS, master_of(workspace), TODAY, TODAY)
    assert again.written == [] and len(again.sent_before) == 3
    later = write_letters(
        LetterKind.REMINDERS, master_of(workspace), TODAY + timedelta(days=5), TODAY
    )
    assert len(later.written) == 3


def test_a_refused_recipient_stops_nobody_else(workspace: Path, trusted: Certificates) -> None:
    inbox = Inbox(
        answers={
            "jfz@units.example.cn": "550 5.1.1 no such user",
            "afz@units.example.cn": "451 later",
        }
    )
    with smtp_server(inbox, trusted) as port:
        prepare(workspace, port)
        result = send(workspace)
        assert result.sent == 2 and not result.clean
        named = {delivery.recipient: delivery for delivery in result.open}
        assert named["jfz@units.example.cn"].state is State.FAILED
        assert "no such user" in named["jfz@units.example.cn"].note
        assert named["afz@units.example.cn"].state is State.QUEUED
        inbox.answers.clear()
        assert send(workspace, NOW + timedelta(minutes=1)).sent == 0
        assert send(workspace, NOW + timedelta(minutes=6)).sent == 1
    counts = Counter(to for recipients, _ in inbox.taken for to in recipients)
    assert counts == dict.fromkeys(UNITS - {"jfz@units.example.cn"}, 1)


def test_a_server_that_is_down_is_tried_again_later_and_later(
    workspace: Path, trusted: Certificates
) -> None:
    prepare(workspace, free_port())
    waits = []
    now = NOW
    for _ in range(4):
        result = send(workspace, now)
        assert result.trouble and result.sent == 0
        due = {delivery.due for delivery in result.open}
        assert len(due) == 1
        waits.append(due.pop() - now)
        now += waits[-1]
    assert waits == [timedelta(minutes=minutes) for minutes in (5, 10, 20, 40)]
    inbox = Inbox()
    with smtp_server(inbox, trusted) as port:
        set_up(workspace, SMTP_服务器=f"127.0.0.1:{port}")
        assert send(workspace, now - timedelta(minutes=1)).sent == 0
        assert send(workspace, now - timedelta(minutes=1), hurry=True).sent == 4


@pytest.mark.parametrize("direction", ["to_server", "to_client"])
def test_a_wire_that_breaks_anywhere_loses_and_doubles_nothing(
    workspace: Path, trusted: Certificates, direction: str
) -> None:
    """The wire is cut after more and more bytes; then all that is not in doubt is sent over a whole one."""
    totals = {"to_server": 20_000, "to_client": 6_500}
    seen: Counter[State] = Counter()
    inbox = Inbox()
    with smtp_server(inbox, trusted) as port:
        wire = Wire(port)
        prepare(workspace, wire.port)
        master = opened(workspace)
        drafts = {path: path.read_bytes() for path in find_drafts(master)}
        for cut in range(150, totals[direction], totals[direction] // 11):
            inbox.taken.clear()
            (workspace / "发件/发件箱.sqlite").unlink(missing_ok=True)
            for path, data in drafts.items():
                path.write_bytes(data)
            wire.mend(**{direction: cut})
            dispatch(master, list(drafts), NOW)
            middle = examine(master, []).deliveries
            wire.mend()
            dispatch(master, find_drafts(master), NOW, hurry=True)
            after = {d.recipient: d for d in examine(master, []).deliveries}
            seen.update(d.state for d in middle)
            assert set(after) == UNITS == {d.recipient for d in middle}
            for delivery in middle:
                count = inbox.count(delivery.message_id, delivery.recipient)
                if delivery.state is State.IN_DOUBT:
                    assert count <= 1 and after[delivery.recipient].state is State.IN_DOUBT
                else:
                    assert count == 1 and after[delivery.recipient].state is State.SENT, cut
        wire.close()
    assert seen[State.SENT] and seen[State.QUEUED]


def test_a_letter_whose_answer_never_came_is_in_doubt_and_not_sent_again(
    workspace: Path, trusted: Certificates
) -> None:
    inbox = Inbox()
    with smtp_server(inbox, trusted) as port:
        wire = Wire(port)

        def cut() -> str:
            wire.mend(to_client=0)
            return ""

        inbox.at_data = cut
        prepare(workspace, wire.port)
        result = send(workspace)
        assert result.sent == 0 and result.trouble and len(inbox.taken) == 1
        assert states(workspace)[State.IN_DOUBT] in (1, 2)
        inbox.at_data = str
        wire.mend()
        send(workspace, hurry=True)
        wire.close()
    assert len(inbox.taken) == 3
    assert not states(workspace)[State.QUEUED] and states(workspace)[State.IN_DOUBT] in (1, 2)


def test_a_crash_between_the_servers_answer_and_our_note_is_asked_about(
    workspace: Path, trusted: Certificates
) -> None:
    inbox = Inbox()
    running: list[subprocess.Popen[bytes]] = []

    def kill() -> str:
        running[0].send_signal(signal.SIGKILL)
        running[0].wait()
        return ""

    with smtp_server(inbox, trusted) as port:
        prepare(workspace, port)
        inbox.at_data = kill
        running.append(
            subprocess.Popen(
                [sys.executable, "-m", "xl_fzzf", "mail", "outbox", "--send"],
                cwd=workspace,
                env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
            )
        )
        running[0].wait(60)
        assert running[0].returncode == -signal.SIGKILL and len(inbox.taken) == 1
        inbox.at_data = str
        assert send(workspace, hurry=True).sent in (3, 4)
        (mail, *_) = [parsed(data) for _, data in inbox.taken]
        doubtful = [
            d for d in examine(opened(workspace), []).deliveries if d.state is State.IN_DOUBT
        ]
        assert {d.message_id for d in doubtful} == {mail["Message-ID"]}
        assert len(inbox.taken) == 3, "what is in doubt is not sent again by itself"
        decide(opened(workspace), mail["Message-ID"], sent=True, now=NOW)
        assert send(workspace, hurry=True).sent == 0
    assert states(workspace) == {State.SENT: 4}


def test_the_coordinator_may_have_a_doubtful_letter_sent_again(
    workspace: Path, trusted: Certificates
) -> None:
    inbox = Inbox(at_data=lambda: "554 5.7.1 looks like spam")
    with smtp_server(inbox, trusted) as port:
        prepare(workspace, port)
        result = send(workspace)
        assert {d.state for d in result.open} == {State.FAILED}
        inbox.at_data = str
        assert send(workspace, hurry=True).sent == 0
        decide(opened(workspace), result.open[0].message_id, sent=False, now=NOW)
        assert send(workspace).sent == 1
    with pytest.raises(JobError, match="没有未了结"):
        decide(opened(workspace), "<x@y>", sent=True, now=NOW)


def test_what_is_in_the_outbox_outlives_its_draft(workspace: Path, trusted: Certificates) -> None:
    prepare(workspace, free_port())
    send(workspace)
    for draft in find_drafts(opened(workspace)):
        draft.unlink()
    inbox = Inbox()
    with smtp_server(inbox, trusted) as port:
        set_up(workspace, SMTP_服务器=f"127.0.0.1:{port}")
        assert send(workspace, hurry=True).sent == 4


def test_an_answer_that_nobody_understands_leaves_the_letter_in_doubt(
    workspace: Path, trusted: Certificates
) -> None:
    with smtp_server(Inbox(at_data=lambda: "hm"), trusted) as port:
        prepare(workspace, port)
        assert {d.state for d in send(workspace).open} == {State.IN_DOUBT}


def test_a_draft_edited_after_a_failed_try_goes_out_as_edited(
    workspace: Path, trusted: Certificates
) -> None:
    prepare(workspace, free_port())
    send(workspace)
    draft = workspace / "发件/2019Q3/催报/安福镇.eml"
    edited = draft.read_bytes().replace(b"To: afz@units.example.cn, ", b"To: ")
    draft.write_bytes(edited.replace(b"Subject: ", b"Subject: edited "))
    inbox = Inbox()
    with smtp_server(inbox, trusted) as port:
        set_up(workspace, SMTP_服务器=f"127.0.0.1:{port}")
        assert send(workspace, hurry=True).sent == 3
    (data,) = [data for to, data in inbox.taken if to == ("afz2@units.example.cn",)]
    assert b"Subject: edited " in data
    assert states(workspace) == {State.SENT: 3}


def test_sending_needs_the_settings(workspace: Path, trusted: Certificates) -> None:
    set_up(workspace)
    with pytest.raises(JobError, match="SMTP"):
        send(workspace)


def test_a_broken_outbox_is_said_and_not_replaced(workspace: Path, trusted: Certificates) -> None:
    prepare(workspace, free_port())
    box = workspace / "发件/发件箱.sqlite"
    box.write_bytes(b"no database at all" * 100)
    with pytest.raises(MailError, match="打不开"):
        send(workspace)
    assert box.read_bytes().startswith(b"no database")
