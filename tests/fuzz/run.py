"""Damaged returns through the public door: one verdict each, no crash, no hang, no value made up.

python -m tests.fuzz.run [--minutes 10] [--seed 0]
"""

from __future__ import annotations

import argparse
import os
import tempfile
import time
import warnings
from collections import Counter
from datetime import datetime
from pathlib import Path
from typing import Any

from tests.conftest import AS_OF, small_plan
from tests.fuzz.mutations import damage
from tests.jobs.filling import GOOD, fill
from xl_fzzf.desk.intake import Intake
from xl_fzzf.desk.level import FORMS
from xl_fzzf.desk.master import open_master
from xl_fzzf.desk.readers import Readers
from xl_fzzf.jobs.distribute import distribute
from xl_fzzf.jobs.init import init
from xl_fzzf.model.judged import Judged
from xl_fzzf.model.period import Period
from xl_fzzf.model.record import ENTRY_FIELDS, Cell, ErrorCell, blank
from xl_fzzf.model.round import Round
from xl_fzzf.model.submission import Verdict
from xl_fzzf.office.references import column_number
from xl_fzzf.rules.judge import judge_return

VERDICTS = {Verdict.ACCEPTED, Verdict.QUARANTINED}


def make_round(folder: Path) -> tuple[Round, bytes]:
    """A round of the small plan, and a good return to damage."""
    workspace = init(folder, small_plan(), Period.parse("2019Q3"), AS_OF)
    distribute(workspace.master, AS_OF, datetime(2019, 9, 1))
    good = fill(workspace.outgoing / "区司法局.xlsx", folder / "好.xlsx", GOOD)
    return open_master(workspace.master, writing=False).round, good.read_bytes()


def fuzz(round_: Round, good: bytes, seeds: range, folder: Path) -> Counter[str]:
    """Receive one damaged file a seed; returns how many ended how. AssertionError names the seed."""
    ways = {}
    for seed in seeds:
        way, data = damage(good, seed)
        ways[f"{seed}.xlsx"] = way
        (folder / f"{seed}.xlsx").write_bytes(data)
    with Readers() as readers:
        intake = Intake(readers)
        intake.add_folder(folder)
        checked = [judge_return(each, round_, FORMS) for each in intake.submissions()]
    assert sorted(ways) == sorted(file.submission.file for file in checked)
    for file in checked:
        where = f"seed {file.submission.file}: {ways[file.submission.file]}"
        assert file.verdict in VERDICTS, where
        assert file.verdict is Verdict.ACCEPTED or file.reason, where
        if file.verdict is Verdict.ACCEPTED:
            assert_true_values(file, folder / file.submission.file, where)
    return Counter(
        f"{file.verdict.value} {ways[file.submission.file].partition('+')[0]}" for file in checked
    )


def assert_true_values(file: Judged, path: Path, where: str) -> None:
    """Every accepted entry is what another reader finds in that very cell, or an error, never taken."""
    from openpyxl import load_workbook

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            book: Any = load_workbook(path, data_only=True)
    except Exception:  # openpyxl is pickier about parts that hold no values
        return
    for record in file.records.values():
        if record.sheet not in book.sheetnames:
            continue
        letters = file.submission.sheets[record.sheet].letters
        for field, entry in zip(ENTRY_FIELDS, record.entries(), strict=True):
            if not blank(entry) and not isinstance(entry, ErrorCell) and field in letters:
                cell = book[record.sheet].cell(record.row, column_number(letters[field]))
                assert _same(entry, cell.value), f"{where}: {field} {entry!r} is {cell.value!r}"


def _same(entry: Cell, seen: object) -> bool:
    if isinstance(entry, str):
        return "".join(entry.split()) == "".join(str(seen).split())
    return entry == seen or str(entry)[:10] == str(seen)[:10]


def main() -> None:
    """Fuzz for some minutes with ever new seeds."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--seed", type=int, default=int(time.time()))
    options = parser.parse_args()
    counts: Counter[str] = Counter()
    with tempfile.TemporaryDirectory() as name:
        round_, good = make_round(Path(name) / "区")
        end, seed = time.monotonic() + 60 * options.minutes, options.seed
        while time.monotonic() < end:
            with tempfile.TemporaryDirectory(dir=name) as batch:
                counts += fuzz(round_, good, range(seed, seed + 100), Path(batch))
            seed += 100
    for ending, count in sorted(counts.items()):
        print(f"{count:7} {ending}")
    print(f"{counts.total():7} files, seeds {options.seed} to {seed - 1}, process {os.getpid()}")


if __name__ == "__main__":
    main()
