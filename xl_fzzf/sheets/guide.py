"""填报说明 of a return: whose it is, how to fill it in, and the tasks behind its rows."""

from __future__ import annotations

from collections.abc import Sequence

from xl_fzzf.model.plan import Unit
from xl_fzzf.model.round import Round
from xl_fzzf.office.book import Value
from xl_fzzf.office.book_file import FileBook
from xl_fzzf.office.heights import fitting_height
from xl_fzzf.office.references import link
from xl_fzzf.sheets.spec import GUIDE, area_sheet

WIDTHS = (12.0, 72.0, 12.0, 44.0)
"""The widths of the sheet's columns, in characters."""

_TITLE = "法治政府建设工作填报表"
_STEPS = (
    "1. 从“总览”进入各领域表(点领域名称),逐行填写黄色单元格;灰色的不用填,白色的自动生成。按 Tab 键跳到下一个要填的格。",
    "2. 数字格只填数字,不带“次”“%”“约”等字;比率填分子和分母,完成值自动算出。数值从年初累计到报告期末。",
    "3. “是否”类从下拉列表选。选“是”的,在“佐证材料”写明文件名称和文号。",
    "4. 本期没有这类事项的,填“不适用”,并在“完成情况”写明理由;分母为 0 的也要写理由。",
    "5. “状态”变红(未达标)的,写明原因、整改措施和整改时限;“校验提示”里写着这一行还缺什么。",
    "6. 不要删改行、列、表名。填完保存,原文件发回汇总单位,文件名可以不改。",
)


def write_guide(book: FileBook, round_: Round, unit: Unit) -> None:
    """Write the whole sheet."""
    plan, settings = round_.plan, round_.settings
    lines: list[tuple[Sequence[Value], Sequence[str | None]]] = []

    def put(values: Sequence[Value], *styles: str | None) -> None:
        full = [*values, *(None,) * (4 - len(values))]
        lines.append((full, [*styles, *("plain",) * (4 - len(styles))]))

    put([_TITLE], "title")
    put([plan.name], "subtitle")
    put([])
    pair = ("label", "text", "label", "text")
    entry = ("label", "entry_text", "label", "entry_text")
    put(["填报单位", unit.name, "报告期", settings.period.label], *pair)
    put(["汇总单位", plan.coordinator, "报送截止", settings.deadline.isoformat()], *pair)
    put(["单位类别", unit.kind, "联系方式", settings.contact], *pair)
    put(["填表人", None, "审核人", None], *entry)
    put(["联系电话", None, "填报日期", None], *entry)
    put([])
    put(["怎么填", None, None, None], *("section",) * 4)
    for step in _STEPS:
        put([step], "plain")
    put([])
    put([f"本单位的任务(共 {_count(round_, unit)} 项)", None, None, None], *("section",) * 4)
    put(["任务", "方案原文", "本单位", "责任单位(方案原文)"], *("header",) * 4)
    for area in plan.areas:
        sheet = area_sheet(area)
        for task in area.tasks:
            role = round_.assignments.get((unit.code, task.number))
            if role and sheet in book.sheet_names:
                row: list[Value] = [link(sheet, "A1", task.number)]
                row += [task.text, role.label, task.responsible]
                put(row, "link", "text", "center", "text")
    book.set_heights(GUIDE, {row: _height(values) for row, (values, _) in enumerate(lines, 1)})
    book.write(GUIDE, 1, 1, [values for values, _ in lines], [styles for _, styles in lines])


def _height(values: Sequence[Value]) -> float:
    if all(value is None for value in values[1:]):
        return 30.0 if values[0] == _TITLE else 21.0
    return fitting_height(zip(values, WIDTHS, strict=True))


def _count(round_: Round, unit: Unit) -> int:
    return sum(code == unit.code for code, _ in round_.assignments)
