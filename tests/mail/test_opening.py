"""Mail taken apart: names, nested mails, Outlook's formats, archives, machines."""

from __future__ import annotations

import io
import zipfile
from email.message import EmailMessage

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.mail.outlook_files import msg_file, msg_tree, winmail
from tests.mail.rounds import mail
from xl_fzzf.mail.attachment import DEEPEST
from xl_fzzf.mail.header_text import header_text
from xl_fzzf.mail.incoming import Machine, Mail
from xl_fzzf.mail.opening import open_eml, open_mail

NAME = "区财政局2019年第三季度填报表(终稿).xlsx"
DATA = bytes(range(256)) * 40


def names(opened: Mail) -> list[str]:
    assert not opened.fault
    return [attachment.name for attachment in opened.attachments]


def with_names(disposition: str, content_type: str = "application/octet-stream") -> bytes:
    head = f"From: a@units.example.cn\r\nContent-Type: {content_type}\r\nContent-Disposition: {disposition}"
    return head.encode("gb18030") + b"\r\n\r\nDATA\r\n"


def b64(text: str, charset: str) -> str:
    import base64

    return f"=?{charset}?B?{base64.b64encode(text.encode(charset)).decode()}?="


def quoted(text: str, charset: str) -> str:
    return "".join(f"%{byte:02X}" for byte in text.encode(charset))


@pytest.mark.parametrize(
    "disposition",
    [
        f'attachment; filename="{b64(NAME, "utf-8")}"',
        f'attachment; filename="{b64(NAME, "gb18030")}"',
        f'attachment; filename="{b64(NAME, "gb2312")}"',
        f"attachment; filename={b64(NAME, 'gbk')}",
        f'attachment; filename="{b64(NAME[:9], "gb2312")}\r\n {b64(NAME[9:], "gb2312")}"',
        f'attachment; filename="{b64(NAME[:9], "gbk")}{b64(NAME[9:], "gbk")}"',
        f"attachment; filename*=utf-8''{quoted(NAME, 'utf-8')}",
        f"attachment; filename*=GBK''{quoted(NAME, 'gbk')}",
        f"attachment; filename*=gb2312'zh-cn'{quoted(NAME, 'gbk')}",
        f"attachment; filename*0*=utf-8''{quoted(NAME[:5], 'utf-8')};\r\n filename*1*={quoted(NAME[5:], 'utf-8')}",
        f'attachment; filename="{NAME}"',
        f'attachment; filename="{quoted(NAME, "utf-8")}"',
    ],
)
def test_file_names_arrive_however_they_are_written(disposition: str) -> None:
    assert names(open_eml(with_names(disposition))) == [NAME]


def test_a_name_in_raw_utf8_or_only_in_content_type() -> None:
    raw = with_names("attachment").replace(b"attachment", f'attachment; filename="{NAME}"'.encode())
    assert names(open_eml(raw)) == [NAME]
    assert names(
        open_eml(with_names("attachment", f'application/x; name="{b64(NAME, "gbk")}"'))
    ) == [NAME]


def test_a_character_cut_in_two_between_encoded_words() -> None:
    import base64

    data = "填报表".encode("gbk")
    words = [base64.b64encode(part).decode() for part in (data[:3], data[3:])]
    assert header_text(" ".join(f"=?gb2312?B?{word}?=" for word in words)) == "填报表"
    assert header_text("=?utf-8?Q?=E5=8C=BA_a?= b") == "区 a b"
    assert header_text("=?x-unheard-of?B?5Yy6?=") == "区"


@given(st.text(st.characters(codec="utf-8"), max_size=60))
def test_header_text_never_fails(text: str) -> None:
    header_text(text)
    header_text(text.encode("gb18030", "replace").decode("ascii", "surrogateescape"))


@given(st.binary(max_size=400))
def test_no_bytes_break_the_opener(data: bytes) -> None:
    for name in ("x.eml", "x.msg", "x.zip", "winmail.dat"):
        open_mail(name, data)
        open_mail(name, b"\x78\x9f\x3e\x22" + data)
        open_mail(name, b"PK\x03\x04" + data)


def test_facts_of_a_mail() -> None:
    opened = open_eml(
        bytes(mail("张三 <czj@units.example.cn>", (NAME, DATA), Subject="报送:第三季度"))
    )
    assert opened.sender == "czj@units.example.cn" and opened.subject == "报送:第三季度"
    assert opened.arrived and opened.arrived.isoformat() == "2019-10-08T08:00:00+08:00"
    assert opened.sent.startswith("Mon, 07 Oct 2019")
    assert [e.data for e in opened.attachments] == [DATA]


