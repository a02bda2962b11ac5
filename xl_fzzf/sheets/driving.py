"""Write the driving sheets: 任务, 指标, 单位, 责任分工 and 设置."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from xl_fzzf.model.finding import SEVERITY_OF_LABEL
from xl_fzzf.model.plan import Indicator, Plan, Unit
from xl_fzzf.model.record import blank, text
from xl_fzzf.model.round import Round
from xl_fzzf.office.book import KEEP, Book, Validation, Value
from xl_fzzf.office.heights import fitting_height
from xl_fzzf.office.tables import Columns, find_table
from xl_fzzf.sheets import spec as layout
from xl_fzzf.sheets.driving_reading import find_matrix
from xl_fzzf.sheets.shell import HEADER_ROW
from xl_fzzf.sheets.spec import KIND_PREFIX, area_sheet

_YES_NO = {True: "是", False: "否"}
_LABEL_OF_SEVERITY = {value: label for label, value in SEVERITY_OF_LABEL.items()}

RuleRow = tuple[str, str, str]
"""A rule's code, its severity's value, and what it checks."""


def write_driving(book: Book, round_: Round, rules: Sequence[RuleRow]) -> None:
    """Write all driving sheets of a new master."""
    plan = round_.plan
    _write_table(book, layout.TASKS, list(_task_rows(plan)), layout.TASK_COLUMNS)
    indicators = [_indicator_row(indicator) for indicator in plan.indicators.values()]
    _write_table(book, layout.INDICATORS, indicators, layout.INDICATOR_COLUMNS)
    _write_table(book, layout.UNITS, [_unit_row(u) for u in plan.units], layout.UNIT_COLUMNS)
    if layout.ASSIGNMENTS in book.sheet_names:  # a city's master has none
        _write_table(book, layout.ASSIGNMENTS, [_role_row(round_, unit) for unit in plan.units])
    _write_settings(book, round_, rules)


def _write_settings(book: Book, round_: Round, rules: Sequence[RuleRow]) -> None:
    settings = _setting_rows(round_)
    if layout.ASSIGNMENTS not in book.sheet_names:
        settings = [row for row in settings if row[0] not in _OF_DISTRICTS]
    heading = tuple(column.header for column in layout.RULE_COLUMNS)
    rows: list[Sequence[Value]] = [*settings, (None, None, None), heading]
    rows += [(code, _LABEL_OF_SEVERITY[severity], note) for code, severity, note in rules]
    first = HEADER_ROW + 1
    names = [("text", "entry_text", "text")] * len(rows)
    names[len(settings)] = ("plain", "plain", "plain")
    names[len(settings) + 1] = ("header", "header", "header")
    book.write(layout.SETTINGS, first, 1, rows, names)
    book.set_heights(layout.SETTINGS, dict.fromkeys(range(first, first + len(rows)), 20.0))
    levels = f"B{first + len(settings) + 2}:B{first + len(rows) - 1}"
    words = ",".join(SEVERITY_OF_LABEL)
    error = f"只能填:{words}"
    level = Validation((levels,), "list", f'"{words}"', "级别", "这条规则的问题算什么", error)
    book.validate(layout.SETTINGS, [level])


def write_unlisted(book: Book, round_: Round) -> None:
    """Add the units that 责任分工 does not list yet, below those it lists."""
    if not round_.unlisted:
        return
    grid = book.read(layout.ASSIGNMENTS)
    header = find_matrix(grid)
    bottom = max(row for row, line in enumerate(grid, 1) if not blank(line[header.unit]))
    for row, code in enumerate(round_.unlisted, bottom + 1):
        unit = round_.plan.unit_by_code[code]
        line: list[Value] = [KEEP] * len(grid[header.row - 1])
        line[header.unit] = unit.name
        for column, number in header.tasks.items():
            line[column] = _role(round_, unit, number)
        book.write(layout.ASSIGNMENTS, row, 1, [line])


def write_setting(book: Book, key: str, value: Value) -> None:
    """Change one setting, wherever its row stands."""
    table = find_table(book.read(layout.SETTINGS), layout.SETTING_COLUMNS, ("key", "value"))
    if table:
        for row, values in table.rows():
            if text(values["key"]) == key:
                book.write(layout.SETTINGS, row, table.columns["value"], [[value]])


def _write_table(
    book: Book, sheet: str, rows: Sequence[Sequence[Value]], columns: Columns = ()
) -> None:
    book.write(sheet, HEADER_ROW + 1, 1, rows)
    for row, cells in enumerate(rows, HEADER_ROW + 1):
        widths = (column.width for column in columns)
        book.set_heights(sheet, {row: fitting_height(zip(cells, widths, strict=False))})


def _task_rows(plan: Plan) -> Iterator[Sequence[Value]]:
    for area in plan.areas:
        for task in area.tasks:
            yield area_sheet(area), task.number, task.name, task.text, task.responsible


def _indicator_row(indicator: Indicator) -> Sequence[Value]:
    measure = indicator.measure
    targets = ";".join(f"{kind}:{t.text(measure)}" for kind, t in indicator.targets.items())
    return (
        indicator.task,
        indicator.code,
        indicator.text,
        indicator.kind.label,
        measure,
        indicator.target.text(measure),
        targets,
        indicator.due,
        indicator.weight,
        "、".join(indicator.scope),
        indicator.limit,
        indicator.numerator,
        indicator.denominator,
        indicator.total,
    )


def _unit_row(unit: Unit) -> Sequence[Value]:
    return (
        unit.code,
        unit.name,
        unit.kind,
        _YES_NO[unit.enforcement],
        "、".join(unit.aliases),
        unit.contact,
        unit.email,
        _YES_NO[unit.confirmed],
    )


def _role_row(round_: Round, unit: Unit) -> Sequence[Value]:
    return (unit.name, *(_role(round_, unit, number) for number in round_.plan.tasks))


def _role(round_: Round, unit: Unit, task: str) -> str | None:
    role = round_.assignments.get((unit.code, task))
    return role.label if role else None


_OF_DISTRICTS = frozenset(
    {"联系方式", "分发可选任务", "市级邮箱", "发件邮箱", "允许收件人"}
    | {"SMTP 服务器", "IMAP 服务器", "附件上限 MB"}
)
"""Settings of what a city doesn't do: send returns out, and mail."""

