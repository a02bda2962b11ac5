"""Shells: new workbooks with everything but their rows, written by XlsxWriter.

Formats, conditional formats, print set-up and swatches are declared here once; rows are then
written through `Book`, so that a new workbook and an edited one come about in the same way.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from xl_fzzf.model.plan import Plan
from xl_fzzf.sheets import layout, styles
from xl_fzzf.sheets.layout import AREA_COLUMNS, LAST_ROW, Columns, area_sheet, column_letter
from xl_fzzf.sheets.overview import OverviewPlaces
from xl_fzzf.sheets.stamp import STAMP_KEYS, SWATCH_COLUMN

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

HEADER_ROW = 3
"""The header row of every table in a shell, from 1."""

_PROTECTION = {"format_columns": True, "format_rows": True, "autofilter": True, "sort": True}
_LEGEND = (
    ("entry_text", "黄色:请填写"),
    ("unused", "灰色:不用填"),
    ("text", "白色:自动生成,不要改"),
)
_CREATED = datetime(2019, 9, 9)


class Shell:
    """A workbook in the making: its styles, and the sheets that `add_*` functions put into it."""

    def __init__(self, title: str, protect: bool) -> None:
        import xlsxwriter

        self._buffer = io.BytesIO()
        self.book: Workbook = xlsxwriter.Workbook(
            self._buffer, {"strings_to_formulas": False, "strings_to_urls": False}
        )
        self.book.set_properties({"title": title, "created": _CREATED})
        self.book.set_size(28_000, 16_000)
        self.protect = protect
        self._formats: dict[str, Format] = {}

    def style(self, name: str) -> Format:
        """The named style as a format of this workbook."""
        if name not in self._formats:
            self._formats[name] = self.book.add_format(styles.STYLES[name])
        return self._formats[name]

    def format(self, properties: styles.Style) -> Format:
        """An unnamed format, for conditional formatting."""
        return self.book.add_format(properties)

    def sheet(self, name: str, tab: str = styles.NAVY) -> Worksheet:
        """A new sheet, set up for print: A4 landscape, one page wide, numbered pages."""
        sheet = self.book.add_worksheet(name)
        sheet.hide_gridlines(2)
        sheet.set_tab_color(tab)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.set_margins(left=0.4, right=0.4, top=0.6, bottom=0.6)
        sheet.center_horizontally()
        sheet.set_footer("&L&A&C第 &P 页 共 &N 页&R&D")
        if self.protect:
            sheet.protect("", _PROTECTION)
        return sheet

    def close(self) -> bytes:
        """The finished workbook's bytes."""
        self.book.close()
        return self._buffer.getvalue()


def master_shell(plan: Plan) -> bytes:
    """An empty master for a plan: every sheet of DESIGN.md §5 with headers and formats, no rows."""
    shell = Shell(f"{plan.name} 台账", protect=False)
    _add_master_guide(shell, plan)
    add_overview(shell, plan, with_units=True)
    for area in plan.areas:
        add_area(shell, area_sheet(area))
    _add_driving_sheets(shell, plan)
    _add_lists(shell)
    add_stamp(shell)
    return shell.close()


def return_shell(plan: Plan, sheets: Sequence[str]) -> bytes:
    """An empty return with the area sheets of these names, protected without a password."""
    shell = Shell("法治政府建设工作填报表", protect=True)
    guide = shell.sheet(layout.GUIDE)
    for column, width in enumerate((12, 72, 12, 44)):
        guide.set_column(column, column, width, shell.style("plain"))
    add_overview(shell, plan, with_units=False)
    for name in sheets:
        add_area(shell, name)
    add_list(
        shell,
        layout.FINDINGS,
        "校验结果",
        layout.FINDING_COLUMNS,
        "severity",
        styles.SEVERITY_STYLES,
    )
    add_stamp(shell)
    return shell.close()


