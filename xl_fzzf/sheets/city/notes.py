"""编制说明 of the city's summary: the method, what was left out and why, and from which files."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from xl_fzzf.model.city import City, District
from xl_fzzf.model.finding import Finding
from xl_fzzf.model.round import Received
from xl_fzzf.model.status import Status
from xl_fzzf.model.submission import Verdict
from xl_fzzf.office.book import Value
from xl_fzzf.sheets.shell import Shell
from xl_fzzf.sheets.summary.notes import (
    ACCEPTED,
    COMPLETENESS,
    MET_AND_UNMET,
    METHOD,
    UNUSED,
    USED,
    begin_notes,
    put_section,
)
from xl_fzzf.sheets.summary.prose import formal
from xl_fzzf.sheets.summary.words import say_date

_FINGERPRINT = "文件指纹(SHA-256)"
_FILES = ("序号", "文件", "区县", "判定", "收到时间")


def add_city_notes(shell: Shell, city: City, findings: Sequence[Finding]) -> None:
    """Add 编制说明: enough for an auditor to do it again from the same files."""
    sheet = begin_notes(shell)
    method = [(label, formal(words)) for label, words in _method(city)]
    row = put_section(shell, sheet, 2, "一、统计口径和方法", METHOD, (), method)
    used = list(_used(city))
    title = f"二、采用的汇总表 {len(used)} 份(原件按指纹存放在“档案”文件夹)"
    counted = ("及时", "记录", "采用", "没采用", "错误")
    row = put_section(shell, sheet, row, title, USED, (*_FILES, *counted, _FINGERPRINT), used)
    unused = [
        (number, file.file, file.unit, file.verdict, file.received, file.reason, file.sha256)
        for number, file in enumerate(_kept_out(city), 1)
    ]
    title = f"三、没有采用的文件 {len(unused)} 份"
    reasons = (*_FILES, "没有采用的原因", _FINGERPRINT)
    row = put_section(shell, sheet, row, title, UNUSED, reasons, unused)
    accepted: list[Sequence[Value]] = [
        (number, f.unit, f.indicator, f"{f.message}(“{f.value}”)", f.waiver)
        for number, f in enumerate((f for f in findings if f.accepted), 1)
    ]
    title = f"四、经核实接受的提醒 {len(accepted)} 条"
    headers = ("序号", "区县", "指标编号", "提醒和内容", "接受理由")
    put_section(shell, sheet, row, title, ACCEPTED, headers, accepted)


def _method(city: City) -> Iterator[tuple[str, str]]:
    plan, settings, counts = city.round.plan, city.round.settings, city.statuses
    missing = "、".join(unit.name for unit in city.missing) or "没有"
    yield "工作方案", plan.name
    yield "报告期", f"{city.period.label}({city.period}),各项数字从年初累计到报告期末"
    yield "统计日期", f"{say_date(city.as_of)},全市各项状态都按这一天、按市里的目标和期限判定"
    yield "区县的统计日期", _say_days(city)
    yield "报送截止", f"{say_date(settings.deadline)},以后收到的算逾期"
    yield (
        "市级值",
        "由各区县“数据”的逐条记录重新计算,不取区县“指标汇总”的数:计数、金额相加;比率为 Σ分子 ÷ Σ分母;"
        "是否为填“是”的单位占比;分值为各单位平均",
    )
    yield COMPLETENESS
    yield from MET_AND_UNMET
    yield (
        "与区县核对",
        "每份汇总表的“指标汇总”“报送情况”和每条记录的状态、比率,都用它自己的“数据”重新算过;"
        f"对不上的 {sum(d.errors for d in city.districts)} 处列在“校验结果”,市里按“数据”计算",
    )
    yield (
        "没有计入的",
        f"没有可用汇总表的区县:{missing};{_say_excluded(city.districts)};"
        f"待填 {counts[Status.MISSING]} 项、有误 {counts[Status.INVALID]} 项不计入市级值;"
        f"不适用 {counts[Status.NOT_APPLICABLE]} 项不计入达标率",
    )
    if city.sha256:
        yield "目标取自", f"{city.master},文件指纹(SHA-256)为 {city.sha256}"


def _say_days(city: City) -> str:
    days = {d.unit.name: say_date(d.as_of) if d.as_of else "没有写" for d in city.districts}
    if len(set(days.values())) < 2:
        return next(iter(days.values()), "没有")
    names = "、".join(f"{name} {day}" for name, day in days.items())
    return f"各区县不一致:{names};都按市里的统计日期重新判定"


def _say_excluded(districts: Sequence[District]) -> str:
    rows = [f"{d.unit.name} {d.excluded} 行" for d in districts if d.excluded]
    if not rows:
        return "各区县“数据”的记录全部计入"
    return f"编号或内容与市里的方案不同、或重复的记录:{'、'.join(rows)}"


def _used(city: City) -> Iterator[Sequence[Value]]:
    files = {file.file: file for file in city.files}
    for number, district in enumerate(city.districts, 1):
        file, count = files[district.file], len(district.assessments)
        yield (
            *(number, file.file, file.unit, file.verdict, file.received, file.timely),
            *(count + district.excluded, count, district.excluded, district.errors, file.sha256),
        )


def _kept_out(city: City) -> Iterator[Received]:
    return (file for file in city.files if file.verdict != Verdict.ACCEPTED.label)
