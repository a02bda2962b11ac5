"""The shells of masters and returns: pages without rows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any

from xl_fzzf.model.period import Period
from xl_fzzf.model.plan import ROLE_OF_LABEL, Plan
from xl_fzzf.model.record import text
from xl_fzzf.model.status import Status
from xl_fzzf.office.book import Formula
from xl_fzzf.office.book_file import FileBook
from xl_fzzf.office.references import column_letter
from xl_fzzf.office.tables import Columns, letter_of, place_of
from xl_fzzf.sheets import spec as layout
from xl_fzzf.sheets import styles
from xl_fzzf.sheets.assignments import assignment_columns
from xl_fzzf.sheets.common_blocks import GUIDE_WIDTH, LISTED, equals, guide, list_style
from xl_fzzf.sheets.drawing import draw
from xl_fzzf.sheets.forms import DrivingColumn
from xl_fzzf.sheets.guide import WIDTHS as GUIDE_WIDTHS
from xl_fzzf.sheets.guide import return_title
from xl_fzzf.sheets.overview import overview_page
from xl_fzzf.sheets.page import Band, Condition, Highlighted, Listing, Page, Tile
from xl_fzzf.sheets.readiness import COLUMN, GREEN
from xl_fzzf.sheets.shell import Shell
from xl_fzzf.sheets.spec import AREA_COLUMNS, HEADER_ROW, area_sheet

_BACK = Formula(f'HYPERLINK("#{layout.OVERVIEW}!A1","← 总览")', "← 总览")
_ZOOM = 85
"""In percent: at this a screen of 1366 × 768 holds a record's whole width, and a dozen of a master's."""

_AREA_PAPER = replace(LISTED, margins=(0.3, 0.3, 0.5, 0.5))
"""On which a return's area sheet, one page wide, has letters of 9 points."""

_COORDINATORS = frozenset({"unit", "rule", "file", "source", "waiver"})
_RETURN_WIDTHS = {"message": 32.0, "expected": 18.0, "remedy": 28.0}
"""校验结果 of a return lacks what only the coordinator needs, and is a page wide."""

_UNCHECKED = "汇总单位校验以后，退回的文件在这里写明有什么问题、怎么改。"
_BANNER = {**styles.STYLES["label"], "align": "left", "bold": True}
_WAIVER = {
    "validate": "any",
    "input_title": "接受理由",
    "input_message": "“提醒”经核实没有问题的，写明理由，再汇总一次就不再提示；“错误”只能改正。",
}
_YELLOW = {"bg_color": styles.YELLOW, "bottom": 1, "bottom_color": styles.LINE}


def master_shell(plan: Plan) -> bytes:
    """An empty master for a plan: every sheet with headers and formats, no rows."""
    pages = (
        _master_guide(plan),
        overview_page(plan, with_units=True),
        *(_area_page(area_sheet(area), 0) for area in plan.areas),
        *driving_pages(plan),
        *received_pages(),
        _list_page("未达标清单", layout.UNMET, layout.UNMET_COLUMNS),
    )
    shell = start_shell(f"{plan.name} 台账", pages)
    shell.book.add_worksheet(layout.ORIGINS).very_hidden()
    return shell.close()


def return_shell(plan: Plan, sheets: Sequence[str]) -> bytes:
    """An empty return with the area sheets of these names, protected without a password."""
    columns = tuple(
        replace(column, width=_RETURN_WIDTHS.get(column.field, column.width))
        for column in layout.FINDING_COLUMNS
        if column.field not in _COORDINATORS
    )
    pages = (
        Page(layout.GUIDE, [(width, "plain") for width in GUIDE_WIDTHS], (), styles.NAVY),
        overview_page(plan, with_units=False),
        *(_area_page(sheet, layout.RETURN_BEGINS) for sheet in sheets),
        _findings_page(
            columns,
            [Tile(layout.BANNER[1] - 1, _UNCHECKED, _BANNER, place_of(columns, "expected"))],
        ),
    )
    shell = start_shell(return_title(plan), pages, protect=True)
    row, column = layout.NOTHING_PLACE
    place = f"{layout.GUIDE}!${column_letter(column)}${row}"
    shell.book.define_name(layout.NOTHING_NAME, f"={place}")
    return shell.close()


def start_shell(title: str, pages: Iterable[Page], protect: bool = False) -> Shell:
    """A shell with these pages and a stamp; of one that is not protected, a master, 总览 is printed."""
    shell = Shell(title, protect)
    for page in pages:
        printed = protect or page.name == layout.OVERVIEW
        draw(shell, replace(page, paper=replace(page.paper, printed=printed)))
    shell.add_stamp()
    return shell


