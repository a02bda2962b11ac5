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
        verdicts = {file.submission.file: file.verdict for file in result.files}
        assert set(verdicts) == set(self.files) and len(result.files) == len(self.files)
        for name in self.winners():
            assert verdicts[name] is Verdict.ACCEPTED
            self.merge(*self.files[name][:1], self.files[name][2])
        good = [n for n, v in verdicts.items() if v is Verdict.ACCEPTED]
        assert sorted(good) == sorted(self.winners())
        before = self.cells()
        self.consolidate()
        assert self.cells() == before

    def consolidate(self) -> Consolidation:
        self.now += timedelta(minutes=1)
        return consolidate(self.folder / MASTER, None, AS_OF, self.now)

    def winners(self) -> list[str]:
        """The latest return of each unit that isn't empty and whose bytes came first under its name."""
        latest: dict[str, str] = {}
        first: dict[str, str] = {}
        for name, (unit, _, values, sha256) in sorted(self.files.items(), key=lambda f: f[1][1]):
            if sha256 in first or all(value is None for value in values.values()):
                continue
            first[sha256] = name
            latest[unit] = name
        return sorted(latest.values())

    def merge(self, unit: str, values: Values) -> None:
        """What a merge may do to the cells: fill in, but never overwrite what staff typed."""
        for (code, field), value in values.items():
            key = (unit, code, field)
            stands, written = self.stands.get(key), self.written.get(key)
            if stands is not None and stands != written:
                self.written[key] = None
            else:
                self.stands[key] = self.written[key] = value

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
