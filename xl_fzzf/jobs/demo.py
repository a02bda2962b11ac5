"""demo: a whole district over two periods, its returns filled in as staff would, faults included."""

from __future__ import annotations

import os
import random
import tomllib
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from xl_fzzf.desk.errors import JobError
from xl_fzzf.desk.progress import Progress, silent, watched
from xl_fzzf.desk.workspace import Workspace
from xl_fzzf.jobs.consolidate import Consolidation, Using, consolidate
from xl_fzzf.jobs.distribute import distribute
from xl_fzzf.jobs.init import init
from xl_fzzf.jobs.next import next_period
from xl_fzzf.jobs.report import Report, report
from xl_fzzf.model.kinds import Kind, RollUp
from xl_fzzf.model.period import Period
from xl_fzzf.model.plan import Indicator, Plan, Unit
from xl_fzzf.model.record import NO, NOT_APPLICABLE, YES, Key
from xl_fzzf.office.book import Value
from xl_fzzf.office.book_file import FileBook
from xl_fzzf.plans import read_plan
from xl_fzzf.sheets.area import read_areas, write_entries
from xl_fzzf.sheets.driving import write_due

_PLAY: dict[str, Any] = tomllib.loads(
    Path(__file__).with_name("demo.toml").read_text(encoding="utf-8")
)
_EARLY = _PLAY["early"]
_TOLD = ("when", "what", "result", "next")
"""Of which phrases a text is made."""

_MESSY = 12
_COPYING, _COPIED = 2, 3

CARELESS: dict[Kind, list[dict[str, Value]]] = {
    Kind.YES_NO: [{"value": "基本完成"}, {"value": YES, "evidence": None}],
    Kind.COUNT: [{"value": "约3次"}, {"value": 2.5}, {"value": 300}, {"value": 0}],
    Kind.RATE: [{"numerator": 25.0, "denominator": 20.0}, {"numerator": "95%"}],
    Kind.SCORE: [{"denominator": None}],
    Kind.AMOUNT: [{"value": "120万"}],
    Kind.TEXT: [{"narrative": None}],
}
"""Mistakes that careless staff make, by kind of indicator."""


def demo(
    folder: Path, now: datetime, progress: Progress = silent
) -> Iterator[tuple[Consolidation, Report]]:
    """Run both rounds, each as of its period's end; yields what each came to."""
    if folder.exists() and any(folder.iterdir()):
        raise JobError(f"文件夹“{folder}”里已有文件，请换一个空文件夹")
    plan = read_plan()
    first, *_ = periods = [Period.parse(name) for name in _PLAY["periods"]]
    workspace = init(folder, plan, first, first.end)
    book = FileBook.open(workspace.master)
    write_due(book, _EARLY["indicators"], _EARLY["due"])  # as a coordinator would, in Excel
    book.save()
    previous: dict[Key, float] = {}
    for period in periods:
        if period != first:
            workspace = next_period(workspace.master, period, workspace.period.end)
        distribute(workspace.master, period.end, now, progress)
        Staff(workspace, plan, period, previous).fill_all(progress)
        consolidation = consolidate(workspace.master, None, period.end, now, Using(progress))
        yield consolidation, report(workspace.master, period.end, period.end)


class Phrases:
    """Texts made of phrases; `tell` never puts the same ones together twice, however often it is asked.

    A text has a phrase more, for good, once it is hard to find one that was not told.
    """

    TRIES = 20

    def __init__(self, chance: random.Random) -> None:
        self._chance = chance
        self._told: set[tuple[str, ...]] = set()
        self._kinds = list(_TOLD)

    def tell(self) -> str:
        """What an office did, how it came out, and what is next."""
        phrases = self._draw()
        self._told.add(phrases)
        return self._filled(f"{'，'.join(phrases[:2])}；{'，'.join(phrases[2:])}。")

    def _draw(self) -> tuple[str, ...]:
        for _ in range(self.TRIES):
            phrases = tuple(self._chance.choice(_PLAY["phrases"][kind]) for kind in self._kinds)
            if phrases not in self._told:
                return phrases
        self._kinds.append(_TOLD[len(self._kinds) % len(_TOLD)])
        return self._draw()

    def choose(self, kind: str) -> str:
        """One of the phrases of a kind (evidence, reasons), with numbers of its own."""
        return self._filled(self._chance.choice(_PLAY["phrases"][kind]))

    def _filled(self, phrase: str) -> str:
        return phrase.format(month=self._chance.randint(3, 9), n=self._chance.randint(2, 40))