_SETTING_NOTES = {
    "工作方案": "方案名称;填报表上有同样的名称才收",
    "汇总表标题": "上报的汇总表的标题",
    "区县": "",
    "汇总单位": "单位名录中的单位",
    "年度": "没有写完成期限的指标,以报告期所在年的 12 月 31 日为期限",
    "首个报告期": "",
    "报告期": "本台账的报告期;新一期请用 fzzf next,不要直接改",
    "报送截止": "这一天之后收到的算逾期",
    "联系方式": "印在填报表上,单位有疑问时找谁",
    "分发可选任务": "是:填报表也列出“可选”的任务;否:只列必须填报的",
    "市级邮箱": "汇总表报到哪里;几个邮箱用顿号隔开",
    "发件邮箱": "用哪个邮箱收发;密码(授权码)不写在这里",
    "允许收件人": "只发给这里写的邮箱;也可写 @example.gov.cn(整个域名)、单位邮箱(单位表里的全部邮箱)",
    "SMTP 服务器": "发信用,例如 smtp.example.gov.cn:465",
    "IMAP 服务器": "收信用,例如 imap.example.gov.cn:993",
    "附件上限 MB": "一封邮件最大多少 MB,超过的自动分开发",
}


def _setting_rows(round_: Round) -> list[Sequence[Value]]:
    plan, settings = round_.plan, round_.settings
    values: dict[str, Value] = {
        "工作方案": plan.name,
        "汇总表标题": plan.summary_title,
        "区县": plan.district,
        "汇总单位": plan.coordinator,
        "年度": plan.year,
        "首个报告期": plan.period,
        "报告期": str(settings.period),
        "报送截止": settings.deadline.isoformat(),
        "联系方式": settings.contact,
        "分发可选任务": _YES_NO[settings.distribute_optional],
        "市级邮箱": "、".join(settings.mail.city),
        "发件邮箱": settings.mail.sender,
        "允许收件人": "、".join(settings.mail.allowed),
        "SMTP 服务器": settings.mail.smtp,
        "IMAP 服务器": settings.mail.imap,
        "附件上限 MB": settings.mail.limit,
    }
    rows: list[Sequence[Value]] = [
        (key, value, _SETTING_NOTES[key]) for key, value in values.items()
    ]
    note = "责任单位一行里对这类单位的叫法"
    rows += [(f"{KIND_PREFIX}{kind}", "、".join(words), note) for kind, words in plan.kinds.items()]
    return rows
