"""更正说明 of a summary: every figure that is another one than in the edition before."""

from __future__ import annotations

from xl_fzzf.model.edition import Edition
from xl_fzzf.office.tables import Column
from xl_fzzf.sheets import spec as layout
from xl_fzzf.sheets.common_blocks import list_page
from xl_fzzf.sheets.page import Listing, Page

_COLUMNS = (
    Column("number", "序号", 6),
    Column("group", "类别", 10),
    Column("subject", "事项", 40),
    Column("name", "数字", 16),
    Column("was", "原来", 28),
    Column("now", "现在", 28),
    Column("reason", "原因", 24),
)


def corrections_page(edition: Edition) -> Page:
    """更正说明: a line a figure, from what to what, and why."""
    found = edition.corrections
    lines = [
        {
            "number": number,
            **each.figure._asdict(),
            "was": each.was or "（没有）",
            "now": each.now or "（没有）",
            "reason": edition.reason,
        }
        for number, each in enumerate(found or (), 1)
    ]
    return list_page(layout.CORRECTIONS, _say(edition), Listing(_COLUMNS, lines, bulk=True))


def _say(edition: Edition) -> str:
    before = f"第 {edition.number} 版更正第 {edition.number - 1} 版，原因：{edition.reason}。"
    if edition.corrections is None:
        return f"{before}第 {edition.number - 1} 版的数字在档案里没有找到，不能逐项对照"
    if not edition.corrections:
        return f"{before}各项数字都没有变"
    return f"{before}变了的数字 {len(edition.corrections)} 个，其余的没有变"