def _list_page(
    title: str, name: str, columns: Columns, beside: Iterable[Tile] = (), **more: Any
) -> Page:
    """A table whose rows come and go; `beside` the title stand other tiles, `more` is the listing's."""
    looks = [(column.width, list_style(column, "top")) for column in columns]
    blocks = *_top(title, beside=beside), Listing(columns, (), open=True, **more)
    return Page(name, looks, blocks, paper=LISTED, freeze=(HEADER_ROW, 1))


def _top(
    title: str, legend: Iterable[Tile] = (), left: int = 0, beside: Iterable[Tile] = ()
) -> tuple[Band, Band]:
    below = Band([Tile(left, _BACK, "back"), *legend], 22)
    return Band([Tile(left, title, "title"), *beside], 32), below


def _area_page(name: str, begins: int) -> Page:
    """An area sheet that is seen from a column on: title, legend, header, and the highlighting by 状态."""
    unmet = {"bg_color": "#FDE9E9", "font_color": "#7A0006"}
    invalid = styles.STATUS_STYLES[Status.UNMET]
    answer = f"{letter_of(AREA_COLUMNS, 'numerator')}{HEADER_ROW + 1}"
    listing = Listing(
        AREA_COLUMNS,
        (),
        {"status": styles.STATUS_STYLES},
        (
            ("unit", "previous", _where_status(Status.UNMET, unmet)),
            ("hint", "hint", _where_status(Status.UNMET, unmet)),
            (
                "numerator",
                "value",
                _where_status(Status.INVALID, invalid, f"NOT(ISBLANK({answer}))"),
            ),
        ),
        ruled=False,
        open=True,
    )
    legend = (
        Tile(3, "黄色：请填写", {**styles.STYLES["entry_text"], "locked": True}),
        Tile(4, "灰色：不用填", "unused", 6),
        Tile(7, "白色：自动生成", "text", 8),
        *(Tile(at, status, _look("status", status)) for at, status in enumerate(Status, 9)),
    )
    widths = [(column.width, None) for column in AREA_COLUMNS]
    top = Highlighted(_top(name, legend, begins), [((COLUMN, COLUMN), GREEN)])
    blocks = top, listing
    freeze = HEADER_ROW, place_of(AREA_COLUMNS, "text") + 1
    return Page(name, widths, blocks, "#2E75B6", _AREA_PAPER, freeze, begins, _ZOOM)


def _where_status(status: Status, style: styles.Style, more: str = "TRUE") -> Condition:
    cell = f"${letter_of(AREA_COLUMNS, 'status')}{HEADER_ROW + 1}"
    criteria = f'=AND({cell}="{status}",{more})'
    return {"type": "formula", "criteria": criteria, "format": style}


def _look(base: str, status: Status) -> styles.Style:
    return {**styles.STYLES[base], **styles.STATUS_STYLES[status]}


def driving_pages(plan: Plan, assigned: bool = True) -> Iterator[Page]:
    """The driving sheets; a city's master has no 责任分工 (`assigned`)."""
    title = "指标（改这里，再点“分发”或“汇总”）"
    yield _driving_page(title, layout.INDICATORS, layout.INDICATOR_COLUMNS)
    yield _driving_page("单位名录", layout.UNITS, layout.UNIT_COLUMNS, kind=tuple(plan.kinds))
    if assigned:
        yield _assignments_page(plan)
    yield _list_page("任务", layout.TASKS, layout.TASK_COLUMNS)
    yield _list_page("设置（改黄色的）", layout.SETTINGS, layout.SETTING_COLUMNS)


def _driving_page(
    title: str, name: str, columns: tuple[DrivingColumn, ...], **choices: Sequence[str]
) -> Page:
    """A driving sheet with its drop-downs; `choices` are those that only the plan knows, by field."""
    offered = {column.field: column.form.choices for column in columns} | choices
    drop_downs = [(field, field, _one_of(words)) for field, words in offered.items() if words]
    return _list_page(title, name, columns, validations=drop_downs)


def _assignments_page(plan: Plan) -> Page:
    unit, *tasks = columns = assignment_columns(plan)
    first, last = tasks[0].field, tasks[-1].field
    looks = [(first, last, equals(word, look)) for word, look in styles.ROLE_STYLES.items()]
    roles = [(first, last, _one_of(tuple(ROLE_OF_LABEL)))]
    widths = [(unit.width, "plain"), *((task.width, "assigned") for task in tasks)]
    listing = Listing(columns, (), conditions=looks, validations=roles, open=True)
    blocks = *_top("责任分工（牵头、责任、可选，空白为不承担）"), listing
    return Page(layout.ASSIGNMENTS, widths, blocks, paper=LISTED, freeze=(HEADER_ROW, 1))


