"""Submit, resubmit, withdraw, edit the master, consolidate – in any order nothing is lost or guessed."""

from __future__ import annotations

import os
import shutil
import tempfile
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from tests.jobs.filling import fill
from xl_fzzf.archive.originals import fingerprint
from xl_fzzf.desk.master import open_master
from xl_fzzf.jobs.consolidate import Consolidation, consolidate
from xl_fzzf.model.record import blank
from xl_fzzf.model.submission import Verdict
from xl_fzzf.office.book_file import FileBook
from xl_fzzf.office.references import column_number

AS_OF = date(2019, 9, 30)
UNITS = {"区司法局": "B01", "金凤镇": "X01"}
FIELDS = (
    ("1.1", "value"),
    ("1.1", "narrative"),
    ("1.2", "value"),
    ("1.2", "evidence"),
    ("1.3", "narrative"),
)
SHEET = "一、组织领导"
MASTER = "台账-2019Q3.xlsx"

counts = st.sampled_from([0, 1, 2, 3, 7, "不适用", "约两次", None])
answers = st.sampled_from(["是", "否", "不适用", "也许", None])
words = st.sampled_from(["已召开专题会议研究部署", "=1+1", "本单位没有这类事项", None])
OF_FIELD = {"value": {"1.1": counts, "1.2": answers}, "narrative": {}, "evidence": {}}
sheets_typed = st.fixed_dictionaries(
    {place: OF_FIELD[place[1]].get(place[0], words) for place in FIELDS}
)
Values = dict[tuple[str, str], Any]


