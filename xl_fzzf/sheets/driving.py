"""Write the driving sheets: 任务, 指标, 单位, 责任分工 and 设置."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from xl_fzzf.model.finding import SEVERITY_OF_LABEL
from xl_fzzf.model.plan import Indicator, Plan, Unit
from xl_fzzf.model.record import blank, text
from xl_fzzf.model.round import Round
from xl_fzzf.sheets import layout
from xl_fzzf.sheets.book import Book, Value
from xl_fzzf.sheets.heights import fitting_height
from xl_fzzf.sheets.layout import KIND_PREFIX, Columns, area_sheet
from xl_fzzf.sheets.shell import HEADER_ROW
from xl_fzzf.sheets.tables import find_matrix, find_table

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
    _write_table(book, layout.ASSIGNMENTS, [_role_row(round_, unit) for unit in plan.units])
    rows = _setting_rows(round_)
    rule_rows: list[Sequence[Value]] = [
        (code, _LABEL_OF_SEVERITY[severity], note) for code, severity, note in rules
    ]
    heading = tuple(column.header for column in layout.RULE_COLUMNS)
    _write_table(book, layout.SETTINGS, [*rows, (None, None, None), heading, *rule_rows])


def write_unlisted(book: Book, round_: Round) -> None:
    """Add the units that 责任分工 does not list yet, below those it lists."""
    if round_.unlisted:
        grid = book.read(layout.ASSIGNMENTS)
        units = [round_.plan.unit_by_code[code] for code in round_.unlisted]
        header = find_matrix(grid)
        row = (
            max((i for i, line in enumerate(grid, 1) if not blank(line[header.unit])), default=0)
            + 1
        )
        for offset, unit in enumerate(units):
            book.write(layout.ASSIGNMENTS, row + offset, header.unit + 1, [[unit.name]])
            for column, number in header.tasks.items():
                role = _role(round_, unit, number)
                book.write(layout.ASSIGNMENTS, row + offset, column + 1, [[role]])


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
        texts = ((c, k.width) for c, k in zip(cells, columns, strict=False) if isinstance(c, str))
        book.set_heights(sheet, {row: fitting_height(texts)})


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
    }
    rows: list[Sequence[Value]] = [
        (key, value, _SETTING_NOTES[key]) for key, value in values.items()
    ]
    note = "责任单位一行里对这类单位的叫法"
    rows += [(f"{KIND_PREFIX}{kind}", "、".join(words), note) for kind, words in plan.kinds.items()]
    return rows
