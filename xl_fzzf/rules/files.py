"""Rules on a file as a whole, as a unit's return or, one level up, as a district's summary.

Any error of theirs keeps the file out (quarantine).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from xl_fzzf.model.finding import Severity
from xl_fzzf.model.plan import Plan, Unit, find_named
from xl_fzzf.model.submission import Submission, Trait
from xl_fzzf.rules.rule import Fault, Rules

_RESEND = "请用本期下发的填报表填好后重新报送"
_RESEND_SUMMARY = "请区县用 fzzf report 重新生成汇总表后报送"
_NO_SUMMARY = {"return": "这是填报表，不是区县的汇总表", "master": "这是台账，不是区县的汇总表"}


@dataclass(frozen=True, slots=True)
class FileCase:
    """A submission beside the round it is held against: plan, layout version and period.

    `wanted` is the kind of workbook that the round takes, `lacking` says what of its tables is not
    as it should be.
    """

    submission: Submission
    plan: Plan
    version: str
    period: str
    wanted: str = "return"
    lacking: tuple[str, ...] = ()

    @property
    def ours(self) -> bool:
        """Whether it is a workbook of the kind that the round takes."""
        return self.says("kind") == self.wanted

    @property
    def unit(self) -> Unit | None:
        """The unit that the file says it comes from."""
        return self.plan.find_unit(self.says("unit"))

    @property
    def empty(self) -> bool:
        """Whether a return tells nothing; last year's value may have been in it when it was sent out."""
        rows = (row for sheet in self.submission.sheets.values() for row in sheet.rows)
        silent = all(self.plan.silent(row.code, row.record) for row in rows)
        return silent and not self.submission.excuse

    def says(self, key: str) -> str:
        """A value of the file's stamp."""
        return self.submission.stamp.get(key, "")


FILE_RULES: Rules[FileCase] = Rules()


@FILE_RULES("readable", Severity.ERROR, "文件能打开", fixed=True)
def readable(case: FileCase) -> Iterator[Fault]:
    """可读: the file can't be read at all."""
    if case.submission.unreadable:
        yield Fault(case.submission.unreadable, expected="能打开的 .xlsx 填报表", remedy=_RESEND)


@FILE_RULES("ours", Severity.ERROR, "是下发的填报表", fixed=True)
def ours(case: FileCase) -> Iterator[Fault]:
    """本系统的表: the file is a workbook, but not one of our returns."""
    kind = case.says("kind")
    if not case.submission.unreadable and not case.ours:
        what = {"master": "这是台账，不是填报表", "summary": "这是汇总表，不是填报表"}
        yield Fault(
            what.get(kind, "不是下发的填报表（没有本系统的标记）"),
            value=kind,
            expected="下发的填报表",
            remedy=_RESEND,
        )


@FILE_RULES("plan", Severity.ERROR, "属于本方案")
def plan_(case: FileCase) -> Iterator[Fault]:
    """方案: the return belongs to another plan."""
    found = case.says("plan")
    if case.ours and found != case.plan.name:
        yield Fault(
            "填报表属于另一个工作方案", value=found, expected=case.plan.name, remedy=_RESEND
        )


@FILE_RULES("version", Severity.ERROR, "版本相同")
def version_(case: FileCase) -> Iterator[Fault]:
    """版本: the return has another layout version."""
    found = case.says("version")
    if case.ours and found != case.version:
        yield Fault("填报表的版本不对", value=found, expected=case.version, remedy=_RESEND)


@FILE_RULES("period", Severity.ERROR, "属于本报告期")
def period_(case: FileCase) -> Iterator[Fault]:
    """报告期: the return belongs to another period."""
    found = case.says("period")
    if case.ours and found != case.period:
        yield Fault("填报表的报告期不对", value=found, expected=case.period, remedy=_RESEND)


@FILE_RULES("unit", Severity.ERROR, "单位在单位名录里", fixed=True)
def unit_(case: FileCase) -> Iterator[Fault]:
    """单位: the return's unit is not in the roster."""
    found = case.says("unit")
    if case.ours and case.unit is None:
        yield Fault(
            "填报单位不在单位名录里",
            value=found,
            expected="单位名录中的单位",
            remedy="请汇总单位在“单位”表里加上这个单位或别名，再运行一次",
        )


