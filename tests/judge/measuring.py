"""What a consolidation makes of seeded faults: told where they stand, elsewhere, twice, or not at all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from tests.judge.seeding import Seed
from xl_fzzf.jobs.consolidate import Consolidation
from xl_fzzf.model.finding import Finding, Severity
from xl_fzzf.model.record import number
from xl_fzzf.model.submission import Verdict


@dataclass
class Measure:
    """Seeds by what became of them; `told` are findings that no seed brought about."""

    seeds: int = 0
    pinned: int = 0
    kinds: set[str] = field(default_factory=set)
    mispinned: list[str] = field(default_factory=list)
    silent: list[str] = field(default_factory=list)
    twice: list[str] = field(default_factory=list)
    false: list[str] = field(default_factory=list)
    guessed: list[str] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        kinds = ("mispinned", "silent", "twice", "false", "guessed", "lost")
        counts = "，".join(f"{name} {len(getattr(self, name))}" for name in kinds)
        worst = [
            f"  {name} {times}× {line}"
            for name in kinds
            for line, times in Counter(getattr(self, name)).most_common(40)
        ]
        share = f"{self.pinned / self.seeds:.2%}" if self.seeds else "—"
        return "\n".join(
            (f"{self.seeds} seeds of {len(self.kinds)} kinds: pinned {share}，{counts}", *worst)
        )


def measure(result: Consolidation, seeds: Sequence[Seed], into: Measure) -> None:
    """Hold a round's findings against its seeds."""
    told = [f for f in result.findings if f.severity is not Severity.INFO]
    spoilt = {(seed.file, code) for seed in seeds for code in seed.codes}
    whole = {seed.file for seed in seeds if not seed.codes}
    into.false += [
        f"{f.rule} {f.message[:60]}"
        for f in told
        if (f.file, f.indicator) not in spoilt and f.file not in whole
    ]
    verdicts = {file.submission.file: file.verdict for file in result.files}
    for seed in seeds:
        own = [
            f for f in told if f.file == seed.file and (not seed.codes or f.indicator in seed.codes)
        ]
        if seed.rules:
            _count(seed, own, into)
        else:
            into.false += [f"{seed.kind}: {f.rule} {f.message[:60]}" for f in own]
            if verdicts[seed.file] is not Verdict.ACCEPTED:
                into.lost.append(seed.kind)
    into.guessed += _guessed(result, [seed for seed in seeds if seed.never])


def _count(seed: Seed, own: Sequence[Finding], into: Measure) -> None:
    into.seeds += 1
    into.kinds.add(seed.kind)
    named = [f for f in own if f.rule in seed.rules]
    right = [
        f
        for f in named
        if (not seed.cells or (f.sheet, f.cell) in seed.cells) and seed.sheet in ("", f.sheet)
    ]
    places = {(f.sheet, f.cell) for f in right}
    if right:
        into.pinned += 1
    elif own:
        into.mispinned.append(
            f"{seed.kind}: {own[0].rule} {own[0].sheet} {own[0].cell} {own[0].message[:50]}"
        )
    else:
        into.silent.append(seed.kind)
    if len(own) > max(1, len(places & seed.cells) if not seed.codes else 1):
        into.twice.append(f"{seed.kind}: {'、'.join(sorted(f.rule for f in own))}")


def _guessed(result: Consolidation, seeds: Sequence[Seed]) -> list[str]:
    units: Mapping[str, str] = {
        file.submission.file: file.unit.code for file in result.files if file.unit
    }
    records = {a.record.key: a.record for a in result.assessments}
    return [
        f"{seed.kind}: {getattr(records[units[seed.file], code], seed.field)}"
        for seed in seeds
        for code in seed.codes
        if number(getattr(records[units[seed.file], code], seed.field)) is not None
    ]
