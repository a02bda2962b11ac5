"""Rules on what a return was asked for when it was sent out, held against what the plan asks by now."""

from __future__ import annotations

from collections.abc import Iterator

from xl_fzzf.model.finding import Severity
from xl_fzzf.model.structure import Structure
from xl_fzzf.rules.rule import Fault, Rules

ASKED_RULES: Rules[Structure] = Rules()


@ASKED_RULES("added-row", Severity.WARNING, "填报表发出以后没有增加指标")
def added_rows(case: Structure) -> Iterator[Fault]:
    """新增的指标: the unit must report more than its form asked for; the form is older, no row was deleted."""
    if case.added:
        codes = "、".join(item.code for item in case.added)
        yield Fault(
            f"这份填报表发出以后，又增加了这个单位要报的指标 {codes}，表里没有，单位没有填错",
            value=_of_day(case),
            expected=f"{len(case.added)} 项新增的指标也填了",
            remedy="请再分发一次，把新表发给这个单位补填；或者由汇总单位在台账里直接填",
        )


@ASKED_RULES("dropped-row", Severity.INFO, "填报表发出以后没有取消指标")
def dropped_rows(case: Structure) -> Iterator[Fault]:
    """取消的指标: the form asked for more than the unit has to report by now; these rows don't count."""
    if case.dropped:
        codes = "、".join(row.code for row in case.dropped)
        yield Fault(
            f"这份填报表发出以后，不再要这个单位报指标 {codes}，这几行没有计入，单位没有填错",
            value=_of_day(case),
            expected="现在要报的指标",
            remedy="不用改；还要报的，请核对“指标”“责任分工”",
        )


def _of_day(case: Structure) -> str:
    """When the form was made."""
    return f"{case.submission.stamp.get('created', '')} 的填报表"
