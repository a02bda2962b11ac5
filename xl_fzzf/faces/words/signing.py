"""What `approve` and `reopen` tell."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xl_fzzf.faces.words import say
from xl_fzzf.faces.words.telling import Json, Line, Told, pick

if TYPE_CHECKING:
    from xl_fzzf.jobs.approve import Approved, Reopened
    from xl_fzzf.model.edition import Edition


def approved_lines(result: Approved) -> Told:
    """`approve`."""
    standing, edition = result.standing, result.edition
    yield Line(f"{standing.period.label}已定稿：{edition.words}", "bold")
    yield f"统计日期 {standing.as_of}；{say.statuses(standing.statuses)}"
    if standing.missing:
        yield from say.units("没有报的", standing.missing)
    if edition.number > 1:
        yield say_corrections(edition)
    yield Line(f"汇总表：{result.summary}", "bold")
    yield from say.printed(result.printed)
    yield f"汇总表指纹：{result.imprint}（封面上也有，可以写进审签单；市里收到以后可以对）"
    yield "下一步：fzzf mail upward 报上去；要改动，先 fzzf reopen --reason 原因"


def approved_json(result: Approved) -> Json:
    """`approve --json`."""
    edition = result.edition
    return {
        **pick(result, "master", "summary", "printed.pdf", "imprint", "printed.gone"),
        **pick(result, "standing.period", "standing.as_of"),
        "edition": edition.number,
        **pick(edition, "by", "reviewed_by", "reason"),
        "corrections": None if edition.corrections is None else len(edition.corrections),
    }


def reopened_lines(result: Reopened) -> Told:
    """`reopen`."""
    edition = result.edition
    yield Line(
        f"已重新打开：第 {result.before.number} 版不再作数，接着编第 {edition.number} 版", "bold"
    )
    yield f"原因：{edition.reason}"
    yield f"第 {result.before.number} 版的汇总表还在“上报”里，也存在“档案/备份”里"
    yield "下一步：改好以后汇总（fzzf consolidate），看过再定稿（fzzf approve）"


def reopened_json(result: Reopened) -> Json:
    """`reopen --json`."""
    return {
        "master": result.master,
        "edition": result.edition.number,
        "reason": result.edition.reason,
    }


def say_corrections(edition: Edition) -> str:
    """How many figures an edition corrects."""
    if edition.corrections is None:
        return f"第 {edition.number - 1} 版的数字在档案里没有找到，没有列出更正了什么"
    return f"更正了 {len(edition.corrections)} 个数字，列在汇总表的“更正说明”"
