"""Rules on the file as a whole; any error of theirs keeps the file out (quarantine)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from xl_fzzf.model.finding import Severity
from xl_fzzf.model.plan import Plan, Unit, fold
from xl_fzzf.model.submission import Submission, Trait
from xl_fzzf.rules.rule import Fault, Rule

_RESEND = "请用本期下发的填报表填好后重新报送"
_SHORTEST_NAME = 3
_ABOUT_BEFORE = re.compile(r"(?:赴|到|在|对|向|去|关于|有关)$")
_ABOUT_AFTER = re.compile(
    r"(?:中学|小学|中心校|学校|卫生院|派出所|司法所|社区|村|路|调研|检查|督导)"
)


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

    def says(self, key: str) -> str:
        """A value of the file's stamp."""
        return self.submission.stamp.get(key, "")


def readable(case: FileCase) -> Iterator[Fault]:
    """可读: the file can't be read at all."""
    if case.submission.unreadable:
        yield Fault(case.submission.unreadable, expected="能打开的 .xlsx 填报表", remedy=_RESEND)


def ours(case: FileCase) -> Iterator[Fault]:
    """本系统的表: the file is a workbook, but not one of our returns."""
    kind = case.says("kind")
    if not case.submission.unreadable and not case.ours:
        what = {"master": "这是台账,不是填报表", "summary": "这是汇总表,不是填报表"}
        yield Fault(
            what.get(kind, "不是下发的填报表(没有本系统的标记)"),
            value=kind,
            expected="下发的填报表",
            remedy=_RESEND,
        )


def plan_(case: FileCase) -> Iterator[Fault]:
    """方案: the return belongs to another plan."""
    found = case.says("plan")
    if case.ours and found != case.plan.name:
        yield Fault(
            "填报表属于另一个工作方案", value=found, expected=case.plan.name, remedy=_RESEND
        )


def version_(case: FileCase) -> Iterator[Fault]:
    """版本: the return has another layout version."""
    found = case.says("version")
    if case.ours and found != case.version:
        yield Fault("填报表的版本不对", value=found, expected=case.version, remedy=_RESEND)


def period_(case: FileCase) -> Iterator[Fault]:
    """报告期: the return belongs to another period."""
    found = case.says("period")
    if case.ours and found != case.period:
        yield Fault("填报表的报告期不对", value=found, expected=case.period, remedy=_RESEND)


def unit_(case: FileCase) -> Iterator[Fault]:
    """单位: the return's unit is not in the roster."""
    found = case.says("unit")
    if case.ours and case.unit is None:
        yield Fault(
            "填报单位不在单位名录里",
            value=found,
            expected="单位名录中的单位",
            remedy="请汇总单位在“单位”表里加上这个单位或别名,再运行一次",
        )


def name_(case: FileCase) -> Iterator[Fault]:
    """文件名: it names another unit and not the one that the return is made out to."""
    own, unit = case.ours, case.unit
    named = find_named(case.plan, case.submission.file) if own and unit else ()
    if unit and named and unit not in named:
        names = "、".join(other.name for other in named)
        yield Fault(
            f"文件名写的是“{names}”,填报表却是下发给“{unit.name}”的",
            value=_base_name(case.submission.file),
            expected=f"文件名与填报单位“{unit.name}”一致",
            remedy="请向两个单位核实是谁报的:确是这个单位的,请把文件改名后再汇总;否则请退回重报",
        )


def find_named(plan: Plan, file: str) -> tuple[Unit, ...]:
    """The units whose name or alias stands in a file's name, not inside a longer one.

    A place that is only spoken about (赴金凤镇调研, 金凤镇中学) is no sender.
    """
    words = fold(_base_name(file))
    spans = [
        (match.start(), -match.end(), unit)
        for name, unit in plan.unit_by_name.items()
        if len(name) >= _SHORTEST_NAME and name in words
        for match in re.finditer(re.escape(name), words)
        if not _ABOUT_BEFORE.search(words, 0, match.start())
        and not _ABOUT_AFTER.match(words, match.end())
    ]
    named: dict[str, Unit] = {}
    reached = 0
    for _, end, unit in sorted(spans, key=lambda span: span[:2]):
        if -end > reached:
            named[unit.code] = unit
            reached = -end
    return tuple(named.values())


def _base_name(file: str) -> str:
    return re.split(r"[/\\]", file)[-1]


