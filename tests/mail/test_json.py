"""`--json` of the mail commands: the shapes of docs/json.md, whatever is in a mail."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from tests.bad_inputs.payloads import PAYLOADS
from tests.faces.test_cli import fzzf, json_of
from tests.jobs.filling import GOOD, fill
from tests.mail.rounds import ADDRESSED, CITY, mail, set_up
from tests.mail.servers import Certificates, Inbox, smtp_server

CONTROL = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
PAGE = (Path(__file__).parents[2] / "docs/json.md").read_text(encoding="utf-8")


def shape(name: str) -> set[str]:
    """The keys of a shape as the page says them."""
    (words,) = re.findall(rf"^{name} = \{{(.*?)\}}$", PAGE, re.MULTILINE | re.DOTALL)
    return set(re.findall(r'"([a-z0-9_]+)"', re.sub(r"\[\{.*?\}…\]", "", words, flags=re.DOTALL)))


def keys(said: dict[str, Any]) -> set[str]:
    return set(said)


def test_letters_and_outbox(workspace: Path, trusted: Certificates) -> None:
    inbox = Inbox(answers={"jfz@units.example.cn": "550 5.1.1 no such user"})
    with smtp_server(inbox, trusted) as port:
        set_up(workspace, SMTP_服务器=f"127.0.0.1:{port}")
        said = json_of(workspace, "mail", "reminders", "--as-of", "2019-10-08")
        assert keys(said) == {
            *("kind", "folder", "drafts", "sent_before"),
            *("notes", "outlook", "dispatch"),
        }
        assert (said["kind"], said["dispatch"], said["notes"]) == ("reminders", None, [])
        assert {Path(draft["draft"]).stem for draft in said["drafts"]} == set(ADDRESSED)
        assert keys(said["drafts"][0]) == shape("DRAFT") and not inbox.taken

        before = json_of(workspace, "mail", "outbox")
        assert before["deliveries"] == [] and len(before["drafts"]) == 3
        sent = json_of(workspace, "mail", "outbox", "--send", code=1)
        assert keys(sent["dispatch"]) == shape("DISPATCH") and sent["dispatch"]["sent"] == 3
        (failed,) = sent["dispatch"]["open"]
        assert keys(failed) == shape("DELIVERY") and "no such user" in failed["note"]
        assert (failed["state"], failed["recipient"]) == ("failed", "jfz@units.example.cn")
        assert len(sent["deliveries"]) == 4

        identity = failed["message_id"]
        (draft,) = json_of(workspace, "mail", "outbox")["drafts"]
        assert draft["unsettled"] == ["jfz@units.example.cn"] == draft["recipients"]
        assert f"settle '{identity}' --again" in fzzf(workspace, "mail", "outbox")
        assert "请写明" in fzzf(workspace, "mail", "settle", identity, code=2)
        settled = json_of(workspace, "mail", "settle", identity, "--sent")
        assert settled == {"message_id": identity, "again": False, "recipients": 1}
        states = {d["state"] for d in json_of(workspace, "mail", "outbox")["deliveries"]}
        assert states == {"sent"}
        again = json_of(workspace, "mail", "reminders", "--as-of", "2019-10-08", "--send")
        assert len(again["sent_before"]) == 3 and again["drafts"] == []
        assert again["dispatch"] == {"sent": 0, "trouble": "", "open": []}


def test_a_letter_without_a_recipient_is_a_note(workspace: Path) -> None:
    set_up(workspace, emails={"金凤镇": "jfz@units.example.cn"})
    said = json_of(workspace, "mail", "returns", code=1)
    assert {note["who"] for note in said["notes"]} == set(ADDRESSED) - {"金凤镇"}
    assert sum(bool(draft["fault"]) for draft in said["drafts"]) == 2


def test_templates(workspace: Path) -> None:
    assert "催报.txt" in json_of(workspace, "mail", "templates")["written"]
    assert json_of(workspace, "mail", "templates")["written"] == []


def test_collect(workspace: Path) -> None:
    set_up(workspace)
    data = fill(workspace / "分发/2019Q3/区财政局.xlsx", workspace / "填.xlsx", GOOD).read_bytes()
    message = mail("czj@units.example.cn", ("区财政局.xlsx", data), ("照片.rar", b"Rar!\x1a\x07"))
    (workspace / "一.eml").write_bytes(bytes(message))
    said = json_of(workspace, "collect", "一.eml", code=1)
    assert keys(said) == {"items", "known", "fates", "trouble", "notices"}
    (item,) = said["items"]
    assert keys(item) == shape("ITEM") | {"files"} and item["unit"] == "区财政局"
    assert item["arrived"].startswith("2019-10-08T") and item["sent"].startswith("Mon, 07 Oct")
    filed, left = item["files"]
    assert keys(filed) == {"name", "sha256", "size", "place", "fate", "reason"}
    assert (filed["place"], left["fate"]) == (str(Path("报送/2019Q3/区财政局.xlsx")), "evidence")
    assert sum(said["fates"].values()) == 2 and "RAR" in left["reason"]
    assert json_of(workspace, "collect", "一.eml") == {
        **said,
        "items": [],
        "known": 1,
        "fates": dict.fromkeys(said["fates"], 0),
    }


def test_nothing_in_a_mail_acts_on_who_reads_the_json(workspace: Path) -> None:
    set_up(workspace)
    folder = workspace / "收到"
    folder.mkdir()
    for number, payload in enumerate(PAYLOADS):
        message = mail("x@y.cn", ("a.pdf", b"%PDF"), Subject="S", Message_ID=f"<{number}@y.cn>")
        subject = b"Subject: " + payload.replace("\r", " ").replace("\n", " ").encode(
            "utf-8", "surrogateescape" if payload.isascii() else "replace"
        )
        data = bytes(message).replace(b"Subject: S", subject)
        (folder / f"{number:03}.eml").write_bytes(data)
    out = fzzf(workspace, "collect", "收到", "--json", code=1)
    assert len(json.loads(out)["items"]) == len(PAYLOADS)
    assert not CONTROL.search(out)


@pytest.mark.parametrize("command", ["upward", "returns", "corrections"])
def test_a_fault_in_running_is_said_and_no_json(workspace: Path, command: str) -> None:
    if command == "returns":
        (workspace / "分发/2019Q3/金凤镇.xlsx").unlink()
    out = fzzf(workspace, "mail", command, "--json", code=2)
    assert not out.startswith("{") and any(word in out for word in ("市级邮箱", "缺少", "报送登记"))
    assert CITY not in out
