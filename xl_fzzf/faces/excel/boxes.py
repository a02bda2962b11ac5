"""What a button's result box says, line by line: what happened, and what to do next."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import xl_fzzf
from xl_fzzf.desk.errors import write_log
from xl_fzzf.faces.words import distributing, say
from xl_fzzf.faces.words.signing import say_corrections
from xl_fzzf.faces.words.telling import box_text
from xl_fzzf.model.errors import UserError
from xl_fzzf.model.finding import Finding, Severity
from xl_fzzf.model.problems import PlanError
from xl_fzzf.model.status import Status
from xl_fzzf.model.submission import Verdict

if TYPE_CHECKING:
    from xl_fzzf.desk.mail.drafting import Drafts
    from xl_fzzf.jobs.approve import Approved, Reopened
    from xl_fzzf.jobs.check import CheckResult
    from xl_fzzf.jobs.consolidate import Consolidation
    from xl_fzzf.jobs.distribute import Distribution
    from xl_fzzf.jobs.mark_unmet import Marking
    from xl_fzzf.jobs.report import Report
    from xl_fzzf.jobs.restore import Restoration
    from xl_fzzf.model.round import Standing

APPROVER = "由谁定稿（姓名，印在汇总表封面）："
REASON = "为什么要重新打开（写进下一版的“更正说明”）："
UNDO = (
    "把台账恢复到上次汇总之前?\n\n"
    "汇总以后在台账里填的内容也会退回去；现在的台账会先存进“档案”。没有保存的改动会丢失。"
)
_SHOWN = 8


def distributed(result: Distribution) -> Iterator[str]:
    """分发填报表."""
    if not result.files:
        yield "没有要分发的单位。请核对“单位”和“责任分工”。"
        return
    yield f"已生成 {result.written} 份填报表，放在："
    yield str(result.files[0].parent)
    yield from distributing.remarks(result)
    yield "接下来：把每份表发给各单位；交回来的原样放进“报送”。"


def checked(results: Sequence[CheckResult], saved: str, unsaved: bool) -> Iterator[str]:
    """校验."""
    if not results:
        yield "“报送”里还没有文件。请把各单位交回的填报表放进去，再点“校验”。"
        return
    verdicts = Counter(result.checked.verdict for result in results)
    findings = [finding for result in results for finding in result.findings]
    findings.sort(key=lambda finding: finding.severity is not Severity.ERROR)
    yield f"校验了 {len(results)} 个文件：{say.files(Verdict, verdicts)}"
    yield say.findings(findings)
    yield from map(_finding_line, findings[:_SHOWN])
    if len(findings) > _SHOWN:
        yield f"……另有 {len(findings) - _SHOWN} 处，汇总后见“校验结果”。"
    yield from (f"带校验意见的副本：{result.copy}" for result in results if result.copy)
    if unsaved:
        yield "有没有保存的改动，按保存过的内容校验。"
    clean = all(result.clean for result in results)
    yield "接下来：点“汇总”。" if clean else "接下来：请有问题的单位改正后重新报送。"
    yield _saved_words(saved)


def consolidated(result: Consolidation, saved: str) -> Iterator[str]:
    """汇总."""
    yield say.received(result.files)
    kept_out = [f for f in result.files if f.verdict is Verdict.QUARANTINED]
    yield from (f"· 没有采用 {f.submission.file}：{f.reason}" for f in kept_out[:_SHOWN])
    told = [file for file in result.files if file.counts and file.reason]
    yield from (f"· {f.unit_name} {f.submission.file}：{f.reason}" for f in told[:_SHOWN])
    yield from say.asked(result.findings)
    yield say.reported(len(result.expected), len(result.reported))
    yield say.findings(result.findings)
    yield say.statuses(result.statuses, absent=False)
    yield from result.notices
    if not result.clean:
        yield "接下来：看“校验结果”，请有问题的单位改正后重新报送，再汇总一次。"
    elif result.missing:
        yield f"接下来：催报还没有报的 {len(result.missing)} 个单位，或点“生成上报表”。"
    else:
        yield "接下来：点“生成上报表”。"
    yield "汇总前的台账已备份，可以用“撤销上次汇总”退回。"
    yield _saved_words(saved)


def marked(result: Marking) -> Iterator[str]:
    """标记未达标."""
    unmet = result.statuses[Status.UNMET]
    yield f"截至 {result.as_of}：{say.statuses(result.statuses, absent=False)}"
    yield f"未达标 {unmet} 项，列在“未达标清单”。"
    yield from result.notices
    yield "接下来：逐条核对原因、整改措施和时限。" if unmet else "没有未达标的事项。"


def undone(result: Restoration) -> Iterator[str]:
    """撤销上次汇总."""
    yield f"台账已恢复到 {result.run.at:%Y-%m-%d %H:%M} 那次汇总之前。"
    yield "恢复以前的台账存在“档案”里，没有丢失。"
    yield "接下来：改正以后，再点“汇总”。"


def reported(result: Report) -> Iterator[str]:
    """生成上报表."""
    standing = result.standing
    yield f"汇总表已生成：{result.summary}"
    yield from map(str, say.printed(result.printed))
    yield result.printed.trouble
    yield f"填报率 {standing.completeness:.1%}；{say.statuses(standing.statuses, absent=False)}"
    yield "接下来：打开核对，没有问题就点“定稿”。"


def approving(standing: Standing, by: str) -> Iterator[str]:
    """What is about to be approved, before 定稿."""
    edition, reviewer = standing.course.edition, standing.round.settings.reviewer
    yield f"把{standing.period.label}定稿，作为{edition.label}？"
    yield f"统计日期 {standing.as_of}；{say.statuses(standing.statuses, absent=False)}"
    yield say.reported(len(standing.units), len(standing.reported))
    yield from standing.notices
    yield f"定稿人：{by}；审核人：{reviewer or '没有写'}（在“设置”里改）"
    yield "定稿以后，汇总、生成上报表都不能再改它；要改，先“重新打开”。"


def approved(result: Approved) -> Iterator[str]:
    """定稿."""
    yield f"{result.standing.period.label}已定稿：{result.edition.words}"
    yield f"汇总表：{result.summary}"
    yield from map(str, say.printed(result.printed))
    if result.edition.number > 1:
        yield say_corrections(result.edition)
    yield "接下来：打印盖章，点“发送邮件”报上去。"


def reopened(result: Reopened) -> Iterator[str]:
    """重新打开."""
    yield f"已重新打开：第 {result.before.number} 版不再作数，接着编第 {result.edition.number} 版。"
    yield f"原因：{result.edition.reason}"
    yield "接下来：改好以后点“汇总”，看过再点“定稿”。"


def mailed(drafts: Drafts, stored: bool) -> Iterator[str]:
    """发送邮件: nothing is sent from here, the letter is looked at first."""
    yield f"给市级的邮件草稿 {len(drafts.written)} 封，附定稿的汇总表，还没有发送。"
    yield f"草稿在：{drafts.folder}"
    if drafts.sent_before:
        yield "以前发过同样的内容，没有再写。"
    yield from map(str, drafts.notes)
    where = "已存进 Outlook 的“草稿”" if stored else "用 Outlook、Foxmail 打开它，看过再发"
    yield f"接下来：{where}。"


def opened(folder: Path) -> Iterator[str]:
    """打开报送文件夹."""
    yield "本期的“报送”文件夹："
    yield str(folder)
    yield "接下来：把交回的文件原样放进去，再点“校验”。"


def helped(master: Path) -> Iterator[str]:
    """帮助."""
    yield f"工作台账 {xl_fzzf.__version__}"
    yield "每一期：分发填报表 → 把交回的文件放进报送文件夹 → 校验 → 汇总 → 生成上报表 → 定稿 → 发送邮件。"
    yield "标记未达标：按今天的日期重新判断。撤销上次汇总：退回汇总之前。"
    yield "填错、填漏都不怕：收到的文件和每次改动前的台账都存在“档案”里。"
    yield f"当前工作簿：{master}"


def failed(error: Exception) -> str:
    """A fault in running: what it is, and that nothing was changed."""
    if isinstance(error, PlanError) and len(error.problems) > _SHOWN:  # a box has no scroll bar
        head, shown = str(error).partition("\n")[0], error.problems[:_SHOWN]
        more = f"……另有 {len(error.problems) - _SHOWN} 处，改好这些再点一次；fzzf status 一次列全。"
        return box_text(head, *shown, more)
    if isinstance(error, UserError):
        return str(error)
    if isinstance(error, OSError):
        what, advice = say.os_error(error)
        return box_text(what.rstrip(), f"{advice}台账没有改动。")
    return box_text(
        "没有完成，台账没有改动。如果正在编辑单元格，请按 Esc 退出编辑，再点一次。",
        f"还是不行，请把这个记录文件发给技术人员：{write_log(error)}",
    )


def _finding_line(finding: Finding) -> str:
    place = " ".join(filter(None, (finding.unit or finding.file, finding.sheet, finding.cell)))
    return f"· {place}：{finding.message} → {finding.remedy}"


def _saved_words(saved: str) -> str:
    return f"（运行以前，台账最后由 {saved}）" if saved else ""
