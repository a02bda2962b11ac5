"""编制说明 of a summary: how it was made, what was left out and why, and from which files.

It is to be enough for an auditor to do it again.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from xl_fzzf.model.alert import SOON
from xl_fzzf.model.round import Received, Standing
from xl_fzzf.model.status import Status
from xl_fzzf.model.submission import Verdict
from xl_fzzf.office.book import Value
from xl_fzzf.office.heights import height, lines_needed
from xl_fzzf.sheets import spec as layout
from xl_fzzf.sheets.shell import Shell
from xl_fzzf.sheets.summary.cells import span, write
from xl_fzzf.sheets.summary.prose import formal
from xl_fzzf.sheets.summary.words import say_date

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

Places = tuple[tuple[int, int], ...]

_WIDTHS = (7, 32, 18, 10, 18, 8, 8, 8, 8, 8, 52)
_ALL = (0, len(_WIDTHS) - 1)
METHOD: Places = ((0, 1), (2, 10))
USED: Places = tuple((column, column) for column in range(len(_WIDTHS)))
UNUSED: Places = ((0, 0), (1, 1), (2, 2), (3, 3), (4, 4), (5, 9), (10, 10))
ACCEPTED: Places = ((0, 0), (1, 1), (2, 2), (3, 9), (10, 10))
_FINGERPRINT = 64
"""Hexadecimal digits; they are printed small, on one line."""

COMPLETENESS = ("填报率", "已填的事项 ÷ 应填的事项;一项 = 一个单位的一个指标")
MET_AND_UNMET = (
    ("达标率", "达标的事项 ÷ 应填中除不适用以外的事项;待填、有误的也在分母里"),
    ("推进中和未达标", "都没有达到目标;完成期限未到的是推进中,已过的是未达标"),
)
"""What the shares are, of a district as of a city."""

SCORING = (
    "得分 = Σ(权重 × 完成度) ÷ Σ适用指标的权重 × 100。完成度:达标为 1,有数值下限的按达到下限的比例,"
    "其余为 0;不适用的不计,待填、有误的按 0。各领域列为该领域的完成度。同分同名次。"
)


def add_notes(shell: Shell, standing: Standing) -> None:
    """Add 编制说明: the method, the account, the files with their fingerprints, what was accepted."""
    sheet = begin_notes(shell)
    row = put_section(shell, sheet, 2, "一、统计口径和方法", METHOD, (), _method(standing))
    words = f"二、填报内容的去向:{say_account(standing)}"
    row = put_section(shell, sheet, row, words, METHOD, (), [])
    used = [file for file in standing.files if file.verdict == Verdict.ACCEPTED.label]
    unused = [file for file in standing.files if file.verdict != Verdict.ACCEPTED.label]
    row = _put_files(shell, sheet, row, used)
    row = _put_unused(shell, sheet, row, unused)
    _put_accepted(shell, sheet, row, standing)


def begin_notes(shell: Shell) -> Worksheet:
    """The sheet 编制说明 with its title; sections follow from row 2 (from 0)."""
    sheet = shell.sheet(layout.NOTES, "#7F7F7F")
    for column, width in enumerate(_WIDTHS):
        sheet.set_column(column, column, width, shell.style("plain"))
    sheet.set_row(0, 32)
    sheet.write_string(0, 0, layout.NOTES, shell.style("title"))
    write(sheet, 1, 0, shell.link(layout.OVERVIEW, "A1", "← 总览"), shell.style("back"))
    return sheet


def _method(standing: Standing) -> list[Sequence[Value]]:
    counts, settings = standing.statuses, standing.round.settings
    lines = [
        ("工作方案", standing.round.plan.name),
        ("报告期", f"{settings.period.label}({settings.period}),各项数字从年初累计到报告期末"),
        ("统计日期", f"{say_date(standing.as_of)},各项状态按这一天判定"),
        ("报送截止", f"{say_date(settings.deadline)},以后收到的算逾期"),
        COMPLETENESS,
        ("及时率", "按时报送的单位 ÷ 应报单位"),
        *MET_AND_UNMET,
        ("区级值", "计数、金额相加;比率为 Σ分子 ÷ Σ分母;是否为填“是”的单位占比;分值为各单位平均"),
        (
            "没有计入的",
            f"待填 {counts[Status.MISSING]} 项、有误 {counts[Status.INVALID]} 项不计入区级值;"
            f"不适用 {counts[Status.NOT_APPLICABLE]} 项不计入达标率",
        ),
        ("考核得分", SCORING),
        (
            "三色预警",
            f"未达标的按整改时限:已过期或没有写明为红,{SOON} 天以内为黄,{SOON} 天以上为蓝",
        ),
        ("上期和趋势", _say_history(standing)),
    ]
    if standing.sha256:
        lines.append(("取自", f"{standing.master},文件指纹(SHA-256)为 {standing.sha256}"))
    lines.extend(("报送档案", notice) for notice in standing.notices)
    return [(label, formal(words)) for label, words in lines]


def _say_history(standing: Standing) -> str:
    if not standing.history:
        return "档案里没有以前的报告期,不作比较"
    periods = "、".join(str(past.period) for past in standing.history)
    words = f"以前各期({periods})取自各期台账,按各期自己的目标、最后一次汇总的统计日期判定"
    if standing.before is None:
        words += ";上一期不在同一年,累计数重新起算,不作比较"
    return words


def say_account(standing: Standing) -> str:
    """Where the entries of the files that count went."""
    account = standing.account
    return (
        f"采用的填报表共读到填报内容 {account.read} 项,其中采用 {account.recorded} 项,"
        f"有问题没有采用 {account.found} 项,说明等不计入的 {account.ignored} 项。"
    )


def _put_files(shell: Shell, sheet: Worksheet, row: int, files: Sequence[Received]) -> int:
    headers = ("序号", "文件", "单位", "判定", "收到时间", "及时", "读到", "采用", "未采用", "不计")
    lines: list[Sequence[Value]] = [
        (
            *(number, file.file, file.unit, file.verdict, file.received, file.timely),
            *(file.account.read, file.account.recorded, file.account.found, file.account.ignored),
            file.sha256,
        )
        for number, file in enumerate(files, 1)
    ]
    title = f"三、采用的文件 {len(files)} 份(原件按指纹存放在“档案”文件夹)"
    return put_section(shell, sheet, row, title, USED, (*headers, "文件指纹(SHA-256)"), lines)


def _put_unused(shell: Shell, sheet: Worksheet, row: int, files: Sequence[Received]) -> int:
    headers = ("序号", "文件", "单位", "判定", "收到时间", "没有采用的原因", "文件指纹(SHA-256)")
    lines: list[Sequence[Value]] = [
        (number, file.file, file.unit, file.verdict, file.received, file.reason, file.sha256)
        for number, file in enumerate(files, 1)
    ]
    title = f"四、没有采用的文件 {len(files)} 份"
    return put_section(shell, sheet, row, title, UNUSED, headers, lines)


def _put_accepted(shell: Shell, sheet: Worksheet, row: int, standing: Standing) -> None:
    headers = ("序号", "单位", "指标编号", "提醒和填报内容", "接受理由")
    lines: list[Sequence[Value]] = [
        (number, w.unit, w.indicator, f"{w.message}(填的是“{w.value}”)", w.reason)
        for number, w in enumerate(standing.accepted, 1)
    ]
    title = f"五、经核实接受的提醒 {len(lines)} 条"
    put_section(shell, sheet, row, title, ACCEPTED, headers, lines)


def put_section(
    shell: Shell,
    sheet: Worksheet,
    row: int,
    title: str,
    places: Places,
    headers: Sequence[str],
    lines: Sequence[Sequence[Value]],
) -> int:
    """A heading and the lines below it, as high as they need; the row for the next one."""
    sheet.set_row(row, 26)
    span(sheet, row, _ALL, title, shell.style("section"))
    if headers and lines:
        row += 1
        for place, header in zip(places, headers, strict=True):
            span(sheet, row, place, header, shell.style("header"))
    for line in lines:
        row += 1
        needed = 1
        for place, value in zip(places, line, strict=True):
            words = value if isinstance(value, str) else ""
            if len(words) != _FINGERPRINT:
                needed = max(needed, lines_needed(words, _width(place)))
            span(sheet, row, place, value, shell.style(_style(place, words)))
        sheet.set_row(row, height(needed))
    return row + 2


def _style(place: tuple[int, int], words: str) -> str:
    if len(words) == _FINGERPRINT:
        return "fingerprint"
    return "text" if _width(place) > 18 else "center"


def _width(place: tuple[int, int]) -> float:
    return sum(_WIDTHS[place[0] : place[1] + 1])
