"""All rules, by what they judge; each rule's code is its key, used in 设置, findings and docs."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from xl_fzzf.model.finding import SEVERITY_ORDER, Finding
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
from xl_fzzf.rules.narrative import NARRATIVE_RULES
from xl_fzzf.rules.nothing import NOTHING_RULES
from xl_fzzf.rules.rule import Rule
from xl_fzzf.rules.structure import STRUCTURE_RULES
from xl_fzzf.rules.submissions import SUBMISSION_RULES, TAKEN_RULES
from xl_fzzf.rules.summaries import SUMMARY_PLAN_RULES, SUMMARY_RULES
from xl_fzzf.rules.values import VALUE_RULES

RECORD_RULES = {**VALUE_RULES, **NARRATIVE_RULES}

ALL_RULES: dict[str, Rule[Any]] = {  # in the order in which they block
    **FILE_RULES,
    **STRUCTURE_RULES,
    **ASKED_RULES,
    **NOTHING_RULES,
    **SUBMISSION_RULES,
    **TAKEN_RULES,
    **MERGE_RULES,
    **ENTRY_RULES,
    **RECORD_RULES,
    **ACROSS_RULES,
    **SETTINGS_RULES,
    **ROUND_RULES,
    **EDIT_RULES,
    **WAIVER_RULES,
}

CITY_RULES: dict[str, Rule[Any]] = {
    **SUMMARY_FILE_RULES,
    **SUMMARY_PLAN_RULES,
    **IMPRINT_RULES,
    **SUMMARY_RULES,
}
"""Rules on districts' summaries, one level up; 设置 does not list them, they can't be weakened."""

FIXED_RULES = frozenset(code for code, rule in ALL_RULES.items() if rule.fixed)
"""Rules that can't be weakened: without them there is nothing to read, no unit to credit, or a loss."""

RULE_ORDER = {code: place for place, code in enumerate((*ALL_RULES, *CITY_RULES))}


def setting_rows() -> list[tuple[str, str, str]]:
    """Code, default severity, and title with description of every rule that 设置 can change."""
    return [
        (code, rule.severity.value, f"{rule.title}：{rule.checks}")
        for code, rule in ALL_RULES.items()
        if code not in FIXED_RULES
    ]


def sort_findings(findings: Iterable[Finding]) -> list[Finding]:
    """What blocks first comes first, what is accepted last, equal findings together; each once.

    Of equal weight, files of nobody come after what units can put right.
    """
    return sorted(
        dict.fromkeys(findings),
        key=lambda f: (
            f.accepted,
            SEVERITY_ORDER[f.severity],
            not f.unit,
            f.unit,
            f.file,
            RULE_ORDER[f.rule],
            f.message,
            f.sheet,
            len(f.cell),
            f.cell,
        ),
    )
