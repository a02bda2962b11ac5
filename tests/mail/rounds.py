"""Workspaces with mail set up, and mails as units send them."""

from __future__ import annotations

from datetime import date, datetime
from email.message import EmailMessage
from pathlib import Path

from tests.mail.servers import ACCOUNT
from xl_fzzf.desk.master import Master, open_master
from xl_fzzf.office.book_file import FileBook
from xl_fzzf.office.tables import find_table
from xl_fzzf.sheets import spec as layout
from xl_fzzf.sheets.settings_sheet import write_setting

TODAY = date(2019, 10, 8)
NOW = datetime(2019, 10, 8, 9, 30)
CITY = "fzb@city.example.gov.cn"
EMAILS = {
    "区司法局": "sfj@units.example.cn",
    "区财政局": "czj@units.example.cn",
    "金凤镇": "jfz@units.example.cn",
    "安福镇": "afz@units.example.cn、afz2@units.example.cn",
}
ADDRESSED = {unit: address for unit, address in EMAILS.items() if unit != "区司法局"}
"""Whom letters go to: not to the coordinator's own unit."""

SETTINGS: dict[str, str | int] = {
    "市级邮箱": CITY,
    "发件邮箱": ACCOUNT,
    "允许收件人": "@city.example.gov.cn、单位邮箱",
}


def master_of(folder: Path) -> Path:
    return folder / "台账-2019Q3.xlsx"


def opened(folder: Path) -> Master:
    return open_master(master_of(folder), writing=False)


def set_up(folder: Path, emails: dict[str, str] | None = None, **settings: str | int) -> Path:
    """Write 设置 and 邮箱 into a workspace's master; `_` in a key stands for a space."""
    book = FileBook.open(master_of(folder))
    for key, value in {**SETTINGS, **settings}.items():
        write_setting(book, key.replace("_", " "), value)
    table = find_table(book.read(layout.UNITS), layout.UNIT_COLUMNS, ("code", "name"))
    assert table
    for row, values in table.rows():
        address = (EMAILS if emails is None else emails).get(str(values["name"]), "")
        book.write(layout.UNITS, row, table.columns["email"], [[address]])
    book.save()
    return master_of(folder)


def mail(
    sender: str,
    *files: tuple[str, bytes],
    received: str = "Tue, 08 Oct 2019 08:00:00 +0800",
    **headers: str,
) -> EmailMessage:
    """A mail as a mailbox holds it, with files."""
    message = EmailMessage()
    if received:
        message["Received"] = f"from unit by mx.district.example.cn; {received}"
    message["From"], message["To"] = sender, ACCOUNT
    for name, value in {
        "Subject": "报送填报表",
        "Date": "Mon, 07 Oct 2019 23:00:00 +0800",
        "Message_ID": f"<{abs(hash((sender, files)))}@units.example.cn>",
        **headers,
    }.items():
        message[name.replace("_", "-")] = value
    message.set_content("见附件")
    for name, data in files:
        message.add_attachment(data, maintype="application", subtype="octet-stream", filename=name)
    return message