def add_area(shell: Shell, name: str) -> None:
    """An area sheet: title, legend, header, and the highlighting by 状态 and 校验提示."""
    sheet = shell.sheet(name, "#2E75B6")
    add_header(shell, sheet, name, AREA_COLUMNS, freeze=4)
    for column, (style, words) in zip((3, 6, 9), _LEGEND, strict=True):
        sheet.write_string(1, column, words, shell.style(style))
    column = 10
    for status, look in styles.STATUS_STYLES.items():
        if column < len(AREA_COLUMNS):
            sheet.write_string(1, column, status, shell.format({**styles.STYLES["status"], **look}))
        column += 1
    highlight_words(shell, sheet, _letter("status"), dict(styles.STATUS_STYLES))
    first = HEADER_ROW + 1
    status = f"${_letter('status')}{first}"
    for left, right in (("unit", "previous"), ("hint", "hint")):
        sheet.conditional_format(
            f"{_letter(left)}{first}:{_letter(right)}{LAST_ROW}",
            {
                "type": "formula",
                "criteria": f'={status}="未达标"',
                "format": shell.format({"bg_color": "#FDE9E9", "font_color": "#7A0006"}),
            },
        )
    sheet.conditional_format(
        f"{_letter('numerator')}{first}:{_letter('value')}{LAST_ROW}",
        {
            "type": "formula",
            "criteria": f'={status}="有误"',
            "format": shell.format({"bg_color": "#F8B4B4", "font_color": "#7A0006", "bold": True}),
        },
    )


def _letter(field: str) -> str:
    return column_letter([column.field for column in AREA_COLUMNS].index(field) + 1)


def add_header(
    shell: Shell, sheet: Worksheet, title: str, columns: Columns, freeze: int = 1
) -> None:
    """A sheet's title, the way back to 总览, the header row, widths, frozen panes and filter."""
    sheet.set_row(0, 32)
    sheet.set_row(1, 22)
    sheet.set_row(HEADER_ROW - 1, 34)
    sheet.write_string(0, 0, title, shell.style("title"))
    back = f'=HYPERLINK("#{layout.OVERVIEW}!A1","← 总览")'
    sheet.write_formula(1, 0, back, shell.style("link"), "← 总览")
    for index, column in enumerate(columns):
        sheet.set_column(index, index, column.width)
        sheet.write_string(HEADER_ROW - 1, index, column.header, shell.style("header"))
    sheet.freeze_panes(HEADER_ROW, freeze)
    sheet.repeat_rows(HEADER_ROW - 1)
    sheet.autofilter(HEADER_ROW - 1, 0, LAST_ROW - 1, len(columns) - 1)


def highlight_words(
    shell: Shell, sheet: Worksheet, letters: str, looks: Mapping[Any, styles.Style]
) -> None:
    """Conditional formats for a column (`N`) or columns (`B:AI`) whose cells hold given words."""
    left, _, right = letters.partition(":")
    for word, look in looks.items():
        sheet.conditional_format(
            f"{left}{HEADER_ROW + 1}:{right or left}{LAST_ROW}",
            {
                "type": "cell",
                "criteria": "==",
                "value": f'"{word}"',
                "format": shell.format(look),
            },
        )


def add_list(
    shell: Shell,
    name: str,
    title: str,
    columns: Columns,
    marked: str = "",
    looks: Mapping[Any, styles.Style] | None = None,
) -> Worksheet:
    """A sheet with one table whose rows come and go: rules between rows by conditional format."""
    sheet = shell.sheet(name, "#7F7F7F")
    add_header(shell, sheet, title, columns)
    first = HEADER_ROW + 1
    last = column_letter(len(columns))
    for index, column in enumerate(columns):
        sheet.set_column(index, index, column.width, shell.format(_list_style(column)))
    sheet.conditional_format(
        f"A{first}:{last}{LAST_ROW}",
        {
            "type": "formula",
            "criteria": f"=LEN($A{first})>0",
            "format": shell.format({"bottom": 1, "bottom_color": styles.LINE}),
        },
    )
    if looks:
        letter = column_letter([column.field for column in columns].index(marked) + 1)
        highlight_words(shell, sheet, letter, looks)
    return sheet


