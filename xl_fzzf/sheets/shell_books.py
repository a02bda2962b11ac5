"""The shells of masters and returns: every sheet of theirs, without rows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from xl_fzzf.model.plan import ROLE_OF_LABEL, Plan
from xl_fzzf.model.status import Status
from xl_fzzf.office.references import column_letter
from xl_fzzf.office.tables import Columns
from xl_fzzf.sheets import spec as layout
from xl_fzzf.sheets import styles
from xl_fzzf.sheets.assignments import assignment_columns
from xl_fzzf.sheets.common_blocks import GUIDE_WIDTH, guide
from xl_fzzf.sheets.drawing import draw
from xl_fzzf.sheets.forms import DrivingColumn
from xl_fzzf.sheets.guide import WIDTHS as GUIDE_WIDTHS
from xl_fzzf.sheets.overview import add_overview
from xl_fzzf.sheets.page import Band, Page, Tile
from xl_fzzf.sheets.shell import (
    HEADER_ROW,
    Shell,
    add_area,
    add_header,
    add_list,
    add_stamp,
    highlight_words,
    rule_rows,
)
from xl_fzzf.sheets.spec import area_sheet

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet


def master_shell(plan: Plan) -> bytes:
    """An empty master for a plan: every sheet with headers and formats, no rows."""
    shell = Shell(f"{plan.name} 台账", protect=False)
    draw(shell, _master_guide(plan))
    add_overview(shell, plan, with_units=True)
    for area in plan.areas:
        add_area(shell, area_sheet(area))
    add_driving_sheets(shell, plan)
    add_received_lists(shell)
    add_list(shell, layout.UNMET, "未达标清单", layout.UNMET_COLUMNS)
    add_stamp(shell)
    shell.book.add_worksheet(layout.ORIGINS).very_hidden()
    return shell.close()


def return_shell(plan: Plan, sheets: Sequence[str]) -> bytes:
    """An empty return with the area sheets of these names, protected without a password."""
    shell = Shell("法治政府建设工作填报表", protect=True)
    draw(shell, Page(layout.GUIDE, [(width, "plain") for width in GUIDE_WIDTHS], (), styles.NAVY))
    add_overview(shell, plan, with_units=False)
    for name in sheets:
        add_area(shell, name)
    _add_findings(shell, tuple(c for c in layout.FINDING_COLUMNS if c.field != "waiver"))
    add_stamp(shell)
    return shell.close()


def add_driving_sheets(shell: Shell, plan: Plan, assigned: bool = True) -> None:
    """The driving sheets; a city's master has no 责任分工 (`assigned`)."""
    _add_driving_sheet(
        shell, layout.INDICATORS, "指标(改这里,再点“分发”或“汇总”)", layout.INDICATOR_COLUMNS
    )
    kinds = tuple(plan.kinds)
    _add_driving_sheet(shell, layout.UNITS, "单位名录", layout.UNIT_COLUMNS, kind=kinds)
    if assigned:
        _add_assignments(shell, plan)
    add_list(shell, layout.TASKS, "任务", layout.TASK_COLUMNS)
    add_list(shell, layout.SETTINGS, "设置(改黄色的)", layout.SETTING_COLUMNS)


def _add_driving_sheet(
    shell: Shell,
    name: str,
    title: str,
    columns: Sequence[DrivingColumn],
    **choices: Sequence[str],
) -> None:
    """A driving sheet with its drop-downs; `choices` are those that only the plan knows, by field."""
    sheet = add_list(shell, name, title, tuple(columns))
    for number, column in enumerate(columns, 1):
        if words := choices.get(column.field, column.form.choices):
            _choose(sheet, column_letter(number), words)


