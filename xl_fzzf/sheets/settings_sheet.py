"""设置: every setting once, with its note, the field that holds it, and how it is written and read."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from xl_fzzf.model.finding import LABEL_OF_SEVERITY, SEVERITY_OF_LABEL
from xl_fzzf.model.period import Period
from xl_fzzf.model.record import Cell, text
from xl_fzzf.model.round import Round
from xl_fzzf.model.settings import (
    ROSTER,
    Blanks,
    Settings,
    is_address,
    split_addresses,
)
from xl_fzzf.office.book import Validation, Value
from xl_fzzf.office.book_file import FileBook
from xl_fzzf.office.tables import find_table, letter_of
from xl_fzzf.sheets.forms import DAY, SWITCH, TEXT, WHOLE, WORDS, Form
from xl_fzzf.sheets.spec import HEADER_ROW, RULE_COLUMNS, SETTING_COLUMNS, SETTINGS

_SERVER = re.compile(r"[A-Za-z0-9.-]{1,253}(:\d{1,5})?", re.ASCII)
_MOST_MB = 1000


@dataclass(frozen=True, slots=True)
class Setting:
    """A row of 设置: `field` is the field of `Plan`, `Settings` or `MailSettings` that holds it.

    Its default is the field's.
    """

    key: str
    field: str
    note: str = ""
    form: Form = TEXT


def _read_addresses(cell: Cell, allowed: Sequence[str] = ()) -> tuple[str, ...]:
    found = split_addresses(text(cell))
    wrong = [entry for entry in found if not (is_address(entry) or entry in allowed)]
    if wrong:
        raise ValueError(*(f"邮箱“{entry}”写法不对，应像 fzb@example.gov.cn" for entry in wrong))
    return found


def _read_allowed(cell: Cell) -> tuple[str, ...]:
    domains = [entry for entry in split_addresses(text(cell)) if is_address(f"x{entry}")]
    return _read_addresses(cell, (ROSTER, *domains))


def _read_server(cell: Cell) -> str:
    found = text(cell).strip()
    if found and not _SERVER.fullmatch(found):
        raise ValueError(f"“{found}”写法不对，应像 smtp.example.gov.cn:465")
    return found


def _read_megabytes(cell: Cell) -> int:
    found = text(cell)
    if found.isascii() and found.isdecimal() and 0 < int(found) <= _MOST_MB:
        return int(found)
    raise ValueError(f"“{found}”不对，要填 1 至 {_MOST_MB} 的整数")


def _read_blanks(cell: Cell) -> Blanks:
    if text(cell) not in set(Blanks):
        raise ValueError(f"要填 {' 或 '.join(Blanks)}，现在是“{text(cell)}”")
    return Blanks(text(cell))


_ADDRESSES = Form(_read_addresses, WORDS.write)
_SENDER = Form(lambda cell: next(iter(_read_addresses(cell)), ""))
_ALLOWED = Form(_read_allowed, WORDS.write)
_SERVER_NAME = Form(_read_server)

PLAN_SETTINGS = (
    Setting("工作方案", "name", "方案名称；填报表上有同样的名称才收"),
    Setting("工作名称", "subject", "标题、邮件里怎么称这项工作，例如 优化营商环境"),
    Setting("汇总表标题", "summary_title", "上报的汇总表的标题"),
    Setting("区县", "district"),
    Setting("汇总单位", "coordinator", "单位名录中的单位"),
    Setting("落款", "signer", "封面、汇总表和邮件由谁署名；不写就是“区县”加“汇总单位”"),
    Setting("年度", "year", "没有写完成期限的指标，以报告期所在年的 12 月 31 日为期限", WHOLE),
    Setting("首个报告期", "period"),
)
REPORTING_SETTINGS = (
    Setting("主送机关", "addressee", "汇总表报给谁，写在报告的抬头"),
    Setting("佐证举例", "evidence", "填“佐证材料”时提示的例子；不写就用通用的例子"),
)
PERIOD = Setting(
    "报告期",
    "period",
    "本台账的报告期；新一期请用 fzzf next，不要直接改",
    Form(lambda cell: Period.parse(text(cell)), str),
)
DEADLINE = Setting("报送截止", "deadline", "这一天之后收到的算逾期", DAY)
SIGNING_SETTINGS = (
    Setting("定稿人", "approver", "由谁定稿，印在汇总表封面；用命令定稿的，也可以写 --by 姓名"),
    Setting("审核人", "reviewer", "定稿以前由谁审核，印在汇总表封面；可以不填"),
)
ROUND_SETTINGS = (
    Setting("联系方式", "contact", "印在填报表上，单位有疑问时找谁"),
    Setting(
        "分发可选任务",
        "distribute_optional",
        "是：填报表也列出“可选”的任务；否：只列必须填报的",
        SWITCH,
    ),
    Setting(
        "新版留空",
        "blanks",
        "单位的新版把以前报过的格留空时：保留原值（列入校验结果，请核实），或者 以新版为准",
        Form(_read_blanks, str),
    ),
)
MAIL_SETTINGS = (
    Setting("市级邮箱", "city", "汇总表报到哪里；几个邮箱用顿号隔开", _ADDRESSES),
    Setting("发件邮箱", "sender", "用哪个邮箱收发；密码（授权码）不写在这里", _SENDER),
    Setting(
        "允许收件人",
        "allowed",
        "只发给这里写的邮箱；也可写 @example.gov.cn（整个域名）、单位邮箱（单位表里的全部邮箱）",
        _ALLOWED,
    ),
    Setting("SMTP 服务器", "smtp", "发信用，例如 smtp.example.gov.cn:465", _SERVER_NAME),
    Setting("IMAP 服务器", "imap", "收信用，例如 imap.example.gov.cn:993", _SERVER_NAME),
    Setting("附件上限 MB", "limit", "一封邮件最大多少 MB，超过的自动分开发", Form(_read_megabytes)),
)
KIND_PREFIX = "类别 "
_KIND_NOTE = "责任单位一行里对这类单位的叫法"


RuleRow = tuple[str, str, str]
"""A rule's code, its severity's value, and what it checks."""


def write_settings(book: FileBook, round_: Round, rules: Sequence[RuleRow], city: bool) -> None:
    """Write 设置 of a new master: the settings, and below them the rules with their severities."""
    settings = list(setting_rows(round_, city))
    heading = tuple(column.header for column in RULE_COLUMNS)
    rows: list[Sequence[Value]] = [*settings, (None, None, None), heading]
    rows += [(code, LABEL_OF_SEVERITY[severity], note) for code, severity, note in rules]
    first = HEADER_ROW + 1
    names = [("text", "entry_text", "text")] * len(rows)
    names[len(settings)] = ("plain", "plain", "plain")
    names[len(settings) + 1] = ("header", "header", "header")
    book.write(SETTINGS, first, 1, rows, names)
    book.set_heights(SETTINGS, dict.fromkeys(range(first, first + len(rows)), 20.0))
    letter = letter_of(RULE_COLUMNS, "severity")
    levels = f"{letter}{first + len(settings) + 2}:{letter}{first + len(rows) - 1}"
    words = ",".join(SEVERITY_OF_LABEL)
    error = f"只能填：{'、'.join(SEVERITY_OF_LABEL)}"
    level = Validation((levels,), "list", f'"{words}"', "级别", "这条规则的问题算什么", error)
    book.validate(SETTINGS, [level])


def setting_rows(round_: Round, city: bool) -> Iterator[tuple[str, Value, str]]:
    """What is only a district's stays out of a city's."""
    plan, settings = round_.plan, round_.settings
    owned: list[tuple[object, Setting]] = [(plan, each) for each in PLAN_SETTINGS]
    owned += [(settings, each) for each in (PERIOD, DEADLINE, *SIGNING_SETTINGS)]
    if not city:
        owned += [(plan, each) for each in REPORTING_SETTINGS]
        owned += [(settings, each) for each in ROUND_SETTINGS]
        owned += [(settings.mail, each) for each in MAIL_SETTINGS]
    for owner, each in owned:
        yield each.key, each.form.write(getattr(owner, each.field)), each.note
    for kind, words in plan.kinds.items():
        yield f"{KIND_PREFIX}{kind}", WORDS.write(words), _KIND_NOTE


def write_setting(book: FileBook, key: str, value: Value) -> None:
    """Change one setting, wherever its row stands."""
    table = find_table(book.read(SETTINGS), SETTING_COLUMNS, ("key", "value"))
    for row, values in table.rows() if table else ():
        if table and text(values["key"]) == key:
            book.write(SETTINGS, row, table.columns["value"], [[value]])


def write_period(book: FileBook, settings: Settings) -> None:
    """Turn a copy of a master to these settings' period and deadline."""
    for setting in (PERIOD, DEADLINE):
        write_setting(book, setting.key, setting.form.write(getattr(settings, setting.field)))
