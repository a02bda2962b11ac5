"""Data validation in a worksheet's part, beside what is there."""

from __future__ import annotations

import re
from collections.abc import Sequence

from xl_fzzf.office.book import Validation
from xl_fzzf.office.xlsx.cell_values import escaped

_RULES = re.compile(r"""<dataValidations((?:\s+\w+\s*=\s*(?:"[^"]*"|'[^']*'))*)\s*(/?)>""")
_RULES_END = "</dataValidations>"
_RULE = re.compile(r"<dataValidation[\s/>]")
_COUNT = re.compile(r"""\s+count\s*=\s*["'][^"']*["']""")
_BEFORE_RULES = (
    "sheetData|sheetCalcPr|sheetProtection|protectedRanges|scenarios|autoFilter|sortState"
    "|dataConsolidate|customSheetViews|mergeCells|phoneticPr|conditionalFormatting"
)
_BEFORE_RULES_END = re.compile(rf"</(?:{_BEFORE_RULES})\s*>|<(?:{_BEFORE_RULES})(?:\s[^>]*)?/>")
_KINDS = {
    "any": ("", ""),
    "list": (' type="list"', ""),
    "custom": (' type="custom"', ""),
    "date": (' type="date"', ' operator="greaterThanOrEqual"'),
}
_LONGEST_TITLE, _LONGEST_PROMPT = 32, 255
_IN_QUOTES = re.compile(r'["\t\n]')


def validated(tail: str, rules: Sequence[str]) -> str:
    """The text after the rows, with more data validation."""
    new = "".join(rules)
    tag = _RULES.search(tail)
    if not tag:
        end = max(match.end() for match in _BEFORE_RULES_END.finditer(tail))
        block = f'<dataValidations count="{len(rules)}">{new}{_RULES_END}'
        return tail[:end] + block + tail[end:]
    old, after = "", tail[tag.end() :]
    if not tag[2]:
        old, _, after = after.partition(_RULES_END)
    count = len(_RULE.findall(old)) + len(rules)
    kept = _COUNT.sub("", tag[1])
    start = f'{tail[: tag.start()]}<dataValidations{kept} count="{count}">'
    return f"{start}{old}{new}{_RULES_END}{after}"


def rule_of(validation: Validation) -> str:
    """A `dataValidation` element; texts are cut to what Excel allows."""
    kind, operator = _KINDS[validation.kind]
    texts = (
        ("promptTitle", validation.title[:_LONGEST_TITLE]),
        ("prompt", validation.prompt[:_LONGEST_PROMPT]),
        ("error", validation.error[:_LONGEST_PROMPT]),
        ("sqref", " ".join(validation.ranges)),
    )
    shown = "".join(f' {name}="{_quoted(text)}"' for name, text in texts if text)
    formula = f"<formula1>{escaped(validation.formula)}</formula1>" if kind else ""
    return (
        f'<dataValidation{kind}{operator} allowBlank="1" showInputMessage="1"'
        f' showErrorMessage="1"{shown}>{formula}</dataValidation>'
    )


def _quoted(text: str) -> str:
    return _IN_QUOTES.sub(lambda match: f"&#{ord(match[0])};", escaped(text))