def _add_assignments(shell: Shell, plan: Plan) -> None:
    sheet = shell.sheet(layout.ASSIGNMENTS, "#7F7F7F")
    columns = assignment_columns(plan)
    add_header(shell, sheet, "责任分工(牵头、责任、可选,空白为不承担)", columns)
    sheet.set_column(0, 0, columns[0].width, shell.style("plain"))
    centred = {**styles.STYLES["plain"], "align": "center", "text_wrap": True}
    sheet.set_column(1, len(columns) - 1, columns[1].width, shell.format(centred))
    letters = f"{column_letter(2)}:{column_letter(len(columns))}"
    highlight_words(shell, sheet, letters, styles.ROLE_STYLES)
    _choose(sheet, letters, tuple(ROLE_OF_LABEL))
    rule_rows(shell, sheet, columns)


def _choose(sheet: Worksheet, letters: str, words: Sequence[str]) -> None:
    left, _, right = letters.partition(":")
    sheet.data_validation(
        f"{left}{HEADER_ROW + 1}:{right or left}2000",
        {
            "validate": "list",
            "source": list(words),
            "error_title": "请从列表中选择",
            "error_message": f"只能填:{'、'.join(words)}",
        },
    )


def add_received_lists(shell: Shell) -> None:
    """报送登记 and 校验结果."""
    add_list(
        shell,
        layout.REGISTER,
        "报送登记",
        layout.REGISTER_COLUMNS,
        "verdict",
        styles.VERDICT_STYLES,
    )
    _add_findings(shell, layout.FINDING_COLUMNS)


_STEPS = (
    "一、改驱动表:“指标”“单位”“责任分工”“任务”“设置”五张表由汇总单位维护,改了目标、指标、单位或分工,不用改程序。",
    "二、分发:在本文件夹运行 fzzf distribute,每个单位一份填报表,放在“分发”文件夹,发给各单位。",
    "三、收表:各单位交回的文件原样放进“报送”文件夹(按报告期分文件夹),不用改名。",
    "四、校验和汇总:运行 fzzf consolidate,逐份校验并入本台账;问题在“校验结果”,文件去向在“报送登记”,未达标的在“未达标清单”。"
    "“提醒”经核实没有问题的,在“接受理由”写明,再汇总一次就不再提示。",
    "五、上报:运行 fzzf report,生成汇总表,放在“上报”文件夹。",
    "六、直接填:领域表中的黄色单元格可以直接填写,汇总时保留您填的内容;与单位报来的不一致时列入“校验结果”,不会覆盖。",
    "七、下一期:运行 fzzf next --period 2019Q4,沿用驱动表,上期的完成值列在“上期值”。",
    "每次改动前,旧台账自动备份在“档案/备份”;收到的文件原样保存在“档案”。汇总前请先保存并关闭本台账。",
)


def _master_guide(plan: Plan) -> Page:
    """填报说明 of a master: how a round goes, and what the statuses mean."""
    blocks = [
        *guide("法治政府建设工作台账", plan.name, _STEPS),
        Band(),
        Band([Tile(0, "状态和颜色", "section")]),
        *(Band([Tile(0, f"{status}:{meaning}", _style(status))]) for status, meaning in _MEANINGS),
    ]
    return Page(layout.GUIDE, [(GUIDE_WIDTH, "plain")], blocks, tab=styles.NAVY)


_MEANINGS = (
    (Status.MET, "已达到目标(超过目标也算达标)"),
    (Status.UNDER_WAY, "还没有达到目标,但未到完成期限"),
    (Status.UNMET, "已过完成期限仍未达到目标,要写明原因、整改措施和时限"),
    (Status.MISSING, "还没有填"),
    (Status.INVALID, "填的内容不对,例如该填数字的填了文字、分子大于分母"),
    (Status.NOT_APPLICABLE, "本期没有这类事项,要在“完成情况”写明理由"),
)


def _style(status: Status) -> styles.Style:
    return {**styles.STYLES["text"], **styles.STATUS_STYLES[status]}


def _add_findings(shell: Shell, columns: Columns) -> None:
    add_list(
        shell, layout.FINDINGS, "校验结果", columns, "severity", styles.SEVERITY_STYLES, "waiver"
    )
