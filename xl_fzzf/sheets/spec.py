"""The one place that knows sheets and columns: names, headers, widths, and what a kind of row uses."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from xl_fzzf.model.plan import SAFEGUARDS, Area
from xl_fzzf.model.record import ENTRY_LABELS
from xl_fzzf.model.status import Status
from xl_fzzf.office.book import SWATCH_SHEET
from xl_fzzf.office.naming import numeral, safe_sheet_name
from xl_fzzf.office.tables import Column, Columns, letter_of, place_of
from xl_fzzf.sheets.forms import FLAG, KIND, PLAIN, TARGETS, WORDS, DrivingColumn

VERSION = "1"
"""The layout's version, stamped into every workbook; a reader refuses another one."""

MASTER, RETURN, SUMMARY = "master", "return", "summary"
CITY, CITY_SUMMARY = "city", "city-summary"
"""The kinds of workbook, as stamped."""

GUIDE = "填报说明"
COVER = "封面"
OVERVIEW = "总览"
TASKS = "任务"
INDICATORS = "指标"
UNITS = "单位"
ASSIGNMENTS = "责任分工"
SETTINGS = "设置"
REGISTER = "报送登记"
FINDINGS = "校验结果"
UNMET = "未达标清单"
INDICATOR_TOTALS = "指标汇总"
MATRIX = "单位矩阵"
SCORES = "考核得分"
SUBMISSIONS = "报送情况"
DISTRICT_MATRIX = "区县矩阵"
NOTES = "编制说明"
CORRECTIONS = "更正说明"
DATA = "数据"
STAMP = SWATCH_SHEET
ORIGINS = "_fzzf_来源"

AS_OF_NAME = "fzzf_as_of"
"""The defined name of the date as of which statuses are judged; it is a cell of the stamp sheet."""

BANNER = 1, 3
"""Row and column, from 1, of 校验结果 in a return, where a check says what it came to."""

NOTHING_NAME = "fzzf_nothing"
"""The defined name of the cell of 填报说明 in a return in which a unit says 本期无."""

NOTHING_PLACE = 9, 2
"""Its row and column, from 1."""

HEADER_ROW = 3
"""The header row of every table in a new workbook, from 1."""

IMPRINT = "汇总表指纹"
"""What stands on a summary's cover before its imprint."""

LAST_ROW = 20_000
"""Formats that cover a whole table reach this row, so that added rows need none."""


DATE, _TEXT, SHARE = "yyyy-mm-dd", "@", "0.0%"


@dataclass(frozen=True, slots=True)
class AreaColumn(Column):
    """A column of the area sheets, in masters and returns.

    `style` is the style of its cells; without one it depends on the kind of indicator. An entry that
    every indicator has is told what to fill in by `prompt`, in which `{evidence}` and `{year}` are the plan's.
    """

    style: str = ""
    prompt: str = ""


def columns_of(*columns: tuple[str, str, float] | tuple[str, str, float, str]) -> Columns:
    """Columns by field, header, width and perhaps number format."""
    return tuple(Column(*column) for column in columns)


LISTS = frozenset({REGISTER, FINDINGS, UNMET})
"""Sheets that hold 单位 and 指标编号 but no records."""