def test_every_file_is_listed_and_the_body_is_none() -> None:
    message = mail("a@units.example.cn", *((f"{n}.xlsx", DATA) for n in range(50)))
    message.add_attachment(
        b"\x89PNG",
        maintype="image",
        subtype="png",
        disposition="inline",
        cid="<logo@x>",
        filename="logo.png",
    )
    opened = open_eml(bytes(message))
    assert len(opened.attachments) == 51 and opened.attachments[-1].inline
    assert open_eml(bytes(mail("a@units.example.cn"))).attachments == ()


def nested(depth: int) -> EmailMessage:
    message = mail("a@units.example.cn", (NAME, DATA))
    for _ in range(depth):
        outer = mail("b@units.example.cn", Subject="转发")
        outer.add_attachment(message)
        message = outer
    return message


def test_a_forwarded_mail_is_opened() -> None:
    opened = open_eml(bytes(nested(1)))
    assert names(opened) == [NAME] and opened.attachments[0].data == DATA
    assert opened.attachments[0].within == ("报送填报表.eml",)
    assert opened.sender == "b@units.example.cn"


def test_mails_in_mails_end_somewhere() -> None:
    (last,) = open_eml(bytes(nested(DEEPEST + 2))).attachments
    assert "太深" in last.fault and last.data
    assert (
        open_eml(
            b"Content-Type: multipart/mixed; boundary=b\r\n\r\n"
            + b"--b\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n" * 3000
        )
        is not None
    )


def test_winmail_with_a_gbk_name() -> None:
    packed = winmail(("填报表.xlsx".encode("gbk"), DATA), (b"plain.xlsx", b"x"))
    opened = open_eml(bytes(mail("a@units.example.cn", ("winmail.dat", packed))))
    assert names(opened) == ["填报表.xlsx", "plain.xlsx"]
    assert opened.attachments[0].data == DATA and opened.attachments[0].within == ("winmail.dat",)
    broken = open_eml(bytes(mail("a@units.example.cn", ("winmail.dat", packed[:40]))))
    assert all(e.fault or not e.data for e in broken.attachments)


FACTS = {
    0x001A: "IPM.Note",
    0x0037: "报送:第三季度",
    0x0C1A: "张三",
    0x5D01: "czj@units.example.cn",
}
HEADERS = "From: =?gb2312?B?1cXI/Q==?= <czj@units.example.cn>\r\nDate: Mon, 07 Oct 2019 23:00:00 +0800\r\nMessage-ID: <1@x>\r\n"


@pytest.mark.parametrize("headers", [{}, {0x007D: HEADERS}])
@pytest.mark.parametrize("data", [b"small", DATA])
def test_an_outlook_message(headers: dict[int, str], data: bytes) -> None:
    opened = open_mail("邮件.msg", msg_file({**FACTS, **headers}, [(NAME, data)]))
    assert names(opened) == [NAME] and opened.attachments[0].data == data
    assert opened.sender == "czj@units.example.cn" and opened.subject == "报送:第三季度"
    assert opened.message_id == ("<1@x>" if headers else "")


def test_a_mail_in_an_outlook_message() -> None:
    inner = msg_tree(FACTS, [(NAME, DATA)], embedded=True)
    opened = open_mail("邮件.msg", msg_file(FACTS, [("转发", inner), ("b.xlsx", b"b")]))
    assert names(opened) == [NAME, "b.xlsx"] and opened.attachments[0].within == ("转发",)


def test_a_damaged_outlook_message_has_a_fault() -> None:
    whole = msg_file(FACTS, [(NAME, DATA)])
    for size in range(1000, len(whole), 1500):
        opened = open_mail("邮件.msg", whole[:size])
        assert opened.fault or all(e.fault or e.data for e in opened.attachments)


def archive(*files: tuple[str, bytes], old: bool = False) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as file:
        for name, data in files:
            file.writestr(name, data)
    data = made.getvalue()
    if old:  # as Windows writes it: GBK names and no flag that says so
        for name, _ in files:
            gbk = name.encode("gbk").ljust(len(name.encode()), b"_")
            data = data.replace(name.encode(), gbk)
        for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
            position = data.find(mark)
            while position >= 0:
                flags = int.from_bytes(data[position + at : position + at + 2], "little") & ~0x800
                data = (
                    data[: position + at] + flags.to_bytes(2, "little") + data[position + at + 2 :]
                )
                position = data.find(mark, position + 4)
    return data


