"""档案/驱动表: the driving sheets as runs read them, by content hash, and as each period began."""

from __future__ import annotations

import gzip
from collections.abc import Collection, Iterator
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from xl_fzzf.archive.journal import RUNS, Journal, JournalError, find_journals, naming
from xl_fzzf.archive.originals import fingerprint
from xl_fzzf.archive.storage import READ_ONLY, make_folder, write_whole
from xl_fzzf.model.cell_json import dump, load
from xl_fzzf.model.driving import Driven
from xl_fzzf.model.run import Job, Run

DRIVING = "驱动表"
BEGINS = "开始_"
_BEGINNING = f"{BEGINS}{{}}_{{}}.json.gz"
"""The name of what a period began with, by period and hash."""


class Stood(NamedTuple):
    """The driving sheets as they stood once, and when that was, in words."""

    driven: Driven
    when: str


def keep_driven(archive: Path, driven: Driven) -> str:
    """Keep the driving sheets unless these very ones are kept; returns the hash of the file."""
    data = _pack(driven)
    sha256 = fingerprint(data)
    path = _path(archive, sha256)
    if not path.exists():
        make_folder(path.parent)
        write_whole(path, data, READ_ONLY)
    return sha256


def keep_beginning(archive: Path, period: str, driven: Driven) -> None:
    """Keep the driving sheets with which a period begins."""
    make_folder(archive / DRIVING)
    data = _pack(driven)
    write_whole(archive / DRIVING / _BEGINNING.format(period, fingerprint(data)), data, READ_ONLY)


def beginning_of(archive: Path, period: str) -> Path | None:
    """Where the driving sheets are kept with which a period began."""
    return next(iter(sorted((archive / DRIVING).glob(_BEGINNING.format(period, "*")))), None)


def find_beginning(archive: Path, period: str) -> Stood | None:
    """The driving sheets with which a period began; None where that is not kept."""
    path = beginning_of(archive, period)
    driven = _read(path) if path else None
    return Stood(driven, "本期开始时") if driven else None


def find_last(archive: Path, period: str, jobs: Collection[Job] = ()) -> Stood | None:
    """The driving sheets as the last run of a period read them (of these jobs, if any are given).

    The period's beginning before there was one. What can't be read is passed over; raises LedgerError.
    """
    for path in _journals(archive, period):
        try:
            run = _run_of(path, path.stat().st_mtime_ns)
        except (JournalError, OSError):
            continue
        if run.driving and not run.output and (run.job in jobs or not jobs):
            driven = _read(_path(archive, run.driving))
            if driven:
                when = f"第 {run.number} 次运行（{run.at:%Y-%m-%d %H:%M} {run.job.label}）时"
                return Stood(driven, when)
    return find_beginning(archive, period)


@lru_cache(maxsize=64)
def _run_of(path: Path, changed: int) -> Run:
    """The run that a journal tells, as it was when it was last changed; it is asked for twice in a job."""
    return Journal(path).run


def _journals(archive: Path, period: str) -> Iterator[Path]:
    """The journals of a period's runs, the last one first."""
    for _, path in reversed([*find_journals(archive, RUNS)]):
        if f"_{period}_" in path.name:
            yield path


def _pack(driven: Driven) -> bytes:
    return gzip.compress(dump(driven).encode(), 1, mtime=0)


def _read(path: Path) -> Driven | None:
    try:
        with naming("驱动表", path):
            driven: Driven = load(gzip.decompress(path.read_bytes()))
            return driven
    except JournalError:
        return None


def _path(archive: Path, sha256: str) -> Path:
    return archive / DRIVING / f"{sha256}.json.gz"