AREA_COLUMNS = (
    AreaColumn("unit", "单位", 12, also=("单位名称", "填报单位", "报送单位"), style="center"),
    AreaColumn("task", "任务", 5, style="center"),
    AreaColumn("code", "指标编号", 6, also=("指标编码", "指标代码", "指标序号"), style="center"),
    AreaColumn("text", "指标", 27, also=("指标名称", "指标内容"), style="asked"),
    AreaColumn("target", "目标", 8.5, also=("目标值",), style="center"),
    AreaColumn("previous", "上期值", 7, also=("上期完成值", "上期数"), style="center"),
    AreaColumn("numerator", ENTRY_LABELS["numerator"], 7),
    AreaColumn("denominator", ENTRY_LABELS["denominator"], 7),
    AreaColumn("value", ENTRY_LABELS["value"], 8, also=("完成数", "实际完成值", "实际值")),
    AreaColumn("status", "状态", 7, style="status"),
    AreaColumn("hint", "校验提示", 16, style="hint"),
    AreaColumn(
        "narrative",
        ENTRY_LABELS["narrative"],
        20,
        also=("完成情况说明", "进展情况", "工作进展"),
        style="entry_text",
        prompt="写清做了什么、什么时候、效果如何；填“不适用”的，在这里写明理由。",
    ),
    AreaColumn(
        "evidence",
        ENTRY_LABELS["evidence"],
        13,
        also=("佐证", "佐证资料", "证明材料"),
        style="entry_text",
        prompt="写佐证材料的名称和文号，例如：{evidence}。选“是”的必须填写。",
    ),
    AreaColumn(
        "reason",
        ENTRY_LABELS["reason"],
        15,
        also=("未达标原因和整改措施", "未达标原因", "原因及整改措施"),
        style="entry_text",
        prompt="未达标的，写明原因和整改措施。",
    ),
    AreaColumn(
        "deadline",
        ENTRY_LABELS["deadline"],
        10,
        also=("整改期限", "整改完成时限"),
        style="entry_date",
        prompt="未达标的填整改完成日期，例如 {year}-12-20。",
    ),
)
"""What is judged, its status and what to do about it stand together; the texts come after."""

RETURN_BEGINS = place_of(AREA_COLUMNS, "code")
"""The columns of an area sheet before this one are hidden in a return: they are the same in all its
rows, or follow from 指标编号."""

AREA_TOP = f"{letter_of(AREA_COLUMNS, 'code')}1"
"""The cell of an area sheet that links to it lead to; it is seen in masters and returns."""

TASK_COLUMNS = (
    DrivingColumn("area", "领域", 26),
    DrivingColumn("number", "任务", 8, _TEXT),
    DrivingColumn("name", "名称", 16),
    DrivingColumn("text", "任务原文", 90),
    DrivingColumn("responsible", "责任单位", 44),
)
INDICATOR_COLUMNS = (
    DrivingColumn("task", "任务", 7, _TEXT),
    DrivingColumn("code", "指标编号", 9, _TEXT),
    DrivingColumn("text", "指标", 46),
    DrivingColumn("kind", "类型", 8, form=KIND),
    DrivingColumn("measure", "计量单位", 9),
    DrivingColumn("target", "目标", 12, also=("目标值",)),
    DrivingColumn("targets", "分类目标", 20, form=TARGETS),
    DrivingColumn("due", "完成期限", 12, DATE, also=("完成时限",), form=PLAIN),
    DrivingColumn("weight", "权重", 7, form=PLAIN),
    DrivingColumn("scope", "适用范围", 16, form=WORDS),
    DrivingColumn("limit", "上限", 9, form=PLAIN),
    DrivingColumn("numerator", "分子填什么", 24),
    DrivingColumn("denominator", "分母填什么", 24),
    DrivingColumn("total", "合计单位", 12),
)
UNIT_COLUMNS = (
    DrivingColumn("code", "单位代码", 9, _TEXT),
    DrivingColumn("name", "单位名称", 22),
    DrivingColumn("kind", "单位类别", 11),
    DrivingColumn("enforcement", "行政执法职责", 9, form=FLAG),
    DrivingColumn("aliases", "别名", 50, form=WORDS),
    DrivingColumn("contact", "联系人", 12),
    DrivingColumn("email", "邮箱", 24),
    DrivingColumn("confirmed", "已核实", 8, form=FLAG),
)
SETTING_COLUMNS = columns_of(("key", "项目", 20), ("value", "设置值", 44), ("note", "说明", 60))
RULE_COLUMNS = columns_of(("rule", "规则", 20), ("severity", "级别", 44), ("note", "规则说明", 60))
REGISTER_COLUMNS = columns_of(
    ("file", "文件", 34),
    ("unit", "单位", 16),
    ("verdict", "判定", 9),
    ("reason", "原因", 40),
    ("received", "收到时间", 17),
    ("timely", "是否及时", 9),
    ("records", "记录数", 8),
    ("errors", "错误", 7),
    ("warnings", "提醒", 7),
    ("read", "填报项", 8),
    ("found", "未采用", 8),
    ("ignored", "不计", 7),
    ("sha256", "文件指纹", 24),
)
FINDING_COLUMNS = columns_of(
    ("number", "序号", 6),
    ("severity", "级别", 9),
    ("unit", "单位", 14),
    ("place", "定位", 20),
    ("indicator", "指标编号", 9),
    ("message", "问题", 40),
    ("value", "填报内容", 16),
    ("expected", "应为", 22),
    ("remedy", "怎么办", 36),
    ("waiver", "接受理由", 26),
    ("title", "规则", 14),
    ("file", "文件", 26),
    ("source", "出处", 20),
)
UNMET_COLUMNS = columns_of(
    ("number", "序号", 6),
    ("unit", "单位", 14),
    ("task", "任务", 6),
    ("code", "指标编号", 9),
    ("text", "指标", 40),
    ("target", "目标", 11),
    ("value", "完成值", 9),
    ("gap", "差距", 14),
    ("reason", "未达标原因及整改措施", 34),
    ("deadline", "整改时限", 11, DATE),
    ("days", "剩余天数", 9),
    ("place", "定位", 18),
)
INDICATOR_TOTAL_COLUMNS = columns_of(
    ("code", "指标编号", 7, _TEXT),
    ("text", "指标", 32),
    ("target", "目标", 13),
    ("value", "汇总值", 10),
    ("status", "状态", 9),
    *((status.name.lower(), status.value, 6) for status in Status),
    ("note", "说明", 60),
    ("area", "领域", 28),
    ("task", "任务", 6, _TEXT),
    ("kind", "类型", 6),
    ("numerator", "分子", 9),
    ("denominator", "分母", 9),
)
"""Those from 说明 on are for the screen and the next level: they are not printed."""