def test_archives_are_unpacked_also_with_gbk_names() -> None:
    assert names(open_mail("打包.zip", archive(("一.xlsx", DATA), ("夹/二.xlsx", b"2")))) == [
        "一.xlsx",
        "夹/二.xlsx",
    ]
    (found,) = names(open_mail("打包.zip", archive(("填报表.xlsx", DATA), old=True)))
    assert found.startswith("填报表.xlsx")
    workbook = archive(("[Content_Types].xml", b"<Types/>"), ("xl/workbook.xml", b""))
    assert names(open_mail("x.xlsx", workbook)) == ["x.xlsx"]


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (archive(("bomb.xlsx", bytes(300 << 20))), "太大"),
        (archive(*((f"{n}.xlsx", b"") for n in range(501))), "太多"),
        (b"Rar!\x1a\x07\x00" + DATA, "RAR"),
        (b"7z\xbc\xaf\x27\x1c" + DATA, "7z"),
    ],
    ids=["bomb", "crowd", "rar", "7z"],
)
def test_archives_that_are_not_unpacked_say_why(data: bytes, reason: str) -> None:
    (attachment,) = open_mail("打包.zip", data).attachments
    assert reason in attachment.fault and attachment.data == data


def test_a_damaged_archive_costs_nothing_but_itself() -> None:
    data = bytearray(archive(("a.xlsx", DATA)))
    data[45:60] = b"\xff" * 15
    opened = open_eml(bytes(mail("a@units.example.cn", ("坏.zip", bytes(data)), (NAME, DATA))))
    damaged, whole = opened.attachments
    assert damaged.name == "坏.zip" and "已损坏" in damaged.fault and damaged.data == data
    assert whole.name == NAME and not whole.fault and not opened.fault


def test_a_mail_with_too_many_files_names_the_first_that_is_left_out() -> None:
    files = ((f"{number}.txt", b"x") for number in range(503))
    opened = open_eml(bytes(mail("a@units.example.cn", *files)))
    *taken, left = opened.attachments
    assert len(taken) == 500 and not any(file.fault for file in taken)
    assert left.name == "500.txt" and "没有取出" in left.fault and not left.data


def test_an_archive_with_a_password_says_so() -> None:
    data = archive(("a.xlsx", DATA))
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = data.find(mark) + at
        data = data[:place] + bytes([data[place] | 1]) + data[place + 1 :]
    (attachment,) = open_mail("打包.zip", data).attachments
    assert "密码" in attachment.fault


@pytest.mark.parametrize(
    ("headers", "machine"),
    [
        ({"Auto-Submitted": "auto-replied (vacation)"}, Machine.REPLY),
        ({"X-Autoreply": "yes"}, Machine.REPLY),
        ({"Auto-Submitted": "no"}, Machine.NONE),
        ({"Precedence": "bulk"}, Machine.LIST),
        ({}, Machine.NONE),
    ],
)
def test_machines_are_known(headers: dict[str, str], machine: Machine) -> None:
    assert open_eml(bytes(mail("a@units.example.cn", **headers))).machine is machine


def test_our_own_server_says_that_a_sender_is_forged() -> None:
    forged = mail(
        "a@units.example.cn", **{"Authentication-Results": "mx.d.example.cn; spf=fail; dmarc=fail"}
    )
    passed = mail(
        "a@units.example.cn", **{"Authentication-Results": "mx.d.example.cn; spf=fail; dmarc=pass"}
    )
    assert "冒名" in open_eml(bytes(forged)).suspect and not open_eml(bytes(passed)).suspect


@pytest.mark.parametrize(
    ("header", "sender"),
    [
        ("a@b.cn", "a@b.cn"),
        ("张三 <a@b.cn>", "a@b.cn"),
        ('"Zhang, San <x@evil.invalid>" <a@b.cn>', "a@b.cn"),
        (f"{b64('财政局 <czj@units.example.cn>', 'utf-8')} <x@evil.invalid>", "x@evil.invalid"),
        ("a@b.cn (Zhang)", "a@b.cn"),
        ("czj@units.example.cn, x@evil.invalid", ""),
        ("czj@units.example.cn <x@evil.invalid>", "x@evil.invalid"),
        ("x@evil.invalid\r\nFrom: czj@units.example.cn", ""),
        ("nobody", ""),
    ],
)
def test_the_sender_is_the_one_address_in_from(header: str, sender: str) -> None:
    data = f"From: {header}\r\nSubject: x\r\n\r\nx".encode("gbk")
    opened = open_eml(data)
    assert opened.sender == sender and opened.is_mail
