"""At every step of a consolidation the process is killed or the disk fails; the next run puts it right.

Bad inputs 104 (disk full), 105 (I/O error, read-only), 106 (kill -9), 107 (power loss).
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.faults.injecting import (
    CRASHED,
    EIO,
    ENOSPC,
    EROFS,
    FINE,
    KILL,
    KILLED,
    REPORTED,
    Step,
    Watch,
    in_child,
)
from tests.faults.power import WAYS, Disk, lay_out
from tests.jobs.filling import GOOD, fill
from xl_fzzf.archive.journal import LAST, Journal, find_journals
from xl_fzzf.archive.ledger import Ledger
from xl_fzzf.archive.originals import fingerprint
from xl_fzzf.jobs.consolidate import consolidate
from xl_fzzf.jobs.restore import read_runs, restore
from xl_fzzf.model.errors import UserError
from xl_fzzf.office.book_file import FileBook

AS_OF = date(2019, 9, 30)
MASTER = "台账-2019Q3.xlsx"
UNITS = ("区司法局", "金凤镇")
pytestmark = pytest.mark.skipif(os.name != "posix", reason="processes are forked")


def run(folder: Path, hour: int) -> None:
    consolidate(folder / MASTER, None, AS_OF, datetime(2019, 10, 1, hour))


@pytest.fixture(scope="module")
def start(tmp_path_factory: pytest.TempPathFactory, _distributed: Path) -> Path:
    """A workspace consolidated once, in which a unit has resent its return and a broken file came."""
    folder = tmp_path_factory.mktemp("起点") / "区"
    shutil.copytree(_distributed, folder)
    incoming = folder / "报送/2019Q3"
    for unit in UNITS:
        fill(folder / "分发/2019Q3" / f"{unit}.xlsx", incoming / f"{unit}.xlsx", GOOD)
    _received(incoming, 20)
    run(folder, 9)
    again = GOOD | {"1.1": {"value": 4, "narrative": "又开了一次"}}
    fill(folder / "分发/2019Q3/金凤镇.xlsx", incoming / "金凤镇 更正.xlsx", again)
    _received(incoming, 21, "更正")
    (incoming / "坏.xlsx").write_bytes(b"PK\3\4" + b"junk" * 50)
    _received(incoming, 22, "坏")
    return folder


def _received(folder: Path, day: int, name: str = "") -> None:
    moment = datetime(2019, 9, day, 9).timestamp()
    for path in folder.glob(f"*{name}*"):
        os.utime(path, (moment, moment))


def values(master: Path) -> dict[str, Any]:
    book = FileBook.open(master)
    return {sheet: book.read(sheet) for sheet in book.sheet_names}


def outcome(folder: Path) -> dict[str, Any]:
    """All that a run leaves behind, but for times and the numbers of runs."""
    archive = folder / "档案"
    ledger = Ledger(archive)
    assert not ledger.notices
    records = {key: version[:-2] for key, version in ledger.latest("2019Q3").items()}
    *_, (_, path) = find_journals(archive)
    journal = Journal(path)
    last = journal.run
    files = [(r.file, r.sha256, r.unit, r.verdict, r.reason) for r in journal.receipts()]
    originals = {path.name: fingerprint(path.read_bytes()) for path in archive.glob("原件/*/*")}
    assert all(name.startswith(sha256) for name, sha256 in originals.items())
    assert last.after == fingerprint((folder / MASTER).read_bytes())
    return {
        "values": values(folder / MASTER),
        "records": records,
        "files": files,
        "originals": sorted(originals),
        "leftovers": [path.name for path in folder.rglob(".~*")],
    }


@pytest.fixture(scope="module")
def undisturbed(start: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[Step]]:
    """The workspace after a run that nothing disturbed, and the steps it took."""
    folder = tmp_path_factory.mktemp("无扰") / "区"
    shutil.copytree(start, folder)
    log = folder.parent / "steps.json"

    def watched() -> None:
        watch = Watch(folder)
        watch.install()
        run(folder, 10)
        log.write_text(json.dumps(watch.steps, default=lambda data: data.hex()))

    assert in_child(watched, (UserError,)) == FINE
    return folder, [Step(*step) for step in json.loads(log.read_text())]


def points(count: int) -> Iterator[tuple[int, str]]:
    """Where which fault is injected: all kinds everywhere; a disk fails or turns read-only by turns."""
    for at in range(1, count + 1):
        yield at, KILL
        yield at, ENOSPC
        yield at, (EIO, EROFS)[at % 2]


@pytest.mark.parametrize("share", range(4))
def test_bad_104_105_106_a_run_that_was_cut_short_is_made_good_by_the_next(
    start: Path, undisturbed: tuple[Path, list[Step]], tmp_path: Path, share: int
) -> None:
    folder, steps = undisturbed
    expected = outcome(folder)
    old, new = (fingerprint((place / MASTER).read_bytes()) for place in (start, folder))
    everything = list(points(len(steps)))
    renamed = {Path(step.more).parent.name for step in steps if step.act == "replace"}
    assert len(everything) >= 120 and renamed >= {"区", "备份", "运行"} and old != new
    for number, (at, fault) in enumerate(everything[share::4]):
        place = tmp_path / f"{number}" / "区"
        shutil.copytree(start, place)
        where = f"{fault} at step {at}: {steps[at - 1][:2]}"

        def disturbed(place: Path = place, at: int = at, fault: str = fault) -> None:
            Watch(place, at, fault).install()
            run(place, 10)

        ended = in_child(disturbed, (UserError, OSError))
        assert ended == KILLED if fault == KILL else ended in (FINE, REPORTED), (where, ended)
        assert ended != CRASHED
        assert fingerprint((place / MASTER).read_bytes()) in (old, new), where
        run(place, 11)
        assert outcome(place) == expected, where
        step = steps[at - 1]
        if fault == KILL and step.act == "replace" and Path(step.more).name != LAST:
            undo(place)
            assert fingerprint((place / MASTER).read_bytes()) == old, where
        shutil.rmtree(place.parent)


def undo(folder: Path) -> None:
    """Bring the master back to what it was before the last run, the one that broke off included."""
    last = read_runs(folder / MASTER).runs[-1]
    restore(folder / MASTER, last.number, True, AS_OF, datetime(2019, 10, 1, 12))


def test_bad_107_what_a_power_failure_leaves_is_made_good_by_the_next_run(
    start: Path, undisturbed: tuple[Path, list[Step]], tmp_path: Path
) -> None:
    """The steps are done again on a disk that loses what was not flushed."""
    folder, steps = undisturbed
    expected = outcome(folder)
    moved = [_moved(step, folder, start) for step in steps]
    disk, seen = Disk(start), set()
    masters = {(place / MASTER).read_bytes() for place in (start, folder)}
    for number, step in enumerate([Step("begin", ""), *moved]):
        disk.do(step)
        for way in WAYS:
            files = disk.after_power_failure(way)
            assert files[start / MASTER] in masters, (number, step.act, way)
            state = frozenset((path, fingerprint(data)) for path, data in files.items())
            if state in seen:
                continue
            seen.add(state)
            place = tmp_path / f"{len(seen)}" / "区"
            lay_out(files, start, place, (start / "报送/2019Q3").iterdir())
            run(place, 11)
            assert outcome(place) == expected, (number, step[:2], way)
            shutil.rmtree(place.parent)
    assert len(seen) > 20


def _moved(step: Step, old: Path, new: Path) -> Step:
    """A step as if it had been done in another folder."""
    more = step.more
    if step.act == "replace":
        more = more.replace(str(old), str(new))
    return Step(step.act, step.path.replace(str(old), str(new)), more)