class Staff:
    """A hundred offices: some silent, some late, some careless. The same faults in every run.

    `previous` holds their counts and amounts of earlier periods, which fall only by mistake; `told`
    is what the first office wrote on each indicator, for those that copy.
    """

    def __init__(
        self, workspace: Workspace, plan: Plan, period: Period, previous: dict[Key, float]
    ) -> None:
        self.workspace, self.plan, self.period, self.previous = workspace, plan, period, previous
        self.told: dict[str, str] = {}
        self.random = random.Random(str(self.period))
        self.play: dict[str, Any] = _PLAY["periods"][str(self.period)]
        self.phrases = Phrases(self.random)

    def fill_all(self, progress: Progress = silent) -> None:
        """Fill in the returns that went out, as files in the incoming folder."""
        outgoing = sorted(self.workspace.outgoing.glob("*.xlsx"))
        silent = set(self.random.sample(outgoing, self.play["silent"]))
        senders = [file for file in outgoing if file not in silent]
        late = set(self.random.sample(senders, self.play["late"]))
        messy = set(self.random.sample(senders, _MESSY))
        copying = set(self.random.sample(senders[10:], _COPYING))
        for file in watched(senders, progress, lambda file: file.name):
            target = self.workspace.incoming / file.name
            self.fill(file, target, file in messy, file in copying)
            days = self.random.randint(6, 12) if file in late else self.random.randint(-6, 5)
            _touch(target, self.period.end + timedelta(days=days))
        for slip in self.play.get("slips", ()):
            file = self.workspace.incoming / senders[slip["place"]].name
            self.slip(file, slip["indicator"], slip["value"])
        self.mishaps(senders, outgoing)

    def mishaps(self, senders: list[Path], outgoing: list[Path]) -> None:
        """What else comes in the mail: a copy, a scan, an empty return, a broken one, a lock file."""
        incoming = self.workspace.incoming
        first, second, third = (incoming / file.name for file in senders[:3])
        (incoming / f"{first.stem}(1).xlsx").write_bytes(first.read_bytes())
        (incoming / f"{second.stem}盖章扫描件.pdf").write_bytes(b"%PDF-1.4\n%scan\n")
        (incoming / f"{third.stem}(未传完).xlsx").write_bytes(third.read_bytes()[:20_000])
        (incoming / f"~${first.name}").write_bytes(b"\0" * 165)
        empty = next((f for f in outgoing if f not in senders), None)
        if empty:
            (incoming / empty.name).write_bytes(empty.read_bytes())
        for file in incoming.iterdir():
            if file.stat().st_mtime > datetime(2020, 6, 1).timestamp():
                _touch(file, self.period.end + timedelta(days=2))

    def slip(self, file: Path, code: str, value: int) -> None:
        """Another number in a return that was filled in, sent at the same time."""
        book, moment = FileBook.open(file), file.stat().st_mtime
        entries: dict[str, Value] = {"value": value, "reason": _PLAY["phrases"]["reasons"][0]}
        entries["deadline"] = self.period.end + timedelta(days=30)
        for content in read_areas(book, self.plan):
            for row in content.rows:
                if row.code == code:
                    write_entries(book, content, row.record.row, entries)
        book.save()
        os.utime(file, (moment, moment))

    def fill(self, source: Path, target: Path, messy: bool, copying: bool) -> None:
        """One office's return."""
        book = FileBook.open(source)
        unit = self.plan.find_unit(source.stem)
        assert unit is not None
        diligence = min(1.0, self.random.gauss(self.play["done"], 0.12))
        faults = self.random.sample(range(60), 4) if messy else []
        rows = [(content, row) for content in read_areas(book, self.plan) for row in content.rows]
        for place, (content, row) in enumerate(rows):
            indicator = self.plan.indicators[row.code]
            entries = self.entries(unit, indicator, diligence)
            if place in faults:
                entries.update(self.random.choice(CARELESS[indicator.kind]))
            told = self.told.setdefault(row.code, str(entries.get("narrative", "")))
            if copying and place == _COPIED:
                entries["narrative"] = told
            write_entries(book, content, row.record.row, entries)
        target.parent.mkdir(parents=True, exist_ok=True)
        book.save_as(target)

    def entries(self, unit: Unit, indicator: Indicator, diligence: float) -> dict[str, Value]:
        """What an office types for an indicator."""
        done = self.random.random() < diligence
        if self.random.random() > 0.97:
            return {}
        answer = self.answer(unit, indicator, done)
        entries: dict[str, Value] = {**answer, "narrative": self.phrases.tell()}
        if NOT_APPLICABLE in answer.values() or answer.get("denominator") == 0:
            entries["narrative"] = "本期没有发生这类事项"
        if answer.get("value") == YES or done:
            entries["evidence"] = self.phrases.choose("evidence")
        careful = self.random.random() < 0.9
        due = indicator.code in _EARLY["indicators"] or self.period.end.month == 12
        if careful and due and not done:
            entries["reason"] = self.phrases.choose("reasons")
            entries["deadline"] = self.period.end + timedelta(days=30)
        return entries

    def answer(self, unit: Unit, indicator: Indicator, done: bool) -> dict[str, Value]:
        """The answer cells; what adds up over the year never falls."""
        kind = indicator.kind
        if kind.is_choice:
            if self.random.random() > 0.96:
                return {"value": NOT_APPLICABLE}
            return {"value": YES if done else NO}
        if kind.is_text:
            return {}
        if kind.is_ratio:
            return self.rate(unit, indicator, done)
        if kind.is_whole:
            wanted = indicator.target.value or 1
            more = int(wanted + self.random.randint(0, 2) if done else wanted // 2)
            return {"value": self.at_least_before(unit, indicator.code, more)}
        base = 81.5 if kind.rolls_up is RollUp.MEAN else 120
        value = base + (2.3 if done else -1.5)
        if kind.adds_up:
            value = self.at_least_before(unit, indicator.code, value)
        return {"denominator": base, "value": value}

    def at_least_before(self, unit: Unit, what: str, value: float) -> float:
        """A value that is counted from the year's first day."""
        key = (unit.code, what)
        self.previous[key] = max(value, self.previous.get(key, 0))
        return self.previous[key]

    def rate(self, unit: Unit, indicator: Indicator, done: bool) -> dict[str, Value]:
        """Numerator and denominator; now and then there was nothing more to count."""
        above_key, below_key = (
            (unit.code, f"{indicator.code} {part}") for part in ("分子", "分母")
        )
        more = self.random.random() <= 0.9
        below = self.previous.get(below_key, 0) + (self.random.randint(5, 60) if more else 0)
        share = 1.0 if done or not more else self.random.uniform(0.6, 0.95)
        above = max(self.previous.get(above_key, 0), int(below * share))
        self.previous[above_key], self.previous[below_key] = above, below
        return {"numerator": above, "denominator": below}


def _touch(file: Path, day: date) -> None:
    """Give a file the time at which it was received."""
    moment = datetime(day.year, day.month, day.day, 10, 30).timestamp()
    os.utime(file, (moment, moment))