@FILE_RULES("name", Severity.ERROR, "文件名里没有写着别的单位")
def name_(case: FileCase) -> Iterator[Fault]:
    """文件名: it names another unit and not the one that the return is made out to."""
    own, unit = case.ours, case.unit
    named = find_named(case.plan, _base_name(case.submission.file)) if own and unit else ()
    if unit and named and unit not in named:
        names = "、".join(other.name for other in named)
        yield Fault(
            f"文件名写的是“{names}”，填报表却是下发给“{unit.name}”的",
            value=_base_name(case.submission.file),
            expected=f"文件名与填报单位“{unit.name}”一致",
            remedy="请向两个单位核实是谁报的：确是这个单位的，请把文件改名后再汇总；否则请退回重报",
        )


def _base_name(file: str) -> str:
    return re.split(r"[/\\]", file)[-1]


@FILE_RULES("empty", Severity.ERROR, "不是空表")
def filled(case: FileCase) -> Iterator[Fault]:
    """空表: the return was sent back with nothing filled in."""
    if case.ours and case.empty:
        yield Fault("填报表是空的，一项也没有填", expected="填好的填报表", remedy=_RESEND)


_TRAITS = {
    Trait.MACROS: (
        "不带宏",
        "宏: the file holds macros; they are neither run nor copied.",
        "文件带有宏；宏没有运行，只读了单元格的值",
        "请核对是否有人加了宏；报送时请另存为不带宏的 .xlsx",
    ),
    Trait.LINKS: (
        "不链接别的文件",
        "外部链接: the file links to other files or sources; nothing is followed, the values stored are read.",
        "文件链接了别的文件或数据源；没有去取数，只读了文件里存着的值，可能不是最新的",
        "请把链接的单元格改成数值（复制，选择性粘贴为值）再报送，或核对这些值",
    ),
    Trait.EMBEDDED: (
        "没有图片和嵌入的附件",
        "图片和附件: the file holds pictures, controls or embedded objects; they are neither read nor copied.",
        "文件里有图片或嵌入的附件；里面的内容不会采用",
        "请把图片、附件里的内容写进单元格，材料另附",
    ),
    Trait.COMMENTS: (
        "没有批注",
        "批注: cells carry comments or notes; they are not read.",
        "有批注，批注里的内容不会采用",
        "请把批注里要报的内容写进“完成情况”",
    ),
    Trait.HIDDEN_SHEETS: (
        "没有隐藏的工作表",
        "隐藏的工作表: a sheet is hidden; it is read like any other.",
        "有隐藏的工作表，其中的填报内容照样采用",
        "请取消隐藏并核对这些工作表",
    ),
    Trait.EXTRA_SHEETS: (
        "没有多余的工作表",
        "多余的工作表: there are sheets that no return has; they are not read.",
        "有下发时没有的工作表，里面的内容不会采用",
        "请把要报的内容填进领域表；多余的工作表可以删除",
    ),
    Trait.DEFAULT_PASSWORD: (
        "没有加密",
        "默认密码: the file is encrypted with the password that Excel tries by itself.",
        "文件用默认密码加了密（表格程序能直接打开），已解密读取",
        "请取消工作簿加密后再保存",
    ),
    Trait.DATES_1904: (
        "日期从 1900 年起算",
        "日期系统: dates count from 1904; they were converted.",
        "文件用的是 1904 日期系统（旧的 Mac 表格），日期已换算",
        "请核对整改时限等日期",
    ),
    Trait.FORMAT: (
        "是 .xlsx 文件",
        "文件格式: the file isn't .xlsx, or is called something else; it was read by its true type.",
        "文件不是 .xlsx 格式（或扩展名与内容不符），已按真实格式读取",
        "请核对采用的值；以后请直接填写下发的 .xlsx",
    ),
}
"""By trait: what its rule checks, its docstring, message and remedy; the file is read all the same."""


