"""The rule on a summary's imprint: nothing that a reader sees was changed since it was made."""

from __future__ import annotations

from collections.abc import Iterator

from xl_fzzf.model.finding import Severity
from xl_fzzf.model.imprint import changed_sheets, short_imprint
from xl_fzzf.rules.files import FileCase
from xl_fzzf.rules.rule import Fault, Rules

IMPRINT_RULES: Rules[FileCase] = Rules()


@IMPRINT_RULES("summary-imprint", Severity.ERROR, "汇总表生成以后没有改过")
def imprint(case: FileCase) -> Iterator[Fault]:
    """汇总表指纹: a sheet says something else than when the summary was made; so it was changed by hand."""
    stated, found = case.says("imprint"), case.submission.imprint
    changed = changed_sheets(stated, found) if stated else []
    if changed or not stated:
        names = "".join(f"“{name}”" if name else "隐藏的标记" for name in changed)
        yield Fault(
            f"汇总表生成以后改过：{names}与封面上的汇总表指纹不一致"
            if stated
            else "汇总表没有汇总表指纹，是不是改过查不出来",
            value=short_imprint(found),
            expected=short_imprint(stated),
            remedy="请区县把 fzzf report 生成的汇总表原样报送（打开看、另存都不要紧）；要改数，改台账，再重新生成",
        )
