"""填报说明 of a return: whose it is, how to fill it in, and the tasks behind its rows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import zip_longest

from xl_fzzf.model.plan import Plan, Unit
from xl_fzzf.model.round import Round
from xl_fzzf.model.submission import NOTHING, SHORTEST_EXCUSE
from xl_fzzf.office.book import Validation
from xl_fzzf.office.book_file import FileBook
from xl_fzzf.office.heights import fitting_height
from xl_fzzf.office.references import column_letter
from xl_fzzf.sheets.drawing import write_bands
from xl_fzzf.sheets.page import Band, Filling, Link, Tile, shown
from xl_fzzf.sheets.spec import AREA_TOP, GUIDE, NOTHING_PLACE, area_sheet

WIDTHS = (12.0, 72.0, 12.0, 44.0)
"""The widths of the sheet's columns, in characters."""

_STEPS = (
    "1. 从“总览”进入各领域表（点领域名称），逐行填写黄色单元格；灰色的不用填，白色的自动生成。按 Tab 键跳到下一个要填的格。",
    "2. 数字格只填数字，不带“次”“%”“约”等字；比率填分子和分母，完成值自动算出。数值从年初累计到报告期末。",
    "3. “是否”类从下拉列表选。选“是”的，在“佐证材料”写明文件名称和文号。",
    "4. 本期没有这类事项的，填“不适用”，并在“完成情况”写明理由；分母为 0 的也要写理由。",
    "5. 全单位本期都没有要报的，不用逐行填：在上面的“本期无”写明理由，空着的各行就算不适用。有要填的，“本期无”留空。",
    "6. “状态”变红（未达标）的，写明原因、整改措施和整改时限；“校验提示”里写着这一行还缺什么。",
    "7. 不要删改行、列、表名。填完保存，原文件发回汇总单位，文件名可以不改。",
)


_NOTHING_CELL = f"{column_letter(NOTHING_PLACE[1])}{NOTHING_PLACE[0]}"
_NOTHING = Validation(
    (_NOTHING_CELL,),
    "custom",
    f"LEN(TRIM({_NOTHING_CELL}))>={SHORTEST_EXCUSE}",
    NOTHING,
    "全单位本期都没有这类事项的，在这里写明理由，各表空着的行就算不适用；有要填的，这里留空。",
    f"请写明理由（不少于 {SHORTEST_EXCUSE} 个字）；有要填的，这里留空。",
)


def return_title(plan: Plan) -> str:
    """The title of a return."""
    return f"{plan.subject}工作填报表"


def write_guide(book: FileBook, round_: Round, unit: Unit) -> None:
    """Write the whole sheet."""
    plan, settings = round_.plan, round_.settings
    count = sum(code == unit.code for code, _ in round_.assignments)
    facts: tuple[Sequence[Filling], ...] = (
        ("填报单位", unit.name, "报告期", settings.period.label),
        ("汇总单位", plan.coordinator, "报送截止", settings.deadline.isoformat()),
        ("单位类别", unit.kind, "联系方式", settings.contact),
    )
    bands = [
        Band([Tile(0, return_title(plan), "title")], 30),
        _line([plan.name], ["subtitle"]),
        _line([]),
        *(_line(fact, ["label", "text"] * 2) for fact in facts),
        _line(["填表人", None, "审核人", None], ["label", "entry_text"] * 2),
        _line(["联系电话", None, "填报日期", None], ["label", "entry_text"] * 2),
        _line([NOTHING, None, None, None], ["label", "entry_text", "plain", "plain"]),
        _line([]),
        _line(["怎么填"], ["section"] * 4),
        *(_line([step], ["plain"]) for step in _STEPS),
        _line([]),
        _line([f"本单位的任务（共 {count} 项）"], ["section"] * 4),
        _line(["任务", "方案原文", "本单位", "责任单位（方案原文）"], ["header"] * 4),
        *_task_bands(round_, unit, book.sheet_names),
    ]
    write_bands(book, GUIDE, bands, len(WIDTHS))
    book.validate(GUIDE, [_NOTHING])


def _task_bands(round_: Round, unit: Unit, sheets: Sequence[str]) -> Iterator[Band]:
    for area in round_.plan.areas:
        sheet = area_sheet(area)
        for task in area.tasks:
            role = round_.assignments.get((unit.code, task.number))
            if role and sheet in sheets:
                number = Link(sheet, AREA_TOP, task.number)
                values: list[Filling] = [number, task.text, role.label, task.responsible]
                yield _line(values, ["link", "text", "center", "text"])


def _line(values: Sequence[Filling], styles: Sequence[str] = ()) -> Band:
    """A row as high as its texts need; one that has nothing beside its first cell does not wrap."""
    tiles = [Tile(at, *both) for at, both in enumerate(zip_longest(values, styles))]
    if not any(values[1:]):
        return Band(tiles, 21)
    return Band(tiles, fitting_height((shown(v), w) for v, w in zip(values, WIDTHS, strict=False)))