def _list_style(column: layout.Column) -> styles.Style:
    return {
        **styles.STYLES["plain"],
        "text_wrap": True,
        "valign": "top",
        "align": "left" if column.width > 12 else "center",
        "num_format": column.number_format,
    }


def _add_driving_sheets(shell: Shell, plan: Plan) -> None:
    indicators = add_list(
        shell, layout.INDICATORS, "指标(改这里,再点“分发”或“汇总”)", layout.INDICATOR_COLUMNS
    )
    _choose(indicators, "D", ("是否", "计数", "比率", "分值", "金额", "文字"))
    units = add_list(shell, layout.UNITS, "单位名录", layout.UNIT_COLUMNS)
    _choose(units, "C", tuple(plan.kinds))
    _choose(units, "D", ("是", "否"))
    _choose(units, "H", ("是", "否"))
    _add_assignments(shell, plan)
    add_list(shell, layout.TASKS, "任务", layout.TASK_COLUMNS)
    settings = add_list(shell, layout.SETTINGS, "设置", layout.SETTING_COLUMNS)
    value = layout.SETTING_COLUMNS[1]
    look = {**_list_style(value), "bg_color": styles.YELLOW}
    settings.set_column(1, 1, value.width, shell.format(look))


def _add_assignments(shell: Shell, plan: Plan) -> None:
    sheet = shell.sheet(layout.ASSIGNMENTS, "#7F7F7F")
    columns = assignment_columns(plan)
    add_header(shell, sheet, "责任分工(牵头、责任、可选,空白为不承担)", columns)
    sheet.set_column(0, 0, columns[0].width, shell.style("text"))
    sheet.set_column(1, len(columns) - 1, columns[1].width, shell.style("role"))
    letters = f"B:{column_letter(len(columns))}"
    highlight_words(shell, sheet, letters, styles.ROLE_STYLES)
    _choose(sheet, letters, tuple(styles.ROLE_STYLES))


def assignment_columns(plan: Plan) -> Columns:
    """The columns of 责任分工: the unit and one for each task, headed by its number."""
    tasks = [layout.Column(number, number, 5.2) for number in plan.tasks]
    return (layout.Column("unit", "单位", 18), *tasks)


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


def _add_lists(shell: Shell) -> None:
    add_list(
        shell,
        layout.REGISTER,
        "报送登记",
        layout.REGISTER_COLUMNS,
        "verdict",
        styles.VERDICT_STYLES,
    )
    add_list(
        shell,
        layout.FINDINGS,
        "校验结果",
        layout.FINDING_COLUMNS,
        "severity",
        styles.SEVERITY_STYLES,
    )
    add_list(shell, layout.UNMET, "未达标清单", layout.UNMET_COLUMNS)


def add_overview(shell: Shell, plan: Plan, with_units: bool) -> None:
    """The 总览 sheet: column widths and the bars and scales over the places of its figures."""
    places = OverviewPlaces(len(plan.areas), len(plan.units) if with_units else 0)
    sheet = shell.sheet(layout.OVERVIEW, "#C00000")
    sheet.set_column(0, 0, 30, shell.style("plain"))
    sheet.set_column(1, 11, 10.5, shell.style("plain"))
    sheet.set_row(0, 32)
    sheet.conditional_format(
        places.completeness_range,
        {
            "type": "data_bar",
            "bar_color": "#9DC3E6",
            "bar_solid": True,
            "min_type": "num",
            "min_value": 0,
            "max_type": "num",
            "max_value": 1,
        },
    )
    trouble = shell.format({"bg_color": "#F8B4B4", "font_color": "#7A0006", "bold": True})
    for cells in places.trouble_ranges:
        sheet.conditional_format(
            cells, {"type": "cell", "criteria": ">", "value": 0, "format": trouble}
        )
    if with_units:
        sheet.conditional_format(
            places.heat_range,
            {
                "type": "3_color_scale",
                "min_type": "num",
                "min_value": 0,
                "mid_type": "num",
                "mid_value": 0.6,
                "max_type": "num",
                "max_value": 1,
                "min_color": "#F8B4B4",
                "mid_color": "#FFF2CC",
                "max_color": "#B7E1C0",
            },
        )


