"""Rules on what was typed into the master itself, beside what the unit sent."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from xl_fzzf.model.finding import Severity
from xl_fzzf.model.record import ENTRY_LABELS, Record, text
from xl_fzzf.rules.fault import Fault, Rule


@dataclass(frozen=True, slots=True)
class Merged:
    """A record of the master, the submission's record, and the fields that contradict each other."""

    master: Record
    submitted: Record
    conflicts: tuple[str, ...]


def conflict(case: Merged) -> Iterator[Fault]:
    """冲突: staff typed one thing into the master and the unit sent another; the master's stays."""
    if not case.conflicts:
        return
    typed = ";".join(f"{ENTRY_LABELS[f]} {text(getattr(case.master, f))}" for f in case.conflicts)
    sent = ";".join(f"{ENTRY_LABELS[f]} {text(getattr(case.submitted, f))}" for f in case.conflicts)
    yield Fault(
        "台账里直接填的与单位报来的不一致,保留了台账里的",
        value=f"台账:{typed}",
        expected=f"填报表:{sent}",
        remedy="请与单位核对;要采用单位报来的,请清空台账里的这些单元格,再汇总一次",
        field=case.conflicts[0],
        indicator=case.master.indicator,
    )


MERGE_RULES: dict[str, Rule[Merged]] = {
    "conflict": Rule(Severity.ERROR, "台账里直接填的与单位报来的一致", conflict),
}