SUBMISSION_COLUMNS = columns_of(
    ("unit", "单位", 22),
    ("kind", "类别", 10),
    ("reported", "是否报送", 9),
    ("timely", "是否及时", 9),
    ("expected", "应填", 7),
    ("filled", "已填", 7),
    ("completeness", "填报率", 9, SHARE),
    ("met", "达标", 7),
    ("unmet", "未达标", 8),
    ("invalid", "有误", 7),
)
_STATED = ("unit", "code", "text", "target", "value", "status")
SUMMARY_LISTS: dict[str, Columns] = {
    INDICATOR_TOTALS: tuple(c for c in INDICATOR_TOTAL_COLUMNS if c.field not in ("area", "note")),
    SUBMISSIONS: SUBMISSION_COLUMNS,
    DATA: tuple(column for column in AREA_COLUMNS if column.field in _STATED),
}
"""What the next level reads of a summary's tables, beside the records of 数据."""

TOTAL_MARK = "合计单位，不重复相加"
"""Beside a record of 数据 that states the district's own total: it is no part of the sum."""

SCORE_COLUMNS = columns_of(
    ("rank", "名次", 7),
    ("unit", "单位", 24),
    ("kind", "类别", 11),
    ("score", "得分", 9, "0.00"),
)
"""Followed by one column for each area; see `score_columns`."""


def area_sheet(area: Area) -> str:
    """An area's sheet name: 一、加强组织领导; the safeguards' sheet is called by their name."""
    if area.number == SAFEGUARDS:
        return safe_sheet_name(area.name)
    return safe_sheet_name(f"{numeral(area.number)}、{area.name}")


def score_columns(areas: Iterable[Area]) -> Columns:
    """The columns of 考核得分: rank, unit, kind, score, and the attainment in each area."""
    shares = (Column(f"area{area.number}", area_sheet(area), 12, SHARE) for area in areas)
    return (*SCORE_COLUMNS, *shares)