def add_stamp(shell: Shell) -> None:
    """The hidden `_fzzf` sheet: the stamp's keys, the as-of date's name, and the swatches."""
    sheet = shell.book.add_worksheet(layout.STAMP)
    for row, key in enumerate(STAMP_KEYS):
        sheet.write_string(row, 0, key)
        if key in ("as_of", "deadline"):
            sheet.write_blank(row, 1, None, shell.style("date"))
    row = STAMP_KEYS.index("as_of") + 1
    shell.book.define_name(layout.AS_OF_NAME, f"={layout.STAMP}!$B${row}")
    for row, name in enumerate(styles.STYLES):
        sheet.write_string(row, SWATCH_COLUMN - 1, name)
        sheet.write_blank(row, SWATCH_COLUMN, None, shell.style(name))
    if shell.protect:
        sheet.protect()
    sheet.very_hidden()


_STEPS = (
    "一、改驱动表:“指标”“单位”“责任分工”“任务”“设置”五张表由汇总单位维护,改了目标、指标、单位或分工,不用改程序。",
    "二、分发:在本文件夹运行 fzzf distribute,每个单位一份填报表,放在“分发”文件夹,发给各单位。",
    "三、收表:各单位交回的文件原样放进“报送”文件夹(按报告期分文件夹),不用改名。",
    "四、校验和汇总:运行 fzzf consolidate,逐份校验并入本台账;问题在“校验结果”,文件去向在“报送登记”,未达标的在“未达标清单”。",
    "五、上报:运行 fzzf report,生成汇总表,放在“上报”文件夹。",
    "六、直接填:领域表中的黄色单元格可以直接填写,汇总时保留您填的内容;与单位报来的不一致时列入“校验结果”,不会覆盖。",
    "七、下一期:运行 fzzf next --period 2019Q4,沿用驱动表,上期的完成值列在“上期值”。",
    "每次改动前,旧台账自动备份在“档案/备份”;收到的文件原样保存在“档案”。汇总前请先保存并关闭本台账。",
)


def _add_master_guide(shell: Shell, plan: Plan) -> None:
    sheet = shell.sheet(layout.GUIDE)
    sheet.set_column(0, 0, 120, shell.style("plain"))
    sheet.set_row(0, 34)
    sheet.write_string(0, 0, "法治政府建设工作台账", shell.style("title"))
    sheet.write_string(1, 0, plan.name, shell.style("subtitle"))
    sheet.write_string(3, 0, "怎么用", shell.style("section"))
    _write_lines(shell, sheet, 4, _STEPS)
    row = 5 + len(_STEPS)
    sheet.write_string(row, 0, "状态和颜色", shell.style("section"))
    for offset, (status, meaning) in enumerate(STATUS_MEANINGS, 1):
        look = {**styles.STYLES["text"], **styles.STATUS_STYLES[status]}
        sheet.write_string(row + offset, 0, f"{status}:{meaning}", shell.format(look))


STATUS_MEANINGS = (
    (styles.Status.MET, "已达到目标(超过目标也算达标)"),
    (styles.Status.UNDER_WAY, "还没有达到目标,但未到完成期限"),
    (styles.Status.UNMET, "已过完成期限仍未达到目标,要写明原因、整改措施和时限"),
    (styles.Status.MISSING, "还没有填"),
    (styles.Status.INVALID, "填的内容不对,例如该填数字的填了文字、分子大于分母"),
    (styles.Status.NOT_APPLICABLE, "本期没有这类事项,要在“完成情况”写明理由"),
)


def _write_lines(shell: Shell, sheet: Worksheet, row: int, lines: Iterable[str]) -> None:
    wrapped = shell.format({**styles.STYLES["plain"], "text_wrap": True, "font_size": 12})
    for offset, line in enumerate(lines):
        sheet.write_string(row + offset, 0, line, wrapped)
