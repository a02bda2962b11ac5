"""Make docs/rules.md from the rules themselves: `python docs/make_rules.py`."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent.parent))

from xl_fzzf.model.finding import OFF, SEVERITY_OF_LABEL, Severity
from xl_fzzf.rules import ALL_RULES, CITY_RULES, FIXED_RULES, RECORD_RULES
from xl_fzzf.rules.across import ACROSS_RULES
from xl_fzzf.rules.asked import ASKED_RULES
from xl_fzzf.rules.entries import ENTRY_RULES
from xl_fzzf.rules.files import FILE_RULES, SUMMARY_FILE_RULES
from xl_fzzf.rules.imprint import IMPRINT_RULES
from xl_fzzf.rules.master import (
    EDIT_RULES,
    MERGE_RULES,
    ROUND_RULES,
    SETTINGS_RULES,
    WAIVER_RULES,
)
from xl_fzzf.rules.nothing import NOTHING_RULES
from xl_fzzf.rules.rule import Rule
from xl_fzzf.rules.structure import STRUCTURE_RULES
from xl_fzzf.rules.submissions import SUBMISSION_RULES, TAKEN_RULES
from xl_fzzf.rules.summaries import SUMMARY_PLAN_RULES, SUMMARY_RULES

PAGE = Path(__file__).parent / "rules.md"
GROUPS: tuple[tuple[str, str, Mapping[str, Rule[Any]]], ...] = (
    ("文件", "有一条“错误”,整份文件就隔离,不进台账;排在前面的先报。", FILE_RULES),
    ("工作表、表头和行", "对不上的行不采用,其他行照收。", STRUCTURE_RULES),
    ("发出以后的变化", "填报表发出以后方案改了，不是单位的错。", ASKED_RULES),
    ("本期无", "单位在“填报说明”写明本期没有要报的。", NOTHING_RULES),
    ("报送", "同一单位的几份文件之间;不影响采用。", SUBMISSION_RULES),
    ("撤走的文件", "以前采用过的文件不见了;它报的内容还在台账里。", TAKEN_RULES),
    ("台账里直接填的", "以台账为准,不覆盖。", MERGE_RULES),
    (
        "怎样填的",
        "认得准的写法自动改成规范的值,原文留在“校验结果”;认不准的不猜,见[填写的写法](grammar.md)。",
        ENTRY_RULES,
    ),
    ("每条填报记录", "问题写进“校验提示”和“校验结果”,记录照收。", RECORD_RULES),
    ("跨期、跨单位", "合并以后整体看:与上期、与同类单位、与别的单位的文字相比。", ACROSS_RULES),
    ("设置", "汇总单位自己填的。", SETTINGS_RULES),
    ("驱动表", "与报告期、与责任分工、与上次汇总时对照。", {**ROUND_RULES, **EDIT_RULES}),
    ("接受理由", "“提醒”可以写明理由接受;“错误”只能改正。", WAIVER_RULES),
    (
        "市里:区县的汇总表",
        "只用于市级台账。有一条“错误”,整份汇总表就隔离,这个区县算没有报。",
        {**SUMMARY_FILE_RULES, **SUMMARY_PLAN_RULES, **IMPRINT_RULES},
    ),
    (
        "市里:汇总表与它自己的“数据”",
        "只用于市级台账。市里一律按“数据”逐条重新计算,汇总表照收;对不上的列在“校验结果”,写明哪张表哪一格。",
        SUMMARY_RULES,
    ),
)
HEAD = """# 校验规则

<!-- 由 python docs/make_rules.py 生成,不要手改 -->

共 {count} 条。默认级别可以在台账“设置”表里逐条改成 {labels};“不能改”的几条除外:
不查它们,就没有可读的内容,或不知道是哪个单位的,或悄悄少了报过的内容;市里查区县汇总表的也不能改,对不上账没有商量。
有“错误”时命令的退出码是 1;“提醒”“说明”不影响退出码。
"""


def build_page() -> str:
    """The whole page; raises ValueError if a rule stands in no group."""
    grouped = [code for _, _, rules in GROUPS for code in rules]
    if sorted(grouped) != sorted([*ALL_RULES, *CITY_RULES]):
        raise ValueError("every rule stands in one group of GROUPS")
    labels = "、".join([*(severity.label for severity in Severity), _label(OFF)])
    parts = [HEAD.format(count=len(grouped), labels=labels)]
    for title, note, rules in GROUPS:
        lines = [f"## {title}", "", note, ""]
        lines += [
            "| 规则 | 名称 | 要求 | 默认级别 | 设置 | 代码里的说明 |",
            "|---|---|---|---|---|---|",
        ]
        lines += [_line(code, rule) for code, rule in rules.items()]
        parts.append("\n".join(lines) + "\n")
    return "\n".join(parts)


def _line(code: str, rule: Rule[Any]) -> str:
    name, _, says = " ".join((rule.check.__doc__ or "").split()).partition(": ")
    fixed = "不能改" if code in FIXED_RULES or code in CITY_RULES else "能改"
    cells = (f"`{code}`", name, rule.checks, rule.severity.label, fixed, says)
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"


def _label(value: str) -> str:
    return next(label for label, meant in SEVERITY_OF_LABEL.items() if meant == value)


if __name__ == "__main__":
    PAGE.write_text(build_page(), encoding="utf-8", newline="\n")