def _one_of(words: Sequence[str]) -> dict[str, Any]:
    return {
        "validate": "list",
        "source": list(words),
        "error_title": "请从列表中选择",
        "error_message": f"只能填：{'、'.join(words)}",
    }


def received_pages(
    columns: Columns = layout.REGISTER_COLUMNS, findings: Columns = layout.FINDING_COLUMNS
) -> tuple[Page, Page]:
    """报送登记 and 校验结果, with these columns."""
    looks = {"verdict": styles.VERDICT_STYLES}
    register = _list_page("报送登记", layout.REGISTER, columns, highlights=looks)
    return register, _findings_page(findings)


def _findings_page(columns: Columns, beside: Iterable[Tile] = ()) -> Page:
    """校验结果; 接受理由, where there is one, is to be filled in beside every 提醒, and yellow there."""
    severity = f"${letter_of(columns, 'severity')}{HEADER_ROW + 1}"
    warned = {"type": "formula", "criteria": f'=LEFT({severity},2)="提醒"', "format": _YELLOW}
    waivers = [column.field for column in columns if column.field == "waiver"]
    return _list_page(
        "校验结果",
        layout.FINDINGS,
        columns,
        beside,
        highlights={"severity": styles.SEVERITY_STYLES},
        conditions=[(field, field, warned) for field in waivers],
        validations=[(field, field, _WAIVER) for field in waivers],
    )


_NEXT = "七、下一期：运行 fzzf next --period "
_STEPS = (
    "一、改驱动表：“指标”“单位”“责任分工”“任务”“设置”五张表由汇总单位维护，改了目标、指标、单位或分工，不用改程序。",
    "二、分发：在本文件夹运行 fzzf distribute，每个单位一份填报表，放在“分发”文件夹，发给各单位。",
    "三、收表：各单位交回的文件原样放进“报送”文件夹（按报告期分文件夹），不用改名。",
    "四、校验和汇总：运行 fzzf consolidate，逐份校验并入本台账；问题在“校验结果”，文件去向在“报送登记”，未达标的在“未达标清单”。"
    "“提醒”经核实没有问题的，在“接受理由”写明，再汇总一次就不再提示。",
    "五、上报：运行 fzzf report，生成汇总表，放在“上报”文件夹。",
    "六、直接填：领域表中的黄色单元格可以直接填写，汇总时保留您填的内容；与单位报来的不一致时列入“校验结果”，不会覆盖。",
    _NEXT + "{}，沿用驱动表，上期的完成值列在“上期值”。",
    "每次改动前，旧台账自动备份在“档案/备份”；收到的文件原样保存在“档案”。汇总前请先保存并关闭本台账。",
)


_MEANINGS = (
    (Status.MET, "已达到目标（超过目标也算达标）"),
    (Status.UNDER_WAY, "还没有达到目标，但未到完成期限"),
    (Status.UNMET, "已过完成期限仍未达到目标，要写明原因、整改措施和时限"),
    (Status.MISSING, "还没有填"),
    (Status.INVALID, "填的内容不对，例如该填数字的填了文字、分子大于分母"),
    (Status.NOT_APPLICABLE, "本期没有这类事项，要在“完成情况”写明理由"),
)


def write_next_step(book: FileBook, period: Period) -> None:
    """Let 填报说明 of a master of this period say how its next round is opened."""
    grid = book.read(layout.GUIDE) if layout.GUIDE in book.sheet_names else []
    for row, cells in enumerate(grid, 1):
        if text(cells[0]).startswith(_NEXT):
            (step,) = (step for step in _STEPS if step.startswith(_NEXT))
            book.write(layout.GUIDE, row, 1, [[step.format(period.following)]])


def _master_guide(plan: Plan) -> Page:
    """填报说明 of a master: how a round goes, and what the statuses mean."""
    meanings = [
        Band([Tile(0, f"{status}：{meaning}", _look("text", status))])
        for status, meaning in _MEANINGS
    ]
    heading = Band([Tile(0, "状态和颜色", "section")])
    blocks = *guide(f"{plan.subject}工作台账", plan.name, _STEPS), Band(), heading, *meanings
    return Page(layout.GUIDE, [(GUIDE_WIDTH, "plain")], blocks, tab=styles.NAVY)