class Rounds(RuleBasedStateMachine):
    """The workspace beside a model of it: what each cell says, and what the tool wrote there."""

    template: Path

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp()) / "区"
        shutil.copytree(self.template, self.folder)
        self.now = datetime(2019, 9, 20, 9)
        self.files: dict[str, tuple[str, datetime, Values, str]] = {}
        self.sent: set[str] = set()
        self.stands: dict[tuple[str, str, str], Any] = {}
        self.written: dict[tuple[str, str, str], Any] = {}
        self.kept: set[tuple[str, str, str]] = set()
        self.taken: dict[str, tuple[datetime, str]] = {}
        self.seen: dict[str, datetime] = {}
        self.number = 0

    def teardown(self) -> None:
        shutil.rmtree(self.folder.parent)

    @property
    def incoming(self) -> Path:
        return self.folder / "报送/2019Q3"

    @rule(unit=st.sampled_from(list(UNITS)), values=sheets_typed)
    def submit(self, unit: str, values: Values) -> None:
        """A unit sends a (further) return."""
        self.number += 1
        name = f"{unit} ({self.number}).xlsx"
        entries: dict[str, dict[str, Any]] = {}
        for (code, field), value in values.items():
            entries.setdefault(code, {})[field] = value
        path = fill(self.folder / "分发/2019Q3" / f"{unit}.xlsx", self.incoming / name, entries)
        self.now += timedelta(minutes=1)
        os.utime(path, (self.now.timestamp(), self.now.timestamp()))
        sha256 = fingerprint(path.read_bytes())
        self.sent.add(sha256)
        self.files[name] = (unit, self.now, values, sha256)

    @precondition(lambda self: self.files)
    @rule(data=st.data())
    def withdraw(self, data: st.DataObject) -> None:
        """A file is taken out of the folder; it may never have been consolidated."""
        name = data.draw(st.sampled_from(sorted(self.files)))
        (self.incoming / name).unlink()
        sha256 = self.files.pop(name)[3]
        kept = {path.stem for path in (self.folder / "档案/原件").rglob("*.xlsx")}
        lying = {file[3] for file in self.files.values()}  # another file may be its like
        if sha256 not in kept | lying:
            self.sent.discard(sha256)

    @rule(unit=st.sampled_from(list(UNITS)), place=st.sampled_from(FIELDS), data=st.data())
    def type_into_master(self, unit: str, place: tuple[str, str], data: st.DataObject) -> None:
        """Staff type into the master, or clear a cell."""
        code, field = place
        value = data.draw(OF_FIELD[field].get(code, words))
        master = open_master(self.folder / MASTER, writing=False)
        row = master.rows[SHEET][UNITS[unit], code]
        book = FileBook.open(self.folder / MASTER)
        column = column_number(master.contents[SHEET].letters[field])
        book.write(SHEET, row, column, [[value]])
        book.save()
        self.stands[unit, code, field] = value

    @rule()
    def run(self) -> None:
        """Consolidate, twice: the second time changes nothing."""
        result = self.consolidate()
        lying = self.good()
        verdicts = {file.submission.file: file.verdict for file in result.files}
        assert set(verdicts) == set(self.files) and len(result.files) == len(self.files)
        for name in self.winners():
            assert verdicts[name] is Verdict.ACCEPTED
            unit = self.files[name][0]
            self.merge(unit, [each for each in lying if self.files[each][0] == unit])
        for each, (_, _, _, sha256) in self.files.items():
            self.seen[sha256] = self.received(each)
        good = [n for n, v in verdicts.items() if v is Verdict.ACCEPTED]
        assert sorted(good) == sorted(self.winners())
        before = self.cells()
        self.consolidate()
        assert self.cells() == before

    def consolidate(self) -> Consolidation:
        self.now += timedelta(minutes=1)
        return consolidate(self.folder / MASTER, None, AS_OF, self.now)

    def received(self, name: str) -> datetime:
        """When a file came, or when its bytes were seen for the first time."""
        _, moment, _, sha256 = self.files[name]
        return min(moment, self.seen.get(sha256, moment))

    def good(self) -> list[str]:
        """The returns that aren't empty and whose bytes came first under their name, as they came."""
        good: dict[str, str] = {}
        for name in sorted(self.files, key=lambda name: (self.received(name), name)):
            _, _, values, sha256 = self.files[name]
            if any(value is not None for value in values.values()):
                good.setdefault(sha256, name)
        return list(good.values())

    def winners(self) -> list[str]:
        """The latest good return of each unit."""
        return sorted({self.files[name][0]: name for name in self.good()}.values())

    def merge(self, unit: str, names: list[str]) -> None:
        """What a merge may do to the cells: fill in, but never overwrite what staff typed.

        Where the latest return is blank, the ones between it and what the master has fill in, then
        what stands there; unless the master has a later one's, which was taken away.
        """
        *older, latest = names
        _, _, values, sha256 = self.files[latest]
        moment = self.received(latest)
        place, of = self.taken.get(unit, (datetime.min, ""))
        back = place > moment and sha256 in self.seen
        between = [self.files[n][2] for n in older if back or self.received(n) > place]
        for (code, field), value in values.items():
            key = (unit, code, field)
            stands, written = self.stands.get(key), self.written.get(key)
            if stands is not None and stands != written:
                self.written[key] = None
                continue
            said = [sent[code, field] for sent in between if sent[code, field] is not None]
            if stands is not None and not back and (of != sha256 or key in self.kept):
                said.insert(0, stands)
            self.kept.discard(key)
            if value is None and said:
                self.kept.add(key)
                value = said[-1]
            self.stands[key] = self.written[key] = value
        self.taken[unit] = (moment, sha256)

    def cells(self) -> dict[tuple[str, str, str], Any]:
        records = open_master(self.folder / MASTER, writing=False).records
        return {
            (unit, code, field): None if blank(cell) else cell
            for unit, key in UNITS.items()
            for code, field in FIELDS
            for cell in [getattr(records[key, code], field)]
        }

    @invariant()
    def every_cell_says_what_was_sent_or_typed(self) -> None:
        expected = {key: self.stands.get(key) for key in self.cells()}
        assert self.cells() == expected

    @invariant()
    def nothing_that_was_consolidated_is_lost(self) -> None:
        kept = {path.stem for path in (self.folder / "档案/原件").rglob("*.xlsx")}
        assert kept <= self.sent
        for path in (self.folder / "档案/原件").rglob("*.xlsx"):
            assert fingerprint(path.read_bytes()) == path.stem


def test_any_order(_distributed: Path) -> None:
    Rounds.template = _distributed
    Rounds.TestCase.settings = settings(max_examples=14, stateful_step_count=12, deadline=None)
    case = Rounds.TestCase("runTest")
    case.runTest()