def _look_for(trait: Trait) -> None:
    checks, says, message, remedy = _TRAITS[trait]

    def check(case: FileCase) -> Iterator[Fault]:
        if trait in case.submission.traits:
            yield Fault(
                message,
                value=case.submission.traits[trait],
                expected="下发的填报表原样填写，另存为 .xlsx",
                remedy=remedy,
            )

    check.__doc__ = says
    severity = Severity.INFO if trait is Trait.FORMAT else Severity.WARNING
    FILE_RULES(trait.value, severity, checks)(check)


for _trait in _TRAITS:
    _look_for(_trait)


def find_lacking(submission: Submission, tables: Sequence[str]) -> Iterator[str]:
    """What is not as it should be of the tables that are recomputed, the records' being the last."""
    for name in tables:
        table, area = submission.lists.get(name), submission.sheets.get(name)
        if table is None or (name == tables[-1] and area is None):
            yield f"没有工作表“{name}”"
            continue
        missing = dict.fromkeys((*table.missing, *(area.missing if area else ())))
        yield from (f"“{name}”没有表头“{header}”" for header in missing)
        yield from (f"“{name}”有两个表头“{h}”" for h in (area.duplicated if area else ()))


SUMMARY_FILE_RULES: Rules[FileCase] = Rules()


@SUMMARY_FILE_RULES("summary-readable", Severity.ERROR, "汇总表能读")
def summary_readable(case: FileCase) -> Iterator[Fault]:
    """汇总表可读: the file can't be read at all."""
    if case.submission.unreadable:
        yield Fault(case.submission.unreadable, expected="能打开的汇总表", remedy=_RESEND_SUMMARY)


@SUMMARY_FILE_RULES("summary-ours", Severity.ERROR, "是区县的汇总表")
def summary_ours(case: FileCase) -> Iterator[Fault]:
    """汇总表: the file is a workbook, but no district's summary."""
    kind = case.says("kind")
    if not case.submission.unreadable and not case.ours:
        message = _NO_SUMMARY.get(kind, "不是区县的汇总表（没有本系统的标记）")
        yield Fault(message, value=kind, expected="区县上报的汇总表", remedy=_RESEND_SUMMARY)


@SUMMARY_FILE_RULES("summary-version", Severity.ERROR, "汇总表的版本与程序一致")
def summary_version(case: FileCase) -> Iterator[Fault]:
    """汇总表版本: the summary has another layout version."""
    if case.ours and case.says("version") != case.version:
        found = case.says("version")
        yield Fault("汇总表的版本不对", value=found, expected=case.version, remedy=_RESEND_SUMMARY)


@SUMMARY_FILE_RULES("summary-period", Severity.ERROR, "汇总表是本期的")
def summary_period(case: FileCase) -> Iterator[Fault]:
    """汇总表报告期: the summary belongs to another period."""
    if case.ours and case.says("period") != case.period:
        found = case.says("period")
        yield Fault("汇总表的报告期不对", value=found, expected=case.period, remedy=_RESEND_SUMMARY)


@SUMMARY_FILE_RULES("summary-district", Severity.ERROR, "区县在市级台账的“单位”表里")
def summary_district(case: FileCase) -> Iterator[Fault]:
    """区县: the summary's district is not in the city's roster."""
    if case.ours and case.unit is None:
        yield Fault(
            "汇总表的区县不在“单位”表里",
            value=case.says("unit"),
            expected="“单位”表中的区县",
            remedy="请在市级台账的“单位”表里加上这个区县或别名，再运行一次",
        )


@SUMMARY_FILE_RULES("summary-tables", Severity.ERROR, "数据、指标汇总、报送情况三张表齐全")
def summary_tables(case: FileCase) -> Iterator[Fault]:
    """表和表头: a table that is recomputed is gone, or lacks a column."""
    if case.ours and case.lacking:
        yield Fault(
            f"汇总表的表或表头不全：{'、'.join(case.lacking)}",
            expected="程序生成的汇总表，没有删改",
            remedy=_RESEND_SUMMARY,
        )