def filled(case: FileCase) -> Iterator[Fault]:
    """空表: the return was sent back with nothing filled in."""
    if case.ours and case.submission.empty:
        yield Fault("填报表是空的,一项也没有填", expected="填好的填报表", remedy=_RESEND)


def _trait(trait: Trait, checks: str, says: str, message: str, remedy: str) -> Rule[FileCase]:
    """A rule on a trait: the file is read all the same, and this is to be known about it."""

    def check(case: FileCase) -> Iterator[Fault]:
        if trait in case.submission.traits:
            yield Fault(
                message,
                value=case.submission.traits[trait],
                expected="下发的填报表原样填写,另存为 .xlsx",
                remedy=remedy,
            )

    check.__doc__ = says
    harmless = trait is Trait.FORMAT
    return Rule(Severity.INFO if harmless else Severity.WARNING, checks, check)


FILE_RULES: dict[str, Rule[FileCase]] = {
    "readable": Rule(Severity.ERROR, "文件能打开", readable, fixed=True),
    "ours": Rule(Severity.ERROR, "是下发的填报表", ours, fixed=True),
    "plan": Rule(Severity.ERROR, "属于本方案", plan_),
    "version": Rule(Severity.ERROR, "版本相同", version_),
    "period": Rule(Severity.ERROR, "属于本报告期", period_),
    "unit": Rule(Severity.ERROR, "单位在单位名录里", unit_, fixed=True),
    "name": Rule(Severity.ERROR, "文件名里没有写着别的单位", name_),
    "empty": Rule(Severity.ERROR, "不是空表", filled),
    "macros": _trait(
        Trait.MACROS,
        "不带宏",
        "宏: the file holds macros; they are neither run nor copied.",
        "文件带有宏;宏没有运行,只读了单元格的值",
        "请核对是否有人加了宏;报送时请另存为不带宏的 .xlsx",
    ),
    "links": _trait(
        Trait.LINKS,
        "不链接别的文件",
        "外部链接: the file links to other files or sources; nothing is followed, the values stored are read.",
        "文件链接了别的文件或数据源;没有去取数,只读了文件里存着的值,可能不是最新的",
        "请把链接的单元格改成数值(复制,选择性粘贴为值)再报送,或核对这些值",
    ),
    "embedded": _trait(
        Trait.EMBEDDED,
        "没有图片和嵌入的附件",
        "图片和附件: the file holds pictures, controls or embedded objects; they are neither read nor copied.",
        "文件里有图片或嵌入的附件;里面的内容不会采用",
        "请把图片、附件里的内容写进单元格,材料另附",
    ),
    "comments": _trait(
        Trait.COMMENTS,
        "没有批注",
        "批注: cells carry comments or notes; they are not read.",
        "有批注,批注里的内容不会采用",
        "请把批注里要报的内容写进“完成情况”",
    ),
    "hidden-sheets": _trait(
        Trait.HIDDEN_SHEETS,
        "没有隐藏的工作表",
        "隐藏的工作表: a sheet is hidden; it is read like any other.",
        "有隐藏的工作表,其中的填报内容照样采用",
        "请取消隐藏并核对这些工作表",
    ),
    "extra-sheets": _trait(
        Trait.EXTRA_SHEETS,
        "没有多余的工作表",
        "多余的工作表: there are sheets that no return has; they are not read.",
        "有下发时没有的工作表,里面的内容不会采用",
        "请把要报的内容填进领域表;多余的工作表可以删除",
    ),
    "default-password": _trait(
        Trait.DEFAULT_PASSWORD,
        "没有加密",
        "默认密码: the file is encrypted with the password that Excel tries by itself.",
        "文件用默认密码加了密(表格程序能直接打开),已解密读取",
        "请取消工作簿加密后再保存",
    ),
    "dates-1904": _trait(
        Trait.DATES_1904,
        "日期从 1900 年起算",
        "日期系统: dates count from 1904; they were converted.",
        "文件用的是 1904 日期系统(旧的 Mac 表格),日期已换算",
        "请核对整改时限等日期",
    ),
    "format": _trait(
        Trait.FORMAT,
        "是 .xlsx 文件",
        "文件格式: the file isn't .xlsx, or is called something else; it was read by its true type.",
        "文件不是 .xlsx 格式(或扩展名与内容不符),已按真实格式读取",
        "请核对采用的值;以后请直接填写下发的 .xlsx",
    ),
}
