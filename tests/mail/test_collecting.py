"""Collecting: from files, archives and a real IMAP server; nothing lost, nothing doubled, senders checked."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import ssl
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from email import message_from_bytes
from pathlib import Path
from urllib.parse import quote

import pytest
from imapclient import IMAPClient

from tests.jobs.filling import GOOD, fill
from tests.mail.outlook_files import msg_file, winmail
from tests.mail.rounds import NOW, mail, master_of, set_up
from tests.mail.servers import ACCOUNT, PASSWORD, Certificates, Dovecot, Wire
from xl_fzzf.archive.ledger import Ledger
from xl_fzzf.archive.originals import fingerprint
from xl_fzzf.desk.errors import JobError
from xl_fzzf.jobs.collect import Collection, collect, collect_mailbox
from xl_fzzf.jobs.consolidate import consolidate
from xl_fzzf.mail.errors import MailError
from xl_fzzf.model.collected import Collected, Fate, Filed

SENDERS = {"区财政局": "czj@units.example.cn", "金凤镇": "jfz@units.example.cn"}
SINCE = date(2019, 9, 1)


@pytest.fixture
def returns(workspace: Path) -> dict[str, bytes]:
    """A filled-in return for each of two units."""
    set_up(workspace)
    made = {}
    for unit in SENDERS:
        path = fill(workspace / f"分发/2019Q3/{unit}.xlsx", workspace / f"填/{unit}.xlsx", GOOD)
        made[unit] = path.read_bytes()
    return made


def put(folder: Path, name: str, data: bytes) -> Path:
    path = folder / "收到" / name
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(data)
    return path


def take(folder: Path, *paths: Path) -> Collection:
    return collect(master_of(folder), paths, NOW)


def filed(collection: Collection) -> list[Filed]:
    return [file for item in collection.items for file in item.files]


def recorded(folder: Path) -> list[Collected]:
    """What the ledger says came in."""
    return Ledger(folder / "档案").collected()


def test_a_return_in_a_mail_is_filed_with_sender_time_and_hash(
    workspace: Path, returns: dict[str, bytes]
) -> None:
    data = returns["区财政局"]
    message = mail(
        "财政局 <czj@units.example.cn>", ("区财政局.xlsx", data), ("佐证.pdf", b"%PDF-1")
    )
    collection = take(workspace, put(workspace, "一.eml", bytes(message)))
    assert collection.clean and [file.fate for file in filed(collection)] == [
        Fate.FILED,
        Fate.EVIDENCE,
    ]
    path = workspace / "报送/2019Q3/区财政局.xlsx"
    assert path.read_bytes() == data
    assert datetime.fromtimestamp(path.stat().st_mtime) == datetime.fromisoformat(
        "2019-10-08T08:00+08:00"
    ).astimezone().replace(tzinfo=None)
    assert (workspace / "附件/2019Q3/区财政局/佐证.pdf").read_bytes() == b"%PDF-1"
    (entry,) = recorded(workspace)
    assert (entry.sender, entry.unit) == ("czj@units.example.cn", "区财政局")
    assert entry.files[0].sha256 == fingerprint(data) and entry.files[0].size == len(data)
    assert entry.files[0].place == str(Path("报送/2019Q3/区财政局.xlsx"))
    assert entry.arrived == datetime.fromisoformat("2019-10-08T08:00+08:00")
    assert (workspace / f"档案/原件/{entry.sha256[:2]}/{entry.sha256}.eml").read_bytes() == bytes(
        message
    )
    result = consolidate(master_of(workspace), None, date(2019, 9, 30), NOW)
    assert [unit.name for unit in result.reported] == ["区财政局"]


def test_the_same_again_is_taken_once(workspace: Path, returns: dict[str, bytes]) -> None:
    data = returns["区财政局"]
    first = put(workspace, "一.eml", bytes(mail("czj@units.example.cn", ("区财政局.xlsx", data))))
    take(workspace, first)
    again = take(workspace, first)
    assert again.known == 1 and not again.items
    other = mail(
        "czj@units.example.cn", ("改名.xlsx", data), received="Wed, 09 Oct 2019 08:00:00 +0800"
    )
    (file,) = filed(take(workspace, put(workspace, "二.eml", bytes(other))))
    assert file.fate == Fate.REPEATED and file.place.endswith("区财政局.xlsx")
    assert len(list((workspace / "报送/2019Q3").iterdir())) == 1


def test_two_files_of_the_same_name_are_both_kept(
    workspace: Path, returns: dict[str, bytes]
) -> None:
    for number, (unit, data) in enumerate(returns.items()):
        message = mail(SENDERS[unit], ("填报表.xlsx", data))
        take(workspace, put(workspace, f"{number}.eml", bytes(message)))
    kept = {path.read_bytes() for path in (workspace / "报送/2019Q3").iterdir()}
    assert kept == set(returns.values())


def test_long_names_that_are_taken_already_find_room(
    workspace: Path, returns: dict[str, bytes]
) -> None:
    set_up(workspace, emails={"区财政局": "czj@units.example.cn"})
    for number in range(3):
        file = (f"{'长' * 120}.xlsx", returns["区财政局"] + bytes([number]))
        message = mail("czj@units.example.cn", file)
        (found,) = filed(take(workspace, put(workspace, f"{number}.eml", bytes(message))))
        assert found.place.startswith("报送")
    assert len(list((workspace / "报送/2019Q3").iterdir())) == 3


@pytest.mark.parametrize(
    ("sender", "unit", "reason"),
    [
        ("jfz@units.example.cn", "区财政局", "由“金凤镇”的邮箱发来"),
        ("stranger@elsewhere.example.com", "区财政局", "不在“单位”表里"),
        ("czj@units.example.cn.evil.example", "区财政局", "不在“单位”表里"),
    ],
)
def test_a_return_from_another_sender_waits_for_the_coordinator(
    workspace: Path, returns: dict[str, bytes], sender: str, unit: str, reason: str
) -> None:
    message = mail(sender, (f"{unit}.xlsx", returns[unit]))
    collection = take(workspace, put(workspace, "一.eml", bytes(message)))
    (file,) = filed(collection)
    assert file.fate == Fate.WAITING and reason in file.reason and not collection.clean
    assert not list((workspace / "报送/2019Q3").iterdir())
    waiting = workspace / "待确认/2019Q3" / f"{unit}.xlsx"
    assert waiting.read_bytes() == returns[unit]
    waiting.rename(workspace / "报送/2019Q3" / waiting.name)  # the coordinator's word
    again = mail(sender, (f"{unit}.xlsx", returns[unit]), Subject="再发一次")
    take(workspace, put(workspace, "二.eml", bytes(again)))


def test_a_mail_without_a_sender_is_not_taken_for_the_coordinators_own_file(
    workspace: Path, returns: dict[str, bytes]
) -> None:
    message = mail("x@y.cn", ("区财政局.xlsx", returns["区财政局"]))
    del message["From"], message["Message-ID"]
    (file,) = filed(take(workspace, put(workspace, "一.eml", bytes(message))))
    assert file.fate == Fate.WAITING and "发件邮箱" in file.reason


def test_an_address_that_two_units_share_says_nothing(
    workspace: Path, returns: dict[str, bytes]
) -> None:
    set_up(workspace, emails=dict.fromkeys(["区财政局", "金凤镇"], "shared@units.example.cn"))
    message = mail("shared@units.example.cn", ("区财政局.xlsx", returns["区财政局"]))
    (file,) = filed(take(workspace, put(workspace, "一.eml", bytes(message))))
    assert file.fate == Fate.WAITING


def test_outlook_formats_and_archives(workspace: Path, returns: dict[str, bytes]) -> None:
    first, second = returns.values()
    outlook = msg_file({0x0C1F: "czj@units.example.cn", 0x0037: "报送"}, [("区财政局.xlsx", first)])
    tnef = mail(
        "jfz@units.example.cn", ("winmail.dat", winmail(("金凤镇.xlsx".encode("gbk"), second)))
    )
    with zipfile.ZipFile(workspace / "打包.zip", "w") as archive:
        archive.writestr("夹/区财政局.xlsx", first)
        archive.writestr("../../外面.xlsx", b"PK no workbook")
    put(workspace, "一.msg", outlook)
    put(workspace, "二.eml", bytes(tnef))
    collection = take(workspace, workspace / "收到", workspace / "打包.zip")
    assert [file.fate for file in filed(collection)] == [
        Fate.FILED,
        Fate.FILED,
        Fate.REPEATED,
        Fate.FILED,
    ]
    assert {path.name for path in (workspace / "报送/2019Q3").iterdir()} == {
        "区财政局.xlsx",
        "金凤镇.xlsx",
        "外面.xlsx",
    }
    assert not (workspace.parent / "外面.xlsx").exists()


@pytest.mark.parametrize(
    "name",
    ["../../x.xlsx", "C:\\x\\y.xlsx", "CON.xlsx", "a\u202excod.xlsx", "长" * 300 + ".xlsx", "x\x00.xlsx", ".xlsx", "", "..", "a:b?.xlsx", "\x1b[2J.xlsx"],
)  # fmt: skip
def test_received_names_are_never_paths(
    workspace: Path, returns: dict[str, bytes], name: str
) -> None:
    before = set(workspace.parent.rglob("*"))
    message = bytes(mail("czj@units.example.cn", ("NAME", returns["区财政局"])))
    message = message.replace(
        b'filename="NAME"', f"filename*=utf-8''{quote(name, safe='')}".encode()
    )
    collection = take(workspace, put(workspace, "一.eml", message))
    (file,) = filed(collection)
    assert file.fate == Fate.FILED
    (path,) = (workspace / "报送/2019Q3").iterdir()
    assert path.read_bytes() == returns["区财政局"]
    assert not set('\\/:*?"<>|\u202e\x1b\x00') & set(path.name) and len(path.name.encode()) <= 255
    places = ("报送", "档案", "收到", "台账-2019Q3.xlsx")
    new = set(workspace.parent.rglob("*")) - before
    assert all(path.relative_to(workspace).parts[0] in places for path in new)


def test_mails_without_a_return_are_named(workspace: Path, returns: dict[str, bytes]) -> None:
    put(workspace, "一.eml", bytes(mail("czj@units.example.cn")))
    put(workspace, "二.eml", bytes(mail("czj@units.example.cn", ("扫描.pdf", b"%PDF-"))))
    put(workspace, "三.eml", bytes(mail("czj@units.example.cn", ("a.rar", b"Rar!\x1a\x07\x00"))))
    collection = take(workspace, workspace / "收到")
    notes = {entry.key[-5:-4]: entry.note for entry in collection.items}
    assert notes["一"] == "没有附件" and "没有填报表" in notes["二"]
    assert not collection.clean
    assert any("RAR" in file.reason for file in filed(collection))


def test_a_signatures_picture_asks_nothing_and_what_can_not_be_opened_does(
    workspace: Path, returns: dict[str, bytes]
) -> None:
    message = mail("czj@units.example.cn", ("区财政局.xlsx", returns["区财政局"]))
    for name in ("logo.png", "扫描件.pdf"):  # telephones send documents inline, too
        message.add_attachment(
            name.encode(), "application", "octet-stream",
            filename=name, cid=f"<{len(name)}@x>", disposition="inline",
        )  # fmt: skip
    collection = take(workspace, put(workspace, "一.eml", bytes(message)))
    assert [file.fate for file in filed(collection)] == [Fate.FILED, Fate.INLINE, Fate.EVIDENCE]
    assert collection.clean
    packed = mail(
        "czj@units.example.cn", ("区财政局.xlsx", returns["区财政局"]), ("a.rar", b"Rar!\x1a\x07")
    )
    assert not take(workspace, put(workspace, "二.eml", bytes(packed))).clean


def test_machines_are_listed_and_their_files_are_not_taken(
    workspace: Path, returns: dict[str, bytes]
) -> None:
    data = returns["区财政局"]
    reply = mail("czj@units.example.cn", ("区财政局.xlsx", data), Auto_Submitted="auto-replied")
    collection = take(workspace, put(workspace, "一.eml", bytes(reply)))
    (entry,) = collection.items
    assert "自动回复" in entry.note and not entry.files
    assert not list((workspace / "报送/2019Q3").iterdir())


def test_a_forged_clock_decides_nothing(workspace: Path, returns: dict[str, bytes]) -> None:
    message = mail(
        "czj@units.example.cn", ("区财政局.xlsx", returns["区财政局"]),
        received="Tue, 01 Jan 2030 08:00:00 +0800", Date="Sun, 01 Sep 2019 08:00:00 +0800",
    )  # fmt: skip
    (entry,) = take(workspace, put(workspace, "一.eml", bytes(message))).items
    assert entry.arrived == NOW.astimezone()
    assert "01 Sep" in entry.sent


def test_hostile_files_in_a_folder(workspace: Path, returns: dict[str, bytes]) -> None:
    folder = workspace / "收到"
    folder.mkdir()
    (folder / "link.eml").symlink_to("/etc/passwd")
    os.mkfifo(folder / "pipe.eml")
    (folder / "~$区财政局.xlsx").write_bytes(b"lock")
    collection = take(workspace, folder)
    assert all(entry.note and not entry.files for entry in collection.items)
    with pytest.raises(JobError, match="找不到"):
        take(workspace, workspace / "没有.eml")


# A real mailbox


@pytest.fixture
def mailbox(dovecot: Dovecot, trusted: Certificates) -> Iterator[IMAPClient]:
    """An empty INBOX, opened by a second client."""
    client = IMAPClient("127.0.0.1", dovecot.port, ssl_context=ssl.create_default_context())
    client.login(ACCOUNT, PASSWORD)
    client.select_folder("INBOX")
    client.delete_messages(client.search())
    client.expunge()
    yield client
    client.logout()


def deliver(client: IMAPClient, *messages: bytes) -> None:
    for number, data in enumerate(messages):
        client.append("INBOX", data, msg_time=datetime(2019, 10, 7, 8, number))


def seen(client: IMAPClient) -> list[bool]:
    client.noop()
    found = client.fetch(client.search() or [0], ["FLAGS"]) if client.search() else {}
    return [b"\\Seen" in found[uid][b"FLAGS"] for uid in sorted(found)]


def fetch(
    folder: Path, port: int, monkeypatch: pytest.MonkeyPatch, marking: bool = False
) -> Collection:
    from xl_fzzf.mail import imap

    monkeypatch.setattr(imap, "_TLS_PORT", port)
    set_up(folder, IMAP_服务器=f"127.0.0.1:{port}")
    return collect_mailbox(master_of(folder), NOW, SINCE, marking)


def two(returns: dict[str, bytes]) -> list[bytes]:
    return [bytes(mail(SENDERS[unit], (f"{unit}.xlsx", data))) for unit, data in returns.items()]


def test_a_mailbox_is_collected_and_left_as_it_was(
    workspace: Path,
    returns: dict[str, bytes],
    mailbox: IMAPClient,
    dovecot: Dovecot,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    deliver(mailbox, *two(returns))
    collection = fetch(workspace, dovecot.port, monkeypatch)
    assert collection.clean and collection.counts == {Fate.FILED: 2}
    assert seen(mailbox) == [False, False]
    for unit, data in returns.items():
        assert (workspace / f"报送/2019Q3/{unit}.xlsx").read_bytes() == data
    assert [e.arrived.astimezone() for e in recorded(workspace)] == [
        datetime(2019, 10, 7, 8, minute).astimezone() for minute in (0, 1)
    ], "the mailbox's own time, not a header's"
    again = fetch(workspace, dovecot.port, monkeypatch)
    assert not again.items and again.clean


def test_starttls_works_too(
    workspace: Path, returns: dict[str, bytes], mailbox: IMAPClient, dovecot: Dovecot
) -> None:
    deliver(mailbox, *two(returns))
    set_up(workspace, IMAP_服务器=f"127.0.0.1:{dovecot.starttls_port}")
    assert collect_mailbox(master_of(workspace), NOW, SINCE).counts == {Fate.FILED: 2}


def test_a_wire_that_breaks_anywhere_loses_and_doubles_nothing(
    workspace: Path,
    returns: dict[str, bytes],
    mailbox: IMAPClient,
    dovecot: Dovecot,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Cut after more and more bytes, flagging; then a whole wire: all is there once, and flagged."""
    deliver(mailbox, *two(returns))
    wire = Wire(dovecot.port)
    fetch(workspace, wire.port, monkeypatch)
    whole = sum(map(len, two(returns))) + 12_000
    reached = set()
    for cut in [*range(500, 6_000, 1_400), *range(6_000, whole, whole // 4)]:
        for path in (workspace / "报送/2019Q3").iterdir():
            path.unlink()
        shutil.rmtree(workspace / "档案", ignore_errors=True)
        mailbox.remove_flags(mailbox.search(), [b"\\Seen"])
        wire.mend(to_client=cut)
        with contextlib.suppress(MailError):
            collect_mailbox(master_of(workspace), NOW, SINCE, marking=True)
        done = [entry for entry in recorded(workspace) if entry.files]
        flagged = sum(seen(mailbox))
        assert flagged <= len(done), "flagged before it was safe"
        for entry in done:
            assert (
                fingerprint((workspace / entry.files[0].place).read_bytes())
                == entry.files[0].sha256
            )
        reached.add(len(done))
        wire.mend()
        collect_mailbox(master_of(workspace), NOW, SINCE, marking=True)
        assert all(seen(mailbox))
        assert {p.read_bytes() for p in (workspace / "报送/2019Q3").iterdir()} == set(
            returns.values()
        )
        assert len(list((workspace / "报送/2019Q3").iterdir())) == 2
        assert len(recorded(workspace)) == 2
    wire.close()
    assert reached >= {0, 1}


@pytest.mark.parametrize("step", ["write_whole", "write_collected", "written", "mark"])
def test_a_crash_at_any_step_is_made_good_by_the_next_run(
    workspace: Path,
    returns: dict[str, bytes],
    mailbox: IMAPClient,
    dovecot: Dovecot,
    monkeypatch: pytest.MonkeyPatch,
    step: str,
) -> None:
    deliver(mailbox, *two(returns))
    set_up(workspace, IMAP_服务器=f"127.0.0.1:{dovecot.port}")
    killer = f"""
import os, signal
from pathlib import Path
from urllib.parse import quote
from xl_fzzf.archive import ledger
from xl_fzzf.mail import imap
from xl_fzzf.desk.mail import filing
from datetime import date, datetime
imap._TLS_PORT = {dovecot.port}
from xl_fzzf.jobs.collect import collect_mailbox
def die(*a, **k): os.kill(os.getpid(), signal.SIGKILL)
if {step!r} == "write_whole":
    write = filing.write_whole
    filing.write_whole = lambda p, d: (write(p, d), die())
elif {step!r} == "write_collected":
    ledger.write_collected = die
elif {step!r} == "written":
    write = ledger.write_collected
    ledger.write_collected = lambda *a: (write(*a), die())
else:
    imap.Mailbox.mark = die
collect_mailbox(Path("台账-2019Q3.xlsx"), datetime(2019, 10, 8, 9, 30), date(2019, 9, 1), True)
"""
    done = subprocess.run(
        [sys.executable, "-c", killer],
        cwd=workspace,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
        check=False,
        timeout=60,
    )
    assert done.returncode == -signal.SIGKILL
    assert seen(mailbox) == [False, False]
    fetch(workspace, dovecot.port, monkeypatch, marking=True)
    assert {p.name: p.read_bytes() for p in (workspace / "报送/2019Q3").iterdir()} == {
        f"{u}.xlsx": d for u, d in returns.items()
    }
    times = {
        datetime.fromtimestamp(p.stat().st_mtime) for p in (workspace / "报送/2019Q3").iterdir()
    }
    assert times == {datetime(2019, 10, 7, 8, 0), datetime(2019, 10, 7, 8, 1)}
    assert len({entry.sha256 for entry in recorded(workspace)}) == 2


def test_flags_are_set_only_when_asked_for(
    workspace: Path,
    returns: dict[str, bytes],
    mailbox: IMAPClient,
    dovecot: Dovecot,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    deliver(mailbox, *two(returns))
    fetch(workspace, dovecot.port, monkeypatch, marking=True)
    assert seen(mailbox) == [True, True]


def test_our_drafts_survive_a_mailbox(workspace: Path, mailbox: IMAPClient) -> None:
    """Dovecot, an independent reader, sees the structure that we wrote."""
    from tests.mail.rounds import TODAY
    from xl_fzzf.desk.mail.drafting import LetterKind
    from xl_fzzf.jobs.letters import write_letters

    set_up(workspace)
    draft = (
        write_letters(LetterKind.RETURNS, master_of(workspace), TODAY, TODAY)
        .written[0]
        .read_bytes()
    )
    deliver(mailbox, draft)
    (uid,) = mailbox.search()
    structure = mailbox.fetch([uid], ["BODYSTRUCTURE"])[uid][b"BODYSTRUCTURE"]
    assert structure[0][0][1] == b"alternative" and structure[0][1][1].startswith(b"vnd.openxml")
    assert bytes(message_from_bytes(mailbox.fetch([uid], ["BODY.PEEK[]"])[uid][b"BODY[]"]))


def test_a_mailbox_without_settings(workspace: Path, trusted: Certificates) -> None:
    set_up(workspace)
    with pytest.raises(JobError, match="IMAP"):
        collect_mailbox(master_of(workspace), NOW)
    set_up(workspace, IMAP_服务器="127.0.0.1:1")
    with pytest.raises(MailError, match="连不上"):
        collect_mailbox(master_of(workspace), NOW + timedelta(days=1))
