"""Faults of nearly two hundred kinds in good returns of the real plan: told where they stand, once, and nothing else.

The suite sows one round; SEEDED_ROUNDS=6 sows six, each mixed otherwise (`make seeded`).
"""

from __future__ import annotations

import os
import random
import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import pytest

from tests.judge.measuring import Measure, measure
from tests.judge.seeding import Deck, Return, Seed, Sheet
from tests.judge.structures import DAMAGES
from tests.judge.ways import WAYS
from xl_fzzf.jobs.consolidate import consolidate
from xl_fzzf.jobs.distribute import distribute
from xl_fzzf.jobs.init import init
from xl_fzzf.model.comparison import FEWEST_PEERS
from xl_fzzf.model.kinds import Kind
from xl_fzzf.model.period import Period
from xl_fzzf.model.plan import Plan
from xl_fzzf.plans import read_plan

AS_OF = date(2019, 12, 31)
ROUNDS = int(os.environ.get("SEEDED_ROUNDS", "1"))
CLEAN, CELL_FILES, PER_FILE = 8, 10 if ROUNDS == 1 else 36, 24


def sow(form: Return, deck: Deck, share: int) -> list[Seed]:
    """Spoil some cells of a return, each in a record of its own."""
    places = form.chance.sample(form.places, min(share, len(form.places)))
    seeds = [spoil(form, sheet, code, deck) for sheet, code in places]
    form.save()
    return seeds


def spoil(form: Return, sheet: Sheet, code: str, deck: Deck) -> Seed:
    indicator = form.plan.indicators[code]
    ways = WAYS[indicator.kind]
    name = deck.deal(indicator.kind, ways)
    spoilt = ways[name](sheet, indicator)
    cells = frozenset({(sheet.sheet.title, sheet.at(code, spoilt.told_at))})
    return Seed(
        f"{indicator.kind} {name}",
        form.path.name,
        (code,),
        spoilt.rules,
        cells,
        field=spoilt.field,
        never=spoilt.never,
    )


def copy_words(source: Return, target: Return) -> Seed:
    """Hand in another unit's words as one's own, its name and all; either cell may be told."""
    codes = {code: sheet for sheet, code in source.places}
    sheet, code = next((s, c) for s, c in target.places if c in codes)
    words = codes[code].cell(code, "narrative").value
    cells = {(each.sheet.title, each.at(code, "narrative")) for each in (sheet, codes[code])}
    sheet.put(code, "narrative", words)
    target.save()
    name = max(source.path.name, target.path.name, key=order_of(target.plan))
    return Seed("words of another unit", name, (code,), ("alike",), frozenset(cells))


def order_of(plan: Plan) -> Callable[[str], int]:
    """The place of a return's unit on the roster."""
    places = {f"{unit.name}.xlsx": place for place, unit in enumerate(plan.units)}
    return places.__getitem__


def exaggerate(form: Return, forms: Sequence[Return]) -> Iterator[Seed]:
    """Report far more than the other units of one's kind do."""
    alike = [other for other in forms if other.unit.kind == form.unit.kind]
    for sheet, code in form.places:
        indicator = form.plan.indicators[code]
        peers = sum(code in {c: s for s, c in other.places} for other in alike)
        field = indicator.kind.size
        if field and indicator.kind in (Kind.COUNT, Kind.RATE) and peers >= FEWEST_PEERS:
            cell = sheet.put(code, field, 30_000)
            if indicator.kind is Kind.RATE:
                sheet.put(code, "numerator", 30_000)
            cells = frozenset({(sheet.sheet.title, cell)})
            yield Seed(
                f"{indicator.kind} far too much", form.path.name, (code,), ("outlier",), cells
            )
            break
    form.save()


def sow_round(
    folder: Path, deck: Deck, number: int, into: Measure, cells: int = CELL_FILES
) -> None:
    """Fill in returns of a round, spoil most of them, consolidate, and measure."""
    plan = read_plan()
    workspace = init(folder / "区", plan, Period.parse("2019"), AS_OF)
    files = list(distribute(workspace.master, AS_OF, datetime(2019, 12, 1)).files)
    chance = random.Random(number)
    chance.shuffle(files)
    forms = []
    for file in files[: CLEAN + len(DAMAGES) + cells + 3]:
        unit = plan.find_unit(file.stem)
        assert unit
        forms.append(Return(Path(shutil.copy(file, workspace.incoming)), plan, unit, chance))
        forms[-1].fill_in()
    clean, (source, copied, much), rest = (
        forms[:CLEAN],
        forms[CLEAN : CLEAN + 3],
        forms[CLEAN + 3 :],
    )
    for form in (*clean, source):
        form.save()
    seeds = [copy_words(source, copied), *exaggerate(much, [*clean, much])]
    for form, kind in zip(rest, [*sorted(DAMAGES), *[""] * cells], strict=True):
        seeds += [replace(DAMAGES[kind](form), kind=kind)] if kind else sow(form, deck, PER_FILE)
    measure(consolidate(workspace.master, None, AS_OF, datetime(2020, 1, 3)), seeds, into)


@pytest.fixture(scope="module")
def measured(tmp_path_factory: pytest.TempPathFactory) -> Measure:
    total = Measure()
    deck = Deck(random.Random(7))
    for number in range(ROUNDS):
        sow_round(tmp_path_factory.mktemp("错"), deck, number, total)
    print(total)
    return total


def test_faults_are_told_where_they_stand(measured: Measure) -> None:
    assert measured.pinned >= 0.99 * measured.seeds, str(measured)


def test_nothing_else_is_told(measured: Measure) -> None:
    assert not measured.false and not measured.lost, str(measured)


def test_no_cause_is_told_twice(measured: Measure) -> None:
    assert not measured.twice, str(measured)


def test_no_doubtful_value_became_a_number(measured: Measure) -> None:
    assert not measured.guessed, str(measured)
