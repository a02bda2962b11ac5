"""封面 of a summary: title, who reports what and when, signatures, seal, and the contents."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from xl_fzzf.model.city import City
from xl_fzzf.model.edition import Edition
from xl_fzzf.model.round import Standing
from xl_fzzf.office.heights import lines_needed
from xl_fzzf.sheets import spec as layout
from xl_fzzf.sheets.common_blocks import across
from xl_fzzf.sheets.page import Band, Link, Page, Paper, Tile
from xl_fzzf.sheets.summary.phrases import say_date, say_edition

Contents = Sequence[tuple[str, str]]
"""The sheets that follow the cover, and what each is for."""

_WIDTHS = (2, 14, 20, 3, 9, 9, 12, 2)
_ALL = (1, 6)
_TITLE_SIZE, _TITLE_LINE = 26, 42.0
# the margins of GB/T 9704: 37 mm above, 28 mm to the left
_PAPER = Paper(portrait=True, margins=(1.1, 1.02, 1.46, 1.2), one_page=True, numbered=False)


def cover_page(
    standing: Standing | City, made: date, contents: Contents, printed: bool, imprint: str = ""
) -> Page:
    """封面: one portrait page, laid out as official documents are.

    `made` is the day that stands on it as 制表日期; 数据 is not in print. A workbook gets its `imprint`
    when all else is there.
    """
    title = standing.round.plan.summary_title
    lines = lines_needed(title, sum(_WIDTHS[1:7]), _TITLE_SIZE)
    blocks = (
        Band(height=30),
        across(_ALL, title, "cover_title", _TITLE_LINE * lines),
        across(_ALL, f"\uff08{standing.period.label}\uff09", "cover_period", 36),
        *_correcting(standing.edition),
        Band(height=30),
        *_facts(standing, made, imprint),
        Band(height=26),
        *_signatures(standing, made),
        Band(height=26),
        *_contents(contents, printed),
    )
    columns = [(width, "plain") for width in _WIDTHS]
    return Page(layout.COVER, columns, blocks, tab="#C00000", paper=_PAPER)


def _correcting(edition: Edition) -> Iterator[Band]:
    """From the second edition on: that it corrects the one before."""
    if edition.number > 1:
        yield across(_ALL, f"更正（第 {edition.number} 版）", "cover_period", 30)


def _facts(standing: Standing | City, made: date, imprint: str) -> Iterator[Band]:
    plan = standing.round.plan
    facts = (
        ("报送单位", plan.signature),
        ("工作方案", plan.name),
        ("统计日期", say_date(standing.as_of)),
        ("制表日期", say_date(made)),
        ("版    次", say_edition(standing.edition)),
        (layout.IMPRINT, imprint or None),
    )
    for label, words in facts:
        yield Band((Tile(1, label, "cover_label"), Tile(2, words, "cover_value", 6)), 34)


def _signatures(standing: Standing | City, made: date) -> Iterator[Band]:
    """填表人 · 审核人 · 负责人 with lines to sign on; beside them who seals, and the date."""
    rows = (
        ("填 表 人", standing.round.plan.signature, "cover_seal_top"),
        ("审 核 人", "\uff08公章\uff09", "cover_seal"),
        ("负 责 人", say_date(made), "cover_seal_bottom"),
    )
    for name, words, style in rows:
        signed = Tile(1, name, "cover_label"), Tile(2, None, "cover_signature")
        yield Band((*signed, Tile(4, words, style, 6)), 38)


def _contents(contents: Contents, printed: bool) -> Iterator[Band]:
    yield across(_ALL, "目    录", "section", 28)
    for number, (name, words) in enumerate(contents, 1):
        title = f"{number}. {name}"
        where = Tile(1, Link(name, "A1", title), "cover_link")
        if printed and name == layout.DATA:
            where = Tile(1, title, "cover_note")
        yield Band((where, Tile(2, words, "cover_note", _ALL[1])), 21)
