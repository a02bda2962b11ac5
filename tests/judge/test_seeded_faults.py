"""Five hundred faults in good returns of the real plan: found where they stand, and nothing else."""

from __future__ import annotations

import shutil
from collections import defaultdict
from datetime import date, datetime

import pytest

from tests.judge.seeding import Seed, fill_in
from xl_fzzf.jobs.consolidate import Consolidation, consolidate
from xl_fzzf.jobs.distribute import distribute
from xl_fzzf.jobs.init import init
from xl_fzzf.model.finding import Finding, Severity
from xl_fzzf.model.period import Period
from xl_fzzf.model.record import number
from xl_fzzf.plans import read_plan

AS_OF = date(2019, 12, 31)
FAULTS, UNITS, CLEAN_UNITS = 500, 56, 12


@pytest.fixture(scope="module")
def seeded(tmp_path_factory: pytest.TempPathFactory) -> tuple[Consolidation, list[Seed]]:
    """Returns of the real plan, twelve of them clean, and what the consolidation finds."""
    plan = read_plan()
    workspace = init(tmp_path_factory.mktemp("错") / "区", plan, Period.parse("2019"), AS_OF)
    files = distribute(workspace.master, AS_OF, datetime(2019, 12, 1)).files[::-1][:UNITS]
    seeds: list[Seed] = []
    share = -(-FAULTS // (len(files) - CLEAN_UNITS))
    for place, file in enumerate(files):
        target = workspace.incoming / file.name
        shutil.copy(file, target)
        unit = plan.find_unit(file.stem)
        assert unit
        faults = 0 if place < CLEAN_UNITS else min(share, FAULTS - len(seeds))
        seeds += fill_in(target, plan, unit, faults, place)
    return consolidate(workspace.master, None, AS_OF, datetime(2020, 1, 3)), seeds


def serious(result: Consolidation) -> list[Finding]:
    return [finding for finding in result.findings if finding.severity is not Severity.INFO]


def test_faults_are_found_in_their_cell(seeded: tuple[Consolidation, list[Seed]]) -> None:
    result, seeds = seeded
    found = defaultdict(set)
    for finding in serious(result):
        found[finding.file, finding.sheet, finding.cell].add(finding.rule)
    missed = [s for s in seeds if not found[s.file, s.sheet, s.cell] & set(s.rules)]
    assert len(seeds) == FAULTS
    assert not missed, [(s.way, s.file, s.sheet, s.cell) for s in missed][:10]


def test_nothing_else_is_found(seeded: tuple[Consolidation, list[Seed]]) -> None:
    result, seeds = seeded
    spoilt = {(seed.file, seed.code) for seed in seeds}
    false = [f for f in serious(result) if (f.file, f.indicator) not in spoilt]
    assert not false, [(f.rule, f.file, f.cell, f.message, f.value) for f in false][:10]


def test_no_doubtful_value_became_a_number(seeded: tuple[Consolidation, list[Seed]]) -> None:
    result, seeds = seeded
    plan_units = {unit.name: unit.code for unit in result.expected}
    records = {a.record.key: a for a in result.assessments}
    for seed in seeds:
        assessment = records[plan_units[seed.file.removesuffix(".xlsx")], seed.code]
        value = number(getattr(assessment.record, seed.field))
        assert value is None or value == float(seed.raw), (seed.way, value, seed.raw)
